"""The schedules file loads as written, and every fault is named with its place."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from rotations.file import parse
from rotations.located import MAX_BYTES
from rotations.model import (
    EVERY_DAY,
    Absence,
    Channels,
    Hours,
    Mode,
    OverrideKind,
    Roster,
    RosterShift,
    Seat,
    Turn,
    TurnUnit,
)
from rotations.refusals import ScheduleFaults
from tests.support.schedules import utc

CORPUS = Path(__file__).parents[1] / "corpus" / "schedules"


def good(name: str) -> str:
    return (CORPUS / "good" / f"{name}.yaml").read_text()


def faults_of(text: str) -> list[str]:
    with pytest.raises(ScheduleFaults) as refused:
        parse(text, "s.yaml")
    return [str(fault) for fault in refused.value.faults]


def test_the_documented_sample_loads() -> None:
    organisation = parse(good("section6"), "section6.yaml")
    schedule = organisation.schedules[0]
    amer = schedule.regions[0]
    version = amer.seats[Seat.PRIMARY].versions[0]
    assert (schedule.name, schedule.mode, amer.zone) == ("safety", Mode.CHAIN, "America/New_York")
    assert version.members == (("ana",), ("bo", "cy"))
    assert (version.turn, version.starts_on, version.at) == (
        Turn(1, TurnUnit.WEEK),
        date(2026, 3, 2),
        time(9),
    )
    assert organisation.overrides[0].start == utc("2026-03-09 12:00")


def test_a_person_may_be_given_by_key_alone() -> None:
    organisation = parse(good("section6"), "section6.yaml")
    assert [(person.key, person.name) for person in organisation.people] == [
        ("ana", "Ana Lima"),
        ("bo", "bo"),
        ("cy", "cy"),
        ("di", "Di Xu"),
    ]


def test_an_unquoted_time_stays_a_time_and_no_stays_norway() -> None:
    organisation = parse(good("unquoted_windows"), "w.yaml")
    oslo, night = organisation.schedules[0].regions
    assert (oslo.starts, oslo.ends, night.ends) == (time(9), time(17), time(0))
    assert [person.country for person in organisation.people] == ["NO", "NO-03"]


def test_override_times_without_a_zone_are_the_regions_own() -> None:
    added, removed = parse(good("unquoted_windows"), "w.yaml").overrides
    # On 29 March Oslo is two hours ahead of UTC.
    assert (added.kind, added.start, added.end) == (
        OverrideKind.ADD,
        utc("2026-03-29 08:00"),
        utc("2026-03-29 12:00"),
    )
    assert (removed.start, removed.end) == (utc("2026-03-29 12:00"), utc("2026-03-29 13:00"))


def test_layers_rosters_covers_and_absences_load_as_written() -> None:
    organisation = parse(good("layers_rosters"), "r.yaml")
    (amer,) = organisation.schedules[0].regions
    assert [(each.name, each.seat, each.hours) for each in amer.layers] == [
        ("weekend", Seat.PRIMARY, (Hours((5, 6), time(0), time(0)),)),
        ("nights", Seat.PRIMARY, (Hours(EVERY_DAY, time(22), time(6)),)),
        ("trial", Seat.SHADOW, ()),
    ]
    assert amer.layers[1].rotation.versions[0].at == time(22)
    # Nine o'clock in New York, before the clocks change, is two in the afternoon in UTC.
    assert amer.rosters[Seat.BACKUP].shifts == (
        RosterShift(("mei",), utc("2026-03-02 14:00"), utc("2026-03-02 22:00")),
        RosterShift(("joy", "mei"), utc("2026-03-02 22:00"), utc("2026-03-03 06:00")),
    )
    assert amer.rosters[Seat.LEAD] == Roster(())
    assert amer.all_seats() == tuple(Seat)
    assert [(each.people, each.cover, each.instead_of) for each in organisation.overrides] == [
        (("mei",), True, "ana"),
        (("joy",), True, "bo"),
    ]
    assert len({each.id for each in organisation.overrides}) == 2
    assert organisation.absences == (
        Absence("ana/2026-03-09T04:00:00Z", "ana", utc("2026-03-09 04:00"), utc("2026-03-11 00:00"), "leave"),
    )


def test_the_section_meridian_names_what_is_paged_and_where_it_speaks() -> None:
    organisation = parse(good("unquoted_windows"), "w.yaml")
    assert (organisation.paged, organisation.specialists) == ("day", {"legal": "day"})
    assert organisation.channels == Channels("alarms", "handover", "meridian-ops")


@pytest.mark.parametrize("name", ["many_faults", "odd_shapes", "layers_rosters"])
def test_all_faults_come_at_once_each_with_file_line_and_column(name: str) -> None:
    with pytest.raises(ScheduleFaults) as refused:
        parse((CORPUS / "bad" / f"{name}.yaml").read_text(), f"{name}.yaml")
    assert str(refused.value) == (CORPUS / "bad" / f"{name}.faults").read_text().rstrip("\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "s.yaml:1:1: The file is empty."),
        ("# nothing\n", "s.yaml:1:1: The file is empty."),
        ("people: [ana]", "s.yaml:1:9: People must be a list of keys with values."),
        ("just words", "s.yaml:1:1: The file must be a list of keys with values."),
        ("? [a]\n: b", "s.yaml:1:3: A key must be a word."),
        ("a: b\n---\nc: d", "s.yaml:2:1: This is not YAML: but found another document."),
        ("people: {ana: {name: *nobody}}", "s.yaml:1:22: This is not YAML: found undefined alias 'nobody'."),
        ("\x07", "s.yaml:1:1: The file holds a character that YAML forbids"),
        (
            'people: {ana: {name: "Ana \\ud83d"}}',
            "s.yaml:1:22: An escape here names a character that",
        ),
        ('people: {"a\\0": {}}', "s.yaml:1:10: An escape here names a character that no text can hold."),
        ("people:\n  ana: !!python/object:os.x {}", "s.yaml:2:8: Tags have no place here"),
        ("people: !!set {ana}", "s.yaml:1:9: Tags have no place here"),
        ("people: &p {ana: *p}", "s.yaml:1:13: Aliases repeat too much here"),
        ("a: " + "[" * 50, "s.yaml:1:1: The file is nested deeper than 40 levels."),
        ("#" * (MAX_BYTES + 1), "s.yaml:1:1: The file is larger than 1,000,000 bytes."),
        ("people: {ana: {ring: pushover}}", "s.yaml:1:22: Say who rings and where, as provider:where"),
        ("people: {ana: {<<: {}}}", 's.yaml:1:16: The person ana has no key "<<"'),
    ],
)
def test_an_unreadable_file_is_one_clear_fault(text: str, fault: str) -> None:
    faults = faults_of(text)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_an_alias_bomb_is_stopped() -> None:
    levels = [f"l{depth}: &l{depth} [{', '.join([f'*l{depth - 1}'] * 10)}]" for depth in range(1, 9)]
    bomb = "\n".join(["l0: &l0 [x, x, x, x, x, x, x, x, x, x]", *levels])
    assert faults_of(bomb)[0].endswith("Aliases repeat too much here; write it out.")


def test_a_section_meridian_may_name_less() -> None:
    organisation = parse("meridian: {}", "s.yaml")
    assert (organisation.paged, organisation.channels) == (None, Channels())
    assert organisation.paged_schedule() is None


def test_where_a_phone_rings_is_kept_as_written() -> None:
    (ana,) = parse('people: {ana: {ring: "twilio:+15550100", mail: ana@example.com}}', "s.yaml").people
    assert (ana.ring, ana.mail) == ("twilio:+15550100", "ana@example.com")


def test_people_are_found_by_key_by_slack_and_as_leads_of_a_region() -> None:
    organisation = parse(
        "people: {ana: {slack: UANA}, di: {lead: true, region: AMER}, el: {lead: true}}", "s.yaml"
    )
    ana = organisation.person("ana")
    assert ana is not None
    assert organisation.person_by_slack("UANA") is ana
    assert organisation.person_by_slack("UBO") is None
    assert [person.key for person in organisation.leads()] == ["di", "el"]
    assert [person.key for person in organisation.leads("AMER")] == ["di"]


def test_overlapping_overrides_name_the_one_in_the_way() -> None:
    text = good("section6") + good("section6").splitlines()[-1]
    assert faults_of(text)[0].endswith(
        "overlaps one that stands: AMER primary, di, 2026-03-09 12:00 to 15:00 UTC."
    )
