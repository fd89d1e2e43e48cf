"""One fault in a Block Kit payload, in Slack's words; never decides which error code a method answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

ALL_SCHEMAS = "failed to match all allowed schemas"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong (`message`, in Slack's words) and where (`pointer`, an RFC 6901 JSON pointer)."""

    message: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Faults = Iterator[Fault]
Rule = Callable[[object, str], Faults]
"""A rule reads any JSON value and the pointer to it, and yields the faults it finds. It never raises."""


def at(pointer: str, *parts: str | int) -> str:
    """The pointer to a member of what `pointer` names. Rules name known fields only: nothing to escape."""
    return "/".join([pointer, *map(str, parts)])


def members(value: object) -> Mapping[str, object]:
    """The value when it is an object, else an empty one, so that a check across fields needs no guard."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def first_or_all(faults: Iterable[Fault], pointer: str) -> Faults:
    """The faults, preceded by the line Slack writes where a value may have more than one shape."""
    found = list(faults)
    if found:
        yield Fault(ALL_SCHEMAS, pointer)
        yield from found
