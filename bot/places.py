"""Finds the channels that the schedules file names and joins them; keeps their ids as facts.

It makes no channel: what is missing is said by `doctor`."""

import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from bot.sending import Outbound
from incidents.ports import Store, Unit
from rotations.model import Channels

FACT_OF = {"announce": "channel.announce", "team": "channel.team", "operations": "channel.operations"}

log = logging.getLogger(__name__)


class NotListed(Exception):
    """Slack did not give the whole list; its error."""


class Places:
    def __init__(self, store: Store, outbound: Outbound) -> None:
        self._store = store
        self._outbound = outbound

    def sync(self) -> bool:
        """Look every named channel up; "" is kept for one that is not there.

        False, and nothing is changed, while Slack does not list its channels: what was known stays known.
        """
        wanted = self._wanted()
        try:
            found = self._outbound.spawn(self._find(set(wanted.values()))).result(timeout=120)
        except NotListed as error:
            log.warning("the channels could not be listed", extra={"error": str(error)})
            return False
        ids = {kind: found.get(name, "") for kind, name in wanted.items()}
        missing = [name for kind, name in wanted.items() if not ids[kind]]
        if missing:
            log.warning("channels are not there: %s", ", ".join(missing))
        self._store.write(partial(_keep, ids))
        return True

    def _wanted(self) -> dict[str, str]:
        organisation = self._store.read(lambda unit: unit.schedules.organisation())
        channels = organisation.channels if organisation else Channels()
        return {"announce": channels.announce, "team": channels.team, "operations": channels.operations}

    async def _find(self, wanted: set[str]) -> dict[str, str]:
        """By name or id. Ours first, private ones among them; then public ones, which are joined."""
        found: dict[str, str] = {}
        async for channel in self._channels("users.conversations", types="public_channel,private_channel"):
            found |= dict.fromkeys(_called(channel) & wanted, channel["id"])
        if wanted - found.keys():
            async for channel in self._channels("conversations.list", types="public_channel"):
                missing = _called(channel) & (wanted - found.keys())
                if missing and (await self._outbound.call("conversations.join", channel=channel["id"])).ok:
                    found |= dict.fromkeys(missing, channel["id"])
        return found

    async def _channels(self, method: str, types: str) -> AsyncIterator[dict[str, Any]]:
        args = {"types": types, "exclude_archived": True, "limit": 200}
        async for page in self._outbound.pages(method, is_patient=True, **args):
            if not page.ok:
                raise NotListed(page.error)
            for channel in page.data.get("channels", ()):
                yield channel


def _called(channel: dict[str, Any]) -> set[str]:
    """What the schedules may call it: its name, or its id where it was picked from a list."""
    return {str(channel.get("name")), str(channel["id"])}


def _keep(ids: dict[str, str], unit: Unit) -> None:
    for kind, channel in ids.items():
        unit.facts.put(FACT_OF[kind], channel)
