"""`export incident`: the record in four forms, and nothing in it is run by whoever opens it."""

import csv
import io

import pytest

from incidents.operations import recording
from incidents.people import Ask
from storage.opening import open_store
from tests.support.channel import edit, talk
from tests.support.command_line import CommandLine
from tests.support.house import example_house

NASTY = "<script>alert(1)</script> & wave"
FORMULAS = ("=2+3", "+1", "-1", "@SUM(A1)")


@pytest.fixture
def bot(commands: CommandLine, database_url: str) -> CommandLine:
    store = open_store(database_url)
    house = example_house(store)
    house.declare(NASTY)
    for formula in FORMULAS:
        recording.note(house.house, Ask("UPRIYA", formula), "INC-1", formula)
    store.close()
    return commands.given(DATABASE_URL=database_url)


def test_markdown_is_the_document_and_the_default(bot: CommandLine) -> None:
    told = bot("export", "incident", "INC-1")
    assert told.code == 0
    assert told.out.startswith("# INC-1: ")
    assert "Priya Nair" in told.out
    assert "<script>" not in told.out
    assert told.out == bot("export", "incident", "INC-1", "--format", "md").out


def test_json_is_one_document_with_instants_in_utc(bot: CommandLine) -> None:
    told = bot("export", "incident", "INC-1", "--format", "json").document()
    assert (told["incident"]["key"], told["incident"]["title"]) == ("INC-1", NASTY)
    assert told["incident"]["declared_at"] == "2026-11-30T19:00:00Z"
    assert all(entry["at"].endswith("Z") and entry["sentence"] for entry in told["timeline"])


def test_html_holds_the_text_and_no_markup_of_the_typist(bot: CommandLine) -> None:
    told = bot("export", "incident", "INC-1", "--format", "html")
    assert told.out.startswith("<!doctype html>")
    assert "&lt;script" in told.out
    assert "<script" not in told.out


def test_csv_has_no_cell_that_a_spreadsheet_takes_for_a_formula(bot: CommandLine) -> None:
    told = bot("export", "incident", "INC-1", "--format", "csv")
    rows = list(csv.reader(io.StringIO(told.out)))
    assert rows[0] == ["at", "kind", "by", "what"]
    assert len(rows) > len(FORMULAS)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_an_incident_that_does_not_exist_is_refused(bot: CommandLine) -> None:
    told = bot("export", "incident", "INC-99", "--format", "json")
    assert (told.code, told.out) == (1, "")
    assert told.err == "There is no incident INC-99.\n"


def test_the_document_has_the_newest_words_and_the_full_record_the_older_ones_too(
    bot: CommandLine, database_url: str
) -> None:
    store = open_store(database_url)
    wave = talk(example_house(store), "Payouts")
    message = wave.written("payouts are held")
    wave.marked(message)
    wave.answered(message)
    wave.edited(edit(message, "payouts are held in the EU"))
    store.close()
    read = bot("export", "incident", wave.key).out
    assert "wrote (edited 18:01 UTC): payouts are held in the EU" in read
    told = bot("export", "incident", wave.key, "--format", "json").document()["timeline"]
    assert [e["text"] for e in told if e["source"]] == ["payouts are held", "payouts are held in the EU"]
