"""Half of a surrogate pair, as an escape in JSON or YAML can name it: no text in UTF-8 can hold it."""

import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")


def without_halves(value: Any) -> Any:
    """The same value as JSON reads it, with U+FFFD for each half, in names too."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {without_halves(name): without_halves(item) for name, item in value.items()}
    return [without_halves(item) for item in value] if isinstance(value, list) else value
