"""Reads the open incident channels again: a message marked while nobody listened is put on the timeline.

Run at connect and every five minutes. It adds what is missing and never doubles."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sending import Outbound
from handlers.words_pieces import as_typed
from incidents.model import Incident, MessageRef, Status
from incidents.operations import recording
from incidents.people import Ask
from incidents.ports import House, Incidents
from incidents.recording import Pinned

MARK = "pushpin"
A_PAGE = 200
JUST_RESOLVED = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Marked:
    channel: str
    by: str
    message: dict[str, Any]

    @property
    def pinned(self) -> Pinned:
        ts = str(self.message["ts"])
        return Pinned(
            ref=MessageRef(self.channel, ts),
            author=self.message.get("user", ""),
            at=datetime.fromtimestamp(float(ts), UTC),
            text=as_typed(self.message.get("text", "")),
        )


class Backfill:
    def __init__(self, house: House, outbound: Outbound) -> None:
        self._house = house
        self._outbound = outbound

    def sweep(self) -> int:
        """Every open or just resolved incident with a channel. Returns how many marks were looked at."""
        since = self._house.clock.now() - JUST_RESOLVED
        found = self._house.store.read(lambda unit: _live(unit.incidents, since))
        return sum(self._sweep_one(incident) for incident in found)

    def _sweep_one(self, incident: Incident) -> int:
        if incident.channel is None:
            return 0
        marked = self._outbound.spawn(self._marked(incident.channel.id)).result(timeout=120)
        for one in marked:
            recording.pin(self._house, Ask(one.by), one.pinned)
        return len(marked)

    async def _marked(self, channel: str) -> list[_Marked]:
        found: list[_Marked] = []
        async for page in self._outbound.pages("conversations.history", channel=channel, limit=A_PAGE):
            if not page.ok:
                log.warning("a channel's history could not be read", extra={"error": page.error})
                break
            for message in page.data.get("messages", ()):
                found += _marks(channel, message)
                if message.get("reply_count"):
                    found += await self._in_thread(channel, message["ts"])
        return found

    async def _in_thread(self, channel: str, ts: str) -> list[_Marked]:
        found: list[_Marked] = []
        async for page in self._outbound.pages("conversations.replies", channel=channel, ts=ts, limit=A_PAGE):
            for message in page.data.get("messages", ())[1:] if page.ok else ():
                found += _marks(channel, message)
        return found


def _marks(channel: str, message: dict[str, Any]) -> list[_Marked]:
    """The first person who marked it; of later marks there is nothing more to record."""
    for reaction in message.get("reactions", ()):
        if reaction.get("name") == MARK and reaction.get("users"):
            return [_Marked(channel, reaction["users"][0], message)]
    return []


def _live(incidents: Incidents, since: datetime) -> list[Incident]:
    """Not what was resolved long ago and never closed: Slack would have no calls left for what matters."""
    statuses = [status for status in Status if status.is_open or status is Status.RESOLVED]
    listed = incidents.listing(statuses, limit=200)
    return [one for one in listed if one.status.is_open or (one.resolved_at or since) > since]
