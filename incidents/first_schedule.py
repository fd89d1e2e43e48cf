"""What somebody fills in to set Meridian up → the organisation that a schedules file would say. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from incidents.errors import IncidentError
from incidents.model import UserId
from incidents.people import Actor
from rotations.model import (
    Channels,
    Member,
    Mode,
    Organisation,
    Person,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
)
from rotations.wallclock import instant, local
from rotations.wording import listed
from rotations.zones import is_zone

WEEKLY = Turn(1, TurnUnit.WEEK)
USUAL = Channels()
MOST_REGIONS = 6
LEGAL_STARTS = time(9)


class NotASetup(IncidentError):
    """What is wrong with what was filled in, and what would mend it."""


class RegionWish(Struct, frozen=True):
    """One region: whoever is on call there in turn, its zone ("": that of most of them), its handoff time."""

    name: str
    people: tuple[UserId, ...]
    zone: str
    starts: time


class SetupWish(Struct, frozen=True):
    """Everything the form asks. `announce` and `team` are names or ids of channels."""

    regions: tuple[RegionWish, ...]
    leads: tuple[UserId, ...]
    legal: tuple[UserId, ...] = ()
    announce: str = USUAL.announce
    team: str = USUAL.team


def organisation_of(wish: SetupWish, actors: Mapping[UserId, Actor], now: datetime) -> Organisation:
    """A chain of the regions, changing weekly on each one's own Monday, and a schedule for Legal.

    Everybody is primary in turn; where there are several, the next one is backup. Raises NotASetup.
    """
    _demand_sensible(wish, actors)
    users = _everybody(wish)
    key_of = dict(zip(users, _keys(actors[user].name for user in users), strict=True))
    regions = tuple(_with_zone(region, actors) for region in wish.regions)
    people = tuple(_person(user, key_of, wish, regions, actors) for user in users)
    chain = tuple(_region(region, key_of, _leads_of(region, people), now) for region in regions)
    legal = (
        [_legal([key_of[user] for user in wish.legal], actors[wish.legal[0]].zone, now)] if wish.legal else []
    )
    return Organisation(
        people=people,
        schedules=(Schedule("safety", Mode.CHAIN, chain), *legal),
        paged="safety",
        specialists={"legal": "legal"} if legal else {},
        channels=Channels(wish.announce, wish.team),
    )


def _leads_of(region: RegionWish, people: Sequence[Person]) -> tuple[str, ...]:
    """Its own leads; where it has none, all of them take turns."""
    own = tuple(person.key for person in people if person.lead and person.region == region.name)
    return own or tuple(person.key for person in people if person.lead)


def usual_region(zone: str) -> str:
    """AMER, APAC or EMEA, by the continent of a zone."""
    continent = zone.partition("/")[0]
    if continent in ("America", "US", "Canada"):
        return "AMER"
    return "APAC" if continent in ("Asia", "Australia", "Pacific") else "EMEA"


def _demand_sensible(wish: SetupWish, actors: Mapping[UserId, Actor]) -> None:
    names = [region.name.casefold() for region in wish.regions]
    if not 0 < len(names) <= MOST_REGIONS:
        raise NotASetup(f"Name at least one region, and at most {MOST_REGIONS}.")
    if len({*names}) < len(names):
        raise NotASetup("Two regions have the same name. Give each its own.")
    if not wish.leads:
        raise NotASetup("Name at least one lead, who is told when nobody answers.")
    for region in wish.regions:
        if not region.name or not region.people:
            raise NotASetup("A region needs a name, and somebody who is on call there.")
        if region.zone and not is_zone(region.zone):
            raise NotASetup(f"There is no time zone {region.zone}. Pick one from the list.")
    unfit = [user for user in _everybody(wish) if not _is_fit(actors.get(user))]
    if unfit:
        named = listed(actors[user].name if user in actors else user for user in unfit)
        raise NotASetup(f"Bots, guests and people who have left cannot be on call: {named}. Pick others.")


def _is_fit(actor: Actor | None) -> bool:
    return actor is not None and not (
        actor.is_bot or actor.is_deactivated or actor.is_stranger or actor.is_guest
    )


def _everybody(wish: SetupWish) -> tuple[UserId, ...]:
    """Each once, in the order of the form."""
    regional = (user for region in wish.regions for user in region.people)
    return tuple(dict.fromkeys((*regional, *wish.leads, *wish.legal)))


def _keys(names: Iterable[str]) -> list[str]:
    """A short key for each name, different from all others: `ana`, `bo`, `ana2`."""
    taken: list[str] = []
    for name in names:
        taken.append(new_key(name, taken))
    return taken


def new_key(name: str, taken: Collection[str]) -> str:
    """The first word of a name in plain letters, with a number where it is taken; `person` for no word."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.casefold())
    first = words[0][:30] if words else "person"
    tries = (first, *(f"{first}{number}" for number in range(2, len(taken) + 3)))
    return next(key for key in tries if key not in taken)


def _with_zone(region: RegionWish, actors: Mapping[UserId, Actor]) -> RegionWish:
    zones = [actors[user].zone for user in region.people]
    zone = region.zone or max(zones, key=zones.count)
    return RegionWish(region.name, tuple(dict.fromkeys(region.people)), zone, region.starts)


def _person(
    user: UserId,
    key_of: Mapping[UserId, str],
    wish: SetupWish,
    regions: Sequence[RegionWish],
    actors: Mapping[UserId, Actor],
) -> Person:
    actor = actors[user]
    is_lead = user in wish.leads
    own = next((region.name for region in regions if user in region.people), None)
    nearest = next((r.name for r in regions if usual_region(r.zone) == usual_region(actor.zone)), None)
    return Person(
        key_of[user], actor.name, user, actor.zone, region=own or (nearest if is_lead else None), lead=is_lead
    )


def _region(wish: RegionWish, key_of: Mapping[UserId, str], leads: Sequence[str], now: datetime) -> Region:
    members = tuple((key_of[user],) for user in wish.people)
    seats = {Seat.PRIMARY: _weekly(members, wish.starts, wish.zone, now)}
    if len(members) > 1:
        seats[Seat.BACKUP] = _weekly((*members[1:], members[0]), wish.starts, wish.zone, now)
    seats[Seat.LEAD] = _weekly(tuple((lead,) for lead in leads), wish.starts, wish.zone, now)
    return Region(wish.name, wish.zone, wish.starts, seats)


def _legal(keys: Sequence[str], zone: str, now: datetime) -> Schedule:
    members = tuple((key,) for key in keys)
    seats = {Seat.PRIMARY: _weekly(members, LEGAL_STARTS, zone, now)}
    return Schedule("legal", Mode.CHAIN, (Region("Legal", zone, LEGAL_STARTS, seats),))


def _weekly(members: tuple[Member, ...], at: time, zone: str, now: datetime) -> Rotation:
    """From the region's last Monday on, so that somebody is on call at once."""
    return Rotation((RotationVersion(members, WEEKLY, last_monday(at, zone, now), at),))


def last_monday(at: time, zone: str, now: datetime) -> date:
    """The local Monday whose clock time `at` is not later than `now`."""
    today = local(now, zone).date()
    monday = today - timedelta(days=today.weekday())
    return monday if instant(monday, at, zone) <= now else monday - timedelta(days=7)
