"""`apply` and `import csv`: a file takes the plan's place, and what it does to whom is said."""

from argparse import Namespace

from bot.applying import Applied, apply_file, read_text
from bot.cli.confirming import BY, confirmed, say_moved
from bot.cli.exits import Exit, counted, say, say_json, with_settings
from bot.settings import Settings
from incidents.operations.rota_importing import Imported, import_roster
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.roster_csv import LineReport, RosterWish, Verdict, part_words


@with_settings
def apply(settings: Settings, options: Namespace) -> Exit:
    """A faulty file changes nothing; every fault is said with its line and column."""

    def work(house: House, is_sure: bool) -> Applied:
        return apply_file(house, options.file, BY, dry_run=options.dry_run, is_sure=is_sure)

    applied = confirmed(settings, options, work)
    schedules, overrides = counted(applied.schedules, "schedule"), counted(applied.overrides, "override")
    counts = f"{counted(applied.people, 'person', 'people')}, {schedules}, {overrides}"
    if not applied.is_change:
        say(f"Nothing to change: {counts}, as before.")
        return Exit.DONE
    say(f"{'Would apply' if options.dry_run else 'Applied'}: {counts}.")
    if options.dry_run:
        say(*(f"  {line}" for line in applied.changes))
    say_moved(applied.weighed, options)
    return Exit.DONE


@with_settings
def import_csv(settings: Settings, options: Namespace) -> Exit:
    """A roster: every line is reported as taken, split or dropped. Refused where nothing can be taken."""
    text = read_text(options.file)
    wish = RosterWish(options.schedule, options.region)

    def work(house: House, is_sure: bool) -> Imported:
        return import_roster(house, text, wish, BY, dry_run=options.dry_run, is_sure=is_sure)

    imported = confirmed(settings, options, work)
    if options.json:
        say_json(_document(imported))
    else:
        _say_imported(imported, options)
    return Exit.REFUSED if not imported.report.shifts else Exit.DONE


def _say_imported(imported: Imported, options: Namespace) -> None:
    names = imported.weighed.names()
    say(*(line for report in imported.report.lines for line in _lines(report, names)))
    counts = ", ".join(f"{imported.report.count(verdict)} {verdict}" for verdict in Verdict)
    if not imported.report.shifts:
        say(f"Nothing to import: {counts}.")
    elif not imported.weighed.is_change:
        say(f"Nothing to change: {counts}, as before.")
    else:
        say(f"{'Would import' if options.dry_run else 'Imported'}: {counts}.")
        say_moved(imported.weighed, options)


def _lines(report: LineReport, names: dict[str, str]) -> list[str]:
    """`line 3: split: why`, and what of it counts."""
    why = f": {report.why}" if report.why else ""
    parts = [f"    {part_words(part, names, 'UTC')}" for part in report.parts]
    typed = [] if parts else [f"    {report.typed[:100]}"]
    return [f"line {report.number}: {report.verdict}{why}", *parts, *typed]


def _document(imported: Imported) -> dict[str, object]:
    return {
        "schedule": imported.report.schedule,
        "is_change": imported.weighed.is_change,
        "lines": [_line_document(report) for report in imported.report.lines],
    }


def _line_document(report: LineReport) -> dict[str, object]:
    parts = [
        {
            "region": part.region,
            "seat": part.seat.value,
            "person": part.person,
            "from": stamp(part.start),
            "until": stamp(part.end),
        }
        for part in report.parts
    ]
    return {"line": report.number, "verdict": report.verdict.value, "why": report.why, "parts": parts}
