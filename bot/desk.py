"""Everything the dispatcher works with, as one value. Nothing here works by itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct, field

from bot.rates import SLACK, Rates
from bot.reconcile import Parcel
from bot.sending import DeliversOutside, NoPhones, Outbound, Sent
from bot.settling import Planned, Record
from handlers.calls import Rendered
from incidents.effects import Effect
from incidents.ports import Clock, Unit
from storage.unit_of_work import SqlUnit

T = TypeVar("T")


class UnitStore(Protocol):
    """The store with the sender's side of its units of work."""

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T: ...

    def read(self, work: Callable[[SqlUnit], T]) -> T: ...

    def has_news(self) -> bool: ...


class Delivers(Protocol):
    def lands_for_s(self, key: str) -> float: ...

    async def deliver(self, parcel: Parcel) -> Sent: ...

    async def find(self, parcel: Parcel) -> Sent | None: ...


def _nothing() -> None:
    """Nobody looks."""


def _unseen(_planned: Planned, _now: datetime) -> None:
    """Nobody counts."""


def _always() -> bool:
    return True


class Desk(Struct, frozen=True):
    """`render` and `record` are the edge's and the core's; `owner` names this process in the leases;
    `chance` is a number in [0, 1); `phones` carry what does not go to Slack; `rates` say what is counted
    where.

    `beat` is called at every turn of the loop, `watch` once for every answer. While `may_claim` says no,
    nothing new is taken in hand.
    """

    store: UnitStore
    clock: Clock
    outbound: Outbound
    courier: Delivers
    render: Callable[[Effect, Unit], Rendered]
    record: Record
    owner: str
    chance: Callable[[], float]
    beat: Callable[[], None] = _nothing
    phones: DeliversOutside = field(default_factory=NoPhones)
    rates: Rates = SLACK
    watch: Callable[[Planned, datetime], None] = _unseen
    may_claim: Callable[[], bool] = _always
