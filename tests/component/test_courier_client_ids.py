"""An id on each post, by which Slack may drop a repetition: where it is wished for, and never the proof."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.reconcile import Courier, Parcel
from bot.sending import Outbound, Sent
from handlers.calls import Call
from incidents.effects import Effect, EffectKind
from tests.support.tiny_slack import BOT, TinySlack
from tests.support.whole_bot import whole_bot

AT = datetime(2026, 3, 2, tzinfo=UTC)
POST = Call("chat.postMessage", {"channel": "C1", "text": "hello"})
PARCEL = Parcel(Effect(EffectKind.ANNOUNCE, "announce:INC-1", "INC-1"), POST, AT, False)


def delivered(outbound: Outbound, *parcels: Parcel, has_ids: bool = True) -> Sent:
    courier = Courier(outbound, lambda: BOT, 0.0, has_client_ids=has_ids)
    return [outbound.spawn(courier.deliver(parcel)).result(30) for parcel in parcels][-1]


def ids(slack: TinySlack) -> list[str]:
    return [args.get("client_msg_id", "") for args in slack.named("chat.postMessage")]


def test_a_post_carries_none_unless_it_is_wished_for(tiny_slack: TinySlack, outbound: Outbound) -> None:
    delivered(outbound, PARCEL, has_ids=False)
    assert ids(tiny_slack) == [""]


def test_another_try_of_the_same_carries_the_same(tiny_slack: TinySlack, outbound: Outbound) -> None:
    tiny_slack.faults["chat.postMessage"].append({"reset": True})
    delivered(outbound, PARCEL, replace(PARCEL, look_first=True))
    first, second = ids(tiny_slack)
    assert (first, len(first)) == (second, 36)
    assert tiny_slack.posts("C1") == ["hello"]


def test_the_same_key_of_another_database_is_another_post(tiny_slack: TinySlack, outbound: Outbound) -> None:
    delivered(outbound, PARCEL, replace(PARCEL, put_at=AT + timedelta(days=1)))
    assert len(set(ids(tiny_slack))) == 2


@pytest.mark.parametrize("error", ["duplicate_message_not_found", "duplicate_channel_not_found"])
def test_what_slack_takes_for_a_repetition_and_cannot_show_is_posted_without_it(
    tiny_slack: TinySlack, outbound: Outbound, error: str
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"error": error})
    assert delivered(outbound, PARCEL).ok
    assert ids(tiny_slack)[1:] == [""]
    assert tiny_slack.posts("C1") == ["hello"]


def test_the_whole_bot_sends_them_where_its_environment_says_so(sqlite_url: str, tmp_path: Path) -> None:
    with whole_bot(sqlite_url, tmp_path, more={"SLACK_CLIENT_MSG_ID": "true"}) as bot:
        bot.workspace.person("UPRIYA").types("/incident declare sev2 Account-takeover wave in EU")
        bot.workspace.person("UANA").waits_for_dm("Account-takeover wave")
        calls = [str(entry) for entry in bot.workspace.journal()]
    assert any("chat.postMessage" in call and "client_msg_id" in call for call in calls)
