"""ics.feed: from a schedule to the text of a calendar with every shift of a year, beside the engine's own
expansion of the same year. The text is read back strictly first: where it says otherwise the row is void."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import icalendar

from rotations.feed import Window, events
from rotations.feed_changes import Naming, revised
from rotations.feed_text import Heading, text
from rotations.model import Organisation
from rotations.shifts import Resolver, Shift
from rotations.zones import use_bundled_tzdata
from tests.bench.rota_year import OVERRIDES, SCHEDULE, YEAR, Held, comparable
from tests.bench.rows import Aim, Row

REPEATS = 9
ORGANISATION = Organisation(schedules=(SCHEDULE,), overrides=OVERRIDES)


def rows(run: str) -> Iterator[Row]:
    use_bundled_tzdata()
    feed, engine = _seconds(written), _seconds(expanded)
    is_void = read_back(written()) != comparable(expanded())
    aim, note = Aim("ratio", "<=", 3.0), "a year of 3 regions of 8 people, 200 overrides; nothing kept"
    yield Row("ics.feed", 1e3 * feed, "ms", run, 1e3 * engine, aim, note, is_void)


def written() -> str:
    """The engine's expansion, the events, what becomes of each, and the text."""
    shown = Window(*YEAR)
    found = events(ORGANISATION, Resolver(SCHEDULE, OVERRIDES), shown)
    return text(Heading("A year"), revised({}, found, Naming("bench", {}), shown, YEAR[0]).shown)


def expanded() -> Sequence[Shift]:
    return Resolver(SCHEDULE, OVERRIDES).between(*YEAR)[0]


def read_back(calendar: str) -> list[Held]:
    """Clipped to the year, as the engine answers it."""
    found: list[Any] = icalendar.Calendar.from_ical(calendar.encode()).walk("VEVENT")
    held = [
        Held(
            max(event["DTSTART"].dt, YEAR[0]),
            min(event["DTEND"].dt, YEAR[1]),
            str(event["X-MERIDIAN-REGION"]),
            (str(event["X-MERIDIAN-PERSON"]),),
        )
        for event in found
    ]
    return comparable(sorted(held))


def _seconds(act: Callable[[], object]) -> float:
    """The quickest of some times: the others were disturbed."""
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)
