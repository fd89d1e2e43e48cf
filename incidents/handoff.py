"""The nouns of a handoff at a shift change: what it is, where it stands, what was said on the way.

Frozen values; the rules are in `handoff_steps.py`. What is newer than the first rows has a default."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from incidents.model import MessageRef, UserId


class HandoffState(StrEnum):
    """Stored as they read. The last four are ends, but for HELD, which may still be accepted late."""

    DRAFTED = "drafted"  # before the shift change: the outgoing person reads and edits it
    OFFERED = "offered"
    READ_BACK = "read_back"  # in the receiver's own words; acceptance follows
    QUESTIONED = "questioned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    HELD = "held"  # nobody accepted: a lead holds everything, and it was not handed over
    LAPSED = "lapsed"  # the next shift change came first
    WITHDRAWN = "withdrawn"  # drafted for a shift change that is not there any more


UNACCEPTED = (
    HandoffState.OFFERED,
    HandoffState.READ_BACK,
    HandoffState.QUESTIONED,
    HandoffState.REFUSED,
)
"""Offered, and whoever leaves is still responsible."""

IN_FORCE = (*UNACCEPTED, HandoffState.HELD)
"""Somebody still has to accept it."""


class Part(StrEnum):
    """The lines of one incident in a handoff."""

    DECIDE = "decide"
    CLOCKS = "clocks"
    DO = "do"
    IF = "if"
    PICTURE = "picture"
    TRIED = "tried"


class Reason(StrEnum):
    """Why somebody cannot take a shift over."""

    REST = "rest"
    EXPOSURE = "exposure"
    CONFLICT = "conflict"


class Level(StrEnum):
    """Whom the waiting reaches next."""

    BACKUP = "backup"
    LEAD = "lead"
    HOLD = "hold"  # the lead is not asked any more: they hold everything


class Due(Struct, frozen=True):
    """A level and when it comes."""

    level: Level
    at: datetime


class Written(Struct, frozen=True):
    """A line that the outgoing person wrote in the place of what the record says."""

    key: str
    part: Part
    text: str
    by: UserId
    at: datetime


class ReadBack(Struct, frozen=True):
    """One incident in the receiver's own words: one action, one risk."""

    key: str
    text: str
    by: UserId
    at: datetime


class Question(Struct, frozen=True):
    """Asked of whoever leaves; `number` counts from 1 in its handoff."""

    number: int
    text: str
    by: UserId
    at: datetime
    answer: str = ""
    answered_by: UserId = ""
    answered_at: datetime | None = None


class Refusal(Struct, frozen=True):
    """Who cannot take it, and why: the reason is told to those who are asked next, never in the channel."""

    by: UserId
    reason: Reason
    text: str
    at: datetime


class Hole(Struct, frozen=True):
    """`[start, end)` without anybody on a seat; region and seat "" where no region holds."""

    start: datetime
    end: datetime
    region: str = ""
    seat: str = ""


class Summary(Struct, frozen=True):
    """The shift in numbers, restricted incidents in none of them, and who is missing in the next 24 hours.

    `late` are updates that are overdue now; `unanswered` pages that were passed on during the shift.
    """

    since: datetime
    declared: int = 0
    ended: int = 0
    late: int = 0
    unanswered: int = 0
    holes: tuple[Hole, ...] = ()


class Handoff(Struct, frozen=True):
    """One handoff of one schedule at one instant. `id` is `{schedule}:{at in RFC 3339}`.

    `outgoing` and `incoming` are the primaries; an empty tuple says that nobody holds the seat. Behind the
    outgoing primary stands whoever still has an incident from a handoff that nobody accepted; `discreet`
    are those of them who have restricted ones alone: they hand over too, and no post names them.
    `posted_at` is when it was offered (a draft: written down), which says how late a late one is.
    `leads` are who may have to hold it, in order; `asked` whoever was asked to take it over, in order;
    `plan` the levels that are still to come, `reached` those that came. `readers` are told of it directly,
    `letters` are these messages, `rang` are those whose phones were rung. Nobody who leaves is held beyond
    `release_at`, or they would not have their rest.
    `held_by` has had it since `held_at`, because nobody accepted.
    """

    id: str
    schedule: str
    at: datetime
    from_region: str
    to_region: str
    outgoing: tuple[UserId, ...]
    incoming: tuple[UserId, ...]
    backup_out: tuple[UserId, ...]
    backup_in: tuple[UserId, ...]
    why: str
    posted_at: datetime
    until: datetime | None = None
    state: HandoffState = HandoffState.OFFERED
    accepted_by: UserId = ""
    accepted_at: datetime | None = None
    message: MessageRef | None = None
    incidents: tuple[str, ...] = ()
    discreet: tuple[UserId, ...] = ()
    leads: tuple[UserId, ...] = ()
    asked: tuple[UserId, ...] = ()
    plan: tuple[Due, ...] = ()
    release_at: datetime | None = None
    reached: tuple[Due, ...] = ()
    written: tuple[Written, ...] = ()
    readbacks: tuple[ReadBack, ...] = ()
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    summary: Summary | None = None
    thread: MessageRef | None = None
    readers: tuple[UserId, ...] = ()
    letters: dict[UserId, MessageRef] = field(default_factory=dict)
    rang: tuple[UserId, ...] = ()
    held_by: UserId = ""
    held_at: datetime | None = None
    version: int = 0

    @property
    def handing_over(self) -> tuple[UserId, ...]:
        """Everybody whose command moves when it is accepted: the shift that ends, and who held it since."""
        staying = {*self.incoming, *self.backup_in}
        backups = (user for user in self.backup_out if user not in staying)
        users = (*self.outgoing, *backups, *self.discreet, *((self.held_by,) if self.held_by else ()))
        return tuple(dict.fromkeys(users))

    @property
    def also_paged(self) -> tuple[UserId, ...]:
        """Whom a new page rings besides whoever the schedule names, until it is accepted."""
        if self.state in UNACCEPTED:
            return self.outgoing
        return (self.held_by,) if self.state is HandoffState.HELD and self.held_by else ()

    @property
    def refusers(self) -> frozenset[UserId]:
        return frozenset(refusal.by for refusal in self.refusals)

    def question(self, number: int) -> Question | None:
        return next((each for each in self.questions if each.number == number), None)
