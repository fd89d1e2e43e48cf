"""Who and what is in the workspace at first: from a seed document, or three people in #general."""

from collections.abc import Mapping
from typing import Any

from sandbox.channels import direct
from sandbox.model import Channel, Note, Person, UserGroup
from sandbox.people import id_of, zone
from sandbox.state import BOT_USER, SLACKBOT, Workspace

EXAMPLE: Mapping[str, Any] = {
    "users": [
        {"id": "U0ALICE", "name": "alice", "real_name": "Alice Moreau", "tz": "Europe/Paris"},
        {"id": "U0BOB", "name": "bob", "real_name": "Bob Okafor", "tz": "America/New_York"},
        {"id": "U0CHEN", "name": "chen", "real_name": "Chen Wei", "tz": "Asia/Singapore"},
    ],
    "channels": [{"name": "general", "members": ["U0ALICE", "U0BOB", "U0CHEN"]}],
}
OPTIONAL = ("title", "display_name", "is_restricted", "is_admin", "deleted")


def plant(ws: Workspace, document: Mapping[str, Any]) -> None:
    """Adds what is not there yet: `{users: [{id, name, …}], channels: [{name, …}], usergroups: [{handle}]}`.

    A channel's members are ids or names; the app is a member only where it is named. Raises ValueError.
    """
    add_bots(ws)
    for about in document.get("users", ()):
        if about["id"] not in ws.people:
            ws.add_person(person_of(about))
    for person in [each for each in ws.people.values() if not each.is_bot]:
        direct(ws, [person.id, BOT_USER])
    for about in document.get("channels", ()):
        name = str(about["name"]).removeprefix("#")
        if name not in ws.channel_ids:
            ws.add_channel(channel_of(ws, name, about))
    handles = {group.handle for group in ws.groups.values()}
    for about in document.get("usergroups", ()):
        if about["handle"] not in handles:
            group = group_of(ws, about)
            ws.groups[group.id] = group


def add_bots(ws: Workspace) -> None:
    name = ws.manifest.bot_name
    ws.people[BOT_USER] = Person(BOT_USER, name, ws.manifest.name, is_bot=True)
    ws.people[SLACKBOT] = Person(SLACKBOT, "slackbot", "Slackbot", is_bot=True)


def person_of(about: Mapping[str, Any]) -> Person:
    name = str(about["name"])
    person = Person(str(about["id"]), name, str(about.get("real_name", name)))
    person.email, person.tz = str(about.get("email", "")), zone(str(about.get("tz", "UTC")))
    for key in OPTIONAL:
        if key in about:
            setattr(person, key, about[key])
    return person


def group_of(ws: Workspace, about: Mapping[str, Any]) -> UserGroup:
    handle = str(about["handle"])
    group = UserGroup(str(about.get("id") or ws.ids.next("S")), str(about.get("name", handle)), handle)
    group.users = [str(user) for user in about.get("members", ())]
    group.created = group.updated = ws.seconds()
    group.created_by = group.updated_by = SLACKBOT
    return group


def channel_of(ws: Workspace, name: str, about: Mapping[str, Any]) -> Channel:
    members = []
    for member in about.get("members", ()):
        user = id_of(ws, str(member))
        if user is None:
            raise ValueError(f"#{name} has a member who is no user: {member}")
        members.append(user)
    creator = members[0] if members else SLACKBOT
    channel = Channel(str(about.get("id") or ws.ids.next("C")), name, creator, ws.seconds(), members=members)
    channel.is_private = bool(about.get("is_private", False))
    channel.is_general = name == "general"
    channel.topic, channel.purpose = Note(str(about.get("topic", ""))), Note(str(about.get("purpose", "")))
    return channel
