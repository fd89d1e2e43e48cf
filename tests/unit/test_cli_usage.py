"""Words that the command line does not know end with 2 and a line of usage, before anything is opened."""

import pytest

from bot.cli.record import cell
from tests.support.command_line import CommandLine


@pytest.fixture
def bot(commands: CommandLine) -> CommandLine:
    return commands


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nothing",
        "run now",
        "apply",
        "export incident",
        "export incident INC-1 --format xml",
        "audit",
        "audit verify --what",
        "oncall --between 2026-01-01T00:00:00Z",
        "runbooks",
    ],
)
def test_a_usage_error_ends_with_2(bot: CommandLine, words: str) -> None:
    told = bot(*words.split())
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("usage: python -m bot")
    assert not bot.home.exists()


def test_help_names_every_command(bot: CommandLine) -> None:
    told = bot("--help")
    assert told.code == 0
    for name in (
        "run",
        "serve",
        "work",
        "migrate",
        "apply",
        "doctor",
        "oncall",
        "export",
        "audit",
        "runbooks",
    ):
        assert f"\n    {name} " in told.out


@pytest.mark.parametrize("command", ["run", "serve", "work"])
def test_without_a_way_in_for_deliveries_a_process_does_not_start(bot: CommandLine, command: str) -> None:
    told = bot.given(SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="")(command)
    assert (told.code, told.out) == (3, "")
    assert "SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP)" in told.err


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_cell_that_could_be_a_formula_is_prefixed(begin: str) -> None:
    assert cell(f"{begin}1") == f"'{begin}1"


def test_an_ordinary_cell_is_left_as_it_is() -> None:
    assert cell("Ana: a = b") == "Ana: a = b"
