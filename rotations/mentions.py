"""People and regions among typed words: `<@U123|name>` as Slack sends it, `@key`, a region in any case."""

from __future__ import annotations

import re

from rotations.model import Organisation, Person, Schedule
from rotations.refusals import Unclear
from rotations.words import Word, Words

_MENTION = re.compile(r"<@([^|>]+)(?:\|([^>]*))?>")
_LONGEST = 4


def is_mention(word: Word) -> bool:
    return word.text.startswith(("@", "<@"))


def read_person(words: Words, organisation: Organisation) -> Person:
    """The person of the next word. Raises Unclear when it names nobody of the schedules."""
    word = words.take("A person, like @bo,")
    if not is_mention(word):
        raise Unclear(f'"{word.text}" names nobody; write it like @bo.', word.start)
    found = _MENTION.fullmatch(word.text)
    person = organisation.person_by_slack(found[1]) if found else _by_key(word.folded[1:], organisation)
    if person is None:
        name = (found[2] or found[1]) if found else word.text[1:]
        known = [f"@{person.key}" for person in organisation.people]
        raise words.unclear(word, f"{name} is not in the schedules", (), known)
    return person


def read_region(words: Words, schedule: Schedule) -> str | None:
    """The region whose name stands at the reading head, or None; the longest name wins."""
    for count in range(_LONGEST, 0, -1):
        typed = words.phrase(count)
        for region in schedule.regions:
            if typed is not None and region.name.casefold() == typed.casefold():
                words.place += count
                return region.name
    return None


def paged_schedule(organisation: Organisation) -> Schedule:
    """The schedule questions are about. Raises Unclear in an organisation without one."""
    schedule = organisation.paged_schedule()
    if schedule is None:
        raise Unclear("There is no schedule yet.", 0)
    return schedule


def _by_key(key: str, organisation: Organisation) -> Person | None:
    return next((person for person in organisation.people if person.key.casefold() == key), None)
