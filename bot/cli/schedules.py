"""`oncall` and `runbooks check`: what the schedules and runbooks say."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.applying import read_file
from bot.cli.exits import Exit, UsageFault, complain, house_of, say, say_json, told
from bot.clock import SystemClock
from incidents.errors import IncidentError
from rotations.document import oncall_document
from rotations.model import Organisation
from rotations.refusals import UnknownSchedule
from rotations.wallclock import utc
from rotations.zones import use_bundled_tzdata


class NothingApplied(IncidentError):
    def __init__(self) -> None:
        super().__init__("No schedule is set up yet. Apply one: python -m bot apply schedules.yaml")


def instant(typed: str) -> datetime:
    """RFC 3339 with an offset. Raises UsageFault."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise UsageFault(f"{typed} is no instant. Write it like 2026-12-24T18:00:00Z.") from None
    if at.tzinfo is None:
        raise UsageFault(f"{typed} has no offset. Write it like 2026-12-24T18:00:00Z, or with +01:00.")
    try:
        return utc(at)
    except OverflowError:
        raise UsageFault(f"{typed} is beyond the calendar.") from None


def window(typed: Sequence[str]) -> tuple[datetime, datetime]:
    """Two instants, the earlier first. Raises UsageFault."""
    start, end = instant(typed[0]), instant(typed[1])
    if start >= end:
        raise UsageFault(f"{typed[0]} is not before {typed[1]}. Name the earlier instant first.")
    return start, end


def oncall(options: Namespace) -> Exit:
    """From a file alone (`--file`), without a database; else from what was last applied, chat included."""
    return told(partial(_oncall, options))


def _oncall(options: Namespace) -> Exit:
    at = [instant(typed) for typed in options.at]
    between = window(options.between) if options.between else None
    use_bundled_tzdata()
    organisation = read_file(options.file) if options.file else _stored()
    if not at and between is None:
        at = [SystemClock().now()]
    try:
        found = oncall_document(organisation, options.schedule, at=at, between=between)
    except UnknownSchedule as error:
        raise UsageFault(str(error)) from None
    if options.json:
        say_json(found)
    else:
        say(*_lines(found))
    return Exit.DONE


def _stored() -> Organisation:
    from bot.settings import read_settings

    with house_of(read_settings()) as house:
        organisation = house.store.read(lambda unit: unit.schedules.organisation())
    if organisation is None:
        raise NothingApplied
    return organisation


def _lines(found: object) -> list[str]:
    if isinstance(found, list):
        return [line for one in found for line in _lines(one)]
    assert isinstance(found, dict)
    if "shifts" in found:
        rows = [f"{r['from']}–{r['until']}  {_row(r)}" for r in found["shifts"]]
        return rows + [
            f"{g['from']}–{g['until']}  nobody: {g['region'] or 'no region'}" for g in found["gaps"]
        ]
    return [f"At {found['at']}:", *(f"  {_row(row)}" for row in found["on_call"])]


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
