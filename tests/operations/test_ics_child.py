"""Hostile calendars, through the child process with its limits: refused or reported, soon, the rest taken."""

import resource
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.ics_child import MOST_MEMORY, TOO_LONG, expand
from rotations.ics.expanding import expand_here
from rotations.ics.reading import read
from rotations.ics.series import Expanded
from rotations.imports import Import, NotImportable, Outcome
from tests.support.ics import ASKED

GOOD = ("DTSTART:20261102T080000Z", "DTEND:20261102T160000Z", "SUMMARY:Bo Chen", "RRULE:FREQ=DAILY;COUNT=2")
SOON_S = 2.0


def calendar(*events: tuple[str, ...], before: str = "") -> bytes:
    inside = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n" + "".join(f"{line}\r\n" for line in lines) + "END:VEVENT\r\n"
        for number, lines in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\n{before}{inside}END:VCALENDAR\r\n".encode()


def ruled(rule: str) -> tuple[str, ...]:
    return (*GOOD[:2], "SUMMARY:Ana Lima", f"RRULE:{rule}")


def cpu_of_children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


BOMBS = {
    "secondly": ruled("FREQ=SECONDLY"),
    "a hundred million times": ruled("FREQ=SECONDLY;COUNT=100000000"),
    "no interval": ruled("FREQ=DAILY;INTERVAL=0"),
    "every minute of a day that is not": ruled("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30"),
    "every day that is not": ruled("FREQ=DAILY;BYMONTH=1;BYYEARDAY=200"),
    "a year's day that is not": ruled("FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"),
    "every hour of every day": ruled("FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))),
    "ends before it begins": ("DTSTART:20261102T080000Z", "DTEND:19711102T160000Z", "SUMMARY:Ana Lima"),
    "the year one": ("DTSTART:00010101T080000Z", "DTEND:00010102T080000Z", "SUMMARY:Ana Lima"),
    "two hundred thousand dates": (*GOOD[:3], "RDATE:" + ",".join(["20261102T080000Z"] * 50_000)),
    "exceptions": (*GOOD, "EXDATE:" + ",".join(["20261102T080000Z"] * 3000)),
}


def read_in(data: bytes) -> tuple[Import, float]:
    """What was read, and how many CPU seconds it took, the child's among them."""
    before, began = cpu_of_children_s(), time.process_time()
    found = read(data, ASKED, expand)
    return found, time.process_time() - began + cpu_of_children_s() - before


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_soon_and_fails_only_itself(bomb: tuple[str, ...]) -> None:
    _, usual_s = read_in(calendar(GOOD))  # a busy machine makes both slower
    found, took_s = read_in(calendar(bomb, GOOD))
    assert took_s - usual_s < SOON_S
    assert {line.what: line.outcome for line in found.report}["Bo Chen"] is Outcome.TAKEN
    assert all(shift.people == ("bo",) for shift in found.shifts) or len(found.shifts) <= 24 * 367


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000,
        calendar(*[GOOD[:3]] * 2001),
        calendar(GOOD, before="BEGIN:VTIMEZONE\r\n" + "BEGIN:STANDARD\r\nEND:STANDARD\r\n" * 7000),
        b"BEGIN:VCALENDAR\r\nX:" + b"a" * (1 << 20),
        b"",
        b"\x00" * 1000,
        b"<html></html>",
    ],
    ids=["nested", "many", "zones", "large", "empty", "zeros", "page"],
)
def test_a_file_that_no_roster_is_is_refused(data: bytes) -> None:
    with pytest.raises(NotImportable):
        read(data, ASKED, expand)


def test_many_bombs_at_once_end_soon_too() -> None:
    bombs = [ruled("FREQ=DAILY;BYMONTH=1;BYYEARDAY=200")] * 50
    before = cpu_of_children_s()
    found = read(calendar(*bombs, GOOD), ASKED, expand)
    assert cpu_of_children_s() - before < SOON_S + 0.5  # the kernel counts whole ticks
    assert [line.why for line in found.report].count(TOO_LONG) == len(bombs)
    assert len(found.shifts) == 2


def test_zones_broken_off_in_their_rules_keep_nobody_waiting() -> None:
    zones = "".join(zone_of_many_rules(f"Own {number}") for number in range(100))
    bombs = [
        (f"DTSTART;TZID=Own {number}:20261102T080000", "DURATION:PT8H", "SUMMARY:Ana Lima")
        for number in range(100)
    ]
    began = time.monotonic()
    found, seconds = read_in(calendar(*bombs, GOOD, before=zones))
    assert [shift.people for shift in found.shifts].count(("bo",)) == 2
    assert seconds < 2 * SOON_S
    assert time.monotonic() - began < 60


def zone_of_many_rules(name: str) -> str:
    rules = "".join(
        "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
        f"RRULE:FREQ=YEARLY;BYMONTH={1 + number % 12};BYDAY=-1SU\r\nEND:STANDARD\r\n"
        for number in range(50)
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{rules}END:VTIMEZONE\r\n"


def test_what_needs_too_much_memory_is_said() -> None:
    data = ["BEGIN:VCALENDAR\r\nX-LARGE:" + "a" * (MOST_MEMORY // 4) + "\r\nEND:VCALENDAR\r\n"]
    (found,) = expand(data, ASKED.start, ASKED.end)
    assert found.why_not


def test_a_zone_that_repeats_for_ever_is_asked_back() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
        "TZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = ("DTSTART;TZID=Bomb:20261102T080000", "DTEND;TZID=Bomb:20261102T160000", "SUMMARY:ana")
    found = read(calendar(event, before=zone), ASKED, expand)
    assert [question.asked for question in found.questions] == ["Bomb"]


def test_the_child_answers_as_the_libraries_do_in_this_process() -> None:
    texts: list[str] = []

    def noting(asked: Sequence[str], start: datetime, end: datetime) -> Sequence[Expanded]:
        texts.extend(asked)
        return expand_here(asked, start, end)

    read(calendar(GOOD, ruled("FREQ=WEEKLY")), ASKED, noting)
    assert len(texts) == 2
    assert expand(texts, ASKED.start, ASKED.end) == expand_here(texts, ASKED.start, ASKED.end)


@pytest.mark.parametrize(
    "events",
    [
        [("DTSTART:20261102T080000Z", "DTEND:20261102T160000Z", "SUMMARY:" + "[" * 500_000)],
        [("DTSTART:20261102T080000Z", "DTEND:20261102T160000Z", f"SUMMARY:N{n}obody") for n in range(2000)],
        [(f"DTSTART;TZID=Area {n}/Place:20261102T080000", "DTEND:20261102T160000Z") for n in range(2000)],
        [("DTSTART" + ';A="b' * 200_000 + ":20261102T080000Z", "DTEND:20261102T160000Z")],
        [("RECURRENCE-ID:20261102T080000Z", "DTSTART:20261102T080000Z", "DTEND:20261102T160000Z")] * 2000,
    ],
    ids=["brackets", "nobodies", "zones", "quotes", "stand-ins"],
)
def test_a_file_of_nonsense_is_reported_soon(events: list[tuple[str, ...]]) -> None:
    began = time.process_time()
    found = read(calendar(*events), ASKED, expand)
    assert time.process_time() - began < SOON_S
    assert {line.outcome for line in found.report} == {Outcome.DROPPED}
    assert len(found.report) >= len(events)


def test_a_text_that_is_none_is_said() -> None:
    found = expand(["nonsense"], ASKED.start, ASKED.start + timedelta(days=1))
    assert [type(one) for one in found] == [Expanded]
    assert found[0].why_not
