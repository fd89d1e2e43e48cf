"""Block Kit in small pieces, each inside Slack's limits. Knows no incident.

What takes mrkdwn expects it safe already (`handlers.text`); plain texts are made safe here."""

from collections.abc import Iterable, Sequence

from handlers.calls import Json, Message
from handlers.text import clip, plain

BLOCKS_MAX = 50
VIEW_BLOCKS_MAX = 100
SECTION_MAX = 3000
TEXT_MAX = 3000
OPTIONS_MAX = 100
BUDGET = 10_000
_SHORTENED = "Shortened here to fit into one message."


def plain_text(text: str, limit: int) -> Json:
    return {"type": "plain_text", "text": plain(text, limit) or "–"}


def mrkdwn(text: str, limit: int = SECTION_MAX) -> Json:
    """`verbatim`: nothing in it is made a link or a mention but what is written as one."""
    return {"type": "mrkdwn", "text": clip(text, limit) or "–", "verbatim": True}


def section(text: str, accessory: Json | None = None, block_id: str = "") -> Json:
    block: Json = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _named(block, block_id)


def lines(*texts: str) -> Json:
    """One section with one line for each text that is not empty."""
    return section("\n".join(text for text in texts if text))


def sections(texts: Iterable[str]) -> list[Json]:
    """Lines in as few sections as hold them; a line is never cut in two unless it is longer than one."""
    found: list[str] = []
    for text in texts:
        if found and len(found[-1]) + len(text) < SECTION_MAX:
            found[-1] += f"\n{text}"
        else:
            found.append(text)
    return [section(text) for text in found]


def context(*texts: str) -> Json:
    """Small print; where no text says anything, the message or view leaves it away."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10]}


def header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, 150)}


def divider() -> Json:
    return {"type": "divider"}


def actions(*elements: Json, block_id: str = "") -> Json:
    return _named({"type": "actions", "elements": list(elements)}, block_id)


def button(label: str, action_id: str, value: str = "") -> Json:
    block: Json = {"type": "button", "text": plain_text(label, 75), "action_id": action_id}
    if value:
        block["value"] = value
    return block


def link(label: str, url: str, action_id: str) -> Json:
    """A button that opens an address; Slack reports the press all the same."""
    return {**button(label, action_id), "url": url}


def primary(element: Json) -> Json:
    return {**element, "style": "primary"}


def danger(element: Json) -> Json:
    return {**element, "style": "danger"}


def confirmed(element: Json, title: str, text: str, yes: str) -> Json:
    """The element, asking first what will happen to whom."""
    asks = {
        "title": plain_text(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text("Cancel", 30),
    }
    return {**element, "confirm": asks}


def option(label: str, value: str, description: str = "") -> Json:
    made: Json = {"text": plain_text(label, 75), "value": value}
    if description:
        made["description"] = plain_text(description, 75)
    return made


def select(action_id: str, placeholder: str, options: Sequence[Json], chosen: str = "") -> Json:
    """A menu; `chosen` is the value of the option that stands in it."""
    made: Json = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
        "options": list(options[:OPTIONS_MAX]),
    }
    initial = next((each for each in made["options"] if each["value"] == chosen), None)
    if initial is not None:
        made["initial_option"] = initial
    return made


def radio(action_id: str, options: Sequence[Json], chosen: str = "") -> Json:
    made: Json = {"type": "radio_buttons", "action_id": action_id, "options": list(options[:10])}
    initial = next((each for each in made["options"] if each["value"] == chosen), None)
    if initial is not None:
        made["initial_option"] = initial
    return made


def checkboxes(action_id: str, options: Sequence[Json], ticked: Sequence[str] = ()) -> Json:
    """Boxes to tick; `ticked` are the values of those that are."""
    made: Json = {"type": "checkboxes", "action_id": action_id, "options": list(options[:10])}
    initial = [each for each in made["options"] if each["value"] in ticked]
    return {**made, "initial_options": initial} if initial else made


def time_picker(action_id: str, initial: str = "") -> Json:
    """A time of day, as `22:00`; "" for none yet."""
    made: Json = {"type": "timepicker", "action_id": action_id}
    return {**made, "initial_time": initial} if initial else made


def person_select(action_id: str, placeholder: str, chosen: str = "") -> Json:
    made: Json = {
        "type": "users_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
    }
    if chosen:
        made["initial_user"] = chosen
    return made


def people_select(action_id: str, placeholder: str, chosen: Sequence[str] = ()) -> Json:
    """Several people, in the order in which they are picked."""
    made: Json = {
        "type": "multi_users_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
    }
    return made | ({"initial_users": list(chosen)} if chosen else {})


def channel_select(action_id: str, placeholder: str, chosen: str = "") -> Json:
    """A public channel."""
    made: Json = {
        "type": "channels_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
    }
    return made | ({"initial_channel": chosen} if chosen else {})


def date_picker(action_id: str, chosen: str) -> Json:
    return {"type": "datepicker", "action_id": action_id, "initial_date": chosen}


def text_input(action_id: str, initial: str = "", placeholder: str = "", is_long: bool = False) -> Json:
    """A field to type in; what stands in it is kept as typed, up to Slack's limit."""
    made: Json = {"type": "plain_text_input", "action_id": action_id, "multiline": is_long}
    if initial:
        made["initial_value"] = initial[:TEXT_MAX]
    if placeholder:
        made["placeholder"] = plain_text(placeholder, 150)
    return made


