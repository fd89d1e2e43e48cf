"""A phone was rung and the provider's answer lost, then the page was answered in Slack: the phone stops."""

from collections.abc import Iterator
from functools import partial

import pytest
from msgspec.structs import replace

from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.reconcile import Courier
from bot.ring.phones import Phones
from bot.ring.pushover import Pushover
from bot.ring.wire import Wire
from bot.sending import Outbound
from handlers.outbound import render
from incidents.model import Severity
from incidents.operations import delivery, responding
from incidents.people import Actor, Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.providers.pushover import ANA, TOKEN, PushoverServer
from tests.support.providers.server import Fault
from tests.support.tiny_slack import BOT, TinySlack


@pytest.fixture
def pushover() -> Iterator[PushoverServer]:
    with PushoverServer() as server:
        yield server


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    """Ana has a phone, and nobody else."""
    plain = example_house(sqlite_store)
    return replace(plain, house=replace(plain.house, phone_of=_phone_of))


def _phone_of(actor: Actor) -> str:
    return f"pushover:{ANA}" if actor.user == "UANA" else ""


@pytest.fixture
def dispatcher(
    there: TestHouse, pushover: PushoverServer, tiny_slack: TinySlack, outbound: Outbound
) -> Iterator[Dispatcher]:
    tiny_slack.created = there.clock.now().timestamp()
    wire = Wire()
    phones = Phones(wire, [Pushover(wire, TOKEN, pushover.url)])
    yield Dispatcher(
        Desk(
            store=there.store,
            clock=there.clock,
            outbound=outbound,
            courier=Courier(outbound, lambda: BOT, 0.0),
            render=lambda effect, unit: render(effect, unit, there.house),
            record=partial(delivery.record, there.house),
            owner="one",
            chance=lambda: 0.0,
            phones=phones,
        )
    )
    outbound.spawn(phones.close()).result(5)


def test_a_phone_stops_though_nobody_heard_that_it_rings(
    there: TestHouse, dispatcher: Dispatcher, pushover: PushoverServer
) -> None:
    pushover.faults.append(Fault(status=503, after=True))
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV0).key
    dispatcher.drain()
    assert [message.is_cancelled for message in pushover.messages] == [False]
    responding.acknowledge(there.house, Ask("UANA"), key)
    there.clock.advance(seconds=5)
    dispatcher.drain()
    assert [message.is_cancelled for message in pushover.messages] == [True]
    assert there.store.read(lambda unit: unit.rings.ringing()) == []
