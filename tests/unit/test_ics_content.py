"""Bytes of a calendar file: encodings, lines that are none, files that are too much or nothing."""

import pytest

from rotations.ics.expanding import expand_here
from rotations.ics.reading import read
from rotations.imports import NotImportable
from tests.support.ics import ASKED

SHIFT = "BEGIN:VEVENT\nDTSTART:20261102T080000Z\nDTEND:20261102T160000Z\nSUMMARY:Zoë Núñez\nEND:VEVENT\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_without_its_mark_is_read(encoding: str) -> None:
    data = f"BEGIN:VCALENDAR\n{SHIFT}END:VCALENDAR\n".encode(encoding)
    assert [shift.people for shift in read(data, ASKED, expand_here).shifts] == [("zoe",)]


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("BEGIN:VEVENT\nEND:VEVENT\n" * 2001, "By line 4002 it has more than 2,000 events."),
        ("BEGIN:VEVENT\n" + "BEGIN:VALARM\nEND:VALARM\n" * 6001, "more than 6,000 alarms and rules of time"),
        ("X:" + "a" * (1 << 20), "larger than 1 MiB"),
    ],
    ids=["events", "alarms", "bytes"],
)
def test_a_file_that_is_too_much_says_what_it_has_too_much_of(inside: str, why: str) -> None:
    with pytest.raises(NotImportable, match=why):
        read(f"BEGIN:VCALENDAR\n{inside}".encode(), ASKED, expand_here)


def test_a_file_without_a_calendar_is_none() -> None:
    with pytest.raises(NotImportable, match="the line BEGIN:VCALENDAR is nowhere in it"):
        read(SHIFT.encode(), ASKED, expand_here)


def test_lines_that_are_none_are_passed_over_and_named() -> None:
    odd = SHIFT.replace("SUMMARY", "= not a name\nDTSTAMP;\nSUMMARY")
    data = f"BEGIN:VCALENDAR\n{odd}END:VCALENDAR\n"
    found = read(data.encode(), ASKED, expand_here)
    assert found.report[0].why == (
        "Line 5 in it is no property and was passed over. Line 6 in it is no property and was passed over."
    )
