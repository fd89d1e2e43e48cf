"""An import that a lead is asked about in chat: what was read, what is open, where it stands. Values only.

Nothing of a proposal counts before it is confirmed; what was shown is what is stored."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.effects import Effect, EffectKind, Priority
from incidents.errors import IncidentError
from incidents.model import MessageRef, UserId
from rotations.codec import dump, load
from rotations.imports import Answers, Line, Outcome, Question
from rotations.model import Organisation, RosterShift, Seat
from rotations.replanning import NewShifts, replanned
from rotations.revision import revised
from rotations.vendors.joining import with_part

SUBJECT = "import:"
LINES_SHOWN, CHARACTERS_SHOWN = 30, 3000
"""Of the report, in the message; the whole of a longer one goes with it as a file."""


class NoSuchProposal(IncidentError):
    """There is no such proposal for this person."""


class Kind(StrEnum):
    """What a file is. The stored string is stable."""

    CALENDAR = "calendar"
    SHEET = "sheet"
    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    GRAFANA = "grafana"


class State(StrEnum):
    READING = "reading"  # the file, or what was answered, has to be read
    OPEN = "open"  # shown; nothing has changed
    DONE = "done"
    LEFT = "left"  # a lead left it, or a newer one of the same origin took its place
    REFUSED = "refused"  # nothing can be taken of it; `fault` says why


class Destination(Struct, frozen=True):
    """Where it goes; "" for what was not said. A vendor's export brings its own schedules."""

    schedule: str = ""
    region: str = ""
    seat: Seat = Seat.PRIMARY
    zone: str = ""


class SeatShifts(Struct, frozen=True):
    """Explicit shifts of one seat, in UTC, by start. Within `says` they say everything, as in NewShifts."""

    region: str
    seat: Seat
    shifts: tuple[RosterShift, ...]
    says: tuple[datetime, datetime] | None = None


