"""Whatever is done to a calendar file: it is read or refused, never raised at, its report in order."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rotations.ics import read
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
)


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
    return data


@TRIED
@given(spoilt() | st.binary(max_size=300).map(lambda inner: b"BEGIN:VCALENDAR\n" + inner))
def test_a_spoilt_calendar_is_read_or_refused(data: bytes) -> None:
    try:
        found = read(data, ASKED, lambda texts, _start, _end: [Expanded() for _ in texts])
    except NotImportable:
        return
    numbers = [line.number for line in found.report]
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert all(shift.start < shift.end and shift.people for shift in found.shifts)
