"""Which of the effects that may leave do so now: those whose rate bucket has a call left, most urgent first.

Pages for one person that pile up leave as one, and so do rings. What finds no call left waits in its bucket:
no attempt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import JSON, RowMapping, bindparam, insert, update

from incidents.bundles import TOGETHER
from incidents.effects import Effect, EffectKind
from storage import claims
from storage.buckets import Rate, RateOf, SqlBuckets
from storage.claims import Claimed
from storage.tables import OUTBOX
from storage.transaction import Transaction

MOST_TOGETHER = 40
MOST_LOOKS = 20
RINGS = (EffectKind.RING, EffectKind.RINGS)


def _uncounted(_effect: Effect) -> str:
    return ""


def _without_rate(_bucket: str) -> Rate | None:
    return None


class Traffic(Struct, frozen=True):
    """`bucket_of` names the bucket in which an effect will be counted, "" for none; `rate_of` how fast that
    is; `bundled` makes one effect of several pages, or rings, for one person. `only_outside`: nothing that
    goes to Slack."""

    bucket_of: Callable[[Effect], str] = _uncounted
    rate_of: RateOf = _without_rate
    bundled: Callable[[Sequence[Effect], datetime], Effect] | None = None
    only_outside: bool = False


class Hand(Struct, frozen=True):
    """Who claims: what they take is theirs until `lease_until`."""

    owner: str
    now: datetime
    lease_until: datetime


def depart(tx: Transaction, hand: Hand, limit: int, traffic: Traffic) -> list[Claimed]:
    """Claim up to `limit`. A bucket that has run dry is passed over at the next look, so that what is behind
    it gets its turn."""
    claimed: list[Claimed] = []
    for _ in range(MOST_LOOKS):
        room = limit - len(claimed)
        rows = claims.waiting(tx, hand.now, room, traffic.only_outside) if room > 0 else ()
        claimed += _departed(tx, hand, rows, traffic)
        if len(rows) < room or not rows:
            break
    return claimed


def _departed(tx: Transaction, hand: Hand, rows: Sequence[RowMapping], traffic: Traffic) -> list[Claimed]:
    queues = _queues(rows, traffic)
    wanted = {bucket: len(queue) for bucket, queue in queues.items() if bucket}
    grants = SqlBuckets(tx).take(wanted, traffic.rate_of, hand.now) if wanted else {}
    bundles: list[Claimed] = []
    alone: list[tuple[RowMapping, str]] = []
    for bucket, queue in queues.items():
        count = grants.get(bucket, len(queue))
        pages = _piled_up(queue, count) if traffic.bundled else []
        if traffic.bundled and pages:
            one = traffic.bundled([claims.effect(row) for row in pages], hand.now)
            bundles.append(_together(tx, hand, one, bucket, pages))
            count -= 1
        taken = {row["id"] for row in pages}
        left = [row for row in queue if row["id"] not in taken]
        alone += [(row, bucket) for row in left[:count]]
        _park(tx, left[count:], bucket)
    alone.sort(key=lambda pair: (pair[0]["rank"], pair[0]["id"]))
    return bundles + claims.take(tx, alone, hand.owner, hand.lease_until, hand.now)


def _queues(rows: Iterable[RowMapping], traffic: Traffic) -> Mapping[str, list[RowMapping]]:
    queues: dict[str, list[RowMapping]] = {}
    for row in rows:
        bucket = row["bucket"] if row["bucket"] is not None else _bucket_of(row, traffic)
        queues.setdefault(bucket, []).append(row)
    return queues


def _bucket_of(row: RowMapping, traffic: Traffic) -> str:
    """A ring that was tried already is in nobody's queue: its phone may not ring yet."""
    is_ring_again = row["kind"] in RINGS and row["attempts"] > 0
    return "" if is_ring_again else traffic.bucket_of(claims.effect(row))


def _piled_up(queue: Sequence[RowMapping], count: int) -> list[RowMapping]:
    """The pages that share the last of `count` calls: those that would otherwise wait for a later one. One
    that may have been sent already goes alone, for it has to be looked for."""
    if not 0 < count < len(queue) or not _is_fresh_page(queue[count - 1]):
        return []
    pages = [row for row in queue[count - 1 :] if _is_fresh_page(row)][:MOST_TOGETHER]
    return pages if len(pages) > 1 else []


def _is_fresh_page(row: RowMapping) -> bool:
    is_page: bool = row["kind"] in TOGETHER
    return is_page and row["attempts"] == 0 and not row["ambiguous"]


def _together(tx: Transaction, hand: Hand, one: Effect, bucket: str, pages: Sequence[RowMapping]) -> Claimed:
    """Put and claim the one effect, and let its pages wait for it."""
    mine = {"state": "running", "attempts": 1, "owner": hand.owner, "lease_until": hand.lease_until}
    tx.run(insert(OUTBOX), [claims.columns(one, hand.now) | mine | {"bucket": bucket}])
    tx.run(_WAIT_FOR, [{"same": row["id"], "now_after": [one.key], "now_in": bucket} for row in pages])
    return Claimed(one, 1, False, hand.owner, hand.now, bucket, hand.lease_until)


def _park(tx: Transaction, rows: Sequence[RowMapping], bucket: str) -> None:
    new = [row for row in rows if row["bucket"] is None]
    if new:
        tx.run(_PARK, [{"same": row["id"], "now_in": bucket} for row in new])


_SAME: Final = OUTBOX.c.id == bindparam("same")
_PARK: Final = update(OUTBOX).where(_SAME).values(bucket=bindparam("now_in"))
_WAIT_FOR: Final = (
    update(OUTBOX).where(_SAME).values(bucket=bindparam("now_in"), after=bindparam("now_after", type_=JSON))
)