class Found(Struct, frozen=True):
    """What was read: the report, the questions, and shifts for a schedule or a part of an organisation."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...] = ()
    schedule: str = ""
    shifts: tuple[SeatShifts, ...] = ()
    part: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.shifts and not self.part

    def saying_as(self, before: "Found | None") -> "Found":
        """Read anew: what said everything of a span still does."""
        known = {(each.region, each.seat): each.says for each in before.shifts} if before else {}
        rows = (replace(each, says=known.get((each.region, each.seat), each.says)) for each in self.shifts)
        return replace(self, shifts=tuple(rows))


class Beside(Struct, frozen=True):
    """Ninety days of one seat: a sentence of how they compare, the first rows in words, how many more."""

    said: str
    rows: tuple[str, ...]
    more: int = 0


class Shown(Struct, frozen=True):
    """What it does to the plan, in words, as its leads are shown it. `seal` stands for plan and report;
    `misfit` says why it does not fit any more; `names` are those of whom questions may mean.
    """

    is_change: bool = False
    moved: tuple[str, ...] = ()
    more_moved: int = 0
    is_alarming: bool = False
    beside: tuple[Beside, ...] = ()
    seal: str = ""
    misfit: str = ""
    names: dict[str, str] = field(default_factory=dict)


class Proposal(Struct, frozen=True):
    """`leads` are shown it, and any of them decides. `file` is Slack's id of an uploaded file, `origin` names
    where it came from otherwise. `turn` counts how often it was read; `messages` are its cards by lead.
    """

    id: str
    by: UserId
    leads: tuple[UserId, ...]
    made_at: datetime
    name: str
    kind: Kind
    place: Destination = field(default_factory=Destination)
    file: str = ""
    origin: str = ""
    answers: Answers = field(default_factory=Answers)
    found: Found | None = None
    shown: Shown = field(default_factory=Shown)
    fault: str = ""
    state: State = State.READING
    turn: int = 0
    messages: tuple[tuple[UserId, MessageRef], ...] = ()
    import_id: str = ""
    decided_by: UserId = ""

    @property
    def is_long(self) -> bool:
        """Whether the report is more than a message holds beside everything else."""
        lines = self.found.lines if self.found is not None else ()
        return len(lines) > LINES_SHOWN or sum(len(in_words(line)) for line in lines) > CHARACTERS_SHOWN


def planned(standing: Organisation | None, found: Found, now: datetime) -> Organisation:
    """The organisation with what was found in it; what is over by `now` stays as it was.

    Raises rotations' refusals where the plan has changed so that it no longer fits.
    """
    before = standing or Organisation()
    if found.part:
        after = with_part(before, load(found.part))
        return revised(standing, after, now) if standing else after
    for edit in _edits(found, now):
        before = replanned(before, edit, now)
    return before


def _edits(found: Found, now: datetime) -> Iterator[NewShifts]:
    """One for all seats, and one for each that says everything within a window of its own."""
    ahead = [(each, (each.region, each.seat), _ahead(each.shifts, now)) for each in found.shifts]
    rows = {place: shifts for each, place, shifts in ahead if shifts and each.says is None}
    if rows:
        yield NewShifts(found.schedule, rows)
    for each, place, shifts in ahead:
        if each.says is not None and each.says[1] > now:
            says = max(each.says[0], now), each.says[1]
            yield NewShifts(found.schedule, {place: shifts}, says)


def _ahead(shifts: Sequence[RosterShift], now: datetime) -> tuple[RosterShift, ...]:
    return tuple(RosterShift(one.people, max(one.start, now), one.end) for one in shifts if one.end > now)


def seal(standing: Organisation | None, found: Found) -> str:
    """Stands for what a lead was shown: this report against this plan. It changes as soon as either does."""
    lines = [[line.number, line.what, line.outcome, line.why] for line in found.lines]
    shifts = [[each.region, each.seat, [_plain(one) for one in each.shifts]] for each in found.shifts]
    says = [[_stamps(*each.says)] if each.says else [] for each in found.shifts]
    shown = [dump(standing) if standing else None, found.part, lines, shifts, says]
    return sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def _plain(shift: RosterShift) -> list[list[str]]:
    return [[*shift.people], _stamps(shift.start, shift.end)]


def _stamps(*instants: datetime) -> list[str]:
    """The same before and after they were stored."""
    return [at.astimezone(UTC).isoformat() for at in instants]


def id_in(subject: str) -> str:
    """The id of the proposal that an effect is about."""
    return subject.removeprefix(SUBJECT)


def cards_of(proposal: Proposal, what: str) -> list[Effect]:
    """A card for each lead, once, and its edit: `what` names the state that it shows. Ids only."""
    return [effect for user in proposal.leads for effect in _card(proposal, user, what)]


def _card(proposal: Proposal, user: UserId, what: str) -> list[Effect]:
    subject, key = f"{SUBJECT}{proposal.id}", f"import:{proposal.id}:{user}"
    post = Effect(EffectKind.SHOW_IMPORT, key, subject, {}, (user,), priority=Priority.STATUS)
    edit = Effect(
        EffectKind.UPDATE_IMPORT,
        f"{key}:{what}",
        subject,
        {},
        (user,),
        after=(key,),
        lane=key,
        newest=key,
        priority=Priority.STATUS,
    )
    return [post, edit]


def report_files_of(proposal: Proposal) -> list[Effect]:
    """The whole report as a file below the card, where the card cannot hold it."""
    if not proposal.is_long:
        return []
    subject = f"{SUBJECT}{proposal.id}"
    keys = [(user, f"import:{proposal.id}:{user}") for user in proposal.leads]
    return [
        Effect(
            EffectKind.IMPORT_REPORT,
            f"{key}:report:{proposal.turn}",
            subject,
            {"turn": str(proposal.turn)},
            (user,),
            after=(key,),
            priority=Priority.DIGEST,
        )
        for user, key in keys
    ]


def counts(lines: Sequence[Line]) -> str:
    """ "12 taken, 1 split, 2 dropped"."""
    told = [(sum(line.outcome is outcome for line in lines), outcome) for outcome in Outcome]
    return ", ".join(f"{number} {outcome}" for number, outcome in told if number) or "no events"


def in_words(line: Line) -> str:
    """ "line 12: On call: Ana: split: …", as the command line says it."""
    number = f"line {line.number}: " if line.number else ""
    return f"{number}{line.what}: {line.outcome}{f': {line.why}' if line.why else ''}"


def most_telling(lines: Sequence[Line]) -> list[Line]:
    """What was not simply taken first, each part in the order of the file."""
    return sorted(
        lines, key=lambda line: (line.outcome is Outcome.TAKEN, line.outcome is not Outcome.DROPPED)
    )
