"""Slack that answers half: what was known stays known, and it is asked again."""

import pytest

from bot.applying import EXAMPLE, read_file
from bot.identity import Directory
from bot.places import Places
from bot.sending import Outbound
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.tiny_slack import TinySlack


@pytest.fixture
def places(sqlite_store: SqlStore, outbound: Outbound, tiny_slack: TinySlack) -> Places:
    """Once found: #incidents and the team's channel."""
    sqlite_store.write(lambda unit: unit.schedules.apply(read_file(EXAMPLE), FakeClock().now(), "test"))
    channels = read_file(EXAMPLE).channels
    for name in (channels.announce, channels.team):
        tiny_slack.channels[name] = {"id": f"C{name.upper()}", "name": name}
    places = Places(sqlite_store, outbound)
    assert places.sync()
    return places


def announce_channel(store: SqlStore) -> str:
    return store.read(lambda unit: unit.facts.get("channel.announce"))


@pytest.mark.parametrize("error", ["internal_error", "invalid_auth", "missing_scope"])
def test_channels_that_cannot_be_listed_now_are_not_forgotten(
    error: str, sqlite_store: SqlStore, places: Places, tiny_slack: TinySlack
) -> None:
    known = announce_channel(sqlite_store)
    tiny_slack.faults["users.conversations"].append({"error": error})
    assert not places.sync()
    assert announce_channel(sqlite_store) == known != ""


def test_too_many_calls_are_waited_out(sqlite_store: SqlStore, places: Places, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["users.conversations"].append({"retry_after": 0.1})
    assert places.sync()
    assert announce_channel(sqlite_store)


def test_a_directory_that_breaks_off_is_not_taken_for_the_whole(
    outbound: Outbound, tiny_slack: TinySlack, sqlite_store: SqlStore
) -> None:
    tiny_slack.users = [{"id": f"U{n}", "name": f"p{n}", "tz": "Asia/Tokyo"} for n in range(5)]
    tiny_slack.faults["users.list"].extend([{"delay": 0}, {"error": "internal_error"}])
    assert not Directory(sqlite_store, FakeClock(), outbound).sync()
    assert len(sqlite_store.read(lambda unit: unit.people.everybody())) == 2
