"""What the head of a runbook file says: its words turned into values, every fault noted at its word."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from runbooks.faults import FaultList, hint
from runbooks.front_matter import Fields
from runbooks.model import Compartment, HarmArea

RUNBOOK_ID = re.compile(r"[A-Z]{2,5}-[0-9]{1,4}")
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")

_FLOOR = re.compile(r"(?:SEV)?([0-4])")
_VERSION = re.compile(r"[1-9][0-9]{0,5}")
_Value = TypeVar("_Value")
_Kind = TypeVar("_Kind", bound=StrEnum)


class Head(Struct, frozen=True):
    """What the head says. Where a fault was noted the value is a stand-in, and the file is not used."""

    id: str
    version: int
    owner: str
    review_by: date
    harm: tuple[HarmArea, ...]
    floor: int
    compartment: Compartment | None
    clocks: tuple[str, ...]


def read_head(fields: Fields, faults: FaultList) -> Head:
    """The head's values; notes each word that does not fit its key."""
    return Head(
        id=_single(fields, "id", _id, "", faults),
        version=_single(fields, "version", _version, 0, faults),
        owner=_single(fields, "owner", slug, "", faults),
        review_by=_single(fields, "review_by", _date, date.min, faults),
        harm=_read(fields, "harm", _one_of(HarmArea), faults),
        floor=_single(fields, "floor", _floor, 4, faults),
        compartment=_single(fields, "compartment", _one_of(Compartment), None, faults),
        clocks=_read(fields, "clocks", slug, faults),
    )


def slug(text: str) -> str:
    """A name in small letters, figures and underscores. Raises ValueError with a sentence."""
    return _fitting(SLUG, text, "a name in small letters, such as fraud_lead")[0]


def _single(
    fields: Fields, key: str, read: Callable[[str], _Value], otherwise: _Value, faults: FaultList
) -> _Value:
    values = _read(fields, key, read, faults)
    if len(values) > 1:
        faults.note(fields[key][1].place, f"“{key}” takes one word. Keep one.")
    return values[0] if values else otherwise


def _read(fields: Fields, key: str, read: Callable[[str], _Value], faults: FaultList) -> tuple[_Value, ...]:
    values: list[_Value] = []
    for word in fields.get(key, ()):
        try:
            value = read(word.text)
        except ValueError as error:
            faults.note(word.place, f"“{key}”: {error}")
            continue
        if value in values:
            faults.note(word.place, f"“{key}”: “{word.text}” is there twice. Keep one.")
        values.append(value)
    return tuple(values)


def _one_of(kind: type[_Kind]) -> Callable[[str], _Kind]:
    def read(text: str) -> _Kind:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"“{text}” is not known. {hint(text, [each.value for each in kind])}") from None

    return read


def _fitting(form: re.Pattern[str], text: str, says: str) -> re.Match[str]:
    match = form.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is not {says}.")
    return match


def _id(text: str) -> str:
    return _fitting(RUNBOOK_ID, text, "an id such as RB-03")[0]


def _version(text: str) -> int:
    return int(_fitting(_VERSION, text, "a whole number from 1")[0])


def _floor(text: str) -> int:
    return int(_fitting(_FLOOR, text, "a severity from SEV0 to SEV4")[1])


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a date such as 2027-06-01.") from None
