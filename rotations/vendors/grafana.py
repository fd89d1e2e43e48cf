"""Grafana OnCall's public API (v1): users, schedules, on-call shifts by level, escalation chains.

Shifts of one level count together there, and a higher level beats a lower one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from rotations.model import Member, OverrideKind
from rotations.vendors.ladders import Ladder, Step
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.shape import WITHOUT_PARTS, Part, Rota, TheirOverride, Turns
from rotations.vendors.shifting import cycles_of, repeats_of
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
    texts,
    thing,
)
from rotations.vendors.wish import aware, aware_or_none, naive
from rotations.zones import is_zone

_REPEATS = 5  # as often as a chain repeats there at most
_IN_TURN = "Its people are paged in turn there; here all of them are."
_REPEATING = ("rolling_users", "recurrent_event")
_ICAL = "It is a calendar of somebody else's: import that calendar as .ics."
_FEED = "Its overrides come from a calendar behind an address: import that one as .ics too."
_FIXED = "Its shifts are kept in {zone} there and so here: they do not move with the clocks of {own}."
_GONE = "It is not in the file."


def grafana_user(row: Object) -> Theirs:
    slack = [text(each, "user_id") for each in (*objects(row, "slack"), thing(row, "slack"))]
    name = text(row, "name", "username", "email")
    zone = text(row, "timezone", "time_zone")
    return Theirs(text(row, "id"), name, text(row, "email"), zone, next(filter(None, slack), ""))


class Grafana:
    """A Tool."""

    def __init__(self, tree: object, roll: Roll) -> None:
        self._tree, self._roll = tree, roll
        self._shifts = {text(row, "id"): row for row in collected(tree, "on_call_shifts", "on_call_shift")}

    def rotas(self) -> Iterable[Rota]:
        for row in collected(self._tree, "schedules", "schedule"):
            name, own = text(row, "name"), text(row, "time_zone")
            refused = "" if "shifts" in row else WITHOUT_PARTS
            refused = _ICAL if text(row, "type") == "ical" else refused
            zones = {self._zone(each, row) for each in self._shifts_of(row) if _is_repeating(each)}
            zone = next(iter(zones)) if len(zones) == 1 and all(map(is_zone, zones)) else own
            why = [_FIXED.format(zone=zone, own=own)] if own and zone != own else []
            why += [_FEED] if text(row, "ical_url_overrides") else []
            yield Rota(text(row, "id") or name, name, zone, row, refused, tuple(why))

    def parts(self, rota: Rota) -> Sequence[Part]:
        gone = [{"id": own} for own in texts(rota.row, "shifts") if own not in self._shifts]
        rows = (*gone, *(each for each in self._shifts_of(rota.row) if _is_repeating(each)))
        return [self._part(row, "shift", rota) for row in rows]

    def turns(self, part: Part, zone: str) -> Turns:
        row = part.row
        if text(row, "id") not in self._shifts:
            raise Unfit(_GONE)
        own = text(row, "zone_of_shift") or zone
        own = own if is_zone(own) else zone
        begins = naive(aware(moment(row, "start"), own), zone)
        turns, until = self._turns(row), moment_or_none(row, "until")
        if not any(turns):
            raise Unfit("Nobody who is known takes turns in it.")
        cycles, why = cycles_of(repeats_of(row, begins), turns)
        if own != zone:
            why = (*why, f"Its zone is {own}; here it keeps the local time of {zone}.")
        starts = aware(begins, zone)
        since = max(starts, aware_or_none(moment_or_none(row, "rotation_start"), own) or starts)
        return Turns(cycles, number(row, "level", 0), since, until and _utc(until), why)

    def overrides(self, rota: Rota) -> Sequence[Part]:
        rows = [each for each in self._shifts_of(rota.row) if not _is_repeating(each)]
        return [self._part(row, "override", rota) for row in rows]

    def override(self, part: Part, zone: str) -> TheirOverride:
        row = part.row
        own = text(row, "zone_of_shift") or zone
        start = aware(moment(row, "start"), own if is_zone(own) else zone)
        end = start + timedelta(minutes=minutes(number(row, "duration"), "A shift"))
        users = texts(row, "users") or [own for group in _rolling(row) for own in group]
        if not users:
            raise Unfit("The export does not say who serves in it: enter it here by hand.")
        people = self._group(users)
        if text(row, "type") == "override":
            return TheirOverride(people, start, end)
        kind = OverrideKind.REPLACE if number(row, "level", 0) > 0 else OverrideKind.ADD
        return TheirOverride(people, start, end, kind, why=("A single shift there is an override here.",))

    def strays(self, rotas: Sequence[Rota]) -> Iterable[tuple[Part, str]]:
        return ()

    def ladders(self) -> Sequence[Ladder]:
        names = {text(row, "id"): text(row, "name") for row in collected(self._tree, "schedules", "schedule")}
        rules: dict[str, list[Object]] = {}
        for rule in collected(self._tree, "escalation_policies", "escalation_policy"):
            rules.setdefault(text(rule, "escalation_chain_id"), []).append(rule)
        chains = collected(self._tree, "escalation_chains", "escalation_chain")
        return [self._ladder(chain, rules.get(text(chain, "id"), []), names) for chain in chains]

    def _shifts_of(self, row: Object) -> list[Object]:
        """The shifts that are in the file, each with the zone that counts for it."""
        rows = (self._shifts[own] for own in dict.fromkeys(texts(row, "shifts")) if own in self._shifts)
        return [{**each, "zone_of_shift": self._zone(each, row)} for each in rows]

    def _zone(self, shift: Object, row: Object) -> str:
        """Shifts that are made on the web have none and are in UTC, wherever their schedule is."""
        usual = "UTC" if text(row, "type") == "web" else text(row, "time_zone")
        return text(shift, "time_zone") or usual

    def _part(self, row: Object, kind: str, rota: Rota) -> Part:
        called = f"shift {text(row, 'name', 'id')}" if kind == "shift" else kind
        return Part(text(row, "id"), f"{called} of {rota.name}", row)

    def _turns(self, row: Object) -> tuple[Member, ...]:
        if text(row, "type") == "recurrent_event":
            return (self._group(texts(row, "users")),)
        groups = [group for group in _rolling(row) if group]
        first = number(row, "start_rotation_from_user_index", 0) % max(len(groups), 1)
        return tuple(self._group(group) for group in (*groups[first:], *groups[:first]))

    def _group(self, ids: Sequence[str]) -> Member:
        return tuple(dict.fromkeys(key for own in ids if (key := self._roll.key(own)) is not None))

    def _ladder(self, chain: Object, rules: Sequence[Object], names: dict[str, str]) -> Ladder:
        after, steps, repeats = 0, [], 0
        for rule in sorted(rules, key=lambda each: number_or(each, "position", 0)):
            if text(rule, "type") == "wait":
                after += max(number_or(rule, "duration", 0), 0) // 60
            elif text(rule, "type") == "repeat_escalation":
                repeats = _REPEATS
            else:
                steps.append(self._step(after, rule, names))
        return Ladder(text(chain, "id"), text(chain, "name"), tuple(steps), repeats)

    def _step(self, after: int, rule: Object, names: dict[str, str]) -> Step:
        rota, kind = text(rule, "notify_on_call_from_schedule"), text(rule, "type").replace("_", " ")
        in_turn = texts(rule, "persons_to_notify_next_each_time")
        people = self._group([*texts(rule, "persons_to_notify"), *in_turn])
        lost = () if rota or people else (f'The step "{kind}" has no counterpart.',)
        lost = (_IN_TURN,) if len(in_turn) > 1 else lost
        return Step(after, {rota: names.get(rota, rota)} if rota else {}, people, lost)


def _is_repeating(row: Object) -> bool:
    return text(row, "type") in _REPEATING


def _rolling(row: Object) -> list[list[str]]:
    value = row.get("rolling_users")
    groups = [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
    return [[own for own in group if isinstance(own, str)] for group in groups]


def _utc(t: datetime) -> datetime:
    return t.replace(tzinfo=UTC) if t.tzinfo is None else t
