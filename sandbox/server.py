"""The workspace to start and stop: on a thread of its own (tests), or until a signal (command line)."""

import asyncio
import gc
import json
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.clock import Clock, real_seconds
from sandbox.settings import Settings
from sandbox.site import Plan, Site

START_SECONDS = 20.0
Seed = Mapping[str, Any] | Path


class Sandbox:
    """`with Sandbox(seed=…) as sandbox:` serves a workspace at `sandbox.url` until the block ends.

    `seed`: a document or the path of a JSON file; `clock`: what the workspace's clock is based on; `port` 0:
    any free one; `data`: a folder in which it outlives restarts; `manifest`: the app's; `settings`: tiers, ….
    """

    def __init__(
        self,
        *,
        seed: Seed | None = None,
        clock: Clock | None = None,
        port: int = 0,
        data: Path | None = None,
        manifest: Path | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._plan = Plan(int(real_seconds() * 1e6), document(seed), manifest, data, clock, settings)
        self._port = port
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self.url = ""

    def start(self) -> "Sandbox":
        """Returns once the port answers; raises what kept it from starting."""
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Returns once everything is closed and written."""
        if self._loop is not None and self._end is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(START_SECONDS)

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as failure:  # noqa: BLE001 (handed to the thread that called start)
            self._failure = failure
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        site = Site(self._plan)
        self.url = await site.start(self._port)
        self._ready.set()
        await self._end.wait()
        await site.stop()


def document(seed: Seed | None) -> Mapping[str, Any] | None:
    if isinstance(seed, Path):
        found: Mapping[str, Any] = json.loads(seed.read_text(encoding="utf-8"))
        return found
    return seed


def spare_the_collector() -> None:
    """What is here at the start stays to the end, and little of what comes is cyclic: look seldom.

    Every look through all of it would stop the workspace for a tenth of a second in the midst of a burst.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def serve(plan: Plan, port: int, announce: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; `announce` hears the address once it answers."""
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    site = Site(plan)
    url = await site.start(port)
    spare_the_collector()
    announce(url)
    await end.wait()
    await site.stop()
