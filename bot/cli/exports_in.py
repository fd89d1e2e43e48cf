"""`import pagerduty|opsgenie|grafana`: another tool's export. Each object is reported; nothing is guessed."""

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.confirming import BY, confirmed, say_moved
from bot.cli.exits import Exit, counted, say, say_json, with_settings
from bot.cli.import_inputs import answers, content, demand_zone
from bot.cli.import_report import counted_outcomes, in_words, report_document, say_report
from bot.ics_child import expand
from bot.settings import Settings
from incidents.operations.importing import How
from incidents.operations.vendor_importing import (
    Comparison,
    Export,
    ExportWish,
    ImportedExport,
    import_export,
)
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.comparing import difference
from rotations.comparing import in_words as row_in_words
from rotations.ics.content import MOST_BYTES as MOST_OF_CALENDAR
from rotations.imports import Answers, Outcome
from rotations.model import Organisation, Seat
from rotations.vendors.tree import MOST_BYTES
from rotations.vendors.wish import VendorWish

MOST_ROWS = 60


@with_settings
def import_vendor(settings: Settings, options: Namespace) -> Exit:
    """Refused where nobody is on call by what can be taken; questions say what may be meant."""
    demand_zone(options.zone)
    export = Export(options.kind, content(options.file, MOST_BYTES), dict(map(_rendered, options.rendered)))
    wish = ExportWish(_wish(options), answers(options.map))

    def work(house: House, is_sure: bool) -> ImportedExport:
        return import_export(house, export, wish, expand, How(BY, options.dry_run, is_sure))

    imported = confirmed(settings, options, work)
    if options.json:
        say_json(_document(imported))
    else:
        _say(imported, options)
    return Exit.DONE if imported.found.organisation.schedules else Exit.REFUSED


def _rendered(written: str) -> tuple[str, bytes]:
    """`NAME=FILE`, or a file alone. Raises UnreadableFile."""
    name, _, path = written.rpartition("=")
    name, path = ("", written) if Path(written).exists() else (name, path)
    return name, content(Path(path), MOST_OF_CALENDAR)


def _wish(options: Namespace) -> Callable[[Organisation, datetime], VendorWish]:
    def wish(standing: Organisation, now: datetime) -> VendorWish:
        seat = Seat(options.seat)
        return VendorWish(now, standing, Answers(), options.schedule, options.region, seat, options.zone)

    return wish


def _say(imported: ImportedExport, options: Namespace) -> None:
    found = imported.found
    say_report(found.report, found.questions)
    told = counted_outcomes(found.report)
    schedules = counted(len(found.organisation.schedules), "schedule")
    if not found.organisation.schedules:
        say(f"Nothing to import: {told}.")
    elif not imported.weighed.is_change:
        say(f"Nothing to change: {schedules}, {told}, as before.")
    else:
        say(f"{'Would import' if options.dry_run else 'Imported'} {schedules}: {told}.")
        say_moved(imported.weighed, options)
    for comparison in imported.comparisons:
        _say_compared(comparison)


def _say_compared(comparison: Comparison) -> None:
    asked, rows = comparison.asked, comparison.rows
    apart = [row for row in rows if not row.is_same]
    zone = asked.zone or "UTC"
    names = asked.organisation.names()
    dropped = [line for line in comparison.calendar.report if line.outcome is Outcome.DROPPED]
    say(*(f"Of their calendar, {in_words(line)}" for line in dropped[:MOST_ROWS]))
    days = difference(rows) / timedelta(days=1)
    what = asked.schedule if asked.seat is Seat.PRIMARY else f"{asked.schedule} {asked.seat}"
    say(f"90 days of {what} beside theirs, in {zone}: {_apart(len(apart), days)}.")
    shown = [*apart, *(row for row in rows if row.is_same)][: max(MOST_ROWS, len(apart))]
    say(*(f"{'≠' if not row.is_same else '='} {row_in_words(row, names, zone)}" for row in shown))
    if len(shown) < len(rows):
        say(f"  and {len(rows) - len(shown)} more that are the same")


def _apart(count: int, days: float) -> str:
    return f"they differ {counted(count, 'time')}, for {days:.1f} days in all" if count else "no difference"


def _document(imported: ImportedExport) -> dict[str, object]:
    found = imported.found
    return {
        "schedules": [schedule.name for schedule in found.organisation.schedules],
        "is_change": imported.weighed.is_change,
        **report_document(found.report, found.questions),
        "compared": [
            {
                "schedule": comparison.asked.schedule,
                "seat": comparison.asked.seat.value,
                "from": stamp(row.start),
                "until": stamp(row.end),
                "theirs": [*row.theirs],
                "ours": [*row.ours],
                "is_same": row.is_same,
            }
            for comparison in imported.comparisons
            for row in comparison.rows
        ],
    }
