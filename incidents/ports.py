"""What the core needs of the world, as narrow Protocols. Storage and `bot/` implement them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Protocol, TypeVar

from msgspec import Struct, field

from incidents.effects import Effect, EffectKind, Timer, TimerKind
from incidents.feeds import Feeds
from incidents.handoff import Handoff
from incidents.model import Entry, Incident, MessageRef, Severity, Status, UserId
from incidents.paging_ports import History, Proofs, Rings
from incidents.people import Actor
from incidents.roster import Rotas
from incidents.rota_ports import Preferences, Proposals, RotaImports, RotaRequests, Schedules
from incidents.subscriptions import Subscriptions
from runbooks.catalogue import Catalogue

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    def new(self) -> str:
        """A new opaque id, unique for ever, 26 characters at most, [a-z0-9]."""
        ...

    def restricted_key(self) -> str:
        """A random key of the restricted series, for example `R-7KQ2`; may collide, so check it."""
        ...

    def secret(self) -> str:
        """256 random bits as 64 characters of [0-9a-f]: a token that nobody guesses."""
        ...


class Incidents(Protocol):
    def next_number(self) -> int:
        """The next number of the open series; numbers are given once and never skipped on rollback."""
        ...

    def add(self, incident: Incident) -> None: ...

    def get(self, key: str, lock: bool = False) -> Incident | None:
        """By key, case-insensitively; with `lock` the row is held to the end of the unit of work."""
        ...

    def held(self, keys: Iterable[str]) -> dict[str, Incident]:
        """Key → incident, for those that exist; all their rows are held to the end of the unit of work."""
        ...

    def in_channel(self, channel_id: str) -> Incident | None: ...

    def in_thread(self, root: MessageRef) -> Incident | None:
        """The incident that opened in the thread of this message, though it has a channel by now."""
        ...

    def save(self, *incidents: Incident) -> None:
        """Store each with version + 1. Raises when another unit of work has saved in between."""
        ...

    def listing(self, statuses: Iterable[Status] | None = None, limit: int = 50) -> Sequence[Incident]:
        """Newest first. One that only a newer version can read is left out."""
        ...

    def managers(self, at_least: Severity) -> Sequence[tuple[str, str, bool]]:
        """(key, incident manager, is restricted) of the open incidents so grave or graver that have one."""
        ...

    def titled(self, title: str, since: datetime) -> Sequence[str]:
        """Keys of the open incidents declared since under the same title (folded), newest first."""
        ...


class Timeline(Protocol):
    def append(self, key: str, entries: Sequence[Entry], recorded_at: datetime) -> None:
        """Append in order, numbering them on; an entry whose `dedup` is already there is dropped."""
        ...

    def of(self, key: str) -> Sequence[Entry]:
        """All entries in the order of `at`, then `seq`."""
        ...

    def of_message(self, key: str, ref: MessageRef) -> Sequence[Entry]:
        """What came of one message: the entry itself, its amendments, its deletion; in the order of `seq`."""
        ...

    def paged_since(self, since: datetime) -> Sequence[tuple[UserId, bool]]:
        """Who was paged, once a page, and whether it was at SEV0 or SEV1; restricted incidents aside."""
        ...

    def erase(self, key: str, entries: Sequence[Entry]) -> int:
        """Take the words out of entries that quote a message. Who, when and a digest stay. The number."""
        ...


class Outbox(Protocol):
    def put(self, effects: Sequence[Effect], now: datetime) -> None:
        """Add; a key that is already there is left as it is."""
        ...

    def get(self, key: str) -> Effect | None:
        """What was put under this key, whatever became of it."""
        ...

    def behind(self, kind: EffectKind, now: datetime) -> timedelta:
        """How long an effect of this kind, put at `now`, would wait before its rate lets it leave."""
        ...

    def skip(self, subject: str, kinds: Iterable[str], now: datetime) -> None:
        """Pending effects of these kinds for this subject are no longer wanted."""
        ...

    def sent(self, kind: EffectKind, subjects: Collection[str]) -> Sequence[tuple[Effect, dict[str, str]]]:
        """What of this kind reached Slack for these subjects, each with Slack's answer."""
        ...


