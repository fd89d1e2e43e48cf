"""Their shifts beside ours: what differs comes first, and nobody's shift is left out."""

from datetime import UTC, datetime, timedelta

from rotations.comparing import Beside, compared, difference, in_words, served_on
from rotations.file import parse
from rotations.model import RosterShift, Seat
from rotations.shifts import resolver_of

START = datetime(2026, 12, 7, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PLAN = """
people: {ana: {}, bo: {}}
schedules:
  safety:
    regions:
      EMEA:
        zone: Europe/London
        starts: "09:00"
        seats:
          primary: {rotation: {members: [ana], turn: 1 week, from: 2026-12-07}}
          backup: {rotation: {members: [bo], turn: 1 week, from: 2026-12-07}}
"""


def shift(person: str, since: float, until: float) -> RosterShift:
    return RosterShift((person,), START + since * DAY, START + until * DAY)


def test_differences_come_first_and_stretches_alike_are_one() -> None:
    theirs = [shift("ana", -1, 1), shift("ana", 1, 2), shift("bo", 2, 3), shift("cy", 3, 9)]
    ours = [shift("ana", 0, 2), shift("di", 2, 3)]
    rows = compared(theirs, ours, START, START + 4 * DAY)
    assert rows == (
        Beside(START + 2 * DAY, START + 3 * DAY, ("bo",), ("di",)),
        Beside(START + 3 * DAY, START + 4 * DAY, ("cy",), ()),
        Beside(START, START + 2 * DAY, ("ana",), ("ana",)),
    )
    assert difference(rows) == 2 * DAY


def test_hours_that_are_nobodys_on_both_sides_are_not_told() -> None:
    rows = compared([shift("ana", 1, 2)], [shift("ana", 1, 2)], START, START + 9 * DAY)
    assert rows == (Beside(START + DAY, START + 2 * DAY, ("ana",), ("ana",)),)


def test_people_on_call_together_are_the_same_in_any_order() -> None:
    both = RosterShift(("ana", "bo"), START, START + DAY)
    rows = compared([both], [shift("bo", 0, 1), shift("ana", 0, 1)], START, START + DAY)
    assert [row.is_same for row in rows] == [True]


def test_without_time_there_is_nothing_to_compare() -> None:
    assert compared([], [], START, START) == ()


def test_rows_read_in_the_zone_of_the_schedule() -> None:
    names = {"ana": "Ana Lima"}
    apart = Beside(START, START + timedelta(hours=2), ("ana",), ())
    alike = Beside(START, START + DAY, ("ana",), ("ana",))
    assert in_words(apart, names, "Europe/Berlin") == (
        "Mon 7 Dec 2026 10:00–12:00 Berlin: there Ana Lima, here nobody"
    )
    assert in_words(alike, names, "Europe/Berlin") == (
        "Mon 7 Dec 2026 10:00–Tue 8 Dec 10:00 Berlin: Ana Lima"
    )


def test_our_shifts_of_a_seat_are_those_with_somebody_on_it() -> None:
    plan = parse(PLAN, "plan.yaml")
    since, until = datetime(2026, 12, 6, 9, tzinfo=UTC), datetime(2026, 12, 15, tzinfo=UTC)
    shifts = served_on(resolver_of(plan), "EMEA", Seat.PRIMARY, since, until)
    assert [(row.people, row.start) for row in shifts] == [(("ana",), START)]
