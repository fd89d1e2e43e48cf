"""What a ladder would do if an incident came now: the real walk, up to its end, with nothing sent. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

from incidents.decision import Decision
from incidents.effects import TimerKind
from incidents.ladder import Roster
from incidents.model import Entry, EntryKind, Harm, Incident, Severity, Status, UserId
from incidents.paging import call_for_command, climb

PASSED_OVER = (EntryKind.SKIPPED, EntryKind.NOBODY)


class Step(Struct, frozen=True):
    """One page: how long after the beginning, to whom, and how long after it their phone rings.

    `phone_after` None: only if they are muted or Slack does not reach them. `as_liaison`: beside the call.
    """

    after: timedelta
    user: UserId
    phone_after: timedelta | None
    as_liaison: bool = False


class Rehearsal(Struct, frozen=True):
    """`waits_until`: at night it begins only then. `passed_over` is said as the timeline would say it."""

    steps: tuple[Step, ...]
    passed_over: tuple[Entry, ...] = ()
    waits_until: datetime | None = None


def rehearse(severity: Severity, harm: Harm, roster: Roster, now: datetime) -> Rehearsal:
    """Nobody acknowledges, nobody declines, the roster stays as it is."""
    plain = Incident("", "", severity, Status.TRIAGE, harm, False, "", now)
    decision = call_for_command(plain, roster, now)
    notes, begins = list(decision.entries), None
    at = now
    while (level := _next_level(decision)) is not None:
        at = level[0]
        begins = begins or (at if not decision.incident.pages else None)
        decision = climb(decision.incident, 1, level[1], roster, at)
        notes += decision.entries
    return _told(decision.incident, notes, begins or now, begins)


def _next_level(decision: Decision) -> tuple[datetime, int] | None:
    due = (t for t in decision.timers if t.kind is TimerKind.CALL_LEVEL and t.args["call"] == "1")
    return next(((timer.due_at, int(timer.args["level"])) for timer in due), None)


def _told(incident: Incident, notes: list[Entry], began: datetime, waits_until: datetime | None) -> Rehearsal:
    calls = {call.number: call for call in incident.calls}
    steps = []
    for page in incident.pages:
        after = calls[page.call].rungs[page.level].phone_after_min
        rings = None if after is None else timedelta(minutes=after)
        steps.append(Step(page.paged_at - began, page.user, rings, page.call != 1))
    passed_over = dict.fromkeys(
        (note.kind, tuple(note.data.items())) for note in notes if note.kind in PASSED_OVER
    )
    entries = tuple(Entry(kind, began, data=dict(data)) for kind, data in passed_over)
    return Rehearsal(tuple(steps), entries, waits_until)
