"""A roster read line by line: what is taken, split and dropped, and why."""

from datetime import time

import pytest

from rotations.model import Organisation, Person, Region, Roster, RosterShift, Schedule, Seat
from rotations.refusals import UnknownSchedule
from rotations.roster_csv import (
    MOST_CHARACTERS,
    NoRoster,
    RosterReport,
    RosterWish,
    Verdict,
    part_words,
    read_roster,
)
from tests.support.schedules import chain, region, rotation, utc, windows

NOW = utc("2026-11-22 12:00")
PEOPLE = (
    Person("ana", "Ana Lima", "UANA"),
    Person("bo", "Bo Chen", "bo@example.com"),
    Person("bo2", "Sam Doe"),
    Person("cy", "Sam Doe"),
)
TOKYO = region("APAC", "Asia/Tokyo", "10:00", primary=rotation("ana"))
DUBLIN = region("EMEA", "Europe/Dublin", "09:00", primary=rotation("bo"), backup=rotation("ana"))
BOTH = chain(TOKYO, DUBLIN)
ONE = chain(DUBLIN)
PAGED = RosterWish()


def read(lines: str, schedule: Schedule = ONE, wish: RosterWish = PAGED) -> RosterReport:
    return read_roster(lines, Organisation(PEOPLE, (schedule,)), wish, NOW)


def said(report: RosterReport) -> list[tuple[int, str, str]]:
    return [(line.number, line.verdict.value, line.why) for line in report.lines]


def why(line: str, schedule: Schedule = ONE, wish: RosterWish = PAGED) -> str:
    """Why this one line is dropped."""
    (only,) = read(line, schedule, wish).lines
    assert (only.verdict, only.parts) == (Verdict.DROPPED, ())
    return only.why


def test_a_line_is_taken_whole_in_the_zone_it_names() -> None:
    report = read(
        "person,start,end,zone,seat\nana,2026-12-01 09:00,2026-12-01 17:00,America/New_York,primary\n"
    )
    assert said(report) == [(2, "taken", "")]
    shift = RosterShift(("ana",), utc("2026-12-01 14:00"), utc("2026-12-01 22:00"))
    assert report.shifts == {("EMEA", Seat.PRIMARY): (shift,)}
    assert report.schedule == "safety"
    assert report.count(Verdict.TAKEN) == 1


def test_without_a_header_the_columns_stand_in_their_order_and_with_one_in_its_own() -> None:
    plain = read("ana,2026-12-01 09:00,2026-12-01 17:00,Europe/Dublin,primary")
    turned = read("Seat;Person;Zone;Start;End\nprimary;ana;Dublin;2026-12-01T09:00;2026-12-01T17:00")
    assert plain.shifts == turned.shifts


def test_what_is_pasted_from_a_sheet_has_tabs_quotes_a_mark_and_empty_lines() -> None:
    report = read('\ufeff# December\n\n"Ana Lima"\t2026-12-01 09:00\t2026-12-01 17:00\t\tEMEA primary\n')
    assert said(report) == [(3, "taken", "")]


@pytest.mark.parametrize("person", ["ana", "ANA LIMA", "<@UANA>", "<@UANA|ana>", "@ana", "uana"])
def test_a_person_is_named_by_key_name_or_slack_id(person: str) -> None:
    (line,) = read(f"{person},2026-12-01 09:00,2026-12-01 17:00,,primary").lines
    assert line.parts[0].person == "ana"


