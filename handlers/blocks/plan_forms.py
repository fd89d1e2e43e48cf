"""The leads' forms: an order and its members from a date, a person more, an absence, a roster; and what each
would do, before it counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.calls import Json, Message
from handlers.text import count, literal
from rotations.model import Member, Organisation, Region, Schedule, Seat
from rotations.own_shifts import OwnShift
from rotations.preview import Stretch
from rotations.replanning import Place
from rotations.roster_csv import LineReport, RosterReport, Verdict, part_words
from rotations.wallclock import local
from rotations.wording import listed
from rotations.zones import city

STRETCHES_SHOWN = 40
LINES_SHOWN = 40
TOGETHER = " + "
A_MOMENT = timedelta(seconds=1)
PASTED_MAX = 2800
"""The form keeps what was pasted beside it, and Slack keeps 3,000 characters."""

META_MAX = 3000
IN_A_FILE = "A schedules file does not know of this: write it there too, or its next apply takes it back."
IN_A_FILE_ROSTER = "A schedules file that says roster: [] keeps these shifts; any other takes them back."
EXAMPLE_ROSTER = "ana,2026-12-01 09:00,2026-12-01 17:00,Europe/Dublin,EMEA primary"


class Outcome(Struct, frozen=True):
    """What a change would do: `stretches` of each place, sentences of whose shifts move, of what alarms."""

    stretches: Mapping[Place, Sequence[Stretch]]
    zones: Mapping[Place, str]
    names: Mapping[str, str]
    moved: Sequence[str] = ()
    alarming: Sequence[str] = ()


def menu(organisation: Organisation) -> Message:
    """Where a lead begins: what can be changed without a file."""
    options = [kit.option(*each) for each in place_options(organisation)]
    blocks: list[Json] = [
        kit.section("*Change the schedule*\nEach shows first what it does in the next four weeks."),
        kit.section("Who takes turns, in which order", kit.select(ids.PLAN_ORDER, "Choose", options)),
        kit.actions(
            kit.button("Add a person", ids.PLAN_PERSON),
            kit.button("Set an absence", ids.PLAN_ABSENCE),
            kit.button("Paste shifts", ids.PLAN_PASTE),
            kit.button("Import a file", ids.IMPORT_OPEN),
            kit.button("Take the last import back", ids.PLAN_TAKE_BACK),
        ),
        kit.context("One shift alone: /oncall override @bo primary 18:00–22:00. Back: /oncall undo."),
    ]
    return kit.message("Change the schedule", blocks if options else blocks[:1] + blocks[2:])


def place_options(organisation: Organisation) -> list[tuple[str, str]]:
    """Label and value of every place that takes turns, that of the paged schedule first."""
    paged = organisation.paged_schedule()
    ordered = sorted(organisation.schedules, key=lambda one: one is not paged)
    return [
        (_words(schedule, region, seat, schedule is paged), ids.pack(schedule.name, region.name, seat.value))
        for schedule in ordered
        for region in schedule.regions
        for seat in region.all_seats()
        if seat not in region.rosters
    ]


def _words(schedule: Schedule, region: Region, seat: Seat, is_paged: bool) -> str:
    """ "AMER primary"; of a schedule that is not paged with its name, where the region has another."""
    is_plain = is_paged or schedule.name.casefold() == region.name.casefold()
    return f"{region.name} {seat}" if is_plain else f"{schedule.name}: {region.name} {seat}"


def order_form(place: Place, since: str, members: Sequence[Member], names: Mapping[str, str]) -> Json:
    """Members as lines, the first serving on the date. `since` is a local date of the region."""
    lines = "\n".join(TOGETHER.join(names.get(key, key) for key in member) for member in members)
    blocks = [
        kit.section(f"*{literal(place.region, 60)} {place.seat.value}*"),
        kit.ask("From", kit.date_picker(ids.SINCE, since), hint="Turns go on changing when they do now."),
        kit.ask(
            "Who takes turns, one a line",
            kit.text_input(ids.MEMBERS, lines, "Ana Lima", is_long=True),
            hint="The first serves on that day, the others follow. Two together: Bo Chen + Cy Okafor.",
        ),
    ]
    meta = ids.pack(place.schedule, place.region, place.seat.value)
    return kit.modal(ids.VIEW_ORDER, "Change the order", blocks, "See what it does", meta)


def person_form(organisation: Organisation, since: str) -> Json:
    """Somebody more: who they are, and whose turns they join, last."""
    paged = organisation.paged_schedule()
    regions = [kit.option(region.name, region.name) for region in (paged.regions if paged else ())]
    places = [kit.option(*each) for each in place_options(organisation)]
    turns = kit.ask("Takes turns as", kit.select(ids.PLACE, "Choose", places), is_optional=True)
    blocks = [
        kit.ask("Who?", kit.person_select(ids.PERSON, "Choose a person")),
        kit.ask("Region", kit.select(ids.REGION, "Choose a region", regions), is_optional=True),
        *([turns] if places else []),
        kit.ask("From", kit.date_picker(ids.SINCE, since)),
        kit.ask(
            "Leads?",
            kit.checkboxes(
                ids.LEADS, [kit.option("Told when nobody answers; changes the schedule", ids.YES)]
            ),
            is_optional=True,
        ),
    ]
    return kit.modal(ids.VIEW_PERSON, "Add a person", blocks, "See what it does")


def absence_form(since: str) -> Json:
    """Whole days of the person's own calendar, both included."""
    blocks = [
        kit.ask("Who is away?", kit.person_select(ids.PERSON, "Choose a person")),
        kit.ask("First day", kit.date_picker(ids.SINCE, since)),
        kit.ask("Last day", kit.date_picker(ids.UNTIL, since), hint="Both in their own calendar."),
        kit.ask("Why?", kit.text_input(ids.WHY, "", "Holiday"), is_optional=True),
        kit.context("It takes nobody off a shift: it says which shifts need cover."),
    ]
    return kit.modal(ids.VIEW_ABSENCE, "Set an absence", blocks, "See what it does")


