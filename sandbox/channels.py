"""Channels and direct messages: making, joining, leaving, naming and describing them, with lines and events.

Never asks who may do it: the Web API and the control acts do.
"""

from typing import Any

from sandbox import check, messages, people
from sandbox.errors import SlackError
from sandbox.model import Channel, Note
from sandbox.state import BOT_USER, TEAM_ID, Workspace

MAX_TOPIC = 250
EVENT_WORDS = {"channel": ("channel", "C"), "group": ("group", "G"), "im": ("im", "D"), "mpim": ("mpim", "G")}


def check_name(ws: Workspace, name: str) -> None:
    """Raises `invalid_name_required`, `_maxlength`, `_specials`, `_punctuation` or `name_taken`."""
    error = check.channel_name_error(name)
    if error is not None:
        raise SlackError(error)
    if name in ws.channel_ids:
        raise SlackError("name_taken")


def create(ws: Workspace, creator: str, name: str, is_private: bool) -> Channel:
    """A channel with its creator as the only member. Archived channels keep their names."""
    check_name(ws, name)
    channel = Channel(ws.ids.next("C"), name, creator, ws.seconds(), is_private=is_private, members=[creator])
    ws.add_channel(channel)
    if not is_private:
        about = {"id": channel.id, "is_channel": True, "name": name, "name_normalized": name}
        about |= {"created": channel.created, "creator": creator, "is_shared": False, "is_org_shared": False}
        ws.emit({"type": "channel_created", "channel": about | {"context_team_id": TEAM_ID}})
    messages.system(ws, channel, creator, "channel_join", "has joined the channel")
    emit_joined(ws, channel, creator, None)
    return channel


