"""Why somebody is on call, seat by seat, and who was: as it was known then, and as it is known now."""

from collections.abc import Sequence
from datetime import datetime

from handlers.blocks import kit
from handlers.blocks.oncall import changed
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import literal, sentence, zone_of
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine
from rotations.wording import clock, clocks

REASONS_SHOWN = 8


def why(answer: OnCallAnswer, zone: str, reader: Reader) -> Message:
    """Every seat with its whole reason chain, and when the turn ends. `zone` was named, "" for none."""
    head = f"*Why, {when(answer, zone, reader)}*"
    blocks = [kit.section(head), *(_reasons(region, reader) for region in answer.regions)]
    if not answer.regions:
        blocks.append(kit.section("Nobody is on call: no region holds then."))
    return kit.message("Why they are on call", blocks)


def history(then: OnCallAnswer | None, now: OnCallAnswer, zone: str, reader: Reader) -> Message:
    """Who was on call. `then` None: nothing was applied yet at that time."""
    head = f"*{when(now, zone, reader)}*"
    if then is None:
        said = [kit.section("No schedule was applied yet then."), *_told("By what is known now", now)]
    elif _held(then) == _held(now):
        said = [*_told("On call was", now), kit.context("The same as was known at that time.")]
    else:
        said = [*_told("As it was known then", then), *_told("By what is known now", now)]
        said.append(
            kit.context("It was changed afterwards. Pages of that time followed what was known then.")
        )
    return kit.message("Who was on call", [kit.section(head), *said])


def when(answer: OnCallAnswer, zone: str, reader: Reader) -> str:
    """The instant in the place that was named, the reader's own, the region's, and UTC: three of them."""
    held = [region.zone for region in answer.regions[:1]]
    wanted = (zone, zone_of(reader.zone).key, *held)
    shown = list(dict.fromkeys(each for each in wanted if each and each != "UTC"))[:2]
    return literal(clocks(answer.at, shown), 200)


def _reasons(region: RegionAnswer, reader: Reader) -> Json:
    until = f" holds until {_both(region.until, region.zone, reader)}" if region.until else " holds"
    return kit.lines(
        f"*{literal(region.region, 60)}*{until}", *(_seat(line, region, reader) for line in region.seats)
    )


def _seat(line: SeatLine, region: RegionAnswer, reader: Reader) -> str:
    said = " ".join(sentence(literal(each, 200)) for each in line.why[:REASONS_SHOWN])
    turn = f" Until {_both(line.turn_until, region.zone, reader)}." if line.turn_until else ""
    return f"*{line.label}*  {literal(line.text, 200)}. {said}{turn}"


def _both(at: datetime, zone: str, reader: Reader) -> str:
    return literal(
        " · ".join(clock(at, each) for each in dict.fromkeys((zone_of(reader.zone).key, zone))), 120
    )


def _told(head: str, answer: OnCallAnswer) -> Sequence[Json]:
    if not answer.regions:
        return [kit.section(f"*{head}:* nobody, no region held.")]
    return [
        kit.lines(
            f"*{head}: {literal(region.region, 60)}*",
            *(f"{line.label}  {literal(line.text, 200)}{changed(line)}" for line in region.seats),
        )
        for region in answer.regions
    ]


def _held(answer: OnCallAnswer) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.region, line.seat, line.people) for region in answer.regions for line in region.seats]
