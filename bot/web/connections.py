"""One connection of the web server, against slow and crowding clients: uvicorn has limits for neither.

A head must have come in time, on every request of a connection; an address may hold so many connections."""

import asyncio
from collections import Counter
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from bot.web.outer import Limits

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Crowd:
    """How many connections each address holds; only those that hold some are remembered."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        is_full = self._held.total() >= self._limits.connections
        if is_full or self._held[address] >= self._limits.connections_of_one:
            return False
        self._held[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._held[address] -= 1
        if not self._held[address]:
            del self._held[address]

    def __len__(self) -> int:
        return self._held.total()


class Connection(H11Protocol):
    def __init__(self, *, crowd: Crowd, limits: Limits, **server: Any) -> None:
        super().__init__(**server)
        self._crowd = crowd
        self._head_s = limits.head_s
        self._is_admitted = False
        self._too_late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._is_admitted = self._crowd.enter(self._address)
        if self._is_admitted:
            self._expect_head()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        if self._is_admitted:
            self._is_admitted = False
            self._crowd.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._expect_nothing()
        elif self._too_late is None:
            self._expect_head()

    def on_response_complete(self) -> None:
        self._expect_nothing()  # from here on the idle limit holds, until the next byte
        super().on_response_complete()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = (
            self.cycle
        )  # None before the first request, whatever its type says
        return cycle is not None and not cycle.response_complete

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _expect_head(self) -> None:
        self._too_late = self.loop.call_later(self._head_s, self._give_up)

    def _expect_nothing(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None

    def _give_up(self) -> None:
        """Half a head is told; the rest of a body that was refused is not."""
        self._too_late = None
        if self.transport.is_closing():
            return
        if self.conn.their_state is h11.IDLE:
            self.transport.write(TOO_SLOW)
        self.transport.close()
