"""Laws of changes in chat: undoing gives the future back and keeps the past; rows say exactly what moves."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from rotations.edits import Edit, edited, moved_by
from rotations.model import Organisation, Override, OverrideKind, Person, Seat
from rotations.refusals import OverlappingOverride
from rotations.shifts import resolver_of
from tests.support.schedules import chain, region, rotation, utc

START = utc("2026-03-20 00:00")  # London changes its clocks on 29 March
HOUR = timedelta(hours=1)
WORLD = Organisation(
    tuple(Person(key, key) for key in ("ana", "bo", "cy", "di")),
    (
        chain(
            region(
                "EMEA", "Europe/London", "09:00", primary=rotation("ana bo+di"), backup=rotation("cy ana")
            ),
            region("AMER", "America/New_York", "12:00", primary=rotation("cy bo")),
        ),
    ),
)

hours = st.integers(0, 24 * 20)
people = st.sampled_from(["ana", "bo", "cy", "di"])


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    where, seat = draw(
        st.sampled_from([("EMEA", Seat.PRIMARY), ("EMEA", Seat.BACKUP), ("AMER", Seat.PRIMARY)])
    )
    start = START + draw(hours) * HOUR
    kind, person = draw(st.sampled_from(OverrideKind)), draw(people)
    is_cover = draw(st.booleans()) and kind is OverrideKind.REPLACE
    instead_of = draw(people) if is_cover else ""
    end = start + draw(st.integers(1, 200)) * HOUR
    return Override(
        "new", "safety", where, seat, kind, (person,), start, end, "", "U1", is_cover, "", instead_of
    )


def served(organisation: Organisation, at: int) -> list[tuple[str, Seat, tuple[str, ...]]]:
    rows = resolver_of(organisation, "safety").at(START + at * HOUR)
    return [(row.region, row.seat, row.people) for row in rows]


@given(overrides(), hours, hours, hours)
def test_undoing_gives_the_future_back_and_keeps_the_past(
    made: Override, first: int, later: int, at: int
) -> None:
    done, undone = sorted((first, first + later))
    changed = edited(WORLD, Edit(overrides=(made,)), START + done * HOUR)
    back = edited(changed, Edit(withdrawn=("new",)), START + undone * HOUR)
    expected = WORLD if at >= undone or at < done else changed
    assert served(back, at) == served(expected, at)


@given(overrides(), hours, hours)
def test_the_rows_say_exactly_who_moves_and_nobody_else(made: Override, now: int, at: int) -> None:
    edit, since = Edit(overrides=(made,)), START + now * HOUR
    after = edited(WORLD, edit, since)
    t = START + at * HOUR
    said = {
        (row.region, row.seat): (row.before, row.after)
        for row in moved_by(WORLD, edit, since)
        if row.start <= t < row.end
    }
    before, then = served(WORLD, at), served(after, at)
    differing = {
        (region, seat): (people, others)
        for (region, seat, people), (_, _, others) in zip(before, then, strict=True)
        if people != others
    }
    held = {(region, seat) for region, seat, _ in before}
    assert {place: rows for place, rows in said.items() if place in held} == (differing if at >= now else {})


@given(overrides(), overrides())
def test_two_changes_of_one_seat_are_refused_or_stand_side_by_side(one: Override, other: Override) -> None:
    try:
        both = edited(WORLD, Edit(overrides=(one, other)), START)
    except OverlappingOverride:
        assert (one.region, one.seat) == (other.region, other.seat)
        assert one.start < other.end
        assert other.start < one.end
    else:
        assert len(both.overrides) == 2
