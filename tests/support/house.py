"""The core at work on a real store: the example organisation, its people as Slack describes them."""

import json
from datetime import UTC, datetime
from functools import cache, partial

from msgspec import Struct

from bot.applying import EXAMPLE, read_file
from bot.local_workspace import SEED
from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import Incident
from incidents.operations import declaring, delivery, timers
from incidents.operations.declaring import Request
from incidents.people import Actor, Ask
from incidents.ports import House
from incidents.timeline import sentence
from rotations.model import Organisation
from runbooks.catalogue import Catalogue, library_path, load
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock
from tests.support.ids import CountingIds

MONDAY = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # AMER holds: Ana primary, Bo backup, Dana lead


@cache
def library() -> Catalogue:
    return load(library_path())


@cache
def _example() -> Organisation:
    return read_file(EXAMPLE)


def example_people() -> list[Actor]:
    """The people of the example workspace, as the directory brings them."""
    users = json.loads(SEED.read_text(encoding="utf-8"))["users"]
    return [
        Actor(
            user=user["id"],
            name=user["real_name"],
            zone=user["tz"],
            is_guest=bool(user.get("is_restricted")),
        )
        for user in users
    ]


class TestHouse(Struct, frozen=True):
    """A house with its clock in hand. `slack` answers every effect that is due as a willing Slack would."""

    __test__ = False

    house: House
    clock: FakeClock
    store: SqlStore

    def declare(self, title: str, by: str = "UPRIYA", **wish: object) -> Incident:
        return declaring.declare(self.house, Ask(by), Request(title, **wish))  # type: ignore[arg-type]

    def incident(self, key: str) -> Incident:
        found = self.store.read(lambda unit: unit.incidents.get(key))
        assert found is not None
        return found

    def later(self, **length: float) -> None:
        """Let time pass and fire what falls due on the way, minute by minute."""
        self.clock.advance(**length)
        timers.fire_due(self.house)

    def slack(self, refuse: dict[EffectKind, str] | None = None) -> list[Effect]:
        """Send everything that is due, wave by wave; returns what was sent, in order."""
        sent: list[Effect] = []
        for _ in range(20):
            claimed = self.store.write(lambda unit: unit.outbox.claim(self.clock.now(), "test", 100))
            if not claimed:
                return sent
            for one in claimed:
                sent.append(one.effect)
                outcome = _answer(one.effect, len(sent), refuse or {})
                self.store.write(partial(self._settle, one, outcome))
        raise AssertionError("effects without end")

    def _settle(self, claimed: Claimed, outcome: Outcome, unit: SqlUnit) -> None:
        now = self.clock.now()
        if outcome.ok:
            unit.outbox.finish(claimed, outcome, now)
        else:
            unit.outbox.fail(claimed, outcome.error, now)
        delivery.record(self.house, unit, claimed.effect, outcome, now)

    def sentences(self, key: str) -> list[str]:
        """The timeline in words, oldest first."""
        people = {actor.user: actor.name for actor in example_people()}
        entries = self.store.read(lambda unit: unit.timeline.of(key))
        return [sentence(entry, lambda user: people.get(user, user)) for entry in entries]


def _answer(effect: Effect, count: int, refuse: dict[EffectKind, str]) -> Outcome:
    if effect.kind in refuse:
        return Outcome(False, error=refuse[effect.kind])
    ts = effect.args["ts"] if effect.kind is EffectKind.KEEP_MESSAGE else f"1700000000.{count:06}"
    return Outcome(True, {"channel": f"C{count:03}", "ts": ts, "name": "inc", "text": "said"})


def example_house(store: SqlStore, now: datetime = MONDAY) -> TestHouse:
    """The example organisation applied, everybody known to Slack, the clock at `now`."""
    clock = FakeClock(now)
    house = House(store, clock, CountingIds(), library())
    store.write(lambda unit: unit.schedules.apply(_example(), now, "test"))
    store.write(lambda unit: unit.people.put_profiles(example_people(), now))
    timers.fire_due(house)
    return TestHouse(house, clock, store)
