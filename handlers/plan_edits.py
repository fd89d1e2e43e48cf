"""A lead's edit between two forms: its members read from lines, and the edit itself as text. Pure."""

import json
from datetime import date
from typing import Any

from msgspec.structs import asdict

from handlers.commands import NotUnderstood
from rotations.model import Member, Organisation, Person, Seat
from rotations.replanning import NewOrder, NewPerson, Place, Replan
from rotations.roster_cells import Unreadable, person_in

META_MAX = 3000
MOST_MEMBERS = 60


def members_in(lines: str, organisation: Organisation) -> tuple[Member, ...]:
    """One line each, those who serve together joined by `+`. Raises NotUnderstood with the faulty line."""
    found: list[Member] = []
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip():
            found.append(_member(number, line, organisation))
    if not found:
        raise NotUnderstood("Somebody has to be left. Name at least one person.")
    if len(found) > MOST_MEMBERS:
        raise NotUnderstood(f"At most {MOST_MEMBERS} take turns by a form. Use the schedules file.")
    return tuple(found)


def _member(number: int, line: str, organisation: Organisation) -> Member:
    try:
        people = [person_in(part.strip(), organisation) for part in line.split("+")]
    except Unreadable as fault:
        raise NotUnderstood(f"Line {number}: {fault}") from None
    return tuple(dict.fromkeys(people))


def dump_edit(edit: Replan) -> str:
    """The edit as a form's private metadata. Raises NotUnderstood where it does not fit."""
    match edit:
        case NewOrder():
            document: dict[str, Any] = {"order": _places((edit.place,))[0], "members": edit.members}
        case NewPerson():
            document = {"person": asdict(edit.person), "places": _places(edit.places)}
        case _:
            raise NotUnderstood("That is too long for a form. Write it into the schedules file.")
    document["since"] = edit.since_on.isoformat()
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if len(text) > META_MAX:
        raise NotUnderstood("That is too long for a form. Write it into the schedules file.")
    return text


def load_edit(text: str) -> Replan:
    """What `dump_edit` wrote."""
    document = json.loads(text)
    since = date.fromisoformat(document["since"])
    if "order" in document:
        return NewOrder(_place(document["order"]), tuple(map(tuple, document["members"])), since)
    person = {**document["person"], "skills": tuple(document["person"]["skills"])}
    return NewPerson(Person(**person), tuple(map(_place, document["places"])), since)


def _places(places: tuple[Place, ...]) -> list[list[str]]:
    return [[place.schedule, place.region, place.seat.value] for place in places]


def _place(row: list[str]) -> Place:
    schedule, region, seat = row
    return Place(schedule, region, Seat(seat))
