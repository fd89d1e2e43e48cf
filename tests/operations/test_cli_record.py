"""`migrate`, `audit verify` and `runbooks check`: each ends with the exit code that says what it found."""

import json
import sqlite3
from pathlib import Path

import pytest

from storage.migrating import head_matches
from storage.opening import open_store
from tests.support.channel import delete, talk
from tests.support.command_line import CommandLine
from tests.support.house import example_house

BAD_RUNBOOKS = Path(__file__).resolve().parents[1] / "corpus" / "runbooks" / "bad"


@pytest.fixture
def bot(commands: CommandLine) -> CommandLine:
    return commands


@pytest.fixture
def recorded(bot: CommandLine, sqlite_url: str) -> CommandLine:
    """A database in which one incident was declared."""
    store = open_store(sqlite_url)
    example_house(store).declare("Account takeover")
    store.close()
    return bot.given(DATABASE_URL=sqlite_url)


def alter(sqlite_url: str) -> None:
    """As somebody would who has the file and knows SQL."""
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as file:
        file.execute("DROP TRIGGER timeline_no_update")
        file.execute("UPDATE timeline SET body = replace(body, 'takeover', 'mix-up') WHERE seq = 1")
    file.close()


def test_migrate_makes_the_database_and_then_has_nothing_to_do(bot: CommandLine) -> None:
    assert (bot("migrate").code, head_matches(f"sqlite:///{bot.home}/meridian.sqlite")) == (0, True)
    again = bot("migrate")
    assert (again.code, again.out) == (0, "The database is up to date.\n")


def test_a_home_that_cannot_be_made_is_a_matter_of_the_environment(bot: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = bot.given(MERIDIAN_HOME=str(tmp_path / "file" / "home"))("migrate")
    assert told.code == 3
    assert "MERIDIAN_HOME" in told.err


def test_settings_that_make_no_sense_end_every_command_with_3(bot: CommandLine) -> None:
    told = bot.given(SLACK_BOT_TOKEN="xoxp-1")("migrate")
    assert told.code == 3
    assert told.err.startswith("SLACK_BOT_TOKEN: ")


def test_who_did_what_is_listed_newest_first(recorded: CommandLine) -> None:
    told = recorded("audit", "list")
    assert told.code == 0
    *lines, tally = told.out.splitlines()
    assert lines[0].endswith("Priya Nair: declare INC-1")
    assert all(" UTC  " in line for line in lines)
    assert tally.endswith("newest first.")
    [declared] = json.loads(recorded("audit", "list", "--of", "INC-1", "--json").out)
    assert (declared["by"], declared["name"], declared["action"]) == ("UPRIYA", "Priya Nair", "declare")
    assert recorded("audit", "list", "--of", "INC-404").out == "Nothing was done yet.\n"


def test_an_audit_of_a_whole_record_finds_nothing(recorded: CommandLine) -> None:
    told = recorded("audit", "verify")
    assert (told.code, told.out) == (0, "Every timeline is whole.\n")
    assert recorded("audit", "verify", "--json").document() == {"breaks": [], "erased": 0}


def test_an_audit_counts_the_entries_whose_message_was_deleted_in_slack(
    recorded: CommandLine, sqlite_url: str
) -> None:
    store = open_store(sqlite_url)
    wave = talk(example_house(store), "Account takeover")
    message = wave.written("Jane Roe of Elm Street")
    wave.marked(message)
    wave.answered(message)
    wave.deleted(delete(message))
    store.close()
    told = recorded("audit", "verify")
    assert told.code == 0
    assert "because the message was deleted in Slack: 1 entry." in told.out
    assert b"Elm Street" not in Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()


def test_an_audit_finds_an_altered_row(recorded: CommandLine, sqlite_url: str) -> None:
    alter(sqlite_url)
    told = recorded("audit", "verify")
    assert told.code == 1
    assert told.err.startswith("INC-1, entry 1: ")
    (found,) = recorded("audit", "verify", "--json").document()["breaks"]
    assert (found["incident"], found["seq"]) == ("INC-1", 1)


def test_the_runbooks_that_come_along_are_well_written(bot: CommandLine) -> None:
    told = bot("runbooks", "check")
    assert (told.code, told.out) == (0, "Every runbook is well written.\n")


def test_faults_of_runbooks_are_said_with_line_and_column(bot: CommandLine) -> None:
    told = bot("runbooks", "check", BAD_RUNBOOKS)
    assert told.code == 1
    assert all(line.split(":")[1].isdigit() for line in told.err.splitlines())
    assert bot("runbooks", "check", BAD_RUNBOOKS, "--json").document()["faults"] == told.err.splitlines()


def test_a_folder_of_runbooks_that_does_not_exist_cannot_be_read(bot: CommandLine, tmp_path: Path) -> None:
    assert bot("runbooks", "check", tmp_path / "nowhere").code == 3
