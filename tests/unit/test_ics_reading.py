"""Single rules of reading calendars: what a line says, what is done with it, and what is said about it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from rotations.ics.expanding import MOST_OCCURRENCES, expand_here, expand_one
from rotations.ics.reading import read
from rotations.imports import Answers, Asked, Import, Line, Outcome
from rotations.model import Organisation, Person
from tests.support.ics import ASKED, TEAM

AT = ("DTSTART:20261102T080000Z", "DTEND:20261102T160000Z")
BERLIN = ("DTSTART;TZID=Europe/Berlin:20261102T090000", "DTEND;TZID=Europe/Berlin:20261102T170000")
DAILY = "RRULE:FREQ=DAILY;COUNT=3"


def event(*lines: str, uid: str = "one", who: str = "ana") -> str:
    return "".join(
        f"{line}\r\n" for line in ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{who}", *lines, "END:VEVENT")
    )


def found(*events: str, asked: Asked = ASKED) -> Import:
    return read(f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n".encode(), asked, expand_here)


def days(found: Import) -> list[int]:
    return [shift.start.day for shift in found.shifts]


def only(found: Import) -> Line:
    (line,) = found.report
    return line


def stand_in(*lines: str, who: str = "bo", day: int = 3) -> str:
    return event(f"RECURRENCE-ID;TZID=Europe/Berlin:202611{day:02}T090000", *lines, who=who)


MOVED = ("DTSTART;TZID=Europe/Berlin:20261103T120000", "DTEND;TZID=Europe/Berlin:20261103T170000")


@pytest.mark.parametrize(
    "broken",
    [
        stand_in(MOVED[0]),
        stand_in(*MOVED, who="Nobody Known"),
        stand_in("DTSTART;TZID=Nowhere:20261103T120000", MOVED[1]),
    ],
    ids=["without an end", "of somebody unknown", "in a zone unknown"],
)
def test_what_a_broken_stand_in_replaces_is_not_given_to_the_one_it_replaces(broken: str) -> None:
    assert days(found(event(*BERLIN, DAILY), broken)) == [2, 4]


def test_a_broken_stand_in_says_that_its_occurrence_is_left_out() -> None:
    lines = found(event(*BERLIN, DAILY), stand_in(MOVED[0])).report
    assert lines[-1].why.endswith("The occurrence that it stands in for is left out with it.")


def test_a_stand_in_that_repeats_stands_in_once() -> None:
    told = found(event(*BERLIN, DAILY), stand_in(*MOVED, DAILY))
    assert [shift.people for shift in told.shifts] == [("ana",), ("bo",), ("ana",)]
    assert "the rule it has of its own is passed over" in told.report[1].why


@pytest.mark.parametrize("revisions", [("1", "2"), ("2", "1")])
def test_two_stand_ins_that_cannot_be_read_are_each_said_once(revisions: tuple[str, str]) -> None:
    told = found(event(*BERLIN, DAILY), *(stand_in(MOVED[0], f"SEQUENCE:{one}") for one in revisions))
    assert [line.number for line in told.report] == [2, 9, 16]


def test_a_stand_in_for_nobody_knows_what_fails_alone() -> None:
    broken = event("RECURRENCE-ID:soon", *MOVED, who="bo")
    assert days(found(event(*BERLIN, DAILY), broken)) == [2, 3, 4]


def test_a_stand_in_by_the_date_alone_is_for_the_occurrence_of_that_day() -> None:
    moved = event("RECURRENCE-ID;VALUE=DATE:20261103", *MOVED, who="bo")
    assert [shift.people for shift in found(event(*BERLIN, DAILY), moved).shifts] == [
        ("ana",),
        ("bo",),
        ("ana",),
    ]


def test_of_two_stand_ins_the_later_revision_counts() -> None:
    older, newer = stand_in(*MOVED, "SEQUENCE:1"), stand_in(*MOVED, "SEQUENCE:2", who="cy")
    for both in ((older, newer), (newer, older)):
        shifts = found(event(*BERLIN, DAILY), *both).shifts
        assert [shift.people for shift in shifts] == [("ana",), ("cy",), ("ana",)]


def test_a_cancelled_series_takes_its_stand_ins_along() -> None:
    told = found(event(*BERLIN, DAILY, "STATUS:CANCELLED"), stand_in(*MOVED))
    assert told.shifts == ()
    assert [line.why for line in told.report] == [
        "The calendar has cancelled it.",
        "Its series is cancelled.",
    ]


def test_a_cancelled_stand_in_without_its_series_is_said() -> None:
    assert only(found(stand_in(*MOVED, "STATUS:CANCELLED"))).why == "The calendar has cancelled it."


def test_an_occurrence_of_a_further_date_begins_at_the_hour_of_the_others() -> None:
    assert days(found(event(*BERLIN, "RDATE;VALUE=DATE:20261105"))) == [2, 5]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("RDATE;VALUE=PERIOD:20261105T080000Z/20261105T070000Z", "A period of its RDATE ends when it begins"),
        ("RDATE:" + ",".join(["20261102T080000Z"] * 2001), "It has 2001 RDATE dates; 2000 are the most"),
        ("RRULE:FREQ=DAILY;BYHOUR=" + ",".join(["8"] * 25), "more than 24 hours in a day"),
        ("RRULE:FREQ=MONTHLY;BYDAY=0MO", "Its rule has BYDAY=0MO, which cannot be read."),
        ("RRULE:FREQ=YEARLY;BYMONTH=13", "Its rule has BYMONTH=13, which cannot be read."),
        ("RRULE:FREQ=DAILY;INTERVAL=99999", "Its rule has INTERVAL=99999; 1 to 9999 are read."),
    ],
)
def test_a_repetition_that_cannot_be_read_drops_the_event(line: str, why: str) -> None:
    told = found(event(*AT, line))
    assert told.shifts == ()
    assert why in only(told).why


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3;X-ODD=1;BYDAY=", [2, 3, 4]),
        ("freq=daily;until=20261103t080000z", [2, 3]),
        ("FREQ=WEEKLY;BYDAY=1MO;COUNT=2;WKST=SU", [2, 9]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=2", [2, 7]),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=2;COUNT=1", [2]),
        ("FREQ=DAILY;UNTIL=20261103;INTERVAL=1", [2, 3]),
        ("FREQ=DAILY;COUNT=-1;UNTIL=20261103", [2, 3]),
    ],
)
def test_a_rule_is_read_as_it_is_meant(rule: str, expected: list[int]) -> None:
    assert days(found(event(*AT, f"RRULE:{rule}"))) == expected


def test_a_series_until_for_ever_or_of_very_many_has_no_end() -> None:
    for end in ("UNTIL=99991231T235959Z", "COUNT=99999999"):
        told = only(found(event(*AT, f"RRULE:FREQ=MONTHLY;{end}")))
        assert "It has no end; it is taken until 1 November 2027." in told.why


def test_a_series_of_whole_days_ends_with_the_day_its_until_names_whatever_clock_stands_there() -> None:
    whole = event("DTSTART;VALUE=DATE:20261102", "RRULE:FREQ=DAILY;UNTIL=20261104T000000Z")
    assert days(found(whole, asked=replace(ASKED, zone="America/New_York"))) == [2, 3, 4]


def test_a_time_with_its_offset_is_that_instant() -> None:
    told = found(event("DTSTART:20261102T090000+0100", "DTEND:2026-11-02T17:00:00+0100"))
    assert told.shifts[0].start == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_shifts_end_at_another_zone_too() -> None:
    told = found(event(BERLIN[0], "DTEND;TZID=America/New_York:20261102T170000"))
    assert told.shifts[0].end - told.shifts[0].start == timedelta(hours=14)


def test_hours_of_a_series_count_by_the_wall_clock_all_year() -> None:
    told = found(
        event("DTSTART;TZID=Europe/Berlin:20270321T090000", "DURATION:P6DT24H", "RRULE:FREQ=WEEKLY;COUNT=2")
    )
    assert [shift.end.hour for shift in told.shifts] == [7, 7]
    assert "The clocks of Berlin change during the shift of Sun 21 Mar 09:00 Berlin." in only(told).why


def test_what_is_over_already_stays_as_it_was() -> None:
    told = found(event("DTSTART:20261031T080000Z", "DTEND:20261102T080000Z"))
    assert only(told).outcome is Outcome.TAKEN
    assert only(told).why == "What is over of it already stays as it was."


OLD = ("DTSTART:20250101T080000Z", "DTEND:20250101T160000Z")
LATER = ("DTSTART:20280101T080000Z", "DTEND:20280101T160000Z")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (
            (*OLD, "RRULE:FREQ=DAILY;UNTIL=20260101T000000Z"),
            "It is over already; the past keeps its answers.",
        ),
        ((*OLD, DAILY), "No shift of it is between 1 November 2026 and 1 November 2027."),
        ((*OLD, "RDATE:20290101T080000Z"), "No shift of it is between 1 November 2026 and 1 November 2027."),
        (LATER, "It begins later than 1 November 2027, until when shifts are taken."),
        ((*LATER, DAILY), "It begins later than 1 November 2027, until when shifts are taken."),
    ],
)
def test_an_event_outside_the_time_wanted_says_on_which_side(lines: tuple[str, ...], why: str) -> None:
    told = found(event(*lines, who="Somebody Unknown"))
    assert (only(told).why, told.questions) == (why, ())


def test_everybody_unknown_of_an_event_is_asked_about_at_once() -> None:
    told = found(event(*AT, *(f"ATTENDEE:mailto:{name}@example.org" for name in "pqrs"), who=""))
    assert [one.asked for one in told.questions] == [f"{name}@example.org" for name in "pqrs"]
    assert only(told).why == (
        "Nobody here is called “p@example.org”, “q@example.org”, “r@example.org” and 1 more: "
        "say who they are."
    )


def test_two_names_that_nobody_knows_are_two_questions() -> None:
    told = found(event(*AT, who="ana, Yan and Zed"))
    assert [one.asked for one in told.questions] == ["Yan", "Zed"]
    assert only(told).why == "Nobody here is called “Yan” and “Zed”: say who they are."


def test_a_series_that_says_a_part_of_what_stands_before_is_split() -> None:
    told = found(event(*AT), event(*AT, DAILY, uid="two"))
    assert (told.report[1].outcome, told.report[1].why) == (
        Outcome.SPLIT,
        "2 shifts. Line 2 says a part of it already.",
    )


def test_a_series_of_too_many_shifts_is_none() -> None:
    every_hour = f"RRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))}"
    text = found(event(*AT, every_hour))
    assert text.shifts == ()
    assert "which is no roster" in only(text).why
    assert MOST_OCCURRENCES < 365 * 24


def test_a_text_that_the_libraries_cannot_take_is_said() -> None:
    assert "cannot be worked out" in expand_one("BEGIN:VEVENT", ASKED.start, ASKED.end).why_not


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("On-Call: Ana Lima (primary)", ("ana",)),
        ("ana/bo", ("ana", "bo")),
        ("Bo Chen is on duty", ("bo",)),
        ("Safety | Cy Okafor", ("cy",)),
        ("Zoe\u0308 Nu\u0301n\u0303ez", ("zoe",)),
        ("ANA LIMA", ("ana",)),
    ],
)
def test_people_are_known_by_their_exact_names(who: str, people: tuple[str, ...]) -> None:
    assert [shift.people for shift in found(event(*AT, who=who)).shifts] == [people]


@pytest.mark.parametrize("who", ["Ana", "Lima", "Ana Lima - Bo Chen", "cover for bo"])
def test_a_name_that_is_not_whole_or_not_one_is_asked_and_never_guessed(who: str) -> None:
    team = replace(TEAM, people=(replace(TEAM.people[0], key="alima"), *TEAM.people[1:]))
    told = found(event(*AT, who=who), asked=replace(ASKED, organisation=team))
    assert told.shifts == ()
    assert [question.asked for question in told.questions] == [who]


def test_a_name_that_two_people_share_is_asked() -> None:
    both = Organisation((Person("a", "Kim Lee"), Person("b", "Kim Lee")), TEAM.schedules)
    told = found(event(*AT, who="Kim Lee"), asked=replace(ASKED, organisation=both))
    assert told.questions[0].proposals == ("a", "b")


def test_attendees_of_whom_one_is_unknown_are_asked() -> None:
    known, unknown = "ATTENDEE:mailto:bo@example.org", "ATTENDEE;CN=X:mailto:x@example.org"
    told = found(event(*AT, known, unknown, who="Rota"))
    assert [question.asked for question in told.questions] == ["x@example.org"]


def test_a_mark_of_our_own_that_is_nobodys_key_is_asked() -> None:
    told = found(event(*AT, "X-MERIDIAN-PERSON:ana,zed"))
    assert [question.asked for question in told.questions] == ["zed"]


def test_answers_leave_out_people_and_zones() -> None:
    answers = Answers({"contractor": ""}, {"Elsewhere": "", "Here": "Europe/Berlin"})
    told = found(
        event(*AT, who="Contractor"),
        event("DTSTART;TZID=Elsewhere:20261102T090000", AT[1]),
        event("DTSTART;TZID=Here:20261102T090000", AT[1], uid="two"),
        asked=replace(ASKED, answers=answers),
    )
    assert len(told.shifts) == 1
    assert [line.outcome for line in told.report] == [
        Outcome.ADAPTED,
        Outcome.DROPPED,
        Outcome.DROPPED,
        Outcome.TAKEN,
    ]


def test_an_answer_that_is_no_zone_and_floating_times_answered_are_told_apart() -> None:
    floating = event("DTSTART:20261102T090000", "DTEND:20261102T170000")
    wrong, right = Answers(zones={"": "Nowhere"}), Answers(zones={"": "Europe/Berlin"})
    assert found(floating, asked=replace(ASKED, answers=wrong)).questions
    assert days(found(floating, asked=replace(ASKED, answers=right))) == [2]


def test_an_unknown_schedule_holds_everything() -> None:
    told = found(event(*AT), asked=replace(ASKED, schedule="another"))
    assert only(told).outcome is Outcome.TAKEN


def test_lines_that_close_or_say_nothing_are_passed_over() -> None:
    assert len(found("END:VALARM\r\n", "\r\n", event(*AT)).shifts) == 1


def test_a_shift_that_goes_on_behind_the_time_wanted_is_no_less_whole() -> None:
    office = replace(ASKED, schedule="office", end=datetime(2026, 11, 2, 12, tzinfo=UTC))
    assert only(found(event(*BERLIN), asked=office)).outcome is Outcome.TAKEN


def test_many_crossings_are_counted_and_three_named() -> None:
    night = "DTSTART;TZID=Europe/Berlin:20261024T{}0000", "DTEND;TZID=Europe/Berlin:20261025T120000"
    yearly = "RDATE;TZID=Europe/Berlin:" + ",".join(f"20261024T{hour}0000" for hour in range(13, 18))
    early = replace(ASKED, start=datetime(2026, 10, 1, tzinfo=UTC))
    told = only(found(event(night[0].format(12), night[1], yearly), asked=early))
    assert "Sat 24 Oct 12:00 Berlin, Sat 24 Oct 13:00 Berlin, Sat 24 Oct 14:00 Berlin and 3 more." in told.why


OWN_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Plant\r\n"
    "BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


def test_a_change_of_the_calendars_own_clocks_is_named_where_the_region_has_none() -> None:
    region = replace(TEAM.schedules[0].regions[0], zone="Asia/Singapore")
    there = replace(TEAM, schedules=(replace(TEAM.schedules[0], regions=(region,)),))
    nights = event("DTSTART;TZID=Plant:20270326T200000", "DTEND;TZID=Plant:20270327T080000", DAILY)
    told = found(OWN_ZONE, nights, asked=replace(ASKED, organisation=there))
    assert told.report[1].why == (
        "3 shifts. The clocks of the calendar's own zone change during the shift of "
        "Sun 28 Mar 03:00 Singapore."
    )


def test_only_the_shift_in_which_the_clocks_change_is_named_not_the_one_before() -> None:
    days = ("DTSTART;TZID=America/Santiago:20270904T000000", "DTEND;TZID=America/Santiago:20270905T000000")
    told = found(event(*days, DAILY))
    assert "change during the shift of Sun 5 Sep 01:00 Santiago." in only(told).why


def test_periods_with_ends_of_their_own_are_no_change_of_clocks() -> None:
    period = "RDATE;VALUE=PERIOD:20261105T080000Z/PT3H"
    assert only(found(event(*BERLIN, period))).why == "2 shifts."
    own = found(OWN_ZONE, event(*(one.replace("Europe/Berlin", "Plant") for one in BERLIN), period))
    assert own.report[1].why == "2 shifts."


def test_an_end_on_other_clocks_than_the_calendars_own_is_left_to_the_expander() -> None:
    starts = "DTSTART;TZID=Plant:20261102T100000"
    told = found(OWN_ZONE, event(starts, "DTEND;TZID=Europe/Berlin:20261102T103000"))
    assert [shift.end - shift.start for shift in told.shifts] == [timedelta(minutes=30)]


def test_a_series_that_begins_in_an_hour_that_is_not_is_there_on_the_other_days() -> None:
    gap = ("DTSTART;TZID=Europe/Berlin:20270328T023000", "DTEND;TZID=Europe/Berlin:20270328T033000")
    assert days(found(event(*gap, DAILY))) == [29, 30]
    assert only(found(event(*gap))).why == "It ends when it begins, or before."


def test_a_series_that_ends_on_other_clocks_lasts_as_long_all_year() -> None:
    told = found(event(BERLIN[0], "DTEND;TZID=America/New_York:20261102T100000", "RRULE:FREQ=YEARLY;COUNT=2"))
    assert [shift.end - shift.start for shift in told.shifts] == [timedelta(hours=7)]


def test_a_zone_with_a_name_that_none_has_drops_its_event() -> None:
    told = found(event(f"DTSTART;TZID=/{'a/' * 5000}:20261102T080000", AT[1]), event(*AT, uid="two"))
    assert told.report[0].why == "Its time zone has a name of 10,001 letters, which none has."
    assert days(told) == [2]


def test_a_zone_whose_rules_repeat_oftener_than_yearly_is_asked_back() -> None:
    often = OWN_ZONE.replace("FREQ=YEARLY", "FREQ=SECONDLY")
    told = found(often, event(*(one.replace("Europe/Berlin", "Plant") for one in BERLIN)))
    assert [one.asked for one in told.questions] == ["Plant"]
