"""Any roster: it is read or refused, never more than it says, and the same again changes nothing."""

from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rotations.model import Organisation, Person, Seat
from rotations.replanning import NewShifts, replanned
from rotations.roster_csv import NoRoster, RosterReport, RosterWish, Verdict, read_roster
from rotations.shifts import resolver_of
from tests.support.schedules import chain, region, rotation, utc

NOW = utc("2026-10-20 12:00")
REGIONS = ("AMER", "EMEA", "APAC")
PLAN = Organisation(
    tuple(Person(key, key.title()) for key in ("ana", "bo", "cy")),
    (
        chain(
            region("AMER", "America/New_York", "12:00", primary=rotation("ana bo")),
            region("EMEA", "Europe/Dublin", "09:00", primary=rotation("bo cy"), backup=rotation("ana")),
            region("APAC", "Asia/Tokyo", "10:00", primary=rotation("cy ana")),
        ),
    ),
)
ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "nowhere"])
PLACES = st.sampled_from(["primary", "AMER primary", "EMEA backup", "apac primary", "shadow", "EMEA shadow"])
MOMENTS = st.datetimes(datetime(2026, 10, 18), datetime(2026, 11, 15)).map(lambda t: t.replace(second=0))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line that may be wrong in each of its cells."""
    person = draw(st.sampled_from(["ana", "Bo", "cy", "zoe"]))
    start = draw(MOMENTS)
    end = start + timedelta(minutes=draw(st.integers(-60, 5000)))
    return f"{person},{start:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},{draw(ZONES)},{draw(PLACES)}"


def read(text: str) -> RosterReport:
    return read_roster(text, PLAN, RosterWish(), NOW)


@given(st.lists(lines(), min_size=1, max_size=12))
def test_every_line_is_reported_and_gives_no_more_than_it_says(typed: list[str]) -> None:
    report = read("\n".join(typed))
    assert [line.number for line in report.lines] == list(range(1, len(typed) + 1))
    for line in report.lines:
        assert (line.verdict is Verdict.DROPPED) == (not line.parts)
        assert line.why or line.verdict is Verdict.TAKEN
        for part in line.parts:
            assert NOW <= part.start < part.end
            assert part.region in REGIONS


@given(st.lists(lines(), min_size=1, max_size=8))
def test_whoever_is_planned_is_on_call_and_the_same_again_changes_nothing(typed: list[str]) -> None:
    report = read("\n".join(typed))
    edit = NewShifts(report.schedule, report.shifts)
    after = replanned(PLAN, edit, NOW)
    assert replanned(after, edit, NOW) == after
    resolver = resolver_of(after)
    for part in (part for line in report.lines for part in line.parts):
        for at in (part.start, part.end - timedelta(seconds=1)):
            on = {(row.region, row.seat): row.people for row in resolver.at(at)}
            assert part.person in on[part.region, part.seat]


@given(st.lists(lines(), min_size=1, max_size=6), st.timedeltas(timedelta(days=-20), timedelta(seconds=-1)))
def test_what_is_over_keeps_its_answers(typed: list[str], ago: timedelta) -> None:
    report = read("\n".join(typed))
    after = replanned(PLAN, NewShifts(report.schedule, report.shifts), NOW)
    at = NOW + ago
    assert [row.people for row in resolver_of(after).at(at) if row.seat is Seat.PRIMARY] == [
        row.people for row in resolver_of(PLAN).at(at) if row.seat is Seat.PRIMARY
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(NoRoster):
        assert all(line.parts or line.why for line in read(text).lines)
