"""Hours that nobody holds, in the reader's zone, the region's and UTC; a lead can ask for cover of each."""

from collections.abc import Mapping, Sequence

from handlers.blocks import kit
from handlers.blocks.hours import hours_in
from handlers.blocks.reader import Reader
from handlers.blocks.rota_changes import ask_for_cover_button
from handlers.calls import Json
from handlers.text import day, literal
from rotations.outlook import Hole

SHOWN = 8


def open_shifts(
    holes: Sequence[Hole], zones: Mapping[str, str], reader: Reader, schedule: str = ""
) -> list[Json]:
    """A line for each hole, or the one that says so where there is none. `schedule` "": no buttons."""
    if not holes:
        return [kit.section("No shift is open.")]
    blocks = [
        kit.section(f"*Open shift*  {open_shift(hole, zones, reader.zone)}", _ask(schedule, hole))
        for hole in holes[:SHOWN]
    ]
    if len(holes) > SHOWN:
        blocks.append(kit.context(f"and {len(holes) - SHOWN} more: /oncall holes"))
    return blocks


def open_shift(hole: Hole, zones: Mapping[str, str], zone: str) -> str:
    """`EMEA backup Thu 3 Dec 09:00–17:00 Dublin · 04:00–12:00 New York · 09:00–17:00 UTC`."""
    what = f"{literal(hole.region, 60)} {hole.seat.value}" if hole.region and hole.seat else "no region holds"
    there = [zones[hole.region]] if hole.region is not None and hole.region in zones else []
    more = f", and {hole.count - 1} more until {day(hole.last_end)}" if hole.count > 1 else ""
    return f"{what} {hours_in(hole.start, hole.end, (*there, zone))}{more}"


def _ask(schedule: str, hole: Hole) -> Json | None:
    """Asks whoever is free and rested. Hours without a region are the schedules file's to fill."""
    if not schedule or hole.region is None or hole.seat is None:
        return None
    nobody = ""
    return ask_for_cover_button(schedule, nobody, (hole.start, hole.end), hole.region, hole.seat.value)
