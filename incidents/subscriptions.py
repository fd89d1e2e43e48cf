"""Calendars that are followed by their address: when each is read again, and what of it is news. Pure.

Nothing here changes a schedule, and no address is ever in anything that is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.calendar_marks import Mark, Told, is_same, mark_of
from incidents.errors import IncidentError
from incidents.proposals import Proposal, State
from rotations.imports import Answers
from rotations.model import RosterShift
from rotations.replanning import Place

EVERY = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_DOUBLED = 3
JITTER = 0.1
LEASE = timedelta(minutes=5)
WHOLE_EVERY = timedelta(days=1)
"""So often a host's "not modified" is not relied on: what stands here may have changed meanwhile."""

PATIENT = 3
"""Failed readings in a row before a fault that may pass by itself is told."""

TOLD_FOR = timedelta(days=1)
"""A calendar that flips back and forth is told of no more often, each content of it."""

MOST_FOLLOWED = 50
SUBJECT, ORIGIN = "calendar:", "source:"
Span = tuple[datetime, datetime]


class NoCalendar(IncidentError):
    """Why there is nothing to read. `is_lasting`: waiting alone will hardly mend it."""

    def __init__(self, why: str, is_lasting: bool = True) -> None:
        self.is_lasting = is_lasting
        super().__init__(why)


class NotFollowed(IncidentError):
    def __init__(self) -> None:
        super().__init__("This calendar is not followed any more. /oncall follow shows which are.")


class FollowedAlready(IncidentError):
    """The seat follows a calendar: two would take it from each other."""


class Fetched(Struct, frozen=True):
    """`content` is None where the host says that nothing has changed; the others are its marks of it."""

    content: bytes | None
    etag: str = ""
    modified: str = ""


class Failing(Struct, frozen=True):
    """Not read well since then, so often in a row, and why at last."""

    since: datetime
    times: int
    why: str
    is_told: bool = False


class Subscription(Struct, frozen=True):
    """A calendar and the seat it is for. `url` is a secret, "" once it is followed no more; `label` may be
    shown. `held` is the span that was taken over from it, `answers` what leads have said of it.

    Whoever reads it holds it until `due_at`; what they found counts only while that has not changed.
    """

    id: str
    url: str
    label: str
    place: Place
    by: str
    made_at: datetime
    due_at: datetime
    zone: str | None = None
    answers: Answers = field(default_factory=Answers)
    etag: str = ""
    modified: str = ""
    read_at: datetime | None = None
    whole_at: datetime | None = None
    failing: Failing | None = None
    told: tuple[Told, ...] = ()
    held: Span | None = None
    ended_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Subscription({self.id}, {self.label})"


class Subscriptions(Protocol):
    def hold(self) -> None:
        """Nobody else begins or ends to follow a calendar until this unit of work ends."""
        ...

    def add(self, one: Subscription) -> None: ...

    def get(self, subscription_id: str, lock: bool = False) -> Subscription | None:
        """Also one that is followed no more. With `lock` it is held to the end of the unit of work."""
        ...

    def save(self, one: Subscription) -> None: ...

    def followed(self) -> Sequence[Subscription]:
        """All that are followed, the oldest first."""
        ...

    def next_due(self) -> datetime | None: ...

    def due(self, now: datetime) -> Subscription | None:
        """The one that has waited longest, held to the end of the unit of work; none that others hold."""
        ...


class News(StrEnum):
    DIFFERS = "differs"
    EMPTIED = "emptied"
    FAILED = "failed"
    WELL = "well"
    SAME = "same"  # told only where somebody waits for it: at first, and where a lead has it read


class Reading(Struct, frozen=True):
    """What a calendar gave, beside what stands: `differs` within 90 days, or asks who or where is meant.

    `mark` is of the whole day of the reading and on, `ahead` of what is not over yet.
    """

    differs: bool
    mark: Mark
    ahead: Mark
    etag: str = ""
    modified: str = ""


class Course(Struct, frozen=True):
    """The subscription as it goes on, what is to be told, and whether what leads are asked is outdated."""

    after: Subscription
    news: frozenset[News] = frozenset()
    is_outdated: bool = False


def label_of(url: str) -> str:
    """Host and last four signs: enough to know it again. Raises NoCalendar for what is no such address."""
    try:
        parts = urlsplit(url.strip())
        host, is_plain = parts.hostname or "", parts.username is None
    except ValueError:
        raise NoCalendar("That is no web address. Paste the calendar's whole address.") from None
    if parts.scheme.lower() not in ("https", "webcal", "webcals") or not host:
        raise NoCalendar(
            "Only https:// and webcal:// addresses are read. Paste the calendar's whole address."
        )
    if not is_plain:
        raise NoCalendar("An address with a name or password in it is not read. Take the secret link.")
    return f"{host} …{url.strip()[-4:]}"


