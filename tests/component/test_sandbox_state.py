"""What one person can see: channels, whispers, the lock screen. And what acts are refused."""

from collections.abc import Iterator

import pytest

from sandbox.server import Sandbox
from tests.support.clock import FakeClock
from tests.support.sandbox_client import SEED, Client


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED, clock=FakeClock()) as sandbox:
        yield Client(sandbox.url)


def names(client: Client, person: str) -> list[str]:
    return [channel["name"] for channel in client.state(person)["channels"]]


def test_private_channels_are_seen_by_their_members_alone(client: Client) -> None:
    assert names(client, "alice") == ["general"]
    assert names(client, "bob") == ["general", "secret"]


def test_an_ephemeral_message_is_seen_by_one_person(client: Client) -> None:
    client.slack.chat_postEphemeral(channel="C1", user="U1", text="Only you")
    [message] = client.state("alice")["channels"][0]["messages"]
    assert (message["text"], message["ephemeral"]) == ("Only you", True)
    assert client.texts("general", "bob") == []


def test_a_direct_message_lights_the_phone_with_its_text(client: Client) -> None:
    client.slack.chat_postMessage(channel="U1", text="SEV1: <@U2> declared *Fraud*")
    [shown] = client.state("alice")["lock_screen"]
    assert shown["text"] == "SEV1: @bob declared *Fraud*"
    assert client.state("bob")["lock_screen"] == []


def test_a_mention_lights_the_phone_of_members_alone(client: Client) -> None:
    client.slack.conversations_create(name="inc-1")
    client.slack.chat_postMessage(channel="C1", text="<@U1> please")
    client.slack.chat_postMessage(channel="#inc-1", text="<@U2> please")
    assert len(client.state("alice")["lock_screen"]) == 1
    assert client.state("bob")["lock_screen"] == []


def test_do_not_disturb_keeps_the_phone_dark_until_it_ends(client: Client) -> None:
    client.act("user", id="U1", dnd={"minutes": 30})
    client.slack.chat_postMessage(channel="U1", text="Quiet")
    client.act("clock", advance_s=1800)
    client.slack.chat_postMessage(channel="U1", text="Loud")
    assert [each["text"] for each in client.state("alice")["lock_screen"]] == ["Loud"]


def test_who_is_added_to_a_channel_has_read_nothing_of_it(client: Client) -> None:
    made = client.slack.conversations_create(name="inc-1")["channel"]["id"]
    client.slack.chat_postMessage(channel=made, text="SEV1")
    client.slack.conversations_invite(channel=made, users="U1")
    [channel] = [each for each in client.state("alice")["channels"] if each["name"] == "inc-1"]
    assert channel["last_read"] == "0000000000.000000"


def test_messages_of_one_instant_have_their_own_ts_in_order(client: Client) -> None:
    for text in "abc":
        client.act("say", as_="alice", channel="general", text=text)
    stamps = [message["ts"] for message in client.state()["channels"][0]["messages"]]
    assert stamps == sorted(set(stamps))
    assert client.texts("general") == ["a", "b", "c"]


def test_a_clock_moved_back_files_messages_at_their_time(client: Client) -> None:
    client.act("say", as_="alice", channel="general", text="later")
    client.act("clock", advance_s=-3600)
    client.act("say", as_="alice", channel="general", text="earlier")
    assert client.texts("general") == ["earlier", "later"]


def test_unread_messages_are_counted_until_marked(client: Client) -> None:
    client.act("say", as_="alice", channel="general", text="hello")
    assert client.state("bob")["channels"][0]["unread_count"] == 1
    client.act("mark", as_="bob", channel="general")
    assert client.state("bob")["channels"][0]["unread_count"] == 0


def test_a_second_reaction_of_the_same_kind_takes_the_first_away(client: Client) -> None:
    ts = client.act("say", as_="alice", channel="general", text="hello")["response"]["ts"]
    client.act("react", as_="bob", channel="general", ts=ts, name="pushpin")
    assert client.state()["channels"][0]["messages"][0]["reactions"][0]["users"] == ["U2"]
    client.act("react", as_="bob", channel="general", ts=ts, name=":pushpin:")
    assert "reactions" not in client.state()["channels"][0]["messages"][0]


def test_an_uploaded_file_is_in_the_channel(client: Client) -> None:
    client.act("upload", as_="alice", channel="general", name="log.txt", content="evidence")
    [message] = client.state("bob")["channels"][0]["messages"]
    assert (message["subtype"], message["files"][0]["size"]) == ("file_share", 8)


def test_a_deactivated_person_is_in_no_channel(client: Client) -> None:
    client.act("user", id="U2", deleted=True)
    assert "U2" not in client.state()["channels"][0]["members"]
    assert client.act("say", as_="bob", channel="general", text="hi") == {"error": "user_disabled"}


@pytest.mark.parametrize(
    ("act", "body", "error"),
    [
        ("say", {"as_": "nobody", "channel": "general", "text": "x"}, "user_not_found"),
        ("say", {"as_": "meridian", "channel": "general", "text": "x"}, "cant_act_as_app"),
        ("say", {"as_": "alice", "channel": "secret", "text": "x"}, "channel_not_found"),
        ("say", {"as_": "alice", "channel": "general"}, "missing_text"),
        ("edit", {"as_": "alice", "channel": "general", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("command", {"as_": "alice", "channel": "general", "text": "hello"}, "not_a_command"),
        (
            "command",
            {"as_": "alice", "channel": "general", "text": "/x", "thread_ts": "1"},
            "not_supported_in_threads",
        ),
        ("click", {"as_": "alice", "view_id": "V1", "action_id": "a"}, "view_not_found"),
        ("faults", {"lightning": True}, "unknown fault: lightning"),
        ("settings", {"latency_ms": -1}, "-1 is negative"),
        ("clock", {"now": "yesterday"}, "Invalid isoformat string: 'yesterday'"),
        ("clock", {"advance_s": 1e18}, "Python int too large to convert to C int"),
        ("user", {"id": "U1", "tz": "Mars/Base"}, "'Mars/Base' is no time zone"),
        ("dance", {}, "unknown_act"),
    ],
)
def test_an_act_nobody_could_do_is_refused_by_name(
    client: Client, act: str, body: dict[str, str], error: str
) -> None:
    assert client.act(act, **body) == {"error": error}


def test_people_make_join_leave_and_archive_channels(client: Client) -> None:
    client.act("create_channel", as_="alice", name="ops")
    client.act("join", as_="bob", channel="ops")
    client.act("leave", as_="alice", channel="ops")
    client.act("archive", as_="bob", channel="ops")
    ops = client.state()["channels"][-1]
    assert (ops["members"], ops["is_archived"]) == (["U2"], True)


def test_a_guest_sees_only_the_channels_they_are_in(client: Client) -> None:
    client.act("user", id="U3", name="vera", is_restricted=True)
    assert names(client, "vera") == []
    assert client.act("join", as_="vera", channel="general") == {"error": "channel_not_found"}
    client.act("invite", as_="alice", channel="general", users=["vera"])
    assert names(client, "vera") == ["general"]
