"""Opsgenie's REST API (v2): users, schedules with rotations, overrides, escalations.

All rotations of a schedule count together there: whoever overlaps is on call with the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from rotations.imports import Imported
from rotations.model import Member, Organisation, Override, Schedule
from rotations.vendors.ladders import Ladder, Step, policies_of
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.seating import (
    Place,
    Spell,
    TheirOverride,
    admitted,
    current,
    lay_together,
    place_of,
    schedule_of,
    without_counterpart,
)
from rotations.vendors.stints import Stint
from rotations.vendors.tree import (
    Object,
    Unfit,
    collected,
    moment,
    moment_or_none,
    number,
    objects,
    text,
    thing,
)
from rotations.vendors.week_hours import ALWAYS, DAY, WEEK, Mask, daily, mask_of
from rotations.vendors.wish import Book, naive

_TURNS = {"hourly": 60, "daily": DAY, "weekly": WEEK}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MINUTES = {"minutes": 1, "hours": 60, "days": DAY}


def read_opsgenie(tree: object, book: Book) -> Imported:
    """Raises NotImportable."""
    users = (_user(row) for row in collected(tree, "users", "user"))
    return _Reader(book, Roll(book, users)).read(tree)


def _user(row: Object) -> Theirs:
    name, mail = text(row, "fullName", "name", "username"), text(row, "username")
    return Theirs(text(row, "id"), name, mail if "@" in mail else "", text(row, "timeZone", "timezone"))


class _Reader:
    def __init__(self, book: Book, roll: Roll) -> None:
        self._book, self._roll = book, roll
        self._places: dict[str, Place] = {}
        self._schedules: list[Schedule] = []
        self._overrides: tuple[Override, ...] = ()

    def read(self, tree: object) -> Imported:
        for row in collected(tree, "schedules", "schedule"):
            if self._book.wish.schedule in (None, text(row, "name")):
                self._schedule(row)
        for row in collected(tree, "overrides", "override"):
            self._override(row, thing(row, "_parent"))
        paged = self._schedules[0].name if self._schedules else None
        ladders = [self._ladder(row) for row in collected(tree, "escalations", "escalation")]
        escalation = policies_of(self._book, ladders, paged)
        organisation = Organisation(
            self._roll.people, tuple(self._schedules), self._overrides, escalation=escalation
        )
        return Imported(organisation, self._book.report, self._book.questions)

    def _schedule(self, row: Object) -> None:
        own, name = text(row, "id"), text(row, "name")
        what, zone = f"schedule {name}", self._book.zone(text(row, "timezone"))
        if row.get("enabled") is False:
            self._book.dropped(own, what, "It is switched off there.")
        elif zone is None:
            self._book.dropped(own, what, "It waits until its time zone is known.")
        else:
            place = place_of(self._book, name, zone)
            laid = [found for each in objects(row, "rotations") if (found := self._rotation(each, place))]
            layers = lay_together(self._book, place, laid)
            if not layers:
                self._book.dropped(own, what, "Nobody is on call in it.")
                return
            self._book.taken(own, what, ())
            self._places |= {own: place, name: place}
            self._schedules.append(schedule_of(place, layers))
            for each in objects(row, "overrides"):
                self._override(each, row)

    def _rotation(self, row: Object, place: Place) -> tuple[Spell, Stint, list[str]] | None:
        own, name = text(row, "id"), text(row, "name") or "rotation"
        what = f"rotation {name} of {place.schedule}"
        try:
            spell = Spell(own, what, moment_or_none(row, "startDate"), moment_or_none(row, "endDate"))
            stint, why = current(self._book, place, spell, self._stint(row, name, place))
        except Unfit as fault:
            self._book.dropped(own, what, str(fault))
            return None
        return spell, stint, [*why, *without_counterpart(stint)]

    def _stint(self, row: Object, name: str, place: Place) -> Stint:
        kind = text(row, "type")
        if kind not in _TURNS:
            raise Unfit(f'Its turns are "{kind[:20]}", which is not hourly, daily or weekly.')
        length = number(row, "length", 1)
        if not 1 <= length <= 1000:
            raise Unfit(f"Its length of {length} is none.")
        cells = self._members(objects(row, "participants"))
        if not cells:
            raise Unfit("Nobody who is known takes turns in it.")
        begins = naive(moment(row, "startDate"), place.zone)
        return Stint(name, begins, _TURNS[kind] * length, cells, _hours(thing(row, "timeRestriction")))

    def _members(self, participants: Sequence[Object]) -> tuple[Member, ...]:
        turns: list[Member] = []
        for each in participants:
            kind = text(each, "type")
            if kind == "none":
                turns.append(())
            elif kind == "user":
                turns += self._roll.members([_user(each)])
            else:
                raise Unfit(f"A {kind or 'participant of no kind'} takes turns in it; here people do.")
        return tuple(turns) if any(turns) else ()

    def _override(self, row: Object, parent: Object) -> None:
        own = text(row, "alias", "id")
        place = self._places.get(text(parent, "id")) or self._places.get(text(parent, "name"))
        if place is None:
            self._book.dropped(own, "override", "Its schedule was not imported.")
            return
        try:
            start, end = moment(row, "startDate"), moment(row, "endDate")
        except Unfit as fault:
            self._book.dropped(own, f"override of {place.schedule}", str(fault))
            return
        user = _user(thing(row, "user"))
        theirs = TheirOverride(own, self._roll.key(user.id, user.name, user.mail), start, end)
        only = [text(each, "name", "id") for each in objects(row, "rotations")]
        why = [f"There it is for {', '.join(only)} alone; here for the whole seat."] if only else []
        self._overrides = admitted(self._book, self._overrides, place, theirs, why)

    def _ladder(self, row: Object) -> Ladder:
        steps = tuple(self._step(rule) for rule in objects(row, "rules"))
        try:
            repeats = number(thing(row, "repeat"), "count", 0)
        except Unfit:
            repeats = 0
        return Ladder(text(row, "id"), text(row, "name"), steps, repeats)

    def _step(self, rule: Object) -> Step:
        after, who = _delay(thing(rule, "delay")), thing(rule, "recipient")
        kind, notify = text(who, "type"), text(rule, "notifyType")
        if kind == "user":
            user = _user(who)
            key = self._roll.key(user.id, user.name, user.mail)
            return Step(after, people=(key,) if key else ())
        name = text(who, "name", "id")
        place = self._places.get(text(who, "id")) or self._places.get(name)
        if kind != "schedule" or place is None:
            return Step(after, lost=(f"{name} was not imported as somebody to page.",))
        if notify not in ("", "default"):
            return Step(after, lost=(f'Whoever is "{notify}" in {name} is nobody who can be paged here.',))
        return Step(after, (place.schedule,))


def _delay(row: Object) -> int:
    try:
        amount = number(row, "timeAmount", 0)
    except Unfit:
        return 0
    return max(amount, 0) * _MINUTES.get(text(row, "timeUnit"), 1)


def _hours(row: Object) -> Mask:
    rows = (*objects(row, "restrictions"), *([thing(row, "restriction")] if "restriction" in row else []))
    if not rows:
        return ALWAYS
    if text(row, "type") == "time-of-day":
        opens, closes = _minute(rows[0], "start"), _minute(rows[0], "end")
        return daily(opens, (closes - opens) % DAY or DAY)
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
    hour, minute = number(row, f"{edge}Hour"), number(row, f"{edge}Min", 0)
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        raise Unfit(f"A restriction has the time {hour}:{minute:02}, which there is none.")
    return hour * 60 + minute
