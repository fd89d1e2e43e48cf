"""Ids of the tests: they count, so that a failure reads the same every time."""

from itertools import count


class CountingIds:
    def __init__(self) -> None:
        self._ids = count(1)
        self._keys = count(1)
        self._secrets = count(1)

    def new(self) -> str:
        return f"id{next(self._ids):04}"

    def restricted_key(self) -> str:
        return f"R-T{next(self._keys):03}"

    def secret(self) -> str:
        return f"{next(self._secrets):064x}"
