"""Whom an event puts on call: by our own marks, its title, or its attendees. Exact names; never a guess."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from rotations.ics.content import Component, Property, unescaped
from rotations.ics.titles import cleaned
from rotations.model import Person

MARK = "X-MERIDIAN-PERSON"
"""Person keys with commas between, in our own feeds."""

_DASHES = re.compile(r"\s+[-–—|·:]+\s+|[–—|]|:\s")
_TOGETHER = re.compile(r"\s*(?:[,;/&+]|\s(?:and|und|et|y)\s)\s*", re.IGNORECASE)
_DECORATION = re.compile(
    r"\[[^\]]*\]|\([^)]*\)|\b(?:is\s+)?on[\s-]?(?:call|duty)\b|\bonduty\b|\bshift\b", re.IGNORECASE
)
LONGEST_TITLE = 1000
MOST_ASKED = 120
"""Characters of a name that a question shows, and that an answer is known by."""

_NO_PERSON = ("ROOM", "RESOURCE", "GROUP")


class UnknownPerson(Exception):
    """Nobody knows who any of `asked` is."""

    def __init__(self, asked: Iterable[str]) -> None:
        self.asked = tuple(dict.fromkeys(one[:MOST_ASKED] for one in asked))
        super().__init__(*self.asked)


class LeftOutPerson(Exception):
    """The lead's answer is to leave out whatever is for `asked`."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class NamesNobody(Exception):
    """The event has neither title nor attendee."""


class Names(Struct, frozen=True):
    """Everything a person is called → their keys; several where a name is shared."""

    known: Mapping[str, tuple[str, ...]]
    people: tuple[Person, ...]
    answers: Mapping[str, str]

    def whole(self, written: str) -> tuple[str, ...]:
        """The person of exactly this name, or of the lead's answer for it; () for nobody. Raises
        LeftOutPerson."""
        answer = self.answers.get(folded(written[:MOST_ASKED]))
        if answer == "":
            raise LeftOutPerson(written)
        found = self.known.get(folded(answer or written), ())
        return found if len(found) == 1 else ()

    def proposals(self, asked: str) -> tuple[str, ...]:
        """Keys of people who may be meant, the likeliest first: they share a word, or are spelled alike."""
        words = set(re.split(r"[\s.@_,-]+", _plain(asked)))
        sharing = [p.key for p in self.people if words & set(_plain(f"{p.key} {p.name}").split())]
        spelled = {_plain(name): person.key for person in self.people for name in (person.key, person.name)}
        text = _plain(_DECORATION.sub(" ", asked)).partition("@")[0].replace(".", " ").strip()
        close = difflib.get_close_matches(text, spelled, n=3, cutoff=0.6)
        return tuple(dict.fromkeys((*sharing, *(spelled[one] for one in close))))[:3]


def names_of(people: Iterable[Person], answers: Mapping[str, str]) -> Names:
    everybody = tuple(people)
    known: dict[str, dict[str, None]] = {}
    for person in everybody:
        for name in filter(None, (person.key, person.name, person.slack, person.mail)):
            known.setdefault(folded(name), {})[person.key] = None
    return Names(
        {name: tuple(keys) for name, keys in known.items()},
        everybody,
        {folded(written): answer for written, answer in answers.items()},
    )


def folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().removeprefix("@").split())


def _plain(name: str) -> str:
    """Without accents, for names that are only compared to propose them."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def people_of(event: Component, names: Names) -> tuple[str, ...]:
    """Keys of who serves together. Raises UnknownPerson, LeftOutPerson, NamesNobody."""
    marked = event.text(MARK)
    if marked:
        return _marked([one.strip() for one in marked.split(",") if one.strip()], names)
    title = cleaned(event.text("SUMMARY")[:LONGEST_TITLE])
    found = _by_title(title, names) or _by_attendees(event, names)
    if found:
        return found
    asked = [_address(one) for one in _attendees(event)] or [_core(title)]
    if not asked[0]:
        raise NamesNobody
    raise UnknownPerson(asked)


def _marked(written: list[str], names: Names) -> tuple[str, ...]:
    """A mark is a key, whatever else is called like it."""
    keys = {person.key for person in names.people}
    found = [(one,) if one in keys else names.whole(one) for one in written]
    if not all(found):
        raise UnknownPerson(one for one, known in zip(written, found, strict=True) if not known)
    return tuple(dict.fromkeys(key for known in found for key in known))


def _by_title(title: str, names: Names) -> tuple[str, ...]:
    """The title as a whole, without words like "on call", or the one part of it that is names alone."""
    for written in (title, _core(title)):
        if written and (found := names.whole(written)):
            return found
    parts = [found for part in _DASHES.split(title) if (found := _together(part, names))]
    return parts[0] if len({*parts}) == 1 else ()


def _together(part: str, names: Names) -> tuple[str, ...]:
    """Everybody of "Ana, Bo and Cy"; nobody unless each of them is known. Raises UnknownPerson where
    some are and some are not."""
    written = [core for one in _TOGETHER.split(part) if (core := _core(one))]
    found = [names.whole(one) for one in written]
    if any(found) and not all(found):
        raise UnknownPerson(one for one, keys in zip(written, found, strict=True) if not keys)
    return tuple(dict.fromkeys(key for keys in found for key in keys))


def _core(title: str) -> str:
    return " ".join(_DECORATION.sub(" ", title).split()).strip(" -–—:|·,")


def _by_attendees(event: Component, names: Names) -> tuple[str, ...]:
    """Every attendee who has not declined, each by address, else by name; all of them or nobody."""
    found = [
        names.whole(_address(one)) or names.whole(unescaped(one.params.get("CN", "")))
        for one in _attendees(event)
    ]
    if any(found) and not all(found):
        raise UnknownPerson(
            _address(one) for one, keys in zip(_attendees(event), found, strict=True) if not keys
        )
    return tuple(dict.fromkeys(key for keys in found for key in keys))


def _attendees(event: Component) -> Iterator[Property]:
    for one in event.all("ATTENDEE"):
        is_away = one.params.get("PARTSTAT", "").upper() == "DECLINED"
        is_thing = one.params.get("CUTYPE", "").upper() in _NO_PERSON
        is_guest = one.params.get("ROLE", "").upper() in ("OPT-PARTICIPANT", "NON-PARTICIPANT")
        if not (is_away or is_thing or is_guest) and _address(one):
            yield one


def _address(attendee: Property) -> str:
    return re.sub(r"(?i)^mailto:", "", cleaned(attendee.value)).strip()
