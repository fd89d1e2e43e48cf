"""The `escalation` section of the file: policies, their levels and targets. Collects faults, raises none."""

from __future__ import annotations

import re

from rotations.escalation import (
    HARM_AREAS,
    LONGEST_MIN,
    MOST_LEVELS,
    MOST_REPEATS,
    SEVERITIES,
    Known,
    Level,
    Policy,
    Reach,
    When,
    fault_of,
    read_reach,
)
from rotations.fields import Faults, Fields, choice_of, flag_of, items_of, text_of
from rotations.located import Located, Sequence
from rotations.wording import did_you_mean

_MINUTES = re.compile(r"(\d{1,5})(?:\s*(?:m|min|mins|minutes?))?", re.IGNORECASE)
_PHONE = {"at once": 0, "never": None}


def escalation_of(node: Located | None, known: Known, faults: Faults) -> tuple[Policy, ...]:
    """Every policy that could be read, in the order in which they are asked."""
    items = items_of(node, "Escalation", faults) if node is not None else ()
    policies: list[Policy] = []
    for item in items:
        before = faults.count
        policy = _policy(item, known, faults)
        if faults.count > before:
            continue
        if any(earlier.when.covers(policy.when) for earlier in policies):
            faults.note(item, f"It is never used: a policy above it is for {policy.when.words} already.")
        policies.append(policy)
    return tuple(policies)


def _policy(node: Located, known: Known, faults: Faults) -> Policy:
    fields = Fields(node, "The policy", ("when", "levels", "repeats", "waits_for_morning"), faults)
    when = _when(fields.get("when"), faults)
    listed = fields.need("levels")
    before = faults.count
    levels = _levels(listed, known, faults) if listed is not None else ()
    policy = Policy(
        when,
        levels,
        fields.read("repeats", _repeats_of, 0),
        fields.read("waits_for_morning", flag_of, False),
    )
    if listed is not None and faults.count == before and (fault := fault_of(policy, known)):
        faults.note(listed, fault)
    return policy


def _when(node: Located | None, faults: Faults) -> When:
    if node is None:
        return When()
    fields = Fields(node, "When", ("severity", "harm", "night"), faults)
    severities = _choices(fields.get("severity"), SEVERITIES, "severity", faults)
    return When(
        tuple(sorted(SEVERITIES.index(each) for each in severities)),
        _choices(fields.get("harm"), HARM_AREAS, "harm area", faults),
        fields.read("night", flag_of, None),
    )


def _choices(node: Located | None, options: tuple[str, ...], what: str, faults: Faults) -> tuple[str, ...]:
    """One word, or a list of them."""
    named = (choice_of(item, options, what, faults) for item in _one_or_more(node))
    return tuple(dict.fromkeys(each for each in named if each is not None))


def _one_or_more(node: Located | None) -> tuple[Located, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _levels(node: Located, known: Known, faults: Faults) -> tuple[Level, ...]:
    items = items_of(node, "Levels", faults)
    if len(items) > MOST_LEVELS:
        faults.note(node, f"More than {MOST_LEVELS} levels are no ladder any more; take some together.")
    return tuple(_level(item, known, faults) for item in items)


def _level(node: Located, known: Known, faults: Faults) -> Level:
    fields = Fields(node, "The level", ("after", "page", "phone"), faults)
    after = fields.read_needed("after", _minutes_of)
    page = fields.need("page")
    reached = [_reach_of(item, known, faults) for item in _one_or_more(page)]
    phone = fields.get("phone")
    rings = 0 if phone is None else _phone_of(phone, faults)
    return Level(after or 0, tuple(dict.fromkeys(each for each in reached if each is not None)), rings)


def _reach_of(node: Located, known: Known, faults: Faults) -> Reach | None:
    text = text_of(node, faults)
    if text is None:
        return None
    found = read_reach(text, known)
    if found is None:
        faults.note(node, f'Nobody is "{text}"{did_you_mean(text, known.options())}')
    return found


def _minutes_of(node: Located, faults: Faults) -> int | None:
    text = text_of(node, faults)
    if text is None:
        return None
    found = _MINUTES.fullmatch(text)
    if found and int(found[1]) <= LONGEST_MIN:
        return int(found[1])
    faults.note(node, f'"{text}" is no number of minutes up to a day; write it like 5.')
    return None


def _phone_of(node: Located, faults: Faults) -> int | None:
    text = text_of(node, faults)
    if text is None:
        return None
    found = _MINUTES.fullmatch(text)
    if found and int(found[1]) <= LONGEST_MIN:
        return int(found[1])
    if text.casefold() not in _PHONE:
        faults.note(node, f'"{text}" does not say when the phone rings; write at once, never, or minutes.')
    return _PHONE.get(text.casefold())


def _repeats_of(node: Located, faults: Faults) -> int | None:
    text = text_of(node, faults)
    if text is None or (text.isascii() and text.isdigit() and int(text) <= MOST_REPEATS):
        return None if text is None else int(text)
    faults.note(node, f'"{text}" is no number of repeats; write one from 0 to {MOST_REPEATS}.')
    return None
