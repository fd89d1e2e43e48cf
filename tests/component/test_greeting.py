"""When Meridian knows whom it works for: once from Slack, after that from its own record."""

from threading import Event

import pytest

from bot.identity import Directory, Passport
from bot.room import Greeting
from bot.sending import Outbound
from bot.user_groups import UserGroups
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.house import example_house
from tests.support.tiny_slack import TinySlack


@pytest.fixture
def greeting(sqlite_store: SqlStore, outbound: Outbound) -> Greeting:
    return again(sqlite_store, outbound)


def again(store: SqlStore, outbound: Outbound) -> Greeting:
    """As each start makes it."""
    groups = UserGroups(example_house(store).house, outbound)
    passport = Passport(store, "xoxb-test")
    return Greeting(store, outbound, passport, Directory(store, FakeClock(), outbound), groups, Event())


def test_the_first_start_waits_until_everybody_is_known(greeting: Greeting, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["users.list"].append({"error": "internal_error"})
    assert (greeting.greet(), greeting.done.is_set()) == (False, False)
    assert (greeting.greet(), greeting.done.is_set()) == (True, True)


@pytest.fixture
def later(greeting: Greeting, sqlite_store: SqlStore, outbound: Outbound) -> Greeting:
    """The start after one that learnt everybody."""
    assert greeting.greet()
    return again(sqlite_store, outbound)


def test_later_starts_wait_only_until_slack_knows_us(later: Greeting, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["users.list"].append({"error": "internal_error"})
    assert (later.greet(), later.done.is_set()) == (False, True)
    assert later.greet()


def test_a_token_that_slack_refuses_is_no_greeting(later: Greeting, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["auth.test"].append({"error": "invalid_auth"})
    assert (later.greet(), later.done.is_set()) == (False, False)


def test_in_another_workspace_everybody_is_learnt_first(
    later: Greeting, sqlite_store: SqlStore, tiny_slack: TinySlack
) -> None:
    sqlite_store.write(lambda unit: unit.facts.put("workspace.greeted", "https://other/"))
    tiny_slack.faults["users.list"].append({"error": "internal_error"})
    assert (later.greet(), later.done.is_set()) == (False, False)
