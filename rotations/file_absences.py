"""The `absences` section of the file; local times are in the person's zone. Collects faults, raises none."""

from __future__ import annotations

from rotations.codec_schedules import stamp
from rotations.fields import Faults, Fields, items_of, text_of
from rotations.file_seats import moment_in, person_key
from rotations.located import Located
from rotations.model import Absence, Person

_KEYS = ("person", "from", "until", "reason")


def absences_of(node: Located | None, people: tuple[Person, ...], faults: Faults) -> tuple[Absence, ...]:
    """Every absence that could be read."""
    items = () if node is None else items_of(node, "Absences", faults)
    read = (_absence(item, people, faults) for item in items)
    return tuple(absence for absence in read if absence is not None)


def _absence(node: Located, people: tuple[Person, ...], faults: Faults) -> Absence | None:
    fields = Fields(node, "The absence", _KEYS, faults)
    keys = tuple(person.key for person in people)
    key = fields.read_needed("person", lambda item, faults: person_key(item, keys, faults))
    zone = next((person.zone for person in people if person.key == key), None)
    start, end = moment_in(fields, "from", zone), moment_in(fields, "until", zone)
    reason = fields.read("reason", text_of, "")
    if key is None or start is None or end is None:
        return None
    if start >= end:
        faults.note(node, "The absence ends before it begins.")
    return Absence(f"{key}/{stamp(start)}", key, start, end, reason)
