"""A calendar file → roster shifts for one seat, a report of every event, and what has to be asked first.

One bad event never fails the file, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct, field

from rotations.ics.content import Component, calendars
from rotations.ics.events import Event, event, lost
from rotations.ics.moments import Unreadable
from rotations.ics.people import LeftOutPerson, Names, NamesNobody, UnknownPerson, names_of, people_of
from rotations.ics.series import MARGIN, Expand, Expanded, Series, series_of
from rotations.ics.telling import Found, event_line, shifts_of
from rotations.ics.titles import title_of
from rotations.ics.wanted import Wanted, wanted_of
from rotations.ics.zones import LeftOut, UnknownZone, Zones, proposals, zone_called
from rotations.imports import Asked, Import, Line, Outcome, Question, QuestionKind
from rotations.wording import listed

MOST_PROPOSED = 20
MOST_NAMED = 3
_NO_EVENT = {
    "VTODO": "It is a task, no event.",
    "VJOURNAL": "It is a note, no event.",
    "VFREEBUSY": "It says when somebody is busy, not who is on call.",
}


def read(data: bytes, asked: Asked, expand: Expand) -> Import:
    """The whole file, or nothing of it. Raises NotImportable where it is too large or no calendar."""
    reader = _Reader(asked)
    within, beside = calendars(data)
    for calendar in within:
        reader.take(calendar)
    for component in beside:
        reader.pass_over(component, "It stands outside the calendar, before its BEGIN or after its END.")
    return reader.told(expand)


class _Notes(Struct):
    """What has been found so far: lines of report, and questions with the lines that wait for them."""

    lines: list[Line] = field(default_factory=list)
    questions: dict[tuple[QuestionKind, str], list[int]] = field(default_factory=dict)

    def drop(self, component: Component, why: str) -> None:
        self.lines.append(Line(component.line, title_of(component), Outcome.DROPPED, why))

    def ask(self, component: Component, kind: QuestionKind, asked: Iterable[str], why: str) -> None:
        for one in asked:
            self.questions.setdefault((kind, one), []).append(component.line)
        self.drop(component, why)


class _Reader:
    def __init__(self, asked: Asked) -> None:
        self._asked, self._notes = asked, _Notes()
        self._names: Names = names_of(asked.organisation.people, asked.answers.people)
        self._wanted: Wanted = wanted_of(asked)
        self._waiting: list[Series] = []

    def take(self, calendar: Component) -> None:
        """Everything of one calendar that does not need the expander."""
        zones = self._zones(calendar)
        cancels = calendar.text("METHOD").upper() == "CANCEL"
        events: list[Event] = []
        for component in calendar.inside:
            if component.name == "VTIMEZONE":
                continue
            if component.name != "VEVENT":
                self._notes.drop(component, _NO_EVENT.get(component.name, "It is no event."))
            elif cancels:
                self._notes.drop(component, "The file cancels its events (METHOD:CANCEL).")
            else:
                events += self._event(component, zones)
        self._series(events)
        self._notes.lines += _zone_lines(zones, calendar)

    def pass_over(self, component: Component, why: str) -> None:
        self._notes.drop(component, why)

    def _zones(self, calendar: Component) -> Zones:
        named = [one for one in calendar.inside if one.name == "VTIMEZONE"]
        declared = zone_called(calendar.text("X-WR-TIMEZONE"))
        usual = declared or self._asked.zone
        return Zones(usual, self._asked.answers.zones, {one.text("TZID"): one for one in named})

    def _event(self, component: Component, zones: Zones) -> Iterator[Event]:
        other = self._wanted.other_seat(component)
        if other:
            self._notes.drop(component, other)
            return
        try:
            yield event(component, zones)
            return
        except Unreadable as fault:
            self._notes.drop(component, f"{fault}{_aside(component)}")
        except LeftOut as fault:
            why = f"The zone “{fault.asked}” is to be left out, as answered."
            self._notes.drop(component, f"{why}{_aside(component)}")
        except UnknownZone as fault:
            why = (
                f"Its time zone “{fault.asked[:80]}” is not known: say which it is."
                if fault.asked
                else "Its times are in no time zone: say which is meant."
            )
            self._notes.ask(component, QuestionKind.ZONE, [fault.asked], f"{why}{_aside(component)}")
        stand_in = lost(component, zones)
        if stand_in is not None:
            yield stand_in

    def _series(self, events: list[Event]) -> None:
        found, gone = series_of(events)
        for one in gone:
            self._notes.drop(one.event.component, one.why)
        self._waiting += found

    def _people(self, one: Event) -> tuple[str, ...]:
        """() for an event that is dropped; its occurrences are dropped with it, not given to another."""
        try:
            return people_of(one.component, self._names)
        except NamesNobody:
            self._notes.drop(one.component, "It names nobody, neither in its title nor as an attendee.")
        except LeftOutPerson as fault:
            self._notes.drop(one.component, f"“{fault.asked}” is to be left out, as answered.")
        except UnknownPerson as fault:
            named = [f"“{one}”" for one in fault.asked[:MOST_NAMED]]
            named += [f"{len(fault.asked) - MOST_NAMED} more"] if len(fault.asked) > MOST_NAMED else []
            who = "that is" if len(fault.asked) == 1 else "they are"
            why = f"Nobody here is called {listed(named)}: say who {who}."
            self._notes.ask(one.component, QuestionKind.PERSON, fault.asked, why)
        return ()

    def told(self, expand: Expand) -> Import:
        """Expands what repeats, and puts everything together in the order of the file. Nobody is asked who
        somebody is that does not serve in the time wanted."""
        found: list[Found] = []
        for series, expanded in zip(self._waiting, self._expanded(expand), strict=True):
            is_ended = series.ends_before is not None
            for index, each in enumerate(series.events):
                mine = tuple(one for one in expanded.occurrences if one.event == index)
                people = self._people(each) if mine else ()
                if people or not mine:
                    found.append(Found(each, people, mine, expanded.why_not, is_ended))
        shifts, rows = shifts_of(found, self._wanted)
        lines = [*self._notes.lines, *(event_line(row, self._wanted) for row in rows)]
        ordered = sorted(lines, key=lambda line: line.number or 0)
        return Import(shifts, tuple(ordered), tuple(self._questions()))

    def _expanded(self, expand: Expand) -> list[Expanded]:
        """Plain events need no expander; the others go to it together, in one go."""
        start, end = self._asked.start, self._asked.end
        hard = [one for one in self._waiting if not one.is_plain]
        texts = [one.text() for one in hard]
        answers = iter(expand(texts, start - MARGIN, end + MARGIN) if texts else ())
        found: list[Expanded] = []
        for series in self._waiting:
            if series.is_plain:
                only = series.plain()
                found.append(Expanded((only,) if only.start < end and start < only.end else ()))
            else:
                found.append(series.settled(next(answers), start, end))
        return found

    def _questions(self) -> Iterator[Question]:
        """By their first line. Only the first of them come with proposals: each takes a while to find."""
        near = self._wanted.zone, *(person.zone for person in self._asked.organisation.people)
        by_line = sorted(self._notes.questions.items(), key=lambda row: row[1])
        for number, ((kind, asked), lines) in enumerate(by_line):
            if kind is QuestionKind.PERSON:
                text, propose = f"Who is “{asked}”?", self._names.proposals
            else:
                text = (
                    f"Which time zone is “{asked}”?" if asked else "In which time zone are times without one?"
                )
                propose = partial(proposals, near=near)
            found = propose(asked) if number < MOST_PROPOSED else ()
            yield Question(kind, asked, text, found, tuple(lines))


def _aside(component: Component) -> str:
    is_stand_in = component.first("RECURRENCE-ID") is not None
    return " The occurrence that it stands in for is left out with it." if is_stand_in else ""


def _zone_lines(zones: Zones, calendar: Component) -> Iterator[Line]:
    """Names of zones that had to be looked up, each once."""
    at = {tzid: component.line for tzid, component in zones.defined.items()}
    for tzid, read_as in zones.read_as.items():
        why = f"It is read as {read_as}."
        yield Line(at.get(tzid, calendar.line), f"time zone {tzid[:80]}", Outcome.ADAPTED, why)
