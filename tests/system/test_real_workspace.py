"""A workspace of one's own, by the Procfile's two lines: nothing is seeded, `apply` brings the people."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import Struct

from bot.clock import SystemClock
from storage.opening import open_store
from tests.support.processes import free_ports
from tests.support.started import ROOT, Ended, Started, ended, procfile
from tests.support.workspace import Json, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("real workspace"), pytest.mark.timeout(120)]

SEED = {
    "users": [
        {"id": "U0ANA", "name": "ana", "real_name": "Ana Lima", "email": "ana@corp.example", "tz": "UTC"},
        {"id": "U0BO", "name": "bo", "real_name": "Bo Chen", "email": "Bo@corp.example", "tz": "UTC"},
        {"id": "U0CY", "name": "cy", "real_name": "Cy Okafor", "email": "cy@corp.example", "tz": "UTC"},
    ],
    "channels": [
        {"name": "general", "members": ["ana", "bo", "cy"]},
        {"name": "incidents", "members": ["ana", "meridian"]},
        {"name": "team-safety", "members": ["bo"]},
    ],
}
SCHEDULES = """people:
  ana: {{name: Ana Lima, slack: ana@corp.example, zone: Europe/Paris, lead: true}}
  bo: {{name: Bo Chen, slack: bo@corp.example, zone: Europe/Paris}}
schedules:
  safety:
    regions:
      EMEA:
        zone: Europe/Paris
        starts: "09:00"
        seats:
          primary: {{rotation: {{members: [ana], turn: 1 week, from: 2026-01-05}}}}
          backup: {{rotation: {{members: [ana], turn: 1 week, from: 2026-01-05}}}}
overrides:
  - {{schedule: safety, region: EMEA, seat: primary, kind: replace, people: [bo],
      from: {start}, until: {end}}}
meridian: {{channels: {{announce: incidents, team: team-safety, operations: general}}}}
"""


class Installed(Struct, frozen=True):
    """What was seen, in its order: installed, declared to nobody, applied, declared again."""

    release: Ended
    line: str
    doctor_before: list[Json]
    declared: Json
    channel: str
    told_nobody: str
    applied: Ended
    applied_again: Ended
    page: str
    doctor_after: list[Json]
    stopped: Ended


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("real")
    port, log = free_ports(), folder / "complaints"
    (folder / "seed.json").write_text(json.dumps(SEED))
    sandbox = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(folder / "seed.json"))
    manifest = ("--manifest", str(ROOT / "manifest.yaml"))
    given = {
        "MERIDIAN_HOME": str(folder / "home"),
        "SLACK_BOT_TOKEN": "xoxb-sandbox-corp",
        "SLACK_APP_TOKEN": "xapp-sandbox-corp",
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api",
    }
    with Started((*sandbox, *manifest), {}, "ready", log):
        return _installed(folder, given, Workspace(f"http://127.0.0.1:{port}/"))


def _installed(folder: Path, given: dict[str, str], workspace: Workspace) -> Installed:
    lines, cy = procfile("Procfile"), workspace.person("U0CY")
    release = ended(lines["release"], given)
    with Started(lines["bot"], given, "ready", folder / "complaints") as bot:
        doctor_before = _doctor(given)
        declared = cy.types("/incident declare sev2 Account-takeover wave")
        channel = workspace.eventually("the channel", workspace.incident_channels)[0]
        told_nobody = readable(cy.waits_for_dm("nobody was paged"))
        applied = _apply(folder, given)
        workspace.eventually("Bo is known by his address", lambda: "U0BO" in str(_linked(folder)))
        workspace.eventually("the bot has joined the team", lambda: _members(workspace, "team-safety") > 1)
        cy.types("/incident declare sev2 Payouts go to strangers")
        page = readable(workspace.person("U0BO").waits_for_dm("Acknowledge by"))
        applied_again, doctor_after = _apply(folder, given), _doctor(given)
        return Installed(
            release, bot.line, doctor_before, declared, channel, told_nobody,
            applied, applied_again, page, doctor_after, bot.end(),
        )  # fmt: skip


def _doctor(given: dict[str, str]) -> list[Json]:
    found: list[Json] = json.loads(ended(("python", "-m", "bot", "doctor", "--json"), given).out)
    return [finding for finding in found if finding["state"] != "ok"]


def _apply(folder: Path, given: dict[str, str]) -> Ended:
    file, now = folder / "schedules.yaml", SystemClock().now().replace(microsecond=0)
    if not file.exists():
        start, end = now - timedelta(days=1), now + timedelta(days=1)
        file.write_text(SCHEDULES.format(start=start.isoformat(), end=end.isoformat()))
    return ended(("python", "-m", "bot", "apply", str(file)), given)


def _members(workspace: Workspace, channel: str) -> int:
    return len(workspace.channels()[channel]["members"])


def _linked(folder: Path) -> dict[str, str]:
    store = open_store(f"sqlite:///{folder / 'home' / 'meridian.sqlite'}")
    try:
        return store.read(lambda unit: unit.schedules.slack_ids())
    finally:
        store.close()


def test_release_makes_the_database(installed: Installed) -> None:
    assert (installed.release.code, installed.release.out) == (0, "The database was brought up to date.\n")


def test_the_bot_says_that_it_is_ready_and_names_no_address(installed: Installed) -> None:
    assert installed.line == "Meridian is ready.\n"


def test_doctor_says_first_that_nobody_can_be_paged(installed: Installed) -> None:
    assert "a schedule: nobody can be paged yet" in [finding["what"] for finding in installed.doctor_before]


def test_declaring_without_a_schedule_opens_a_channel_all_the_same(installed: Installed) -> None:
    assert installed.declared["acked"]
    assert installed.channel.startswith("inc-1")


def test_declaring_without_a_schedule_says_plainly_that_nobody_was_paged(installed: Installed) -> None:
    assert "No region and lead are set up yet, so there is nobody to page." in installed.told_nobody


def test_apply_works_beside_the_running_bot_and_twice_changes_nothing(installed: Installed) -> None:
    assert (installed.applied.code, installed.applied.out) == (
        0,
        "Applied: 2 people, 1 schedule, 1 override.\n",
    )
    assert installed.applied_again.out.startswith("Nothing to change: ")


def test_the_next_declare_pages_whom_the_override_names_by_address(installed: Installed) -> None:
    assert "Payouts go to strangers" in installed.page


def test_doctor_then_misses_only_what_wakes_people(installed: Installed) -> None:
    missing = [finding["what"].split(":")[0].split(" (")[0] for finding in installed.doctor_after]
    assert missing == [
        "on call without a phone that rings",
        "on call without a proof in 30 days that a page reaches them",
        "a phone leg",
    ]


def test_it_ends_well_when_the_platform_asks(installed: Installed) -> None:
    assert installed.stopped.code == 0
    assert installed.stopped.after_s < 10
