"""docs/fairness.md names the points, hours and limits that are really counted."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from rotations import eligibility, load, rest, served

PAGE = (Path(__file__).parents[2] / "docs" / "fairness.md").read_text(encoding="utf-8")
POINTS = re.compile(r"^\| ([^|]+) \|[^|]+\| ([\d.]+) \|$", re.MULTILINE)


def hours(length: timedelta) -> int:
    return length // timedelta(hours=1)


def test_the_points_of_the_table_are_the_ones_that_are_given() -> None:
    assert {what: float(points) for what, points in POINTS.findall(PAGE)} == {
        "night": load.NIGHT,
        "weekend": load.WEEKEND,
        "public holiday": load.HOLIDAY,
        "page": load.PAGE,
        "page at SEV0 or SEV1": load.GRAVE,
    }


def test_the_limits_of_rest_are_the_ones_that_are_kept() -> None:
    assert f"at least **{hours(rest.LEAST_REST)} hours** between two shifts" in PAGE
    assert f"no stretch of more than **{hours(rest.LONGEST_STRETCH)} hours**" in PAGE
    assert ("**two weekends in a row**" in PAGE) == (rest.MOST_WEEKENDS == 2)


def test_night_and_day_begin_when_the_page_says() -> None:
    assert f"between {served.NIGHT_FROM:%H:%M} and {served.NIGHT_UNTIL:%H:%M}" in PAGE
    assert f"({eligibility.AWAKE_FROM:%H:%M} to {eligibility.AWAKE_UNTIL:%H:%M})" in PAGE
    assert hours(served.COUNTS_FROM) == 1
    assert f"Over the last {load.LOOKED_BACK.days} days" in PAGE
