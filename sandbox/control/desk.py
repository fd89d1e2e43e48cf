"""What an act has at hand: the workspace, its deliveries, and the words of the request read against them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import channels, people
from sandbox.errors import SlackError
from sandbox.events import Announcer
from sandbox.faults import Faults
from sandbox.handshake import Handshake
from sandbox.interactions import Interactions, Outcome
from sandbox.model import Channel, Message, Person, View
from sandbox.settings import Settings
from sandbox.socket_mode import SocketMode
from sandbox.state import Workspace

FIRST_TAKEN_WITHIN_S = 3.0  # then Slack sends an event again, a little later


@dataclass(frozen=True, slots=True)
class Desk:
    ws: Workspace
    interactions: Interactions
    announcer: Announcer
    socket: SocketMode
    handshake: Handshake
    faults: Faults
    settings: Settings

    async def tell(self, act: Callable[[], dict[str, Any]]) -> Outcome:
        """Runs an act that is no interaction, then waits for the app to take its first event, if any.

        Where nothing had to be delivered, `acked` is true. What is not acknowledged here is delivered again.
        """
        with self.announcer.collecting() as collected:
            response = act()
        deliveries = list(collected)
        if not deliveries:
            return Outcome(acked=True, response=response)
        first = deliveries[0]
        await asyncio.wait([first.rested], timeout=FIRST_TAKEN_WITHIN_S)
        is_acked = first.acked.done()
        ack_ms = first.entry.get("ack_ms")
        return Outcome(first.envelope_id, is_acked, ack_ms if is_acked else None, response)


@dataclass(frozen=True, slots=True)
class Words:
    """The JSON body of one act. Raises SlackError with Slack's own code where a word names nothing."""

    desk: Desk
    body: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        value = self.body.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if self.body.get(name) in (None, ""):
            raise SlackError(f"missing_{name}")
        return self.text(name)

    def has(self, name: str) -> bool:
        return self.body.get(name) is not None

    def person(self, name: str = "as") -> Person:
        """By id, handle or e-mail address; nobody acts as the app, nor once deactivated."""
        found = self.somebody(name)
        if found.deleted:
            raise SlackError("user_disabled")
        if found.is_bot:
            raise SlackError("cant_act_as_app")
        return found

    def somebody(self, name: str) -> Person:
        user = people.id_of(self.desk.ws, self.required(name))
        if user is None:
            raise SlackError("user_not_found")
        return self.desk.ws.people[user]

    def channel(self, person: Person) -> Channel:
        """A conversation the person can see."""
        found = channels.find(self.desk.ws, self.required("channel"), person.id)
        if found is None or not channels.sees(self.desk.ws, found, person.id):
            raise SlackError("channel_not_found")
        return found

    def own_channel(self, person: Person) -> Channel:
        """A conversation the person is in and can still write to."""
        found = self.channel(person)
        if person.id not in found.members:
            raise SlackError("not_in_channel")
        if found.is_archived:
            raise SlackError("is_archived")
        return found

    def message(self, channel: Channel, person: Person) -> tuple[Message, bool]:
        """The message with this `ts` that the person sees, and whether it is shown to them alone."""
        ts = self.required("ts")
        if ts in channel.messages:
            return channel.messages[ts], False
        for each in self.desk.ws.ephemerals:
            if (each.channel, each.user, each.message.ts) == (channel.id, person.id, ts):
                return each.message, True
        raise SlackError("message_not_found")

    def view(self, person: Person) -> View:
        found = self.desk.ws.views.get(self.required("view_id"))
        if found is None or found.user != person.id:
            raise SlackError("view_not_found")
        return found

    def values(self) -> dict[str, Any]:
        """What the inputs of a form hold: an object by block, empty when absent."""
        found = self.body.get("values") or {}
        if not isinstance(found, dict):
            raise SlackError("values_not_object")
        return found

    def resolve(self, name: str) -> str:
        """A person's or channel's id for a name in a form."""
        found = people.id_of(self.desk.ws, name)
        return found or self.desk.ws.channel_ids.get(name.removeprefix("#"), name)
