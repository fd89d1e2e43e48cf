"""An errand that is still at work while the process stops asks a loop that has ended."""

from inspect import CORO_CLOSED, getcoroutinestate

import pytest

from bot.sending import Outbound


def test_what_comes_after_the_end_is_refused_and_left_in_order() -> None:
    outbound = Outbound("xoxb-test", "http://127.0.0.1:9/api/", warm_every_s=0)
    outbound.start()
    outbound.stop()
    call = outbound.call("auth.test")
    with pytest.raises(RuntimeError):
        outbound.spawn(call)
    assert getcoroutinestate(call) == CORO_CLOSED
