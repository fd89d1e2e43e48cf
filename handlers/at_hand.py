"""Which delivery a thread has in hand, and whose it is: said by every line of the log written meanwhile.

It is no argument of anything, and nothing is decided by it."""

from contextvars import ContextVar

DELIVERY = ContextVar("delivery", default="")
ACTOR = ContextVar("actor", default="")


def take_up(delivery: str, actor: str) -> None:
    """From now on, on this thread, until the next one is taken up."""
    DELIVERY.set(delivery)
    ACTOR.set(actor)
