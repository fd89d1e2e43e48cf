"""Telling people of their shifts: what fell due since the last look is put, each thing once, by one process.

It asks the one resolver at the moment of each look, so whatever was changed before is followed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain

from msgspec import Struct

from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import MessageRef
from incidents.ports import House, Unit
from incidents.shift_notices import (
    UNREACHED,
    moved_effect,
    notice_effect,
    notice_of,
    outlook_effect,
    subject_of,
    unreached_effect,
)
from rotations import clashes, notices, outlook, own_shifts
from rotations.model import Organisation
from rotations.notices import Listener, Listeners, Notice, NoticeKind, Preferences, leaves_at
from rotations.shifts import Resolver
from rotations.zones import is_zone

OWN_SHIFT = frozenset({NoticeKind.WEEK, NoticeKind.EVENING, NoticeKind.HOUR})
TOLD_AHEAD = timedelta(days=31)  # no notice is sent earlier before its shift
IN_TIME = frozenset({NoticeKind.WEEK, NoticeKind.EVENING})  # for a lead to find somebody else
NO_ACCOUNT, LEFT = "no_account", "account_inactive"


class _Rota(Struct, frozen=True):
    """What one look is about: everything that was applied, who can be told, and who cannot and why."""

    house: House
    organisation: Organisation
    listeners: Listeners
    silent: Mapping[str, str]

    def resolvers(self) -> Iterator[Resolver]:
        for schedule in self.organisation.schedules:
            yield self.house.rotas.resolver(self.organisation, schedule.name)


class _Horizon(Struct, frozen=True):
    """What is looked for how often. `mark` is the fact that says up to when it has been."""

    mark: str
    every: timedelta
    found: Callable[[_Rota, datetime], Iterable[Notice]]


def send_due(house: House) -> None:
    """Put every notice that fell due since the last look. Cheap where that was a moment ago.

    The first look of all begins with what falls due from then on: nobody is flooded by an installation.
    """
    now = house.clock.now()
    marks = house.store.read(lambda unit: [unit.facts.get(horizon.mark) for horizon in _HORIZONS])
    for horizon, marked in zip(_HORIZONS, marks, strict=True):
        since = datetime.fromisoformat(marked) if marked else None
        if since is None or _beat(since, horizon.every) != _beat(now, horizon.every):
            _look(house, horizon, (min(since or now, now), now))


def begin_anew(unit: Unit, now: datetime) -> None:
    """As if everything had been looked for until now: an older copy does not know what was told since."""
    for horizon in _HORIZONS:
        unit.facts.put(horizon.mark, now.isoformat())


def note_unreached(unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    """A notice of the next shift that Slack refused for good: the leads of the region hear of it."""
    told, organisation = notice_of(effect), unit.schedules.organisation()
    if outcome.ok or UNREACHED in effect.args or told.kind not in OWN_SHIFT or organisation is None:
        return
    unit.outbox.put(_to_leads(unit, organisation, effect, outcome.error), now)


def _to_leads(unit: Unit, organisation: Organisation, untold: Effect, error: str) -> list[Effect]:
    leads = clashes.leads_of(notice_of(untold).shift, organisation)
    users = dict.fromkeys(user for key in leads if (user := unit.schedules.slack_id(key)))
    return [unreached_effect(untold, user, error) for user in users if user not in untold.users]


def unwanted(
    unit: Unit, effect: Effect, organisation: Organisation, resolver: Resolver, now: datetime
) -> str:
    """Why a notice that was put is not sent after all: the shift has moved, or it comes too late; else ""."""
    told = notice_of(effect)
    if now >= told.until:
        return "it would help nobody any more"
    if not still_so(told, organisation, resolver):
        return "the shift has moved since"
    if UNREACHED in effect.args:
        return ""
    listener = listeners(unit).get(told.to)
    if listener is None or not listener.wants(told.kind):
        return "they do not want to be told"
    return "" if listener.quiet_around(now) is None else "it would fall into their quiet hours"


def still_so(told: Notice, organisation: Organisation, resolver: Resolver) -> bool:
    """Whether what a notice says holds: the shift begins then, or is still in the way of something."""
    if told.kind in OWN_SHIFT:
        return own_shifts.still_begins(resolver, told.shift)
    return clashes.still_clashes(organisation, resolver, told)


def _look(house: House, horizon: _Horizon, span: tuple[datetime, datetime]) -> None:
    _, now = span
    due = house.store.read(lambda unit: _sought(house, unit, horizon, span))

    def put(unit: Unit) -> None:
        unit.facts.put(horizon.mark, now.isoformat())
        mine = [one for one in due if unit.duties.claim(one.kind.value, "", one.key)]
        unit.outbox.put(mine, now)

    house.store.write(put)


def _beat(t: datetime, every: timedelta) -> int:
    return int(t.timestamp() // every.total_seconds())


def _sought(house: House, unit: Unit, horizon: _Horizon, span: tuple[datetime, datetime]) -> list[Effect]:
    organisation = unit.schedules.organisation()
    is_first = span[0] == span[1]
    if organisation is None or not organisation.schedules or (is_first and horizon is _HOLIDAYS):
        return []
    rota = _Rota(house, organisation, listeners(unit), _silent(unit, organisation))
    due = list(_due(unit, rota, horizon.found(rota, span[1]), span))
    if horizon is not _FAR:
        return due
    post = _outlook_due(*span)
    return [*due, *_moved(unit, rota, span[1]), *((post,) if post else ())]


def _moved(unit: Unit, rota: _Rota, now: datetime) -> Iterator[Effect]:
    """Edits of what was sent and holds no more, as long as its shift has not begun."""
    days = {subject_of(now + timedelta(days=ahead)) for ahead in range(TOLD_AHEAD.days)}
    resolvers = {resolver.schedule.name: resolver for resolver in rota.resolvers()}
    for sent, result in unit.outbox.sent(EffectKind.SHIFT_NOTICE, days):
        told, is_own = notice_of(sent), UNREACHED not in sent.args
        resolver = resolvers.get(told.shift.schedule) if is_own and told.shift.start > now else None
        if resolver is not None and not still_so(told, rota.organisation, resolver):
            yield moved_effect(sent, MessageRef(result["channel"], result["ts"]))


def _due(
    unit: Unit, rota: _Rota, found: Iterable[Notice], span: tuple[datetime, datetime]
) -> Iterator[Effect]:
    since, now = span
    for notice in found:
        if not notices.is_due(notice, since, now):
            continue
        if notice.to not in rota.silent:
            at = leaves_at(notice, rota.listeners[notice.to], now)
            if at is not None:
                yield notice_effect(notice, unit.schedules.slack_id(notice.to), at)
        elif notice.kind in IN_TIME:
            untold = notice_effect(notice, "", now)
            yield from _to_leads(unit, rota.organisation, untold, rota.silent[notice.to])


def _outlook_due(since: datetime, now: datetime) -> Effect | None:
    monday = outlook.monday_before(now)
    return outlook_effect(monday) if since < monday and now < monday + outlook.HELPS_FOR else None


def listeners(unit: Unit) -> dict[str, Listener]:
    """Everybody of the schedules whom Slack knows and who is still there, in the zone they live by now."""
    users = unit.schedules.slack_ids()
    actors = unit.people.actors(users.values())
    chosen = unit.preferences.of(users.values())
    return {
        key: Listener(actor.zone if is_zone(actor.zone) else "UTC", chosen.get(user, Preferences()))
        for key, user in users.items()
        if (actor := actors.get(user)) is not None and not actor.is_deactivated
    }


def _silent(unit: Unit, organisation: Organisation) -> dict[str, str]:
    """Who is in the schedules and cannot be told, and why. Nothing is known while Slack has named nobody."""
    users = unit.schedules.slack_ids()
    actors = unit.people.actors(users.values())
    keys = (person.key for person in organisation.people) if actors else ()
    return {
        key: NO_ACCOUNT if key not in users else LEFT
        for key in keys
        if key not in users or ((actor := actors.get(users[key])) is not None and actor.is_deactivated)
    }


def _near(rota: _Rota, now: datetime) -> Iterable[Notice]:
    zones = {person.key: person.zone for person in rota.organisation.people}
    everybody = {**rota.listeners, **{key: Listener(zones[key]) for key in rota.silent}}
    each = (notices.shift_notices(resolver, everybody, now) for resolver in rota.resolvers())
    return chain.from_iterable(each)


def _far(rota: _Rota, now: datetime) -> Iterable[Notice]:
    for resolver in rota.resolvers():
        yield from clashes.absence_notices(rota.organisation, resolver, rota.listeners, now)


def _holidays(rota: _Rota, now: datetime) -> Iterable[Notice]:
    for resolver in rota.resolvers():
        yield from clashes.holiday_notices(rota.organisation, resolver, rota.listeners, now)


_NEAR = _Horizon("notices.near", timedelta(minutes=1), _near)
_FAR = _Horizon("notices.far", timedelta(minutes=15), _far)
_HOLIDAYS = _Horizon("notices.holidays", timedelta(hours=1), _holidays)
_HORIZONS = (_NEAR, _FAR, _HOLIDAYS)
