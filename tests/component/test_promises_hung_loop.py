"""A loop that hangs is noticed: it is asked for a beat, and its silence ends the process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.heartbeats import Heartbeats
from bot.sending import Outbound
from bot.supervisor import Supervisor, Watched

NOWHERE = "http://127.0.0.1:9/api/"
WITHIN_S = 20.0


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    loop = Outbound("xoxb-test", NOWHERE, warm_every_s=0)
    loop.start()
    yield loop
    loop.stop()


@contextmanager
def stuck(outbound: Outbound) -> Iterator[None]:
    """Something on the loop does not give way."""
    free, entered = threading.Event(), threading.Event()

    async def block() -> None:
        entered.set()
        free.wait(WITHIN_S)

    done = outbound.spawn(block())
    assert entered.wait(WITHIN_S)
    try:
        yield
    finally:
        free.set()
        done.result(WITHIN_S)


def test_a_loop_that_lives_is_seen_to(outbound: Outbound) -> None:
    seconds, ends, beaten = Seconds(), list[str](), threading.Event()
    beats = Heartbeats(seconds)
    beats.beat("outbound")

    def beat() -> None:
        beats.beat("outbound")
        beaten.set()

    watched = Watched("outbound", outbound.is_alive, 15.0, prompt=lambda: outbound.beat(beat))
    supervisor = Supervisor([watched], beats, ends.append)
    for now in (4.0, 8.0, 12.0, 16.0, 20.0):
        seconds.now = now
        beaten.clear()
        assert supervisor.look()
        assert beaten.wait(WITHIN_S)
    assert ends == []


def test_a_loop_that_hangs_ends_the_process(outbound: Outbound) -> None:
    seconds, ends = Seconds(), list[str]()
    beats = Heartbeats(seconds)
    beat = beats.beater("outbound")
    watched = Watched("outbound", outbound.is_alive, 15.0, prompt=lambda: outbound.beat(beat))
    supervisor = Supervisor([watched], beats, ends.append)
    with stuck(outbound):
        for now in (4.0, 8.0, 12.0):
            seconds.now = now
            assert supervisor.look()
        seconds.now = 16.0
        assert not supervisor.look()
    assert ends == ["outbound hangs"]


def test_a_process_that_was_suspended_is_not_ended_for_it() -> None:
    seconds, ends = Seconds(), list[str]()
    beats = Heartbeats(seconds)
    beats.beat("dispatcher")
    supervisor = Supervisor([Watched("dispatcher", lambda: True, 15.0)], beats, ends.append)
    assert supervisor.look()
    seconds.now = 3600.0
    assert supervisor.look()
    for now in (3604.0, 3608.0, 3612.0):
        seconds.now = now
        assert supervisor.look()
    seconds.now = 3616.0
    assert not supervisor.look()
    assert ends == ["dispatcher hangs"]
