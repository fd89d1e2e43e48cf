"""A storm: incidents come faster than Slack lets channels be made. Pure.

Such an incident opens at once in a thread of the announcement channel and works there; what waits for its
channel goes there when it is made. A restricted one waits for its channel, its pages do not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.decision import (
    Decision,
    announce,
    announce_key,
    card_key,
    create_key,
    opening_effects,
    show_change,
    stamp,
    tell,
    thread_card_key,
)
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.intake import folded
from incidents.model import Incident, MessageRef, PageState, UserId
from incidents.paging import edit_page

BEHIND = timedelta(seconds=30)
ROOT = "root"  # args of an announcement that is the root of its incident's thread
LISTED_EVERY = timedelta(minutes=5)
LISTED_AFTER = timedelta(seconds=30)
ALIKE_WITHIN = timedelta(minutes=30)
ALIKE_WORDS = 0.6
MOST_LISTED = 10


def is_one(behind: timedelta) -> bool:
    """`behind` is how long a channel that is wished now would wait to be made."""
    return behind > BEHIND


def opening_in_thread(incident: Incident) -> tuple[Effect, ...]:
    """What opens the room, the announcement first: it waits for nothing, and the card stands in its thread.

    Everything of the channel waits for the channel, as always."""
    others = (e for e in opening_effects(incident) if e.kind is not EffectKind.ANNOUNCE)
    root = replace(announce(incident), after=(), args={ROOT: "yes"}, priority=Priority.OPENING)
    card = Effect(
        EffectKind.POST_THREAD_CARD,
        thread_card_key(incident),
        incident.key,
        after=(root.key,),
        lane=f"card:{incident.key}",
        priority=Priority.ANNOUNCE,
    )
    return (root, card, *others)


def waits_for(incident: Incident, in_thread: bool) -> tuple[str, ...]:
    """What has to be there before somebody is told where the incident is."""
    return (announce_key(incident) if in_thread else create_key(incident),)


def announced(incident: Incident, effect: Effect, ref: MessageRef) -> Decision:
    """The announcement is posted. As the root of a thread it is where the incident is until it has a channel,
    and pages that wait are edited to lead there."""
    changed = replace(incident, announcement=ref)
    if ROOT not in effect.args or incident.channel is not None:
        return Decision(changed)
    changed = replace(changed, thread=None if incident.restricted else ref)
    waiting = (page for page in changed.pages if page.state is PageState.WAITING)
    return Decision(changed, effects=tuple(edit for page in waiting for edit in edit_page(changed, page)))


def unannounced(incident: Incident, effect: Effect) -> Decision:
    """The announcement cannot be posted. Where it was to be the root of a thread, the incident waits for its
    channel like any other, and the declarer hears of it then."""
    if ROOT not in effect.args:
        return Decision(incident)
    told = tell(Tell.OPENED, incident.key, (incident.declared_by,), "channel")
    return Decision(incident, effects=tuple(replace(e, after=waits_for(incident, False)) for e in told))


def card_in_thread(incident: Incident, ref: MessageRef) -> Decision:
    """The card stands in the thread; where the channel has its own by now, this one leads there."""
    if incident.card is not None:
        return Decision(incident, effects=(_pointer(incident, ref),))
    return Decision(replace(incident, card=ref))


def card_in_channel(incident: Incident, ref: MessageRef) -> Decision:
    """The card stands in the channel. Where it opened in a thread, everybody there is led on, and the latest
    update goes where people read now."""
    decision = Decision(replace(incident, card=ref))
    if incident.thread is None:
        return decision
    effects = (_moved(incident), *((_pointer(incident, incident.card),) if incident.card else ()))
    if incident.updates:
        effects += (_update_again(incident),)
    shown = (e for e in show_change(decision.incident) if e.kind is EffectKind.UPDATE_ANNOUNCEMENT)
    return decision.with_effects(*effects, *shown)


def _pointer(incident: Incident, card: MessageRef) -> Effect:
    return Effect(
        EffectKind.MOVE_THREAD_CARD,
        f"move_thread_card:{incident.key}",
        incident.key,
        args={"channel": card.channel, "ts": card.ts},
        lane=f"card:{incident.key}",
        priority=Priority.STATUS,
    )


def _moved(incident: Incident) -> Effect:
    return Effect(
        EffectKind.POST_MOVED,
        f"post_moved:{incident.key}",
        incident.key,
        after=(card_key(incident),),
        priority=Priority.STATUS,
    )


def _update_again(incident: Incident) -> Effect:
    key = f"post_update:{incident.key}:moved"
    return Effect(
        EffectKind.POST_UPDATE, key, incident.key, lane=f"update:{incident.key}", priority=Priority.ANNOUNCE
    )


class Likeness(Struct, frozen=True):
    """The `later` incident may be the `earlier` one again."""

    earlier: Incident
    later: Incident


def likely_duplicates(incidents: Sequence[Incident], now: datetime) -> tuple[Likeness, ...]:
    """Of the open incidents of the last half hour, which may be the same: by title, or by most of its words
    within one harm area. Each stands beside the oldest that it is like. Restricted ones are never listed."""
    recent = sorted(
        (
            each
            for each in incidents
            if each.status.is_open and not each.restricted and now - each.declared_at <= ALIKE_WITHIN
        ),
        key=lambda each: (each.declared_at, each.key),
    )
    firsts: list[tuple[Incident, frozenset[str]]] = []
    found: list[Likeness] = []
    for incident in recent:
        words = frozenset(folded(incident.title).split())
        like = next((first for first, said in firsts if _is_like(first, said, incident, words)), None)
        if like is None:
            firsts.append((incident, words))
        else:
            found.append(Likeness(like, incident))
    return tuple(found[:MOST_LISTED])


def _is_like(first: Incident, said: frozenset[str], other: Incident, words: frozenset[str]) -> bool:
    if said == words:
        return True
    return first.harm is other.harm and len(said & words) >= ALIKE_WORDS * len(said | words)


def tell_leads(leads: tuple[UserId, ...], now: datetime) -> tuple[Effect, ...]:
    """One message to each lead in five minutes of a storm, written when it is sent: it lists what may be the
    same. It comes after the pages, never before."""
    window = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % LISTED_EVERY
    effects = tell(Tell.STORM, f"storm:{stamp(window)}", leads)
    return tuple(replace(e, not_before=now + LISTED_AFTER, priority=Priority.STATUS) for e in effects)
