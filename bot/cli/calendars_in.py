"""`import ics`: a calendar of another tool onto one seat. Every event is reported; nothing is guessed."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.applying import UnreadableFile, read_text
from bot.cli.beside import say_beside
from bot.cli.exits import Exit, complain, counted, say, say_json, with_settings
from bot.cli.planning import BY, confirmed, say_moved
from bot.ics_child import expand
from bot.settings import Settings
from incidents.operations.ics_importing import CalendarWish, ImportedCalendar, import_calendar
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.ics.content import MOST_BYTES
from rotations.import_answers import answers_of
from rotations.imports import Answers, Outcome, Question
from rotations.model import Organisation, Seat
from rotations.replanning import Place
from rotations.zones import is_zone, nearest_zones


@with_settings
def import_ics(settings: Settings, options: Namespace) -> Exit:
    """Refused where nothing can be taken; questions that are open are said with what may be meant."""
    if options.zone and not is_zone(options.zone):
        near = " or ".join(nearest_zones(options.zone)) or "Europe/Dublin, for example"
        complain([f"There is no time zone {options.zone}. Did you mean {near}?"])
        return Exit.USAGE
    try:
        data, answers = _bytes(options.file), _answers(options.map)
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    wish = CalendarWish(options.schedule, options.region, Seat(options.seat), options.zone, answers)

    def work(house: House, is_sure: bool) -> ImportedCalendar:
        return import_calendar(house, data, wish, expand, (BY, options.dry_run, is_sure))

    imported = confirmed(settings, options, work)
    if isinstance(imported, Exit):
        return imported
    if options.json:
        say_json(_document(imported))
    else:
        _say(imported, options)
    return Exit.DONE if imported.found.shifts else Exit.REFUSED


def _bytes(typed: str) -> bytes:
    """One byte more of a file than is read: the reader says that it is too large.

    Raises UnreadableFile; of an address it never says which.
    """
    if "://" in typed:
        return _fetched(typed)
    path = Path(typed)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}. Name a file that can.") from None


def _fetched(address: str) -> bytes:
    from bot.fetching import NotFetched, fetch_now  # brings aiohttp: a quarter of a second for a file's sake

    try:
        return fetch_now(address)
    except NotFetched as reason:
        raise UnreadableFile(str(reason)) from None


def _answers(path: Path | None) -> Callable[[Organisation], Answers]:
    if path is None:
        return lambda _organisation: Answers()
    text = read_text(path)
    return lambda organisation: answers_of(text, str(path), organisation)


def _say(imported: ImportedCalendar, options: Namespace) -> None:
    found = imported.found
    for line in found.report:
        say(f"line {line.number}: {line.what}: {line.outcome}{f': {line.why}' if line.why else ''}")
    if found.questions:
        say("To be answered with --map FILE, then imported again:")
        say(*(f"  {_asking(question)}" for question in found.questions))
    counts = Counter(line.outcome for line in found.report)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome]) or "no events"
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


def _asking(question: Question) -> str:
    lines = ", ".join(str(number) for number in question.lines[:5])
    more = f" and {len(question.lines) - 5} more" if len(question.lines) > 5 else ""
    meant = f" Perhaps {' or '.join(question.proposals)}." if question.proposals else ""
    return f"{question.text}{meant} (line {lines}{more})"


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
        "lines": [
            {"line": one.number, "what": one.what, "outcome": one.outcome.value, "why": one.why}
            for one in found.report
        ],
        "questions": [
            {
                "kind": one.kind.value,
                "asked": one.asked,
                "text": one.text,
                "proposals": [*one.proposals],
                "lines": [*one.lines],
            }
            for one in found.questions
        ],
    }
