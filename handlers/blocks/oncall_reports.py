"""Reports for whoever plans: holes and coverage, and how evenly the load lies."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from handlers.blocks import kit
from handlers.blocks.hours import hours_in
from handlers.blocks.open_shifts import open_shifts
from handlers.blocks.outlook import difference_line
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import count, dated, day, literal
from rotations.coverage import Coverage, Overlap
from rotations.daylight import Week
from rotations.load import Load, Spread, comparable, spread
from rotations.model import Seat
from rotations.outlook import repeated

WEEKS_SHOWN = 6
LINES_MAX = 15
PEOPLE_SHOWN = 60
FIGURES: tuple[tuple[str, Callable[[Load], float]], ...] = (
    ("Hours", lambda load: load.hours),
    ("Nights", lambda load: load.nights),
    ("Weekends", lambda load: load.weekends),
    ("Public holidays", lambda load: load.holidays),
    ("Pages", lambda load: load.pages),
    ("Points", lambda load: load.points),
)
HOW_POINTS = (
    "Points: a night 2, a weekend 1.5, a public holiday 3, a page 1, at SEV0 or SEV1 2 more. Pages of "
    "restricted incidents are not counted. It shows how far people lie apart, and ranks nobody."
)


class Covered(Struct, frozen=True):
    """How one schedule is covered in the weeks to come, and what the clocks do to it."""

    schedule: str
    coverage: Coverage
    weeks: tuple[Week, ...]
    zones: Mapping[str, str]


def holes(seen: Sequence[Covered], reader: Reader, is_lead: bool = False) -> Message:
    """Every hole of the next 52 weeks by instant, the share of each seat, overlaps, and weeks that differ.

    A lead can ask for cover of each.
    """
    open_count = sum(len(one.coverage.gaps) for one in seen)
    head = f"{count(open_count, 'open shift')} in the next 52 weeks" if open_count else "No shift is open"
    blocks = [kit.section(f"*{head}*{'' if open_count else ' in the next 52 weeks.'}")]
    for place, one in enumerate(seen):
        if place and one.coverage.percent == 100 and not one.coverage.gaps:
            continue  # of the other schedules only what is missing
        blocks += _covered(one, len(seen) > 1, reader, is_lead)
    return kit.message(head, blocks)


def only(one: Covered, region: str | None) -> Covered:
    """What concerns one region; None: everything."""
    if region is None:
        return one
    seen = one.coverage
    coverage = replace(
        seen,
        seats=tuple(each for each in seen.seats if each.region == region),
        gaps=tuple(each for each in seen.gaps if each.region == region),
        overlaps=tuple(each for each in seen.overlaps if region in each.regions),
    )
    kept = (
        week._replace(differences=tuple(each for each in week.differences if region in each.regions))
        for week in one.weeks
    )
    return replace(one, coverage=coverage, weeks=tuple(week for week in kept if week.differences))


def _covered(one: Covered, is_named: bool, reader: Reader, is_lead: bool) -> list[Json]:
    coverage = one.coverage
    name = f"*{literal(one.schedule, 60)}*  " if is_named else ""
    blocks = [
        kit.section(f"{name}Somebody is primary {_percent(coverage.percent)} of the time.{_seats(coverage)}")
    ]
    if coverage.gaps:
        blocks += open_shifts(repeated(coverage.gaps), one.zones, reader, one.schedule if is_lead else "")
    said = [*_overlaps(coverage.overlaps, one.zones, reader), *_weeks(one.weeks, reader)]
    return [*blocks, kit.lines(*said)] if said else blocks


def _seats(coverage: Coverage) -> str:
    """Only the seats that are not full: the rest goes without saying."""
    partly = [
        f"{literal(s.region, 60)} {s.seat.value} {_percent(s.percent)}"
        for s in coverage.seats
        if s.percent < 100
    ]
    return f" Not full: {', '.join(partly)}." if partly else ""


def _percent(share: float) -> str:
    """Never rounded up to all of it: `99.9 %` is not `100 %`."""
    return "100 %" if share == 100 else f"{min(share, 99.9):.1f} %"


def _overlaps(overlaps: Sequence[Overlap], zones: Mapping[str, str], reader: Reader) -> list[str]:
    """The next one of each pair of regions; they repeat daily."""
    first: dict[tuple[str, str], Overlap] = {}
    for overlap in overlaps:
        first.setdefault(overlap.regions, overlap)
    return [
        f"• {literal(' and '.join(pair), 120)} hold together, next "
        f"{hours_in(one.start, one.end, (reader.zone, zones.get(pair[0], 'UTC')))}"
        for pair, one in first.items()
    ]


def _weeks(weeks: Sequence[Week], reader: Reader) -> list[str]:
    rows = [
        f"• Week of {dated(_noon(week), reader.now)}: {difference_line(each, reader)}"
        for week in weeks[:WEEKS_SHOWN]
        for each in week.differences
    ]
    more = [f"and {len(weeks) - WEEKS_SHOWN} more weeks"] if len(weeks) > WEEKS_SHOWN else []
    return ["*Weeks in which the clocks change something*", *rows, *more] if rows else []


def _noon(week: Week) -> datetime:
    return datetime(week.monday.year, week.monday.month, week.monday.day, 12)


def load(
    loads: Sequence[Load], shown: Sequence[Load], names: Mapping[str, str], since: datetime, reader: Reader
) -> Message:
    """The spread of every figure, and the figures of `shown`: everybody's to a lead, else one's own."""
    head = f"Load since {day(since.astimezone(reader.now.tzinfo))}"
    rows = [_spread(label, spread(of(each) for each in comparable(loads))) for label, of in FIGURES]
    blocks = [kit.lines(f"*{head}*: the least, the middle, the most", *rows)]
    people = [_person(each, names) for each in shown[:PEOPLE_SHOWN]]
    for at in range(0, len(people), LINES_MAX):
        blocks.append(kit.lines(*people[at : at + LINES_MAX]))
    return kit.message(head, [*blocks, kit.context(HOW_POINTS)])


def _spread(label: str, figure: Spread) -> str:
    return f"{label}  {_figure(figure.least)} · {_figure(figure.middle)} · {_figure(figure.most)}"


def _person(each: Load, names: Mapping[str, str]) -> str:
    """`Ana Lima  168 h · 12 nights · 4 weekends · 1 public holiday · 9 pages · 45.5 points`."""
    name = literal(names.get(each.person, each.person), 60) + (
        " (lead)" if each.seats == (Seat.LEAD,) else ""
    )
    parts = [
        f"{_figure(each.hours)} h",
        count(each.nights, "night"),
        count(each.weekends, "weekend"),
        count(each.holidays, "public holiday"),
        count(each.pages, "page"),
        f"{_figure(each.points)} points",
    ]
    return f"*{name}*  {' · '.join(parts)}"


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
