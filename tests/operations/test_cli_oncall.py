"""`oncall`: who is on call, from a file alone or from the database, as SCHEDULES section 6 promises."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rotations.model import Override, OverrideKind, Seat
from storage.opening import open_store
from tests.support.command_line import CommandLine

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "schedules"
SECTION_6 = CORPUS / "good" / "section6.yaml"
EXAMPLE = Path(__file__).resolve().parents[2] / "bot" / "example" / "organisation.yaml"
AT = "2026-03-09T11:59:59Z"


@pytest.fixture
def bot(commands: CommandLine, sqlite_url: str) -> CommandLine:
    return commands.given(DATABASE_URL=sqlite_url)


def people(document: dict[str, list[dict[str, object]]]) -> list[object]:
    return [row["people"] for row in document["on_call"]]


def test_a_file_alone_is_answered_without_a_database(bot: CommandLine) -> None:
    told = bot.given(DATABASE_URL="nonsense")("oncall", "--file", SECTION_6, "--at", AT, "--json")
    assert told.code == 0
    assert told.document() == {
        "schedule": "safety",
        "at": "2026-03-09T11:59:59Z",
        "on_call": [
            {
                "region": "AMER",
                "seat": "primary",
                "people": ["ana"],
                "from": "2026-03-02T14:00:00Z",
                "until": "2026-03-09T12:00:00Z",
                "turn_until": "2026-03-09T13:00:00Z",
                "why": told.document()["on_call"][0]["why"],
            }
        ],
    }
    assert told.document()["on_call"][0]["why"]


def test_several_instants_are_answered_in_their_order(bot: CommandLine) -> None:
    instants = ("2026-03-09T12:00:00Z", "2026-03-09T10:59:59-05:00", AT)
    told = bot("oncall", "--file", SECTION_6, *(w for at in instants for w in ("--at", at)), "--json")
    assert [people(one) for one in told.document()] == [[["di"]], [["bo", "cy"]], [["ana"]]]


def test_a_window_is_answered_with_shifts_and_gaps(bot: CommandLine) -> None:
    window = ("--between", "2026-03-01T00:00:00Z", "2026-03-10T00:00:00Z")
    told = bot("oncall", "--file", SECTION_6, *window, "--json").document()
    assert [(s["people"], s["from"], s["until"]) for s in told["shifts"] if s["people"]] == [
        (["ana"], "2026-03-02T14:00:00Z", "2026-03-09T12:00:00Z"),
        (["di"], "2026-03-09T12:00:00Z", "2026-03-09T13:00:00Z"),  # for Ana
        (["di"], "2026-03-09T13:00:00Z", "2026-03-09T15:00:00Z"),  # for those whose turn has come
        (["bo", "cy"], "2026-03-09T15:00:00Z", "2026-03-10T00:00:00Z"),
    ]
    assert [(g["from"], g["until"]) for g in told["gaps"]] == [
        ("2026-03-01T00:00:00Z", "2026-03-02T14:00:00Z")
    ]


def test_without_json_it_is_said_in_lines(bot: CommandLine) -> None:
    told = bot("oncall", "--file", SECTION_6, "--at", AT)
    assert told.out == "At 2026-03-09T11:59:59Z:\n  AMER primary: ana\n"


def test_several_schedules_and_no_name_is_a_usage_error_that_lists_them(bot: CommandLine) -> None:
    told = bot("oncall", "--file", EXAMPLE, "--at", AT, "--json")
    assert (told.code, told.out) == (2, "")
    assert "safety, legal, policy, executive" in told.err


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "2026-03-09T12:00:00"),
        ("--at", "2026-03-09"),
        ("--at", "noon"),
        ("--between", "2026-03-09T12:00:00Z", "2026-03-09T12:00:00"),
        ("--between", "2026-03-09T12:00:00Z", "2026-03-09T12:00:00Z"),
        ("--at", AT, "--between", AT, AT),
        ("--at",),
    ],
)
def test_instants_that_are_none_are_usage_errors(bot: CommandLine, words: tuple[str, ...]) -> None:
    told = bot("oncall", "--file", SECTION_6, *words, "--json")
    assert (told.code, told.out) == (2, "")
    assert told.err


def test_a_schedule_that_does_not_exist_is_a_usage_error(bot: CommandLine) -> None:
    told = bot("oncall", "--file", SECTION_6, "--schedule", "safty", "--at", AT)
    assert told.code == 2
    assert "There is no schedule safty" in told.err


def test_a_faulty_file_is_refused_with_its_faults(bot: CommandLine) -> None:
    told = bot("oncall", "--file", CORPUS / "bad" / "many_faults.yaml", "--at", AT)
    assert (told.code, told.out) == (1, "")
    assert "many_faults.yaml:10:15:" in told.err


def test_before_anything_was_applied_it_says_how_to(bot: CommandLine) -> None:
    told = bot("oncall", "--at", AT)
    assert told.code == 1
    assert "python -m bot apply" in told.err


def test_the_database_is_asked_with_overrides_made_in_chat(bot: CommandLine, sqlite_url: str) -> None:
    bot("apply", SECTION_6)
    start, end = datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 3, 12, 13, tzinfo=UTC)
    override = Override(
        "o1", "safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE, ("di",), start, end, by="UANA"
    )
    store = open_store(sqlite_url)
    store.write(lambda unit: unit.schedules.add_override(override, start))
    store.close()
    at = ("--at", "2026-03-12T12:00:00Z", "--at", "2026-03-12T13:00:00Z")
    assert [people(one) for one in bot("oncall", *at, "--json").document()] == [[["di"]], [["bo", "cy"]]]
