"""The workspace as JSON for tests and the page: all of it, or what one person can see."""

from dataclasses import asdict
from typing import Any

from sandbox import messages, people, views
from sandbox.channels import note_json, partner, sees
from sandbox.clock import rfc3339
from sandbox.model import Channel, Ephemeral, Message, Notification, Person, PhoneCall, View
from sandbox.state import APP_ID, BOT_USER, TEAM_ID, TEAM_NAME, Workspace

SHOWN_NOTIFICATIONS = 100
SHOWN_CALLS = 100


def state(ws: Workspace, viewer: str | None) -> dict[str, Any]:
    """`viewer` None: everything; else public channels, own channels, DMs, ephemerals and views."""
    seen = [channel for channel in ws.channels.values() if viewer is None or sees(ws, channel, viewer)]
    whispers = whispers_by_channel(ws, viewer)
    rendered = [
        (channel, conversation(ws, channel, viewer, whispers.get(channel.id, []))) for channel in seen
    ]
    return {
        "workspace": {"id": TEAM_ID, "name": TEAM_NAME},
        "me": viewer,
        "app": app(ws),
        "users": [user_json(ws, person) for person in ws.people.values()],
        "channels": [body for channel, body in rendered if channel.kind in ("channel", "group")],
        "dms": [body for channel, body in rendered if channel.kind in ("im", "mpim")],
        "usergroups": [
            {"id": group.id, "handle": group.handle, "users": list(group.users)}
            for group in ws.groups.values()
        ],
        "views": [view_json(ws, view) for view in open_views(ws, viewer)],
        "home": home(ws, viewer),
        "lock_screen": lock_screen(ws, viewer),
        "phone": [call_json(each) for each in ws.calls.values() if viewer in (None, each.to)][-SHOWN_CALLS:],
        "failures": [asdict(each) for each in ws.failures if viewer in (None, each.user)],
        "clock": clock_json(ws),
    }


def app(ws: Workspace) -> dict[str, Any]:
    return {
        "id": APP_ID,
        "name": ws.manifest.name,
        "bot_user_id": BOT_USER,
        "commands": [dict(each) for each in ws.manifest.commands or ()],
        "shortcuts": [dict(each) for each in ws.manifest.shortcuts or ()],
    }


def user_json(ws: Workspace, person: Person) -> dict[str, Any]:
    now = ws.clock.stamp()
    span, silent = people.silence(person, now), people.is_silent(person, now)
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "email": person.email,
        "tz": person.tz,
        "title": person.title,
        "is_bot": person.is_bot,
        "is_restricted": person.is_restricted,
        "deleted": person.deleted,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "dnd": {"on": silent, "until": span[1] if span and silent else None},
    }


def whispers_by_channel(ws: Workspace, viewer: str | None) -> dict[str, list[Ephemeral]]:
    found: dict[str, list[Ephemeral]] = {}
    for each in ws.ephemerals:
        if viewer in (None, each.user):
            found.setdefault(each.channel, []).append(each)
    return found


def conversation(
    ws: Workspace, channel: Channel, viewer: str | None, whispers: list[Ephemeral]
) -> dict[str, Any]:
    said = [message_json(ws, channel, channel.messages[ts]) for ts in channel.order]
    said += [
        message_json(ws, channel, each.message) | {"ephemeral": True, "to": each.user} for each in whispers
    ]
    body: dict[str, Any] = {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "members": list(channel.members),
        "creator": channel.creator,
        "created": channel.created,
        "topic": channel.topic.value,
        "purpose": note_json(channel.purpose)["value"],
        "pins": [pin.ts for pin in channel.pins],
        "bookmarks": list(channel.bookmarks),
        "messages": sorted(said, key=lambda message: str(message["ts"])),
    }
    if channel.kind in ("im", "mpim"):
        body["is_im"] = channel.is_im
    if viewer is None:
        return body
    if channel.is_im:
        body["user"] = partner(channel, viewer)
    return body | unread(channel, viewer)


def unread(channel: Channel, viewer: str) -> dict[str, Any]:
    last = channel.read.get(viewer, "0000000000.000000")
    count = 0
    for ts in reversed(channel.order):
        if ts <= last:
            break
        count += channel.messages[ts].user != viewer
    return {"last_read": last, "unread_count": count if viewer in channel.members else 0}


def message_json(ws: Workspace, channel: Channel, message: Message) -> dict[str, Any]:
    body = messages.as_json(ws, channel, message, with_metadata=True)
    return {
        "blocks": [],
        **{name: value for name, value in body.items() if name not in ("team", "bot_profile")},
    }


def open_views(ws: Workspace, viewer: str | None) -> list[View]:
    """Bottom of each stack first."""
    stacks = ws.stacks.items() if viewer is None else [(viewer, ws.stacks.get(viewer, []))]
    return [ws.views[view_id] for _, stack in stacks for view_id in stack]


def view_json(ws: Workspace, view: View) -> dict[str, Any]:
    return {**views.as_json(view), "user": view.user, "errors": view.errors, "failure": view.failure}


def home(ws: Workspace, viewer: str | None) -> Any:
    """The person's Home, None before the app published one; for everybody, Homes by user id."""
    if viewer is None:
        return {user: view_json(ws, ws.views[view_id]) for user, view_id in ws.homes.items()}
    known = ws.homes.get(viewer)
    return view_json(ws, ws.views[known]) if known is not None else None


def lock_screen(ws: Workspace, viewer: str | None) -> list[dict[str, Any]]:
    """Oldest first; the last is on top of the phone."""
    found = [each for each in ws.notifications if viewer in (None, each.to)]
    return [notification_json(each) for each in found[-SHOWN_NOTIFICATIONS:]]


def notification_json(each: Notification) -> dict[str, Any]:
    return {"at": each.at, "to": each.to, "user": each.user, "channel": each.channel, "text": each.text}


def call_json(each: PhoneCall) -> dict[str, Any]:
    rang_at, ended_at = rfc3339(each.rang_at), each.ended_at
    body = {
        "handle": each.handle,
        "to": each.to,
        "words": each.words,
        "rang_at": rang_at,
        "state": each.state,
    }
    return body | {"ended_at": None if ended_at is None else rfc3339(ended_at)}


def clock_json(ws: Workspace) -> dict[str, Any]:
    now = ws.clock.now().isoformat().replace("+00:00", "Z")
    return {"now": now, "offset_s": ws.clock.offset.total_seconds(), "version": ws.clock.version}
