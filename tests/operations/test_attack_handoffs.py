"""Shift changes that are easily lost: within a region, by a layer, a swap or hand, beside an override."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from bot.applying import EXAMPLE, read_file
from incidents.handoff import Handoff
from incidents.operations import handing_over
from rotations.model import (
    EVERY_DAY,
    Hours,
    Layer,
    Override,
    OverrideKind,
    Region,
    Roster,
    RosterShift,
    Seat,
    Swap,
    TurnRef,
)
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, CY
from tests.support.schedules import DAY, chain, override, region, rotation

TUESDAY = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
DAILY = rotation("ana bo", since="2026-11-30", at="16:00", turn=DAY)
"""Ana from Monday 16:00 UTC, Bo from Tuesday 16:00, and so on."""


def planned(
    store: SqlStore, place: Region, overrides: Iterable[Override] = (), swaps: Iterable[Swap] = ()
) -> TestHouse:
    """The example's people on a schedule of one region, first looked at on Tuesday at 14:00 UTC."""
    there = example_house(store, TUESDAY)
    organisation = replace(
        read_file(EXAMPLE),
        schedules=(chain(place),),
        overrides=tuple(overrides),
        swaps=tuple(swaps),
        specialists={},
    )

    def work(unit: SqlUnit) -> None:
        unit.schedules.apply(organisation, there.clock.now(), "test")

    there.store.write(work)
    handing_over.offer_due(there.house)
    return there


def offered(there: TestHouse, hours: float) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Who hands over to whom in the next hours."""
    found: dict[str, Handoff] = {}
    for _ in range(int(hours * 4)):
        there.clock.advance(minutes=15)
        handing_over.offer_due(there.house)
        waiting = there.store.read(lambda unit: unit.handoffs.waiting())
        found |= {one.id: one for one in waiting}
    return [(one.outgoing, one.incoming) for _, one in sorted(found.items())]


def test_a_turn_that_ends_within_one_region_is_handed_over(store: SqlStore) -> None:
    there = planned(store, region("AMER", "UTC", "16:00", primary=DAILY))
    assert offered(there, 3) == [((ANA,), (BO,))]


def test_a_layer_that_takes_over_for_the_night_is_handed_over_and_back(store: SqlStore) -> None:
    night = Layer("night", Seat.PRIMARY, rotation("cy"), (Hours(EVERY_DAY, time(20), time(23)),))
    place = replace(region("AMER", "UTC", "16:00", primary=DAILY), layers=(night,))
    there = planned(store, place)
    assert offered(there, 10) == [((ANA,), (BO,)), ((BO,), (CY,)), ((CY,), (BO,))]


def test_a_swapped_turn_is_handed_over_to_whoever_swapped(store: SqlStore) -> None:
    bos, cys = (TurnRef("AMER", Seat.PRIMARY, number, key) for number, key in ((1, "bo"), (2, "cy")))
    daily = rotation("ana bo cy", since="2026-11-30", at="16:00", turn=DAY)
    swapped = Swap("s", "safety", bos, cys, "UBO")
    there = planned(store, region("AMER", "UTC", "16:00", primary=daily), swaps=[swapped])
    assert offered(there, 3) == [((ANA,), (CY,))]


def test_shifts_planned_by_hand_are_handed_over(store: SqlStore) -> None:
    cut = TUESDAY + timedelta(hours=2)
    shifts = (
        RosterShift(("ana",), cut - timedelta(hours=8), cut),
        RosterShift(("cy",), cut, cut + timedelta(hours=8)),
    )
    place = replace(region("AMER", "UTC", "16:00"), rosters={Seat.PRIMARY: Roster(shifts)})
    assert offered(planned(store, place), 3) == [((ANA,), (CY,))]


def test_a_turn_that_ends_where_an_override_begins_is_handed_over_to_whoever_covers(store: SqlStore) -> None:
    covering = override("cy", "2026-12-01 16:00", "2026-12-01 18:00")
    there = planned(store, region("AMER", "UTC", "16:00", primary=DAILY), [covering])
    assert offered(there, 6) == [((ANA,), (CY,))]


@pytest.mark.parametrize("kind", [OverrideKind.REPLACE, OverrideKind.ADD])
def test_an_override_within_a_shift_counts_at_once_and_is_accepted_by_nobody(
    store: SqlStore, kind: OverrideKind
) -> None:
    dentist = override("cy", "2026-12-01 14:30", "2026-12-01 15:30", kind=kind)
    there = planned(store, region("AMER", "UTC", "16:00", primary=DAILY), [dentist])
    assert offered(there, 1.75) == []
    assert offered(there, 1) == [((ANA,), (BO,))]
