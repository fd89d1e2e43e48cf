"""The nouns of an incident: frozen values that every rule takes and returns.

Instants are aware UTC. A UserId is Slack's `U…` id. Nothing here knows Slack's API, SQL or the clock."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.terms import Channel, MessageRef, NameOf, Role, Severity, Status, UserId
from runbooks.model import HarmArea as Harm
from runbooks.model import Run

__all__ = ["Channel", "Harm", "MessageRef", "NameOf", "Role", "Severity", "Status", "UserId"]


class RoleHolding(Struct, frozen=True):
    """Who holds a role; `note` says for whom a liaison or specialist speaks (Legal, Policy, …)."""

    role: Role
    user: UserId
    since: datetime
    note: str = ""


class Target(Struct, frozen=True):
    """Whom a level of a ladder reaches: one person, or a seat.

    `schedule` is "" for the schedule that is paged, else a specialist's name (legal, policy, executive).
    `where` is the region that holds now (current), the one after it (next), or every region (all).
    `team` is everybody of that team of the schedules file.
    """

    seat: str = "primary"
    where: str = "current"
    schedule: str = ""
    person: UserId = ""
    team: str = ""


class Rung(Struct, frozen=True):
    """One level: minutes after the call began when all goes on time, and whom it reaches.

    `phone_after_min`: when the phones of those it reaches ring, counted from their page; None: only for
    somebody who is muted in Slack or whom Slack has not reached. A ladder that is repeated pages the same
    people once in each `round`.
    """

    after_min: int
    targets: tuple[Target, ...]
    phone_after_min: int | None = None
    round: int = 0


class Watch(Struct, frozen=True):
    """Over whoever answers for a SEV0 or SEV1 since `since`: what was asked of them, and when.

    `asked_at` is when they were asked privately, `paged_at` when somebody was paged behind them;
    `quiet_until` and `snoozed_min` are until when, and how long in all, they have put the question off.
    """

    user: UserId
    since: datetime
    asked_at: datetime | None = None
    paged_at: datetime | None = None
    quiet_until: datetime | None = None
    snoozed_min: int = 0


class Call(Struct, frozen=True):
    """A call for somebody to come: the ladder it climbs and where it stands.

    One for the incident manager; others bring specialists in (`role`, `note`). A severity raised before
    anybody answered closes the call and opens a new one, so that timers of the old one are no-ops.
    `silence` is the watch over the silent incident manager behind whom somebody is called.
    """

    number: int
    role: Role
    rungs: tuple[Rung, ...]
    level: int = -1
    note: str = ""
    asked_by: UserId = ""
    is_open: bool = True
    answered_by: UserId = ""
    answered_at: datetime | None = None
    silence: Watch | None = None


class PageState(StrEnum):
    WAITING = "waiting"  # paged, no answer yet
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    PASSED = "passed"  # the next level was paged
    STANDDOWN = "standdown"  # somebody else has it, or it is over
    UNREACHABLE = "unreachable"  # Slack says that this person cannot be reached


class Page(Struct, frozen=True):
    """One page to one person. `id` is `{call}.{level}.{user}` and unique in its incident.

    `rang_at` is when the phone leg left. `bundle` names what else is in its message, as `KEY/page id`.
    `via` is how it was answered when not in Slack by the person: `phone`, or who did it for them.
    """

    call: int
    level: int
    user: UserId
    why: str
    paged_at: datetime
    answer_by: datetime | None
    state: PageState = PageState.WAITING
    answered_at: datetime | None = None
    message: MessageRef | None = None
    next_user: UserId = ""  # who is paged when this person does not answer
    late: str = ""
    rang_at: datetime | None = None
    bundle: tuple[str, ...] = ()
    via: str = ""

    @property
    def id(self) -> str:
        return f"{self.call}.{self.level}.{self.user}"


class ActionItem(Struct, frozen=True):
    """A piece of work that outlives the incident. `due_on` is a local date of its owner."""

    text: str
    owner: str = ""
    due_on: date | None = None


class Update(Struct, frozen=True):
    """What the incident manager last told everybody."""

    text: str
    by: UserId
    at: datetime


class Care(Struct, frozen=True):
    """Twenty minutes for the incident manager; `stand_in` answers meanwhile. Never a measure of anybody."""

    user: UserId
    stand_in: UserId
    since: datetime
    until: datetime


class Incident(Struct, frozen=True):
    """An incident as every rule sees it. `version` grows by one with every saved change."""

    key: str
    title: str
    severity: Severity
    status: Status
    harm: Harm
    restricted: bool
    declared_by: UserId
    declared_at: datetime
    restricted_why: str = ""
    channel: Channel | None = None
    channel_refused: str = ""
    card: MessageRef | None = None
    announcement: MessageRef | None = None
    update_post: MessageRef | None = None
    update_posted_at: datetime | None = None
    roles: tuple[RoleHolding, ...] = ()
    responders: tuple[UserId, ...] = ()
    calls: tuple[Call, ...] = ()
    pages: tuple[Page, ...] = ()
    run: Run | None = None
    updates: tuple[Update, ...] = ()
    next_update_at: datetime | None = None
    acknowledged_at: datetime | None = None
    contained_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    summary: str = ""
    ended_why: str = ""
    duplicate_of: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    actions: tuple[ActionItem, ...] = ()
    handoffs: int = 0
    thread: MessageRef | None = None
    care: Care | None = None
    watch: Watch | None = None
    version: int = 0

    @property
    def manager(self) -> UserId:
        """The acknowledged incident manager, or "" until there is one."""
        return next((held.user for held in self.roles if held.role is Role.MANAGER), "")

    @property
    def holder(self) -> UserId:
        """Who answers for the incident now: the manager, until then the declarer."""
        return self.manager or self.declared_by

    @property
    def answering(self) -> UserId:
        """Whom questions go to now: during twenty minutes of care the stand-in, else the holder."""
        return self.care.stand_in if self.care else self.holder

    def in_role(self, role: Role) -> tuple[UserId, ...]:
        return tuple(held.user for held in self.roles if held.role is role)

    def page(self, page_id: str) -> Page | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def call(self, number: int) -> Call | None:
        return next((call for call in self.calls if call.number == number), None)

    @property
    def command_call(self) -> Call | None:
        """The newest call for an incident manager."""
        return next((call for call in reversed(self.calls) if call.role is Role.MANAGER), None)

    def with_page(self, page: Page) -> "Incident":
        """The same incident with this page in the place of the one with its id, or added."""
        kept = [page if old.id == page.id else old for old in self.pages]
        return replace(self, pages=tuple(kept) if page in kept else (*self.pages, page))

    def with_call(self, call: Call) -> "Incident":
        kept = [call if old.number == call.number else old for old in self.calls]
        return replace(self, calls=tuple(kept) if call in kept else (*self.calls, call))


ERASED = "erased"  # in the data of an entry whose words were taken out


class EntryKind(StrEnum):
    """What happened. The sentence of each is in `timeline.py`."""

    DECLARED = "declared"
    PAGED = "paged"
    PASSED = "passed"
    SKIPPED = "skipped"
    NOBODY = "nobody"
    EXHAUSTED = "exhausted"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    ASKED_IN = "asked_in"
    ROLE = "role"
    SEVERITY = "severity"
    STATUS = "status"
    UPDATE = "update"
    NOTE = "note"
    MESSAGE = "message"
    STEP = "step"
    HANDOFF = "handoff"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    PART = "part"
    ACTION = "action"
    REVIEW = "review"  # a time for the review was proposed
    OPENED_UP = "opened_up"
    RESTRICTED = "restricted"
    FAILED = "failed"
    RANG = "rang"
    NO_PHONE = "no_phone"
    SILENT = "silent"
    CARE = "care"
    CARE_OVER = "care_over"
    STOPPED = "stopped"
    ESCALATED = "escalated"
    AMENDED = "amended"  # a message on the record was edited in Slack
    ERASED = "erased"  # … was deleted there, so its words are taken out here
    RESTORED = "restored"  # Meridian went back to an older copy of its database


class Entry(Struct, frozen=True):
    """One line of the timeline, immutable. `at`: when it happened; `by`: "" for Meridian itself.

    `text` is what a person wrote, kept as typed; `data` holds ids and short words for the sentence.
    `source` is the Slack message it came from; `dedup` (unique) keeps the same message from entering twice.
    """

    kind: EntryKind
    at: datetime
    by: UserId = ""
    text: str = ""
    data: dict[str, str] = field(default_factory=dict)
    source: MessageRef | None = None
    permalink: str = ""
    dedup: str = ""
    seq: int = 0
    recorded_at: datetime | None = None
