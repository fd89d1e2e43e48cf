"""The words after /oncall: times as people write them, errors with their place, questions back."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from rotations.file import parse
from rotations.model import Organisation, Seat
from rotations.query import read
from rotations.questions import (
    Asking,
    At,
    Clarify,
    Doubt,
    Help,
    History,
    Holes,
    Holidays,
    Load,
    Next,
    Now,
    OverrideRequest,
    ShiftsOf,
    Week,
    Why,
)
from rotations.refusals import Unclear
from tests.support.schedules import region, rotation, utc, windows

EXAMPLE = Path(__file__).parents[2] / "bot" / "example" / "organisation.yaml"
# Monday, 14:00 in New York: AMER holds.
NOW = utc("2026-11-30 19:00")


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking(parse(EXAMPLE.read_text(), "organisation.yaml"), NOW, "America/New_York")


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("sat 02:00", "2026-11-28 07:00"),
        ("09:00", "2026-11-30 14:00"),
        ("18:00", "2026-11-29 23:00"),
        ("mon 18:00", "2026-11-23 23:00"),
        ("24 dec 18:00", "2025-12-24 23:00"),
        ("1 march 10:00", "2026-03-01 15:00"),
        ("29 feb 10:00", "2024-02-29 15:00"),
        ("midnight", "2026-11-30 05:00"),
        ("2026-03-09 12:00 UTC", "2026-03-09 12:00"),
        ("at 3h ago", "2026-11-30 16:00"),
        ("last fri 12:00", "2026-11-27 17:00"),
        ("yesterday noon", "2026-11-29 17:00"),
    ],
)
def test_history_reads_the_last_such_time(line: str, at: str, asking: Asking) -> None:
    question = read(f"history {line}", asking)
    assert isinstance(question, History)
    assert question.at == utc(at)


@pytest.mark.parametrize(
    ("line", "at", "sentence", "other"),
    [
        (
            "at 2027-11-07 01:30 New York",
            "2027-11-07 05:30",
            "The clocks go back: there are two 01:30 in New York on 2027-11-07.",
            "at 2027-11-07T06:30Z New York",
        ),
        (
            "why 2027-03-14 02:30",
            "2027-03-14 07:30",
            "The clocks go forward: there is no 02:30 in New York on 2027-03-14.",
            "why 2027-03-14T06:30Z",
        ),
        (
            "history 2026-11-01 01:30",
            "2026-11-01 05:30",
            "The clocks go back: there are two 01:30 in New York on 2026-11-01.",
            "history 2026-11-01T06:30Z",
        ),
    ],
)
def test_a_question_over_a_clock_change_is_read_by_the_rule_and_says_so(
    line: str, at: str, sentence: str, other: str, asking: Asking
) -> None:
    question = read(line, asking)
    assert isinstance(question, At | Why | History)
    assert question.at == utc(at)
    assert question.doubt == Doubt(sentence, other)
    assert not isinstance(read(other, asking), Clarify)


def test_ones_own_shifts_are_asked_for_as_me(asking: Asking) -> None:
    assert read("me", replace(asking, me="ana")) == ShiftsOf("ana")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("hlep", "help"),
        ("next marz", ""),
        ("next @annna", "next @ana"),
        ("next <@U999|annna>", "next @ana"),
        ("week apax", "week APAC"),
        ("at tomorow 9am", "at tomorrow 9am"),
        ("tomorow 9am", "tomorrow 9am"),
    ],
)
def test_a_near_miss_says_the_line_that_may_have_been_meant(line: str, instead: str, asking: Asking) -> None:
    with pytest.raises(Unclear) as refused:
        read(line, asking)
    assert refused.value.instead == instead


def requested(line: str, asking: Asking) -> OverrideRequest:
    question = read(line, asking)
    assert isinstance(question, OverrideRequest)
    return question


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("", Now()),
        ("  now ", Now()),
        ("help", Help()),
        ("help me please", Help()),
        ("?", Help()),
        ("next", Next()),
        ("next apac", Next(region="APAC")),
        ("next @ana", Next(person="ana")),
        ("next <@UANA|ana.lima>", Next(person="ana")),
        ("NEXT <@UANA>", Next(person="ana")),
        ("next <@UANA|Ana Lima>", Next(person="ana")),
        ("@kenji", ShiftsOf("kenji")),
        ("<@UANA|ana.lima>", ShiftsOf("ana")),
        ("holes", Holes()),
        ("gaps", Holes()),
        ("holes emea", Holes("EMEA")),
        ("holidays emea", Holidays("EMEA")),
        ("holidays @ana", Holidays(person="ana")),
        ("load", Load()),
        ("fairness", Load()),
        ("holidays", Holidays()),
        ("why", Why(NOW)),
        ("why at sat 02:00 Tokyo", Why(utc("2026-12-04 17:00"), "Asia/Tokyo")),
        ("tomorrow 9am Dublin", At(utc("2026-12-01 09:00"), "Europe/Dublin")),
        ("in 3h", At(utc("2026-11-30 22:00"))),
        ("week", Week(utc("2026-11-30 05:00"))),
        ("week apac", Week(utc("2026-11-30 05:00"), "APAC")),
        ("next week", Week(utc("2026-12-07 05:00"))),
        ("next week emea", Week(utc("2026-12-07 05:00"), "EMEA")),
        ("week next emea", Week(utc("2026-12-07 05:00"), "EMEA")),
        ("week last", Week(utc("2026-11-23 05:00"))),
        ("week of sat 5 dec", Week(utc("2026-12-05 05:00"))),
        ("week of mon", Week(utc("2026-11-30 05:00"))),
        ("week from 24 dec apac", Week(utc("2026-12-24 05:00"), "APAC")),
        ("week in 3h", Week(utc("2026-11-30 05:00"))),
    ],
)
def test_short_questions(line: str, question: object, asking: Asking) -> None:
    assert read(line, asking) == question


@pytest.mark.parametrize(
    ("time", "at", "zone"),
    [
        ("2026-12-05 01:00 Asia/Tokyo", "2026-12-04 16:00", "Asia/Tokyo"),
        ("2026-12-24 18:00 UTC", "2026-12-24 18:00", "UTC"),
        ("2026-12-05T01:00+09:00", "2026-12-04 16:00", None),
        ("2026-12-05T01:00Z", "2026-12-05 01:00", None),
        ("2026-12-05T01:00", "2026-12-05 06:00", None),
        ("2026-12-05t01:00:30z", "2026-12-05 01:00:30", None),
        ("now", "2026-11-30 19:00", None),
        ("in 3h", "2026-11-30 22:00", None),
        ("in 90 minutes", "2026-11-30 20:30", None),
        ("in 2 days", "2026-12-02 19:00", None),
        ("tomorrow 9am", "2026-12-01 14:00", None),
        ("today at 9am", "2026-11-30 14:00", None),
        ("yesterday 23:15", "2026-11-30 04:15", None),
        ("18:00", "2026-11-30 23:00", None),
        ("18", "2026-11-30 23:00", None),
        ("6 pm", "2026-11-30 23:00", None),
        ("2026-12-01 12am tokyo", "2026-11-30 15:00", "Asia/Tokyo"),
        ("midnight London", "2026-12-01 00:00", "Europe/London"),
        ("2026-12-01 24:00 UTC", "2026-12-02 00:00", "UTC"),
        ("in an hour", "2026-11-30 20:00", None),
        ("3h ago", "2026-11-30 16:00", None),
        ("an hour ago", "2026-11-30 18:00", None),
        ("2 days ago", "2026-11-28 19:00", None),
        ("in 2 weeks", "2026-12-14 19:00", None),
        ("5 dec 2026 01:00", "2026-12-05 06:00", None),
        ("24/12 18:00", "2026-12-24 23:00", None),
        ("12/24/2026 18:00", "2026-12-24 23:00", None),
        ("24.12. 18:00", "2026-12-24 23:00", None),
        ("24.12.2026 18:00", "2026-12-24 23:00", None),
        ("5/5 18:00", "2027-05-05 22:00", None),
        ("sat 9.30am", "2026-12-05 14:30", None),
        ("sat 0930", "2026-12-05 14:30", None),
        ("sat 02:00 @kenji", "2026-12-04 17:00", "Asia/Tokyo"),
        ("sat 02:00 in <@UKENJI|kenji>", "2026-12-04 17:00", "Asia/Tokyo"),
        ("sat 02:00 Osaka", "2026-12-04 17:00", "Asia/Tokyo"),
        ("sat 9am San Francisco", "2026-12-05 17:00", "America/Los_Angeles"),
        ("sat 9am ET", "2026-12-05 14:00", "America/New_York"),
        ("this sat 09:30", "2026-12-05 14:30", None),
        ("last sat 09:30", "2026-11-28 14:30", None),
        ("next mon 09:30", "2026-12-07 14:30", None),
        ("today noon in New York", "2026-11-30 17:00", "America/New_York"),
        ("sat 02:00 Tokyo", "2026-12-04 17:00", "Asia/Tokyo"),
        ("Saturday, 02:00 apac", "2026-12-04 17:00", "Asia/Tokyo"),
        ("mon 6pm", "2026-11-30 23:00", None),
        ("sat 5 dec 01:00", "2026-12-05 06:00", None),
        ("Dec 24, 18:00", "2026-12-24 23:00", None),
        ("3 march 10:00", "2027-03-03 15:00", None),
        ("29 feb 10:00", "2028-02-29 15:00", None),
        ("14:00", "2026-11-30 19:00", None),
    ],
)
def test_times_as_people_write_them(time: str, at: str, zone: str | None, asking: Asking) -> None:
    assert read(f"at {time}", asking) == At(utc(at), zone)


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("at 9am", ("at 2026-11-30 09:00", "at 2026-12-01 09:00")),
        ("at monday 9am", ("at 2026-11-30 09:00", "at 2026-12-07 09:00")),
        ("at 9 tomorrow", ("at 09:00 tomorrow", "at 21:00 tomorrow")),
        ("at tomorrow 12", ("at tomorrow 00:00", "at tomorrow 12:00")),
        ("at tomorrow midnight", ("at tomorrow 00:00", "at tomorrow 24:00")),
        ("at next sat 18:00", ("at 2026-12-05 18:00", "at 2026-12-12 18:00")),
        ("week next sat", ("week 2026-12-05", "week 2026-12-12")),
        ("at 5/12 18:00", ("at 5 Dec 18:00", "at 12 May 18:00")),
        ("at 5/12/2026 18:00", ("at 5 Dec 2026 18:00", "at 12 May 2026 18:00")),
        (
            "override @bo AMER 2027-11-07 01:30–2027-11-07 03:00",
            (
                "override @bo AMER 2027-11-07T05:30Z–2027-11-07 03:00",
                "override @bo AMER 2027-11-07T06:30Z–2027-11-07 03:00",
            ),
        ),
        (
            "at sat 9am IST",
            ("at sat 9am Asia/Kolkata", "at sat 9am Europe/Dublin", "at sat 9am Asia/Jerusalem"),
        ),
        ("at sat 9am PST", ("at sat 9am America/Los_Angeles", "at sat 9am Asia/Manila")),
        ("APAC", ("next APAC", "week APAC")),
        ("tomorrow 9am Tokyo", ("2026-12-01 09:00 Tokyo", "2026-12-02 09:00 Tokyo")),
        ("tomorrow 9", ("tomorrow 09:00", "tomorrow 21:00")),
        ("at 18:00 Eastern", ("at 18:00 Canada/Eastern", "at 18:00 US/Eastern")),
        (
            "override @bo now–20:00 London trip",
            (
                "override @bo now–20:00 in Europe/London trip",
                "override @bo now–20:00 because London trip",
            ),
        ),
    ],
)
def test_what_reads_in_two_ways_is_asked_back(line: str, readings: tuple[str, ...], asking: Asking) -> None:
    question = read(line, asking)
    assert isinstance(question, Clarify)
    assert question.readings == readings


@pytest.mark.parametrize(
    ("line", "position", "sentence"),
    [
        ("hlep", 0, '"hlep" is not something to ask. Did you mean "help"?'),
        ("hoels", 0, '"hoels" is not something to ask. Did you mean "holes"?'),
        ("kenji", 0, '"kenji" is not something to ask. Did you mean "@kenji"?'),
        ("tomorrow 25:00", 9, '"25:00" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("next kenji", 5, 'There is no region "kenji". Did you mean "@kenji"?'),
        ("me", 0, "You are on no schedule here. Ask for somebody: /oncall @bo."),
        ("load please", 5, '"please" is too much here.'),
        ("week apax", 5, '"apax" is no region and no day. Did you mean "APAC"?'),
        ("history tomorrow 18:00", 8, "That is still to come. Ask /oncall at …"),
        ("history sat mon 18:00 3", 22, 'There is no place "3". Name a city or a zone like Asia/Tokyo.'),
        ("at 3h before", 3, '"3h" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("at 32.1. 10:00", 3, "There is no such day."),
        ("at 1.13. 10:00", 3, "There is no day 1.13.."),
        ("next marz", 5, 'There is no region "marz". There is: AMER, APAC, EMEA.'),
        ("next apac 3", 10, '"3" is too much here.'),
        ("next @annna", 5, 'annna is not in the schedules. Did you mean "@ana"?'),
        ("next <@U999|zed>", 5, "zed is not in the schedules."),
        ("next <@U999>", 5, "U999 is not in the schedules."),
        ("at", 2, "A time is missing at the end."),
        ("at tomorow 9am", 3, '"tomorow" is not a time. Did you mean "tomorrow"?'),
        ("at saterday 18:00", 3, '"saterday" is not a time. Did you mean "saturday"?'),
        ("at 18:00 @zzz", 9, "zzz is not in the schedules."),
        ("at month 18:00", 3, '"month" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("at tomorrow", 11, "A clock time, like 18:00, is missing at the end."),
        ("at 25:00", 3, '"25:00" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("at 13pm", 3, '"13pm" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("at 31/31 9am", 3, "There is no day 31/31."),
        ("at 2026-02-30 10:00", 3, "There is no day 2026-02-30."),
        ("at 9999-01-01 10:00", 3, "Schedules are answered for 1970 to 2150."),
        ("at 0001-01-01T00:00+09:00", 3, "Schedules are answered for 1970 to 2150."),
        ("at 2026-02-30T10:00", 3, '"2026-02-30T10:00" is not a time; write it like 2026-12-05T09:00Z.'),
        ("at 31 feb 10:00", 3, "There is no such day."),
        ("at mon 1 dec 10:00", 3, "2026-12-01 is a Tuesday."),
        ("at in three hours", 6, '"three" is not a length; write it like 3h.'),
        ("at in 3 moons", 6, '"3 moons" is not a length; write it like 3h.'),
        ("at in 3", 7, 'A unit, like "hours", is missing at the end.'),
        ("at 18:00 Sydny", 9, 'There is no place "Sydny". Did you mean Australia/Sydney?'),
        ("at 18:00 in qqq", 9, 'There is no place "in qqq". Name a city or a zone like Asia/Tokyo.'),
        ("override", 8, "A person, like @bo, is missing at the end."),
        ("override bo now-18:00", 9, '"bo" names nobody; write it like @bo.'),
        ("override @bo primry now-18:00", 13, '"primry" is no region, seat or time. Did you mean "primary"?'),
        ("override @bo 9-5", 13, '"9-5" is not a time; write it like 18:00 or 2026-12-05 18:00.'),
        ("override @bo", 12, "A time is missing at the end."),
        ("override @bo now 18:00", 16, "The end is missing; write the times like 18:00–20:00."),
        ("override @bo tomorrow 9am – today 10am", 28, "It ends before it begins."),
        (
            "override @bo amer shadow now-18:00",
            0,
            "AMER has no shadow seat. There is: primary, backup, lead.",
        ),
    ],
)
def test_errors_say_where_and_what_to_write(line: str, position: int, sentence: str, asking: Asking) -> None:
    with pytest.raises(Unclear) as refused:
        read(line, asking)
    assert (refused.value.position, str(refused.value)) == (position, sentence)


@pytest.mark.parametrize("dash", ["–", "-", " – ", " - ", " to ", " until ", "—"])
def test_an_override_takes_any_dash(dash: str, asking: Asking) -> None:
    request = requested(f"override <@UBO|bo> primary now{dash}18:00 dentist", asking)
    assert request == OverrideRequest(
        ("bo",),
        "safety",
        "AMER",
        Seat.PRIMARY,
        NOW,
        utc("2026-11-30 23:00"),
        "America/New_York",
        "dentist",
    )


@pytest.mark.parametrize(
    ("times", "start", "end", "reason"),
    [
        ("22:00–06:00 for a flight", "2026-12-01 03:00", "2026-12-01 11:00", "a flight"),
        ("now-18:00 UTC", "2026-11-30 19:00", "2026-12-01 18:00", ""),
        ("2026-12-05T09:00Z–2026-12-05T12:00+01:00 x", "2026-12-05 09:00", "2026-12-05 11:00", "x"),
        ("2026-12-05 09:00-11:00 Europe/Rome off", "2026-12-05 08:00", "2026-12-05 10:00", "off"),
        ("sat 9am–sun 9am", "2026-12-05 14:00", "2026-12-06 14:00", ""),
        ("5 dec 9am–6 dec 9am", "2026-12-05 14:00", "2026-12-06 14:00", ""),
    ],
)
def test_an_override_reads_its_times_and_reason(
    times: str, start: str, end: str, reason: str, asking: Asking
) -> None:
    request = requested(f"override @bo amer {times}", asking)
    assert (request.start, request.end, request.reason) == (utc(start), utc(end), reason)


@pytest.mark.parametrize(
    ("where", "region_name", "seat"),
    [
        ("", "APAC", Seat.PRIMARY),  # the region that holds when it starts
        ("lead amer", "AMER", Seat.LEAD),
        ("EMEA shadow", "EMEA", Seat.SHADOW),
        ("backup", "APAC", Seat.BACKUP),
    ],
)
def test_an_override_names_its_region_and_seat(
    where: str, region_name: str, seat: Seat, asking: Asking
) -> None:
    request = requested(f"override @bo {where} 20:00-22:00", asking)
    assert (request.region, request.seat) == (region_name, seat)


def test_several_people_cover_together(asking: Asking) -> None:
    assert requested("override @bo <@UCY> @bo now-18:00", asking).people == ("bo", "cy")


def test_without_a_schedule_there_is_nothing_to_override() -> None:
    with pytest.raises(Unclear, match="There is no schedule yet"):
        read("override @bo now-18:00", Asking(Organisation(), NOW, "UTC"))


def test_where_no_region_holds_it_must_be_named() -> None:
    day = windows(region("EMEA", "UTC", "08:00-10:00", primary=rotation("bo")))
    organisation = Organisation(parse("people: {bo: {}}", "p").people, (day,))
    with pytest.raises(Unclear, match="name the region"):
        read("override @bo 20:00-22:00", Asking(organisation, NOW, "UTC"))
