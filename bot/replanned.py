"""Notices that another process (`apply`) has named people or channels that only Slack can tell us of.

It asks the database and nobody else; whoever looks them up at Slack is told by `changed`."""

from collections.abc import Callable

from msgspec import Struct

from rotations.model import Channels
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit


class _Asked(Struct, frozen=True):
    """What has been asked about: addresses still without a Slack id, and the channels' names."""

    addresses: frozenset[str] = frozenset()
    channels: Channels | None = None


class Replanned:
    """`changed` is called once for each change that only Slack can answer; it must return at once."""

    def __init__(self, store: SqlStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        self._asked: _Asked | None = None

    def look(self) -> None:
        """Called every few seconds. What stands at the first look is looked up by the start itself."""
        before, self._asked = self._asked, self._store.read(_standing)
        if before is None:
            return
        if self._asked.addresses - before.addresses or self._asked.channels != before.channels:
            self._changed()


def _standing(unit: SqlUnit) -> _Asked:
    organisation = unit.schedules.organisation()
    if organisation is None:
        return _Asked()
    return _Asked(frozenset(unit.people.unlinked().values()), organisation.channels)