def file_input(action_id: str, filetypes: Sequence[str]) -> Json:
    """One file of one of these kinds, by the ends of their names."""
    return {"type": "file_input", "action_id": action_id, "filetypes": list(filetypes), "max_files": 1}


def ask(label: str, element: Json, is_optional: bool = False, hint: str = "", block_id: str = "") -> Json:
    """An input named as its element, so that its value is `state.values[id][id]`."""
    made: Json = {
        "type": "input",
        "block_id": block_id or element["action_id"],
        "label": plain_text(label, 2000),
        "element": element,
        "optional": is_optional,
    }
    if hint:
        made["hint"] = plain_text(hint, 2000)
    return made


def modal(callback_id: str, title: str, blocks: Iterable[Json], submit: str = "", metadata: str = "") -> Json:
    """A form; without `submit` it only shows. `metadata` comes back with it."""
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, 24),
        "blocks": _not_empty(blocks)[:VIEW_BLOCKS_MAX],
        "close": plain_text("Cancel" if submit else "Close", 24),
        "private_metadata": metadata,
    }
    if submit:
        view["submit"] = plain_text(submit, 24)
    return view


def message(text: str, blocks: Iterable[Json]) -> Message:
    """A message that fits: at most 50 blocks and 10,000 characters over all of them.

    What is beyond is left away from the end, and the last line says so: blocks stand in the order of what
    matters.
    """
    whole = _not_empty(blocks)
    kept: list[Json] = []
    room = BUDGET - len(_SHORTENED)
    for block in whole:
        room -= weight(block)
        if room < 0 or len(kept) == BLOCKS_MAX - 1:
            break
        kept.append(block)
    if len(kept) < len(whole):
        kept.append(context(_SHORTENED))
    return Message(clip(text, TEXT_MAX) or "Meridian", tuple(kept))


def weight(block: object) -> int:
    """Characters of text in a block, counted as Slack counts them: every `text` in it."""
    if isinstance(block, dict):
        own = block.get("text")
        mine = len(own) if isinstance(own, str) else 0
        return mine + sum(weight(child) for child in block.values())
    return sum(weight(child) for child in block) if isinstance(block, list | tuple) else 0


def _not_empty(blocks: Iterable[Json]) -> list[Json]:
    """Without a context that has nothing to say, which Slack would refuse."""
    return [block for block in blocks if block.get("elements") != []]


def _named(block: Json, block_id: str) -> Json:
    return {**block, "block_id": block_id} if block_id else block
