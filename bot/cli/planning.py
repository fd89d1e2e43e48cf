"""`apply` and `import`: a file takes the plan's place. What it does to whom is said, and confirmed where it
is soon or leaves a seat empty."""

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TypeVar

from bot.applying import Applied, UnreadableFile, apply_file, read_text
from bot.cli.exits import Exit, complain, counted, house_of, say, say_json, with_settings
from bot.settings import Settings
from incidents.errors import IncidentError
from incidents.moves import NeedsSecondLook
from incidents.operations.rota_editing import Weighed
from incidents.operations.rota_importing import Imported, import_roster
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.refusals import DomainError, ScheduleFaults
from rotations.roster_csv import LineReport, RosterWish, Verdict, part_words

BY = "the command line"
MOST_SAID = 60
T = TypeVar("T")


@with_settings
def apply(settings: Settings, options: Namespace) -> Exit:
    """A faulty file changes nothing; every fault is said with its line and column."""

    def work(house: House, is_sure: bool) -> Applied:
        return apply_file(house, options.file, BY, dry_run=options.dry_run, is_sure=is_sure)

    applied = confirmed(settings, options, work)
    if isinstance(applied, Exit):
        return applied
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
    try:
        text = read_text(options.file)
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    wish = RosterWish(options.schedule, options.region)

    def work(house: House, is_sure: bool) -> Imported:
        return import_roster(house, text, wish, BY, dry_run=options.dry_run, is_sure=is_sure)

    imported = confirmed(settings, options, work)
    if isinstance(imported, Exit):
        return imported
    if options.json:
        say_json(_document(imported))
    else:
        _say_imported(imported, options)
    return Exit.REFUSED if not imported.report.shifts else Exit.DONE


def confirmed(settings: Settings, options: Namespace, work: Callable[[House, bool], T]) -> T | Exit:
    """Done, or refused: at a terminal it is asked back, elsewhere `--yes` has to say so beforehand."""
    try:
        with house_of(settings) as house:
            try:
                return work(house, options.yes)
            except NeedsSecondLook as second:
                complain(_asking(second))
                if not _is_confirmed():
                    complain(["Nothing was changed. To do it all the same, say --yes."])
                    return Exit.REFUSED
                return work(house, True)
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    except ScheduleFaults as faults:
        complain([str(fault) for fault in faults.faults])
        return Exit.REFUSED
    except (DomainError, IncidentError) as refusal:
        complain([str(refusal)])
        return Exit.REFUSED


def _asking(second: NeedsSecondLook) -> list[str]:
    return ["It alters who is paged within 24 hours, or leaves a seat empty:", *second.sentences]


def _is_confirmed() -> bool:
    if not sys.stdin.isatty():
        return False
    print("Do it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def say_moved(weighed: Weighed, options: Namespace) -> None:
    """Whose shifts move; after a dry run also what would have to be confirmed."""
    if not weighed.moved:
        return
    verb = "would move" if options.dry_run else "move"
    say(f"Shifts that {verb} in the next 8 weeks:", *_listed(weighed.sentences(weighed.moved)))
    if options.dry_run and weighed.alarming:
        say("To be confirmed (--yes), within 24 hours or leaving a seat empty:")
        say(*_listed(weighed.sentences(weighed.alarming)))


def _listed(sentences: tuple[str, ...]) -> list[str]:
    more = len(sentences) - MOST_SAID
    return [f"  {each}" for each in sentences[:MOST_SAID]] + ([f"  and {more} more"] if more > 0 else [])


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
