"""What an import of another tool's file is given on the command line: the file, the answers, the zone."""

from collections.abc import Callable
from pathlib import Path

from bot.applying import UnreadableFile, read_text
from bot.cli.exits import UsageFault
from rotations.import_answers import answers_of
from rotations.imports import Answers
from rotations.model import Organisation
from rotations.zones import is_zone, nearest_zones


def demand_zone(typed: str | None) -> None:
    """Raises UsageFault for what is no zone."""
    if typed and not is_zone(typed):
        near = " or ".join(nearest_zones(typed)) or "Europe/Dublin, for example"
        raise UsageFault(f"There is no time zone {typed}. Did you mean {near}?")


def content(path: Path, most: int) -> bytes:
    """One byte more than is read at `most`: the reader says that it is too large. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}. Name a file that can.") from None


def fetched(address: str) -> bytes:
    """What is at an address. Raises UnreadableFile, which never says the address."""
    from bot.fetching import NotFetched, fetch_now  # brings aiohttp: a quarter of a second for a file's sake

    try:
        return fetch_now(address)
    except NotFetched as reason:
        raise UnreadableFile(str(reason)) from None


def answers(path: Path | None) -> Callable[[Organisation], Answers]:
    """What the file of `--map` says, once people are known. Raises UnreadableFile; then ScheduleFaults."""
    if path is None:
        return lambda _organisation: Answers()
    text = read_text(path)
    return lambda organisation: answers_of(text, str(path), organisation)
