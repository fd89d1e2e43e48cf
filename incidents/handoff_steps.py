"""Where a handoff goes from each state: offered, read back, accepted, questioned, refused, held. Pure.

Nothing moves before acceptance. The waiting is bounded: backup, lead, then the lead holds everything."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.errors import IncidentError, NothingToDo, ReasonRequired
from incidents.handoff import (
    IN_FORCE,
    UNACCEPTED,
    Due,
    Handoff,
    HandoffState,
    Level,
    Part,
    Question,
    ReadBack,
    Reason,
    Refusal,
    Written,
)
from incidents.model import Incident, Severity, UserId
from incidents.people import Actor

DRAFTED_BEFORE = timedelta(minutes=30)
BACKUP_AFTER = timedelta(minutes=10)
LEAD_AFTER = timedelta(minutes=20)
HELD_AFTER = timedelta(minutes=30)
TEXT_MAX = 3000


class ReadBackMissing(IncidentError):
    """SEV0 and SEV1 are accepted in the receiver's own words alone. `keys` are those still to read back."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        super().__init__(f"Say {', '.join(keys)} in your own words first: one action, one risk.")


class NotYours(IncidentError):
    """Somebody acts on a handoff that is not theirs to act on."""


def plan(posted_at: datetime, rested_until: datetime | None = None) -> tuple[Due, ...]:
    """The levels, counted from when it was really posted. `rested_until`: nobody who leaves is held longer,
    so that they have their rest before their next shift; the lead holds it from then on."""
    hold = posted_at + HELD_AFTER
    if rested_until is not None:
        hold = min(hold, max(posted_at, rested_until))
    levels = ((Level.BACKUP, posted_at + BACKUP_AFTER), (Level.LEAD, posted_at + LEAD_AFTER))
    return (*(Due(level, at) for level, at in levels if at < hold), Due(Level.HOLD, hold))


def offer(handoff: Handoff, now: datetime, rested_until: datetime | None = None) -> Handoff:
    """From now on somebody has to accept it, and whoever leaves stays responsible until then."""
    asked = tuple(dict.fromkeys(handoff.incoming))
    offered = replace(handoff, state=HandoffState.OFFERED, posted_at=now, asked=asked)
    return replace(offered, plan=plan(now, rested_until), release_at=rested_until)


class Reached(Struct, frozen=True):
    """A level that came: the handoff after it, and whom it pages. `is_held`: roles move to its holder."""

    handoff: Handoff
    paged: tuple[UserId, ...] = ()
    is_held: bool = False


def reach(handoff: Handoff, now: datetime, fit: Collection[UserId]) -> Reached:
    """The next level of the plan, now. One that reaches nobody new passes at once to the next.

    What is late shifts what comes after it, so that an outage never wakes three people at once. `fit` are
    those of backup and leads who can be reached at all.
    """
    if handoff.state not in UNACCEPTED or not handoff.plan:
        return Reached(handoff)
    due, *later = handoff.plan
    moved = _in_order([_moved(each, now - due.at, handoff.release_at) for each in later], now)
    handoff = replace(handoff, plan=moved)
    if due.level is Level.HOLD:
        return _hold(handoff, now, fit)
    paged = _new_at(due.level, handoff, fit)
    if not paged:
        return reach(handoff, now, fit) if moved[0].level is Level.LEAD else Reached(handoff)
    reached = (*handoff.reached, Due(due.level, now))
    return Reached(replace(handoff, reached=reached, asked=(*handoff.asked, *paged)), paged)


def _moved(due: Due, by: timedelta, release_at: datetime | None) -> Due:
    """A level waits as long after the one before it as ever; only the lead holds nothing sooner than was
    promised, nor later than whoever leaves must rest."""
    if due.level is not Level.HOLD:
        return replace(due, at=due.at + by)
    at = due.at + max(by, timedelta(0))
    return replace(due, at=min(at, release_at) if release_at else at)


def _in_order(levels: Sequence[Due], now: datetime) -> tuple[Due, ...]:
    """Whoever must rest does not stay while others are asked: nothing comes after the hold."""
    if not levels:
        return ()
    *asking, hold = levels
    hold = replace(hold, at=max(hold.at, now))
    return (*(each for each in asking if each.at < hold.at), hold)


def _new_at(level: Level, handoff: Handoff, fit: Collection[UserId]) -> tuple[UserId, ...]:
    known = {*handoff.asked, *handoff.handing_over}
    if level is Level.BACKUP:
        return tuple(dict.fromkeys(u for u in handoff.backup_in if u not in known and u in fit))
    return tuple(user for user in handoff.leads if user not in known and user in fit)[:1]


def _hold(handoff: Handoff, now: datetime, fit: Collection[UserId]) -> Reached:
    """The first lead who can. One who refused holds it rather than nobody; where there is none at all,
    whoever leaves stays responsible."""
    willing = [user for user in handoff.leads if user in fit and user not in handoff.refusers]
    holder = next(iter((*willing, *(user for user in handoff.leads if user in fit))), "")
    new = (holder,) if holder and holder not in handoff.asked else ()
    held = replace(
        handoff,
        state=HandoffState.HELD if holder else handoff.state,
        held_by=holder,
        held_at=now if holder else None,
        asked=(*handoff.asked, *new),
        plan=(),
    )
    return Reached(held, (holder,) if holder else (), bool(holder))


_OVER = {
    HandoffState.ACCEPTED: "This shift is accepted already. Nothing for you to do.",
    HandoffState.LAPSED: "The next shift change has come since. Accept that one.",
    HandoffState.WITHDRAWN: "This shift change does not happen any more. /oncall says who is on call.",
    HandoffState.DRAFTED: "The shift has not changed yet. It is offered when it does.",
}


