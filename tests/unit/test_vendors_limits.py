"""What is odd, doubled, or too much in an export: said, and never a wrong shift."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rotations.imports import Imported, NotImportable, Outcome
from rotations.model import Organisation, Person
from rotations.revision import revised
from rotations.shifts import resolver_of
from rotations.vendors.joining import with_part
from rotations.vendors.reading import MOST_PARTS, read
from rotations.vendors.wish import VendorWish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
USERS = [
    {"id": own, "name": name, "email": f"{own}@example.com", "time_zone": "Europe/Berlin"}
    for own, name in (("A", "Ana"), ("B", "Bo"))
]
SHIFT = {
    "id": "O",
    "name": "Turns",
    "type": "rolling_users",
    "start": "2026-01-05T09:00:00",
    "duration": 86400,
    "frequency": "daily",
    "rolling_users": [["A"], ["B"]],
}
LAYER = {
    "id": "L",
    "name": "Weeks",
    "rotation_virtual_start": "2026-01-05T09:00:00Z",
    "rotation_turn_length_seconds": 604800,
    "users": [{"user": {"id": "A"}}, {"user": {"id": "B"}}],
}


def grafana(**shift: Any) -> Imported:
    schedule = {"id": "S", "name": "Web", "time_zone": "Europe/Berlin", "shifts": ["O"]}
    tree = {"users": USERS, "on_call_shifts": [SHIFT | shift], "schedules": [schedule]}
    return read("grafana", json.dumps(tree).encode(), VendorWish(NOW))


def pagerduty(*layers: Any, now: datetime = NOW, **more: Any) -> Imported:
    schedule = {"id": "S", "name": "Safety", "time_zone": "Europe/Berlin", "schedule_layers": [*layers]}
    tree = {"users": USERS, "schedules": [schedule | more.pop("schedule", {})], **more}
    return read("pagerduty", json.dumps(tree).encode(), VendorWish(now))


def on(organisation: Organisation, at: str) -> list[str]:
    rows = resolver_of(organisation, organisation.schedules[0].name).at(datetime.fromisoformat(at))
    return [person for row in rows for person in row.people]


def why(imported: Imported, what: str) -> str:
    return next(line.why for line in imported.report if line.what.startswith(what))


def test_a_rotation_that_begins_on_none_of_its_days_waits_for_the_first_of_a_week() -> None:
    shift = grafana(frequency="weekly", by_day=["MO", "FR"], start="2027-01-06T09:00:00", week_start="MO")
    assert on(shift.organisation, "2027-01-08T12:00:00+01:00") == []
    assert on(shift.organisation, "2027-01-11T12:00:00+01:00") == ["ana"]
    assert on(shift.organisation, "2027-01-18T12:00:00+01:00") == ["bo"]


def test_shifts_that_run_into_the_next_turn_count_beside_it() -> None:
    long = grafana(frequency="weekly", by_day=["MO", "SA"], duration=3 * 86400)
    assert on(long.organisation, "2026-12-08T12:00:00+01:00") == ["ana"]
    assert sorted(on(long.organisation, "2026-12-07T12:00:00+01:00")) == ["ana", "bo"]


@pytest.mark.parametrize(
    ("shift", "at", "people"),
    [
        (
            {"frequency": "hourly", "interval": 12, "duration": 43200, "by_day": ["MO"]},
            "2026-12-07T12:00",
            ["ana"],
        ),
        (
            {"frequency": "hourly", "interval": 12, "duration": 43200, "by_day": ["MO"]},
            "2026-12-08T06:00",
            ["bo"],
        ),
        (
            {"frequency": "hourly", "interval": 12, "duration": 43200, "by_day": ["MO"]},
            "2026-12-08T12:00",
            [],
        ),
        ({"duration": 2 * 86400}, "2026-12-08T12:00", ["bo"]),
    ],
)
def test_shifts_of_hours_on_weekdays_and_longer_than_their_turns(
    shift: Any, at: str, people: list[str]
) -> None:
    assert on(grafana(**shift).organisation, f"{at}:00+01:00") == people


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        ({"interval": 100, "duration": 60 * 1441, "rolling_users": [["A"]] * 300}, "no common grid"),
        ({"interval": 100, "by_day": ["MO"], "rolling_users": [["A"]] * 300}, "the same day too seldom"),
        ({"duration": 0}, "A shift of 0 seconds is none."),
    ],
)
def test_a_shift_that_fits_no_grid_is_dropped_with_its_reason(shift: Any, said: str) -> None:
    assert said in why(grafana(**shift), "shift")


def test_what_stands_twice_counts_once() -> None:
    cover = {"id": "X", "start": "2026-12-08T09:00:00Z", "end": "2026-12-08T12:00:00Z", "user": {"id": "A"}}
    again = [{"id": "T", "name": "Safety", "time_zone": "UTC", "schedule_layers": [LAYER]}]
    users = [*USERS, USERS[0] | {"name": "Anna"}, USERS[1] | {"id": "B2"}]
    schedule = {"id": "S", "name": "Safety", "time_zone": "Europe/Berlin", "schedule_layers": [LAYER]}
    tree = {"users": users, "schedules": [schedule | {"overrides": [cover, cover]}, *again]}
    found = read("pagerduty", json.dumps(tree).encode(), VendorWish(NOW))
    assert [override.id for override in found.organisation.overrides] == ["import/X"]
    assert len(found.organisation.schedules) == 1
    assert [line.why for line in found.report if line.outcome is Outcome.DROPPED] == [
        "It stands in the file twice.",
        "A schedule of the same name or id comes before it.",
        "It stands in the file twice.",
    ]
    assert why(found, "user Bo") == ""
    assert [line.why for line in found.report if line.what == "user Bo"][
        1
    ] == "The same address is bo in this file."


def test_more_parts_than_a_schedule_has_are_counted() -> None:
    layers = [LAYER | {"id": f"L{number}"} for number in range(MOST_PARTS + 3)]
    assert (
        why(pagerduty(*layers), "3 more of Safety") == f"The first {MOST_PARTS} parts of a schedule are read."
    )


def test_what_would_take_too_long_is_refused_as_a_whole() -> None:
    odd = [
        LAYER | {"id": f"L{number}", "rotation_turn_length_seconds": 3601 + number}
        for number in range(MOST_PARTS)
    ]
    with pytest.raises(NotImportable, match="Take one schedule of it"):
        pagerduty(*odd)


def test_a_roster_stays_in_order_where_the_clocks_skip_an_hour_and_ends_where_the_layer_does() -> None:
    nightly = {"type": "daily_restriction", "start_time_of_day": "02:30:00", "duration_seconds": 1800}
    odd = {"rotation_turn_length_seconds": 3600 * 17 + 90, "restrictions": [nightly], "id": "M"}
    nights = LAYER | odd | {"end": "2027-04-15T00:00:00Z", "users": [{"user": {"id": "B"}}]}
    imported = pagerduty(nights, LAYER | {"users": [{"user": {"id": "A"}}]})
    (roster,) = imported.organisation.schedules[0].regions[0].rosters.values()
    assert all(a.end <= b.start for a, b in zip(roster.shifts, roster.shifts[1:], strict=False))
    found = [on(imported.organisation, f"2027-04-{day}T02:45:00+02:00") for day in (14, 16)]
    assert found == [["bo"], ["ana"]]


def test_an_override_of_one_rotation_over_a_hundred_years_is_for_the_whole_seat() -> None:
    rotation = {
        "id": "R",
        "name": "Hours",
        "startDate": "2026-01-05T09:00:00Z",
        "type": "hourly",
        "participants": [{"type": "user", "id": "A", "username": "A@example.com"}, {"type": "none"}],
    }
    user = {"type": "user", "id": "A", "username": "A@example.com"}
    span = {"startDate": "2026-12-01T00:00:00Z", "endDate": "2090-12-01T00:00:00Z"}
    schedule = {"id": "S", "name": "Desk", "timezone": "UTC", "rotations": [rotation]}
    tree = {
        "users": [{"id": "A", "username": "A@example.com", "fullName": "Ana"}],
        "schedules": [
            schedule | {"overrides": [{"alias": "O", "user": user, "rotations": [{"id": "R"}]} | span]}
        ],
    }
    found = read("opsgenie", json.dumps(tree).encode(), VendorWish(NOW))
    assert why(found, "override") == "There it is for a part of the turns alone; here for the whole seat."


def test_importing_again_keeps_an_end_that_lies_ahead_and_takes_a_new_one() -> None:
    first = pagerduty(LAYER | {"end": "2027-01-10T12:00:00Z"}).organisation
    here = with_part(Organisation(people=(Person("kenji", "Kenji"),)), first)
    later = NOW + timedelta(days=3)
    again = pagerduty(LAYER | {"end": "2027-01-10T12:00:00Z"}, now=later).organisation
    assert revised(here, with_part(here, again), later).schedules == here.schedules
    moved = pagerduty(LAYER | {"end": "2027-02-10T12:00:00Z"}, now=later).organisation
    after = revised(here, with_part(here, moved), later)
    assert on(after, "2026-11-23T12:00:00Z") == on(here, "2026-11-23T12:00:00Z")
    assert on(after, "2027-02-10T11:59:00Z") == ["bo"]
    assert on(after, "2027-02-10T12:00:00Z") == []


def test_half_a_character_in_a_name_becomes_a_mark_that_can_be_stored() -> None:
    found = grafana(name="Half a face \ud83d \U0001f600")
    told = " ".join(line.what for line in found.report)
    assert "Half a face \ufffd \U0001f600" in told
    told.encode()
