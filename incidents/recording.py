"""What people put on the record: updates, notes, pinned messages, the runbook's steps. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.cadence import next_update, update_timer
from incidents.command import demand_open
from incidents.decision import Decision, card_key, show_change, stamp
from incidents.effects import Effect, EffectKind, Priority, Timer, TimerKind
from incidents.errors import IncidentError, NothingToDo
from incidents.model import Entry, EntryKind, Incident, MessageRef, Update, UserId
from incidents.people import Actor
from runbooks import stepping
from runbooks.happenings import Happening, StepAssigned, StepDone, StepReopened, StepSkipped
from runbooks.model import Run

POST_AT_MOST_EVERY = timedelta(hours=1)
SAME_AS_LAST = "Same as last, nothing new"
NEAREST_FUTURE = timedelta(minutes=5)


class NothingTyped(IncidentError):
    """A record was asked for without words."""


def update(incident: Incident, text: str, by: Actor, now: datetime) -> Decision:
    """Tell everybody where it stands: card and announcement follow.

    It is posted as a message at most once an hour; between, that message is edited, so that six hours of
    updates do not bury the conversation.
    """
    demand_open(incident)
    words = text.strip()
    if not words:
        raise NothingTyped(
            "Say where it stands, for example: /incident update Payouts are held, 4,100 accounts so far"
        )
    changed = replace(incident, updates=(*incident.updates, Update(words, by.user, now)))
    changed = replace(changed, next_update_at=next_update(changed, now))
    is_new = words != SAME_AS_LAST
    post = _post(changed, now) if is_new else ()
    if post and post[0].kind is EffectKind.POST_UPDATE:
        changed = replace(changed, update_posted_at=now)
    timer = update_timer(changed, now)
    return Decision(
        changed,
        (Entry(EntryKind.UPDATE, now, by.user, words),),
        (*post, *show_change(changed)),
        (timer,) if timer else (),
        ("update:",),
    )


def snooze(incident: Incident, for_: timedelta, by: Actor, now: datetime) -> Decision:
    """Remind again later, at most until the update itself is due; the record says who put it off."""
    demand_open(incident)
    due = incident.next_update_at
    if due is None or due <= now:
        raise NothingToDo(f"The update of {incident.key} is due now. Write it, or say “same as last”.")
    again = Timer(
        TimerKind.UPDATE_DUE,
        f"update:{incident.key}:{stamp(due)}:{stamp(now)}",
        incident.key,
        min(now + for_, due),
        {"due": stamp(due), "again": stamp(now)},
    )
    return Decision(incident, timers=(again,))


def _post(incident: Incident, now: datetime) -> tuple[Effect, ...]:
    last = incident.update_posted_at
    fresh = last is None or now - last >= POST_AT_MOST_EVERY
    kind = EffectKind.POST_UPDATE if fresh else EffectKind.EDIT_UPDATE
    key = f"{kind.value}:{incident.key}:{incident.version + 1}"
    return (
        Effect(
            kind,
            key,
            incident.key,
            after=(card_key(incident),),
            lane=f"update:{incident.key}",
            newest="" if fresh else f"edit_update:{incident.key}",
            priority=Priority.ANNOUNCE,
        ),
    )


def note(incident: Incident, text: str, by: Actor, at: datetime, now: datetime) -> Decision:
    """A line on the timeline at its own time, which may lie before now but not after it."""
    words = text.strip()
    if not words:
        raise NothingTyped("Say what to write down, for example: /incident note at 14:05 payouts held")
    if at > now + NEAREST_FUTURE:
        raise NothingTyped(
            "A note says what has happened: its time cannot lie ahead. Leave it out, or name an earlier one."
        )
    return Decision(incident, (Entry(EntryKind.NOTE, min(at, now), by.user, words),))


class Pinned(Struct, frozen=True):
    """A message that somebody puts on the timeline. `at` is the message's own time, `edited_at` when it was
    given these words, None where they are its first; `thread` is the `ts` of its thread, "" outside one."""

    ref: MessageRef
    author: UserId
    at: datetime
    text: str
    permalink: str = ""
    edited_at: datetime | None = None
    thread: str = ""


def pinned_entry(incident: Incident, pinned: Pinned, by: UserId) -> Entry:
    """The message on the timeline. Of a restricted incident only the permalink is kept, never the words."""
    edited = {"edited": pinned.edited_at.isoformat()} if pinned.edited_at else {}
    return Entry(
        EntryKind.MESSAGE,
        pinned.at,
        pinned.author,
        "" if incident.restricted else pinned.text,
        {"pinned_by": by, **edited},
        pinned.ref,
        pinned.permalink,
        dedup=f"message:{pinned.ref.channel}:{pinned.ref.ts}",
    )


def keep(incident: Incident, ref: MessageRef, by: UserId, since: datetime | None = None) -> Effect:
    """Fetch a message that somebody marked; its words are not in the mark. `since`: it was edited then, and
    is fetched once more."""
    again = f":{since.timestamp():.6f}" if since else ""
    return Effect(
        EffectKind.KEEP_MESSAGE,
        f"keep:{ref.channel}:{ref.ts}{again}",
        incident.key,
        args={"channel": ref.channel, "ts": ref.ts},
        users=(by,),
    )


class StepWish(Struct, frozen=True):
    """What somebody wants of a step: done (with a choice), skipped (with a reason), assigned or reopened."""

    step_id: str
    act: str
    choice: str | None = None
    reason: str = ""
    to: UserId = ""


def step(incident: Incident, wish: StepWish, by: Actor, now: datetime) -> Decision:
    """Carry out one step of the runbook. Refusals are the runbook engine's."""
    if incident.run is None:
        raise NothingToDo(f"{incident.key} follows no runbook.")
    run, happened = _stepped(incident.run, wish, by, now)
    if not happened:
        raise NothingToDo("That step is theirs already.")
    changed = replace(incident, run=run)
    entries = tuple(entry for h in happened if (entry := _entry(h)) is not None)
    return Decision(changed, entries, show_change(changed, announce=False))


def _stepped(run: Run, wish: StepWish, by: Actor, now: datetime) -> stepping.Stepped:
    if wish.act == "done":
        return stepping.complete(run, wish.step_id, by.user, now, wish.choice)
    if wish.act == "skip":
        return stepping.skip(run, wish.step_id, by.user, wish.reason, now)
    if wish.act == "assign":
        return stepping.assign(run, wish.step_id, wish.to or None, by.user, now)
    return stepping.reopen(run, wish.step_id, by.user, now)


def _entry(happened: Happening) -> Entry | None:
    match happened:
        case StepDone():
            return _step_entry(happened, "done", happened.choice or "")
        case StepSkipped():
            return _step_entry(happened, "skipped", happened.reason)
        case StepAssigned():
            return _step_entry(happened, "assigned", happened.to or "")
        case StepReopened():
            return _step_entry(happened, "reopened", "")
        case _:
            return None


def _step_entry(happened: StepDone | StepSkipped | StepAssigned | StepReopened, act: str, what: str) -> Entry:
    data = {"step": happened.step_id, "act": act, "what": what}
    return Entry(EntryKind.STEP, happened.at, happened.by, happened.text, data)
