"""What the team reads on Mondays: open shifts of the next 14 days, and what the clocks do to this week."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import assert_never

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.blocks.rota_changes import ask_for_cover_button
from handlers.calls import Json, Message
from handlers.text import city, count, dated, day, literal, span
from rotations.daylight import ClockChange, Difference, Measure
from rotations.outlook import Hole, Outlook
from rotations.wallclock import local

SHOWN = 12


def outlook_post(seen: Sequence[Outlook], reader: Reader) -> Message:
    """One message for all schedules; it says so, too, where nothing is open: silence proves nothing."""
    holes = [(one, hole) for one in seen for hole in one.holes]
    open_shifts = sum(hole.count for _, hole in holes)
    head = f"{count(open_shifts, 'open shift')} in the next 14 days" if holes else _NONE_OPEN
    rows = [_hole_row(one.schedule, hole, len(seen) > 1, reader) for one, hole in holes[:SHOWN]]
    more = [kit.context(f"and {len(holes) - SHOWN} more: /oncall holes")] if len(holes) > SHOWN else []
    button = kit.actions(kit.button("Who is on call", ids.ON_CALL), block_id="outlook.actions")
    return kit.message(head, [kit.section(f"*{head}*"), *rows, *more, *_clock_lines(seen, reader), button])


_NONE_OPEN = "No open shift in the next 14 days"


def _hole_row(schedule: str, hole: Hole, is_named: bool, reader: Reader) -> Json:
    """With a button for whoever can have it filled; hours in which no region holds have no seat to fill."""
    words = _hole(schedule if is_named else "", hole, reader)
    if hole.region is None or hole.seat is None:
        return kit.section(words)
    span_of_hole = hole.start, hole.end
    return kit.section(words, ask_for_cover_button(schedule, "", span_of_hole, hole.region, hole.seat.value))


def _hole(schedule: str, hole: Hole, reader: Reader) -> str:
    """`EMEA backup: Thu 3 Dec … until …, and 4 more at the same hours until Wed 9 Dec`."""
    what = f"{literal(hole.region, 60)} {hole.seat.value}" if hole.region and hole.seat else "no region holds"
    where = f"{literal(schedule, 60)}, {what}" if schedule else what
    more = f", and {hole.count - 1} more until {day(hole.last_end)}" if hole.count > 1 else ""
    return f"{where}: {reader.shared(hole.start)} for {span(hole.end - hole.start)}{more}"


def _clock_lines(seen: Sequence[Outlook], reader: Reader) -> list[Json]:
    clocks = sorted({clock for one in seen for clock in one.clocks})
    if not clocks:
        return []
    differing = [f"• {difference_line(each, reader)}" for one in seen for each in one.differences]
    said = [f"• {clock_line(clock, reader)}" for clock in clocks]
    return [kit.lines("*The clocks change this week*", *said, *dict.fromkeys(differing[:SHOWN]))]


def clock_line(clock: ClockChange, reader: Reader) -> str:
    step = clock.after - clock.before
    way = f"forward {span(step)}" if step > timedelta(0) else f"back {span(-step)}"
    return f"{city(clock.zone)} goes {way}: {reader.shared(clock.at)}"


def difference_line(one: Difference, reader: Reader) -> str:
    """`From Sun 8 Mar EMEA holds 7 h instead of 8 h, until Sun 29 Mar`, by the days of the region."""
    until = f", until {dated(local(one.until, one.zone), reader.now)}" if one.until else ""
    return f"From {dated(local(one.start, one.zone), reader.now)} {_what(one)}{until}"


def _what(one: Difference) -> str:
    where, now, so_far = _regions(one.regions), span(one.after), span(one.before)
    match one.measure:
        case Measure.LENGTH:
            return f"{where} holds {now} instead of {so_far}"
        case Measure.OVERLAP if not one.after:
            return f"{where} no longer overlap, {so_far} so far"
        case Measure.OVERLAP:
            return f"{where} overlap {now}" + (
                f" instead of {so_far}" if one.before else ", not at all so far"
            )
        case Measure.HOLE if not one.after:
            return f"the hole of {so_far} before {where} is closed"
        case Measure.HOLE:
            return (
                f"nobody holds for {now}"
                + (f" instead of {so_far}" if one.before else "")
                + f" before {where}"
            )
        case _:
            assert_never(one.measure)


def _regions(names: Iterable[str]) -> str:
    return " and ".join(literal(name, 60) for name in names)
