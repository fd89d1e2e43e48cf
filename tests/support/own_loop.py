"""A loop on a thread of its own, for servers that tests talk to. Nothing of it is left when it has ended."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

WITHIN_S = 30.0


class OwnLoop:
    """Started once, ended once."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def run(self, work: Awaitable[Any]) -> Any:
        """Waited for, from the test's own thread."""

        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(WITHIN_S)

    def soon(self, act: Callable[[], object]) -> None:
        """Called on the loop, not waited for."""
        self._loop.call_soon_threadsafe(act)

    def end(self) -> None:
        """What still runs is cancelled and has ended when this returns, and so have its connections."""
        self.run(self._cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN_S)
        self._loop.close()

    async def _cancel_all(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # transports close on the next turn
