"""What exports of other tools rarely hold: each is dropped or adapted with its reason."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rotations.escalation import Level, Policy, Reach, When
from rotations.imports import Answers, Imported, NotImportable, Outcome
from rotations.model import Organisation, Region, Schedule, Seat
from rotations.shifts import resolver_of
from rotations.vendors.joining import with_part
from rotations.vendors.reading import read
from rotations.vendors.tree import MOST_BYTES, MOST_OBJECTS
from rotations.vendors.wish import VendorWish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = {"id": "A", "name": "Ana Lima", "email": "ana@example.com", "time_zone": "Europe/London"}
BO = {"id": "B", "name": "Bo Chen", "email": "bo@example.com", "time_zone": "Europe/London"}
LAYER = {
    "id": "L",
    "name": "Weeks",
    "start": "2026-01-05T09:00:00Z",
    "rotation_virtual_start": "2026-01-05T09:00:00Z",
    "rotation_turn_length_seconds": 604800,
    "users": [{"user": {"id": "A"}}, {"user": {"id": "B"}}],
}
RULE = {"escalation_delay_in_minutes": 5, "targets": [{"type": "schedule_reference", "id": "S"}]}


def pagerduty(wish: VendorWish | None = None, layer: Any = (), **more: Any) -> Imported:
    schedule = {"id": "S", "name": "Safety", "time_zone": "Europe/London"}
    schedule |= {"schedule_layers": [LAYER | dict(layer)]} | more.pop("schedule", {})
    tree = {"users": [ANA, BO], "schedules": [schedule], **more}
    return read("pagerduty", json.dumps(tree).encode(), wish or VendorWish(NOW))


def opsgenie(*rotations: Any, wish: VendorWish | None = None, **more: Any) -> Imported:
    users = [{"id": "A", "username": "ana@example.com", "fullName": "Ana Lima", "timeZone": "Europe/London"}]
    users.append(
        {"id": "B", "username": "bo@example.com", "fullName": "Bo Chen", "timeZone": "Europe/London"}
    )
    rows = [
        {
            "id": f"R{n}",
            "name": f"r{n}",
            "startDate": "2026-01-05T09:00:00Z",
            "type": "weekly",
            "participants": [{"type": "user", "id": "A"}],
        }
        | dict(each)
        for n, each in enumerate(rotations)
    ]
    schedule = {"id": "S", "name": "Desk", "timezone": "Europe/London", "rotations": rows}
    tree = {"users": users, "schedules": [schedule], **more}
    return read("opsgenie", json.dumps(tree).encode(), wish or VendorWish(NOW))


def grafana(shift: Any, **more: Any) -> Imported:
    row = {
        "id": "O",
        "name": "Turns",
        "type": "rolling_users",
        "start": "2026-01-05T09:00:00",
        "duration": 86400,
        "frequency": "daily",
        "rolling_users": [["A"], ["B"]],
    } | shift
    tree = {"users": [ANA, BO], "on_call_shifts": [row], **more}
    tree["schedules"] = [{"id": "S", "name": "Web", "time_zone": "Europe/London", "shifts": ["O"]}]
    return read("grafana", json.dumps(tree).encode(), VendorWish(NOW))


def line(imported: Imported, what: str) -> tuple[Outcome, str]:
    return next((each.outcome, each.why) for each in imported.report if each.what.startswith(what))


def on(imported: Imported, at: str) -> list[str]:
    (schedule,) = imported.organisation.schedules
    rows = resolver_of(imported.organisation, schedule.name).at(datetime.fromisoformat(at))
    return [person for row in rows for person in row.people]


def test_a_layer_ends_here_when_it_ends_there() -> None:
    ending = pagerduty(layer={"end": "2026-12-24T18:00:00Z"})
    assert line(ending, "layer") == (Outcome.TAKEN, "")
    assert (on(ending, "2026-12-24T17:59:00Z"), on(ending, "2026-12-24T18:00:00Z")) == (["ana-lima"], [])


def test_a_layer_that_begins_ahead_begins_then_even_within_a_turn() -> None:
    ahead = pagerduty(layer={"start": "2026-12-10T12:00:00Z"})
    assert line(ahead, "layer") == (Outcome.TAKEN, "")
    assert (on(ahead, "2026-12-10T11:59:00Z"), on(ahead, "2026-12-10T12:00:00Z")) == ([], ["ana-lima"])
    exact = pagerduty(layer={"start": "2026-12-07T09:00:00Z"})
    assert (on(exact, "2026-12-07T08:59:00Z"), on(exact, "2026-12-07T09:00:00Z")) == ([], ["ana-lima"])


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        ({"rotation_turn_length_seconds": 90}, "too short to be written out"),
        ({"rotation_turn_length_seconds": 0}, "A turn of 0 seconds is none."),
        ({"start": "2026-12-24T18:00:00Z", "end": "2026-12-01T18:00:00Z"}, "It ends before it begins."),
        ({"users": []}, "Nobody who is known takes turns in it."),
        ({"rotation_virtual_start": "soon"}, "Its rotation_virtual_start soon is no time."),
        ({"rotation_virtual_start": "1066-01-05T09:00:00Z"}, "is not between 1970 and 2100."),
        ({"restrictions": [{"type": "weekly_restriction", "start_day_of_week": 8,
                            "start_time_of_day": "09:00:00", "duration_seconds": 3600}]}, "the days 1 to 7"),
    ],
)  # fmt: skip
def test_a_layer_that_is_no_rotation_here_is_dropped_with_its_reason(layer: Any, why: str) -> None:
    outcome, said = line(pagerduty(layer=layer), "layer")
    assert (outcome, why in said) == (Outcome.DROPPED, True)


def test_overrides_that_overlap_or_cannot_be_read_are_dropped() -> None:
    rows = [
        {"id": "1", "start": "2026-12-08T09:00:00Z", "end": "2026-12-08T12:00:00Z", "user": {"id": "A"}},
        {"id": "2", "start": "2026-12-08T11:00:00Z", "end": "2026-12-08T13:00:00Z", "user": {"id": "B"}},
        {"id": "3", "start": "2026-12-09T11:00:00Z", "end": "2026-12-09T13:00:00Z", "user": {"id": "X"}},
        {"id": "4", "start": "whenever", "end": "2026-12-09T13:00:00Z", "user": {"id": "A"}},
    ]
    imported = pagerduty(schedule={"overrides": rows})
    assert [override.id for override in imported.organisation.overrides] == ["import/1"]
    whys = [each.why for each in imported.report if each.what.startswith("override")]
    assert "overlaps one that stands" in whys[1]
    assert whys[2:] == ["It waits until it is said who that is.", "Its start whenever is no time."]


def test_two_layers_of_one_name_stay_two() -> None:
    hours = {"restrictions": [{"type": "daily_restriction", "start_time_of_day": "09:00:00",
                               "duration_seconds": 3600}]}  # fmt: skip
    imported = pagerduty(schedule={"schedule_layers": [LAYER | hours | {"id": n} for n in "123"]})
    (region,) = imported.organisation.schedules[0].regions
    assert [layer.name for layer in region.layers] == ["Weeks", "Weeks (2)", "Weeks (3)"]


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ({"escalation_rules": []}, "Nobody of its levels is known here."),
        ({"escalation_rules": [RULE], "num_loops": "many"}, "all leads come after it"),
        ({"escalation_rules": [RULE | {"escalation_delay_in_minutes": "x"}] * 12}, "It has 12 levels"),
        ({"escalation_rules": [RULE], "num_loops": 9}, "It begins anew 5 times"),
        ({"escalation_rules": [{"targets": [{"type": "user_reference", "id": "A"}]}]}, "chosen by severity"),
        ({"escalation_rules": [RULE, {"targets": [{"type": "schedule", "id": "X", "summary": "Gone"}]}]},
         "Gone was not imported."),
    ],
)  # fmt: skip
def test_a_ladder_is_taken_as_far_as_it_means_the_same(policy: Any, why: str) -> None:
    imported = pagerduty(escalation_policies=[{"id": "E", "name": "Ladder"} | policy])
    assert why in line(imported, "escalation")[1]


def test_a_ladder_that_stands_here_stays() -> None:
    mine = Policy(When(), (Level(0, (Reach("lead"),)),))
    here = Organisation(
        schedules=(Schedule("Safety", next(iter(pagerduty().organisation.schedules)).mode, ()),),
        escalation=(mine,),
    )
    rules = [{"id": "E", "name": "Ladder", "escalation_rules": [RULE]}]
    imported = pagerduty(VendorWish(NOW, here), escalation_policies=rules)
    assert line(imported, "escalation")[0] is Outcome.DROPPED
    assert with_part(here, imported.organisation).escalation == (mine,)


def test_a_rotation_joins_the_others_when_it_begins_and_leaves_them_when_it_ends() -> None:
    later = {"startDate": "2027-01-04T09:00:00Z", "endDate": "2027-02-01T00:00:00Z"}
    imported = opsgenie({}, later | {"participants": [{"type": "user", "id": "B"}]})
    assert on(imported, "2027-01-04T08:59:00Z") == ["ana-lima"]
    assert on(imported, "2027-01-04T09:00:00Z") == ["ana-lima", "bo-chen"]
    assert on(imported, "2027-02-01T00:00:00Z") == ["ana-lima"]


def test_rotations_that_never_fit_one_grid_are_planned_shift_by_shift() -> None:
    odd = {"type": "hourly", "length": 997, "participants": [{"type": "user", "id": "B"}, {"type": "none"}]}
    imported = opsgenie({}, odd)
    outcome, why = line(imported, "rotation r1")
    assert outcome is Outcome.ADAPTED
    assert "until 2027-05-21: import it again before then" in why
    (schedule,) = imported.organisation.schedules
    resolver = resolver_of(imported.organisation, schedule.name)
    begins, turn = datetime(2026, 1, 5, 9), timedelta(hours=997)
    for step in range(150):
        t = NOW + timedelta(hours=step * 28)
        there = t.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None)
        both = ["ana-lima", "bo-chen"] if (there - begins) // turn % 2 == 0 else ["ana-lima"]
        assert [person for row in resolver.at(t) for person in row.people] == both


def test_rotations_that_do_not_overlap_are_layers_of_their_own() -> None:
    def half(opens: int, closes: int) -> dict[str, object]:
        hours = {"startHour": opens, "startMin": 0, "endHour": closes, "endMin": 0}
        return {"timeRestriction": {"type": "time-of-day", "restriction": hours}}

    imported = opsgenie(half(9, 21), half(21, 9) | {"participants": [{"type": "user", "id": "B"}]})
    assert line(imported, "rotation r0") == (Outcome.TAKEN, "")
    assert (on(imported, "2026-12-08T12:00:00Z"), on(imported, "2026-12-08T22:00:00Z")) == (
        ["ana-lima"],
        ["bo-chen"],
    )


@pytest.mark.parametrize(
    ("rotation", "why"),
    [
        ({"type": "yearly"}, "not hourly, daily or weekly"),
        ({"length": 0}, "Its length of 0 is none."),
        ({"participants": [{"type": "none"}]}, "Nobody who is known"),
        ({"endDate": "2026-05-01T00:00:00Z"}, "It has ended."),
        ({"timeRestriction": {"type": "time-of-day", "restriction": {"startHour": 25, "endHour": 3}}}, "25:"),
        ({"timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": [
            {"startDay": "someday", "startHour": 9, "endDay": "friday", "endHour": 17}]}}, "no weekday"),
    ],
)  # fmt: skip
def test_a_rotation_of_opsgenie_that_cannot_be_taken_says_why(rotation: Any, why: str) -> None:
    outcome, said = line(opsgenie(rotation), "rotation")
    assert (outcome, why in said) == (Outcome.DROPPED, True)


def test_overrides_of_opsgenie_may_stand_apart() -> None:
    user = {"type": "user", "id": "B", "username": "bo@example.com"}
    rows = [
        {"alias": "1", "_parent": {"id": "S"}, "user": user, "startDate": "2026-12-08T09:00:00Z",
         "endDate": "2026-12-08T12:00:00Z"},
        {"alias": "2", "_parent": {"id": "gone"}, "user": user},
        {"alias": "3", "_parent": {"name": "Desk"}, "user": user},
    ]  # fmt: skip
    imported = opsgenie({}, overrides=rows)
    assert on(imported, "2026-12-08T10:00:00Z") == ["bo-chen"]
    whys = [each.why for each in imported.report if each.what.startswith("override")]
    assert whys == ["", "Its startDate is missing.", "Its schedule was not imported."]


def test_an_escalation_of_opsgenie_pages_people_at_its_minutes() -> None:
    def rule(after: object, recipient: object) -> dict[str, object]:
        return {"delay": after, "recipient": recipient, "notifyType": "default"}

    rules = [
        rule({"timeAmount": "x"}, {"type": "schedule", "name": "Desk"}),
        rule({"timeAmount": 2, "timeUnit": "hours"}, {"type": "user", "username": "bo@example.com"}),
        rule({"timeAmount": 2}, {"type": "user", "username": "nobody@example.com"}),
    ]
    wish = VendorWish(NOW, answers=Answers(people={"nobody@example.com": ""}))
    imported = opsgenie(
        {}, wish=wish, escalations=[{"id": "E", "name": "L", "rules": rules, "repeat": {"count": "x"}}]
    )
    (policy,) = imported.organisation.escalation
    assert [level.after_min for level in policy.levels] == [0, 120, 240]


def test_a_schedule_that_is_not_wanted_has_no_line() -> None:
    other = VendorWish(NOW, schedule="Other")
    assert not opsgenie({}, wish=other).organisation.schedules
    web = json.dumps({"users": [ANA], "schedules": [{"id": "S", "name": "Web", "shifts": []}]}).encode()
    assert [each.what for each in read("grafana", web, other).report] == ["user Ana Lima"]
    zoneless = json.dumps({"schedules": [{"id": "S", "name": "Desk", "rotations": []}]}).encode()
    assert line(read("opsgenie", zoneless, VendorWish(NOW)), "schedule")[1].startswith("It waits")


@pytest.mark.parametrize(
    ("shift", "at", "people"),
    [
        ({"duration": 28800}, "2026-12-08T12:00:00Z", ["bo-chen"]),
        ({"duration": 28800}, "2026-12-08T18:00:00Z", []),
        ({"interval": 2, "duration": 172800}, "2026-12-08T12:00:00Z", ["ana-lima"]),
        ({"frequency": "hourly", "interval": 12, "duration": 43200}, "2026-12-08T22:00:00Z", ["bo-chen"]),
        ({"type": "recurrent_event", "frequency": "weekly", "interval": 2, "by_day": ["TU"], "duration": 3600,
          "users": ["A", "B"]}, "2026-12-08T09:30:00Z", ["ana-lima", "bo-chen"]),
        ({"type": "recurrent_event", "frequency": "weekly", "interval": 2, "by_day": ["TU"], "duration": 3600,
          "users": ["A", "B"]}, "2026-12-15T09:30:00Z", []),
        ({"start_rotation_from_user_index": 1}, "2026-12-08T12:00:00Z", ["ana-lima"]),
    ],
)  # fmt: skip
def test_shifts_of_grafana_come_back_as_they_say(shift: Any, at: str, people: list[str]) -> None:
    assert on(grafana(shift), at) == people


@pytest.mark.parametrize(
    ("shift", "why"),
    [
        ({"by_day": ["XX"]}, "weekdays that there are not"),
        ({"rolling_users": []}, "Nobody who is known"),
        ({"until": "2026-05-01T00:00:00"}, "It has ended."),
        ({"by_month": [1]}, "some months"),
        ({"frequency": "monthly", "by_day": ["MO"]}, "weekdays of a month"),
        ({"frequency": "hourly", "interval": 7, "by_day": ["MO"]}, "begin at other times each day"),
        ({"frequency": "yearly"}, "no cycle of hours"),
    ],
)
def test_a_shift_of_grafana_that_cannot_be_taken_says_why(shift: Any, why: str) -> None:
    assert why in line(grafana(shift), "shift")[1]


def test_a_chain_with_steps_out_of_order_or_shape_still_climbs() -> None:
    rules = [
        {"escalation_chain_id": "C", "type": "wait", "duration": "x", "position": "y"},
        {
            "escalation_chain_id": "C",
            "type": "notify_on_call_from_schedule",
            "notify_on_call_from_schedule": "S",
        },
    ]
    imported = grafana({}, escalation_policies=rules, escalation_chains=[{"id": "C", "name": "Chain"}])
    assert imported.organisation.escalation[0].levels[0].page == (Reach("primary"),)


def test_two_people_of_one_name_have_keys_of_their_own() -> None:
    twins = [ANA, ANA | {"id": "B", "email": "other@example.com"}]
    imported = pagerduty(users=twins)
    assert [person.key for person in imported.organisation.people] == ["ana-lima", "ana-lima-2"]
    region: Region = imported.organisation.schedules[0].regions[0]
    assert region.all_seats() == (Seat.PRIMARY,)


def test_a_file_beyond_every_export_is_refused() -> None:
    with pytest.raises(NotImportable, match="larger than 8 MiB"):
        read("pagerduty", b" " * (MOST_BYTES + 1), VendorWish(NOW))
    crowd = json.dumps({"users": [{"id": str(number)} for number in range(MOST_OBJECTS + 1)]}).encode()
    with pytest.raises(NotImportable, match="Take a part of it"):
        read("opsgenie", crowd, VendorWish(NOW))
