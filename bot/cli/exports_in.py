"""`import pagerduty|opsgenie|grafana`: another tool's export. Each object is reported; nothing is guessed."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.applying import UnreadableFile, read_text
from bot.cli.exits import Exit, complain, counted, say, say_json, with_settings
from bot.cli.planning import BY, confirmed, say_moved
from bot.ics_child import expand
from bot.settings import Settings
from incidents.operations.vendor_importing import (
    Comparison,
    Export,
    ExportWish,
    ImportedExport,
    import_export,
)
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.comparing import difference, in_words
from rotations.ics.content import MOST_BYTES as MOST_OF_CALENDAR
from rotations.import_answers import answers_of
from rotations.imports import Answers, Line, Outcome, Question
from rotations.model import Organisation, Seat
from rotations.vendors.tree import MOST_BYTES
from rotations.vendors.wish import VendorWish
from rotations.zones import is_zone, nearest_zones

MOST_ROWS = 60


@with_settings
def import_vendor(settings: Settings, options: Namespace) -> Exit:
    """Refused where nobody is on call by what can be taken; questions say what may be meant."""
    if options.zone and not is_zone(options.zone):
        near = " or ".join(nearest_zones(options.zone)) or "Europe/Dublin, for example"
        complain([f"There is no time zone {options.zone}. Did you mean {near}?"])
        return Exit.USAGE
    try:
        rendered = _bytes(options.rendered, MOST_OF_CALENDAR) if options.rendered else None
        export = Export(options.kind, _bytes(options.file, MOST_BYTES), rendered)
        wish = ExportWish(_wish(options), _answers(options.map))
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT

    def work(house: House, is_sure: bool) -> ImportedExport:
        return import_export(house, export, wish, expand, (BY, options.dry_run, is_sure))

    imported = confirmed(settings, options, work)
    if isinstance(imported, Exit):
        return imported
    if options.json:
        say_json(_document(imported))
    else:
        _say(imported, options)
    return Exit.DONE if imported.found.organisation.schedules else Exit.REFUSED


def _bytes(path: Path, most: int) -> bytes:
    """One byte more than is read: the reader says that it is too large. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}. Name a file that can.") from None


def _wish(options: Namespace) -> Callable[[Organisation, datetime], VendorWish]:
    def wish(standing: Organisation, now: datetime) -> VendorWish:
        seat = Seat(options.seat)
        return VendorWish(now, standing, Answers(), options.schedule, options.region, seat, options.zone)

    return wish


def _answers(path: Path | None) -> Callable[[Organisation], Answers]:
    if path is None:
        return lambda _organisation: Answers()
    text = read_text(path)
    return lambda organisation: answers_of(text, str(path), organisation)


def _say(imported: ImportedExport, options: Namespace) -> None:
    found = imported.found
    say(*(_line(line) for line in found.report))
    if found.questions:
        say("To be answered with --map FILE, then imported again:", *map(_asking, found.questions))
    counts = Counter(line.outcome for line in found.report)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    schedules = counted(len(found.organisation.schedules), "schedule")
    if not found.organisation.schedules:
        say(f"Nothing to import: {told}.")
    elif not imported.weighed.is_change:
        say(f"Nothing to change: {schedules}, {told}, as before.")
    else:
        say(f"{'Would import' if options.dry_run else 'Imported'} {schedules}: {told}.")
        say_moved(imported.weighed, options)
    if imported.comparison:
        _say_compared(imported.comparison)


def _line(line: Line) -> str:
    number = f"line {line.number}: " if line.number else ""
    return f"{number}{line.what}: {line.outcome}{f': {line.why}' if line.why else ''}"


def _asking(question: Question) -> str:
    meant = f" Perhaps {' or '.join(question.proposals)}." if question.proposals else ""
    return f'  "{question.asked}": {question.text}{meant}'


def _say_compared(comparison: Comparison) -> None:
    asked, rows = comparison.asked, comparison.rows
    apart = [row for row in rows if not row.is_same]
    zone = asked.zone or "UTC"
    names = asked.organisation.names()
    dropped = [line for line in comparison.calendar.report if line.outcome is Outcome.DROPPED]
    say(*(f"Of their calendar, {_line(line)}" for line in dropped[:MOST_ROWS]))
    days = difference(rows) / timedelta(days=1)
    say(f"90 days of {asked.schedule} beside theirs, in {zone}: {_apart(len(apart), days)}.")
    shown = [*apart, *(row for row in rows if row.is_same)][: max(MOST_ROWS, len(apart))]
    say(*(f"{'≠' if not row.is_same else '='} {in_words(row, names, zone)}" for row in shown))
    if len(shown) < len(rows):
        say(f"  and {len(rows) - len(shown)} more that are the same")


def _apart(count: int, days: float) -> str:
    return f"they differ {counted(count, 'time')}, for {days:.1f} days in all" if count else "no difference"


def _document(imported: ImportedExport) -> dict[str, object]:
    found, comparison = imported.found, imported.comparison
    rows = comparison.rows if comparison else ()
    return {
        "schedules": [schedule.name for schedule in found.organisation.schedules],
        "is_change": imported.weighed.is_change,
        "lines": [
            {"line": one.number, "what": one.what, "outcome": one.outcome.value, "why": one.why}
            for one in found.report
        ],
        "questions": [
            {"kind": one.kind.value, "asked": one.asked, "text": one.text, "proposals": [*one.proposals]}
            for one in found.questions
        ],
        "compared": [
            {
                "from": stamp(row.start),
                "until": stamp(row.end),
                "theirs": [*row.theirs],
                "ours": [*row.ours],
                "is_same": row.is_same,
            }
            for row in rows
        ],
    }
