"""What the rota rows are measured beside: dateutil's rules and recurring-ical-events, on the same schedule.

Neither knows regions that hold until the next, or overrides: those rules are laid over what they expand."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise

import recurring_ical_events
from dateutil.rrule import FR, MO, SA, SU, TH, TU, WE, WEEKLY, rrule
from icalendar import Calendar, Event

from rotations.model import Override
from tests.bench.rota_year import PLACES, YEAR, Held, Place

Start = tuple[datetime, str, str]
"""When a region starts to hold, its name, and who serves."""

LONGEST_HOLD = timedelta(hours=9)
BEFORE = YEAR[0] - timedelta(days=1)


class Dateutil:
    """A cached weekly rule for each person; who began last holds."""

    def __init__(self, overrides: tuple[Override, ...]) -> None:
        self._overrides = overrides
        self._rules = {who: rule for place in PLACES for who, rule in _rules(place)}
        self._starts: dict[str, list[Start]] = {}

    def at(self, t: datetime) -> tuple[str, tuple[str, ...]]:
        begun = ((rule.before(t, inc=True), who) for who, rule in self._rules.items())
        _, (name, person) = max((start, who) for start, who in begun if start is not None)
        changed = (o.people for o in self._overrides if o.start <= t < o.end and o.region == name)
        return name, next(changed, (person,))

    def year(self) -> list[Held]:
        self._starts = {place.name: self._expanded(place) for place in PLACES}
        return _overlaid(_held(chain.from_iterable(self._starts.values())), self._overrides)

    def region_after(self, edit: Override) -> list[Held]:
        place = next(place for place in PLACES if place.name == edit.region)
        self._rules |= dict(_rules(place))
        self._starts[place.name] = self._expanded(place)
        rows = [row for row in _held(chain.from_iterable(self._starts.values())) if row.region == place.name]
        return _overlaid(rows, (*self._overrides, edit))

    def _expanded(self, place: Place) -> list[Start]:
        return [
            (start.astimezone(UTC), place.name, person)
            for person in place.people
            for start in self._rules[place.name, person].between(BEFORE, YEAR[1])
        ]


def _rules(place: Place) -> Iterator[tuple[tuple[str, str], rrule]]:
    days = (MO, TU, WE, TH, FR, SA, SU)
    for number, person in enumerate(place.people):
        first = place.first_start(number)
        yield (place.name, person), rrule(WEEKLY, first, interval=8, byweekday=days, wkst=MO, cache=True)


class Ical:
    """A calendar with a recurring event for each person and one for each override, expanded when asked."""

    def __init__(self, overrides: tuple[Override, ...]) -> None:
        self._overrides = overrides
        events = [event for place in PLACES for event in _events(place)]
        changes = [
            _event("override", o.region, o.people[0], start=o.start, length=o.end - o.start)
            for o in overrides
        ]
        self._query = recurring_ical_events.of(_calendar([*events, *changes]))
        self._starts: list[Start] = []

    def at(self, t: datetime) -> tuple[str, tuple[str, ...]]:
        found = self._query.at(t)
        _, name, person = max(_starts(found))
        changed = (who.split() for who in _summaries(found) if who.startswith(f"override {name} "))
        return name, next(((words[2],) for words in changed), (person,))

    def year(self) -> list[Held]:
        self._starts = list(_starts(self._query.between(BEFORE, YEAR[1])))
        return _overlaid(_held(self._starts), self._overrides)

    def region_after(self, edit: Override) -> list[Held]:
        place = next(place for place in PLACES if place.name == edit.region)
        query = recurring_ical_events.of(_calendar(_events(place)))
        others = [start for start in self._starts if start[1] != place.name]
        self._starts = [*others, *_starts(query.between(BEFORE, YEAR[1]))]
        rows = [row for row in _held(self._starts) if row.region == place.name]
        return _overlaid(rows, (*self._overrides, edit))


def _events(place: Place) -> Iterator[Event]:
    for number, person in enumerate(place.people):
        event = _event("base", place.name, person, start=place.first_start(number), length=LONGEST_HOLD)
        event.add(
            "rrule", {"freq": "weekly", "interval": 8, "byday": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}
        )
        yield event


def _event(*words: str, start: datetime, length: timedelta) -> Event:
    event = Event()
    event.add("uid", f"{words} {start}")
    event.add("summary", " ".join(words))
    event.add("dtstart", start)
    event.add("dtend", start + length)
    return event


def _calendar(events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    return calendar


def _summaries(events: Iterable[Event]) -> list[str]:
    return [str(event["summary"]) for event in events]


def _starts(events: list[Event]) -> Iterator[Start]:
    for event, summary in zip(events, _summaries(events), strict=True):
        kind, name, person = summary.split()
        if kind == "base":
            yield event.decoded("dtstart").astimezone(UTC), name, person


def _held(starts: Iterable[Start]) -> list[Held]:
    """The rule of a chain: each start holds until the next; clipped to the year."""
    (begin, close), ordered = YEAR, sorted(starts)
    ends = [*(later[0] for _, later in pairwise(ordered)), close]
    return [
        Held(max(start, begin), min(end, close), name, (person,))
        for (start, name, person), end in zip(ordered, ends, strict=True)
        if begin < end and start < close
    ]


def _overlaid(rows: Iterable[Held], overrides: Iterable[Override]) -> list[Held]:
    """The rule of an override: it replaces who holds its region, in the hours that lie in its window."""
    standing: dict[str, list[Override]] = {}
    for override in sorted(overrides, key=lambda override: override.start):
        standing.setdefault(override.region, []).append(override)
    return [part for row in rows for part in _cut(row, standing.get(row.region, []))]


def _cut(row: Held, standing: list[Override]) -> Iterator[Held]:
    opens = row.start
    while standing and standing[0].end <= row.start:
        standing.pop(0)
    for override in standing:
        if override.start >= row.end:
            break
        start, end = max(row.start, override.start), min(row.end, override.end)
        if opens < start:
            yield row._replace(start=opens, end=start)
        yield Held(start, end, row.region, override.people)
        opens = end
    if opens < row.end:
        yield row._replace(start=opens)
