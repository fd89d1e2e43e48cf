"""`doctor`: every thing that is missing is said in plain words with the next step, and nothing is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.applying import EXAMPLE
from bot.cli.doctor import disk, heartbeat
from bot.cli.findings import State
from bot.local_workspace import ROOT, SEED
from bot.settings import Settings
from sandbox.server import Sandbox
from sandbox.settings import Settings as SandboxSettings
from storage.opening import open_store
from tests.support.command_line import CommandLine, Told
from tests.support.house import MONDAY, example_people
from tests.support.workspace import Workspace

MANIFEST = ROOT / "manifest.yaml"
SECRET = "the secret that rings telephones"


@pytest.fixture
def bot(commands: CommandLine) -> CommandLine:
    return commands


@contextmanager
def slack(bot: CommandLine, seed: object = SEED, manifest: Path = MANIFEST) -> Iterator[Sandbox]:
    """A workspace for which the bot has tokens, and whose telephones it can ring."""
    settings = SandboxSettings(phone_secret=SECRET)
    with Sandbox(seed=seed, manifest=manifest, settings=settings) as sandbox:  # type: ignore[arg-type]
        bot.given(
            RING_WEBHOOK_URL=f"{sandbox.url}_phone",
            RING_WEBHOOK_SECRET=SECRET,
            SLACK_BOT_TOKEN="xoxb-sandbox-1",
            SLACK_APP_TOKEN="xapp-sandbox-1",
            SLACK_API_URL=f"{sandbox.url}api",
        )
        yield sandbox


def missing(told: Told) -> list[str]:
    return [line.removeprefix("missing").strip() for line in told.out.splitlines() if line[:7] == "missing"]


def test_when_all_is_well_it_says_so_and_ends_with_0(bot: CommandLine, sqlite_url: str) -> None:
    bot.given(DATABASE_URL=sqlite_url)("apply", EXAMPLE)
    with slack(bot, {**_seed(), "channels": _channels("incidents", "safety-handoff", "meridian-ops")}):
        told = bot("doctor")
    assert (missing(told), told.code) == ([], 0)
    assert "Slack knows everybody whom the schedules file names" in told.out
    assert "Socket Mode can be opened" in told.out
    assert "webhook answers and takes our token" in told.out


def test_where_no_phone_can_ring_it_is_said(bot: CommandLine, sqlite_url: str) -> None:
    bot.given(DATABASE_URL=sqlite_url)("apply", EXAMPLE)
    with slack(bot):
        bot.given(RING_WEBHOOK_URL="", RING_WEBHOOK_SECRET="")
        assert any(line.startswith("a phone leg: ") for line in missing(bot("doctor")))


def test_on_a_new_machine_it_says_how_to_begin_and_makes_nothing(bot: CommandLine) -> None:
    told = bot("doctor")
    assert told.code == 1
    assert missing(told) == ["the database: there is none yet. Run python -m bot migrate."]
    assert not bot.home.exists()


def test_without_a_schedule_it_says_that_nobody_can_be_paged(bot: CommandLine, sqlite_url: str) -> None:
    told = bot.given(DATABASE_URL=sqlite_url)("doctor")
    assert told.code == 1
    way_on = "Type /incident setup in Slack, or run python -m bot apply schedules.yaml."
    assert missing(told) == [f"a schedule: nobody can be paged yet. {way_on}"]


def test_people_without_an_address_and_a_missing_lead_are_named(
    bot: CommandLine, sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "schedules.yaml"
    file.write_text(EXAMPLE.read_text().replace(", lead: true", "").replace("slack: UBO, ", ""))
    bot.given(DATABASE_URL=sqlite_url)("apply", file)
    found = missing(bot("doctor"))
    assert "how to reach Bo Chen. Give each an e-mail address or Slack id after slack:." in found
    assert any(line.startswith("a lead: ") for line in found)


def test_what_slack_lacks_is_said_in_one_go(bot: CommandLine, sqlite_url: str, tmp_path: Path) -> None:
    bot.given(DATABASE_URL=sqlite_url)("apply", EXAMPLE)
    people = [user for user in _seed()["users"] if user["id"] != "UANA"]
    with slack(bot, {"users": people, "channels": _channels("incidents")}, _without("pins:write", tmp_path)):
        told = bot("doctor")
    assert told.code == 1
    assert missing(told) == [
        "scopes: pins:write. Add them on the app's page and install the app again.",
        "people whom Slack does not know, or no longer: Ana Lima (UANA)."
        " Correct their address or Slack id in the schedules file and apply it again.",
        "the channel #safety-handoff. Make it, and invite the bot: /invite @meridian in #safety-handoff.",
        "the channel #meridian-ops. Make it, and invite the bot: /invite @meridian in #meridian-ops.",
    ]


def test_whoever_is_on_call_and_muted_or_unproven_is_named(bot: CommandLine, sqlite_url: str) -> None:
    bot.given(DATABASE_URL=sqlite_url)("apply", EXAMPLE)
    store = open_store(sqlite_url)
    store.write(lambda unit: unit.people.put_profiles(example_people(), MONDAY))
    store.close()
    with slack(bot) as sandbox:
        bot.given(MERIDIAN_CLOCK_URL=f"{sandbox.url}_control/clock")
        workspace = Workspace(sandbox.url)
        workspace.set_clock("2026-11-30T19:00:00Z")
        workspace.post("dnd", user="UANA", start="2026-12-01T00:00:00Z", end="2026-12-01T12:00:00Z")
        told = bot("doctor")
    assert "ok       muted in Slack during their shift, so their phones ring at once: Ana Lima" in told.out
    assert any(line.startswith("on call without a proof in 30 days") for line in missing(told))


def test_without_a_heartbeat_a_real_workspace_is_told(bot: CommandLine, sqlite_url: str) -> None:
    given = Settings.model_validate({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    assert "Set HEARTBEAT_URL" in heartbeat(given).advice
    heard = given.model_copy(update={"heartbeat": SecretStr("https://example.org/ping/1")})
    assert heartbeat(heard).state is State.OK
    at_home = given.model_copy(update={"slack_api_url": "http://127.0.0.1:3777/api/"})
    assert heartbeat(at_home).state is State.OK


def test_a_scope_without_which_it_cannot_look_is_named(bot: CommandLine, tmp_path: Path) -> None:
    with slack(bot, manifest=_without("groups:read", tmp_path)):
        assert any(line.startswith("the scope groups:read") for line in missing(bot("doctor")))


def test_a_database_that_does_not_answer_ends_it_with_3(bot: CommandLine) -> None:
    told = bot.given(DATABASE_URL="postgres://nobody@127.0.0.1:9/none")("doctor")
    assert told.code == 3
    assert "broken   the database. " in told.out


def test_slack_that_does_not_answer_ends_it_with_3(bot: CommandLine, sqlite_url: str) -> None:
    with slack(bot.given(DATABASE_URL=sqlite_url)):
        pass
    told = bot("doctor")
    assert told.code == 3
    assert "Check the network and SLACK_API_URL" in told.out


def test_a_token_that_slack_refuses_ends_it_with_3(bot: CommandLine, sqlite_url: str) -> None:
    with slack(bot.given(DATABASE_URL=sqlite_url)):
        told = bot.given(SLACK_BOT_TOKEN="xoxb-other")("doctor")
    assert told.code == 3
    assert "Slack refuses the token (invalid_auth). Copy SLACK_BOT_TOKEN" in told.out


def test_as_json_it_is_one_document(bot: CommandLine, sqlite_url: str) -> None:
    told = bot.given(DATABASE_URL=sqlite_url)("doctor", "--json").document()
    assert {finding["state"] for finding in told} == {"ok", "missing"}
    assert all(bool(finding["advice"]) == (finding["state"] != "ok") for finding in told)


MOUNTS = """overlay / overlay rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/sda1 /data ext4 rw 0 0
/dev/sdb1 /my\\040disk xfs rw 0 0
tmpfs /data/cache tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("home", "is_well"),
    [
        ("/app/.meridian", False),
        ("/run/m", False),
        ("/data/m", True),
        ("/database", False),
        ("/data/cache/m", False),
        ("/my disk/m", True),
    ],
)
def test_sqlite_is_refused_where_a_restart_forgets(home: str, is_well: bool) -> None:
    found = disk(Path(home), MOUNTS)
    assert (not found.advice) is is_well
    assert is_well or "DATABASE_URL" in found.advice


def _seed() -> dict[str, list[dict[str, str]]]:
    return dict(yaml.safe_load(SEED.read_text(encoding="utf-8")))


def _channels(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "members": ["meridian"]} for name in names]


def _without(scope: str, folder: Path) -> Path:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    path = folder / "manifest.yaml"
    path.write_text(yaml.safe_dump(manifest))
    return path
