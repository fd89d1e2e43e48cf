"""Adapters at work where they live: on the outbound loop, with one session of their own."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from msgspec import Struct

from bot.ring.wire import Wire
from bot.sending import Outbound

T = TypeVar("T")
ANSWERED_WITHIN_S = 30.0


class OnTheLoop(Struct, frozen=True):
    outbound: Outbound
    wire: Wire

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waited for, from the test's own thread."""
        return self.outbound.spawn(work).result(ANSWERED_WITHIN_S)


@contextmanager
def on_the_loop(timeout_s: float = 5.0) -> Iterator[OnTheLoop]:
    """`timeout_s` is how long a provider may take."""
    outbound = Outbound("xoxb-none", "http://127.0.0.1:1/", warm_every_s=0)
    outbound.start()
    loop = OnTheLoop(outbound, Wire(timeout_s))
    try:
        yield loop
    finally:
        loop.run(loop.wire.close())
        outbound.stop()
