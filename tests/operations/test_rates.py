"""Where an effect is counted is told before it is rendered, and rightly: else it waits a turn for nothing."""

from datetime import datetime

import pytest

from bot.rates import bucket_for, bucket_of
from bot.settling import named
from handlers.calls import Call, Upload
from handlers.outbound import render
from handlers.outbound.desk import ANNOUNCE_CHANNEL, TEAM_CHANNEL
from incidents.effects import Effect, Outcome
from incidents.model import Severity, Status
from incidents.operations import closing, commanding, delivery, recording, responding
from incidents.people import Ask
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.house import TestHouse, example_house

ANA = "UANA"


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    for name, channel in ((ANNOUNCE_CHANNEL, "C0ANNOUNCE"), (TEAM_CHANNEL, "C0TEAM")):
        sqlite_store.write(lambda unit, n=name, c=channel: unit.facts.put(n, c))  # type: ignore[misc]
    return example_house(sqlite_store)


def counted(there: TestHouse, effect: Effect) -> tuple[str, str] | None:
    """As told before rendering, and as it is; None for what calls nobody in Slack."""
    what = there.store.read(lambda unit: render(effect, unit, there.house))
    if not isinstance(what, Call | Upload):
        return None
    told = there.store.read(lambda unit: bucket_for(effect, unit))
    return told, bucket_of(*named(what))


def send_all(there: TestHouse) -> dict[str, tuple[str, str]]:
    """Everything that is due and what it makes due, answered by a willing Slack: kind → its two buckets."""
    found: dict[str, tuple[str, str]] = {}
    number = 0
    while claimed := there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 50)):
        for one in claimed:
            number += 1
            if pair := counted(there, one.effect):
                found[one.effect.kind.value] = pair
            _finish(there, one, number, there.clock.now())
    return found


def _finish(there: TestHouse, one: Claimed, number: int, now: datetime) -> None:
    posted = {"channel": f"C{number:03}", "ts": f"1796065200.{number:06}", "name": "inc", "text": "said"}

    def work(unit: SqlUnit) -> None:
        unit.outbox.finish(one, Outcome(True, posted), now)
        delivery.record(there.house, unit, one.effect, Outcome(True, posted), now)

    there.store.write(work)


def test_through_an_incident_every_effect_is_counted_where_it_was_told(there: TestHouse) -> None:
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV1).key
    found = send_all(there)
    responding.acknowledge(there.house, Ask(ANA), key)
    commanding.change_status(there.house, Ask(ANA), key, Status.CONTAINED)
    recording.update(there.house, Ask(ANA), key, "Payouts are held.")
    found |= send_all(there)
    closing.resolve(there.house, Ask(ANA), key, "Sessions were revoked.")
    found |= send_all(there)
    there.later(hours=12)
    found |= send_all(there)
    assert {kind for kind, (told, is_so) in found.items() if told != is_so} == set()
    assert {"create_channel", "send_page", "post_card", "announce", "update_card", "post_draft"} <= set(found)
