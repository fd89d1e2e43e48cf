"""Private words about who answers for an incident: silence, late updates, twenty minutes of rest, paging that
was stopped, people who cannot be reached. Times are the reader's own; the channel hears nothing."""

from datetime import datetime

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, lock_screen, title_outside
from handlers.blocks.page import asleep
from handlers.blocks.reader import Reader
from handlers.blocks.tells import telephone
from handlers.calls import Json, Message
from handlers.text import left, literal, sentence, span
from incidents import care
from incidents.cadence import every
from incidents.model import Call, Care, Incident, Role, Watch
from incidents.people import Actor
from incidents.watch import ANSWER_WITHIN


def silent(incident: Incident, watch: Watch, last: datetime, reader: Reader) -> Message:
    """To whoever answers for it: four ways to say that they are there, or that somebody else should be."""
    asked_at = watch.asked_at or reader.now
    by = asked_at + ANSWER_WITHIN
    waits = f"{reader.own(by)}, {left(by - reader.now)}" if by > reader.now else "now"
    return kit.message(
        lock_screen(incident, f"answer by {reader.utc(by)}"),
        [
            kit.lines(
                f"*{incident.key}: are you there?* Nothing was heard of you since {reader.own(last)}, "
                f"{span(asked_at - last)}.",
                f"Answer by {waits}, or {_otherwise(incident, reader)}. A message in the channel counts too.",
            ),
            kit.actions(*_answers(incident)),
        ],
    )


def _otherwise(incident: Incident, reader: Reader) -> str:
    if incident.care is not None:
        return f"it goes back to {reader.name(incident.care.user)}"
    deputies = reader.people(incident.in_role(Role.DEPUTY))
    return f"{deputies or 'the backup'} is paged"


def _answers(incident: Incident) -> tuple[Json, ...]:
    am_here = kit.primary(kit.button("I am here", ids.HERE, incident.key))
    if incident.care is not None:
        return (am_here, kit.button("I can't", ids.CANNOT_HOLD, incident.key))
    return (
        am_here,
        kit.button("Snooze 10 min", ids.SNOOZE_WATCH, incident.key),
        kit.button("Take 20", ids.TAKE_20, incident.key),
        kit.button("Hand over", ids.HAND_OVER, incident.key),
    )


def nobody_behind(
    incident: Incident, call: Call, watch: Watch, silent: tuple[Actor, ...], reader: Reader, numbers: bool
) -> Message:
    """To the leads: the incident manager is silent, and so is everybody who was paged behind them.

    `silent` are those to telephone, the incident manager first; `numbers` are for leads alone.
    """
    pages = [page.paged_at for page in incident.pages if page.call == call.number]
    others = f"has answered for {span(reader.now - min(pages))}" if pages else "could be paged"
    take = kit.primary(kit.button("Take command", ids.TAKE_COMMAND, incident.key))
    return kit.message(
        lock_screen(incident, "nobody has answered"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key}*",
                title_outside(incident),
                f"{asleep(incident, watch, reader)} Nobody else {others}.{telephone(silent, numbers)}",
            ),
            kit.actions(take, *_open_channel(incident, reader)),
        ],
    )


def update_late(incident: Incident, due: datetime, as_whom: str, reader: Reader) -> Message:
    """To the deputy, then to the lead: `INC-142: the update is 15 min late (every 30 min at SEV1).`"""
    step = every(incident.severity)
    cadence = f" (every {span(step)} at {incident.severity.label})" if step else ""
    late = span(reader.now - due)
    how_late = "due now" if late == "0 min" else f"{late} late"
    asked = f"{reader.name(incident.answering)} was reminded."
    return kit.message(
        lock_screen(incident, f"update was due {reader.utc(due)}"),
        [
            kit.section(
                f"*{incident.key}:* the update is {how_late}{cadence}. {asked} "
                f"You are {literal(as_whom, 20)}."
            ),
            kit.actions(
                kit.primary(kit.button("Write it", ids.WRITE_UPDATE, incident.key)),
                *_open_channel(incident, reader),
            ),
        ],
    )


def care_begins(incident: Incident, kept: Care, reader: Reader) -> Message:
    """To the stand-in: what they hold, until when, and the way out, which asks no reason."""
    who = reader.name(kept.user)
    return kit.message(
        lock_screen(incident, f"you hold it until {reader.utc(kept.until)}"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key} · You hold it for {_minutes(kept)} min*",
                title_outside(incident),
                f"{who} takes 20 minutes. Questions and reminders come to you until "
                f"{reader.own(kept.until)}; then {who} has it again.",
            ),
            kit.actions(
                *_open_channel(incident, reader), kit.button("I can't", ids.CANNOT_HOLD, incident.key)
            ),
        ],
    )


