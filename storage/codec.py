"""Domain values as JSON text and back, by pydantic. A field that is new since a row was written takes its
default, a field that this version no longer knows is passed over: old rows are always readable."""

import json
import re
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

V = TypeVar("V")
_HALF = re.compile("[\ud800-\udfff]")


def written(value: object) -> str:
    """The value as JSON; instants as RFC 3339. Half a surrogate pair means nothing and becomes U+FFFD."""
    kind: Any = type(value)
    try:
        return _adapter(kind).dump_json(value).decode()
    except PydanticSerializationError:
        return json.dumps(_whole(_adapter(kind).dump_python(value, mode="json")), ensure_ascii=False)


def _whole(value: Any) -> Any:
    """The same JSON value with every text one that UTF-8 can hold."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def read(kind: type[V], body: str) -> V:
    """The value of this kind that `written` wrote."""
    named: Any = kind
    value: V = _adapter(named).validate_json(body)
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
