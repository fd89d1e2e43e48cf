"""`oncall --file` as SCHEDULES section 6 words it, line by line: the stable face that others build on."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from rotations.zones import use_bundled_tzdata
from tests.support.command_line import CommandLine, Told

Ask = Callable[..., Told]

PEOPLE = "people: {ana: {}, bo: {}, cy: {}, di: {}}"
CHAIN = """
schedules:
  safety:
    mode: chain
    regions:
      AMER:
        zone: America/New_York
        starts: 12:00
        seats: {primary: {rotation: {members: [ana, bo], turn: 1 week, from: 2026-01-05}}}
      APAC:
        zone: Asia/Tokyo
        starts: 10:00
        seats: {primary: {rotation: {members: [cy], turn: 1 week, from: 2026-01-05}}}
"""
WINDOWS = """
schedules:
  safety:
    mode: windows
    regions:
      NIGHT:
        zone: America/New_York
        starts: 22:00
        ends: 06:00
        days: [fri]
        seats:
          backup: {rotation: {members: [cy], turn: 1 week, from: 2026-03-09}}
          primary: {rotation: {members: [ana, bo], turn: 1 week, from: 2026-03-02}}
      DAY:
        zone: UTC
        starts: 00:00
        ends: 24:00
        days: [sat, sun]
        seats: {primary: {rotation: {members: [[bo, cy], ana], turn: 1 served day, from: 2026-03-07}}}
