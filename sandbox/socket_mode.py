"""Socket Mode: tickets, connections, envelopes out, acks in, redelivery of events."""

import asyncio
import json
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.connection import Connection
from sandbox.deliveries import EVENTS, SOCKET, Delivery, Ledger
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.settings import Settings
from sandbox.state import APP_ID, Workspace

MAX_CONNECTIONS = 10
KEPT_UNDELIVERED = 20_000
LAST_WAIT = 60.0
ABORT = "abort"
LIFE_S, SHORT_LIFE_S = 18_060, 360


class SocketMode:
    """Each envelope goes to one connection, in turn; an event nobody acknowledged is sent again."""

    def __init__(self, ws: Workspace, journal: Journal, faults: Faults, settings: Settings) -> None:
        self._ws, self._journal, self._faults, self._settings = ws, journal, faults, settings
        self._ledger = Ledger(SOCKET, ws.ids, journal)
        self._connections: deque[Connection] = deque()
        self._open: dict[str, Delivery] = {}
        self._waiting: deque[Delivery] = deque(maxlen=KEPT_UNDELIVERED)

    def deliver_event(self, payload: dict[str, Any]) -> Delivery:
        """Sends an event now, or keeps it until a socket connects."""
        delivery = self._ledger.begin(EVENTS, payload, accepts_response=False)
        self._send(delivery)
        return delivery

    def deliver(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Delivery | None:
        """Sends an interaction; None when no socket is connected, for Slack keeps interactions for nobody."""
        if not self._connections:
            self._journal.end(self._journal.begin("delivery", type=kind, error="dispatch_failed"))
            return None
        delivery = self._ledger.begin(kind, payload, accepts_response)
        self._send(delivery)
        return delivery

    def _send(self, delivery: Delivery) -> None:
        """Writes to the next connection in turn, or files the delivery as waiting for one."""
        if not self._connections:
            self._waiting.append(delivery)
            delivery.rest()
            return
        connection = self._connections[0]
        self._connections.rotate(-1)
        self._open[delivery.envelope_id] = delivery
        delivery.envelope_ids.append(delivery.envelope_id)
        text = delivery.envelope()
        connection.unacked[delivery.envelope_id] = delivery
        delivery.note_written()
        connection.send(text)
        if self._faults.strikes("duplicate_envelope"):
            connection.send(text)
        if delivery.is_event:
            self._plan_retry(delivery)

    def _plan_retry(self, delivery: Delivery) -> None:
        """After the last retry an unacknowledged event is given up, as Slack gives it up."""
        if delivery.retry_timer is not None:
            delivery.retry_timer.cancel()
        waits, loop = self._settings.redelivery_s, asyncio.get_running_loop()
        if delivery.retries < len(waits):
            delivery.retry_timer = loop.call_later(waits[delivery.retries], self._retry, delivery)
        else:
            delivery.retry_timer = loop.call_later(LAST_WAIT, self.forget, delivery)

    def _retry(self, delivery: Delivery) -> None:
        if delivery.acked.done():
            return
        delivery.retries += 1
        delivery.envelope_id = self._ws.ids.envelope()
        self._send(delivery)

    def _acked(self, frame: dict[str, Any]) -> None:
        """An ack for any envelope of a delivery, on any connection, settles it."""
        delivery = self._open.pop(str(frame.get("envelope_id")), None)
        if delivery is None or delivery.acked.done() or self._faults.strikes("ack_lost"):
            return
        payload = frame.get("payload")
        ack_ms = delivery.ack_ms()
        self._journal.end(delivery.entry, acked=True, ack_ms=ack_ms, response=payload)
        self.forget(delivery)
        delivery.settle(payload if isinstance(payload, dict) and payload else None)

    def give_up(self, delivery: Delivery, error: str) -> None:
        """Ends a delivery that was not acknowledged in time; a late ack changes nothing."""
        self._journal.end(delivery.entry, acked=False, error=error)
        self.forget(delivery)

    def forget(self, delivery: Delivery) -> None:
        """Nothing more is expected of this delivery."""
        if delivery.retry_timer is not None:
            delivery.retry_timer.cancel()
        for envelope_id in delivery.envelope_ids:
            self._open.pop(envelope_id, None)
            for connection in self._connections:
                connection.unacked.pop(envelope_id, None)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """`/link/?ticket=`: says hello, then serves one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._ws.tickets or self._faults.strikes("refuse_connections"):
            raise web.HTTPForbidden(text="invalid ticket")
        self._ws.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False, autoclose=True, max_msg_size=0)
        await socket.prepare(request)
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        life = SHORT_LIFE_S if request.query.get("debug_reconnects") == "true" else LIFE_S
        connection = Connection(socket, request.transport, self._faults, self._settings, life)
        if self._faults.strikes("slow_hello_ms"):
            await asyncio.sleep(self._faults.values["slow_hello_ms"] / 1000)
        await self._serve(connection)
        return socket

    async def _serve(self, connection: Connection) -> None:
        self._connections.append(connection)
        connection.send(json.dumps(self._hello(connection)))
        connection.start()
        self._flush()
        try:
            await self._read(connection)
        finally:
            self._drop(connection)
            await connection.stop()

    def _hello(self, connection: Connection) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": connection.life_s,
            },
            "connection_info": {"app_id": APP_ID},
        }

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                await connection.pong(message.data)
            elif message.type is WSMsgType.TEXT and not connection.is_half_open:
                frame = parsed(message.data)
                if "envelope_id" in frame:
                    self._acked(frame)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, deque(maxlen=KEPT_UNDELIVERED)
        for delivery in waiting:
            self._send(delivery)

    def _drop(self, connection: Connection) -> None:
        """Events written to a lost connection and not acknowledged go out again, envelope id and all."""
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        for delivery in dict.fromkeys(connection.unacked.values()):
            if delivery.is_event and not delivery.acked.done():
                self._send(delivery)

    def disconnect(self, reason: str) -> int:
        """Sends every connection a `disconnect` frame; all but `warning` close it, `abort` without a word."""
        told = list(self._connections)
        for connection in told:
            if reason == ABORT:
                connection.abort()
            else:
                connection.say_goodbye(reason)
        return len(told)

    def silence_next(self) -> None:
        """The connection that is next in turn goes half open; the others do not."""
        if self._connections:
            self._connections[0].silence()

    def summary(self) -> dict[str, Any]:
        return {"connections": len(self._connections), "undelivered": len(self._waiting)}

    async def close(self) -> None:
        for connection in list(self._connections):
            await connection.stop()


def parsed(text: str) -> dict[str, Any]:
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}