def demand_in_force(handoff: Handoff) -> None:
    """Raises NothingToDo, which says what has become of it."""
    if handoff.state in _OVER:
        raise NothingToDo(_OVER[handoff.state])


def may_take(handoff: Handoff, actor: Actor) -> bool:
    """Whom it names, their backup, whoever was asked since, and leads."""
    return actor.is_lead or actor.user in {*handoff.incoming, *handoff.backup_in, *handoff.asked}


def demand_taker(handoff: Handoff, actor: Actor) -> None:
    """Raises NothingToDo, NotYours."""
    demand_in_force(handoff)
    if not may_take(handoff, actor):
        raise NotYours(
            "This shift is taken over by the person it names, their backup or a lead. Ask one of them."
        )


def demand_writer(handoff: Handoff, actor: Actor) -> None:
    """Raises NotYours."""
    if actor.user not in handoff.handing_over and not actor.is_lead:
        raise NotYours("Whoever hands over writes these lines. Tell them, or write a note.")


def to_read_back(incidents: Iterable[Incident]) -> tuple[str, ...]:
    """The keys of those that are accepted in own words alone."""
    return tuple(each.key for each in incidents if each.severity <= Severity.SEV1 and each.status.is_open)


def read_back(
    handoff: Handoff, words: Mapping[str, str], required: Collection[str], by: UserId, now: datetime
) -> Handoff:
    """What the receiver has understood, one text for each incident. Raises ReadBackMissing."""
    said = {key: text.strip()[:TEXT_MAX] for key, text in words.items() if text.strip()}
    missing = tuple(key for key in required if key not in said)
    if missing:
        raise ReadBackMissing(missing)
    if not said:
        return handoff
    new = tuple(ReadBack(key, text, by, now) for key, text in said.items())
    return replace(handoff, state=HandoffState.READ_BACK, readbacks=(*handoff.readbacks, *new))


def accept(handoff: Handoff, by: UserId, now: datetime) -> Handoff:
    """The receiver has it, also where a lead holds it already: that it was not handed over in time stays
    on the record."""
    demand_in_force(handoff)
    return replace(handoff, state=HandoffState.ACCEPTED, accepted_by=by, accepted_at=now, plan=())


def ask(handoff: Handoff, text: str, by: UserId, now: datetime) -> Handoff:
    """A question to whoever leaves. The waiting goes on: a question is no acceptance."""
    demand_in_force(handoff)
    text = text.strip()[:TEXT_MAX]
    if not text:
        raise ReasonRequired("Write your question; it goes to whoever hands over.")
    if not handoff.outgoing or by in handoff.outgoing:
        raise NothingToDo("There is nobody to ask: nobody hands over.")
    question = Question(len(handoff.questions) + 1, text, by, now)
    state = HandoffState.QUESTIONED if handoff.state in UNACCEPTED else handoff.state
    return replace(handoff, state=state, questions=(*handoff.questions, question))


def answer(handoff: Handoff, number: int, text: str, by: UserId, now: datetime) -> Handoff:
    """By whoever leaves; with the last question answered it is simply offered again."""
    asked, text = handoff.question(number), text.strip()[:TEXT_MAX]
    if asked is None or by not in handoff.handing_over:
        raise NotYours("That question is for whoever hands over.")
    if not text:
        raise ReasonRequired("Write your answer; it goes to whoever asked.")
    done = replace(asked, answer=text, answered_by=by, answered_at=now)
    questions = tuple(done if each.number == number else each for each in handoff.questions)
    is_open = any(not each.answer for each in questions)
    is_back = handoff.state is HandoffState.QUESTIONED and not is_open
    return replace(handoff, state=HandoffState.OFFERED if is_back else handoff.state, questions=questions)


def refuse(handoff: Handoff, reason: Reason, text: str, by: UserId, now: datetime) -> Handoff:
    """Whoever refuses is not asked again; the next level comes at once. Raises NothingToDo."""
    demand_in_force(handoff)
    if by in handoff.refusers:
        raise NothingToDo("You have said so already. Others are asked.")
    if by == handoff.held_by:
        raise NothingToDo("You hold it now. Hand over command of each incident instead: press Roles.")
    refusal = Refusal(by, reason, text.strip()[:TEXT_MAX], now)
    state = HandoffState.REFUSED if handoff.state in UNACCEPTED else handoff.state
    return replace(handoff, state=state, refusals=(*handoff.refusals, refusal))


def is_nobody_left(handoff: Handoff) -> bool:
    """Everybody who was asked so far cannot: waiting longer for them makes no sense."""
    return not set(handoff.asked) - handoff.refusers


def write(handoff: Handoff, lines: Mapping[tuple[str, Part], str], by: UserId, now: datetime) -> Handoff:
    """Lines in the words of whoever leaves; an empty one is filled from the record again."""
    if handoff.state not in (HandoffState.DRAFTED, *IN_FORCE):
        raise NothingToDo("It is handed over already; write a note in the incident instead.")
    kept = tuple(each for each in handoff.written if (each.key, each.part) not in lines)
    new = (
        Written(key, part, text.strip()[:TEXT_MAX], by, now)
        for (key, part), text in lines.items()
        if text.strip()
    )
    return replace(handoff, written=(*kept, *new))


def lapse(handoff: Handoff) -> Handoff:
    """The next shift change came first; that a lead held it stays on the record."""
    return replace(handoff, state=HandoffState.LAPSED, plan=())
