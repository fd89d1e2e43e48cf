"""What people say and do to messages: say, edit, delete, react, upload, mark read."""

import binascii
from base64 import b64decode
from typing import Any

from sandbox import files, given_files, messages, people, sharing
from sandbox.control.desk import Words
from sandbox.errors import SlackError
from sandbox.interactions import Outcome
from sandbox.model import Channel, Message, Person
from sandbox.web_api import pins


async def say(words: Words) -> Outcome:
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    text = people.composed(ws, words.required("text"))
    draft = Message("", person.id, text, thread_ts=words.text("thread_ts") or None)
    draft.extra = {"client_msg_id": ws.ids.envelope()}
    broadcast = bool(words.body.get("reply_broadcast"))
    return await words.desk.tell(lambda: said(channel, messages.post(ws, channel, draft, broadcast)))


def said(channel: Channel, message: Message) -> dict[str, Any]:
    return {"channel": channel.id, "ts": message.ts}


def own_message(words: Words, person: Person, refusal: str) -> tuple[Channel, Message]:
    channel = words.own_channel(person)
    message, is_ephemeral = words.message(channel, person)
    if is_ephemeral or message.user != person.id or message.subtype not in (None, "file_share", "me_message"):
        raise SlackError(refusal)
    return channel, message


async def edit(words: Words) -> Outcome:
    """The app hears `message_changed`; the same words again are no edit."""
    ws, person = words.desk.ws, words.person()
    channel, message = own_message(words, person, "cant_update_message")
    text = people.composed(ws, words.required("text"))
    if text == message.text:
        return Outcome(acked=True, response=said(channel, message))

    def changed() -> dict[str, Any]:
        messages.change(ws, channel, message, text=text)
        return said(channel, message)

    return await words.desk.tell(changed)


async def delete(words: Words) -> Outcome:
    """The app hears `message_deleted`, or of the tombstone that a thread's first message leaves."""
    ws, person = words.desk.ws, words.person()
    channel, message = own_message(words, person, "cant_delete_message")

    def deleted() -> dict[str, Any]:
        messages.delete(ws, channel, message)
        return said(channel, message)

    return await words.desk.tell(deleted)


async def react(words: Words) -> Outcome:
    """Adds the reaction, or takes the person's own away, as a second click does; `remove` says which."""
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    message, is_ephemeral = words.message(channel, person)
    if is_ephemeral:
        raise SlackError("message_not_found")
    name = words.required("name").strip(":")
    has_it = any(each.name == name and person.id in each.users for each in message.reactions)
    act = messages.unreact if words.body.get("remove", has_it) else messages.react

    def reacted() -> dict[str, Any]:
        act(ws, channel, message, person.id, name)
        return said(channel, message)

    return await words.desk.tell(reacted)


async def pin(words: Words) -> Outcome:
    """Pins a message; the app hears `pin_added`."""
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    message, is_ephemeral = words.message(channel, person)
    if is_ephemeral:
        raise SlackError("not_pinnable")

    def pinned() -> dict[str, Any]:
        pins.pin(ws, channel, message, person.id)
        return said(channel, message)

    return await words.desk.tell(pinned)


async def upload(words: Words) -> Outcome:
    """A file with `content` (text) or `content_base64`; without either, its name is its content.

    Into a channel, or with `view_id` into a form: `file` is then the value of its input.
    """
    ws, person = words.desk.ws, words.person()
    if words.has("view_id"):
        return upload_into_form(words, person)
    channel, name = words.own_channel(person), words.required("name")
    mimetype = words.text("mimetype") or files.mimetype_of(name)
    content = file_content(words, name)
    text = people.composed(ws, words.text("comment") or words.text("text"))
    thread_ts = words.text("thread_ts") or None

    def shared() -> dict[str, Any]:
        file = files.new_file(ws, person.id, name, content, mimetype)
        message = sharing.share(ws, file, channel, person.id, text, thread_ts)
        return {**said(channel, message), "file": file.id}

    return await words.desk.tell(shared)


def upload_into_form(words: Words, person: Person) -> Outcome:
    words.view(person)
    name = words.required("name")
    mimetype = words.text("mimetype") or files.mimetype_of(name)
    file = given_files.put(words.desk.ws, person, name, file_content(words, name), mimetype)
    return Outcome(acked=True, response={"file": file.id, "name": file.name})


def file_content(words: Words, name: str) -> bytes:
    if not words.has("content_base64"):
        return words.text("content", name).encode()
    try:
        return b64decode(words.text("content_base64"), validate=True)
    except binascii.Error:
        raise SlackError("invalid_content_base64") from None


async def mark(words: Words) -> Outcome:
    """The person has read the conversation up to `ts` (default: all of it)."""
    person = words.person()
    channel = words.channel(person)
    channel.read[person.id] = words.text("ts") or (
        channel.order[-1] if channel.order else "0000000000.000000"
    )
    words.desk.ws.changed(channel.id)
    return Outcome(acked=True, response={"channel": channel.id})
