"""From an answer to what the outbox does with it: plan first, outside any transaction, then apply.

A plan is a value, so that a unit of work which runs again does exactly the same again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.outcomes import MAX_ATTEMPTS, UNKNOWN_OUTCOME, Verdict, backoff_s, bucket_of, judge
from bot.sending import Sent
from handlers.calls import Call, HangUp, Json, MailOut, OutsideSlack, RingOut, Skip, Upload
from incidents.effects import Effect, Outcome, Priority
from incidents.ports import Unit
from storage.claims import Claimed
from storage.unit_of_work import SqlUnit

MISSING_SCOPE_WAIT_S = 60.0
MOST_UNREACHABLE_WAIT_S = 10.0
MOST_UNSURE_ATTEMPTS = 10

log = logging.getLogger(__name__)
Record = Callable[[Unit, Effect, Outcome, datetime], None]


@dataclass(frozen=True, slots=True)
class Held:
    """Not sent: its rate bucket waits."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Crash:
    """Our own fault while rendering, sending or recording. `sent`: it may have reached Slack."""

    error: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one claimed effect."""

    claimed: Claimed
    rendered: Call | Upload | OutsideSlack | None
    came: Sent | Skip | Held | Crash


@dataclass(frozen=True, slots=True)
class Finish:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class GiveUp:
    error: str


@dataclass(frozen=True, slots=True)
class Drop:
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """`hold` names the rate bucket that waits as long."""

    not_before: datetime
    error: str
    ambiguous: bool
    counts: bool = True
    hold: str = ""


Plan = Finish | GiveUp | Drop | Again


@dataclass(frozen=True, slots=True)
class Planned:
    """`verdict` is None where Slack was not asked."""

    answer: Answer
    plan: Plan
    verdict: Verdict | None = None


def planned(answer: Answer, now: datetime, chance: float, unreachable_in_row: int) -> Planned:
    """`chance` in [0, 1) spreads retries; `unreachable_in_row` lengthens them while the network is away."""
    claimed = answer.claimed
    match answer.came:
        case Skip(reason):
            return Planned(answer, Drop(reason))
        case Held(until):
            return Planned(answer, Again(until, "held", claimed.ambiguous, counts=False))
        case Crash(error, sent):
            return Planned(answer, _after_crash(claimed, error, sent, now, chance))
        case Sent() as sent_answer:
            method, args = named(answer.rendered)
            found = judge(method, args, sent_answer, claimed.attempt)
            if found.outcome is not None and found.verdict is Verdict.DONE:
                return Planned(answer, Finish(found.outcome), found.verdict)
            if found.verdict is Verdict.REFUSED or _is_enough(found.verdict, claimed):
                given_up = UNKNOWN_OUTCOME if found.verdict is Verdict.AMBIGUOUS else found.error
                return Planned(answer, GiveUp(given_up), found.verdict)
            wait_s = _wait_s(found.verdict, sent_answer, claimed.attempt, chance, unreachable_in_row)
            return Planned(
                answer, _again(answer, found.verdict, now + timedelta(seconds=wait_s)), found.verdict
            )
        case _:
            assert_never(answer.came)


def apply(unit: SqlUnit, it: Planned, now: datetime, record: Record) -> None:
    """Write the plan. Where the claim is no longer ours, nothing is recorded."""
    claimed, outbox = it.answer.claimed, unit.outbox
    match it.plan:
        case Finish(outcome):
            if outbox.finish(claimed, outcome, now):
                record(unit, claimed.effect, outcome, now)
        case GiveUp(error):
            if outbox.fail(claimed, error, now):
                record(unit, claimed.effect, Outcome(ok=False, error=error), now)
        case Drop(reason):
            outbox.skip_one(claimed, reason, now)
        case Again(not_before, error, ambiguous, counts, hold):
            if hold:
                outbox.hold(hold, not_before)
            outbox.retry(claimed, not_before, error, ambiguous, counts)
        case _:
            assert_never(it.plan)


def error_of(answer: Answer) -> str:
    return answer.came.error if isinstance(answer.came, Sent | Crash) else ""


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
    unsure = verdict is Verdict.AMBIGUOUS or came.ambiguous or claimed.ambiguous
    counts = verdict in (Verdict.AMBIGUOUS, Verdict.AGAIN)
    holds = verdict in (Verdict.RATE_LIMITED, Verdict.MISSING_SCOPE)
    return Again(not_before, came.error, unsure, counts, bucket_of(*named(answer.rendered)) if holds else "")


def _wait_s(verdict: Verdict, sent: Sent, attempt: int, chance: float, unreachable_in_row: int) -> float:
    match verdict:
        case Verdict.RATE_LIMITED:
            return sent.retry_after
        case Verdict.MISSING_SCOPE:
            return MISSING_SCOPE_WAIT_S
        case Verdict.DEAD_TOKEN:
            return 0.0  # the open circuit holds it
        case Verdict.UNREACHABLE:
            return backoff_s(max(unreachable_in_row - 1, 0), chance, MOST_UNREACHABLE_WAIT_S)
        case _:
            return backoff_s(attempt, chance)


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
