"""`export schedule`: the calendar that subscribers read, a CSV that can be imported, and JSON."""

import csv
import io
from pathlib import Path

import icalendar
import pytest

from storage.opening import open_store
from tests.support.command_line import CommandLine
from tests.support.house import example_house


@pytest.fixture
def bot(commands: CommandLine, database_url: str) -> CommandLine:
    store = open_store(database_url)
    example_house(store)
    store.close()
    return commands.given(DATABASE_URL=database_url)


def test_a_calendar_is_the_default_and_the_same_each_time(bot: CommandLine) -> None:
    told = bot("export", "schedule", "safety")
    assert told.code == 0
    found = icalendar.Calendar.from_ical(told.out.encode()).walk("VEVENT")
    assert len(found) > 100
    assert told.out == bot("export", "schedule", "safety", "--format", "ics").out


def test_csv_can_be_imported_as_it_is(bot: CommandLine, tmp_path: Path) -> None:
    told = bot("export", "schedule", "safety", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["zone"] for row in rows} == {"UTC"}
    assert {"ana", "kenji"} <= {row["person"] for row in rows}
    assert all(row["start"].endswith("Z") for row in rows)


def test_json_is_what_oncall_says(bot: CommandLine) -> None:
    told = bot("export", "schedule", "safety", "--format", "json").document()
    assert {"shifts", "gaps"} == set(told)


def test_a_schedule_that_is_not_there_is_refused(bot: CommandLine) -> None:
    told = bot("export", "schedule", "nope")
    assert told.code == 1
    assert "There is no schedule nope" in told.err


def test_a_review_of_what_is_unknown_is_refused(bot: CommandLine) -> None:
    assert bot("export", "review", "INC-404").code == 1
