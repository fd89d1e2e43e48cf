"""What nobody handles is acknowledged all the same, over the wire, so that Slack stops delivering it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from tests.support.whole_bot import MANIFEST, WholeBot, whole_bot
from tests.support.workspace import Json, readable

STRANGE_BUTTON = {"type": "button", "action_id": "nobody.knows", "text": {"type": "plain_text", "text": "?"}}
STRANGE_VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "nobody.knows",
    "title": {"type": "plain_text", "text": "Strange"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "?"}}],
}


@pytest.fixture(scope="module")
def bot(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeBot]:
    """Installed with more than it knows: as after a roll-back to an older version."""
    folder = tmp_path_factory.mktemp("unknown")
    database = folder / "meridian.sqlite"
    database.write_bytes(sqlite_template.read_bytes())
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"].append({"command": "/strange", "description": "?"})
    shortcut = {"type": "global", "name": "?", "callback_id": "nobody.knows", "description": "?"}
    manifest["features"]["shortcuts"].append(shortcut)
    manifest["settings"]["event_subscriptions"]["bot_events"].append("channel_created")
    (folder / "manifest.yaml").write_text(yaml.safe_dump(manifest))
    with whole_bot(f"sqlite:///{database}", folder, manifest=folder / "manifest.yaml") as running:
        yield running


@pytest.fixture
def slack(bot: WholeBot) -> WebClient:
    return WebClient("xoxb-sandbox-1", base_url=f"{bot.workspace.url}api/", retry_handlers=[])


@pytest.fixture
def strange_message(bot: WholeBot, slack: WebClient) -> Json:
    """In Priya's conversation with the bot, with a button that this version does not know."""
    blocks = [{"type": "actions", "elements": [STRANGE_BUTTON]}]
    posted = slack.chat_postMessage(channel="UPRIYA", text="?", blocks=blocks)
    return {"channel": posted["channel"], "ts": posted["ts"]}


def test_an_unknown_event_is_acknowledged(bot: WholeBot) -> None:
    bot.workspace.post("create_channel", **{"as": "UPRIYA"}, name="unheard-of")

    def delivered() -> Json | None:
        events = [e for e in bot.workspace.journal() if e.get("event") == "channel_created"]
        return events[0] if events and events[0]["acked"] else None

    entry = bot.workspace.eventually("the event is acknowledged", delivered)
    assert entry["attempts"] == 1


def test_an_unknown_command_is_acknowledged_with_a_sentence(bot: WholeBot) -> None:
    told = bot.workspace.person("UPRIYA").types("/strange things")
    assert told["acked"]
    assert "Meridian does not know /strange" in readable(told["response"])


def test_an_unknown_button_is_acknowledged(bot: WholeBot, strange_message: Json) -> None:
    assert bot.workspace.person("UPRIYA").presses("nobody.knows", strange_message)["acked"]


def test_an_unknown_form_is_acknowledged(bot: WholeBot, slack: WebClient, strange_message: Json) -> None:
    pressed = bot.workspace.person("UPRIYA").presses("nobody.knows", strange_message)
    journal = bot.workspace.journal()
    trigger = next(e["payload"]["trigger_id"] for e in journal if _is(e, pressed["envelope_id"]))
    opened = slack.views_open(trigger_id=trigger, view=STRANGE_VIEW)
    view: Json = opened["view"]
    assert bot.workspace.person("UPRIYA").submits(view)["acked"]


def test_an_unknown_shortcut_is_acknowledged(bot: WholeBot) -> None:
    told = bot.workspace.post("shortcut", **{"as": "UPRIYA"}, callback_id="nobody.knows")
    assert told["acked"]


def _is(entry: Json, envelope_id: str) -> bool:
    return bool(entry.get("envelope_id") == envelope_id)
