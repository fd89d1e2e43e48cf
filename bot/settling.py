"""From an answer to what the outbox does with it: plan first, outside any transaction, then apply.

A plan is a value, so that a unit of work which runs again does exactly the same again."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from msgspec import Struct

from bot.outcomes import MAX_ATTEMPTS, UNKNOWN_OUTCOME, Verdict, backoff_s, judge, judge_outside
from bot.sending import Sent
from handlers.calls import Call, HangUp, Json, MailOut, OutsideSlack, RingOut, Skip, Upload
from incidents.bundles import is_together, keys_of
from incidents.effects import Effect, Outcome, Priority
from incidents.operations.notices import note_missing_scope
from incidents.ports import Unit
from rotations.newer import NotKnownHere
from storage.buckets import RateOf
from storage.claims import Claimed
from storage.unit_of_work import SqlUnit

MISSING_SCOPE_WAIT_S = 60.0
MOST_UNREACHABLE_WAIT_S = 10.0
NOT_KNOWN_WAIT = timedelta(seconds=30)
MOST_UNSURE_ATTEMPTS = 10

log = logging.getLogger(__name__)
Record = Callable[[Unit, Effect, Outcome, datetime], None]


class Misplaced(Struct, frozen=True):
    """Not sent: it is counted in another rate bucket than it was claimed for, and waits there."""

    bucket: str


class Later(Struct, frozen=True):
    """Another process may know what to do with it by then, or has it in hand. `sent`: it may have reached
    Slack, and only what came of it could not be written down."""

    wait: timedelta
    why: str
    sent: bool = False


class Crash(Struct, frozen=True):
    """Our own fault while rendering, sending or recording. `sent`: it may have reached Slack."""

    error: str
    sent: bool


def unrecorded(error: Exception) -> Later | Crash:
    """What reached the other side could not be written down."""
    if isinstance(error, NotKnownHere):
        return Later(NOT_KNOWN_WAIT, "not known here", sent=True)
    return Crash(f"record: {type(error).__name__}", True)


class Answer(Struct, frozen=True):
    """What came back for one claimed effect."""

    claimed: Claimed
    rendered: Call | Upload | OutsideSlack | None
    came: Sent | Skip | Later | Misplaced | Crash


class Finish(Struct, frozen=True):
    outcome: Outcome


class GiveUp(Struct, frozen=True):
    error: str


class Drop(Struct, frozen=True):
    reason: str


class Move(Struct, frozen=True):
    bucket: str


class Again(Struct, frozen=True):
    """`slow`: Slack has had too many calls of this bucket. `hold`: it wants none of them for as long."""

    not_before: datetime
    error: str
    ambiguous: bool
    counts: bool = True
    slow: bool = False
    hold: bool = False


Plan = Finish | GiveUp | Drop | Move | Again


class Planned(Struct, frozen=True):
    """`verdict` is None where nobody was asked."""

    answer: Answer
    plan: Plan
    verdict: Verdict | None = None

    @property
    def has_called(self) -> bool:
        """Whether the call that it had taken of its rate bucket was made, as far as can be known."""
        came = self.answer.came
        if isinstance(came, Crash | Later):
            return came.sent
        return self.verdict not in (None, Verdict.UNREACHABLE)


class Mood(Struct, frozen=True):
    """`chance` in [0, 1) spreads retries; `unreachable_in_row` lengthens them while the network is away."""

    chance: float
    unreachable_in_row: int = 0


def planned(answer: Answer, now: datetime, mood: Mood) -> Planned:
    claimed = answer.claimed
    match answer.came:
        case Skip(reason):
            return Planned(answer, Drop(reason))
        case Later(wait, why, sent):
            return Planned(answer, Again(now + wait, why, sent or claimed.ambiguous, counts=False))
        case Misplaced(bucket):
            return Planned(answer, Move(bucket))
        case Crash(error, sent):
            return Planned(answer, _after_crash(claimed, error, sent, now, mood.chance))
        case Sent() as sent_answer:
            return _planned(answer, sent_answer, now, mood)
        case _:
            assert_never(answer.came)


def _planned(answer: Answer, sent: Sent, now: datetime, mood: Mood) -> Planned:
    claimed = answer.claimed
    if isinstance(answer.rendered, OutsideSlack):
        found = judge_outside(sent, claimed.attempt)
    else:
        found = judge(*named(answer.rendered), sent, claimed.attempt)
    if found.outcome is not None and found.verdict is Verdict.DONE:
        return Planned(answer, Finish(found.outcome), found.verdict)
    if found.verdict is Verdict.REFUSED or _is_enough(found.verdict, claimed):
        given_up = UNKNOWN_OUTCOME if found.verdict is Verdict.AMBIGUOUS else found.error
        return Planned(answer, GiveUp(given_up), found.verdict)
    at = now + timedelta(seconds=_wait_s(found.verdict, sent, claimed.attempt, mood))
    return Planned(answer, _again(answer, found.verdict, at), found.verdict)


def settle(unit: SqlUnit, plans: Sequence[Planned], now: datetime, record: Record, rate_of: RateOf) -> None:
    """Write the plans. Where a claim is no longer ours, nothing is recorded."""
    for it in plans:
        _apply(unit, it, now, record)
    buckets = [(it.answer.claimed.bucket, it) for it in plans if it.answer.claimed.bucket]
    unit.buckets.give_back(Counter(name for name, it in buckets if not it.has_called), rate_of, now)
    for name, it in buckets:
        if isinstance(it.plan, Again) and it.plan.slow:
            unit.buckets.refuse(name, rate_of, it.plan.not_before, now)
        elif isinstance(it.plan, Again) and it.plan.hold:
            unit.buckets.hold(name, it.plan.not_before, now)
    for it in plans:
        if it.verdict is Verdict.MISSING_SCOPE:
            note_missing_scope(unit, named(it.answer.rendered)[0], _scope_in(it.answer), now)


def _apply(unit: SqlUnit, it: Planned, now: datetime, record: Record) -> None:
    claimed, outbox = it.answer.claimed, unit.outbox
    match it.plan:
        case Finish(outcome):
            if outbox.finish(claimed, outcome, now):
                _with_its_parts(unit, claimed.effect, "done", "", now)
                record(unit, claimed.effect, outcome, now)
        case GiveUp(error):
            if outbox.fail(claimed, error, now):
                _with_its_parts(unit, claimed.effect, "dead", error, now)
                record(unit, claimed.effect, Outcome(ok=False, error=error), now)
        case Drop(reason):
            outbox.skip_one(claimed, reason, now)
            _with_its_parts(unit, claimed.effect, "skipped", reason, now)
        case Move(bucket):
            outbox.move(claimed, bucket, now)
        case Again(not_before, error, ambiguous, counts):
            outbox.retry(claimed, not_before, error, ambiguous, counts)
        case _:
            assert_never(it.plan)


def _with_its_parts(unit: SqlUnit, effect: Effect, state: str, error: str, now: datetime) -> None:
    """The pages that left together end together."""
    if is_together(effect):
        unit.outbox.close(keys_of(effect), state, error, now)


def error_of(answer: Answer) -> str:
    return answer.came.error if isinstance(answer.came, Sent | Crash) else ""


def _scope_in(answer: Answer) -> str:
    """What Slack says is needed."""
    return str(answer.came.data.get("needed", "")) if isinstance(answer.came, Sent) else ""


def named(rendered: Call | Upload | OutsideSlack | None) -> tuple[str, Json]:
    """The method by which an answer is judged and the rate bucket named."""
    match rendered:
        case Call(method, args):
            return method, args
        case Upload(channel=channel):
            return "chat.postMessage", {"channel": channel}
        case RingOut(address=address):
            return f"ring.{address.partition(':')[0]}", {}
        case HangUp():
            return "hang_up", {}
        case MailOut():
            return "mail", {}
        case None:
            return "", {}
        case _:
            assert_never(rendered)


def _again(answer: Answer, verdict: Verdict, not_before: datetime) -> Again:
    came, claimed = answer.came, answer.claimed
    assert isinstance(came, Sent)
    return Again(
        not_before,
        came.error,
        ambiguous=verdict is Verdict.AMBIGUOUS or came.ambiguous or claimed.ambiguous,
        counts=verdict in (Verdict.AMBIGUOUS, Verdict.AGAIN),
        slow=verdict is Verdict.RATE_LIMITED,
        hold=verdict is Verdict.MISSING_SCOPE,
    )


def _wait_s(verdict: Verdict, sent: Sent, attempt: int, mood: Mood) -> float:
    match verdict:
        case Verdict.RATE_LIMITED:
            return sent.retry_after
        case Verdict.MISSING_SCOPE:
            return MISSING_SCOPE_WAIT_S
        case Verdict.DEAD_TOKEN:
            return 0.0  # the open circuit holds it
        case Verdict.UNREACHABLE:
            return backoff_s(max(mood.unreachable_in_row - 1, 0), mood.chance, MOST_UNREACHABLE_WAIT_S)
        case _:
            return backoff_s(attempt, mood.chance)


def _is_enough(verdict: Verdict, claimed: Claimed) -> bool:
    """An unsure page or opening is tried for ever; the rest is given up as unknown."""
    matters = claimed.effect.priority <= Priority.OPENING
    return verdict is Verdict.AMBIGUOUS and not matters and claimed.attempt >= MOST_UNSURE_ATTEMPTS


def _after_crash(claimed: Claimed, error: str, sent: bool, now: datetime, chance: float) -> Plan:
    if claimed.attempt >= MAX_ATTEMPTS:
        return GiveUp(error)
    wait = timedelta(seconds=backoff_s(claimed.attempt, chance))
    return Again(now + wait, error, sent or claimed.ambiguous)


def report(it: Planned) -> None:
    """One line of the log, by key: never what was said."""
    claimed = it.answer.claimed
    error = error_of(it.answer)
    level = logging.ERROR if isinstance(it.plan, GiveUp) else logging.WARNING if error else logging.INFO
    bound = {"effect": claimed.effect.key, "method": named(it.answer.rendered)[0], "attempt": claimed.attempt}
    log.log(level, type(it.plan).__name__.lower(), extra={**bound, "error": error})
