"""The levels of a ladder as lines that people type in chat: `5 min backup and team fraud, phone at once`.

Reads what `escalation.level_words` writes, and less formal hands too. Pure; the first fault is said."""

from __future__ import annotations

import re

from rotations.escalation import LONGEST_MIN, MOST_LEVELS, Known, Level, Reach, read_reach
from rotations.refusals import Unclear
from rotations.wording import did_you_mean

_LINE = re.compile(r"(\d{1,4})\s*(?:minutes|minute|mins|min|m)?\b[\s:]*(.*)", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:^|[\s,;]+)(?:(?P<never>no phone)|phones? (?:at once|(?:after )?(?P<after>\d{1,4})(?: ?m\w*)?))\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;+]|\band\b)\s*", re.IGNORECASE)


def read_levels(text: str, known: Known) -> tuple[Level, ...]:
    """One level a line. Raises Unclear with the line and what is in the way."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LEVELS:
        raise Unclear(f"More than {MOST_LEVELS} levels are no ladder any more; take some together.", 0)
    return tuple(_level(line, known) for line in lines)


def _level(line: str, known: Known) -> Level:
    found = _LINE.fullmatch(line)
    if found is None or int(found[1]) > LONGEST_MIN:
        raise Unclear(f'“{line[:80]}”: begin each line with its minutes, for example "5 min backup".', 0)
    whom, phone = _without_phone(found[2])
    return Level(int(found[1]), _reached(line, whom, known), phone)


def _without_phone(words: str) -> tuple[str, int | None]:
    """Whom, and when their phones ring; at once where that is not said."""
    found = _PHONE.search(words)
    if found is None:
        return words, 0
    after = None if found["never"] else int(found["after"] or 0)
    return words[: found.start()], after


def _reached(line: str, whom: str, known: Known) -> tuple[Reach, ...]:
    names = [name for name in _BETWEEN.split(whom) if name]
    if not names:
        raise Unclear(f'“{line[:80]}” pages nobody: name a seat, a team or a person like "@ana".', 0)
    reached: dict[Reach, None] = {}
    while names:
        reach, taken = _first_of(names, known)
        if reach is None:
            raise Unclear(f'Nobody is "{names[0][:80]}"{did_you_mean(names[0], known.options())}', 0)
        reached[reach] = None
        names = names[taken:]
    return tuple(reached)


def _first_of(names: list[str], known: Known) -> tuple[Reach | None, int]:
    """The longest target that the words begin with, and how many of them it takes: a team may have an "and"
    in its name."""
    for taken in range(len(names), 0, -1):
        reach = read_reach(" and ".join(names[:taken]), known)
        if reach is not None:
            return reach, taken
    return None, 0