def _minutes(kept: Care) -> int:
    return round((kept.until - kept.since).total_seconds() / 60)


class CareOver(Struct, frozen=True):
    """How twenty minutes ended: `how` is one of `incidents.care`."""

    user: str
    stand_in: str
    how: str


def care_over(incident: Incident, over: CareOver, reads: str, reader: Reader) -> Message:
    """To both; `reads` is which of them reads it."""
    words = _to_manager(over, reader) if reads == over.user else _to_stand_in(incident, over, reader)
    channel = _open_channel(incident, reader)
    shown = [kit.section(f"*{incident.key}:* {words}"), *([kit.actions(*channel)] if channel else [])]
    verb = "you have it again" if reads == over.user else "you hold it no longer"
    return kit.message(lock_screen(incident, verb), shown)


def _to_manager(over: CareOver, reader: Reader) -> str:
    return {
        care.CANNOT: f"{reader.name(over.stand_in)} cannot hold it. You have it again.",
        care.SILENT: f"Nothing was heard of {reader.name(over.stand_in)}. You have it again.",
    }.get(over.how, "Your 20 minutes are over. You have it again.")


def _to_stand_in(incident: Incident, over: CareOver, reader: Reader) -> str:
    who = reader.name(over.user)
    if over.how == care.SILENT:
        return f"Nothing was heard of you, so {who} has it again. Nothing for you to do."
    if over.how != care.MOVED:
        return f"{who} has it again. Thank you for holding it."
    if not incident.status.is_open:
        return "It is over. Nothing more for you to do."
    return f"{reader.name(incident.holder)} has it now. You hold it for {who} no longer."


def stopped(incident: Incident, by: str, why: str, reader: Reader) -> Message:
    """To leads: by whom and why, who holds it, and the way to page again."""
    reason = f": {sentence(literal(why, 300))}" if why else "."
    has = f"{reader.name(incident.manager)} has it." if incident.manager else _nobody(incident, reader)
    again = kit.confirmed(
        kit.button("Page again", ids.ESCALATE, incident.key),
        f"Page again for {incident.key}?",
        f"Whoever is on call for {incident.severity.label} is paged now, day or night.",
        "Page again",
    )
    buttons = (*((again,) if not incident.manager else ()), *_open_channel(incident, reader))
    shown = [
        kit.lines(
            f"*{badge(incident.severity)} · {incident.key}: the paging was stopped*",
            title_outside(incident),
            f"{reader.name(by)} stopped it{reason} {has}",
        )
    ]
    return kit.message(
        lock_screen(incident, "the paging was stopped"),
        [*shown, *([kit.actions(*buttons)] if buttons else [])],
    )


def _nobody(incident: Incident, reader: Reader) -> str:
    return f"Nobody has acknowledged; {reader.name(incident.declared_by)} holds it."


class Gone(Struct, frozen=True):
    """Somebody who could not be paged: `user` is their id, or the name of whoever has no account.

    `named` says when the schedule names them, "" where it does not.
    `instead` are who was paged after them; a lead who may not see the incident reads of neither.
    """

    user: str
    why: str
    named: str = ""
    instead: tuple[str, ...] = ()


def gone(incident: Incident | None, who: Gone, reader: Reader) -> Message:
    """To leads: `Ana is no longer in this workspace; Bo was paged instead. The schedule still names Ana …`"""
    name = reader.name(who.user)
    instead = f"; {reader.people(who.instead)} {_was(who.instead)} paged instead" if who.instead else ""
    of = f" ({incident.key})" if incident else ""
    named = f"The schedule still names {name} {who.named}." if who.named else ""
    change = kit.button("Choose somebody else", ids.OVERRIDE_OPEN)
    return kit.message(
        "On call: somebody cannot be reached",
        [
            kit.lines(f"*{name} {literal(who.why, 150)}*{instead}{of}.", named),
            kit.actions(kit.primary(change)),
        ],
    )


def _was(users: tuple[str, ...]) -> str:
    return "was" if len(users) == 1 else "were"


def on_behalf(incident: Incident, role: Role, by: str, at: datetime, reader: Reader) -> Message:
    """To the person for whom somebody else acknowledged: what they have now, and how to pass it on."""
    given = role.label.lower()
    hand_over = kit.button("Hand over", ids.HAND_OVER, incident.key)
    return kit.message(
        lock_screen(incident, f"you are {given}"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key} · You are {given}*",
                title_outside(incident),
                f"{reader.name(by)} acknowledged for you at {reader.own(at)}.",
            ),
            kit.actions(*_open_channel(incident, reader), hand_over),
        ],
    )


def _open_channel(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    url = reader.incident_url(incident)
    return (kit.link("Open channel", url, ids.OPEN_CHANNEL),) if url else ()
