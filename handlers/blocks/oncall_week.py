"""Days of shifts in words: a week of every seat, and one person's weeks to come. For whoever asked alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from handlers.blocks import kit
from handlers.blocks.hours import hours, hours_in, instant_in
from handlers.blocks.open_shifts import open_shift, open_shifts
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import city, count, day, literal, sentence, zone_of
from rotations.model import Seat
from rotations.outlook import repeated
from rotations.strips import Plan, Run, Strip
from rotations.wording import clock_only

RUNS_SHOWN = 10
SHIFTS_SHOWN = 20


def week(plan: Plan, zones: Mapping[str, str], reader: Reader, is_lead: bool = False) -> Message:
    """Everything the picture shows, in words: for whoever cannot see it, and before it is drawn.

    `zones`: region → its zone. A lead can ask for cover of what is open.
    """
    head = f"On call {week_title(plan, reader.zone)}"
    blocks = [kit.section(f"*{head}*, {city(reader.zone)} time")]
    for region, rows in groupby(plan.strips, key=lambda strip: strip.region):
        blocks.append(_region(region, list(rows), plan, reader))
    if not plan.strips:
        blocks.append(kit.section("No region holds in these days."))
    blocks += open_shifts(repeated(plan.holes()), zones, reader, plan.schedule if is_lead else "")
    blocks.append(kit.context("The same as a picture comes in a direct message."))
    return kit.message(head, blocks)


def week_title(plan: Plan, zone: str) -> str:
    """`Mon 30 Nov to Sun 6 Dec`, by the reader's days."""
    last = plan.end - timedelta(minutes=1)
    return " to ".join(day(at.astimezone(zone_of(zone))) for at in (plan.start, last))


def week_in_words(plan: Plan, zone: str) -> str:
    """The picture for whoever cannot see it: at most 1,000 characters, holes first."""
    holes = [open_shift(hole, {}, zone) for hole in repeated(plan.holes())]
    said = [f"Open: {'; '.join(holes)}." if holes else "No shift is open."]
    said += [f"{strip.region} {strip.seat.value}: {', '.join(_named(strip))}." for strip in plan.strips]
    whole = " ".join([f"On call {week_title(plan, zone)}, {city(zone)} time.", *said])
    return whole if len(whole) <= ALT_MAX else f"{whole[: ALT_MAX - 1].rstrip()}…"


ALT_MAX = 1000


def shifts_of(
    name: str, found: Sequence[tuple[str, Strip, Run]], until_weeks: int, reader: Reader
) -> Message:
    """One person's shifts: the reader's zone, the region's, and UTC. `found`: with its schedule's name."""
    who = literal(name, 60)
    if not found:
        words = f"{who} is on no shift in the next {until_weeks} weeks."
        return kit.message(words, [kit.section(words)])
    head = f"{who}: the next {until_weeks} weeks"
    schedules = len({schedule for schedule, _, _ in found})
    rows = [
        _shift(schedule if schedules > 1 else "", strip, run, reader)
        for schedule, strip, run in found[:SHIFTS_SHOWN]
    ]
    if len(found) > SHIFTS_SHOWN:
        rows.append(kit.context(f"and {len(found) - SHIFTS_SHOWN} more"))
    return kit.message(head, [kit.section(f"*{head}*"), *rows])


def _region(region: str, strips: Sequence[Strip], plan: Plan, reader: Reader) -> Json:
    begins = strips[0].begins(plan.start)
    zones = dict.fromkeys((strips[0].zone, "UTC"))
    since = f"  from {' · '.join(clock_only(begins, zone) for zone in zones)}" if begins else ""
    return kit.lines(f"*{literal(region, 60)}*{since}", *(_seat(strip, reader) for strip in strips))


def _seat(strip: Strip, reader: Reader) -> str:
    """`Primary  Ana Lima · Cy Okafor from Tue 1 Dec 13:00 (…) · *open* Thu 3 Dec 04:00–12:00`."""
    runs = list(strip.runs())
    is_shadow = strip.seat is Seat.SHADOW  # an open one is no hole: nobody would page it
    said = [_run(run, place, reader, is_shadow) for place, run in enumerate(runs[:RUNS_SHOWN])]
    if len(runs) > RUNS_SHOWN:
        said.append(f"and {len(runs) - RUNS_SHOWN} more changes")
    return f"{strip.seat.value.capitalize()}  {' · '.join(said)}"


def _run(run: Run, place: int, reader: Reader, is_shadow: bool) -> str:
    if not run.first.people and not is_shadow:
        return f"*open* {hours(run.start, run.end, reader.zone).removesuffix(f' {city(reader.zone)}')}"
    since = f" from {instant_in(run.start, reader.zone)}" if place else ""
    return f"{literal(run.first.text, 120)}{since}{_reason(run)}"


def _reason(run: Run) -> str:
    """` (covers for Cy Okafor: dentist)`: the name stands before it."""
    why = run.first.why[0].rstrip(".").removeprefix(f"{run.first.text} ")
    return f" ({literal(why, 120)})" if run.first.is_changed else ""


def _shift(schedule: str, strip: Strip, run: Run, reader: Reader) -> Json:
    """`EMEA primary  Mon 30 Nov 04:00–Sun 6 Dec 12:00 New York · … · 7 shifts, 56 h in all`."""
    where = f"{literal(schedule, 40)}: " if schedule else ""
    when = hours_in(run.start, run.end, (reader.zone, strip.zone))
    why = sentence(literal(run.first.why[0], 150)) if run.first.is_changed else ""
    return kit.lines(f"*{where}{literal(strip.region, 60)} {strip.seat.value}*  {_lasts(run)}", when, why)


def _lasts(run: Run) -> str:
    """`7 shifts of 8 h`, `6 shifts, 49 h in all`: a run of days is no week without sleep."""
    lengths = {each.end - each.start for each in run.stretches}
    if len(run.stretches) == 1:
        return f"{_in_hours(run.lasts)}"
    if len(lengths) == 1:
        return f"{count(len(run.stretches), 'shift')} of {_in_hours(lengths.pop())}"
    return f"{count(len(run.stretches), 'shift')}, {_in_hours(run.lasts)} in all"


def _in_hours(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def _named(strip: Strip) -> Iterator[str]:
    yield from dict.fromkeys(run.first.text for run in strip.runs())
