"""Which delivery a thread has in hand, and whose it is: said by every line of the log written meanwhile.

It is no argument of anything, and nothing is decided by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DELIVERY = ContextVar("delivery", default="")
ACTOR = ContextVar("actor", default="")


@contextmanager
def in_hand(delivery: str, actor: str) -> Iterator[None]:
    """Meanwhile, on this thread; afterwards what was in hand before."""
    before = DELIVERY.set(delivery), ACTOR.set(actor)
    try:
        yield
    finally:
        DELIVERY.reset(before[0])
        ACTOR.reset(before[1])
