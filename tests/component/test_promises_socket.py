"""Slack can always reach the bot: a socket that falls silent is replaced, and so is trust in its token."""

from pathlib import Path

from bot.socket import Pace
from tests.support.whole_bot import whole_bot
from tests.support.workspace import Workspace, readable

# As in the service (8 s of silence), five times faster.
QUICK = Pace(silence_s=1.5, greeting_s=2.0, linger_s=0.2, look_every_s=0.05, most_wait_s=0.2)


def test_a_socket_that_is_silent_too_long_is_replaced_and_deliveries_come_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    with whole_bot(sqlite_url, tmp_path, pace=QUICK) as bot:
        workspace = bot.workspace
        workspace.post("settings", ping_s=0.2)
        workspace.eventually("two lines", lambda: _connections(workspace) == 2)
        opened = len(workspace.journal("apps.connections.open"))
        workspace.post("faults", half_open=True)
        workspace.eventually("the bot knows that it cannot be reached", lambda: not bot.bot.is_ready())
        workspace.post("faults", clear=True)
        workspace.eventually("the bot can be reached again", bot.bot.is_ready)
        assert len(workspace.journal("apps.connections.open")) >= opened + 2
        said = workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")
        assert "INC-1 declared as SEV1." in readable(said["response"])


def test_a_refused_token_shows_at_once_and_nothing_is_lost_when_it_is_good_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    with whole_bot(sqlite_url, tmp_path) as bot:
        workspace = bot.workspace
        workspace.post("faults", method="*", error="token_revoked", times=12)
        workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")
        workspace.eventually("the bot says it is not ready", lambda: not bot.bot.is_ready())
        assert bot.bot.dispatcher.stopped_by == "token_revoked"
        workspace.post("faults", clear=True)
        workspace.eventually("the bot is ready again", bot.bot.is_ready)
        assert workspace.person("UANA").waits_for_dm("Acknowledge by")


def _connections(workspace: Workspace) -> int:
    return int(workspace.state()["socket"]["connections"])
