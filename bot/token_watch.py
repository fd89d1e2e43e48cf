"""Tells, once Slack takes the token again, from when to when nothing could leave.

Until then it says so in the database, for the processes that only listen. In Slack nothing can be told: that
is what the heartbeat's silence is for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from bot.absence import missed
from incidents.decision import stamp
from incidents.errors import StoreUnavailable
from incidents.operations.notices import About, put_notice
from incidents.ports import Clock, House
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

REFUSED = "token.refused"  # the fact: when a process was still refused, and Slack's error
BELIEVED_FOR = timedelta(seconds=30)  # it may have died since


class _Refused(Struct, frozen=True):
    since: datetime
    error: str


class TokenWatch:
    """`refusal` is Slack's error while it refuses the token, else ""."""

    def __init__(self, store: SqlStore, house: House, refusal: Callable[[], str]) -> None:
        self._store = store
        self._house = house
        self._refusal = refusal
        self._refused: _Refused | None = None

    def look(self) -> None:
        """What could not be told now is told at the next look."""
        error, now = self._refusal(), self._house.clock.now()
        if error:
            self._refused = self._refused or _Refused(now, error)
            self._store.write(lambda unit: unit.facts.put(REFUSED, f"{stamp(now)} {error}"))
        elif self._refused is not None:
            self._store.write(partial(_tell, self._house, self._refused, now))
            self._refused = None


def _tell(house: House, refused: _Refused, now: datetime, unit: SqlUnit) -> None:
    """Once an hour at most, though several processes were refused together."""
    unit.facts.put(REFUSED, "")
    told = {"from": stamp(refused.since), "to": stamp(now), "error": refused.error}
    counts = missed(house, unit, now).as_args()
    put_notice(unit, About.TOKEN_REFUSED, f"{refused.since:%Y-%m-%dT%H}", now, **told, **counts)


def refusal_on_record(store: SqlStore, clock: Clock) -> str:
    """Slack's error while it refuses the token of whoever sends; "" also while the database is away."""
    try:
        said = store.read(lambda unit: unit.facts.get(REFUSED))
    except StoreUnavailable:
        return ""
    at, _, error = said.partition(" ")
    return error if at and abs(clock.now() - datetime.fromisoformat(at)) <= BELIEVED_FOR else ""
