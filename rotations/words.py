"""Typed text → words that remember where they stood, and a reading head over them. Knows no grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rotations.refusals import Unclear
from rotations.wording import did_you_mean, nearest

# Order matters: what may hold a hyphen itself comes before the hyphen between two times.
_WORD = re.compile(
    r"<@[^>]*>"
    r"|\d{4}-\d{2}-\d{2}T\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m\b)?"
    r"|\d{1,2}\s?[ap]m\b"
    r"|(?:now|noon|midnight|today|tomorrow|yesterday)\b"
    r"|[–—]|-(?=\s|\d|[a-z])"
    # "24 Dec-2 Jan" and "sat-sun": the hyphen after the name of a day or month stands between two times.
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?=-)"
    r"|[^\s–—]+",
    re.IGNORECASE,
)

DASHES = ("–", "—", "-")


class Word(NamedTuple):
    """A word and where it stands, counted in characters from 0."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        return self.text.casefold()


class Words:
    """The words of one line and the place of the reading head."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.place = 0
        self._words = [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(line)]

    def peek(self, ahead: int = 0) -> Word | None:
        index = self.place + ahead
        return self._words[index] if index < len(self._words) else None

    def take(self, expected: str) -> Word:
        """The next word. Raises Unclear, saying what was expected, at the end of the line."""
        word = self.peek()
        if word is None:
            raise Unclear(f"{expected} is missing at the end.", len(self.line))
        self.place += 1
        return word

    def skip(self, *texts: str) -> bool:
        """Whether the next word was one of these; if so it is passed."""
        word = self.peek()
        passed = word is not None and word.folded in texts
        self.place += passed
        return passed

    def phrase(self, count: int) -> str | None:
        """The next `count` words as typed; None where fewer are left."""
        first, last = self.peek(), self.peek(count - 1)
        return None if first is None or last is None else self.line[first.start : last.end]

    def rest(self) -> str:
        word = self.peek()
        return "" if word is None else self.line[word.start :].strip()

    def unclear(
        self, word: Word, sentence: str, options: Iterable[str], unlisted: Iterable[str] = ()
    ) -> Unclear:
        """The refusal of a word that is none of these, with the nearest of them and the line it would make.

        `unlisted` may be meant, too, but are too many to be listed.
        """
        names = [*options]
        typed = f"@{word.text[1:-1].rpartition('|')[2]}" if word.text.startswith("<@") else word.text
        near = nearest(typed, [*names, *unlisted])
        instead = f"{self.line[: word.start]}{near}{self.line[word.end :]}".strip() if near else ""
        hint = f'. Did you mean "{near}"?' if near else did_you_mean(typed, names)
        return Unclear(f"{sentence}{hint}", word.start, instead)
