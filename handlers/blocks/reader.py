"""For whom a message is written: how people are named, times told and links made for this reader."""

from datetime import datetime

from msgspec import Struct

from handlers.text import Names, own_time, person, shared_time, shared_time_short, utc
from incidents.model import Incident, MessageRef


class Reader(Struct, frozen=True):
    """`names` gives a display name for a user id. `zone` is the reader's own; shared messages do not use it.

    `workspace_url` ends in a slash; "" while unknown: then links go through Slack's own redirect.
    """

    names: Names
    now: datetime
    zone: str = "UTC"
    workspace_url: str = ""

    def name(self, user: str) -> str:
        """The name, safe inside mrkdwn."""
        return person(self.names(user))

    def first_name(self, user: str) -> str:
        return person(self.names(user).strip().partition(" ")[0])

    def people(self, users: tuple[str, ...]) -> str:
        """`Ana Lima and Bo Chen`; "" for nobody."""
        named = [self.name(user) for user in users]
        if len(named) < 2:
            return "".join(named)
        return f"{', '.join(named[:-1])} and {named[-1]}"

    def own(self, at: datetime) -> str:
        return own_time(at, self.zone, self.now)

    def shared(self, at: datetime) -> str:
        return shared_time(at, self.now)

    def shared_short(self, at: datetime) -> str:
        return shared_time_short(at, self.now)

    def utc(self, at: datetime) -> str:
        return utc(at, self.now)

    def channel_url(self, channel: str) -> str:
        if not self.workspace_url:
            return f"https://slack.com/app_redirect?channel={channel}"
        return f"{self.workspace_url}archives/{channel}"

    def message_url(self, ref: MessageRef) -> str:
        if not self.workspace_url:
            return self.channel_url(ref.channel)
        return f"{self.workspace_url}archives/{ref.channel}/p{ref.ts.replace('.', '')}"

    def incident_url(self, incident: Incident) -> str:
        """The link to the incident's channel, until then to the thread it opened in; "" where it has none."""
        if incident.channel is not None:
            return self.channel_url(incident.channel.id)
        is_there = incident.thread is not None and not incident.restricted
        return self.message_url(incident.thread) if incident.thread is not None and is_there else ""
