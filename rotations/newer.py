"""What a newer version, beside this one on the same database, has written and this one has no word for. It is
left to that version. A fault is something else: text that is no JSON, a part that every version writes."""

from enum import Enum
from typing import TypeVar

W = TypeVar("W", bound=Enum)


class NotKnownHere(ValueError):
    """A newer version has put what this one has no words for."""


def known(words: type[W], said: str) -> W:
    """The word of a closed set. Raises NotKnownHere for one that only a newer version knows."""
    try:
        return words(said)
    except ValueError:
        raise NotKnownHere(f"{words.__name__}: {said}") from None
