"""Grafana OnCall's public API (v1): users, schedules, on-call shifts by level, escalation chains.

Shifts of one level count together there, and a higher level beats a lower one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rotations.imports import Imported
from rotations.model import Layer, Member, Organisation, Override, OverrideKind, Schedule
from rotations.vendors.ladders import Ladder, Step, policies_of
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.seating import (
    Laid,
    Place,
    Spell,
    TheirOverride,
    admitted,
    current,
    lay_together,
    place_of,
    schedule_of,
)
from rotations.vendors.stints import Stint
from rotations.vendors.tree import (
    Object,
    Unfit,
    collected,
    minutes,
    moment,
    moment_or_none,
    number,
    objects,
    text,
    texts,
    thing,
)
from rotations.vendors.week_hours import ALWAYS, DAY, WEEK, Mask, mask_of
from rotations.vendors.wish import Book, aware, naive
from rotations.zones import is_zone

_STEPS = {"hourly": 60, "daily": DAY, "weekly": WEEK}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_REPEATING = ("rolling_users", "recurrent_event")


def read_grafana(tree: object, book: Book) -> Imported:
    """Raises NotImportable."""
    users = (_user(row) for row in collected(tree, "users", "user"))
    return _Reader(book, Roll(book, users)).read(tree)


def _user(row: Object) -> Theirs:
    slack = [text(each, "user_id") for each in (*objects(row, "slack"), thing(row, "slack"))]
    name = text(row, "name", "username", "email")
    zone = text(row, "timezone", "time_zone")
    return Theirs(text(row, "id"), name, text(row, "email"), zone, next(filter(None, slack), ""))


@dataclass(frozen=True, slots=True)
class _Shift:
    """A shift of theirs with its zone; times in it without an offset are local there."""

    row: Object
    place: Place
    zone: str

    @property
    def what(self) -> str:
        return f"shift {text(self.row, 'name', 'id')} of {self.place.schedule}"


class _Reader:
    def __init__(self, book: Book, roll: Roll) -> None:
        self._book, self._roll = book, roll
        self._shifts: Mapping[str, Object] = {}
        self._names: dict[str, str] = {}
        self._schedules: list[Schedule] = []
        self._overrides: tuple[Override, ...] = ()

    def read(self, tree: object) -> Imported:
        self._shifts = {text(row, "id"): row for row in collected(tree, "on_call_shifts", "on_call_shift")}
        for row in collected(tree, "schedules", "schedule"):
            if self._book.wish.schedule in (None, text(row, "name")):
                self._schedule(row)
        paged = self._schedules[0].name if self._schedules else None
        rules = collected(tree, "escalation_policies", "escalation_policy")
        chains = collected(tree, "escalation_chains", "escalation_chain")
        escalation = policies_of(self._book, [self._ladder(chain, rules) for chain in chains], paged)
        organisation = Organisation(
            self._roll.people, tuple(self._schedules), self._overrides, escalation=escalation
        )
        return Imported(organisation, self._book.report, self._book.questions)

    def _schedule(self, row: Object) -> None:
        own, name = text(row, "id"), text(row, "name")
        what = f"schedule {name}"
        if text(row, "type") == "ical":
            self._book.dropped(
                own, what, "It is a calendar of somebody else's: import that calendar as .ics."
            )
            return
        zone = self._book.zone(text(row, "time_zone"))
        if zone is None:
            self._book.dropped(own, what, "It waits until its time zone is known.")
            return
        place = place_of(self._book, name, zone)
        shifts = [self._shift(own_id, place) for own_id in texts(row, "shifts")]
        layers = self._layers([shift for shift in shifts if shift is not None], place)
        if not layers:
            self._book.dropped(own, what, "Nobody is on call in it.")
            return
        self._book.taken(own, what, ())
        self._names[own] = name
        self._schedules.append(schedule_of(place, layers))

    def _shift(self, own: str, place: Place) -> _Shift | None:
        row = self._shifts.get(own)
        if row is None:
            self._book.dropped(own, f"shift {own} of {place.schedule}", "It is not in the file.")
            return None
        zone = text(row, "time_zone")
        return _Shift(row, place, zone if is_zone(zone) else place.zone)

    def _layers(self, shifts: Sequence[_Shift], place: Place) -> list[Layer]:
        levels: dict[int, list[Laid]] = {}
        for shift in shifts:
            if text(shift.row, "type") in _REPEATING:
                level, laid = self._repeating(shift)
                levels.setdefault(level, []).extend(laid)
            else:
                self._single(shift)
        return [layer for level in sorted(levels) for layer in lay_together(self._book, place, levels[level])]

    def _repeating(self, shift: _Shift) -> tuple[int, list[Laid]]:
        row, place = shift.row, shift.place
        own = text(row, "id")
        try:
            begins = aware(moment(row, "start"), shift.zone)
            since = moment_or_none(row, "rotation_start")
            until = moment_or_none(row, "until")
            spell = Spell(
                own, shift.what, since and aware(since, shift.zone), until and aware(until, shift.zone)
            )
            stint, why = current(self._book, place, spell, self._stint(row, place, begins))
            if shift.zone != place.zone:
                why.append(f"Its zone is {shift.zone}; here it keeps the local time of {place.zone}.")
            return number(row, "level", 0), [(spell, stint, why)]
        except Unfit as fault:
            self._book.dropped(own, shift.what, str(fault))
            return 0, []

    def _stint(self, row: Object, place: Place, begins: datetime) -> Stint:
        frequency, every = text(row, "frequency"), number(row, "interval", 1)
        if frequency not in _STEPS or not 1 <= every <= 100:
            raise Unfit(f'It comes back "{frequency[:20]}", which is no cycle of hours, days or weeks.')
        turns = self._turns(row)
        if not any(turns):
            raise Unfit("Nobody who is known takes turns in it.")
        there, long = naive(begins, place.zone), minutes(number(row, "duration"), "A shift")
        days = _weekdays(row)
        name = text(row, "name", "id")
        if days and frequency == "daily":
            return _by_served_day(Stint(name, there, DAY, turns), days, every, long)
        unit = _STEPS[frequency]
        if days:
            monday = there - timedelta(days=there.weekday())
            cells = tuple(cell for turn in turns for cell in (turn, *([()] * (every - 1))))
            return Stint(name, monday, unit, cells, _hours(days, there, long))
        return Stint(name, there, *_cells(turns, unit * every, long))

    def _turns(self, row: Object) -> tuple[Member, ...]:
        if text(row, "type") == "recurrent_event":
            return (self._group(texts(row, "users")),)
        groups = _rolling(row)
        first = number(row, "start_rotation_from_user_index", 0) % max(len(groups), 1)
        turned = (*groups[first:], *groups[:first])
        return tuple(self._group(group) for group in turned)

    def _group(self, ids: Sequence[str]) -> Member:
        return tuple(key for own in ids if (key := self._roll.key(own)) is not None)

    def _single(self, shift: _Shift) -> None:
        row, kind = shift.row, text(shift.row, "type")
        own = text(row, "id")
        try:
            start = aware(moment(row, "start"), shift.zone)
            end = start + timedelta(minutes=minutes(number(row, "duration"), "A shift"))
            is_above = kind == "override" or number(row, "level", 0) > 0
        except (Unfit, OverflowError):
            self._book.dropped(own, shift.what, "Its start, duration or level cannot be read.")
            return
        what = OverrideKind.REPLACE if is_above else OverrideKind.ADD
        why = [] if kind == "override" else ["A single shift there is an override here."]
        users = texts(row, "users") or [own for group in _rolling(row) for own in group]
        for user in users:
            theirs = TheirOverride(own, self._roll.key(user), start, end, what)
            self._overrides = admitted(self._book, self._overrides, shift.place, theirs, why)

    def _ladder(self, chain: Object, rules: Sequence[Object]) -> Ladder:
        own, after, steps = text(chain, "id"), 0, []
        mine = [rule for rule in rules if text(rule, "escalation_chain_id") == own]
        for rule in sorted(mine, key=_position):
            if text(rule, "type") == "wait":
                after += _wait(rule)
            else:
                steps.append(self._step(after, rule))
        return Ladder(own, text(chain, "name"), tuple(steps))

    def _step(self, after: int, rule: Object) -> Step:
        schedule = text(rule, "notify_on_call_from_schedule")
        people = [key for own in texts(rule, "persons_to_notify") if (key := self._roll.key(own))]
        known = (self._names[schedule],) if schedule in self._names else ()
        kind = text(rule, "type").replace("_", " ")
        return Step(
            after,
            known,
            tuple(people),
            () if known or people else (f'The step "{kind}" has no counterpart.',),
        )


def _rolling(row: Object) -> list[list[str]]:
    value = row.get("rolling_users")
    groups = [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
    return [[own for own in group if isinstance(own, str)] for group in groups]


def _position(rule: Object) -> int:
    try:
        return number(rule, "position", 0)
    except Unfit:
        return 0


def _wait(rule: Object) -> int:
    try:
        return max(number(rule, "duration", 0), 0) // 60
    except Unfit:
        return 0


def _weekdays(row: Object) -> tuple[int, ...]:
    days = [day.upper() for day in texts(row, "by_day")]
    if any(day not in _DAYS for day in days):
        raise Unfit("It is on weekdays that there are not.")
    return tuple(sorted({_DAYS.index(day) for day in days}))


def _hours(days: Sequence[int], there: datetime, long: int) -> Mask:
    minute = there.hour * 60 + there.minute
    return mask_of((day * DAY + minute, min(long, DAY)) for day in days)


def _cells(turns: tuple[Member, ...], period: int, long: int) -> tuple[int, tuple[Member, ...], Mask]:
    """A turn of the period for each, in which somebody is there for so long and then nobody."""
    if long >= period:
        return period, turns, ALWAYS
    step = _divisor(period, long)
    on, off = long // step, (period - long) // step
    return step, tuple(cell for turn in turns for cell in (*[turn] * on, *[()] * off)), ALWAYS


def _divisor(period: int, long: int) -> int:
    while long:
        period, long = long, period % long
    return period


def _by_served_day(stint: Stint, days: Sequence[int], every: int, long: int) -> Stint:
    """Turns that count the days of the week on which there is a shift."""
    cells: list[Member] = []
    served, on = 0, stint.begins.weekday()
    while served % (len(stint.cells) * every) or len(cells) % 7 or not cells:
        is_served = (on + len(cells)) % 7 in days
        cells.append(stint.cells[served // every % len(stint.cells)] if is_served else ())
        served += is_served
    return Stint(stint.name, stint.begins, DAY, tuple(cells), _hours(days, stint.begins, long))
