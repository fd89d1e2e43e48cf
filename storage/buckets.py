"""Rate buckets that every process shares: how many calls may leave now, and when the next one may.

The arithmetic is pure (GCRA: one instant, `tat`, says how full a bucket is); the rows are locked by name, in
order, until the unit of work ends. What is counted where, and how fast, is told from outside."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace
from sqlalchemy import RowMapping, bindparam, delete, or_, select, update

from storage.tables import BUCKET
from storage.transaction import Transaction

# Never slower than half the tier: refused now and then for half an hour, a slower one fell ever further back.
MOST_STRETCHED = 2.0
HALF_RECOVERED = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=1)


class Rate(Struct, frozen=True):
    """`per_minute` calls in the long run, `burst` of them at once after a rest."""

    per_minute: float
    burst: int


RateOf = Callable[[str], Rate | None]


class Level(Struct, frozen=True):
    """Where a bucket stands. `tat` is when it is full again; nothing leaves before `held_until`.

    `stretch` is how much slower than its rate it runs since it was refused at `refused_at`; 1 is not at all.
    `each_s` and `depth` are its pace when it was last counted.
    """

    name: str
    tat: datetime
    held_until: datetime
    stretch: float = 1.0
    refused_at: datetime | None = None
    each_s: float = 0.0
    depth: float = 0.0


def granted(level: Level, rate: Rate, wanted: int, now: datetime) -> tuple[int, Level]:
    """How many of `wanted` calls may leave at `now`, and the bucket after them."""
    if now < level.held_until:
        return 0, level
    each, depth = _pace(level, rate, now)
    # A clock that was moved back must not leave it emptier than empty.
    tat = min(max(level.tat, now), now + depth * each)
    count = min(wanted, int((now + depth * each - tat) / each + 1e-6))
    after = tat + count * each
    held_until = max(now, after + each - depth * each)
    paced = replace(level, each_s=each.total_seconds(), depth=depth)
    return count, replace(paced, tat=after, held_until=held_until)


def wait(level: Level, ahead: int, now: datetime) -> timedelta:
    """How long one more call would wait behind `ahead` others, at the pace of the last count."""
    room = (ahead + 1 - level.depth) * timedelta(seconds=level.each_s)
    return max(level.held_until - now, max(level.tat, now) + room - now, timedelta())


def refused(level: Level, rate: Rate | None, until: datetime, now: datetime) -> Level:
    """After a 429: nothing before `until`, then one call, and slower than before for a while."""
    held = replace(level, held_until=max(level.held_until, until))
    if rate is None:
        return held
    slower = replace(held, stretch=min(2 * _stretch(level, now), MOST_STRETCHED), refused_at=now)
    each, depth = _pace(slower, rate, until)
    return replace(slower, tat=max(level.tat, slower.held_until + (depth - 1) * each))


def given_back(level: Level, rate: Rate, count: int, now: datetime) -> Level:
    """`count` of the granted calls were not made after all. What somebody else holds stays held."""
    each, depth = _pace(level, rate, now)
    tat, until_full = level.tat - count * each, (depth - 1) * each
    is_held = level.refused_at is not None or level.held_until > level.tat - until_full
    return replace(level, tat=tat, held_until=level.held_until if is_held else tat - until_full)


def _pace(level: Level, rate: Rate, now: datetime) -> tuple[timedelta, float]:
    """The time between two calls, and how many may leave at once."""
    stretch = _stretch(level, now)
    return timedelta(minutes=stretch / rate.per_minute), max(1.0, rate.burst / stretch)


def _stretch(level: Level, now: datetime) -> float:
    """Half of the slowness is forgotten every two minutes."""
    if level.refused_at is None:
        return 1.0
    since = max(now - level.refused_at, timedelta())
    return 1 + (level.stretch - 1) * math.exp2(-since / HALF_RECOVERED)


class SqlBuckets(Struct, frozen=True):
    tx: Transaction

    def take(self, wanted: Mapping[str, int], rate_of: RateOf, now: datetime) -> dict[str, int]:
        """Bucket → how many of the wanted calls may leave at `now`. What has no rate is not counted, but may
        be held."""
        grants: dict[str, int] = {}
        levels = []
        for level in self._locked(wanted, now):
            rate, asked = rate_of(level.name), wanted[level.name]
            if rate is None:
                grants[level.name] = asked if level.held_until <= now else 0
                continue
            grants[level.name], after = granted(level, rate, asked, now)
            levels += [after] if after != level else []
        self._save(levels)
        return grants

    def give_back(self, counts: Mapping[str, int], rate_of: RateOf, now: datetime) -> None:
        """These calls were granted and not made."""
        rates = {name: rate for name in counts if (rate := rate_of(name)) is not None}
        self._save(
            [
                given_back(level, rates[level.name], counts[level.name], now)
                for level in self._locked(rates, now)
            ]
        )

    def refuse(self, name: str, rate_of: RateOf, until: datetime, now: datetime) -> None:
        """Slack has answered 429: nobody calls before `until`, and all are slower for a while."""
        self._save([refused(level, rate_of(name), until, now) for level in self._locked([name], now)])

    def hold(self, name: str, until: datetime, now: datetime) -> None:
        """No call of this bucket before `until`, from any process. A later hold wins."""
        self._save(
            [replace(level, held_until=max(level.held_until, until)) for level in self._locked([name], now)]
        )

    def wait(self, name: str, ahead: int, now: datetime) -> timedelta:
        """How long one more call of this bucket would wait behind `ahead` others; nothing is counted."""
        row = self.tx.one(_NAMED, name=name)
        return wait(_level(row, now), ahead, now) if row else timedelta()

    def held(self, now: datetime) -> dict[str, datetime]:
        """Bucket → until when nothing leaves, for those of which that is so at `now`."""
        rows = self.tx.all(select(BUCKET).where(BUCKET.c.held_until > now))
        return {row["name"]: row["held_until"] for row in rows}

    def hurry(self, now: datetime) -> None:
        """The clock was moved back: no hold is further away than `now`."""
        self.tx.run(update(BUCKET).where(BUCKET.c.held_until > now).values(held_until=now))

    def forget(self, now: datetime) -> None:
        """Buckets that nobody has used for a day are full, and need no row."""
        old = now - FORGOTTEN_AFTER
        unused = or_(BUCKET.c.tat.is_(None), BUCKET.c.tat < old)
        self.tx.run(delete(BUCKET).where(BUCKET.c.held_until < old, unused))

    def _locked(self, names: Mapping[str, Any] | Sequence[str], now: datetime) -> list[Level]:
        """In the order of their names, so that two processes never wait for each other."""
        ordered = sorted(names)
        if not ordered:
            return []
        self.tx.insert_new(BUCKET, [_row(Level(name, now, now)) for name in ordered])
        rows = self.tx.all(_LOCKED, names=ordered)
        return [_level(row, now) for row in rows]

    def _save(self, levels: Sequence[Level]) -> None:
        if levels:
            self.tx.run(_SAVE, [{"same": level.name, **_row(level)} for level in levels])


_NAMED = select(BUCKET).where(BUCKET.c.name == bindparam("name"))
_LOCKED = (
    select(BUCKET)
    .where(BUCKET.c.name.in_(bindparam("names", expanding=True)))
    .order_by(BUCKET.c.name)
    .with_for_update()
)
_SAVE = (
    update(BUCKET)
    .where(BUCKET.c.name == bindparam("same"))
    .values({column.name: bindparam(column.name) for column in BUCKET.columns if not column.primary_key})
)


def _row(level: Level) -> dict[str, Any]:
    return {each.name: getattr(level, each.name) for each in fields(level)}


def _level(row: RowMapping, now: datetime) -> Level:
    return Level(**{**row, "tat": row["tat"] or now})
