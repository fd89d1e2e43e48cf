"""Domain values as JSON text and back, by pydantic. A field that is new since a row was written takes its
default, a field that this version no longer knows is passed over: old rows are always readable."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

V = TypeVar("V")


def written(value: object) -> str:
    """The value as JSON; instants as RFC 3339."""
    kind: Any = type(value)
    return _adapter(kind).dump_json(value).decode()


def read(kind: type[V], body: str) -> V:
    """The value of this kind that `written` wrote."""
    named: Any = kind
    value: V = _adapter(named).validate_json(body)
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
