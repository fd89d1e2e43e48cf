"""Alarms of the workspace's clock: they ring when it gets there, whichever way it is moved."""

import asyncio
from datetime import timedelta
from functools import partial

from sandbox.alarms import Alarms
from sandbox.clock import MovableClock
from tests.support.clock import FakeClock


def test_a_clock_moved_past_several_alarms_rings_them_in_their_order() -> None:
    async def rung() -> list[str]:
        clock, heard = MovableClock(FakeClock()), list[str]()
        alarms = Alarms(clock)
        for name, seconds in (("five", 300), ("one", 60), ("ten", 600)):
            alarms.after(seconds, partial(heard.append, name))
        clock.advance(timedelta(seconds=59))
        assert heard == []
        clock.advance(timedelta(seconds=300))
        alarms.silence()
        return heard

    assert asyncio.run(rung()) == ["one", "five"]


def test_what_is_due_at_once_rings_at_once_and_once() -> None:
    async def rung() -> list[str]:
        clock, heard = MovableClock(FakeClock()), list[str]()
        alarms = Alarms(clock)
        alarms.after(0, lambda: heard.append("now"))
        clock.advance(timedelta(hours=1))
        return heard

    assert asyncio.run(rung()) == ["now"]


def test_a_clock_moved_back_puts_alarms_off() -> None:
    async def rung() -> list[str]:
        clock, heard = MovableClock(FakeClock()), list[str]()
        alarms = Alarms(clock)
        alarms.after(60, lambda: heard.append("one"))
        clock.advance(timedelta(hours=-1))
        clock.advance(timedelta(seconds=3_600))
        assert heard == []
        clock.advance(timedelta(seconds=60))
        return heard

    assert asyncio.run(rung()) == ["one"]


def test_an_alarm_rings_by_itself_when_the_time_comes() -> None:
    async def rung() -> None:
        base, came = FakeClock(), asyncio.Event()
        alarms = Alarms(MovableClock(base))
        alarms.after(0.05, came.set)
        base.advance(seconds=1)
        await asyncio.wait_for(came.wait(), 10)

    asyncio.run(rung())
