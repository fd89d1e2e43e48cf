"""PagerDuty's REST API (v2): users, schedules with layers and overrides, escalation policies.

Layers come highest first, as the API lists them; one person is on call at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time, timedelta

from rotations.vendors.ladders import Ladder, Step
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.shape import WITHOUT_PARTS, Part, Rota, TheirOverride, Turns, done_instead
from rotations.vendors.stints import Stint
from rotations.vendors.tree import (
    Object,
    Unfit,
    collected,
    minutes,
    moment,
    moment_or_none,
    number,
    number_or,
    objects,
    text,
    thing,
)
from rotations.vendors.week_hours import ALWAYS, DAY, Mask, daily, joined, mask_of
from rotations.vendors.wish import aware_or_none, naive

_STRAY = "The file does not say of which schedule it is: put it into the overrides of that schedule."
_LONGEST_TURN = 366 * 86_400


def pagerduty_user(row: Object) -> Theirs:
    return Theirs(text(row, "id"), text(row, "name", "summary"), text(row, "email"), text(row, "time_zone"))


class PagerDuty:
    """A Tool."""

    def __init__(self, tree: object, roll: Roll) -> None:
        self._tree, self._roll = tree, roll

    def rotas(self) -> Iterable[Rota]:
        for row in collected(self._tree, "schedules", "schedule"):
            name = text(row, "name", "summary")
            refused = "" if "schedule_layers" in row else WITHOUT_PARTS
            yield Rota(text(row, "id") or name, name, text(row, "time_zone"), row, refused)

    def parts(self, rota: Rota) -> Sequence[Part]:
        layers = list(enumerate(reversed(objects(rota.row, "schedule_layers"))))
        return [
            Part(text(row, "id"), f"layer {_name(row)} of {rota.name}", {**row, "level": level})
            for level, row in layers
        ]

    def turns(self, part: Part, zone: str) -> Turns:
        row = part.row
        begins, seconds = moment(row, "rotation_virtual_start"), number(row, "rotation_turn_length_seconds")
        if not 60 <= seconds <= _LONGEST_TURN:
            raise Unfit(f"A turn of {seconds} seconds is none.")
        references = [thing(each, "user") or each for each in objects(row, "users")]
        members = self._roll.members(pagerduty_user(each) for each in references)
        if not any(members):
            raise Unfit("Nobody who is known takes turns in it.")
        stint = Stint(_name(row), naive(begins, zone), timedelta(seconds=seconds), members, _hours(row))
        why = ["It begins within a minute there, and with that minute here."] if begins.second else []
        why += [*_rounded(row), *done_instead(stint)]
        since, until = (aware_or_none(moment_or_none(row, name), zone) for name in ("start", "end"))
        return Turns((stint,), row["level"], since, until, tuple(why))

    def overrides(self, rota: Rota) -> Sequence[Part]:
        """Its own, and those that a schedule is answered with, which are rendered for the asked time."""
        rendered = thing(rota.row, "overrides_subschedule")
        rows = (
            *objects(rota.row, "overrides"),
            *objects(rendered, "overrides"),
            *objects(rendered, "rendered_schedule_entries"),
        )
        return [Part(text(row, "id"), f"override of {rota.name}", row) for row in rows]

    def override(self, part: Part, zone: str) -> TheirOverride:
        key = self._key(thing(part.row, "user"))
        return TheirOverride((key,) if key else (), moment(part.row, "start"), moment(part.row, "end"))

    def strays(self, rotas: Sequence[Rota]) -> Iterable[tuple[Part, str]]:
        for row in collected(self._tree, "overrides", "override"):
            yield Part(text(row, "id"), "override", row), _STRAY

    def ladders(self) -> Sequence[Ladder]:
        rows = collected(self._tree, "escalation_policies", "escalation_policy")
        return [self._ladder(row) for row in rows]

    def _key(self, row: Object) -> str | None:
        user = pagerduty_user(row)
        return self._roll.key(user.id, user.name, user.mail)

    def _ladder(self, row: Object) -> Ladder:
        after, steps = 0, []
        for rule in objects(row, "escalation_rules"):
            steps.append(self._step(after, objects(rule, "targets")))
            after += max(number_or(rule, "escalation_delay_in_minutes", 30), 1)
        name = text(row, "name", "summary")
        return Ladder(text(row, "id"), name, tuple(steps), number_or(row, "num_loops", 0))

    def _step(self, after: int, targets: Sequence[Object]) -> Step:
        rotas = {
            text(each, "id"): text(each, "summary", "name", "id")
            for each in targets
            if "schedule" in text(each, "type")
        }
        people = [self._key(each) for each in targets if "user" in text(each, "type")]
        return Step(after, rotas, tuple(key for key in people if key))


def _name(row: Object) -> str:
    return text(row, "name", "summary") or "layer"


def _rounded(row: Object) -> list[str]:
    """What is said where hours are not of whole minutes, as in 86399 seconds for a day."""
    seconds = [number(each, "duration_seconds") for each in objects(row, "restrictions")]
    return (
        ["Its hours are in seconds there, and in whole minutes here."] if any(s % 60 for s in seconds) else []
    )


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
