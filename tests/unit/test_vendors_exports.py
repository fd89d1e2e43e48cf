"""Exports of other tools: each object is reported, and our shifts are theirs, minute for minute."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rotations.imports import Answers, Imported, NotImportable, Outcome, QuestionKind
from rotations.model import Organisation, Person, Seat
from rotations.shifts import Resolver, resolver_of
from rotations.vendors.joining import with_part
from rotations.vendors.reading import READERS, read
from rotations.vendors.wish import VendorWish

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "vendors"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST = datetime(2027, 4, 10, tzinfo=UTC)
ORACLE_STEP = timedelta(hours=3, minutes=47)


def of(kind: str, wish: VendorWish | None = None) -> Imported:
    return read(kind, (CORPUS / f"{kind}.json").read_bytes(), wish or VendorWish(NOW))


def on(resolver: Resolver, t: datetime) -> set[str]:
    return {key for row in resolver.at(t) for key in row.people}


def agrees(imported: Imported, schedule: str, expected: Callable[[datetime], set[str]], zone: str) -> None:
    """At each step across both clock changes; `expected` answers local naive times."""
    resolver, t = resolver_of(imported.organisation, schedule), NOW
    while t < LAST:
        there = t.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert on(resolver, t) == expected(there), t
        t += ORACLE_STEP


def turn(t: datetime, since: datetime, length: timedelta, people: list[str]) -> str:
    return people[(t - since) // length % len(people)]


def pagerduty_safety(t: datetime) -> set[str]:
    if datetime(2026, 12, 8, 9) <= t < datetime(2026, 12, 8, 12):
        return {"di-xu"}
    if t.hour >= 22 or t.hour < 6:
        return {"cy-okafor"}
    week = timedelta(days=7)
    if t.weekday() >= 5:
        return {turn(t, datetime(2026, 1, 3), week, ["bo-chen", "cy-okafor"])}
    return {turn(t, datetime(2026, 1, 5, 9), week, ["ana-lima", "bo-chen"])}


def pagerduty_second(t: datetime) -> set[str]:
    people = ["ana-lima", "bo-chen", "", "cy-okafor"]
    return {turn(t, datetime(2026, 1, 5, 8), timedelta(hours=12), people)} - {""}


def opsgenie_desk(t: datetime) -> set[str]:
    if datetime(2026, 12, 5, 10) <= t < datetime(2026, 12, 5, 12):
        return {"cy-okafor"}
    found = {turn(t, datetime(2026, 1, 5, 9), timedelta(days=7), ["ana-lima", "bo-chen"])}
    minute = t.weekday() * 1440 + t.hour * 60 + t.minute
    if 9 * 60 <= minute < 4 * 1440 + 17 * 60:
        found.add(turn(t, datetime(2026, 1, 5, 9), timedelta(days=1), ["cy-okafor", ""]))
    return found - {""}


def opsgenie_nights(t: datetime) -> set[str]:
    if t.hour >= 22 or (t.hour, t.minute) < (6, 30):
        return {turn(t, datetime(2026, 1, 5, 22), timedelta(days=2), ["ana-lima", "bo-chen"])}
    return set()


def grafana_web(t: datetime) -> set[str]:
    if datetime(2026, 12, 9, 10) <= t < datetime(2026, 12, 9, 12):
        return {"bo-chen"}
    if t.weekday() >= 5 and 10 <= t.hour < 14:
        served = (t.date() - datetime(2026, 1, 3).date()).days // 7 * 2 + t.weekday() - 5
        return {["ana-lima", "bo-chen", "cy-okafor"][served % 3]}
    found: set[str] = set()
    if t.weekday() < 5 and 8 <= t.hour < 20:
        groups = ["bo-chen cy-okafor", "ana-lima"]
        found |= set(turn(t, datetime(2026, 1, 5), timedelta(days=7), groups).split())
    if t.hour >= 20 or t.hour < 8:
        found.add(turn(t, datetime(2026, 1, 5, 20), timedelta(days=1), ["cy-okafor", "ana-lima"]))
    if datetime(2026, 12, 4, 10) <= t < datetime(2026, 12, 4, 12):
        found.add("cy-okafor")
    return found


@pytest.mark.parametrize(
    ("kind", "schedule", "zone", "expected"),
    [
        ("pagerduty", "Safety", "America/New_York", pagerduty_safety),
        ("pagerduty", "Second line", "Europe/Berlin", pagerduty_second),
        ("opsgenie", "Desk", "Europe/London", opsgenie_desk),
        ("opsgenie", "Nights", "Europe/London", opsgenie_nights),
        ("grafana", "Web", "Europe/Berlin", grafana_web),
    ],
)
def test_the_shifts_of_a_schedule_are_those_of_the_other_tool(
    kind: str, schedule: str, zone: str, expected: Callable[[datetime], set[str]]
) -> None:
    agrees(of(kind), schedule, expected, zone)


@pytest.mark.parametrize("kind", READERS)
def test_every_object_has_a_line_and_what_is_not_taken_as_it_stands_says_why(kind: str) -> None:
    told = [[line.number, line.what, line.outcome.value, line.why] for line in of(kind).report]
    assert all(why or outcome == "taken" for _, _, outcome, why in told)
    assert told == json.loads((CORPUS / f"{kind}.report.json").read_text())


def test_somebody_unknown_is_a_question_with_a_proposal_and_their_turns_stay_open() -> None:
    (question,) = of("pagerduty").questions
    assert (question.kind, question.asked, question.proposals) == (
        QuestionKind.PERSON,
        "Ann Lima",
        ("ana-lima",),
    )


@pytest.mark.parametrize(("answer", "people"), [("di-xu", 4), ("", 3)])
def test_an_answer_says_who_it_is_or_leaves_the_turn_out(answer: str, people: int) -> None:
    imported = of("pagerduty", VendorWish(NOW, answers=Answers(people={"Ann Lima": answer})))
    assert not imported.questions
    second = imported.organisation.schedule("Second line")
    assert second is not None
    named = {p for layer in second.regions[0].layers for m in layer.rotation.versions[0].members for p in m}
    assert len(named) == people


def test_an_address_that_is_known_here_is_the_same_person() -> None:
    here = Organisation(people=(Person("anna", "Ana", slack="Ana@example.com", zone="Asia/Tokyo"),))
    imported = of("pagerduty", VendorWish(NOW, here))
    assert imported.organisation.person("anna") == here.people[0]
    assert imported.organisation.person("ana-lima") is None


def test_a_zone_nobody_knows_is_a_question_and_its_schedule_waits() -> None:
    source = (CORPUS / "pagerduty.json").read_text().replace("Europe/Berlin", "Berlin time")
    imported = read("pagerduty", source.encode(), VendorWish(NOW))
    asked = [q for q in imported.questions if q.kind is QuestionKind.ZONE]
    assert [question.asked for question in asked] == ["Berlin time"]
    assert [schedule.name for schedule in imported.organisation.schedules] == ["Safety"]
    answered = VendorWish(NOW, answers=Answers(zones={"Berlin time": "Europe/Berlin"}))
    assert len(read("pagerduty", source.encode(), answered).organisation.schedules) == 2


def test_region_seat_and_schedule_can_be_named() -> None:
    wish = VendorWish(NOW, schedule="Safety", region="AMER", seat=Seat.BACKUP)
    (schedule,) = of("pagerduty", wish).organisation.schedules
    (region,) = schedule.regions
    assert (region.name, region.all_seats()) == ("AMER", (Seat.BACKUP,))


def test_importing_again_changes_nothing_and_what_stood_stays() -> None:
    here = with_part(Organisation(people=(Person("kenji", "Kenji Mori"),)), of("opsgenie").organisation)
    again = of("opsgenie", VendorWish(NOW, here))
    assert with_part(here, again.organisation) == here
    assert here.people[0].key == "kenji"
    assert here.paged == "Desk"
    assert not [
        line
        for line in again.report
        if line.what.startswith("escalation") and line.outcome is Outcome.DROPPED
    ]


@pytest.mark.parametrize("data", [b"\xff", b"{", b"[" * 100_000, b"[]", b'{"users": NaN}', b"{}", b"1"])
@pytest.mark.parametrize("kind", READERS)
def test_a_file_that_is_no_export_is_refused(kind: str, data: bytes) -> None:
    with pytest.raises(NotImportable):
        read(kind, data, VendorWish(NOW))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("worse", [None, "x", -1, 10**11, {}, "9999-12-31T23:59:59Z", [[1]]])
def test_one_wrong_field_never_fails_the_file(kind: str, worse: object) -> None:
    source = (CORPUS / f"{kind}.json").read_text()
    for path in _fields(json.loads(source)):
        tree: Any = json.loads(source)
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = worse
        try:
            told = read(kind, json.dumps(tree).encode(), VendorWish(NOW))
        except NotImportable:
            assert len(path) == 1
        else:
            assert told.report


def _fields(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    rows = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = [(*path, key) for key, _ in rows]
    rows = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return found + [each for key, value in rows for each in _fields(value, (*path, key))]
