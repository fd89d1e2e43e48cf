"""PagerDuty's REST API (v2): users, schedules with layers and overrides, escalation policies.

Layers come highest first, as the API lists them.
"""

from __future__ import annotations

from datetime import time

from rotations.imports import Imported
from rotations.model import Layer, Organisation, Override, Schedule
from rotations.vendors.ladders import Ladder, Step, policies_of
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.seating import (
    Place,
    Spell,
    TheirOverride,
    admitted,
    current,
    lay,
    place_of,
    schedule_of,
    without_counterpart,
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
    thing,
)
from rotations.vendors.week_hours import ALWAYS, DAY, Mask, daily, joined, mask_of
from rotations.vendors.wish import Book, naive


def read_pagerduty(tree: object, book: Book) -> Imported:
    """Raises NotImportable."""
    users = (_user(row) for row in collected(tree, "users", "user"))
    return _Reader(book, Roll(book, users)).read(tree)


def _user(row: Object) -> Theirs:
    return Theirs(text(row, "id"), text(row, "name", "summary"), text(row, "email"), text(row, "time_zone"))


class _Reader:
    def __init__(self, book: Book, roll: Roll) -> None:
        self._book, self._roll = book, roll
        self._names: dict[str, str] = {}
        self._schedules: list[Schedule] = []
        self._overrides: tuple[Override, ...] = ()

    def read(self, tree: object) -> Imported:
        for row in collected(tree, "schedules", "schedule"):
            name = text(row, "name", "summary")
            if self._book.wish.schedule in (None, name):
                self._schedule(row, name)
        paged = self._schedules[0].name if self._schedules else None
        ladders = [self._ladder(row) for row in collected(tree, "escalation_policies", "escalation_policy")]
        escalation = policies_of(self._book, ladders, paged)
        organisation = Organisation(
            self._roll.people, tuple(self._schedules), self._overrides, escalation=escalation
        )
        return Imported(organisation, self._book.report, self._book.questions)

    def _schedule(self, row: Object, name: str) -> None:
        own, what = text(row, "id"), f"schedule {name}"
        zone = self._book.zone(text(row, "time_zone"))
        if zone is None:
            self._book.dropped(own, what, "It waits until its time zone is known.")
            return
        place = place_of(self._book, name, zone)
        layers = [
            layer for each in reversed(objects(row, "schedule_layers")) for layer in self._layer(each, place)
        ]
        if not layers:
            self._book.dropped(own, what, "Nobody is on call in it.")
            return
        self._book.taken(own, what, ())
        self._names[own] = name
        self._schedules.append(schedule_of(place, layers))
        for each in _overrides(row):
            self._override(each, place)

    def _layer(self, row: Object, place: Place) -> tuple[Layer, ...]:
        own, name = text(row, "id"), text(row, "name", "summary") or "layer"
        what = f"layer {name} of {place.schedule}"
        try:
            spell = Spell(own, what, moment_or_none(row, "start"), moment_or_none(row, "end"))
            stint, why = current(self._book, place, spell, self._stint(row, name, place))
        except Unfit as fault:
            self._book.dropped(own, what, str(fault))
            return ()
        return lay(self._book, place, (spell, stint, [*why, *without_counterpart(stint)]))

    def _stint(self, row: Object, name: str, place: Place) -> Stint:
        begins = naive(moment(row, "rotation_virtual_start"), place.zone)
        turn = minutes(number(row, "rotation_turn_length_seconds"), "A turn")
        references = [thing(each, "user") or each for each in objects(row, "users")]
        members = self._roll.members(_user(each) for each in references)
        if not any(members):
            raise Unfit("Nobody who is known takes turns in it.")
        return Stint(name, begins, turn, members, _hours(row))

    def _key(self, row: Object) -> str | None:
        return self._roll.key(text(row, "id"), text(row, "name", "summary"), text(row, "email"))

    def _override(self, row: Object, place: Place) -> None:
        own = text(row, "id")
        try:
            start, end = moment(row, "start"), moment(row, "end")
        except Unfit as fault:
            self._book.dropped(own, f"override of {place.schedule}", str(fault))
            return
        theirs = TheirOverride(own, self._key(thing(row, "user")), start, end)
        self._overrides = admitted(self._book, self._overrides, place, theirs)

    def _ladder(self, row: Object) -> Ladder:
        after, steps = 0, []
        for rule in objects(row, "escalation_rules"):
            steps.append(self._step(after, objects(rule, "targets")))
            after += _delay(rule)
        name = text(row, "name", "summary")
        return Ladder(text(row, "id"), name, tuple(steps), _loops(row))

    def _step(self, after: int, targets: tuple[Object, ...]) -> Step:
        rota = [each for each in targets if "schedule" in text(each, "type")]
        names = {text(each, "id"): text(each, "summary", "name", "id") for each in rota}
        known = tuple(self._names[own] for own in names if own in self._names)
        lost = tuple(f"{name} was not imported." for own, name in names.items() if own not in self._names)
        people = (self._key(each) for each in targets if "user" in text(each, "type"))
        return Step(after, known, tuple(key for key in people if key), lost)


def _delay(rule: Object) -> int:
    try:
        return max(number(rule, "escalation_delay_in_minutes", 30), 1)
    except Unfit:
        return 30


def _loops(row: Object) -> int:
    try:
        return number(row, "num_loops", 0)
    except Unfit:
        return 0


def _overrides(row: Object) -> tuple[Object, ...]:
    return (*objects(row, "overrides"), *objects(thing(row, "overrides_subschedule"), "overrides"))


def _hours(row: Object) -> Mask:
    rows = objects(row, "restrictions")
    return joined(span for each in rows for span in _restriction(each)) if rows else ALWAYS


def _restriction(row: Object) -> Mask:
    long = minutes(number(row, "duration_seconds"), "A restriction")
    begins = _minute(text(row, "start_time_of_day"))
    if text(row, "type").startswith("daily"):
        return daily(begins, long)
    day = number(row, "start_day_of_week")
    if not 1 <= day <= 7:
        raise Unfit(f"A restriction begins on the day {day}, and a week has the days 1 to 7.")
    return mask_of([((day - 1) * DAY + begins, long)])


def _minute(written: str) -> int:
    try:
        at = time.fromisoformat(written)
    except ValueError:
        raise Unfit(f'A restriction begins at "{written[:20]}", which is no time of day.') from None
    return at.hour * 60 + at.minute
