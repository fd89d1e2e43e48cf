"""Tells whoever listens that something changed: batches for the page, a wake-up for waiting readers."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BATCH_S = 0.03


class Changes:
    """`note` may be called often; listeners hear once per batch. Needs a running loop."""

    def __init__(self) -> None:
        self.version = 0
        self._pending: set[str] = set()
        self._queues: list[asyncio.Queue[list[str] | None]] = []
        self._waiters: dict[str, list[asyncio.Future[None]]] = {}
        self._after: list[Callable[[str], None]] = []

    def also(self, heard: Callable[[str], None]) -> None:
        """`heard` is called with each change, at once."""
        self._after.append(heard)

    def note(self, what: str) -> None:
        for heard in self._after:
            heard(what)
        for waiter in self._waiters.pop(what, []):
            if not waiter.done():
                waiter.set_result(None)
        if not self._pending:
            asyncio.get_running_loop().call_later(BATCH_S, self._publish)
        self._pending.add(what)

    def _publish(self) -> None:
        self.version += 1
        what = sorted(self._pending)
        self._pending.clear()
        for queue in self._queues:
            queue.put_nowait(what)

    async def wait_for(self, what: str, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(what, []).append(waiter)
        await asyncio.wait([waiter], timeout=seconds)

    @contextmanager
    def subscribed(self) -> Iterator[asyncio.Queue[list[str] | None]]:
        """A queue of batches; None in it means: the workspace is closing."""
        queue: asyncio.Queue[list[str] | None] = asyncio.Queue()
        self._queues.append(queue)
        try:
            yield queue
        finally:
            self._queues.remove(queue)

    def close(self) -> None:
        for queue in self._queues:
            queue.put_nowait(None)
        for waiters in self._waiters.values():
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)
