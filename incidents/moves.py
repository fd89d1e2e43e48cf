"""Whose shifts a change moves: which of it has to be confirmed a second time, and who is told. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec.structs import replace

from incidents.decision import stamp
from incidents.errors import IncidentError
from rotations.changes import Moved
from rotations.model import Organisation, Seat
from rotations.wording import clocks, listed

SOON = timedelta(hours=24)
MOST_TOLD = 12
"""Rows of one message; the rest is counted."""


class NeedsSecondLook(IncidentError):
    """The change alters who is paged within 24 hours, or leaves empty what was not. `rows` says which."""

    def __init__(self, rows: tuple[Moved, ...], sentences: Sequence[str]) -> None:
        self.rows, self.sentences = rows, tuple(sentences)
        super().__init__(" ".join(("This has to be confirmed once more.", *sentences)))


def alarming(moved: Iterable[Moved], now: datetime) -> tuple[Moved, ...]:
    """What alters who is paged in the next 24 hours (cut to them), or leaves a seat empty that was not.

    Shadows are never paged, so nothing of theirs is alarming; hours that another region takes over are not
    empty.
    """
    rows = tuple(row for row in moved if row.seat is not Seat.SHADOW and row.end > now)
    found: list[Moved] = []
    for row in rows:
        if row.before and not row.after and not _is_taken_over(row, rows):
            found.append(row)
        elif row.start < now + SOON:
            found.append(replace(row, start=max(row.start, now), end=min(row.end, now + SOON)))
    return tuple(found)


def _is_taken_over(emptied: Moved, rows: Iterable[Moved]) -> bool:
    """Whether another region's people are on the same seat all the while."""
    at = emptied.start
    for row in sorted(rows, key=attrgetter("start")):
        same = (row.schedule, row.seat) == (emptied.schedule, emptied.seat) and row.region != emptied.region
        if same and row.after and row.start <= at:
            at = max(at, row.end)
    return at >= emptied.end


def concerned(moved: Iterable[Moved]) -> dict[str, tuple[Moved, ...]]:
    """Person key → the rows in which they come or go, in the order of the rows."""
    found: dict[str, list[Moved]] = {}
    for row in moved:
        for person in dict.fromkeys((*row.before, *row.after)):
            if (person in row.before) != (person in row.after):
                found.setdefault(person, []).append(row)
    return {person: tuple(rows) for person, rows in found.items()}


def answerable(organisation: Organisation, rows: Iterable[Moved]) -> dict[str, tuple[Moved, ...]]:
    """Lead's key → the rows of their regions; where a region has no lead, every lead answers for it."""
    found: dict[str, list[Moved]] = {}
    for row in rows:
        leads = [*organisation.leads(row.region)] or [*organisation.leads()]
        for lead in leads:
            found.setdefault(lead.key, []).append(row)
    return {lead: tuple(mine) for lead, mine in found.items()}


def in_words(row: Moved, names: Mapping[str, str], zones: Iterable[str]) -> str:
    """ "AMER primary, Mon 30 Nov 12:00 New York · 17:00 UTC until …: Bo Chen instead of Ana Lima"."""
    told = tuple(zones)
    was = listed(names.get(person, person) for person in row.before) or "nobody"
    now = listed(names.get(person, person) for person in row.after) or "nobody"
    when = f"{clocks(row.start, told)} until {clocks(row.end, told)}"
    return f"{row.region} {row.seat}, {when}: {now} instead of {was}"


def dump_rows(rows: Sequence[Moved]) -> str:
    """At most MOST_TOLD rows as text, for the args of an effect: keys and instants, never words."""
    return json.dumps(
        [
            [r.schedule, r.region, r.seat.value, stamp(r.start), stamp(r.end), [*r.before], [*r.after]]
            for r in rows[:MOST_TOLD]
        ],
        separators=(",", ":"),
    )


def load_rows(text: str) -> tuple[Moved, ...]:
    """What `dump_rows` wrote."""
    return tuple(
        Moved(
            schedule,
            region,
            Seat(seat),
            datetime.fromisoformat(start),
            datetime.fromisoformat(end),
            tuple(before),
            tuple(after),
        )
        for schedule, region, seat, start, end, before, after in json.loads(text)
    )
