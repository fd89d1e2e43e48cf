"""What a calendar has been told, beside what is so now: new, changed and cancelled events. Pure values.

UID: RFC 5545 3.8.4.7 and RFC 7986 5.3 (it says nothing of anybody); SEQUENCE: RFC 5545 3.8.7.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from msgspec import Struct

from rotations.feed import Event, Kind, Window
from rotations.model import Seat


class Published(NamedTuple):
    """An event as calendars know it. `sequence` counts its changes, `stamped_at` is the last of them.

    One that is cancelled stays, so that whoever has it takes it out.
    """

    uid: str
    schedule: str
    region: str
    seat: Seat
    person: str
    name: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    sequence: int
    stamped_at: datetime
    is_cancelled: bool = False


class Naming(Struct, frozen=True):
    """`namespace` is an installation's own secret: UIDs of two never meet, and nobody can guess one."""

    namespace: str
    names: Mapping[str, str]

    def uid(self, event: Event) -> str:
        """The same for ever for the same place, person, day and part, as a UUID (RFC 9562, version 8)."""
        schedule, region, seat, person, _, _, _, day, part = event
        whole = "\0".join((self.namespace, schedule, region, seat, person, str(day), str(part)))
        digest = blake2b(whole.encode(), digest_size=16).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"


class Revision(Struct, frozen=True):
    """`shown` is the whole feed by start, tombstones among it; `changed` is what of it is to be kept."""

    shown: tuple[Published, ...]
    changed: tuple[Published, ...]


def revised(
    standing: Mapping[str, Published],
    events: Iterable[Event],
    naming: Naming,
    shown: Window,
    now: datetime,
) -> Revision:
    """Everything that touches the window. What stood in it and is no more is cancelled."""
    entries: list[Published] = []
    changed: list[Published] = []
    current: set[str] = set()
    for event in events:
        uid = naming.uid(event)
        current.add(uid)
        before = standing.get(uid)
        entry = _entry(uid, event, naming, before, now)
        entries.append(entry)
        if entry is not before:
            changed.append(entry)
    for uid, before in standing.items():
        if uid not in current and before.ends_at > shown.start and before.starts_at < shown.end:
            entry = before if before.is_cancelled else _cancelled(before, now)
            entries.append(entry)
            if entry is not before:
                changed.append(entry)
    entries.sort(key=_by_start)
    return Revision(tuple(entries), tuple(changed))


def ended(standing: Mapping[str, Published], now: datetime) -> Mapping[str, Published]:
    """Of a schedule that is no more: what is still to come of it. What has been served stays as it was."""
    return {uid: entry for uid, entry in standing.items() if entry.ends_at > now}


def _entry(uid: str, event: Event, naming: Naming, before: Published | None, now: datetime) -> Published:
    schedule, region, seat, person, start, end, kind, _, _ = event
    name = naming.names.get(person) or (before.name if before else person)
    if before is None:
        return Published(uid, schedule, region, seat, person, name, kind, start, end, 0, now)
    if not before.is_cancelled and before[5:9] == (name, kind, start, end):
        return before
    return before._replace(
        name=name,
        kind=kind,
        starts_at=start,
        ends_at=end,
        sequence=before.sequence + 1,
        stamped_at=now,
        is_cancelled=False,
    )


def _cancelled(before: Published, now: datetime) -> Published:
    return before._replace(sequence=before.sequence + 1, stamped_at=now, is_cancelled=True)


def _by_start(entry: Published) -> tuple[datetime, str]:
    return entry.starts_at, entry.uid