"""


@pytest.fixture
def ask(commands: CommandLine, tmp_path: Path) -> Ask:
    """Writes the file and asks it; the database is out of reach."""
    bot = commands.given(DATABASE_URL="nonsense")

    def asked(text: str, *words: str) -> Told:
        file = tmp_path / "schedules.yaml"
        file.write_text(PEOPLE + text)
        return bot("oncall", "--file", file, *words, "--json")

    return asked


def at(*instants: str) -> tuple[str, ...]:
    return tuple(word for instant in instants for word in ("--at", instant))


def brief(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{r['region']} {r['seat']} {'+'.join(r['people']) or '-'} {r['from']} {r['until']}" for r in rows
    ]


def test_in_a_chain_only_the_region_that_holds_is_answered(ask: Ask) -> None:
    told = ask(CHAIN, *at("2026-06-01T15:59:59Z", "2026-06-01T16:00:00Z")).document()
    assert [brief(one["on_call"]) for one in told] == [
        ["APAC primary cy 2026-06-01T01:00:00Z 2026-06-01T16:00:00Z"],
        ["AMER primary bo 2026-06-01T16:00:00Z 2026-06-02T01:00:00Z"],
    ]
    assert [one["on_call"][0]["turn_until"] for one in told] == [
        "2026-06-08T01:00:00Z",
        "2026-06-08T16:00:00Z",
    ]


def test_every_window_that_contains_the_instant_is_answered_and_an_empty_seat_listed(ask: Ask) -> None:
    told = ask(WINDOWS, *at("2026-03-07T03:00:00Z")).document()
    assert brief(told["on_call"]) == [
        "NIGHT primary ana 2026-03-07T03:00:00Z 2026-03-07T11:00:00Z",
        "NIGHT backup - 2026-03-07T03:00:00Z 2026-03-07T11:00:00Z",
        "DAY primary bo+cy 2026-03-07T00:00:00Z 2026-03-08T00:00:00Z",
    ]
    assert told["on_call"][1]["turn_until"] is None


def test_an_instant_in_no_window_has_nobody_to_list(ask: Ask) -> None:
    assert ask(WINDOWS, *at("2026-03-06T12:00:00Z")).document()["on_call"] == []


def test_between_is_clipped_joined_and_sorted_and_names_holes_and_open_seats(ask: Ask) -> None:
    told = ask(WINDOWS, "--between", "2026-03-07T02:00:00Z", "2026-03-08T12:00:00Z").document()
    assert brief(told["shifts"]) == [
        "DAY primary bo+cy 2026-03-07T02:00:00Z 2026-03-08T00:00:00Z",
        "NIGHT primary ana 2026-03-07T03:00:00Z 2026-03-07T11:00:00Z",
        "NIGHT backup - 2026-03-07T03:00:00Z 2026-03-07T11:00:00Z",
        "DAY primary ana 2026-03-08T00:00:00Z 2026-03-08T12:00:00Z",
    ]
    assert told["gaps"] == [
        {"from": "2026-03-07T03:00:00Z", "until": "2026-03-07T11:00:00Z", "region": "NIGHT", "seat": "backup"}
    ]


def test_a_hole_between_windows_names_no_region(ask: Ask) -> None:
    told = ask(WINDOWS, "--between", "2026-03-08T23:00:00Z", "2026-03-09T01:00:00Z").document()
    assert told["gaps"] == [
        {"from": "2026-03-09T00:00:00Z", "until": "2026-03-09T01:00:00Z", "region": None, "seat": None}
    ]


def test_two_days_of_one_person_are_one_shift_with_the_end_of_the_later_turn(ask: Ask) -> None:
    alone = CHAIN.replace("members: [ana, bo], turn: 1 week", "members: [ana], turn: 1 day")
    one_region = alone[: alone.index("      APAC")]
    told = ask(one_region, "--between", "2026-06-01T00:00:00Z", "2026-06-04T00:00:00Z").document()
    assert brief(told["shifts"]) == ["AMER primary ana 2026-06-01T00:00:00Z 2026-06-04T00:00:00Z"]
    assert told["shifts"][0]["turn_until"] == "2026-06-04T16:00:00Z"


def test_an_interval_without_an_edge_in_sight_is_open(ask: Ask) -> None:
    alone = CHAIN.replace("[ana, bo]", "[ana]")
    row = ask(alone[: alone.index("      APAC")], *at("2026-06-01T00:00:00Z")).document()["on_call"][0]
    assert (row["from"], row["until"]) == ("2026-01-05T17:00:00Z", None)


def test_of_two_regions_that_start_at_one_instant_the_later_in_the_file_holds(ask: Ask) -> None:
    together = CHAIN.replace(
        "zone: Asia/Tokyo\n        starts: 10:00", "zone: America/Toronto\n        starts: 12:00"
    )
    told = ask(together, *at("2026-06-01T16:00:00Z", "2026-06-02T15:59:59Z")).document()
    assert [one["on_call"][0]["region"] for one in told] == ["APAC", "APAC"]


def test_an_override_without_a_zone_is_read_where_its_region_is(ask: Ask) -> None:
    override = (
        "overrides:\n  - {schedule: safety, region: AMER, seat: primary, kind: replace, people: [di], "
        "from: 2026-03-09T12:00, until: 2026-03-09 15:00, reason: dentist}\n"
    )
    told = ask(CHAIN + override, "--between", "2026-03-09T15:00:00Z", "2026-03-10T01:00:00Z").document()
    assert brief(told["shifts"])[1:] == [
        "AMER primary di 2026-03-09T16:00:00Z 2026-03-09T19:00:00Z",
        "AMER primary bo 2026-03-09T19:00:00Z 2026-03-10T01:00:00Z",
    ]
    assert told["shifts"][1]["why"] == ["di covers: dentist.", "The rotation says bo."]
    assert told["shifts"][1]["turn_until"] == "2026-03-09T19:00:00Z"


def test_an_unknown_key_is_a_fault_with_its_place_and_a_near_one(ask: Ask) -> None:
    told = ask(CHAIN.replace("turn: 1 week", "trun: 1 week", 1), *at("2026-06-01T00:00:00Z"))
    assert (told.code, told.out) == (1, "")
    assert 'schedules.yaml:9:58: The rotation has no key "trun". Did you mean "turn"?' in told.err


def test_several_schedules_without_a_name_are_a_usage_error_and_with_one_are_answered(ask: Ask) -> None:
    two = f"{CHAIN}  legal:\n{CHAIN.partition('safety:')[2][1:]}"
    assert ask(two, *at("2026-06-01T00:00:00Z")).code == 2
    told = ask(two, "--schedule", "legal", *at("2026-06-01T00:00:00Z"))
    assert told.document()["schedule"] == "legal"


@pytest.mark.parametrize("beyond", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_beyond_the_calendar_is_a_usage_error(ask: Ask, beyond: str) -> None:
    told = ask(CHAIN, *at(beyond))
    assert (told.code, told.out) == (2, "")
    assert "beyond the calendar" in told.err


def test_years_beyond_those_that_are_answered_are_refused(ask: Ask) -> None:
    assert ask(CHAIN, *at("2300-01-01T00:00:00Z")).code == 1


def test_stale_time_zone_files_of_the_system_change_no_answer(ask: Ask, tmp_path: Path) -> None:
    stale = tmp_path / "zones" / "America" / "New_York"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(files("tzdata.zoneinfo.Asia").joinpath("Tokyo").read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path / "zones")])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        told = ask(CHAIN, *at("2026-06-01T16:00:00Z"))
        assert brief(told.document()["on_call"]) == [
            "AMER primary bo 2026-06-01T16:00:00Z 2026-06-02T01:00:00Z"
        ]
    finally:
        use_bundled_tzdata()