def paste_form(organisation: Organisation, typed: str = "") -> Json:
    paged = organisation.paged_schedule()
    regions = [kit.option(region.name, region.name) for region in (paged.regions if paged else ())]
    blocks = [
        kit.ask(
            "Shifts, one a line: person,start,end,zone,seat",
            kit.text_input(ids.ROSTER, typed, EXAMPLE_ROSTER, is_long=True),
            hint=f"As a sheet copies them, too. At most {PASTED_MAX:,} characters; for more: Import a file.",
        ),
        kit.ask(
            "Region of seats that name none",
            kit.select(ids.REGION, "Whichever holds then", regions),
            is_optional=True,
        ),
    ]
    return kit.modal(ids.VIEW_PASTE, "Paste shifts", blocks, "See what it does")


def preview_form(outcome: Outcome, meta: str) -> Json:
    """The next four weeks, before it counts."""
    blocks = [*_stretches(outcome), *_told(outcome, IN_A_FILE)]
    return kit.modal(ids.VIEW_PREVIEW, "The next four weeks", blocks, "Save it", meta)


def roster_form(report: RosterReport, outcome: Outcome, zone: str, meta: str) -> Json:
    """What becomes of each pasted line, before it counts; where nothing can be taken nothing can be sent."""
    counts = ", ".join(f"{report.count(verdict)} {verdict}" for verdict in Verdict)
    lines = [_line(line, outcome.names, zone) for line in report.lines[:LINES_SHOWN]]
    more = len(report.lines) - len(lines)
    lines += [f"and {count(more, 'more line')}"] if more > 0 else []
    blocks = [kit.section(f"*{counts}*"), *kit.sections(lines)]
    blocks += [*(_stretches(outcome) if report.shifts else ()), *_told(outcome, IN_A_FILE_ROSTER)]
    submit = "Import it" if report.shifts else ""
    return kit.modal(ids.VIEW_ROSTER, "Paste shifts", blocks, submit, meta)


