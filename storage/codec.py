"""Domain values as JSON text and back, by msgspec. A field that is new since a row was written takes its
default; one that this version does not know is passed over and kept: a newer version may have written it."""

import json
import logging
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import msgspec

from rotations.halves import without_halves
from rotations.newer import NotKnownHere

UNKNOWN_WORD = "Invalid enum value"  # msgspec tells it from other faults by its sentence alone

V = TypeVar("V")

log = logging.getLogger(__name__)


def written(value: object) -> str:
    """The value as JSON; instants as RFC 3339. Half a surrogate pair means nothing and becomes U+FFFD."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(without_halves(msgspec.to_builtins(value)), ensure_ascii=False)


def read(kind: type[V], body: str) -> V:
    """The value of this kind that `written` wrote. Raises NotKnownHere for a word of a newer version, and
    msgspec.DecodeError for what no version has written."""
    named: Any = kind
    try:
        value: V = _decoder(named).decode(body)
    except msgspec.ValidationError as error:
        if not str(error).startswith(UNKNOWN_WORD):
            raise
        raise NotKnownHere(f"{kind.__name__}: {error}") from None
    return value


def read_all(kind: type[V], bodies: Iterable[str]) -> list[V]:
    """For a list to look through: what only a newer version can read is left out."""
    values = []
    for body in bodies:
        try:
            values.append(read(kind, body))
        except NotKnownHere as error:
            log.warning("left out of a list", extra={"error": str(error)})
    return values


def written_over(old: str, was: V, value: V) -> str:
    """The value as JSON in the place of `old`, which was read as `was`: whatever of it this version does not
    know is left as it stands.

    A list is gone through by position, and not at all where it has become shorter."""
    known = written(was)
    if known == old:
        return written(value)
    return json.dumps(
        _over(json.loads(old), json.loads(known), json.loads(written(value))), ensure_ascii=False
    )


def _over(old: Any, known: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(known, dict) and isinstance(new, dict):
        unknown = {name: value for name, value in old.items() if name not in known}
        same = {
            name: _over(old[name], known[name], new[name]) for name in known if name in old and name in new
        }
        return {**new, **same, **unknown}
    if isinstance(old, list) and isinstance(known, list) and isinstance(new, list) and len(old) <= len(new):
        return [*map(_over, old, known, new), *new[len(old) :]]
    return new


_ONE_AT_A_TIME = Lock()
"""msgspec fills in what it knows of a nested kind as it goes: a second thread would read the half of it."""


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    with _ONE_AT_A_TIME:
        return msgspec.json.Decoder(kind)
