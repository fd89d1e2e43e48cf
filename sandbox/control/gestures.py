"""Acts that the app must acknowledge: commands, buttons, forms, shortcuts, opening its Home."""

from typing import Any

from sandbox import channels, entries, forms, payloads, people, phones, views
from sandbox.control.desk import Words
from sandbox.errors import SlackError
from sandbox.interactions import Outcome, Press, entered_by
from sandbox.model import Message
from sandbox.state import BOT_USER

MESSAGE, GLOBAL = "message", "global"


async def command(words: Words) -> Outcome:
    """`text` begins with the command. In a thread Slack does not deliver commands at all."""
    ws, person = words.desk.ws, words.person()
    channel = words.channel(person)
    name, _, text = words.required("text").strip().partition(" ")
    if not name.startswith("/"):
        raise SlackError("not_a_command")
    if words.has("thread_ts"):
        raise SlackError("not_supported_in_threads")
    if channel.is_archived:
        raise SlackError("is_archived")
    known = ws.manifest.commands
    declared = [each for each in known or () if each["command"] == name]
    if known is not None and not declared:
        raise SlackError("unknown_command")
    if declared and declared[0].get("should_escape"):
        text = people.composed(ws, text)
    return await words.desk.interactions.command(person, channel, name, text.strip())


async def click(words: Words) -> Outcome:
    """A button, menu or other element of a message, or (with `view_id`) of a form."""
    person = words.person()
    if words.has("view_id"):
        return await click_view(words)
    channel = words.channel(person)
    message, is_ephemeral = words.message(channel, person)
    blocks = all_blocks(message)
    block_id, element = element_of(words, blocks)
    action = entries.action(element, block_id, words.body.get("value"), words.resolve)
    press = Press(action, held_values(words, blocks, action), is_ephemeral)
    return await words.desk.interactions.click_message(person, channel, message, press)


def held_values(words: Words, blocks: list[dict[str, Any]], action: dict[str, Any]) -> forms.Values:
    """What the inputs of the message hold; the page may still know blocks that an update took away."""
    known = {block.get("block_id") for block in blocks}
    given = {block_id: each for block_id, each in words.values().items() if block_id in known}
    entered: forms.Values = {}
    forms.enter({"blocks": blocks}, entered, given, words.resolve)
    for block_id, fields in entered_by(action).items():
        entered.setdefault(block_id, {}).update(fields)
    return forms.state_values({"blocks": blocks}, entered)


async def click_view(words: Words) -> Outcome:
    person = words.person()
    view = words.view(person)
    forms.enter(view.body, view.values, words.values(), words.resolve)
    block_id, element = element_of(words, view.body["blocks"])
    action = entries.action(element, block_id, words.body.get("value"), words.resolve)
    return await words.desk.interactions.click_view(person, view, action)


def all_blocks(message: Message) -> list[dict[str, Any]]:
    inner = (block for attachment in message.attachments for block in attachment.get("blocks", ()))
    return [*message.blocks, *inner]


def element_of(words: Words, blocks: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The element with this action_id; among several the one in `block_id`, or the button with this value."""
    action_id = words.required("action_id")
    found = [each for each in views.elements({"blocks": blocks}) if each[1] == action_id]
    if words.has("block_id"):
        found = [each for each in found if each[0] == words.text("block_id")]
    if not found:
        raise SlackError("action_not_found")
    exact = [each for each in found if each[2].get("value") == words.body.get("value")]
    block_id, _, element, _ = (exact or found)[0]
    return block_id, element


async def suggest(words: Words) -> Outcome:
    """What the app offers in an external select for what is typed so far (`value`): `response.options`."""
    person, typed = words.person(), words.text("value")
    if words.has("view_id"):
        view = words.view(person)
        block_id, element = element_of(words, view.body["blocks"])
        about = payloads.view_actions(view, forms.state_values(view.body, view.values))
    else:
        channel = words.channel(person)
        message, is_ephemeral = words.message(channel, person)
        block_id, element = element_of(words, all_blocks(message))
        about = payloads.message_actions(words.desk.ws, channel, message, is_ephemeral, "")
        del about["response_url"]
    if len(typed) < element.get("min_query_length", 3):
        raise SlackError("query_too_short")
    about |= {"action_id": element["action_id"], "block_id": block_id, "value": typed}
    return await words.desk.interactions.suggest(person, about)


async def submit(words: Words) -> Outcome:
    person = words.person()
    view = words.view(person)
    if words.desk.ws.stacks.get(person.id, [])[-1:] != [view.id]:
        raise SlackError("view_not_on_top")
    forms.enter(view.body, view.values, words.values(), words.resolve)
    return await words.desk.interactions.submit(person, view)


async def close(words: Words) -> Outcome:
    """Closes the top view, or with `clear` the whole stack."""
    person = words.person()
    view = words.view(person)
    if view.id == words.desk.ws.homes.get(person.id):
        raise SlackError("view_not_found")
    return await words.desk.interactions.close(person, view, bool(words.body.get("clear")))


async def shortcut(words: Words) -> Outcome:
    """A global shortcut, or one on a message when `channel` and `ts` name it."""
    person, callback_id = words.person(), words.required("callback_id")
    kind = MESSAGE if words.has("ts") else GLOBAL
    declared = words.desk.ws.manifest.shortcuts
    if declared is not None and not any(
        each["callback_id"] == callback_id and each["type"] == kind for each in declared
    ):
        raise SlackError("unknown_shortcut")
    if kind == GLOBAL:
        return await words.desk.interactions.global_shortcut(person, callback_id)
    channel = words.channel(person)
    message, is_ephemeral = words.message(channel, person)
    if is_ephemeral:
        raise SlackError("message_not_found")
    return await words.desk.interactions.message_shortcut(person, channel, message, callback_id)


async def answer_phone(words: Words) -> Outcome:
    """The person answers their telephone: the call of this `handle`, or what has rung longest."""
    call = phones.answer(words.desk.ws, words.person(), words.text("handle"))
    return Outcome(acked=True, response={"handle": call.handle, "words": call.words})


async def home(words: Words) -> Outcome:
    """Opens the app's Home; the app hears `app_home_opened` and usually publishes."""
    ws, person = words.desk.ws, words.person()
    channel, _ = channels.direct(ws, [person.id, BOT_USER])
    known = ws.homes.get(person.id)
    view = ws.views[known] if known is not None else None

    def opened() -> dict[str, Any]:
        ws.emit(payloads.home_opened(ws, person, channel, view))
        return {"channel": channel.id}

    return await words.desk.tell(opened)
