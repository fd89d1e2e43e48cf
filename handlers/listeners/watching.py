"""Answers to "are you there?", and twenty minutes of rest: typed and pressed."""

from collections.abc import Callable
from functools import partial

from handlers.blocks import ids
from handlers.calls import Message
from handlers.errors import Refused, attempt
from handlers.listeners.edge import Asked, Edge, OnPress, Press, Reply
from handlers.listeners.lookup import key_meant
from handlers.listeners.replies import reader_of, said_of
from incidents import watch
from incidents.errors import StoreUnavailable
from incidents.model import Incident
from incidents.operations import reading, watching


def here(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = watching.here(edge.house, asked.ask(), key_meant(edge, asked, key))
    return said_of(incident, f"{incident.key}: you are there. {_asked_next(edge, asked, incident)}")


def snooze(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = watching.snooze(edge.house, asked.ask(), key_meant(edge, asked, key))
    return said_of(incident, f"{incident.key}: put off by 10 min. {_asked_next(edge, asked, incident)}")


def _asked_next(edge: Edge, asked: Asked, incident: Incident) -> str:
    reader = reader_of(edge, reading.show(edge.house, asked.user, incident.key))
    at = reader.own(watch.asked_next(incident, reader.now))
    return f"If nothing is heard of you, you are asked again at {at}."


def take_20(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = watching.take_20(edge.house, asked.ask(), key_meant(edge, asked, key))
    kept = incident.care
    if kept is None:  # a redelivery, and they are back already
        return said_of(incident, f"{incident.key}: you have it again.")
    seen = reading.show(edge.house, asked.user, incident.key)
    until = reader_of(edge, seen).own(kept.until)
    said = f"{incident.key}: {seen.name_of(kept.stand_in)} holds it until {until}. Then you have it again."
    return said_of(incident, said)


def back(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = watching.back(edge.house, asked.ask(), key_meant(edge, asked, key))
    return said_of(incident, f"{incident.key}: you have it again.")


def cannot_hold(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = watching.cannot_hold(edge.house, asked.ask(), key_meant(edge, asked, key))
    name = ", ".join(reading.names_of(edge.house, (incident.holder,)))
    return said_of(incident, f"{incident.key}: {name} has it again and is told. Nothing more for you to do.")


def note_presence(edge: Edge, user: str, reply: object) -> None:
    """Whatever somebody presses or types is a sign of life. That it could not be kept stops nothing, and a
    database that has just refused the rest is not asked again while the person waits."""
    if not (isinstance(reply, Refused) and isinstance(reply.error, StoreUnavailable)):
        attempt(edge, lambda: watching.heard(edge.house, user))


def _pressed(answer: Callable[[Edge, Asked, str], Message], edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked, press.key)


PRESSES: dict[str, OnPress] = {
    ids.HERE: partial(_pressed, here),
    ids.SNOOZE_WATCH: partial(_pressed, snooze),
    ids.TAKE_20: partial(_pressed, take_20),
    ids.BACK: partial(_pressed, back),
    ids.CANNOT_HOLD: partial(_pressed, cannot_hold),
}
