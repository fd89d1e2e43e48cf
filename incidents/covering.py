"""An ask for cover: open to whom it went, taken by the first, else the lead's; over when its shift starts.

Values and rules only. Who is eligible and awake is reckoned by `rotations.eligibility`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from incidents.errors import NotAllowed, NothingToDo
from incidents.model import MessageRef, UserId
from rotations.eligibility import Need
from rotations.model import Seat

LEAD_BEFORE = timedelta(hours=2)
"""So long before its start an ask that nobody has taken becomes the lead's."""


class CoverState(StrEnum):
    """The stored string is stable."""

    OPEN = "open"
    WITH_LEAD = "with_lead"
    TAKEN = "taken"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class CoverAsk(Struct, frozen=True):
    """Cover wanted on one seat in `[start, end)` instead of `person` (a key; "": the shift is nobody's).

    `asked` are those it went to, `leads` those it went to when nobody had taken it, both as Slack ids, as is
    whoever asked (`by`), said no (`declined`) or took it (`taken_by`). `messages`: the key of each message
    that was sent, and where it is.
    """

    id: str
    schedule: str
    region: str
    seat: Seat
    person: str
    start: datetime
    end: datetime
    by: UserId
    asked_at: datetime
    reason: str = ""
    state: CoverState = CoverState.OPEN
    asked: tuple[UserId, ...] = ()
    leads: tuple[UserId, ...] = ()
    declined: tuple[UserId, ...] = ()
    taken_by: UserId = ""
    override: str = ""
    ended_at: datetime | None = None
    messages: tuple[tuple[str, MessageRef], ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in (CoverState.OPEN, CoverState.WITH_LEAD)

    @property
    def need(self) -> Need:
        return Need(self.region, self.seat, self.start, self.end, self.person or None)

    @property
    def over_at(self) -> datetime:
        """When nobody can take it any more: at its start, or at its end where it was asked for later."""
        return self.start if self.start > self.asked_at else self.end


def lead_at(ask: CoverAsk) -> datetime:
    """When the lead is asked: two hours before the shift starts, or half-way to it where that is sooner."""
    if ask.start <= ask.asked_at or not ask.asked:
        return ask.asked_at
    return max(ask.start - LEAD_BEFORE, ask.asked_at + (ask.start - ask.asked_at) / 2)


def take(ask: CoverAsk, user: UserId, is_lead: bool, now: datetime) -> CoverAsk:
    """The first who says yes has it. Raises NothingToDo, saying why it is gone, and NotAllowed."""
    _demand_open(ask, user, now)
    if user not in (*ask.asked, *ask.leads) and not is_lead:
        raise NotAllowed("This was not asked of you. Tell the lead if you could take it.")
    return replace(ask, state=CoverState.TAKEN, taken_by=user, ended_at=now)


def decline(ask: CoverAsk, user: UserId, now: datetime) -> CoverAsk:
    """ "I can't". Where everybody has said so it becomes the lead's at once: see `is_refused_by_all`."""
    _demand_open(ask, user, now)
    if user in ask.declined:
        raise NothingToDo("You have said so already. Nothing for you to do.")
    return replace(ask, declined=(*ask.declined, user))


def is_refused_by_all(ask: CoverAsk) -> bool:
    return ask.state is CoverState.OPEN and set(ask.asked) <= set(ask.declined)


def to_lead(ask: CoverAsk, leads: tuple[UserId, ...]) -> CoverAsk:
    """Nobody has taken it yet: the leads are asked too. It can still be taken by those asked before."""
    return replace(ask, state=CoverState.WITH_LEAD, leads=leads) if ask.state is CoverState.OPEN else ask


def undo(ask: CoverAsk, now: datetime) -> CoverAsk:
    """Asked no more, or what was taken is taken back; what is over stays over."""
    if ask.state is CoverState.TAKEN:
        return replace(ask, state=CoverState.TAKEN_BACK, ended_at=now)
    return replace(ask, state=CoverState.WITHDRAWN, ended_at=now) if ask.is_open else ask


def lapse(ask: CoverAsk, now: datetime) -> CoverAsk:
    """Its shift starts and nobody has taken it: the schedule stays as it is."""
    return replace(ask, state=CoverState.LAPSED, ended_at=now) if ask.is_open else ask


_ENDED = {
    CoverState.TAKEN_BACK: "It was taken back. Nothing for you to do.",
    CoverState.WITHDRAWN: "It is not needed any more. Nothing for you to do.",
    CoverState.LAPSED: "Its time is over. Nothing for you to do.",
}


class AlreadyCovered(NothingToDo):
    """Somebody was first."""

    def __init__(self, is_you: bool) -> None:
        mine = "You have it already." if is_you else "Somebody else has taken it already."
        super().__init__(f"{mine} Nothing for you to do.")


def _demand_open(ask: CoverAsk, user: UserId, now: datetime) -> None:
    if ask.state is CoverState.TAKEN:
        raise AlreadyCovered(ask.taken_by == user)
    if not ask.is_open or now >= ask.over_at:
        raise NothingToDo(_ENDED.get(ask.state, _ENDED[CoverState.LAPSED]))