def test_a_person_is_named_by_address() -> None:
    (line,) = read("bo@example.com,2026-12-01 09:00,2026-12-01 17:00,,primary").lines
    assert line.parts[0].person == "bo"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("anna,2026-12-01 09:00,2026-12-01 17:00,,primary", 'no person "anna". Did you mean "ana"?'),
        (",2026-12-01 09:00,2026-12-01 17:00,,primary", "names no person"),
        ("Sam Doe,2026-12-01 09:00,2026-12-01 17:00,,primary", "the name of bo2 and cy"),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,,primry", 'no seat "primry". Did you mean "primary"?'),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,,", 'no seat ""'),
        ("ana", 'no seat ""'),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,,APAC primary", 'no region "APAC"'),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,Tokio,primary", "Did you mean Asia/Tokyo?"),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,Nowhere,primary", "Zones read like Europe/Dublin"),
        ("ana,2026-12-01 09:00,2026-12-01 17:00,Central,primary", "write the one you mean"),
        ("ana,01/12/2026 09:00,2026-12-01 17:00,,primary", "write it like 2026-12-01 09:00"),
        ("ana,2026-02-30 09:00,2026-12-01 17:00,,primary", "on no calendar or clock"),
        ("ana,2026-12-01 29:00,2026-12-02 17:00,,primary", "on no calendar or clock"),
        ("ana,1826-12-01 09:00,2026-12-01 17:00,,primary", "too far away"),
        ("ana,2026-12-01 17:00,2026-12-01 09:00,,primary", "ends before it begins"),
        ("ana,2026-12-01,2028-12-01,,primary", "longer than a year"),
        ("ana,2026-11-01 09:00,2026-11-02 17:00,,primary", "over already"),
    ],
)
def test_what_cannot_be_read_drops_the_line_and_says_why(line: str, reason: str) -> None:
    assert reason in why(line)


def test_a_cell_without_end_is_no_text_of_a_sheet() -> None:
    assert "names no person" in why(f"ana,{'x' * 200_000},2026-12-01 17:00,,primary")


def test_one_bad_line_does_not_spoil_the_others() -> None:
    report = read("nobody,2026-12-01,2026-12-02,,primary\nana,2026-12-01,2026-12-02,,primary")
    assert [line.verdict for line in report.lines] == [Verdict.DROPPED, Verdict.TAKEN]


def test_times_may_carry_their_own_offset() -> None:
    (line,) = read("ana,2026-12-01T09:00:00+09:00,2026-12-01T12:00Z,,primary", BOTH).lines
    assert line.parts[0].start == utc("2026-12-01 00:00")
    assert line.parts[-1].end == utc("2026-12-01 12:00")


def test_a_shift_through_several_regions_is_cut_where_one_follows_another() -> None:
    (line,) = read("ana,2026-12-01 00:00,2026-12-02 00:00,UTC,primary", BOTH).lines
    assert (
        line.verdict,
        [(part.region, f"{part.start:%d %H}", f"{part.end:%d %H}") for part in line.parts],
    ) == (
        Verdict.SPLIT,
        [("EMEA", "01 00", "01 01"), ("APAC", "01 01", "01 09"), ("EMEA", "01 09", "02 00")],
    )
    assert "cut where one follows another" in line.why


def test_with_its_region_named_only_the_hours_count_in_which_that_region_holds() -> None:
    (line,) = read("ana,2026-12-01 00:00,2026-12-02 00:00,UTC,APAC primary", BOTH).lines
    assert [(part.region, f"{part.start:%H}", f"{part.end:%H}") for part in line.parts] == [
        ("APAC", "01", "09")
    ]
    assert (line.verdict, line.why) == (Verdict.SPLIT, "APAC holds only a part of that time.")
    same = read("ana,2026-12-01 00:00,2026-12-02 00:00,UTC,primary", BOTH, RosterWish("safety", "apac"))
    assert same.lines[0].parts == line.parts


def test_a_shift_outside_the_regions_hours_is_dropped() -> None:
    reason = why("ana,2026-12-01 10:00,2026-12-01 12:00,UTC,APAC primary", BOTH)
    assert reason == "APAC holds the schedule at no time between the two."


def test_where_several_regions_have_the_seat_a_zone_is_asked_for() -> None:
    assert "It names no zone" in why("ana,2026-12-01 10:00,2026-12-01 12:00,,primary", BOTH)
    assert "No region has a shadow yet: say which, as in “APAC shadow”." in why(
        "ana,2026-12-01 10:00,2026-12-01 12:00,UTC,shadow", BOTH
    )


def test_the_only_region_gets_a_seat_that_it_had_not() -> None:
    (line,) = read("ana,2026-12-01 10:00,2026-12-01 12:00,,shadow").lines
    assert (line.parts[0].region, line.parts[0].seat) == ("EMEA", Seat.SHADOW)


