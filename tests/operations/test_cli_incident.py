"""Declaring, acknowledging and paging from the command line, as it must work while Slack is away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.applying import EXAMPLE
from incidents.effects import EffectKind
from incidents.model import Incident, Severity
from storage.opening import SqlStore
from tests.support.command_line import CommandLine
from tests.support.house import TestHouse, example_house

WAVE = "Account-takeover wave in EU"


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch, commands: CommandLine, database_url: str) -> CommandLine:
    """Nobody is called like the account that runs it."""
    monkeypatch.setenv("LOGNAME", "deploy")
    return commands.given(DATABASE_URL=database_url)


@pytest.fixture
def there(store: SqlStore, bot: CommandLine, tmp_path: Path) -> TestHouse:
    """The file knows Priya and Ana by their addresses too."""
    there, file = example_house(store), tmp_path / "schedules.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in ("ana", "priya"):
        text = text.replace(f"slack: U{name.upper()}", f"slack: U{name.upper()}, mail: {name}@example.com")
    file.write_text(text, encoding="utf-8")
    assert bot("apply", file).code == 0
    return there


@pytest.fixture
def said(there: TestHouse) -> Callable[[str], str]:
    """The whole timeline in words."""
    return lambda key: "\n".join(there.sentences(key))


def pages(incident: Incident) -> set[str]:
    return {page.user for page in incident.pages}


def test_an_incident_is_declared_by_whom_it_says(bot: CommandLine, there: TestHouse) -> None:
    told = bot("declare", WAVE, "--sev", "SEV1", "--by", "priya")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("INC-1 is declared, SEV1, by Priya Nair.\nPaged: ")
    incident = there.incident("INC-1")
    assert (incident.declared_by, incident.severity, len(incident.pages)) == ("UPRIYA", Severity.SEV1, 1)


def test_its_channel_waits_in_the_outbox_until_slack_is_there(bot: CommandLine, there: TestHouse) -> None:
    bot("declare", WAVE, "--sev", "SEV1", "--by", "UPRIYA")
    assert {effect.kind for effect in there.slack()} >= {EffectKind.CREATE_CHANNEL, EffectKind.SEND_PAGE}


def test_an_account_that_is_called_like_somebody_is_them(
    bot: CommandLine, there: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "bo")
    bot("declare", WAVE, "--sev", "SEV2")
    assert there.incident("INC-1").declared_by == "UBO"


def test_without_a_name_it_is_declared_in_the_name_of_a_lead_and_says_so(
    bot: CommandLine, there: TestHouse, said: Callable[[str], str]
) -> None:
    told = bot("declare", WAVE, "--sev", "SEV1")
    assert told.code == 0
    assert "say who you are with --by" in told.out
    declarer = there.incident("INC-1").declared_by
    assert declarer in ("UDANA", "UHARUKA", "UELENA")
    assert "by the account deploy, in the name of " in said("INC-1")


def test_a_restricted_one_is_restricted(bot: CommandLine, there: TestHouse) -> None:
    told = bot("declare", WAVE, "--restricted", "--by", "priya@example.com", "--sev", "2")
    key = told.out.split()[0]
    assert key.startswith("R-")
    assert there.incident(key).restricted


def test_while_no_meridian_runs_it_says_so(bot: CommandLine, there: TestHouse) -> None:
    assert "No Meridian is running" in bot("declare", WAVE, "--sev", "1", "--by", "priya").out


@pytest.mark.parametrize(
    "words", [("declare", WAVE, "--by", "nobody"), ("ack", "INC-404"), ("page", "INC-404")]
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    bot: CommandLine, there: TestHouse, words: tuple[str, ...]
) -> None:
    told = bot(*words)
    assert (told.code, told.out) == (1, "")
    assert told.err.strip().endswith(".")
    assert told.err.count("\n") == 1


def test_a_severity_that_does_not_exist_is_a_mistake_in_typing(bot: CommandLine) -> None:
    assert bot("declare", WAVE, "--sev", "SEV9").code == 2


class TestAcknowledging:
    @pytest.fixture(autouse=True)
    def paged(self, there: TestHouse) -> str:
        incident = there.declare(WAVE, severity=Severity.SEV1)
        assert pages(incident) == {"UANA"}
        return incident.key

    def test_the_only_person_paged_has_it_and_the_record_says_who_entered_it(
        self, bot: CommandLine, there: TestHouse, said: Callable[[str], str]
    ) -> None:
        told = bot("ack", "INC-1")
        assert (told.code, told.out) == (0, "Ana Lima has INC-1.\n")
        assert there.incident("INC-1").manager == "UANA"
        entered = "The account deploy of the command line acknowledged for Ana Lima, who is incident manager."
        assert entered in said("INC-1")

    def test_somebody_acknowledges_for_somebody_else_and_both_are_named(
        self, bot: CommandLine, there: TestHouse, said: Callable[[str], str]
    ) -> None:
        assert bot("ack", "inc-1", "--as", "@Bo", "--by", "UCY").code == 0
        assert there.incident("INC-1").manager == "UBO"
        assert "Cy" in said("INC-1")

    def test_their_own_acknowledgement_names_nobody_else(
        self, bot: CommandLine, there: TestHouse, said: Callable[[str], str]
    ) -> None:
        assert bot("ack", "INC-1", "--by", "ana@example.com").code == 0
        assert "Ana Lima acknowledged and is incident manager." in said("INC-1")

    def test_a_second_one_is_refused_and_says_who_has_it(self, bot: CommandLine) -> None:
        bot("ack", "INC-1", "--by", "ana")
        told = bot("ack", "INC-1", "--by", "bo")
        assert told.code == 1
        assert "Ana Lima" in told.err

    def test_who_has_it_must_be_said_when_several_are_paged(self, bot: CommandLine, there: TestHouse) -> None:
        there.declare("Payouts to a mule network", severity=Severity.SEV0)
        assert "--as" in bot("ack", "INC-2").err


class TestPaging:
    @pytest.fixture(autouse=True)
    def open_one(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV2)

    @pytest.mark.parametrize("whom", ["@bo", "Bo Chen", "UBO"])
    def test_a_person_is_brought_in(self, bot: CommandLine, there: TestHouse, whom: str) -> None:
        told = bot("page", "--why", "knows the queue", "INC-1", *whom.split(), "--by", "priya")
        assert (told.code, told.err) == (0, "")
        assert pages(there.incident("INC-1")) == {"UANA", "UBO"}

    @pytest.mark.parametrize("whom", ["backup", "next", "legal"])
    def test_whoever_holds_a_seat_is_brought_in(self, bot: CommandLine, there: TestHouse, whom: str) -> None:
        assert bot("page", "INC-1", whom, "--by", "priya").code == 0
        assert len(pages(there.incident("INC-1"))) == 2

    def test_whom_must_be_said(self, bot: CommandLine) -> None:
        assert "Say which incident and whom" in bot("page", "INC-1").err

    def test_a_test_page_asks_only_whether_it_rings(self, bot: CommandLine, there: TestHouse) -> None:
        told = bot("page", "--test", "@bo")
        assert told.out.startswith("A test page is on its way to Bo Chen")
        assert told.out.endswith("No Meridian is running: nobody is paged before one starts. Start it.\n")
        assert EffectKind.TEST_PAGE in {effect.kind for effect in there.slack()}
        assert pages(there.incident("INC-1")) == {"UANA"}
