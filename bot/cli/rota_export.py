"""`export schedule`: shifts as a calendar, CSV or JSON. `export review`: a time for an incident's review."""

import csv
import io
import json
from argparse import Namespace

from bot.cli.exits import Exit, house_of, say, with_settings
from bot.cli.record import cell
from bot.settings import Settings
from incidents.errors import IncidentError
from incidents.operations import calendars
from incidents.operations.reviewing import review
from incidents.ports import House
from rotations.codec_schedules import stamp
from rotations.document import oncall_document
from rotations.feed import events, window
from rotations.model import Organisation
from rotations.shifts import resolver_of
from rotations.zones import use_bundled_tzdata

HEADER = ("person", "start", "end", "zone", "seat", "region", "name", "why")


class NoSuchSchedule(IncidentError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no schedule {name}. python -m bot oncall names those there are.")


@with_settings
def export_schedule(settings: Settings, options: Namespace) -> Exit:
    """The calendar is the same that subscribers read, with the same UIDs."""
    use_bundled_tzdata()
    with house_of(settings) as house:
        told = _told(house, options)
    say(told.rstrip("\n") if options.format != "ics" else told.removesuffix("\n"))
    return Exit.DONE


@with_settings
def export_review(settings: Settings, options: Namespace) -> Exit:
    """An .ics to open and to invite with; the incident is named by its key alone."""
    use_bundled_tzdata()
    with house_of(settings) as house:
        told = review(house, options.key)
    say(told.removesuffix("\n"))
    return Exit.DONE


def _told(house: House, options: Namespace) -> str:
    """Raises NoSuchSchedule."""
    found = house.store.read(lambda unit: unit.schedules.organisation())
    if found is None or found.schedule(options.name) is None:
        raise NoSuchSchedule(options.name)
    if options.format == "ics":
        return calendars.exported(house, options.name)
    return _FORMS[options.format](house, found, options.name)


def _as_json(house: House, organisation: Organisation, name: str) -> str:
    told = oncall_document(organisation, name, between=window(house.clock.now()))
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_csv(house: House, organisation: Organisation, name: str) -> str:
    """In the columns that `import csv` reads, instants in UTC; three more for whoever reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    names = organisation.names()
    for event in events(organisation, resolver_of(organisation, name), window(house.clock.now())):
        texts = (event.region, names.get(event.person, event.person), event.kind.value)
        times = stamp(event.start), stamp(event.end)
        writer.writerow((cell(event.person), *times, "UTC", event.seat.value, *map(cell, texts)))
    return out.getvalue()


_FORMS = {"json": _as_json, "csv": _as_csv}
