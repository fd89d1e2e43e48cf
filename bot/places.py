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


class Places:
    def __init__(self, store: Store, outbound: Outbound) -> None:
        self._store = store
        self._outbound = outbound

    def sync(self) -> dict[str, str]:
        """Look every named channel up. Returns its id by kind; "" for one that is not there."""
        wanted = self._wanted()
        found = self._outbound.spawn(self._find(set(wanted.values()))).result(timeout=120)
        ids = {kind: found.get(name, "") for kind, name in wanted.items()}
        missing = [name for kind, name in wanted.items() if not ids[kind]]
        if missing:
            log.warning("channels are not there: %s", ", ".join(missing))
        self._store.write(partial(_keep, ids))
        return ids

    def _wanted(self) -> dict[str, str]:
        organisation = self._store.read(lambda unit: unit.schedules.organisation())
        channels = organisation.channels if organisation else Channels()
        return {"announce": channels.announce, "team": channels.team, "operations": channels.operations}

    async def _find(self, names: set[str]) -> dict[str, str]:
        """Ours first, private ones among them; then public ones, which are joined."""
        found: dict[str, str] = {}
        async for channel in self._channels("users.conversations", types="public_channel,private_channel"):
            if channel.get("name") in names:
                found[channel["name"]] = channel["id"]
        if names - found.keys():
            async for channel in self._channels("conversations.list", types="public_channel"):
                if channel.get("name") in names - found.keys():
                    joined = await self._outbound.call("conversations.join", channel=channel["id"])
                    if joined.ok:
                        found[channel["name"]] = channel["id"]
        return found

    async def _channels(self, method: str, types: str) -> AsyncIterator[dict[str, Any]]:
        async for page in self._outbound.pages(method, types=types, exclude_archived=True, limit=200):
            for channel in page.data.get("channels", ()) if page.ok else ():
                yield channel


def _keep(ids: dict[str, str], unit: Unit) -> None:
    for kind, channel in ids.items():
        unit.facts.put(FACT_OF[kind], channel)