def test_what_is_over_already_of_a_shift_stays_as_it_was() -> None:
    (line,) = read("ana,2026-11-22 09:00,2026-11-22 17:00,UTC,primary").lines
    assert (line.verdict, line.parts[0].start) == (Verdict.SPLIT, NOW)
    assert "What is over already stays as it was." in line.why


def test_what_an_earlier_line_says_already_is_left_away() -> None:
    report = read(
        "ana,2026-12-01 08:00,2026-12-01 12:00,UTC,primary\n"
        "ana,2026-12-01 06:00,2026-12-01 14:00,UTC,primary\n"
        "ana,2026-12-01 09:00,2026-12-01 10:00,UTC,primary\n"
        "bo,2026-12-01 09:00,2026-12-01 10:00,UTC,primary\n"
        "ana,2026-12-01 14:00,2026-12-01 16:00,UTC,primary\n"
    )
    assert [line.verdict.value for line in report.lines] == ["taken", "split", "dropped", "taken", "taken"]
    assert [f"{part.start:%H}-{part.end:%H}" for part in report.lines[1].parts] == ["06-08", "12-14"]
    assert report.lines[2].why == "Line 2 says a part of it already."


def test_what_the_clocks_do_to_a_shift_is_said() -> None:
    report = read(
        "ana,2027-03-28 01:30,2027-03-28 08:00,Europe/Dublin,primary\n"
        "ana,2027-10-31 01:30,2027-10-31 08:00,Europe/Dublin,backup\n"
        "ana,2027-03-27 20:00,2027-03-28 08:00,Europe/Dublin,primary\n"
    )
    assert [line.why for line in report.lines[:2]] == [
        "01:30 does not exist that day in Dublin: it is 02:30.",
        "01:30 comes twice that day in Dublin: the first is meant. The clocks of Dublin change during it.",
    ]
    assert "The clocks of Dublin change during it." in report.lines[2].why


def test_what_is_no_roster_at_all_is_refused_whole() -> None:
    for text, reason in (
        ("", "no line in it"),
        ("# only this", "no line in it"),
        ("person,start,end\nana,1,2", "no column zone and seat"),
        ("a,b\n" * 2001, "2001 lines"),
        ("x" * (MOST_CHARACTERS + 1), "larger than 1 MiB"),
    ):
        with pytest.raises(NoRoster, match=reason):
            read(text)


def test_without_such_a_schedule_nothing_is_read() -> None:
    with pytest.raises(UnknownSchedule, match="There is no schedule legal"):
        read("ana", ONE, RosterWish("legal"))
    with pytest.raises(UnknownSchedule, match="no schedule yet"):
        read_roster("ana", Organisation(), RosterWish(), NOW)


def test_a_seat_of_a_roster_is_one_that_the_region_has() -> None:
    tokyo = Region("APAC", "Asia/Tokyo", time(10), {}, rosters={Seat.PRIMARY: Roster(())})
    (line,) = read("ana,2026-12-01 00:00,2026-12-02 00:00,,primary", chain(tokyo)).lines
    assert line.parts[0].start == utc("2026-11-30 15:00")


def test_windows_that_follow_each_other_without_a_hole_do_not_split_a_shift() -> None:
    round_the_clock = windows(region("EMEA", "Europe/Dublin", "09:00-09:00", primary=rotation("bo")))
    (line,) = read("ana,2026-12-01 20:00,2026-12-02 20:00,,primary", round_the_clock).lines
    assert (line.verdict, len(line.parts)) == (Verdict.TAKEN, 1)


def test_a_part_is_said_in_the_readers_zone() -> None:
    (line,) = read("ana,2026-12-01 10:00,2026-12-01 12:00,UTC,primary").lines
    assert (
        part_words(line.parts[0], {"ana": "Ana Lima"}, "Asia/Tokyo")
        == "Ana Lima, EMEA primary, Tue 1 Dec 19:00 Tokyo until Tue 1 Dec 21:00 Tokyo"
    )
