"""One thing the app must acknowledge: its envelopes, attempts and answer. No sockets here."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.clock import real_seconds
from sandbox.ids import Ids
from sandbox.journal import Journal

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
SOCKET, HTTP = "socket", "http"


class NotTaken(Exception):
    """The app could not be reached, or answered with an error; `code` is what Slack shows the person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unsettled() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class Delivery:
    """`acked` resolves to the ack's payload (None: it had none), or raises NotTaken.

    `rested` resolves once it is acknowledged or waits for something that may take long: a socket, a later
    attempt. `text` is the payload as JSON, `retries` how many attempts followed the first. Over a socket a
    retry travels under a new envelope id; the same one comes again only after a lost connection.
    """

    kind: str
    payload: dict[str, Any]
    text: str
    accepts_response: bool
    envelope_id: str
    entry: dict[str, Any]
    via: str = SOCKET
    acked: "asyncio.Future[dict[str, Any] | None]" = field(default_factory=unsettled)
    rested: "asyncio.Future[None]" = field(default_factory=unsettled)
    retries: int = 0
    written_at: float | None = None
    envelope_ids: list[str] = field(default_factory=list)
    retry_timer: asyncio.TimerHandle | None = None

    @property
    def is_event(self) -> bool:
        return self.kind == EVENTS

    def envelope(self) -> str:
        """The frame that carries it over a socket."""
        frame: dict[str, Any] = {"envelope_id": self.envelope_id, "type": self.kind}
        frame["accepts_response_payload"] = self.accepts_response
        if self.is_event:
            frame["retry_attempt"] = self.retries
            frame["retry_reason"] = "timeout" if self.retries else ""
        return f'{json.dumps(frame)[:-1]}, "payload": {self.text}}}'

    def note_written(self) -> None:
        self.entry["attempts"] += 1
        self.written_at = real_seconds()

    def ack_ms(self) -> float | None:
        """Milliseconds from the latest attempt's writing to now; None when none was written."""
        return None if self.written_at is None else round((real_seconds() - self.written_at) * 1000, 3)

    def settle(self, response: dict[str, Any] | None) -> None:
        """The app acknowledged it, with this payload."""
        if not self.acked.done():
            self.acked.set_result(response)
        self.rest()

    def rest(self) -> None:
        if not self.rested.done():
            self.rested.set_result(None)


class Carrier(Protocol):
    """A way to the app."""

    def deliver_event(self, payload: dict[str, Any]) -> Delivery:
        """Sends an event, again where it is not acknowledged."""
        ...

    def deliver(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Delivery | None:
        """Sends an interaction once; None when there is nobody to send it to."""
        ...

    def give_up(self, delivery: Delivery, error: str) -> None:
        """Ends a delivery that was not acknowledged in time; a late ack changes nothing."""
        ...


class Ledger:
    """Begins deliveries over one way and writes them into the journal."""

    def __init__(self, via: str, ids: Ids, journal: Journal) -> None:
        self._via, self._ids, self._journal = via, ids, journal

    def begin(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Delivery:
        envelope_id, text = self._ids.envelope(), json.dumps(payload)
        about = {"type": kind, "via": self._via, "envelope_id": envelope_id, "attempts": 0, "acked": False}
        if kind == EVENTS:
            about |= {"event": payload["event"]["type"], "event_id": payload["event_id"]}
        entry = self._journal.begin("delivery", {"payload": text}, **about)
        return Delivery(kind, payload, text, accepts_response, envelope_id, entry, self._via)
