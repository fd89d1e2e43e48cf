"""`import ics`: a calendar of another tool onto one seat. Every event is reported; nothing is guessed."""

from argparse import Namespace
from pathlib import Path

from bot.cli.beside import say_beside
from bot.cli.confirming import BY, confirmed, say_moved
from bot.cli.exits import Exit, UsageFault, counted, say, say_json, with_settings
from bot.cli.import_inputs import answers, content, demand_zone, fetched
from bot.cli.import_report import counted_outcomes, report_document, say_report
from bot.clock import chance
from bot.ics_child import expand
from bot.settings import Settings
from incidents.operations import subscribing
from incidents.operations.ics_importing import CalendarWish, ImportedCalendar, import_calendar
from incidents.operations.importing import How
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.ics.content import MOST_BYTES
from rotations.model import Seat
from rotations.replanning import Place


@with_settings
def import_ics(settings: Settings, options: Namespace) -> Exit:
    """Refused where nothing can be taken; questions that are open are said with what may be meant."""
    demand_zone(options.zone)
    is_address = "://" in options.file
    if options.follow and (options.dry_run or not is_address):
        raise UsageFault("Only an address can be followed, and not with --dry-run.")
    data = fetched(options.file) if is_address else content(Path(options.file), MOST_BYTES)
    wish = CalendarWish(
        options.schedule, options.region, Seat(options.seat), options.zone, answers(options.map)
    )

    def work(house: House, is_sure: bool) -> ImportedCalendar:
        how = How(BY, options.dry_run, is_sure)
        if not options.follow:
            return import_calendar(house, data, wish, expand, how)
        subscribing.demand_followable(house, options.file, wish)
        imported = import_calendar(house, data, wish, expand, how)
        if imported.found.shifts:
            subscribing.follow_imported(house, options.file, imported, BY, chance())
        return imported

    imported = confirmed(settings, options, work)
    if options.json:
        say_json(_document(imported))
    else:
        _say(imported, options)
    return Exit.DONE if imported.found.shifts else Exit.REFUSED


def _say(imported: ImportedCalendar, options: Namespace) -> None:
    found = imported.found
    say_report(found.report, found.questions)
    told = counted_outcomes(found.report) or "no events"
    place = f"{imported.asked.region} {imported.asked.seat}"
    if not found.shifts:
        say(f"Nothing to import for {place}: {told}.")
    elif not imported.weighed.is_change:
        say(f"Nothing to change for {place}: {told}, as before.")
    else:
        verb = "Would import" if options.dry_run else "Imported"
        say(f"{verb} {counted(len(found.shifts), 'shift')} for {place}: {told}.")
        say_moved(imported.weighed, options)
    if found.shifts and options.dry_run:
        asked = imported.asked
        seat = Place(asked.schedule, asked.region, asked.seat)
        say_beside(found.shifts, imported.weighed.after, seat, asked.start)
    if found.shifts and options.follow:
        say("It is followed from now on: python -m bot import following")


def _document(imported: ImportedCalendar) -> dict[str, object]:
    found, asked = imported.found, imported.asked
    return {
        "schedule": asked.schedule,
        "region": asked.region,
        "seat": asked.seat.value,
        "is_change": imported.weighed.is_change,
        "shifts": [
            {"people": [*one.people], "from": stamp(one.start), "until": stamp(one.end)}
            for one in found.shifts
        ],
        **report_document(found.report, found.questions),
    }