def join(ws: Workspace, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Adds a member who is not in yet; posts `channel_join` and emits `member_joined_channel`."""
    channel.members.append(user)
    extra = {"inviter": inviter} if inviter else {}
    messages.system(ws, channel, user, "channel_join", "has joined the channel", **extra)
    emit_joined(ws, channel, user, inviter)


def emit_joined(ws: Workspace, channel: Channel, user: str, inviter: str | None) -> None:
    event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "team": TEAM_ID}
    event["channel_type"] = EVENT_WORDS[channel.kind][1]
    ws.emit({**event, "inviter": inviter} if inviter else event)


def leave(ws: Workspace, channel: Channel, user: str, by: str | None = None) -> None:
    """Takes a member out, of their own will or by somebody's kick."""
    line = "has left the channel" if by is None else f"was removed from the channel by <@{by}>"
    messages.system(ws, channel, user, "channel_leave", line)
    event = {"type": "member_left_channel", "user": user, "channel": channel.id, "team": TEAM_ID}
    ws.emit({**event, "channel_type": EVENT_WORDS[channel.kind][1]})
    channel.members.remove(user)
    ws.changed(channel.id)


def invite_error(ws: Workspace, channel: Channel, user: str, inviter: str) -> str | None:
    """Slack's code for somebody who cannot be invited; None when they can."""
    if user == inviter:
        return "cant_invite_self"
    person = ws.people.get(user)
    if person is None:
        return "user_not_found"
    if person.deleted:
        return "cant_invite"
    return "already_in_channel" if user in channel.members else None


def set_topic(ws: Workspace, channel: Channel, user: str, value: str) -> None:
    set_note(ws, channel, user, "topic", value)


def set_purpose(ws: Workspace, channel: Channel, user: str, value: str) -> None:
    set_note(ws, channel, user, "purpose", value)


def set_note(ws: Workspace, channel: Channel, user: str, which: str, value: str) -> None:
    """Sets topic or purpose, at most 250 characters (`too_long`), and writes the line Slack writes."""
    if len(value) > MAX_TOPIC:
        raise SlackError("too_long")
    setattr(channel, which, Note(value, user, ws.seconds()))
    label = "topic" if which == "topic" else "description"
    line = f"set the channel {label}: {value}" if value else f"cleared the channel {label}"
    messages.system(ws, channel, user, f"channel_{which}", line, **{which: value})


def rename(ws: Workspace, channel: Channel, user: str, name: str) -> None:
    check_name(ws, name)
    old = channel.name
    ws.channel_ids[name] = ws.channel_ids.pop(old)
    channel.previous_names.insert(0, old)
    channel.name = name
    line = f'has renamed the channel from "{old}" to "{name}"'
    messages.system(ws, channel, user, "channel_name", line, old_name=old, name=name)
    about = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    about |= {"is_channel": not channel.is_private, "is_mpim": False}
    ws.emit({"type": f"{EVENT_WORDS[channel.kind][0]}_rename", "channel": about})


def archive(ws: Workspace, channel: Channel, user: str) -> None:
    members = list(channel.members)
    messages.system(ws, channel, user, "channel_archive", "archived the channel", members=members)
    channel.is_archived = True
    event = {"type": f"{EVENT_WORDS[channel.kind][0]}_archive", "channel": channel.id, "user": user}
    ws.emit(event | {"is_moved": 0})
    ws.changed(channel.id)


def unarchive(ws: Workspace, channel: Channel, user: str) -> None:
    channel.is_archived = False
    messages.system(ws, channel, user, "channel_unarchive", "un-archived the channel")
    ws.emit({"type": f"{EVENT_WORDS[channel.kind][0]}_unarchive", "channel": channel.id, "user": user})


def direct(ws: Workspace, users: list[str]) -> tuple[Channel, bool]:
    """The direct conversation of exactly these people, and whether it existed before."""
    key = tuple(sorted(set(users)))
    known = ws.dms.get(key)
    if known is not None:
        return ws.channels[known], True
    pair = len(key) <= 2
    name = "" if pair else "mpdm-" + "--".join(ws.people[user].name for user in key) + "-1"
    channel = Channel(ws.ids.next("D" if pair else "C"), name, users[0], ws.seconds(), is_private=not pair)
    channel.is_im, channel.is_mpim, channel.members = pair, not pair, list(key)
    ws.add_channel(channel)
    return channel, False


def sees(ws: Workspace, channel: Channel, user: str) -> bool:
    """Public channels are for everybody but guests; the rest is for its members."""
    if user in channel.members:
        return True
    return channel.kind == "channel" and not ws.people[user].is_restricted


def partner(channel: Channel, user: str) -> str:
    """Whom `user` talks to in a DM."""
    return next((member for member in channel.members if member != user), user)


def as_json(ws: Workspace, channel: Channel, viewer: str = BOT_USER) -> dict[str, Any]:
    """Slack's conversation object as `viewer` sees it."""
    if channel.is_im:
        return im_json(ws, channel, viewer)
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
        "parent_conversation": None,
        "is_member": viewer in channel.members,
        "last_read": channel.read.get(viewer, "0000000000.000000"),
        "topic": note_json(channel.topic),
        "purpose": note_json(channel.purpose),
        "previous_names": list(channel.previous_names),
    }


def im_json(ws: Workspace, channel: Channel, viewer: str) -> dict[str, Any]:
    other = ws.people.get(partner(channel, viewer))
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
        "user": other.id if other else viewer,
        "is_user_deleted": other.deleted if other else False,
        "priority": 0,
        "is_open": True,
    }


def note_json(note: Note) -> dict[str, Any]:
    return {"value": note.value, "creator": note.creator, "last_set": note.last_set}


def find(ws: Workspace, name: str, viewer: str) -> Channel | None:
    """A channel by id, by `#name`, or (`@name`, a user id) the DM of `viewer` with that person."""
    if name in ws.channels:
        return ws.channels[name]
    known = ws.channel_ids.get(name.removeprefix("#"))
    if known is not None:
        return ws.channels[known]
    user = people.id_of(ws, name)
    return direct(ws, [viewer, user])[0] if user is not None else None
