"""Any schedule with anything that can change it, for hypothesis. All times fall on quarters of an hour.

In zones whose offsets are quarters too, nothing can change between two quarters of UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from rotations.model import (
    EVERY_DAY,
    Epoch,
    Hours,
    Layer,
    Member,
    Mode,
    Override,
    OverrideKind,
    Region,
    Roster,
    RosterShift,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Swap,
    Turn,
    TurnRef,
    TurnUnit,
)
from rotations.shifts import Resolver

PEOPLE = tuple("abcdef")
QUARTER = timedelta(minutes=15)
ZONES = ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Dublin", "UTC")
FROM, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
"""What changes a schedule, changes it in this time: it holds a clock change of every zone that has them."""

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
keys: st.SearchStrategy[Member] = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(
    tuple
)
instants = st.integers(0, (UNTIL - FROM) // QUARTER).map(lambda steps: FROM + steps * QUARTER)
week_days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))
turns = st.builds(Turn, st.integers(1, 3), st.sampled_from(list(TurnUnit)))
versions = st.builds(
    RotationVersion,
    st.lists(keys, min_size=1, max_size=4).map(tuple),
    turns,
    st.dates(date(2026, 2, 1), date(2026, 3, 20)),
    clocks,
)
hours = st.builds(Hours, week_days, clocks, clocks)


@st.composite
def rotations(draw: st.DrawFn, edits: int = 1) -> Rotation:
    """With up to `edits` later versions, of which some change the members alone."""
    made = [draw(versions)]
    for since in sorted(draw(st.sets(instants, max_size=edits))):
        edit, last = draw(versions), made[-1]
        if draw(st.booleans()):
            edit = RotationVersion(edit.members, last.turn, last.starts_on, last.at)
        made.append(RotationVersion(edit.members, edit.turn, edit.starts_on, edit.at, since))
    return Rotation(tuple(made))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    begins = draw(st.lists(instants, max_size=4))
    lengths = st.integers(1, 96).map(lambda steps: steps * QUARTER)
    return Roster(tuple(RosterShift(draw(keys), start, start + draw(lengths)) for start in begins))


@st.composite
def regions(draw: st.DrawFn, name: str, edits: int = 1, layered: bool = True) -> Region:
    """Of its seats one may be a roster, and one may be filled by layers alone."""
    filled = draw(st.sets(st.sampled_from([Seat.PRIMARY, Seat.BACKUP]), min_size=1))
    planned = draw(st.sets(st.sampled_from(sorted(filled)), max_size=1)) if layered else set()
    layers = tuple(
        Layer(
            f"L{number}",
            draw(st.sampled_from(list(Seat)[:2])),
            draw(rotations(edits)),
            draw(st.tuples(hours) | st.just(())),
        )
        for number in range(draw(st.integers(0, 2)) if layered else 0)
    )
    return Region(
        name,
        draw(st.sampled_from(ZONES)),
        draw(clocks),
        {seat: draw(rotations(edits)) for seat in sorted(filled - planned)},
        draw(clocks),
        draw(week_days),
        layers,
        {seat: draw(rosters()) for seat in sorted(planned)},
    )


@st.composite
def other_hours(draw: st.DrawFn, regions: tuple[Region, ...]) -> tuple[Region, ...]:
    return tuple(replace(region, starts=draw(clocks), ends=draw(clocks)) for region in regions)


@st.composite
def schedules(draw: st.DrawFn, edits: int = 1, epochs: int = 1, layered: bool = True) -> Schedule:
    def some_regions() -> tuple[Region, ...]:
        names = draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True))
        return tuple(draw(regions(name, edits, layered)) for name in names)

    modes = st.sampled_from(list(Mode))
    plans = [some_regions()]
    edges = sorted(draw(st.sets(instants, max_size=epochs)))
    for _ in edges:
        # An edit of the hours alone leaves the rotations as they are.
        plans.append(draw(other_hours(plans[-1])) if draw(st.booleans()) else some_regions())
    past = [Epoch(until, draw(modes), regions) for until, regions in zip(edges, plans, strict=False)]
    return Schedule("safety", draw(modes), plans[-1], tuple(past))


@st.composite
def overrides(draw: st.DrawFn, schedule: Schedule) -> tuple[Override, ...]:
    """Overrides of each seat that do not overlap, and covers, which may overlap those."""
    made: list[Override] = []
    for region in schedule.regions:
        for seat in region.all_seats():
            for is_cover in (False, True):
                edges = sorted(draw(st.sets(instants, max_size=4)))
                whom = draw(st.sampled_from(PEOPLE))
                for start, end in zip(edges[::2], edges[1::2], strict=False):
                    kind = OverrideKind.REPLACE if is_cover else draw(st.sampled_from(list(OverrideKind)))
                    instead = whom if is_cover and draw(st.booleans()) else ""
                    name = f"{region.name}{seat}{is_cover}{start}"
                    made.append(
                        Override(
                            name,
                            schedule.name,
                            region.name,
                            seat,
                            kind,
                            draw(keys),
                            start,
                            end,
                            cover=is_cover,
                            instead_of=instead,
                        )
                    )
    return tuple(made)


@st.composite
def swaps(draw: st.DrawFn, schedule: Schedule, begin: datetime) -> tuple[Swap, ...]:
    """Of turns in the three days from an instant on; some name a person or a turn that never was."""
    places = [(region.name, seat) for region in schedule.regions for seat in region.all_seats()]
    made: list[Swap] = []
    for number in range(draw(st.integers(0, 4))):
        resolver = Resolver(schedule, swaps=made)
        refs = []
        for _ in range(2):
            at = begin + draw(st.integers(0, 3 * 96)) * QUARTER
            region, seat = draw(st.sampled_from(places))
            nobodys = TurnRef(region, seat, draw(st.integers(0, 60)), draw(st.sampled_from(PEOPLE)))
            refs.append(resolver.turn_at(region, seat, at) or nobodys)
        made.append(Swap(f"s{number}", schedule.name, refs[0], refs[1], "a"))
    return tuple(made)
