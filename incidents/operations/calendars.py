"""Calendar feeds: made, listed, revoked, and read by whoever holds the secret. Nothing here pages anybody.

A feed is read without anybody being asked: so whose it is must still be somebody who may see the schedule."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import Action, demand, may
from incidents.errors import IncidentError
from incidents.feeds import Feed, FeedKind, Scope, digest_of
from incidents.model import UserId
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.scene import known
from incidents.people import Ask
from incidents.ports import House, Unit
from rotations import feed as shifts
from rotations import feed_text
from rotations.feed import Window, window
from rotations.feed_changes import Naming, Published, Revision, ended, revised
from rotations.model import Organisation, Schedule

NAMESPACE = "feed.namespace"
MOST_FEEDS = 20
ALARM_MINUTES = 30
MARKED_EVERY = timedelta(minutes=1)
"""When a feed was last read is written down no more often."""


class NoSuchFeed(IncidentError):
    def __init__(self) -> None:
        super().__init__("There is no such calendar, or it is revoked. /oncall calendar shows yours.")


class TooManyFeeds(IncidentError):
    def __init__(self) -> None:
        super().__init__(f"You have {MOST_FEEDS} calendars. Revoke one first: /oncall calendar shows them.")


class Mine(Struct, frozen=True):
    """A person's calendars, and what else they could subscribe to."""

    feeds: tuple[Feed, ...]
    scopes: tuple[Scope, ...]
    zone: str
    now: datetime


class Made(Struct, frozen=True):
    """`token` is shown once and kept nowhere; "" when the delivery came again."""

    token: str
    feed: Feed | None


def mine(house: House, user: UserId) -> Mine:
    """Raises NoScheduleYet, NotKnownYet, NotAllowed."""

    def work(unit: Unit) -> Mine:
        actor = known(unit, user)
        demand(actor, Action.SEE_ROTA)
        scopes = _scopes(_organisation(unit))
        return Mine(tuple(unit.feeds.of(user)), scopes, actor.zone, house.clock.now())

    return house.store.read(work)


def make(house: House, ask: Ask, scope: Scope) -> Made:
    """A new secret address for this. Raises NoSuchFeed for what nobody can subscribe to, TooManyFeeds."""
    token, feed_id = house.ids.secret(), house.ids.new()

    def work(unit: Unit) -> Made:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return Made("", None)
        demand(known(unit, ask.user), Action.SEE_ROTA)
        unit.feeds.hold()
        if scope not in _scopes(_organisation(unit)):
            raise NoSuchFeed
        if len(unit.feeds.of(ask.user)) >= MOST_FEEDS:
            raise TooManyFeeds
        feed = Feed(feed_id, digest_of(token), ask.user, scope, now)
        unit.feeds.add(feed)
        told = {"kind": scope.kind.value, "schedule": scope.schedule, "region": scope.region}
        unit.audit.write(now, ask.user, "calendar.made", f"feed:{feed.id}", told)
        return Made(token, feed)

    return house.store.write(work)


def renew(house: House, ask: Ask, feed_id: str) -> Made:
    """Another secret for the same calendar; the old one is unknown from now on. Raises NoSuchFeed."""
    token = house.ids.secret()
    changed = _changed(house, ask, feed_id, "calendar.renewed", _with(digest=digest_of(token), read_at=None))
    return Made(token, changed) if changed else Made("", None)


def revoke(house: House, ask: Ask, feed_id: str) -> Feed | None:
    """From now on it answers as if it had never been. None when the delivery came again."""
    now = house.clock.now()
    return _changed(house, ask, feed_id, "calendar.revoked", _with(revoked_at=now))


def switch_alarm(house: House, ask: Ask, feed_id: str, is_on: bool) -> Feed | None:
    """An alarm half an hour before each shift, or none."""
    minutes = ALARM_MINUTES if is_on else 0
    return _changed(house, ask, feed_id, "calendar.alarm", _with(alarm=minutes))


def read(house: House, token: str) -> str | None:
    """The whole calendar behind a token, settled at this moment. None: unknown, revoked, or not theirs any
    more to see; nobody is told which."""
    digest, now = digest_of(token), house.clock.now()

    def look(unit: Unit) -> tuple[str | None, bool]:
        feed = _readable(unit, digest)
        if feed is None:
            return None, False
        revision = revision_of(house, unit, feed.scope.schedule or None, now)
        is_marked = feed.read_at is not None and timedelta() <= now - feed.read_at < MARKED_EVERY
        return _text(unit, feed, revision), bool(revision.changed) or not is_marked

    def settle(unit: Unit) -> str | None:
        unit.feeds.hold()  # whoever revokes it meanwhile comes before this look or after all of it
        feed = _readable(unit, digest)
        if feed is None:
            return None
        revision = _settled(house, unit, feed.scope.schedule or None, now)
        unit.feeds.save(replace(feed, read_at=now))
        return _text(unit, feed, revision)

    text, is_news = house.store.read(look)
    return house.store.write(settle) if is_news else text


