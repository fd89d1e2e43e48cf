"""Local times become instants by RFC 5545, and zones come from the package and its catalogue."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from importlib.resources import files
from pathlib import Path

import pytest

from rotations.wallclock import instant, local, utc
from rotations.zones import (
    city,
    is_country,
    is_zone,
    nearest_zones,
    rules_of,
    use_bundled_tzdata,
    zones_named,
)
from tests.support.schedules import utc as at


@pytest.fixture(autouse=True)
def _zones_of_the_package() -> Iterator[None]:
    use_bundled_tzdata()
    yield
    use_bundled_tzdata()


def test_a_time_that_does_not_exist_is_read_with_the_offset_before_the_gap() -> None:
    assert instant(date(2026, 3, 8), time(2, 30), "America/New_York") == at("2026-03-08 07:30")


def test_a_time_that_happens_twice_is_its_first_occurrence() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), "America/New_York") == at("2026-11-01 05:30")


def test_local_time_of_an_instant() -> None:
    assert local(at("2026-12-01 01:00"), "Asia/Tokyo").hour == 10


def test_an_instant_in_any_offset_is_the_same_instant_in_utc() -> None:
    nine = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert utc(nine) == at("2026-12-01 00:00")
    assert utc(nine).utcoffset() == timedelta()


def test_a_time_without_an_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        utc(datetime(2026, 12, 1))


def test_stale_system_files_are_not_read(tmp_path: Path) -> None:
    stale = tmp_path / "Europe" / "Dublin"
    stale.parent.mkdir()
    stale.write_bytes(files("tzdata.zoneinfo.Asia").joinpath("Tokyo").read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    assert instant(date(2026, 1, 5), time(9), "Europe/Dublin") == at("2026-01-05 00:00")
    use_bundled_tzdata()
    assert instant(date(2026, 1, 5), time(9), "Europe/Dublin") == at("2026-01-05 09:00")


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_the_label_of_a_zone_is_its_city(zone: str, label: str) -> None:
    assert city(zone) == label


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("tokyo", ("Asia/Tokyo",)),
        ("New  York", ("America/New_York",)),
        ("europe/dublin", ("Europe/Dublin",)),
        ("utc", ("UTC",)),
        ("Atlantis", ()),
    ],
)
def test_a_typed_place_names_its_zones(typed: str, zones: tuple[str, ...]) -> None:
    assert zones_named(typed) == zones


def test_a_misspelt_zone_is_answered_with_near_ones() -> None:
    assert nearest_zones("Tokio") == ("Asia/Tokyo",)
    assert nearest_zones("Amercia/New_York")[0] == "America/New_York"
    assert nearest_zones("xyzzy") == ()


def test_zones_and_countries_are_known_by_their_exact_names() -> None:
    assert is_zone("Europe/Dublin")
    assert not is_zone("europe/dublin")
    assert is_country("NO")
    assert is_country("US-CA")
    assert not is_country("Norway")


def test_a_zone_is_read_once_however_many_others_are_asked_for() -> None:
    before = rules_of("Asia/Tokyo")
    for name in sorted(zoneinfo.available_timezones())[:50]:
        rules_of(name)
    known = rules_of.cache_info().misses
    assert rules_of("Asia/Tokyo") is before
    assert rules_of.cache_info().misses == known
