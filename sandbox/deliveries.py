"""One thing the app must acknowledge: its envelopes, attempts and answer. No sockets here."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import real_seconds

EVENTS = "events_api"


@dataclass(slots=True, eq=False)
class Delivery:
    """`acked` resolves to the ack's payload (None: it had none). `retries`: attempts after the first.

    A retry travels under a new envelope id; the same envelope id comes again only after a lost connection.
    """

    kind: str
    payload: dict[str, Any]
    accepts_response: bool
    envelope_id: str
    acked: asyncio.Future[dict[str, Any] | None]
    entry: dict[str, Any]
    retries: int = 0
    written_at: float | None = None
    first_written_at: float | None = None
    envelope_ids: list[str] = field(default_factory=list)
    retry_timer: asyncio.TimerHandle | None = None

    @property
    def is_event(self) -> bool:
        return self.kind == EVENTS

    def envelope(self) -> dict[str, Any]:
        frame: dict[str, Any] = {"envelope_id": self.envelope_id, "payload": self.payload, "type": self.kind}
        frame["accepts_response_payload"] = self.accepts_response
        if self.is_event:
            frame["retry_attempt"] = self.retries
            frame["retry_reason"] = "timeout" if self.retries else ""
        return frame

    def note_written(self) -> None:
        self.written_at = real_seconds()
        self.first_written_at = self.first_written_at or self.written_at

    def ack_ms(self) -> float | None:
        """Milliseconds from the latest envelope written to now; None when none was written."""
        return None if self.written_at is None else round((real_seconds() - self.written_at) * 1000, 3)
