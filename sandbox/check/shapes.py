"""The building stones of the rule tables: string, number, array, record, tagged. Never names a Slack type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sandbox.check.faults import Fault, Faults, Rule, at


@dataclass(frozen=True, slots=True)
class Text:
    """A JSON string of `least`..`most` characters, matching `pattern` when there is one."""

    most: int = 1_000_000
    least: int = 0
    pattern: str | None = None

    def __call__(self, value: object, pointer: str) -> Faults:
        if not isinstance(value, str):
            yield Fault("must provide a string", pointer)
            return
        if len(value) < self.least:
            yield Fault(f"must be more than {self.least - 1} characters", pointer)
        if len(value) > self.most:
            yield Fault(f"must be less than {self.most + 1} characters", pointer)
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Fault(f"input must match regex pattern: {self.pattern}", pointer)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few strings."""

    values: tuple[str, ...]

    def __call__(self, value: object, pointer: str) -> Faults:
        if not isinstance(value, str):
            yield Fault("must provide a string", pointer)
        elif value not in self.values:
            yield Fault("must be a valid enum value", pointer)


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer of `least`..`most`; JSON's true and false are no integers."""

    least: int
    most: int

    def __call__(self, value: object, pointer: str) -> Faults:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Fault("must provide an integer", pointer)
        elif value < self.least:
            yield Fault(f"must be greater than {self.least}", pointer)
        elif value > self.most:
            yield Fault(f"must be less than {self.most}", pointer)


def boolean(value: object, pointer: str) -> Faults:
    """JSON's true or false."""
    if not isinstance(value, bool):
        yield Fault("must be a boolean", pointer)


@dataclass(frozen=True, slots=True)
class Many:
    """An array of `least`..`most` values that all obey one rule."""

    rule: Rule
    most: int = 1_000_000
    least: int = 0

    def __call__(self, value: object, pointer: str) -> Faults:
        if not isinstance(value, list):
            yield Fault("must provide an array", pointer)
            return
        if len(value) < self.least:
            yield Fault(f"must provide at least {self.least} items", pointer)
        if len(value) > self.most:
            yield Fault(f"no more than {self.most} items allowed", pointer)
            return
        for index, item in enumerate(value):
            yield from self.rule(item, at(pointer, index))


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others; `also` are the checks across its fields."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Rule, ...] = ()

    def __call__(self, value: object, pointer: str) -> Faults:
        if not isinstance(value, dict):
            yield Fault("must provide an object", pointer)
            return
        for name in self.required:
            if name not in value:
                yield Fault(f"missing required field: {name}", pointer)
        yield from self._fields(value, pointer)
        for check in self.also:
            yield from check(value, pointer)

    def _fields(self, value: Mapping[str, object], pointer: str) -> Iterator[Fault]:
        for name, member in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is None:
                yield Fault(f"invalid additional property: {name}", pointer)
            else:
                yield from rule(member, at(pointer, name))


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object whose `type` chooses the rule; a type outside `rules` is unsupported here."""

    rules: Mapping[str, Rule]

    def __call__(self, value: object, pointer: str) -> Faults:
        if not isinstance(value, dict):
            yield Fault("must provide an object", pointer)
        elif "type" not in value:
            yield Fault("missing required field: type", pointer)
        elif not isinstance(value["type"], str):
            yield Fault("must provide a string", at(pointer, "type"))
        elif value["type"] not in self.rules:
            yield Fault(f"unsupported type: {value['type']}", at(pointer, "type"))
        else:
            yield from self.rules[value["type"]](value, pointer)


def typed(
    name: str,
    required: Mapping[str, Rule] | None = None,
    optional: Mapping[str, Rule] | None = None,
    also: tuple[Rule, ...] = (),
) -> Record:
    """A record whose `type` is `name`; the type itself is checked by the `Tagged` around it."""
    return Record({"type": OneOf((name,)), **(required or {})}, optional or {}, also)