def sure_form(outcome: Outcome, view: str, meta: str) -> Json:
    """The second confirmation: what is soon, or leaves nobody. `view` is the form it stands behind."""
    rows = [f"• {literal(each, 400)}" for each in outcome.alarming[:STRETCHES_SHOWN]]
    blocks = [
        kit.section("*This alters who is paged within 24 hours, or leaves nobody.*"),
        *kit.sections(rows),
        kit.context("Everybody whose shift moves is told at once, and so is the lead."),
    ]
    return kit.modal(view, "Are you sure?", blocks, "Yes, change it", meta)


class Away(Struct, frozen=True):
    """A person who is away in `[start, end)`, both in their own zone's days."""

    name: str
    zone: str
    start: datetime
    end: datetime


def absence_preview(away: Away, shifts: Sequence[OwnShift], meta: str) -> Json:
    """The person's shifts of the next four weeks; those that need cover are marked in words."""
    name = literal(away.name, 60)
    days = f"{_day(away.start, away.zone)} – {_day(away.end - A_MOMENT, away.zone)}"
    missed = [shift for shift in shifts if shift.start < away.end and away.start < shift.end]
    lines = [_own_shift(shift, shift in missed, away.zone) for shift in shifts[:STRETCHES_SHOWN]]
    said = f"Needs cover: {count(len(missed), 'shift')}." if missed else "No shift in that time."
    blocks = [
        kit.section(f"*{name} is away {days}, days of {literal(city(away.zone), 60)}*\n{said}"),
        *kit.sections(lines or [f"{name} has no shift in the next four weeks."]),
        kit.context("It takes nobody off a shift; where one needs cover you can ask for it next."),
    ]
    return kit.modal(ids.VIEW_ABSENCE_PREVIEW, "Set an absence", blocks, "Save it", meta)


def _own_shift(shift: OwnShift, is_missed: bool, zone: str) -> str:
    where = f"{literal(shift.region, 60)} {shift.seat.value}"
    said = f"{_when(shift.start, zone)} – {_when(shift.end, zone)}  {where}"
    return f"*{said}, needs cover*" if is_missed else said


def _stretches(outcome: Outcome) -> list[Json]:
    blocks: list[Json] = []
    for place, stretches in outcome.stretches.items():
        zone = outcome.zones[place]
        lines = [_stretch(each, zone, outcome.names) for each in stretches[:STRETCHES_SHOWN]]
        head = f"*{literal(place.region, 60)} {place.seat.value}*, times of {literal(city(zone), 60)}"
        blocks += [kit.section(head), *kit.sections(lines or ["Nobody is on call there."])]
    return blocks or [kit.section("Nobody takes a turn by this.")]


def _stretch(stretch: Stretch, zone: str, names: Mapping[str, str]) -> str:
    who = _names(stretch.people, names) or "nobody"
    when = f"{_when(stretch.start, zone)} – {_when(stretch.end, zone)}"
    if not stretch.is_changed:
        return f"{when}  {who}"
    return f"{when}  *{who}*, was {_names(stretch.was, names) or 'nobody'}"


def _when(at: datetime, zone: str) -> str:
    there = local(at, zone)
    return f"{there:%a} {there.day} {there:%b %H:%M}"


def _day(at: datetime, zone: str) -> str:
    there = local(at, zone)
    return f"{there:%a} {there.day} {there:%b}"


def _names(keys: Sequence[str], names: Mapping[str, str]) -> str:
    return literal(listed(names.get(key, key) for key in keys), 150)


def _told(outcome: Outcome, note: str) -> list[Json]:
    moves = f"{count(len(outcome.moved), 'change')} in the next 8 weeks; everybody concerned is told."
    said = moves if outcome.moved else "Nobody's shift of the next 8 weeks moves."
    soon = "Some of it is within 24 hours or leaves nobody: you are asked once more."
    return [kit.context(said, soon if outcome.alarming else "", note)]


def _line(line: LineReport, names: Mapping[str, str], zone: str) -> str:
    said = f"*{line.number} {line.verdict}*" + (f": {literal(line.why, 300)}" if line.why else "")
    parts = [f"    {literal(part_words(part, names, zone), 200)}" for part in line.parts]
    return "\n".join([said, *parts])