def exported(house: House, name: str) -> str:
    """A schedule's feed, with the same events that its subscribers read. Raises NoSuchFeed."""

    def work(unit: Unit) -> str:
        unit.feeds.hold()
        if _organisation(unit).schedule(name) is None:
            raise NoSuchFeed
        revision = _settled(house, unit, name, house.clock.now())
        return feed_text.text(feed_text.Heading(f"On call: {name}"), revision.shown)

    return house.store.write(work)


def revision_of(house: House, unit: Unit, schedule: str | None, now: datetime) -> Revision:
    """What calendars are to show of a schedule (None: of all), beside what they have been told."""
    organisation, shown = _organisation(unit), window(now)
    naming = Naming(unit.facts.get(NAMESPACE), organisation.names())
    told = unit.feeds.told(schedule, shown.start)
    standing = {one.name: one for one in organisation.schedules}
    names = [schedule] if schedule else sorted({*standing, *(entry.schedule for entry in told.values())})
    entries: list[Published] = []
    changed: list[Published] = []
    for name in names:
        ours = {uid: entry for uid, entry in told.items() if entry.schedule == name}
        if name in standing:
            found = _events(house, organisation, standing[name], shown)
            revision = revised(ours, found, naming, shown, now)
        else:
            served = [entry for uid, entry in ours.items() if entry.ends_at <= now]
            entries += served
            revision = revised(ended(ours, now), (), naming, shown, now)
        entries += revision.shown
        changed += revision.changed
    return Revision(tuple(sorted(entries, key=_by_start)), tuple(changed))


def _by_start(entry: Published) -> tuple[datetime, str]:
    return entry.starts_at, entry.uid


def _events(
    house: House, organisation: Organisation, schedule: Schedule, shown: Window
) -> tuple[shifts.Event, ...]:
    resolver = house.rotas.resolver(organisation, schedule.name)
    return shifts.events(organisation, resolver, shown)


def _settled(house: House, unit: Unit, schedule: str | None, now: datetime) -> Revision:
    """On a unit that holds the feeds."""
    if not unit.facts.get(NAMESPACE):
        unit.facts.put(NAMESPACE, house.ids.secret())
    revision = revision_of(house, unit, schedule, now)
    unit.feeds.forget(window(now).start)
    unit.feeds.tell(revision.changed)
    return revision


def _readable(unit: Unit, digest: str) -> Feed | None:
    feed = unit.feeds.by_digest(digest)
    if feed is None or feed.revoked_at is not None:
        return None
    actor = unit.people.actor(feed.user)
    is_theirs = actor is not None and may(actor, Action.SEE_ROTA)
    return feed if is_theirs and unit.schedules.organisation() is not None else None


def _text(unit: Unit, feed: Feed, revision: Revision) -> str:
    entries, scope = revision.shown, feed.scope
    if scope.kind is FeedKind.MINE:
        me = unit.schedules.person_key(feed.user)
        entries = tuple(entry for entry in entries if me and entry.person == me)
    elif scope.kind is FeedKind.REGION:
        entries = tuple(entry for entry in entries if entry.region == scope.region)
    return feed_text.text(feed_text.Heading(title(scope), feed.alarm), entries)


def title(scope: Scope) -> str:
    """What the calendar is called."""
    if scope.kind is FeedKind.MINE:
        return "My shifts on call"
    return f"On call: {' '.join(part for part in (scope.schedule, scope.region) if part)}"


def _scopes(organisation: Organisation) -> tuple[Scope, ...]:
    found: list[Scope] = [Scope(FeedKind.MINE)]
    for schedule in organisation.schedules:
        found.append(Scope(FeedKind.SCHEDULE, schedule.name))
        regions: Sequence[str] = [region.name for region in schedule.regions]
        if len(regions) > 1:
            found += [Scope(FeedKind.REGION, schedule.name, region) for region in regions]
    return tuple(found)


def _organisation(unit: Unit) -> Organisation:
    organisation = unit.schedules.organisation()
    if organisation is None:
        raise NoScheduleYet
    return organisation


def _with(**fields: object) -> Callable[[Feed], Feed]:
    return lambda feed: replace(feed, **fields)  # type: ignore[arg-type]


def _changed(
    house: House, ask: Ask, feed_id: str, action: str, change: Callable[[Feed], Feed]
) -> Feed | None:
    """Only their own: somebody else's feed does not exist for them."""

    def work(unit: Unit) -> Feed | None:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return None
        demand(known(unit, ask.user), Action.SEE_ROTA)
        unit.feeds.hold()
        feed = unit.feeds.get(feed_id)
        if feed is None or feed.user != ask.user or feed.revoked_at is not None:
            raise NoSuchFeed
        unit.feeds.save(change(feed))
        unit.audit.write(now, ask.user, action, f"feed:{feed.id}", {})
        return change(feed)

    return house.store.write(work)