def wait(failed: int, chance: float) -> timedelta:
    """Until the next reading, after so many failures in a row; `chance` in [0, 1) spreads it."""
    doubled: int = 1 << min(max(failed - 1, 0), MOST_DOUBLED)
    length = min(EVERY * doubled, LONGEST_WAIT)
    return length + length * JITTER * chance


def asks_whole(one: Subscription, now: datetime) -> bool:
    """Whether the calendar is wanted, modified or not."""
    return one.whole_at is None or one.failing is not None or now - one.whole_at >= WHOLE_EVERY


def unmodified(one: Subscription, now: datetime, chance: float) -> Course:
    """The host says that it is as it was; what was to be told of it is told."""
    return Course(replace(one, read_at=now, due_at=now + wait(0, chance)))


def failed(one: Subscription, fault: NoCalendar, now: datetime, chance: float) -> Course:
    """The schedule stays as it stands. Told once: what lasts at once, what may pass when it has not."""
    was = one.failing or Failing(now, 0, "")
    times = was.times + 1
    tells = not was.is_told and (fault.is_lasting or times >= PATIENT or one.whole_at is None)
    failing = Failing(was.since, times, str(fault), was.is_told or tells)
    after = replace(one, failing=failing, due_at=now + wait(times, chance), etag="", modified="")
    return Course(after, frozenset({News.FAILED}) if tells else frozenset())


def emptied(
    one: Subscription, fault: NoCalendar, asked: Proposal | None, now: datetime, chance: float
) -> Course:
    """As a failure. Where shifts ahead came from it, leads are asked instead whether they are to go."""
    course = failed(one, fault, now, chance)
    if News.FAILED not in course.news or one.held is None or one.held[1] <= now:
        return course
    return replace(course, news=frozenset({News.EMPTIED}), is_outdated=_is_asked(asked))


def read_well(
    one: Subscription, reading: Reading, asked: Proposal | None, now: datetime, chance: float
) -> Course:
    """Beside what stands: the same, told already, or news. `asked` is what leads were asked last."""
    news = {News.WELL} if one.failing is not None and one.failing.is_told else set()
    after = replace(
        one,
        etag=reading.etag,
        modified=reading.modified,
        read_at=now,
        whole_at=now,
        failing=None,
        due_at=now + wait(0, chance),
        told=tuple(told for told in one.told if now - told.at < TOLD_FOR),
    )
    is_awaited = one.whole_at is None
    if not reading.differs:
        news |= {News.SAME} if is_awaited and not news else set()
        return Course(after, frozenset(news), _is_asked(asked))
    if not is_awaited and _is_settled(asked, reading.ahead, now):
        return Course(after, frozenset(news))
    if any(is_same(told.mark, reading.mark, now) for told in after.told):
        return Course(after, frozenset(news), _is_asked(asked))
    after = replace(after, told=(*after.told, Told(reading.mark, now)))
    return Course(after, frozenset({*news, News.DIFFERS}), _is_asked(asked))


def settled(one: Subscription, asked: Proposal | None) -> Subscription:
    """With what has come of what leads were asked last: their answers, and the span that they took over."""
    if asked is None:
        return one
    people, zones = one.answers.people, one.answers.zones
    answers = Answers({**people, **asked.answers.people}, {**zones, **asked.answers.zones})
    held = span_of(asked) if asked.state is State.DONE else None
    return replace(one, answers=answers, held=held or one.held)


def span_of(asked: Proposal) -> Span | None:
    """From the first to the last of what a proposal says."""
    if asked.found is None:
        return None
    seats = asked.found.shifts
    spans = [(shift.start, shift.end) for seat in seats for shift in seat.shifts]
    spans += [seat.says for seat in seats if seat.says]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def said_by(one: Subscription, shifts: Sequence[RosterShift], now: datetime) -> Span | None:
    """The span of which the calendar says everything: its shifts ahead, and what was taken over from it."""
    spans = [(max(shift.start, now), shift.end) for shift in shifts if shift.end > now]
    if one.held is not None and one.held[1] > now:
        spans.append((max(one.held[0], now), one.held[1]))
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def read_again(one: Subscription, now: datetime) -> Subscription:
    """At once and whole; whatever is found is told, though it was told or decided before."""
    failing = replace(one.failing, is_told=False) if one.failing else None
    return replace(one, due_at=now, whole_at=None, told=(), failing=failing)


def ended(one: Subscription, now: datetime) -> Subscription:
    """The address is forgotten."""
    return replace(one, url="", ended_at=now, etag="", modified="")


def _is_asked(asked: Proposal | None) -> bool:
    return asked is not None and asked.state in (State.OPEN, State.READING)


def _is_settled(asked: Proposal | None, ahead: Mark, now: datetime) -> bool:
    """Whether leads are asked this very thing, or have decided on it."""
    if asked is None or asked.found is None:
        return False
    if asked.state is State.LEFT and not asked.decided_by:
        return False
    shifts = [shift for seat in asked.found.shifts for shift in seat.shifts]
    return is_same(mark_of(shifts, asked.found.questions, now), ahead, now)
