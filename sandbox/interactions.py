"""A person acts, the app has `Settings.limit_s` to acknowledge, and what it answers takes effect."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sandbox import entries, forms, given_files, payloads, responses, views
from sandbox.deliveries import COMMANDS, INTERACTIVE, Carrier, Delivery, NotTaken
from sandbox.errors import SlackError
from sandbox.model import Channel, Failure, Message, Person, ResponseUrl, View
from sandbox.settings import Settings
from sandbox.state import Workspace
from sandbox.view_answers import apply_answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act ended. `error`: `operation_timeout`, `dispatch_failed`, or why the answer was refused."""

    envelope_id: str | None = None
    acked: bool = False
    ack_ms: float | None = None
    response: dict[str, Any] | None = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"envelope_id": self.envelope_id, "acked": self.acked, "ack_ms": self.ack_ms}
        body["response"] = self.response
        return body | {"error": self.error} if self.error else body


@dataclass(frozen=True, slots=True)
class Press:
    """What was used in a message: the action object, and what all inputs of the message hold."""

    action: dict[str, Any]
    values: forms.Values
    is_ephemeral: bool


class Interactions:
    """Each method is one act of one person; it returns when the app acknowledged or the time was up."""

    def __init__(self, ws: Workspace, carrier: Carrier, settings: Settings) -> None:
        self._ws, self._carrier, self._settings = ws, carrier, settings

    async def command(self, person: Person, channel: Channel, command: str, text: str) -> Outcome:
        where = self._where(channel, person)
        links = {
            "response_url": responses.new_url(self._ws, where),
            "trigger_id": views.new_trigger(self._ws, person.id),
        }
        payload = payloads.slash_command(person, channel, command, text, links)
        outcome = await self._ask(COMMANDS, payload, accepts_response=True)
        if outcome.error:
            line = f'{command} failed with the error "{outcome.error}"'
            responses.from_slackbot(self._ws, channel, person.id, line)
        elif outcome.response:
            return self._answered(outcome, where)
        return outcome

    def _answered(self, outcome: Outcome, where: ResponseUrl) -> Outcome:
        try:
            responses.answer(self._ws, where, outcome.response or {})
        except SlackError as refused:
            return failed(outcome, refused.code)
        return outcome

    async def click_message(
        self, person: Person, channel: Channel, message: Message, press: Press
    ) -> Outcome:
        where = self._where(channel, person, message, press.is_ephemeral)
        url = responses.new_url(self._ws, where)
        body = payloads.interaction("block_actions", person, views.new_trigger(self._ws, person.id))
        body |= payloads.message_actions(self._ws, channel, message, press.is_ephemeral, url)
        body |= {"state": {"values": press.values}, "actions": [self._stamped(press.action)]}
        outcome = await self._ask(INTERACTIVE, body, accepts_response=False)
        if outcome.error:
            self._note_failure(person, channel, message, outcome.error)
        return outcome

    async def click_view(self, person: Person, view: View, found: dict[str, Any]) -> Outcome:
        for block_id, fields in entered_by(found).items():
            view.values.setdefault(block_id, {}).update(fields)
        body = payloads.interaction("block_actions", person, views.new_trigger(self._ws, person.id, view.id))
        body |= payloads.view_actions(view, self._values(person, view))
        body["actions"] = [self._stamped(found)]
        outcome = await self._ask(INTERACTIVE, body, accepts_response=False)
        if outcome.error:
            self._fail_view(view, outcome)
        return outcome

    async def submit(self, person: Person, view: View) -> Outcome:
        """Sends the form; an empty ack closes it, a `response_action` does what it says."""
        values = forms.state_values(view.body, view.values)
        forms.check_complete(view, values)
        values = given_files.described(self._ws, person, view.body, values, is_sent=True)
        view.errors, view.failure = {}, None
        body = payloads.interaction(
            "view_submission", person, views.new_trigger(self._ws, person.id, view.id)
        )
        body |= {"view": views.as_json(view, values), "response_urls": []}
        outcome = await self._ask(INTERACTIVE, body, accepts_response=True)
        if not outcome.error:
            error = apply_answer(self._ws, view, outcome.response or {})
            outcome = failed(outcome, error) if error else outcome
        if outcome.error:
            self._fail_view(view, outcome)
        return outcome

    async def close(self, person: Person, view: View, is_cleared: bool) -> Outcome:
        """Closes the view (or, `is_cleared`, all of them); the app hears of it where it asked to."""
        wants_notice = bool(view.body["notify_on_close"])
        if is_cleared or view.body["clear_on_close"]:
            views.clear(self._ws, person.id)
        else:
            views.close_top(self._ws, person.id)
        if not wants_notice:
            return Outcome(acked=True)
        body = payloads.interaction("view_closed", person, None)
        body |= {"view": views.as_json(view), "is_cleared": is_cleared}
        return await self._ask(INTERACTIVE, body, accepts_response=False)

    async def suggest(self, person: Person, about: dict[str, Any]) -> Outcome:
        """Asks the app for options while a person types."""
        body = payloads.interaction("block_suggestion", person, None) | about
        return await self._ask(INTERACTIVE, body, accepts_response=True)

    async def global_shortcut(self, person: Person, callback_id: str) -> Outcome:
        body = payloads.interaction("shortcut", person, views.new_trigger(self._ws, person.id))
        body |= {"callback_id": callback_id, "action_ts": f"{self._ws.clock.stamp():.6f}"}
        return await self._ask(INTERACTIVE, body, accepts_response=False)

    async def message_shortcut(
        self, person: Person, channel: Channel, message: Message, callback_id: str
    ) -> Outcome:
        url = responses.new_url(self._ws, self._where(channel, person, message))
        body = payloads.interaction("message_action", person, views.new_trigger(self._ws, person.id))
        body |= payloads.message_shortcut(self._ws, channel, message, callback_id, url)
        outcome = await self._ask(INTERACTIVE, body, accepts_response=False)
        if outcome.error:
            self._note_failure(person, channel, message, outcome.error)
        return outcome

    def _values(self, person: Person, view: View) -> forms.Values:
        values = forms.state_values(view.body, view.values)
        return given_files.described(self._ws, person, view.body, values, is_sent=False)

    def _where(
        self, channel: Channel, person: Person, message: Message | None = None, is_ephemeral: bool = False
    ) -> ResponseUrl:
        ts = message.ts if message is not None else None
        now = self._ws.clock.stamp()
        return ResponseUrl(channel.id, person.id, now, ts, is_ephemeral=is_ephemeral)

    def _stamped(self, found: dict[str, Any]) -> dict[str, Any]:
        return {**found, "action_ts": f"{self._ws.clock.stamp():.6f}"}

    def _note_failure(self, person: Person, channel: Channel, message: Message, error: str) -> None:
        """Slack writes no line about it: the person's client shows a sign beside the message."""
        now = self._ws.clock.stamp()
        self._ws.failures.append(Failure(now, person.id, channel.id, message.ts, error))
        self._ws.changed(channel.id)

    def _fail_view(self, view: View, outcome: Outcome) -> None:
        view.failure = outcome.error
        self._ws.changed("views")

    async def _ask(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Outcome:
        delivery = self._carrier.deliver(kind, payload, accepts_response)
        if delivery is None:
            return Outcome(error="dispatch_failed")
        try:
            response = await asyncio.wait_for(asyncio.shield(delivery.acked), self._settings.limit_s)
        except TimeoutError:
            self._carrier.give_up(delivery, "operation_timeout")
            return Outcome(delivery.envelope_id, error="operation_timeout")
        except NotTaken as failure:
            return Outcome(delivery.envelope_id, error=failure.code)
        return Outcome(delivery.envelope_id, True, taken(delivery), response if accepts_response else None)


def taken(delivery: Delivery) -> float | None:
    value = delivery.entry.get("ack_ms")
    return float(value) if value is not None else None


def failed(outcome: Outcome, error: str) -> Outcome:
    return Outcome(outcome.envelope_id, outcome.acked, outcome.ack_ms, outcome.response, error)


def entered_by(found: dict[str, Any]) -> forms.Values:
    """The state entry that an action leaves behind; none for a button."""
    if not entries.is_stateful(found):
        return {}
    entry = {
        key: value for key, value in found.items() if key not in ("action_id", "block_id", "placeholder")
    }
    return {found["block_id"]: {found["action_id"]: entry}}
