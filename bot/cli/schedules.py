"""`oncall` and `runbooks check`: what the schedules and runbooks say."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.applying import UnreadableFile, read_file
from bot.cli.exits import Exit, complain, house_of, say, say_json, with_settings
from bot.clock import SystemClock
from bot.settings import Settings
from rotations.document import oncall_document
from rotations.model import Organisation
from rotations.refusals import BeyondCalendar, ScheduleFaults, UnknownSchedule
from rotations.wallclock import utc
from rotations.zones import use_bundled_tzdata


class BadInstant(Exception):
    """An instant on the command line without an offset, or none at all."""


def instant(typed: str) -> datetime:
    """RFC 3339 with an offset. Raises BadInstant."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise BadInstant(f"{typed} is no instant. Write it like 2026-12-24T18:00:00Z.") from None
    if at.tzinfo is None:
        raise BadInstant(f"{typed} has no offset. Write it like 2026-12-24T18:00:00Z, or with +01:00.")
    try:
        return utc(at)
    except OverflowError:
        raise BadInstant(f"{typed} is beyond the calendar.") from None


def window(typed: Sequence[str]) -> tuple[datetime, datetime]:
    """Two instants, the earlier first. Raises BadInstant."""
    start, end = instant(typed[0]), instant(typed[1])
    if start >= end:
        raise BadInstant(f"{typed[0]} is not before {typed[1]}. Name the earlier instant first.")
    return start, end


def oncall(options: Namespace) -> Exit:
    """From a file alone (`--file`), without a database; else from what was last applied, chat included."""
    try:
        at = [instant(typed) for typed in options.at]
        between = window(options.between) if options.between else None
    except BadInstant as error:
        complain([str(error)])
        return Exit.USAGE
    use_bundled_tzdata()
    organisation = _from_file(options.file) if options.file else _stored(options)
    if isinstance(organisation, Exit):
        return organisation
    if not at and between is None:
        at = [SystemClock().now()]
    return _answer(organisation, options, at, between)


def _answer(
    organisation: Organisation,
    options: Namespace,
    at: Sequence[datetime],
    between: tuple[datetime, datetime] | None,
) -> Exit:
    try:
        told = oncall_document(organisation, options.schedule, at=at, between=between)
    except UnknownSchedule as error:
        complain([str(error)])
        return Exit.USAGE
    except BeyondCalendar as error:
        complain([str(error)])
        return Exit.REFUSED
    if options.json:
        say_json(told)
    else:
        say(*_lines(told))
    return Exit.DONE


def _from_file(file: Path) -> Organisation | Exit:
    try:
        return read_file(file)
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    except ScheduleFaults as faults:
        complain([str(fault) for fault in faults.faults])
        return Exit.REFUSED


def _stored(options: Namespace) -> Organisation | Exit:
    found: list[Organisation | None] = []

    @with_settings
    def look(settings: Settings, _options: Namespace) -> Exit:
        with house_of(settings) as house:
            found.append(house.store.read(lambda unit: unit.schedules.organisation()))
        return Exit.DONE

    ended = look(options)
    if ended is not Exit.DONE:
        return ended
    if found[0] is None:
        complain(["No schedule is set up yet. Apply one: python -m bot apply schedules.yaml"])
        return Exit.REFUSED
    return found[0]


def _lines(told: object) -> list[str]:
    if isinstance(told, list):
        return [line for one in told for line in _lines(one)]
    assert isinstance(told, dict)
    if "shifts" in told:
        rows = [f"{r['from']}–{r['until']}  {_row(r)}" for r in told["shifts"]]
        return rows + [
            f"{g['from']}–{g['until']}  nobody: {g['region'] or 'no region'}" for g in told["gaps"]
        ]
    return [f"At {told['at']}:", *(f"  {_row(row)}" for row in told["on_call"])]


def _row(row: dict[str, object]) -> str:
    people = row["people"]
    assert isinstance(people, list)
    return f"{row['region']} {row['seat']}: {', '.join(people) or 'nobody'}"


def check_runbooks(options: Namespace) -> Exit:
    """All faults of a folder of runbooks, with line and column."""
    from runbooks.catalogue import check_folder, library_path

    try:
        faults = check_folder(options.folder or library_path())
    except OSError as error:
        complain([f"{options.folder} cannot be read: {error.strerror}."])
        return Exit.ENVIRONMENT
    if options.json:
        say_json({"faults": [str(fault) for fault in faults]})
    elif faults:
        complain([str(fault) for fault in faults])
    else:
        say("Every runbook is well written.")
    return Exit.REFUSED if faults else Exit.DONE
