"""Who is meant by a word on the command line: a Slack id, an address, a key of the schedules file, a name."""

import getpass
from collections.abc import Sequence

from incidents.errors import IncidentError
from incidents.people import Actor
from storage.unit_of_work import SqlUnit


class Nobody(IncidentError):
    """The word names nobody, or more than one person; nobody is guessed."""


def person_named(unit: SqlUnit, word: str) -> Actor:
    """Raises Nobody."""
    wanted = word.strip().removeprefix("@").casefold()
    people = unit.people.everybody()
    by_id = [one for one in people if one.user.casefold() == wanted]
    named = unit.people.named(wanted)
    by_file = [one for one in people if one.user in named]
    by_name = [one for one in people if one.name.casefold() == wanted]
    by_first_name = [one for one in people if one.name.casefold().partition(" ")[0] == wanted]
    found = by_id or by_file or by_name or by_first_name
    if len(found) == 1:
        return found[0]
    if found:
        raise Nobody(f"{word} may be {_or(found)}. Name one by Slack id.")
    raise Nobody(
        f"Nobody here is called {word}. Name them by Slack id, e-mail address or as the schedules file does."
    )


def whoever_types(unit: SqlUnit, named: str) -> Actor | None:
    """The person named, else the one whom the account of this machine is called after; None for nobody."""
    if named:
        return person_named(unit, named)
    try:
        return person_named(unit, account())
    except Nobody:
        return None


def account() -> str:
    """The account of this machine under which the command runs."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _or(people: Sequence[Actor]) -> str:
    return " or ".join(f"{one.name} ({one.user})" for one in people[:4])
