"""Reading channels again must not grow with every incident that nobody has closed."""

import pytest

from bot.sending import Outbound
from incidents.operations import closing
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import PRIYA, WAVE
from tests.support.reading import backfill_of
from tests.support.tiny_slack import BOT, TinySlack


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def channels_read(there: TestHouse) -> int:
    slack = TinySlack().start()
    outbound = Outbound("xoxb-test", slack.url, warm_every_s=0)
    outbound.start()
    try:
        backfill_of(there.house, there.store, outbound, BOT).reread()
        return len(slack.named("conversations.history"))
    finally:
        outbound.stop()
        slack.stop()


def test_what_was_resolved_long_ago_is_not_read_again(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    there.declare("Payouts go to strangers")
    there.slack()
    closing.resolve(there.house, Ask(PRIYA), key, "Over.")
    assert channels_read(there) == 2
    there.clock.advance(days=2)
    assert channels_read(there) == 1
