"""The schedule that every contender of the rota rows resolves: a chain of three regions, each a weekly
rotation of eight people, and two hundred overrides over the year 2026. Resolves nothing itself."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from rotations.model import Override, OverrideKind, Seat
from tests.support.schedules import chain, region, rotation

YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
ANCHOR = date(2025, 12, 22)
"""A Monday early enough that every rotation has begun before the year."""


class Place(Struct, frozen=True):
    name: str
    zone: str
    starts: time

    @property
    def people(self) -> list[str]:
        return [f"{self.name.lower()}{number}" for number in range(8)]

    def first_start(self, member: int) -> datetime:
        """The local start of a member's first week."""
        return datetime.combine(ANCHOR + timedelta(weeks=member), self.starts, ZoneInfo(self.zone))


PLACES = (
    Place("AMER", "America/New_York", time(12)),
    Place("APAC", "Asia/Tokyo", time(10)),
    Place("EMEA", "Europe/Dublin", time(9)),
)
SCHEDULE = chain(
    *(
        region(
            place.name,
            place.zone,
            f"{place.starts:%H:%M}",
            primary=rotation(" ".join(place.people), f"{ANCHOR}", f"{place.starts:%H:%M}"),
        )
        for place in PLACES
    )
)


def _override(number: int) -> Override:
    # Every 43 hours one of six hours: they fall at all times of the day, also across handoffs.
    place, start = PLACES[number % 3], YEAR[0] + timedelta(hours=43 * number)
    people, end = (f"cover{number % 5}",), start + timedelta(hours=6)
    return Override(
        f"o{number}", "safety", place.name, Seat.PRIMARY, OverrideKind.REPLACE, people, start, end
    )


OVERRIDES = tuple(_override(number) for number in range(200))
EDIT = Override(
    "edit",
    "safety",
    "AMER",
    Seat.PRIMARY,
    OverrideKind.REPLACE,
    ("late",),
    datetime(2026, 7, 14, 16, tzinfo=UTC),
    datetime(2026, 7, 15, 20, tzinfo=UTC),
)
"""What the edit of `rota.reresolve` adds."""


class Held(NamedTuple):
    """Who is on call in `[start, end)`."""

    start: datetime
    end: datetime
    region: str
    people: tuple[str, ...]


class Answered(Protocol):
    """A row of anybody's answer, as far as it is compared."""

    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def region(self) -> str: ...
    @property
    def people(self) -> tuple[str, ...]: ...


class Contender(Protocol):
    """One way to answer. Any cache it keeps is its own."""

    def at(self, t: datetime) -> tuple[str, tuple[str, ...]]:
        """The region that holds and the people on call."""
        ...

    def year(self) -> Sequence[Answered]:
        """Every shift of the year."""
        ...

    def region_after(self, edit: Override) -> Sequence[Answered]:
        """The year of the edit's region with one override more; what else stands may be kept."""
        ...


def comparable(rows: Iterable[Answered]) -> list[Held]:
    """Neighbours of one region with the same people are one row: whoever answers may cut where they like."""
    whole: list[Held] = []
    for row in rows:
        last = whole[-1] if whole else None
        if last and (last.end, last.region, last.people) == (row.start, row.region, row.people):
            whole[-1] = last._replace(end=row.end)
        else:
            whole.append(Held(row.start, row.end, row.region, row.people))
    return whole


def instants() -> list[datetime]:
    """Every handoff second of two weeks with a clock change, the second before, and 200 over the year."""
    changes = [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
    handoffs = [
        datetime.combine(day.date() + timedelta(days=n), place.starts, ZoneInfo(place.zone)).astimezone(UTC)
        for day in changes
        for n in range(7)
        for place in PLACES
    ]
    spread = (YEAR[0] + timedelta(minutes=2621 * n) for n in range(200))
    return [*handoffs, *(at - timedelta(seconds=1) for at in handoffs), *spread]
