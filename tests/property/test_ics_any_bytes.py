"""Whatever is done to a calendar file: it is read or refused, never raised at, its report in order."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rotations.ics.expanding import expand_here
from rotations.ics.reading import read
from rotations.ics.series import Expanded
from rotations.imports import NotImportable
from tests.support.ics import ASKED, CORPUS

EXAMPLES = 2000 if os.environ.get("MERIDIAN_ALL_ZONES") else 60
TRIED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FILES = sorted(CORPUS.glob("*.ics"))
WORDS = (
    b";",
    b":",
    b",",
    b'"',
    b"\r\n",
    b"\r\n ",
    b"TZID=",
    b"BEGIN:VEVENT",
    b"END:VEVENT",
    b"-1",
    b"0",
    b"Z",
    b"\xff",
    b"\0",
    b"\r\n\t",
    b"\xc3",
    b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n",
    b"BEGIN:VTIMEZONE\r\n",
    b";BYSETPOS=-1",
    b"INTERVAL=0;",
    b"UNTIL=20270101;",
    b"COUNT=1000000000;",
    b"FREQ=SECONDLY;",
    b"P99999W",
    b"00000101T000000Z",
    b"99991231T235959Z",
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-32")


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A file of the corpus with pieces put in, taken out and doubled."""
    file: Path = draw(st.sampled_from(FILES))
    data = file.read_bytes()
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from((*WORDS, data[at:until] * 2, b"")))
        data = data[:at] + piece + data[until:]
    if draw(st.integers(0, 7)) == 0:
        data = data.decode("utf-8", "replace").encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return data


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """A file of the corpus with lines taken out, doubled, put elsewhere, and folded anywhere."""
    file: Path = draw(st.sampled_from(FILES))
    lines = file.read_bytes().split(b"\r\n")
    for _ in range(draw(st.integers(1, 8))):
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("out", "twice", "elsewhere", "folded", "bit"))):
            case "out":
                del lines[at : at + 1]
                lines = lines or [b""]
            case "twice":
                lines.insert(to, lines[at])
            case "elsewhere":
                lines.insert(to, lines.pop(at))
            case "folded":
                middle = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:middle] + b"\r\n " + lines[at][middle:]
            case _:
                lines[at] = (
                    bytes(one ^ (1 << draw(st.integers(0, 7))) for one in lines[at][:1]) + lines[at][1:]
                )
    return draw(st.sampled_from((b"\r\n", b"\n", b"\r"))).join(lines)


@TRIED
@given(spoilt() | cut() | st.binary(max_size=300).map(lambda inner: b"BEGIN:VCALENDAR\n" + inner))
def test_a_spoilt_calendar_is_read_or_refused(data: bytes) -> None:
    try:
        found = read(data, ASKED, lambda texts, _start, _end: [Expanded() for _ in texts])
    except NotImportable:
        return
    numbers = [line.number for line in found.report]
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert all(shift.start < shift.end and shift.people for shift in found.shifts)


@settings(TRIED, max_examples=max(20, EXAMPLES // 4))
@given(st.one_of(spoilt(), cut()))
def test_what_is_left_of_a_spoilt_calendar_can_be_worked_out(data: bytes) -> None:
    """With the expander itself: what reaches it is never what it raises at."""
    try:
        found = read(data, ASKED, expand_here)
    except NotImportable:
        return
    assert all(shift.start < shift.end and shift.people for shift in found.shifts)
    assert not [line for line in found.report if "cannot be worked out" in line.why]
