"""Composition objects: text, option, option group, confirmation, and what else elements are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.check.faults import Fault, Faults, Rule, at, first_or_all, items, members
from sandbox.check.shapes import Many, OneOf, Record, Tagged, Text, boolean, typed

ACTION_ID = Text(255, least=1)
BLOCK_ID = Text(255)
URL = Text(3000)


def plain(most: int) -> Record:
    """A plain_text object of 1..`most` characters."""
    return typed("plain_text", {"text": Text(most, least=1)}, {"emoji": boolean})


def mrkdwn(most: int) -> Record:
    """A mrkdwn object of 1..`most` characters."""
    return typed("mrkdwn", {"text": Text(most, least=1)}, {"verbatim": boolean})


@dataclass(frozen=True, slots=True)
class AnyText:
    """A plain_text or mrkdwn object; as for every choice of shapes, Slack says first that none matched."""

    most: int

    def __call__(self, value: object, pointer: str) -> Faults:
        shape = Tagged({"plain_text": plain(self.most), "mrkdwn": mrkdwn(self.most)})
        return first_or_all(shape(value, pointer), pointer)


def option(text: Rule, with_url: bool = False) -> Record:
    """An option whose text and description obey `text`; only overflow options may carry a link."""
    return Record(
        {"text": text, "value": Text(150, least=1)},
        {"description": text, **({"url": URL} if with_url else {})},
    )


MENU_OPTION = option(plain(75))
LIST_OPTION = option(AnyText(75))
MENU_OPTIONS = Many(MENU_OPTION, most=100, least=1)
LIST_OPTIONS = Many(LIST_OPTION, most=10, least=1)
OPTION_GROUPS = Many(Record({"label": plain(75), "options": MENU_OPTIONS}), most=100, least=1)

STYLE = OneOf(("primary", "danger"))
CONFIRM = Record(
    {"title": plain(100), "text": AnyText(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
)
DISPATCH = Record(
    optional={"trigger_actions_on": Many(OneOf(("on_enter_pressed", "on_character_entered")), least=1)}
)
CONVERSATION_FILTER = Record(
    optional={
        "include": Many(OneOf(("im", "mpim", "private", "public")), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)


@dataclass(frozen=True, slots=True)
class EitherOf:
    """At least one of these fields, or exactly one where `both` is False."""

    names: tuple[str, str]
    both: bool = False

    def __call__(self, value: object, pointer: str) -> Faults:
        present = [name for name in self.names if name in members(value)]
        if not present or (len(present) == 2 and not self.both):
            one, other = self.names
            yield Fault(f"must define either `{one}` or `{other}`", at(pointer, "type"))


def picture_source(value: object, pointer: str) -> Faults:
    """An image has a link or a file that Slack holds, never both."""
    present = [name for name in ("image_url", "slack_file") if name in members(value)]
    if not present:
        yield Fault("missing required field: image_url", pointer)
    elif len(present) == 2:
        yield Fault("must define either `image_url` or `slack_file`", pointer)


def initial_options_offered(value: object, pointer: str) -> Faults:
    """What is chosen at first must be among what is offered, word for word."""
    element = members(value)
    offered = [_words(option) for option in _offered(element)]
    chosen: list[tuple[str, object]] = []
    if "initial_option" in element:
        chosen.append(("initial_option", element["initial_option"]))
    if items(element.get("initial_options")):
        chosen += [("initial_options", option) for option in items(element["initial_options"])]
    for name in dict.fromkeys(name for name, option in chosen if _words(option) not in offered):
        yield Fault("must be one of the provided options", at(pointer, name))


def _offered(element: object) -> Iterator[object]:
    yield from items(members(element).get("options"))
    for group in items(members(element).get("option_groups")):
        yield from items(members(group).get("options"))


def _words(option: object) -> tuple[str, str, str]:
    fields = members(option)
    texts = [members(fields.get(name)).get("text") for name in ("text", "description")]
    text, description, value = (
        words if isinstance(words, str) else "" for words in (*texts, fields.get("value"))
    )
    return text, description, value
