"""What was read becomes a plan: what is over stays, and a window that says everything may say nobody."""

from datetime import time, timedelta

from incidents.operations.proposal_showing import shown_of
from incidents.proposals import Found, SeatShifts, counts, id_in, in_words, most_telling, planned, seal
from rotations.codec import dump
from rotations.imports import Line, Outcome
from rotations.model import Mode, Organisation, Person, Region, RosterShift, Schedule, Seat
from rotations.shifts import resolver_of
from tests.support.schedules import utc

NOW = utc("2026-12-01 12:00")
DAY = timedelta(days=1)
REGION = Region("AMER", "UTC", time(0), {})
STANDING = Organisation(
    (Person("ana", "Ana Lima"), Person("bo", "Bo Chen")), (Schedule("safety", Mode.CHAIN, (REGION,)),)
)
SHIFTS = (
    RosterShift(("ana",), NOW - 2 * DAY, NOW - DAY),
    RosterShift(("bo",), NOW - DAY / 2, NOW + DAY),
)


def found(*seats: SeatShifts) -> Found:
    return Found((), (), "safety", seats)


def on(organisation: Organisation, hours: int) -> tuple[str, ...]:
    rows = resolver_of(organisation, "safety").at(NOW + timedelta(hours=hours))
    return next((row.people for row in rows if row.seat is Seat.PRIMARY), ())


def test_what_is_over_is_not_planned_and_what_runs_begins_now() -> None:
    after = planned(STANDING, found(SeatShifts("AMER", Seat.PRIMARY, SHIFTS)), NOW)
    assert on(after, 1) == ("bo",)
    assert on(after, -3) == ()


def test_where_everything_is_over_nothing_changes() -> None:
    assert planned(STANDING, found(SeatShifts("AMER", Seat.PRIMARY, SHIFTS[:1])), NOW) == STANDING
    assert planned(None, Found(()), NOW) == Organisation()


def test_a_window_that_says_everything_empties_a_seat_of_which_it_says_nothing() -> None:
    filled = planned(STANDING, found(SeatShifts("AMER", Seat.PRIMARY, SHIFTS)), NOW)
    says, later = (NOW - DAY, NOW + DAY), NOW + timedelta(minutes=5)
    assert on(planned(filled, found(SeatShifts("AMER", Seat.PRIMARY, (), says)), later), 1) == ()
    over = SeatShifts("AMER", Seat.PRIMARY, (), (NOW - 2 * DAY, NOW - DAY))
    assert planned(filled, found(over), NOW) == filled


def test_a_part_is_laid_into_what_stands_and_stands_alone_where_nothing_does() -> None:
    part = Found((), part=dump(STANDING))
    assert planned(None, part, NOW).schedules == STANDING.schedules
    assert planned(STANDING, part, NOW).schedules == STANDING.schedules
    assert not part.is_empty
    assert Found(()).is_empty


def test_the_seal_changes_with_the_plan_and_with_what_was_read() -> None:
    first = found(SeatShifts("AMER", Seat.PRIMARY, SHIFTS))
    seals = {
        seal(STANDING, first),
        seal(None, first),
        seal(STANDING, found(SeatShifts("AMER", Seat.BACKUP, SHIFTS))),
        seal(STANDING, Found((Line(1, "x", Outcome.TAKEN),), (), "safety", first.shifts)),
    }
    assert len(seals) == 4
    assert seal(STANDING, first) in seals


def test_a_report_is_counted_worded_and_begins_with_what_was_dropped() -> None:
    taken, split = Line(4, "Ana", Outcome.TAKEN), Line(9, "Bo", Outcome.SPLIT, "2 shifts.")
    dropped = Line(None, "Cy", Outcome.DROPPED, "Nobody.")
    assert most_telling([taken, split, dropped]) == [dropped, split, taken]
    assert counts([taken, split, dropped, taken]) == "2 taken, 1 split, 1 dropped"
    assert counts([]) == "no events"
    assert [in_words(line) for line in (taken, dropped)] == ["line 4: Ana: taken", "Cy: dropped: Nobody."]
    assert id_in("import:p1") == "p1"


def test_ninety_days_are_compared_where_the_file_says_anything_of_them() -> None:
    soon = shown_of(STANDING, found(SeatShifts("AMER", Seat.PRIMARY, SHIFTS)), NOW)
    (beside,) = soon.beside
    assert beside.said == "90 days of AMER primary, theirs beside ours: they are the same"
    far = (RosterShift(("bo",), NOW + 100 * DAY, NOW + 101 * DAY),)
    assert shown_of(STANDING, found(SeatShifts("AMER", Seat.PRIMARY, far)), NOW).beside == ()
