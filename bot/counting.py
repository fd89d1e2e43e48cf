"""From what happens to what is counted: news of the dispatcher and the timers. It changes nothing."""

from datetime import datetime
from typing import assert_never

from bot.metrics import Metrics
from bot.settling import Again, Drop, Finish, GiveUp, Move, Plan, Planned, named
from incidents.bundles import is_together, parts
from incidents.effects import Effect, EffectKind, Timer

LEGS = {
    EffectKind.SEND_PAGE: "slack",
    EffectKind.SEND_PAGES: "slack",
    EffectKind.RING: "phone",
    EffectKind.RINGS: "phone",
    EffectKind.MAIL: "mail",
}


def count_settled(metrics: Metrics, it: Planned, now: datetime) -> None:
    """What became of one attempt to send an effect."""
    effect = it.answer.claimed.effect
    metrics.effects.add(effect.kind.value, _outcome(it.plan))
    leg = LEGS.get(effect.kind, "")
    if leg and isinstance(it.plan, Finish):
        for page in parts(effect) or (effect,):
            metrics.pages.add(_level(page), leg)
    if waited := it.answer.claimed.waited:
        metrics.bucket_waits.observe(waited.total_seconds(), it.answer.claimed.bucket.partition(":")[0])
    if isinstance(it.plan, Again) and not it.plan.counts:
        wait_s = (it.plan.not_before - now).total_seconds()
        metrics.bucket_waits.observe(max(wait_s, 0.0), named(it.answer.rendered)[0])


def count_fired(metrics: Metrics, timer: Timer, now: datetime) -> None:
    metrics.lateness.observe(max((now - timer.due_at).total_seconds(), 0.0), timer.kind.value)


def _outcome(plan: Plan) -> str:
    match plan:
        case Finish():
            return "done"
        case GiveUp():
            return "given_up"
        case Drop():
            return "skipped"
        case Again(counts=False) | Move():
            return "held"
        case Again():
            return "retried"
        case _:
            assert_never(plan)


def _level(effect: Effect) -> str:
    """A page's id is `call.level.user`; people count levels from one. "several": many in one message."""
    if is_together(effect):
        return "several"
    parts = effect.args.get("page", "").split(".")
    return str(int(parts[1]) + 1) if len(parts) > 2 and parts[1].isdigit() else "none"
