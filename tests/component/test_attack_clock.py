"""A clock that is moved back an hour while something waits: it leaves in seconds all the same."""

from collections.abc import Iterator

import pytest

from incidents.effects import Priority
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect
from tests.support.tiny_slack import TinySlack


@pytest.fixture
def there(store: SqlStore, tiny_slack: TinySlack, clock: FakeClock) -> Iterator[Outgoing]:
    there = Outgoing(store, tiny_slack, clock)
    yield there
    there.close()


def test_a_page_put_just_before_leaves_at_once(there: Outgoing, clock: FakeClock) -> None:
    there.dispatcher.drain()
    there.put(effect("page", priority=Priority.PAGE))
    clock.advance(hours=-1)
    there.dispatcher.drain()
    assert there.state("page") == "done"


def test_a_page_that_was_to_be_tried_again_is_tried_in_seconds(
    there: Outgoing, tiny_slack: TinySlack, clock: FakeClock
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    there.put(effect("page", priority=Priority.PAGE))
    there.dispatcher.drain()
    assert there.state("page") == "pending"
    clock.advance(hours=-1)
    there.dispatcher.drain()
    assert there.state("page") == "done"


def test_a_refused_token_is_asked_about_in_seconds(
    there: Outgoing, tiny_slack: TinySlack, clock: FakeClock
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"error": "invalid_auth"})
    there.put(effect("page", priority=Priority.PAGE))
    there.dispatcher.drain()
    assert there.dispatcher.stopped_by == "invalid_auth"
    clock.advance(hours=-1)
    there.drain_for(seconds=3)
    assert there.state("page") == "done"
