"""Identifiers in Slack's shapes. A run's seed is in each, so none repeats after a crash lost a counter."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """Counts upwards; `seed` tells runs over one workspace apart (any non-negative integer)."""

    def __init__(self, seed: int) -> None:
        self._run = base36(seed % 36**5).rjust(5, "0")
        self._count = 0

    def next(self, prefix: str) -> str:
        """`C` → `C00X7K20001`: prefix, five digits of the run, at least four of the count."""
        self._count += 1
        return f"{prefix}{self._run}{base36(self._count).rjust(4, '0')}"

    def envelope(self) -> str:
        """The UUID look of Slack's envelope ids."""
        self._count += 1
        return f"{int(self._run, 36):08x}-0000-4000-8000-{self._count:012x}"


def base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
