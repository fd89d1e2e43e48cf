"""Set-ups as teams keep them: a schedule for each seat, shifts made on the web, hours that end."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rotations.imports import Imported
from rotations.model import Seat
from rotations.shifts import resolver_of
from rotations.vendors.reading import read
from rotations.vendors.wish import VendorWish

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "vendors"
FILES = ("pagerduty-seats", "opsgenie-seats", "grafana-web")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HALF, DAY, WEEK = timedelta(hours=12), timedelta(days=1), timedelta(days=7)


def of(name: str, wish: VendorWish | None = None) -> Imported:
    kind = name.partition("-")[0]
    return read(kind, (CORPUS / f"{name}.json").read_bytes(), wish or VendorWish(NOW))


def turn(t: datetime, since: datetime, length: timedelta, people: list[str]) -> set[str]:
    return set(people[(t - since) // length % len(people)].split())


def payments(t: datetime) -> set[str]:
    if datetime(2026, 12, 24, 8) <= t < datetime(2026, 12, 25, 8):
        return {"nils-brandt"}
    minute = t.weekday() * 1440 + t.hour * 60 + t.minute
    late = minute >= 6 * 1440 + 1200 or minute < 480
    if late or any(day * 1440 + 540 <= minute < day * 1440 + 1020 for day in (0, 2)):
        return turn(t, datetime(2026, 3, 2, 9), DAY, ["mara-quist", "olga-petrescu"])
    if t >= datetime(2027, 1, 18, 8):
        return set()
    return turn(t, datetime(2026, 3, 2, 8), HALF, ["mara-quist", "nils-brandt", "olga-petrescu"])


def payments_backup(t: datetime) -> set[str]:
    if datetime(2026, 12, 1, 9) <= t < datetime(2026, 12, 2, 9):
        return {"nils-brandt"}
    return turn(t, datetime(2026, 3, 2, 9), WEEK, ["olga-petrescu", "mara-quist"])


def trust(t: datetime) -> set[str]:
    minute = t.weekday() * 1440 + t.hour * 60 + t.minute
    found = turn(t, datetime(2026, 2, 2, 8), HALF, ["tom-vale", "rui-santos tom-vale", ""])
    if datetime(2026, 12, 10, 8) <= t < datetime(2026, 12, 10, 20):
        return {"sia-moreau"}
    if 480 <= minute < 1200 or 2 * 1440 + 510 <= minute < 4 * 1440 + 1080:
        found |= turn(t, datetime(2026, 2, 2, 8), 2 * WEEK, ["rui-santos", "", "sia-moreau"])
    if datetime(2027, 1, 4, 9) <= t < datetime(2027, 2, 1, 9):
        found.add("sia-moreau")
    return found


def trust_backup(t: datetime) -> set[str]:
    if datetime(2026, 12, 11, 20) <= t < datetime(2026, 12, 12, 8):
        return {"tom-vale"}
    is_night = t.hour >= 20 or t.hour < 8
    return turn(t, datetime(2026, 2, 2, 9), WEEK, ["sia-moreau", "rui-santos"]) if is_night else set()


def platform(t: datetime) -> set[str]:
    """In UTC, as it is kept there."""
    if datetime(2026, 12, 3, 6) <= t < datetime(2026, 12, 3, 18):
        return {"will", "xena"}
    begun = t if t.hour >= 20 else t - DAY
    if begun.weekday() >= 4 and (t.hour >= 20 or t.hour < 6):
        return turn(begun, datetime(2026, 3, 2), WEEK, ["vera will", "xena"])
    return turn(t, datetime(2026, 3, 2, 6), HALF, ["will", "xena", "vera"])


def release(t: datetime) -> set[str]:
    if datetime(2026, 12, 16, 10) <= t < datetime(2026, 12, 16, 12):
        return {"will"}
    if (
        t < datetime(2026, 12, 24, 21)
        and (t.date() - datetime(2026, 3, 2).date()).days % 2 == 0
        and 18 <= t.hour < 22
    ):
        return {"xena"}
    if t.day == 31 and 9 <= t.hour < 17:
        # 31 January, March, May, July, August, October, December, then January and March again
        return {{12: "xena", 1: "vera", 3: "xena"}[t.month]}
    return turn(t, datetime(2026, 3, 1, 9), WEEK, ["vera", "will"])


@pytest.mark.parametrize(
    ("name", "place", "zone", "expected"),
    [
        ("pagerduty-seats", ("Payments first", Seat.PRIMARY), "America/Chicago", payments),
        ("pagerduty-seats", ("Payments first", Seat.BACKUP), "America/Chicago", payments_backup),
        ("pagerduty-seats", ("Managers", Seat.PRIMARY), "America/Chicago", lambda _t: {"nils-brandt"}),
        ("opsgenie-seats", ("Trust_schedule", Seat.PRIMARY), "Europe/Paris", trust),
        ("opsgenie-seats", ("Trust_schedule", Seat.BACKUP), "Europe/Paris", trust_backup),
        ("grafana-web", ("Platform", Seat.PRIMARY), "UTC", platform),
        ("grafana-web", ("Release", Seat.PRIMARY), "Europe/Madrid", release),
    ],
)
def test_each_seat_has_the_shifts_of_the_schedule_that_fills_it(
    name: str, place: tuple[str, Seat], zone: str, expected: Callable[[datetime], set[str]]
) -> None:
    resolver, t = resolver_of(of(name).organisation, place[0]), NOW
    while t < NOW + timedelta(days=140):
        there = t.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        on = {person for row in resolver.at(t) if row.seat is place[1] for person in row.people}
        assert on == expected(there), t
        t += timedelta(hours=3, minutes=47)


@pytest.mark.parametrize("name", FILES)
def test_every_object_of_theirs_has_its_line(name: str) -> None:
    told = [[line.number, line.what, line.outcome.value, line.why] for line in of(name).report]
    assert told == json.loads((CORPUS / f"{name}.report.json").read_text())
