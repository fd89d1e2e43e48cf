"""A mapping file → a lead's answers: who the people of another tool are, and which zones it means.

    people: {anna.lima@example.org: ana, "Temp": ""}
    zones: {"Customized Time Zone": America/New_York, "": Europe/Berlin}
    seats: {"Safety second line": Safety backup, "Managers": ""}

An empty answer leaves out whatever it stands for; an empty seat is a schedule of its own.
"""

from __future__ import annotations

from rotations.fields import Faults, Fields, entries_of
from rotations.imports import Answers
from rotations.located import Located, Scalar, located
from rotations.model import Organisation
from rotations.refusals import ScheduleFaults
from rotations.wording import did_you_mean
from rotations.zones import is_zone, nearest_zones


def answers_of(text: str, name: str, organisation: Organisation) -> Answers:
    """`name` stands in the faults. Raises ScheduleFaults with every fault of the file."""
    faults = Faults(name)
    top = Fields(located(text, name), "The file", ("people", "zones", "seats"), faults)
    people = _pairs(top.get("people"), "People", faults)
    zones = _pairs(top.get("zones"), "Zones", faults)
    seats = _pairs(top.get("seats"), "Seats", faults)
    keys = [person.key for person in organisation.people]
    for answer in people.values():
        if answer.text and answer.text not in keys:
            faults.note(answer, f'There is no person "{answer.text}"{did_you_mean(answer.text, keys)}')
    for answer in zones.values():
        if answer.text and not is_zone(answer.text):
            near = nearest_zones(answer.text)
            hint = f" Did you mean {' or '.join(near)}?" if near else " Zones read like Europe/Dublin."
            faults.note(answer, f'There is no time zone "{answer.text}".{hint}')
    found = faults.in_order()
    if found:
        raise ScheduleFaults(found)
    return Answers(_texts(people), _texts(zones), _texts(seats))


def _pairs(node: Located | None, what: str, faults: Faults) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for key, value in [] if node is None else entries_of(node, what, faults):
        if isinstance(value, Scalar):
            found[key.text] = value
        else:
            faults.note(value, "An answer is one name, or empty.")
    return found


def _texts(pairs: dict[str, Scalar]) -> dict[str, str]:
    return {asked: answer.text for asked, answer in pairs.items()}
