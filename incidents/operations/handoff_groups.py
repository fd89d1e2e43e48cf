"""The user groups that people mention: `@oncall` and `@oncall-…` of each region hold whoever has the seat.

A group counts where the workspace has one by that name. It follows the schedule, not the acceptance."""

import re
from collections.abc import Iterator
from datetime import datetime

from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Priority
from incidents.model import UserId
from incidents.operations.notices import About, put_notice
from incidents.ports import House, Unit
from rotations.model import Organisation, Seat
from rotations.shifts import Resolver

HANDLE = "oncall"
GROUP = "group:"  # the subject of its effect, before the handle
KNOWN = "usergroup.id."  # a fact for each handle that the workspace has: Slack's id of the group
MEMBERS = "usergroup.members."  # … and whom Meridian has put in last, joined by commas
_NOT_IN_A_HANDLE = re.compile(r"[^a-z0-9]+")


def handle_of(region: str) -> str:
    """`AMER` → `oncall-amer`."""
    return f"{HANDLE}-{_NOT_IN_A_HANDLE.sub('-', region.lower()).strip('-')}"


def handles(house: House) -> tuple[str, ...]:
    """Every handle that a group could have; the workspace is asked which of them there are."""
    organisation = house.store.read(lambda unit: unit.schedules.organisation())
    paged = organisation.paged_schedule() if organisation else None
    return (HANDLE, *(handle_of(region.name) for region in paged.regions)) if paged else ()


def keep_known(house: House, known: dict[str, tuple[str, tuple[UserId, ...]]]) -> None:
    """What the workspace says of its groups: handle → id and members. One that is gone counts no more, and
    one that somebody has changed by hand follows the seat again."""
    wanted = handles(house)

    def work(unit: Unit) -> None:
        for handle in wanted:
            group, members = known.get(handle, ("", ()))
            unit.facts.put(f"{KNOWN}{handle}", group)
            unit.facts.put(f"{MEMBERS}{handle}", ",".join(members))
        follow(house, unit, house.clock.now())

    house.store.write(work)


def follow_all(house: House) -> None:
    """Asked every so often: overrides and swaps move seats between shift changes, too."""
    now = house.clock.now()
    if house.store.read(lambda unit: any(_changed(house, unit, now))):
        house.store.write(lambda unit: follow(house, unit, now))


def follow(house: House, unit: Unit, now: datetime) -> None:
    """Put whoever has each seat into its group. Slack takes no empty group: then whoever was in it last
    stays, and that is said."""
    for handle, users in _changed(house, unit, now):
        if not users:
            _say_empty(unit, handle, now)
            continue
        unit.facts.put(f"{MEMBERS}{handle}", ",".join(users))
        named = f"{GROUP}{handle}"
        key = f"{named}:{stamp(now)}:{','.join(users)}"
        unit.outbox.put(
            [Effect(EffectKind.SET_USER_GROUP, key, named, newest=named, priority=Priority.COSMETIC)], now
        )


def _changed(house: House, unit: Unit, now: datetime) -> Iterator[tuple[str, tuple[UserId, ...]]]:
    organisation = unit.schedules.organisation()
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None:
        return
    for handle, keys in _seats(house, organisation, paged.name, now):
        if not unit.facts.get(f"{KNOWN}{handle}"):
            continue
        users = tuple(dict.fromkeys(user for key in keys if (user := unit.schedules.slack_id(key))))
        if sorted(users) != sorted(filter(None, unit.facts.get(f"{MEMBERS}{handle}").split(","))):
            yield handle, users


def _seats(
    house: House, organisation: Organisation, schedule: str, now: datetime
) -> Iterator[tuple[str, tuple[str, ...]]]:
    resolver = house.rotas.resolver(organisation, schedule)
    current = resolver.current_region(now)
    yield HANDLE, _primaries(resolver, current.name, now) if current else ()
    for region in resolver.schedule.regions:
        yield handle_of(region.name), _primaries(resolver, region.name, now)


def _primaries(resolver: Resolver, region: str, now: datetime) -> tuple[str, ...]:
    sits = resolver.seat_at(region, Seat.PRIMARY, now)
    return sits.people if sits else ()


def _say_empty(unit: Unit, handle: str, now: datetime) -> None:
    """Once a day for each group."""
    users = unit.facts.get(f"{MEMBERS}{handle}")
    put_notice(unit, About.EMPTY_GROUP, f"{handle}:{now.date().isoformat()}", now, handle=handle, users=users)
