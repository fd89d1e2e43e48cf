"""JSON of somebody else's making: read within limits, field by field. A wrong field is a fault of one object.

Knows no tool's names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from rotations.halves import without_halves
from rotations.imports import NotImportable

MOST_BYTES = 8 << 20
MOST_OBJECTS = 5000

_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_OWN_ID = re.compile(r'(\{\s*)?"(?:id|alias)"\s*:\s*"([^"\\]*)"(?!\s*,\s*"type"\s*:\s*"\w+_reference")')

Object = Mapping[str, Any]


class Unfit(Exception):
    """One object cannot be taken; the sentence says why."""


def read_tree(data: bytes) -> object:
    """The document, with U+FFFD for half a character. Raises NotImportable for what is too large, no UTF-8,
    or no JSON."""
    if len(data) > MOST_BYTES:
        raise NotImportable("The file is larger than 8 MiB, which no export of schedules is.")
    try:
        tree: object = json.loads(data.decode("utf-8-sig"), parse_constant=_refused)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise NotImportable("The file is no JSON. Save the answers of the API as they came.") from None
    return without_halves(tree) if _ESCAPED_HALF.search(data) else tree


def _refused(name: str) -> object:
    raise ValueError(name)


def collected(tree: object, plural: str, singular: str) -> tuple[Object, ...]:
    """The objects of one kind in a document, or in a list of answers of the API. Raises NotImportable."""
    found: dict[int, Object] = {}
    for answer in tree if isinstance(tree, list) else [tree]:
        for name in (plural, singular):
            for each in _objects(answer.get(name) if isinstance(answer, dict) else None):
                found[id(each)] = each
    if len(found) > MOST_OBJECTS:
        raise NotImportable(
            f"That is {len(found)} {plural}; at most {MOST_OBJECTS} are read. Take a part of it."
        )
    return tuple(found.values())


def _objects(value: object) -> Iterator[Object]:
    for page in ("data", "results"):
        if isinstance(value, dict) and isinstance(value.get(page), list | dict):
            value = value[page]
    rows = value if isinstance(value, list) else [value]
    return (row for row in rows if isinstance(row, dict))


def objects(holder: Object, name: str) -> tuple[Object, ...]:
    """The objects in a field; what is none is passed over."""
    value = holder.get(name)
    return tuple(row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()


def thing(holder: Object, name: str) -> Object:
    """The object in a field; an empty one where it is none."""
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def text(holder: Object, *names: str) -> str:
    """The first of the fields that has words in it; "" where none has."""
    values = (holder.get(name) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def number(holder: Object, name: str, usual: int | None = None) -> int:
    """A whole number. Raises Unfit where it is none and nothing is usual."""
    value = holder.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 40:
        return value
    if value is None and usual is not None:
        return usual
    raise Unfit(f"Its {name} is no whole number.")


def number_or(holder: Object, name: str, usual: int) -> int:
    """As `number`; what is usual for whatever is none."""
    try:
        return number(holder, name, usual)
    except Unfit:
        return usual


def moment(holder: Object, name: str) -> datetime:
    """An instant or a local time, as it is written. Raises Unfit."""
    found = moment_or_none(holder, name)
    if found is None:
        raise Unfit(f"Its {name} is missing.")
    return found


def moment_or_none(holder: Object, name: str) -> datetime | None:
    """As `moment`; None where nothing is written."""
    written = text(holder, name)
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
        found.utctimetuple(), found + timedelta(days=366)
    except (ValueError, OverflowError):
        raise Unfit(f"Its {name} {written[:40]} is no time.") from None
    if not 1970 <= found.year <= 2100:
        raise Unfit(f"Its {name} {written[:40]} is not between 1970 and 2100.")
    return found


def minutes(seconds: int, what: str) -> int:
    """Whole minutes, begun ones too. Raises Unfit for what is not above zero, or beyond a year."""
    if not 0 < seconds <= 366 * 86_400:
        raise Unfit(f"{what} of {seconds} seconds is none.")
    return -(-seconds // 60)


def lines_of(source: str) -> dict[str, int]:
    """The first line, from 1, on which each id stands as an object's own: where it opens one, if anywhere."""
    opening: dict[str, int] = {}
    others: dict[str, int] = {}
    line, last = 1, 0
    for found in _OWN_ID.finditer(source):
        line, last = line + source.count("\n", last, found.start(2)), found.start(2)
        (opening if found[1] else others).setdefault(found[2], line)
    return others | opening


def texts(holder: Object, name: str) -> list[str]:
    """The words in a list."""
    value = holder.get(name)
    return [each for each in value if isinstance(each, str) and each] if isinstance(value, list) else []
