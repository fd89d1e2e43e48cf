"""Reads one field of the schedules file at a time and collects what is wrong with it, where, in plain words.

Every reader answers a value or None after noting a fault, so that one pass finds them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time
from typing import TypeVar

from rotations.located import Located, Mapping, Scalar, Sequence
from rotations.refusals import Fault
from rotations.wording import did_you_mean
from rotations.zones import is_zone, nearest_zones

T = TypeVar("T")

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.I
)


class Faults:
    """The faults found so far in one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[Fault] = []

    def note(self, at: Located, text: str) -> None:
        self._found.append(Fault(self._file, at.line, at.column, text))

    @property
    def count(self) -> int:
        return len(self._found)

    def in_order(self) -> tuple[Fault, ...]:
        return tuple(sorted(self._found))


class Fields:
    """The entries of one mapping, checked against the keys that belong there."""

    def __init__(self, node: Located, what: str, keys: Iterable[str], faults: Faults) -> None:
        self.node = node
        self.what = what
        self.faults = faults
        self._entries = {key.text: value for key, value in entries_of(node, what, faults)}
        known = list(keys)
        for key, _ in node.entries if isinstance(node, Mapping) else ():
            if key.text not in known:
                faults.note(key, f'{what} has no key "{key.text}"{did_you_mean(key.text, known)}')

    def get(self, key: str) -> Located | None:
        return self._entries.get(key)

    def need(self, key: str) -> Located | None:
        """The entry, or a fault that it is missing."""
        if key not in self._entries:
            self.faults.note(self.node, f'{self.what} needs "{key}".')
        return self._entries.get(key)

    def read(self, key: str, reader: Callable[[Located, Faults], T | None], default: T) -> T:
        """The value of an optional key; `default` when it is absent or faulty."""
        node = self.get(key)
        value = None if node is None else reader(node, self.faults)
        return default if value is None else value

    def read_needed(self, key: str, reader: Callable[[Located, Faults], T | None]) -> T | None:
        node = self.need(key)
        return None if node is None else reader(node, self.faults)


def entries_of(node: Located, what: str, faults: Faults) -> list[tuple[Scalar, Located]]:
    """The entries of a mapping, each key once; an empty value counts as an empty mapping."""
    if isinstance(node, Scalar) and not node.text:
        return []
    if not isinstance(node, Mapping):
        faults.note(node, f"{what} must be a list of keys with values.")
        return []
    seen: dict[str, tuple[Scalar, Located]] = {}
    for key, value in node.entries:
        if key.text in seen:
            faults.note(key, f'"{key.text}" stands twice in {what[0].lower()}{what[1:]}.')
        seen.setdefault(key.text, (key, value))
    return list(seen.values())


def items_of(node: Located, what: str, faults: Faults) -> tuple[Located, ...]:
    if isinstance(node, Sequence):
        return node.items
    faults.note(node, f"{what} must be a list in [ ].")
    return ()


def text_of(node: Located, faults: Faults) -> str | None:
    if isinstance(node, Scalar) and node.text.strip():
        return node.text.strip()
    faults.note(node, "A word or a text belongs here.")
    return None


def texts_of(node: Located, faults: Faults) -> tuple[str, ...]:
    texts = (text_of(item, faults) for item in items_of(node, "This", faults))
    return tuple(text for text in texts if text is not None)


def flag_of(node: Located, faults: Faults) -> bool | None:
    text = text_of(node, faults)
    if text is None or text.casefold() in ("true", "false"):
        return None if text is None else text.casefold() == "true"
    faults.note(node, f'"{text}" is neither true nor false.')
    return None


def choice_of(node: Located, options: Collection[str], what: str, faults: Faults) -> str | None:
    """One of a few words, in any case."""
    text = text_of(node, faults)
    if text is None:
        return None
    found = next((option for option in options if option.casefold() == text.casefold()), None)
    if found is None:
        faults.note(node, f'There is no {what} "{text}"{did_you_mean(text, options)}')
    return found


def zone_of(node: Located, faults: Faults) -> str | None:
    text = text_of(node, faults)
    if text is None or is_zone(text):
        return text
    near = nearest_zones(text)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Zones read like Europe/Dublin."
    faults.note(node, f'There is no time zone "{text}".{hint}')
    return None


def time_of(node: Located, faults: Faults) -> time | None:
    text = text_of(node, faults)
    found = _TIME.fullmatch(text) if text else None
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    if text is not None:
        faults.note(node, f'"{text}" is not a clock time; write it like 09:00.')
    return None


def date_of(node: Located, faults: Faults) -> date | None:
    text = text_of(node, faults)
    if text is None:
        return None
    try:
        on = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        on = None
    if on is None or not 1970 <= on.year <= 2190:
        faults.note(node, f'"{text}" is not a date; write it like 2026-03-02.')
        return None
    return on


def moment_of(node: Located, faults: Faults) -> datetime | None:
    """An instant in UTC when an offset is written, else a naive local time for the caller to place."""
    text = text_of(node, faults)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.upper()) if _INSTANT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None or not 1970 <= moment.year <= 2190:
        faults.note(node, f'"{text}" is not a time; write it like 2026-03-09T12:00:00Z or 2026-03-09 12:00.')
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment
