"""A dispatcher over a real store and a tiny Slack, with effects that name their own call."""

import json
from collections.abc import Callable
from datetime import datetime

from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.rates import Rates, bucket_of
from bot.reconcile import Courier
from bot.sending import Outbound, Sent
from handlers.calls import Call, Message, OutsideSlack, Rendered, RingOut, Skip, Upload
from incidents.effects import OUTSIDE_SLACK, Effect, EffectKind, Outcome, Priority
from incidents.ports import Clock, Unit
from rotations.newer import NotKnownHere
from storage.buckets import RateOf
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.tiny_slack import BOT, TinySlack

KINDS = {
    "conversations.create": EffectKind.CREATE_CHANNEL,
    "conversations.invite": EffectKind.INVITE,
    "bookmarks.add": EffectKind.ADD_BOOKMARK,
    "conversations.setTopic": EffectKind.SET_TOPIC,
    "upload": EffectKind.POST_DRAFT,
}


def effect(
    key: str,
    method: str = "chat.postMessage",
    priority: Priority = Priority.STATUS,
    after: tuple[str, ...] = (),
    **args: object,
) -> Effect:
    """An effect that will be rendered as this call."""
    given = args or {"channel": "C1", "text": key}
    kind = KINDS.get(method, EffectKind.TELL)
    return Effect(
        kind, key, "INC-1", {"method": method, "args": json.dumps(given)}, (), after, priority=priority
    )


def ring(key: str) -> Effect:
    """An effect that does not go to Slack."""
    return Effect(EffectKind.RING, key, "INC-1", priority=Priority.PAGE)


class Phones:
    """What rang, by key; `answers` are told first to last, then every ring is taken."""

    def __init__(self) -> None:
        self.rang: list[str] = []
        self.answers: list[Sent] = []

    async def deliver_out(self, what: OutsideSlack) -> Sent:
        assert isinstance(what, RingOut)
        self.rang.append(what.key)
        return self.answers.pop(0) if self.answers else Sent(True, {"handle": f"webhook:{what.key}"})

    async def find(self, ring: RingOut) -> Sent | None:
        return Sent(True, {"handle": f"webhook:found:{ring.key}"}) if ring.key in self.rang else None


class Outgoing:
    """`outcomes` is what was recorded, by key; `then` may put more effects when a key is recorded. Nothing is
    counted unless `rate_of` says so."""

    def __init__(
        self,
        store: SqlStore,
        slack: TinySlack,
        clock: FakeClock,
        settle_s: float = 0.0,
        rate_of: RateOf = lambda _: None,
    ) -> None:
        self.store, self.slack, self.clock, self.rate_of = store, slack, clock, rate_of
        self.outcomes: dict[str, Outcome] = {}
        self.then: dict[str, list[Effect]] = {}
        self.skipped: set[str] = set()
        self.broken: set[str] = set()
        self.strange: set[str] = set()
        self.strange_now: set[str] = set()  # since it was rendered
        self.phones = Phones()
        self.outbound = Outbound("xoxb-test", slack.url, warm_every_s=0)
        self.outbound.start()
        self.dispatcher = self.new_dispatcher(settle_s=settle_s)

    def new_dispatcher(
        self, owner: str = "one", settle_s: float = 0.0, clock: Clock | None = None
    ) -> Dispatcher:
        courier = Courier(self.outbound, lambda: BOT, settle_s)
        return Dispatcher(
            Desk(
                store=self.store,
                clock=clock or self.clock,
                outbound=self.outbound,
                courier=courier,
                render=self.render,
                record=self.record,
                owner=owner,
                chance=lambda: 0.0,
                phones=self.phones,
                rates=Rates(bucket_for, bucket_of, self.rate_of),
            )
        )

    def put(self, *effects: Effect) -> None:
        self.store.write(lambda unit: unit.outbox.put(effects, self.clock.now()))

    def state(self, key: str) -> str:
        return self.store.read(lambda unit: unit.outbox.state(key))

    def drain_for(self, seconds: float, step_s: float = 1.0) -> None:
        """Drain, and again each time the clock has been moved by a step."""
        self.dispatcher.drain()
        for _ in range(int(seconds / step_s)):
            self.clock.advance(seconds=step_s)
            self.dispatcher.drain()

    def render(self, effect: Effect, _unit: Unit) -> Rendered:
        if effect.key in self.broken:
            raise ValueError("a fault of ours")
        if effect.key in self.strange:
            raise NotKnownHere(effect.key)
        if effect.kind is EffectKind.RING:
            rung = RingOut("webhook:1", effect.key, "Acknowledge.")
            return Skip("overtaken", rung) if effect.key in self.skipped else rung
        if effect.key in self.skipped:
            return Skip("overtaken", _in_thread(effect))
        return call_of(effect)

    def record(self, unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
        if effect.key in self.strange_now:
            raise NotKnownHere(effect.key)
        self.outcomes[effect.key] = outcome
        unit.outbox.put(self.then.get(effect.key, ()), now)

    def close(self) -> None:
        self.outbound.stop()


def _in_thread(effect: Effect) -> Call | None:
    """No rate bucket tells in which thread it was to stand."""
    call = call_of(effect)
    return call if isinstance(call, Call) and "thread_ts" in call.args else None


def call_of(effect: Effect) -> Call | Upload:
    """What an effect that names its own call is rendered as."""
    args = json.loads(effect.args["args"])
    if effect.args["method"] == "upload":
        return Upload(args["channel"], "draft.md", "Draft", "# Draft", Message("Here it is"))
    return Call(effect.args["method"], args)


def bucket_for(effect: Effect, _unit: Unit) -> str:
    """Effects that name their own call are counted where that is."""
    if effect.kind in OUTSIDE_SLACK:
        return ""
    if effect.args.get("method") == "upload":
        return bucket_of("chat.postMessage", json.loads(effect.args["args"]))
    return bucket_of(effect.args["method"], json.loads(effect.args["args"]))


NewOutgoing = Callable[[], Outgoing]
