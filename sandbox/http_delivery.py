"""Delivery over HTTP: events as JSON, retried; commands and interactions as forms, sent once."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlencode

from sandbox.alarms import Alarms
from sandbox.deliveries import COMMANDS, EVENTS, HTTP, Delivery, Ledger, NotTaken
from sandbox.faults import DOWN, Faults
from sandbox.journal import Journal
from sandbox.posting import FORM, JSON, TIMEOUT, Answer, Poster, Unreachable
from sandbox.state import Workspace

RETRY_AFTER_S = (0, 60, 300)
DOWN_AGAIN_S = 5.0


class HttpDelivery:
    """One task an attempt; a retry that has to wait waits on the workspace's clock."""

    def __init__(self, ws: Workspace, journal: Journal, faults: Faults, poster: Poster) -> None:
        self._journal, self._faults, self._poster = journal, faults, poster
        self._ledger, self._alarms = Ledger(HTTP, ws.ids, journal), Alarms(ws.clock)
        self._tasks: set[asyncio.Task[None]] = set()

    def deliver_event(self, payload: dict[str, Any]) -> Delivery:
        delivery = self._ledger.begin(EVENTS, payload, accepts_response=False)
        copies = 2 if self._faults.strikes("duplicate_envelope") else 1
        for _ in range(copies):
            self._begin(delivery, {})
        return delivery

    def deliver(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Delivery | None:
        delivery = self._ledger.begin(kind, payload, accepts_response)
        self._start(self._try_interaction(delivery))
        return delivery

    def give_up(self, delivery: Delivery, error: str) -> None:
        self._journal.end(delivery.entry, acked=False, error=error)
        delivery.acked.cancel()

    async def close(self) -> None:
        self._alarms.silence()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._poster.close()

    def _start(self, attempt: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(attempt)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try_event(self, delivery: Delivery, retry: dict[str, str]) -> None:
        try:
            delivery.note_written()
            answer = await self._poster.post(JSON, delivery.text, retry)
            if self._faults.strikes("ack_lost"):
                raise Unreachable(TIMEOUT)
        except Unreachable as failure:
            self._plan_retry(delivery, failure.reason)
            return
        if 200 <= answer.status < 300:
            self._acked(delivery, None)
        elif answer.forbids_retry:
            self._failed(delivery, "http_error")
        else:
            self._plan_retry(delivery, "http_error")

    def _plan_retry(self, delivery: Delivery, reason: str) -> None:
        """At once, then after a minute, then after five; after the third retry the event is given up."""
        if delivery.acked.done():
            return
        if delivery.retries >= len(RETRY_AFTER_S):
            self._failed(delivery, reason)
            return
        wait = RETRY_AFTER_S[delivery.retries]
        delivery.retries += 1
        headers = {"X-Slack-Retry-Num": str(delivery.retries), "X-Slack-Retry-Reason": reason}
        self._journal.note(delivery.entry, error=reason, retries=delivery.retries)
        if wait:
            delivery.rest()
        self._alarms.after(wait, lambda: self._begin(delivery, headers))

    def _begin(self, delivery: Delivery, headers: dict[str, str]) -> None:
        """While Slack is down it delivers nothing."""
        if self._faults.is_on(DOWN):
            delivery.rest()
            self._alarms.after(DOWN_AGAIN_S, lambda: self._begin(delivery, headers))
        elif not delivery.acked.done():
            self._start(self._try_event(delivery, headers))

    async def _try_interaction(self, delivery: Delivery) -> None:
        try:
            delivery.note_written()
            answer = await self._poster.post(FORM, form(delivery), {})
            if self._faults.strikes("ack_lost"):
                raise Unreachable(TIMEOUT)
        except Unreachable as failure:
            code = "operation_timeout" if failure.reason == TIMEOUT else "dispatch_failed"
            self._failed(delivery, code)
            return
        if answer.status == 200:
            self._acked(delivery, payload_of(answer))
        else:
            self._failed(delivery, "dispatch_failed", status=answer.status)

    def _acked(self, delivery: Delivery, response: dict[str, Any] | None) -> None:
        if delivery.acked.done():
            return
        about = {"acked": True, "ack_ms": delivery.ack_ms(), "response": response, "error": None}
        self._journal.end(delivery.entry, **about)
        delivery.settle(response)

    def _failed(self, delivery: Delivery, error: str, **about: Any) -> None:
        """An event is forgotten; whoever waits for an interaction hears of it."""
        if delivery.acked.done():
            return
        self._journal.end(delivery.entry, acked=False, error=error, **about)
        if not delivery.is_event:
            delivery.acked.set_exception(NotTaken(error))
        delivery.rest()


def form(delivery: Delivery) -> str:
    """A command's fields stand side by side; an interaction is one field of JSON."""
    if delivery.kind == COMMANDS:
        return urlencode(delivery.payload)
    return urlencode({"payload": delivery.text})


def payload_of(answer: Answer) -> dict[str, Any] | None:
    """What the answer says: JSON as it is, other words as a text; None for an empty one."""
    if not answer.text.strip():
        return None
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"text": answer.text}
