"""A week as strips: what follows each other with one reason is one run, and every hole is among them."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from rotations.model import OverrideKind, Schedule, Seat
from rotations.shifts import Resolver
from rotations.strips import Plan, Run, plan, runs_of
from tests.support.schedules import chain, override, region, rotation, utc, windows

MONDAY, WEEK_LATER = utc("2026-02-02 00:00"), utc("2026-02-09 00:00")
NAMES = {"ana": "Ana Lima", "bo": "Bo Chen", "cy": "Cy Okafor"}
THREE = chain(
    region(
        "AMER",
        "UTC",
        "16:00",
        primary=rotation("ana bo", at="16:00"),
        shadow=rotation("cy", since="2027-01-01"),
    ),
    region("EMEA", "UTC", "08:00", primary=rotation("cy", at="08:00")),
)


def planned(
    schedule: Schedule, *overrides: tuple[str, str, str, OverrideKind], only: str | None = None
) -> Plan:
    made = (override(who, start, end, "AMER primary", kind) for who, start, end, kind in overrides)
    return plan(Resolver(schedule, made, NAMES), NAMES, MONDAY, WEEK_LATER, only)


def told(runs: list[Run]) -> list[tuple[str, str, int]]:
    return [(run.first.text, f"{run.start:%a %H:%M}", len(run.stretches)) for run in runs]


def test_the_shifts_of_one_person_are_one_run_though_the_region_rests_between() -> None:
    amer = planned(THREE).strips[0]
    assert (amer.region, amer.zone, amer.seat) == ("AMER", "UTC", Seat.PRIMARY)
    # Until 08:00 on the first Monday the night of the Sunday before goes on: it is still Bo's turn.
    assert told(list(amer.runs())) == [("Bo Chen", "Mon 00:00", 1), ("Ana Lima", "Mon 16:00", 7)]
    last = list(amer.runs())[1]
    assert (last.end, last.lasts) == (WEEK_LATER, timedelta(hours=6 * 16 + 8))


def test_a_change_and_a_hole_are_runs_of_their_own() -> None:
    changes = (
        ("cy", "2026-02-03 16:00", "2026-02-03 20:00", OverrideKind.REPLACE),
        ("ana", "2026-02-04 16:00", "2026-02-04 20:00", OverrideKind.REMOVE),
    )
    seen = planned(THREE, *changes)
    runs = list(seen.strips[0].runs())
    assert [(run.first.text, run.first.is_changed) for run in runs] == [
        ("Bo Chen", False),
        ("Ana Lima", False),
        ("Cy Okafor", True),
        ("Ana Lima", False),
        ("nobody", False),
        ("Ana Lima", False),
    ]
    assert [(hole.region, hole.seat, hole.start) for hole in seen.holes()] == [
        ("AMER", Seat.PRIMARY, utc("2026-02-04 16:00"))
    ]


def test_an_open_shadow_is_no_hole() -> None:
    seen = planned(THREE)
    assert {strip.region for strip in planned(THREE, only="AMER").strips} == {"AMER"}
    assert [strip.seat for strip in seen.strips if strip.region == "AMER"] == [Seat.PRIMARY, Seat.SHADOW]
    assert seen.holes() == ()


def test_hours_without_a_region_are_holes_of_the_schedule_and_of_no_region() -> None:
    office = windows(region("EMEA", "UTC", "08:00-16:00", primary=rotation("cy")))
    seen = planned(office)
    assert len(seen.holes()) == 8
    assert (seen.holes()[0].region, seen.holes()[0].end) == (None, utc("2026-02-02 08:00"))
    assert planned(office, only="EMEA").holes() == ()


def test_a_region_begins_where_its_first_whole_shift_does() -> None:
    amer, *_ = planned(THREE).strips
    assert amer.begins(MONDAY) == utc("2026-02-02 16:00")
    assert amer.begins(WEEK_LATER) is None


def test_regions_that_are_gone_from_the_file_come_last_with_the_zone_unknown() -> None:
    resolver = Resolver(THREE, names=NAMES)
    resolver.schedule = replace(THREE, regions=THREE.regions[1:])
    seen = plan(resolver, NAMES, MONDAY, WEEK_LATER)
    assert [(strip.region, strip.zone) for strip in seen.strips][-1] == ("AMER", "UTC")
    assert seen.strips[0].region == "EMEA"


def test_everything_one_person_serves_stands_in_order_over_all_schedules() -> None:
    other = replace(chain(region("Legal", "UTC", "00:00", primary=rotation("bo ana"))), name="legal")
    plans = [planned(THREE), plan(Resolver(other), {}, MONDAY, WEEK_LATER)]
    found = runs_of("bo", plans)
    assert [(schedule, strip.region, f"{run.start:%a %H:%M}") for schedule, strip, run in found] == [
        ("safety", "AMER", "Mon 00:00"),
        ("legal", "Legal", "Mon 09:00"),
    ]
    assert found[1][2].first.names == ("bo",)
