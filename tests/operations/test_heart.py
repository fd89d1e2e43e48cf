"""The heartbeat goes out only while a page could be made, sent and answered; silence is the alarm."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest

from bot.alive import ALIVE
from bot.heart import HEARD, Ear, Heart
from bot.heartbeats import Heartbeats
from bot.supervisor import Supervisor, Watched
from incidents.decision import stamp
from incidents.effects import Effect, EffectKind
from storage.opening import SqlStore, open_store
from tests.support.clock import FakeClock
from tests.support.providers.server import Fault, Provider, Received, Reply


class DeadMan(Provider):
    """Counts what arrives."""

    def answer(self, request: Received) -> Reply:
        return Reply()


@pytest.fixture
def service() -> Iterator[DeadMan]:
    with DeadMan() as service:
        yield service


@pytest.fixture
def heart(store: SqlStore, clock: FakeClock, service: DeadMan) -> Heart:
    """Everything works."""
    heart = Heart(store, clock, f"{service.url}ping/secret-id")
    say(heart, ALIVE, HEARD)
    return heart


def say(heart: Heart, *facts: str) -> None:
    now = stamp(heart.clock.now())
    for fact in facts:
        heart.store.write(lambda unit, name=fact: unit.facts.put(name, now))  # type: ignore[misc]


def put(heart: Heart, kind: EffectKind) -> None:
    now = heart.clock.now()
    heart.store.write(lambda unit: unit.outbox.put([Effect(kind, f"key:{kind}", "INC-1")], now))


def later(heart: Heart, clock: FakeClock, seconds: float) -> None:
    """The rest goes on meanwhile."""
    clock.advance(seconds=seconds)
    say(heart, ALIVE, HEARD)


def test_while_everything_works_one_request_is_made(heart: Heart, service: DeadMan) -> None:
    assert heart.beat()
    assert service.paths() == ["/ping/secret-id"]


@pytest.mark.parametrize(
    ("fact", "why"), [(ALIVE, "what falls due is not fired"), (HEARD, "Slack is not heard")]
)
def test_it_is_silent_when_one_of_the_two_has_not_been_said_for_half_a_minute(
    heart: Heart, clock: FakeClock, service: DeadMan, caplog: pytest.LogCaptureFixture, fact: str, why: str
) -> None:
    clock.advance(seconds=31)
    say(heart, *{ALIVE, HEARD} - {fact})
    assert not heart.beat()
    assert service.received == []
    assert why in caplog.text


@pytest.mark.parametrize("kind", [EffectKind.SEND_PAGE, EffectKind.RING, EffectKind.SEND_PAGES])
def test_it_is_silent_while_a_page_waits_longer_than_a_minute(
    heart: Heart, clock: FakeClock, kind: EffectKind
) -> None:
    put(heart, kind)
    later(heart, clock, seconds=60)
    assert heart.beat()
    later(heart, clock, seconds=1)
    assert not heart.beat()


def test_a_card_that_waits_is_no_alarm(heart: Heart, clock: FakeClock) -> None:
    put(heart, EffectKind.UPDATE_CARD)
    later(heart, clock, seconds=3600)
    assert heart.beat()


def test_it_beats_again_when_the_page_has_left(heart: Heart, clock: FakeClock) -> None:
    put(heart, EffectKind.SEND_PAGE)
    later(heart, clock, seconds=90)
    assert not heart.beat()
    heart.store.write(lambda unit: unit.outbox.skip("INC-1", ["send_page"], clock.now()))
    assert heart.beat()


def test_it_is_silent_before_anything_was_ever_said(
    store: SqlStore, clock: FakeClock, service: DeadMan
) -> None:
    assert not Heart(store, clock, service.url).beat()


def test_it_is_silent_while_the_clocks_disagree(heart: Heart) -> None:
    assert not Heart(heart.store, heart.clock, heart.url, lambda: "the clock is wrong").beat()


def test_it_is_silent_while_the_database_is_away(clock: FakeClock, service: DeadMan) -> None:
    away = open_store("sqlite:////nowhere/meridian.sqlite")
    assert not Heart(away, clock, service.url).beat()
    away.close()


@pytest.mark.parametrize("fault", [Fault(reset=True), Fault(status=500)])
def test_a_service_that_does_not_take_it_harms_nothing_and_its_address_is_not_logged(
    heart: Heart, service: DeadMan, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    service.faults.append(fault)
    assert not heart.beat()
    assert "secret-id" not in caplog.text
    assert heart.beat()


def test_an_address_that_is_none_harms_nothing(heart: Heart) -> None:
    assert not Heart(heart.store, heart.clock, "no address").beat()


def test_an_open_ear_is_said_and_a_closed_one_is_not(store: SqlStore, clock: FakeClock) -> None:
    is_open = [True]
    ear = Ear(store, clock, lambda: is_open[0])
    ear.say()
    first = store.read(lambda unit: unit.facts.get(HEARD))
    is_open[0] = False
    clock.advance(seconds=10)
    ear.say()
    assert first == stamp(clock.now() - timedelta(seconds=10))
    assert store.read(lambda unit: unit.facts.get(HEARD)) == first


def test_an_ear_that_stands_still_at_the_database_ends_the_process(store: SqlStore, clock: FakeClock) -> None:
    now, ends, stuck, free = [0.0], list[str](), Event(), Event()

    def stand_still() -> bool:
        stuck.set()
        return not free.wait(20)

    beats = Heartbeats(lambda: now[0])
    ear = Ear(store, clock, stand_still)
    ear.beat = beats.beater("ear")
    supervisor = Supervisor([Watched("ear", ear.is_alive, 60.0)], beats, ends.append)
    ear.start()
    assert stuck.wait(20)
    for second in range(4, 65, 4):
        now[0] = float(second)
        assert supervisor.look() is (second <= 60)
    free.set()
    ear.stop()
    assert ends == ["ear hangs"]
