"""What is said of one incident at a handoff: its lines from the record, the soonest deadline first. Pure.

Nothing is invented: what the record does not hold is missing, and whoever leaves can write it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from incidents.handoff import Part, Written
from incidents.model import Entry, EntryKind, Incident, Status, UserId
from runbooks.model import Run, Step, StepKind, StepStatus
from runbooks.stepping import due_at, pending_steps, state_of

DO_SHOWN = 3
NOTES_SHOWN = 2
REQUIRED = (Part.DO, Part.IF, Part.PICTURE)
"""What a receiver cannot do without; where it is missing, the draft says so."""


class Line(Struct, frozen=True):
    """`text` as somebody typed it. `owner` is a person, else `role` in words. `by`: who wrote it by hand."""

    part: Part
    text: str
    due: datetime | None = None
    owner: UserId = ""
    role: str = ""
    by: UserId = ""


class Brief(Struct, frozen=True):
    """One incident as it is handed over. `trend`: rising, falling, new, contained, steady."""

    incident: Incident
    trend: str
    lines: tuple[Line, ...]

    def of(self, part: Part) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.part is part)

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(part for part in REQUIRED if not self.of(part))

    @property
    def soonest(self) -> datetime | None:
        return min((line.due for line in self.lines if line.due), default=None)


def brief(
    incident: Incident, entries: Sequence[Entry], since: datetime, written: Iterable[Written] = ()
) -> Brief:
    """`since` is when the shift began; `entries` the incident's timeline; `written` wins over the record."""
    by_hand = {each.part: each for each in written if each.key == incident.key}
    found: list[Line] = []
    for part in Part:
        record = _FILLED[part](incident, entries)
        mine = by_hand.get(part)
        due = min((line.due for line in record if line.due), default=None)
        found += [Line(part, mine.text, due, by=mine.by)] if mine else record
    return Brief(incident, trend(incident, entries, since), _in_order(found))


def in_order(briefs: Iterable[Brief]) -> tuple[Brief, ...]:
    """The soonest deadline first, then the gravest; without a deadline last."""
    return tuple(
        sorted(briefs, key=lambda it: (it.soonest is None, it.soonest, it.incident.severity, it.incident.key))
    )


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Parts with a deadline by their soonest, the others behind them as they stand."""
    soonest: dict[Part, datetime] = {}
    for line in lines:
        if line.due is not None:
            soonest[line.part] = min(line.due, soonest.get(line.part, line.due))
    places = list(Part)
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.part not in soonest,
                soonest.get(line.part),
                places.index(line.part),
                line.due is None,
                line.due,
            ),
        )
    )


def trend(incident: Incident, entries: Sequence[Entry], since: datetime) -> str:
    """What became of the severity since the shift began."""
    if incident.status is Status.CONTAINED:
        return "contained"
    if incident.declared_at >= since:
        return "new"
    changes = [each for each in entries if each.kind is EntryKind.SEVERITY and each.at >= since]
    before = changes[0].data.get("from", "") if changes else incident.severity.label
    if before == incident.severity.label:
        return "steady"
    return "rising" if before > incident.severity.label else "falling"


def _decide(incident: Incident, _entries: Sequence[Entry]) -> list[Line]:
    """The questions of the runbook that wait for an answer."""
    return _steps(Part.DECIDE, incident.run, StepKind.QUESTION)[:1]


def _clocks(incident: Incident, _entries: Sequence[Entry]) -> list[Line]:
    """What was promised by a time: so far, the next update."""
    due = incident.next_update_at
    return [Line(Part.CLOCKS, "update", due, incident.answering)] if due else []


def _do(incident: Incident, _entries: Sequence[Entry]) -> list[Line]:
    return _steps(Part.DO, incident.run, StepKind.DO)[:DO_SHOWN]


def _if(_incident: Incident, entries: Sequence[Entry]) -> list[Line]:
    """Notes that begin with "if": what somebody has thought ahead."""
    notes = [each for each in _notes(entries) if _is_ahead(each)]
    return [Line(Part.IF, each.text, by=each.by) for each in notes[-NOTES_SHOWN:]]


def _picture(incident: Incident, _entries: Sequence[Entry]) -> list[Line]:
    last = incident.updates[-1] if incident.updates else None
    return [Line(Part.PICTURE, last.text, by=last.by)] if last else []


def _tried(_incident: Incident, entries: Sequence[Entry]) -> list[Line]:
    """What was noted last."""
    notes = [each for each in _notes(entries) if not _is_ahead(each)]
    return [Line(Part.TRIED, each.text, by=each.by) for each in notes[-NOTES_SHOWN:]]


def _notes(entries: Sequence[Entry]) -> list[Entry]:
    return [each for each in entries if each.kind is EntryKind.NOTE and each.text.strip()]


def _is_ahead(note: Entry) -> bool:
    return note.text.lstrip().casefold().startswith("if ")


_FILLED = {
    Part.DECIDE: _decide,
    Part.CLOCKS: _clocks,
    Part.DO: _do,
    Part.IF: _if,
    Part.PICTURE: _picture,
    Part.TRIED: _tried,
}


def _steps(part: Part, run: Run | None, kind: StepKind) -> list[Line]:
    """Open steps of a kind whose question, where they hang on one, is answered."""
    steps = pending_steps(run) if run else ()
    return [_step_line(part, run, step) for step in steps if run and step.kind is kind and _counts(step, run)]


def _counts(step: Step, run: Run) -> bool:
    return step.only_if is None or state_of(run, step.only_if.question).status is StepStatus.DONE


def _step_line(part: Part, run: Run, step: Step) -> Line:
    owner = state_of(run, step.id).assignee or ""
    return Line(part, step.text, due_at(step, run), owner, step.owner.replace("_", " "))


class Changes(Struct, frozen=True):
    """What happened to an incident since somebody handed it over. `severity_from` "": unchanged."""

    since: datetime
    updates: int = 0
    notes: int = 0
    steps: int = 0
    severity_from: str = ""
    is_new: bool = False
    is_ended: bool = False


def changes_since(incident: Incident, entries: Sequence[Entry], since: datetime) -> Changes:
    """For whoever comes back: counted from the record alone."""
    new = [each for each in entries if each.at > since]
    severities = [each for each in new if each.kind is EntryKind.SEVERITY]
    before = severities[0].data.get("from", "") if severities else ""
    return Changes(
        since=since,
        updates=_count(new, EntryKind.UPDATE),
        notes=_count(new, EntryKind.NOTE),
        steps=sum(each.kind is EntryKind.STEP and each.data.get("act") == "done" for each in new),
        severity_from="" if before == incident.severity.label else before,
        is_new=incident.declared_at > since,
        is_ended=not incident.status.is_open,
    )


def _count(entries: Sequence[Entry], kind: EntryKind) -> int:
    return sum(each.kind is kind for each in entries)
