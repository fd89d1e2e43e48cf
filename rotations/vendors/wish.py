"""What a reader of an export is asked, and what it writes down while it reads: lines and questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct, field

from rotations.imports import Answers, Line, NotImportable, Outcome, Question, QuestionKind
from rotations.model import Organisation, Seat
from rotations.vendors.tree import lines_of
from rotations.wallclock import instant, local
from rotations.zones import is_zone, nearest_zones

MOST_WORK = 1_000_000
"""Cells of turns that are looked at while they are laid: some seconds."""


_WORK_OF_ZONE = 2000
"""The zones that are nearest to a name are looked for among all."""


class VendorWish(Struct, frozen=True):
    """`schedule`: the only one of theirs that is wanted, by name. `region` and `seat`: where it goes here.

    `zone` counts where the export names none; `organisation` is what stands here.
    """

    now: datetime
    organisation: Organisation = field(default_factory=Organisation)
    answers: Answers = field(default_factory=Answers)
    schedule: str | None = None
    region: str | None = None
    seat: Seat = Seat.PRIMARY
    zone: str | None = None


class Book:
    """The report and the questions of one export, in the order in which it is read."""

    def __init__(self, source: str, wish: VendorWish) -> None:
        self.wish = wish
        self._numbers = lines_of(source)
        self._left = MOST_WORK
        self._lines: list[Line] = []
        self._questions: dict[tuple[QuestionKind, str], Question] = {}

    @property
    def report(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._questions.values())

    def note(self, own_id: str, what: str, outcome: Outcome, why: Sequence[str] = ()) -> None:
        sentences = " ".join(dict.fromkeys(why))
        self._lines.append(Line(self._numbers.get(own_id), what, outcome, sentences))

    def dropped(self, own_id: str, what: str, why: str) -> None:
        self.note(own_id, what, Outcome.DROPPED, (why,))

    def taken(self, own_id: str, what: str, why: Sequence[str]) -> None:
        self.note(own_id, what, Outcome.ADAPTED if why else Outcome.TAKEN, why)

    def spend(self, work: int) -> None:
        """Raises NotImportable where all of the file together would take too long."""
        self._left -= work
        if self._left < 0:
            raise NotImportable(
                "There is too much in the file to be worked out at once. Take one schedule of it."
            )

    def ask(self, question: Question) -> None:
        self._questions.setdefault((question.kind, question.asked), question)

    def zone(self, written: str) -> str | None:
        """The IANA zone; None where it has to be asked, or is to be left out."""
        name = self.wish.answers.zones.get(written, written) or (self.wish.zone or "")
        if is_zone(name):
            return name
        self.spend(_WORK_OF_ZONE)
        asked = f'Which time zone is "{written}"?' if written else "In which time zone are its schedules?"
        self.ask(Question(QuestionKind.ZONE, written, asked, nearest_zones(written) if written else ()))
        return None


def naive(t: datetime, zone: str) -> datetime:
    """The local time of a zone, without one; what has none already is local. Whole minutes."""
    there = t if t.tzinfo is None else local(t, zone).replace(tzinfo=None)
    return there.replace(second=0, microsecond=0)


def aware(t: datetime, zone: str) -> datetime:
    """The UTC instant of what was written; without an offset it is local in the zone."""
    return instant(t.date(), t.time(), zone) if t.tzinfo is None else t.astimezone(UTC)


def aware_or_none(t: datetime | None, zone: str) -> datetime | None:
    return None if t is None else aware(t, zone)
