"""What is wrong with a runbook file, where, in plain sentences. Collects; decides nothing about runbooks."""

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct, field

from runbooks.refusals import RunbookError

SENTENCE_LIMIT = 300


class Place(Struct, frozen=True, order=True):
    """A position in a file: line and column, both from 1."""

    line: int
    column: int = 1


class Fault(Struct, frozen=True, order=True):
    """One thing to mend. `str(fault)` is `file:line:column: sentence`, as editors understand it."""

    file: str
    place: Place
    sentence: str

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.place.column

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class RunbookFaults(RunbookError):
    """The file or folder cannot be used; `faults` holds all that is wrong, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FaultList(Struct):
    """The faults of one file, noted while it is read, so that all are told at once."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def note(self, place: Place, sentence: str) -> None:
        """Keep one more fault. A sentence that quotes something endless is cut."""
        cut = sentence if len(sentence) <= SENTENCE_LIMIT else f"{sentence[: SENTENCE_LIMIT - 1]}…"
        self.found.append(Fault(self.file, place, cut))


def hint(word: str, known: Iterable[str]) -> str:
    """How to mend a word that is none of `known`: the close one, or else all of them."""
    words = list(known)
    close = get_close_matches(word.casefold(), words, n=1)
    return f"Did you mean “{close[0]}”?" if close else f"Known are: {', '.join(words)}."
