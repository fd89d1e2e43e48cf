"""A zone or city among typed words, the longest name first. It asks back and never guesses."""

from __future__ import annotations

from typing import NamedTuple

from rotations.mentions import is_mention, read_person
from rotations.model import Organisation
from rotations.place_names import zones_called
from rotations.refusals import Ambiguity, Unclear
from rotations.words import Words
from rotations.zones import nearest_zones, zones_named

_LONGEST = 4
_ALWAYS_ZONES = ("UTC", "GMT")


class Place(NamedTuple):
    """A zone as it was typed; `is_exact` where it cannot be prose: it has a slash or follows "in"."""

    zone: str
    typed: str
    is_exact: bool


def read_place(words: Words, organisation: Organisation) -> Place | None:
    """The place at the reading head, or None: where somebody is, a region, a city, a zone.

    Raises Ambiguity when several zones share the name, Unclear for a mention of nobody.
    """
    head = words.place
    after_in = words.skip("in")
    word = words.peek()
    if word is not None and is_mention(word):
        return Place(read_person(words, organisation).zone, word.text, True)
    for count in range(_LONGEST, 0, -1):
        typed = words.phrase(count)
        zones = () if typed is None else _zones(typed, organisation)
        if typed is not None and zones:
            first = words.peek()
            start = first.start if first else 0
            if len(zones) > 1:
                raise Ambiguity(f"Which {typed}?", (start, start + len(typed)), zones)
            words.place += count
            return Place(zones[0], typed, after_in or "/" in typed or typed.upper() in _ALWAYS_ZONES)
    words.place = head
    return None


def need_place_or_end(words: Words, organisation: Organisation) -> str | None:
    """The zone that ends the line, or None at the end. Raises Unclear for words that are no place."""
    found = read_place(words, organisation)
    word = words.peek()
    if word is not None:
        near = nearest_zones(words.rest())
        hint = f" Did you mean {' or '.join(near)}?" if near else " Name a city or a zone like Asia/Tokyo."
        raise Unclear(f'There is no place "{words.rest()}".{hint}', word.start)
    return found.zone if found else None


def _zones(typed: str, organisation: Organisation) -> tuple[str, ...]:
    schedule = organisation.paged_schedule()
    regions = schedule.regions if schedule else ()
    own = (region.zone for region in regions if region.name.casefold() == typed.casefold())
    return tuple(own) or zones_called(typed) or zones_named(typed)
