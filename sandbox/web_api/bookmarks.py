"""`bookmarks.*`: links in a channel's header, at most a hundred."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import SlackError
from sandbox.model import Channel
from sandbox.state import APP_ID, BOT_USER, TEAM_ID, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, Call, Method

MAX_BOOKMARKS = 100
EMOJI = re.compile(r":[a-z0-9_+'-]{1,100}:(:skin-tone-[2-6]:)?")


def methods() -> dict[str, Method]:
    return {
        "bookmarks.add": Method(add, TIER_2, ("bookmarks:write",)),
        "bookmarks.edit": Method(edit, TIER_2, ("bookmarks:write",)),
        "bookmarks.list": Method(list_all, TIER_3, ("bookmarks:read",)),
        "bookmarks.remove": Method(remove, TIER_2, ("bookmarks:write",)),
    }


def add(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call)
    title, kind = call.required("title"), call.required("type")
    if kind != "link":
        raise SlackError("invalid_bookmark_type")
    link = checked_link(call.text("link"))
    if len(channel.bookmarks) >= MAX_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = new_bookmark(ws, channel, title, link, checked_emoji(call.text("emoji")))
    channel.bookmarks.append(bookmark)
    ws.changed(channel.id)
    return {"bookmark": dict(bookmark)}


def edit(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call)
    bookmark = find(channel, call)
    changes = {name: call.text(name) for name in ("title", "link", "emoji") if call.has(name)}
    if "link" in changes:
        checked_link(changes["link"])
    checked_emoji(changes.get("emoji", ""))
    bookmark.update(changes, date_updated=ws.seconds(), last_updated_by_user_id=BOT_USER)
    ws.changed(channel.id)
    return {"bookmark": dict(bookmark)}


def remove(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call)
    channel.bookmarks.remove(find(channel, call))
    ws.changed(channel.id)
    return {}


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = ws.bot_channel(call.required("channel_id"))
    return {"bookmarks": [dict(each) for each in channel.bookmarks]}


def own_channel(ws: Workspace, call: Call) -> Channel:
    channel = ws.bot_channel(call.required("channel_id"))
    if BOT_USER not in channel.members:
        raise SlackError("permission_denied")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def find(channel: Channel, call: Call) -> dict[str, Any]:
    wanted = call.required("bookmark_id")
    found = next((each for each in channel.bookmarks if each["id"] == wanted), None)
    if found is None:
        raise SlackError("invalid_bookmark_id")
    return found


def checked_link(link: str) -> str:
    """The link when it is http or https with a host; else `invalid_link`."""
    try:
        parts = urlsplit(link)
    except ValueError:
        raise SlackError("invalid_link") from None
    if parts.scheme not in ("http", "https") or not parts.netloc or any(letter.isspace() for letter in link):
        raise SlackError("invalid_link")
    return link


def checked_emoji(name: str) -> str:
    if name and not EMOJI.fullmatch(name):
        raise SlackError("invalid_emoji")
    return name


def new_bookmark(ws: Workspace, channel: Channel, title: str, link: str, emoji: str) -> dict[str, Any]:
    """Slack's bookmark object, ranked after those that are there."""
    return {
        "id": ws.ids.next("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": emoji,
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": ws.seconds(),
        "date_updated": 0,
        "rank": chr(ord("a") + len(channel.bookmarks) % 26),
        "last_updated_by_user_id": BOT_USER,
        "last_updated_by_team_id": TEAM_ID,
        "shortcut_id": None,
        "app_id": APP_ID,
    }
