"""People coming, going and changing: channels they make, join and leave, and their own particulars."""

from collections.abc import Callable
from typing import Any

from sandbox import channels, payloads, people
from sandbox.control import silence
from sandbox.control.desk import Words
from sandbox.errors import SlackError
from sandbox.interactions import Outcome
from sandbox.model import Channel, Person
from sandbox.state import BOT_USER, SLACKBOT

TEXTS = ("name", "real_name", "display_name", "email", "tz", "title", "status_text", "status_emoji")
FLAGS = ("deleted", "is_restricted", "is_admin")


async def join(words: Words) -> Outcome:
    ws, person = words.desk.ws, words.person()
    channel = words.channel(person)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if person.id in channel.members:
        return Outcome(acked=True, response={"channel": channel.id})
    return await done(words, channel, lambda: channels.join(ws, channel, person.id))


async def leave(words: Words) -> Outcome:
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    return await done(words, channel, lambda: channels.leave(ws, channel, person.id))


async def invite(words: Words) -> Outcome:
    """`users` (or `user`): ids or names, the app's too."""
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    named = words.body.get("users", words.body.get("user"))
    users = [words.resolve(str(each)) for each in (named if isinstance(named, list) else [named])]
    for user in users:
        error = channels.invite_error(ws, channel, user, person.id)
        if error is not None:
            raise SlackError(error)

    def invited() -> None:
        for user in users:
            channels.join(ws, channel, user, inviter=person.id)

    return await done(words, channel, invited)


async def archive(words: Words) -> Outcome:
    ws, person = words.desk.ws, words.person()
    channel = words.own_channel(person)
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    return await done(words, channel, lambda: channels.archive(ws, channel, person.id))


async def create_channel(words: Words) -> Outcome:
    ws, person = words.desk.ws, words.person()
    name, is_private = words.required("name").removeprefix("#"), bool(words.body.get("is_private"))

    def created() -> dict[str, Any]:
        return {"channel": channels.create(ws, person.id, name, is_private).id}

    return await words.desk.tell(created)


async def open_direct(words: Words) -> Outcome:
    """The conversation of `as` with `user` (or `users`)."""
    named = words.body.get("users", words.body.get("user"))
    users = [words.resolve(str(each)) for each in (named if isinstance(named, list) else [named])]
    if any(user not in words.desk.ws.people for user in users):
        raise SlackError("user_not_found")
    channel, _ = channels.direct(words.desk.ws, [words.person().id, *users])
    return Outcome(acked=True, response={"channel": channel.id})


async def done(words: Words, channel: Channel, act: Callable[[], None]) -> Outcome:
    def acted() -> dict[str, Any]:
        act()
        return {"channel": channel.id}

    return await words.desk.tell(acted)


async def user(words: Words) -> Outcome:
    """Changes the person with this `id`, or adds them; the app hears `user_change` or `team_join`."""
    ws, user_id = words.desk.ws, words.required("id")
    known = people.id_of(ws, user_id)
    is_new = known is None
    person = Person(user_id, user_id.lower(), user_id) if known is None else ws.people[known]
    if person.is_bot or person.id == SLACKBOT:
        raise SlackError("cant_change_bot")
    change(words, person)
    person.updated = ws.seconds()
    if person.deleted:
        forget_member(words, person)
    kind = "team_join" if is_new else "user_change"

    def known_now() -> dict[str, Any]:
        ws.add_person(person)
        channels.direct(ws, [person.id, BOT_USER])
        ws.emit(payloads.user_event(ws, kind, person))
        return {"user": person.id}

    return await words.desk.tell(known_now)


def change(words: Words, person: Person) -> None:
    people.zone(words.text("tz", "UTC"))
    for name in TEXTS:
        if words.has(name):
            setattr(person, name, words.text(name))
    for name in FLAGS:
        if words.has(name):
            setattr(person, name, bool(words.body[name]))
    if "dnd" in words.body:
        silence.order(words.desk.ws, person, words.body["dnd"])


def forget_member(words: Words, person: Person) -> None:
    """Somebody deactivated is in no channel any more; Slack writes no line about it."""
    for channel in words.desk.ws.channels.values():
        if person.id in channel.members and channel.kind in ("channel", "group"):
            channel.members.remove(person.id)
            words.desk.ws.changed(channel.id)
