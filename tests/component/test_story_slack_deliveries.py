"""What Slack delivers that nobody handles, delivers twice, or delivers for strangers."""

from typing import Any

import pytest
from slack_bolt import BoltRequest

from handlers.blocks import ids
from tests.support.whole_bot import WholeBot

Json = dict[str, Any]
TEAM = "T0SANDBOX"


def delivered(bot: WholeBot, body: Json) -> tuple[int, str]:
    """Bolt's answer: 200 is an acknowledgement, its body what goes with it."""
    response = bot.bot.app.dispatch(BoltRequest(mode="socket_mode", body=body))
    return response.status, response.body


def event(**fields: Any) -> Json:
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": fields}


def command(text: str, name: str = "/incident", **fields: Any) -> Json:
    body = {"command": name, "text": text, "user_id": "UPRIYA", "team_id": TEAM, "trigger_id": "1.2.3"}
    return body | {"channel_id": "C1", "response_url": "http://127.0.0.1:9/nowhere"} | fields


def press(action_id: str, value: str, team: str = TEAM) -> Json:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "UANA", "team_id": team},
        "trigger_id": "4.5.6",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }


def declared(bot: WholeBot) -> list[str]:
    found = bot.bot.store.read(lambda unit: unit.incidents.listing())
    return [incident.key for incident in found]


@pytest.mark.parametrize(
    "body",
    [
        event(type="emoji_changed"),
        event(type="message", channel="C1", user="UANA", text="hello", channel_type="channel"),
        event(type="member_joined_channel", channel="C1", user="UANA"),
        press("nobody.knows", ""),
        press(ids.OPEN_CHANNEL, ""),
        {"type": "shortcut", "callback_id": "nobody.knows", "user": {"id": "UANA", "team_id": TEAM}},
        {
            "type": "view_closed",
            "user": {"id": "UANA", "team_id": TEAM},
            "view": {"type": "modal", "callback_id": "x"},
        },
    ],
    ids=lambda body: str(body.get("event", body)["type"]),
)
def test_what_nobody_handles_is_acknowledged(bot: WholeBot, body: Json) -> None:
    assert delivered(bot, body) == (200, "")


def test_an_unknown_command_is_answered_in_a_sentence(bot: WholeBot) -> None:
    status, body = delivered(bot, command("", name="/nobody"))
    assert status == 200
    assert "Meridian does not know /nobody" in body


def test_the_same_delivery_twice_declares_once(bot: WholeBot) -> None:
    answers = {delivered(bot, command("sev1 Account takeover")) for _ in range(2)}
    assert len(answers) == 1
    assert declared(bot) == ["INC-1"]


def test_one_delivery_that_names_two_people_pages_both(bot: WholeBot) -> None:
    delivered(bot, command("sev2 Account takeover"))
    delivered(bot, command("page INC-1 <@UBO|bo> <@UCY|cy>", trigger_id="7.8.9"))
    incident = bot.bot.store.read(lambda unit: unit.incidents.get("INC-1"))
    assert incident is not None
    assert {"UBO", "UCY"} <= {page.user for page in incident.pages}


def test_people_of_another_workspace_are_passed_over(bot: WholeBot) -> None:
    delivered(bot, command("sev1 Account takeover"))
    assert delivered(bot, press(ids.ACKNOWLEDGE, "INC-1|", team="T0ELSEWHERE")) == (200, "")
    incident = bot.bot.store.read(lambda unit: unit.incidents.get("INC-1"))
    assert incident is not None
    assert incident.manager == ""


def test_the_words_of_other_bots_do_nothing(bot: WholeBot) -> None:
    said = event(type="app_mention", channel="C1", user="UANA", bot_id="B9", text="<@U0SANDBOT> sev1 Leak")
    assert delivered(bot, said) == (200, "")
    assert declared(bot) == []


def test_somebody_whom_slack_has_not_described_yet_is_told_so(bot: WholeBot) -> None:
    _, body = delivered(bot, command("sev1 Account takeover", user_id="UNOBODY"))
    assert "Meridian has not met you yet" in body