class Timers(Protocol):
    def put(self, timers: Sequence[Timer]) -> None:
        """Add; a key that is already there is left as it is."""
        ...

    def cancel(self, subject: str, prefix: str) -> None:
        """Pending timers of this subject whose key begins with the prefix."""
        ...

    def claim_due(self, now: datetime, limit: int) -> Sequence[Timer]:
        """Timers due at `now`, oldest first and one of each subject, marked as fired in this unit of work."""
        ...

    def bring_nearer(self, by: timedelta, but: Collection[TimerKind] = ()) -> int:
        """Everything pending is due so much sooner, except these kinds. How many there were."""
        ...

    def next_due(self) -> datetime | None: ...

    def postpone(self, key: str, until: datetime, error: str, counts: bool = True) -> int:
        """A firing failed: try again at `until`. The number of failed firings that count so far."""
        ...

    def bury(self, key: str, error: str) -> None:
        """This timer has failed too often: it never fires again and is listed as dead."""
        ...

    def of(self, subject: str) -> Sequence[Timer]:
        """Pending timers of the subject, soonest first."""
        ...


class Inbox(Protocol):
    def first(self, key: str, now: datetime) -> bool:
        """Record the delivery; False when it was recorded before."""
        ...

    def answered(self, key: str, subject: str) -> None:
        """Remember what the delivery was about, for its redelivery."""
        ...

    def subject(self, key: str) -> str:
        """What a recorded delivery was about, or ""."""
        ...


class People(Protocol):
    def actor(self, user: str) -> Actor | None:
        """The person behind a Slack id, or None while unknown."""
        ...

    def actors(self, users: Iterable[str]) -> dict[str, Actor]: ...

    def everybody(self) -> Sequence[Actor]: ...

    def put_profiles(self, profiles: Sequence[Actor], now: datetime) -> None:
        """Store what Slack says of people; the schedules file's part (lead, vendor, phone) is kept."""
        ...


class Handoffs(Protocol):
    def add(self, handoff: Handoff) -> bool:
        """False when this handoff (schedule and instant) exists already."""
        ...

    def get(self, handoff_id: str, lock: bool = False) -> Handoff | None: ...

    def save(self, handoff: Handoff) -> None: ...

    def waiting(self) -> Sequence[Handoff]:
        """Offered and not yet accepted, those that a lead holds with them, oldest first."""
        ...

    def drafted(self) -> Sequence[Handoff]:
        """Written down and not yet offered, oldest first."""
        ...

    def recent(self, schedule: str, limit: int) -> Sequence[Handoff]:
        """The newest of a schedule first."""
        ...


class Audit(Protocol):
    def write(self, at: datetime, by: str, action: str, subject: str, detail: dict[str, str]) -> None: ...

    def last_by(self, subject: str, by: str) -> datetime | None:
        """When this person last did something to the subject; None: never."""
        ...


class Facts(Protocol):
    """Small facts that outlive a process: the bot's identity, settings made in chat, marks of sweeps."""

    def get(self, name: str) -> str: ...

    def put(self, name: str, value: str) -> None: ...


class Duties(Protocol):
    def claim(self, kind: str, subject: str, slot: str) -> bool:
        """True for exactly one caller: the duty of this slot (a local date, an instant) is theirs to do."""
        ...


class Unit(Protocol):
    """One transaction with everything in it."""

    @property
    def incidents(self) -> Incidents: ...
    @property
    def timeline(self) -> Timeline: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def people(self) -> People: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def rings(self) -> Rings: ...
    @property
    def proofs(self) -> Proofs: ...
    @property
    def history(self) -> History: ...
    @property
    def requests(self) -> RotaRequests: ...
    @property
    def preferences(self) -> Preferences: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def imports(self) -> RotaImports: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def subscriptions(self) -> Subscriptions: ...


class Store(Protocol):
    """Runs work in a transaction. `work` may run again after a conflict, so it has no other effects."""

    def write(self, work: Callable[[Unit], T]) -> T:
        """Commit and return, or roll back and raise what `work` raised. Durable when it returns."""
        ...

    def read(self, work: Callable[[Unit], T]) -> T: ...


class House(Struct, frozen=True):
    """What every operation is given: the ports and the settings of the core.

    `phone_of` is where a person's phone rings, as `provider:where`, or "" where it cannot.
    """

    store: Store
    clock: Clock
    ids: Ids
    runbooks: Catalogue
    rotas: Rotas = field(default_factory=Rotas)
    phone_of: Callable[[Actor], str] = attrgetter("ring")
