"""Every calendar of the corpus gives the shifts, the report and the questions that lie beside it."""

from pathlib import Path

import pytest

from rotations.ics.expanding import expand_here
from rotations.ics.reading import read
from tests.support.ics import CORPUS, as_json, asked, case

FILES = sorted(CORPUS.glob("*.ics"))


def test_the_corpus_is_large_enough() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_calendar_becomes_the_expected_shifts_and_report(file: Path) -> None:
    expected = case(file)
    found = as_json(read(file.read_bytes(), asked(expected.pop("asked")), expand_here))
    assert found == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_event_of_a_calendar_is_in_its_report(file: Path) -> None:
    data = file.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    lines = data.decode(encoding).splitlines()
    begun = {number for number, line in enumerate(lines, 1) if line.strip() == "BEGIN:VEVENT"}
    assert begun <= {line for line, *_ in case(file)["report"]}
