"""Opsgenie's REST API (v2): users, teams, schedules with rotations, overrides, escalations.

All rotations of a schedule count together there: whoever overlaps is on call with the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from rotations.model import Member
from rotations.vendors.ladders import Ladder, Step
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.shape import WITHOUT_PARTS, Part, Rota, TheirOverride, Turns, done_instead
from rotations.vendors.stints import Stint
from rotations.vendors.tree import (
    Object,
    Unfit,
    collected,
    moment,
    moment_or_none,
    number,
    number_or,
    objects,
    text,
    thing,
)
from rotations.vendors.week_hours import ALWAYS, DAY, WEEK, Mask, daily, joined, mask_of
from rotations.vendors.wish import aware_or_none, naive

_TURNS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MINUTES = {"minutes": 1, "hours": 60, "days": DAY}
_STRAY = "Its schedule was not imported."


def opsgenie_user(row: Object) -> Theirs:
    name, mail = text(row, "fullName", "name", "username"), text(row, "username")
    return Theirs(text(row, "id"), name, mail if "@" in mail else "", text(row, "timeZone", "timezone"))


class Opsgenie:
    """A Tool."""

    def __init__(self, tree: object, roll: Roll) -> None:
        self._tree, self._roll = tree, roll
        self._teams = {text(row, "id"): row for row in collected(tree, "teams", "team")}
        rows = collected(tree, "schedules", "schedule")
        self._ids = {text(row, "name"): text(row, "id") or text(row, "name") for row in rows}
        self._apart = _by_schedule(collected(tree, "overrides", "override"))

    def rotas(self) -> Iterable[Rota]:
        for row in collected(self._tree, "schedules", "schedule"):
            refused = "" if "rotations" in row else WITHOUT_PARTS
            refused = "It is switched off there." if row.get("enabled") is False else refused
            name = text(row, "name")
            yield Rota(text(row, "id") or name, name, text(row, "timezone"), row, refused)

    def parts(self, rota: Rota) -> Sequence[Part]:
        rows = objects(rota.row, "rotations")
        return [Part(text(row, "id"), f"rotation {_name(row)} of {rota.name}", row) for row in rows]

    def turns(self, part: Part, zone: str) -> Turns:
        row, kind, why = part.row, text(part.row, "type"), list[str]()
        if row.get("enabled") is False:
            raise Unfit("It is switched off there.")
        if kind not in _TURNS:
            raise Unfit(f'Its turns are "{kind[:20]}", which is not hourly, daily or weekly.')
        length = number(row, "length", 1)
        if not 1 <= length <= 1000:
            raise Unfit(f"Its length of {length} is none.")
        cells = tuple(member for each in objects(row, "participants") for member in self._members(each, why))
        if not any(cells):
            raise Unfit(" ".join(["Nobody who is known takes turns in it.", *dict.fromkeys(why)]))
        start, until = moment(row, "startDate"), aware_or_none(moment_or_none(row, "endDate"), zone)
        hours = _hours(thing(row, "timeRestriction"))
        stint = Stint(_name(row), naive(start, zone), _TURNS[kind] * length, cells, hours)
        return Turns((stint,), 0, None, until, (*why, *done_instead(stint)))

    def overrides(self, rota: Rota) -> Sequence[Part]:
        rows = (
            *objects(rota.row, "overrides"),
            *self._apart.get(rota.id, ()),
            *self._apart.get(rota.name, ()),
        )
        return [Part(text(row, "alias", "id"), f"override of {rota.name}", row) for row in rows]

    def override(self, part: Part, zone: str) -> TheirOverride:
        row = part.row
        start, end, user = moment(row, "startDate"), moment(row, "endDate"), thing(row, "user")
        if text(user, "type") not in ("", "user"):
            raise Unfit(f"{_who(user)} stands in; here people do.")
        only = tuple(text(each, "id") for each in objects(row, "rotations"))
        return TheirOverride(self._person(user), start, end, only=only)

    def strays(self, rotas: Sequence[Rota]) -> Iterable[tuple[Part, str]]:
        known = {each for rota in rotas for each in (rota.id, rota.name)}
        for own, rows in self._apart.items():
            for row in rows if own not in known else ():
                yield Part(text(row, "alias", "id"), "override", row), _STRAY

    def ladders(self) -> Sequence[Ladder]:
        return [self._ladder(row) for row in collected(self._tree, "escalations", "escalation")]

    def _person(self, row: Object) -> Member:
        user = opsgenie_user(row)
        key = self._roll.key(user.id, user.name, user.mail)
        return (key,) if key else ()

    def _members(self, row: Object, why: list[str]) -> tuple[Member, ...]:
        """The turns of one participant: one, or none for a user who is left out."""
        kind = text(row, "type")
        if kind == "user":
            return self._roll.members([opsgenie_user(row)])
        if kind == "team" and (people := self._team(row)):
            why.append(f"{_who(row)} takes a turn there; here its members do, together.")
            return (people,)
        if kind != "none":
            why.append(f"{_who(row)} takes a turn there; here people do, so that turn is nobody's.")
        return ((),)

    def _team(self, row: Object) -> Member:
        members = objects(self._teams.get(text(row, "id"), {}), "members")
        return tuple(dict.fromkeys(key for each in members for key in self._person(thing(each, "user"))))

    def _ladder(self, row: Object) -> Ladder:
        steps = tuple(self._step(rule) for rule in objects(row, "rules"))
        repeats = number_or(thing(row, "repeat"), "count", 0)
        return Ladder(text(row, "id"), text(row, "name"), steps, repeats)

    def _step(self, rule: Object) -> Step:
        delay, who = thing(rule, "delay"), thing(rule, "recipient")
        after = max(number_or(delay, "timeAmount", 0), 0) * _MINUTES.get(text(delay, "timeUnit"), 1)
        kind, notify = text(who, "type"), text(rule, "notifyType")
        if kind == "user":
            return Step(after, people=self._person(who))
        if kind == "team" and notify in ("", "default", "all") and (people := self._team(who)):
            return Step(after, people=people)
        if kind != "schedule":
            return Step(after, lost=(f"{_who(who)} was not imported as somebody to page.",))
        name = text(who, "name", "id")
        if notify not in ("", "default"):
            return Step(after, lost=(f'Whoever is "{notify}" in {name} is nobody who can be paged here.',))
        return Step(after, {text(who, "id") or self._ids.get(name, name): name})


def _by_schedule(rows: Iterable[Object]) -> Mapping[str, list[Object]]:
    """Overrides that stand apart, by the id of their schedule, or its name."""
    found: dict[str, list[Object]] = {}
    for row in rows:
        found.setdefault(text(thing(row, "_parent"), "id", "name"), []).append(row)
    return found


def _name(row: Object) -> str:
    return text(row, "name") or "rotation"


def _who(row: Object) -> str:
    kind = text(row, "type") or "participant of no kind"
    return f"The {kind} {text(row, 'name', 'id')}".strip()


def _hours(row: Object) -> Mask:
    rows = (*objects(row, "restrictions"), *([thing(row, "restriction")] if "restriction" in row else []))
    if not rows:
        return ALWAYS
    if text(row, "type") == "time-of-day":
        days = ((_minute(each, "start"), _minute(each, "end")) for each in rows)
        return joined(span for opens, closes in days for span in daily(opens, (closes - opens) % DAY or DAY))
    spans = [
        (_day(each, "startDay") + _minute(each, "start"), _day(each, "endDay") + _minute(each, "end"))
        for each in rows
    ]
    return mask_of((opens, (closes - opens) % WEEK or WEEK) for opens, closes in spans)


def _day(row: Object, name: str) -> int:
    written = text(row, name).casefold()
    if written not in _DAYS:
        raise Unfit(f'A restriction is on "{written[:20]}", which is no weekday.')
    return _DAYS.index(written) * DAY


def _minute(row: Object, edge: str) -> int:
    hour, minute = number(row, f"{edge}Hour", 0), number(row, f"{edge}Min", 0)
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        raise Unfit(f"A restriction has the time {hour}:{minute:02}, which there is none.")
    return hour * 60 + minute
