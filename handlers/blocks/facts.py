"""The words for an incident's facts, the same in every message: severity, status, headline, topic."""

import re
from datetime import timedelta

from handlers.text import literal, person, span
from incidents.model import Harm, Incident, Severity, Status

TITLE_SHOWN = 150
TITLE_ON_CARD = 110
TOPIC_MAX = 250
CHANNEL_NAME_MAX = 80

_MARKS = {
    Severity.SEV0: "🔴",
    Severity.SEV1: "🟠",
    Severity.SEV2: "🟡",
    Severity.SEV3: "🔵",
    Severity.SEV4: "⚪",
}
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9_-]+")
RESTRICTED_TITLE = "Restricted. Details are in its channel."


def badge(severity: Severity) -> str:
    """`🟠 SEV1`: the mark never stands without its word."""
    return f"{_MARKS[severity]} {severity.label}"


def status_words(incident: Incident) -> str:
    """`Active`, `Duplicate of INC-141`."""
    if incident.status is Status.DUPLICATE and incident.duplicate_of:
        return f"Duplicate of {incident.duplicate_of}"
    return incident.status.value.capitalize()


def headline(incident: Incident) -> str:
    """`🟠 SEV1 · INC-142 · Active`, and the lock with its word where it is restricted."""
    lock = " · 🔒 Restricted" if incident.restricted else ""
    return f"{badge(incident.severity)} · {incident.key} · {status_words(incident)}{lock}"


def title(incident: Incident, limit: int = TITLE_SHOWN) -> str:
    """The title, safe inside mrkdwn, for the incident's own places."""
    return literal(incident.title, limit) or "No title"


def title_outside(incident: Incident) -> str:
    """The title for everywhere else: a restricted incident keeps it to its channel."""
    return RESTRICTED_TITLE if incident.restricted else title(incident)


def lock_screen(incident: Incident, rest: str) -> str:
    """What a locked phone shows: key, severity, verb, time and nothing else; restricted, the key alone."""
    if incident.restricted:
        return incident.key
    return f"{incident.severity.label} · {incident.key} · {rest}"


def channel_name(key: str, harm: Harm, is_restricted: bool) -> str:
    """`inc-142-fraud`, `r-7kq2`: key and harm area, never the title, in the signs Slack allows."""
    words = key if is_restricted else f"{key}-{harm.value}"
    lowered = words.lower().replace("_", "-")
    return _NOT_IN_A_NAME.sub("-", lowered)[:CHANNEL_NAME_MAX].strip("-")


def topic(incident: Incident, manager: str) -> str:
    """The channel's topic, which Slack parses as mrkdwn; no title where it is restricted.

    No deadline either: a topic changes in public, and one that is not changed would soon name a past one.
    """
    parts = [f"{incident.severity.label} {status_words(incident)}"]
    parts.append(f"IM {person(manager)}" if manager else "no incident manager yet")
    if not incident.restricted:
        room = TOPIC_MAX - len(" · ".join(parts)) - len(" · ")
        parts.insert(1, literal(incident.title, min(TITLE_SHOWN, room)) or "No title")
    return " · ".join(parts)


def lasted(incident: Incident) -> timedelta | None:
    """From declaration to resolution; None while it is open."""
    ended = incident.resolved_at or incident.closed_at
    return ended - incident.declared_at if ended else None


def lasted_words(incident: Incident) -> str:
    length = lasted(incident)
    if length is None:
        return ""
    return span(length) if length >= timedelta(seconds=30) else "less than 1 min"
