"""People as Slack describes them, who is silent, and how text names them."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.model import Person
from sandbox.state import APP_ID, BOT_ID, SLACKBOT, TEAM_ID, Workspace

ENTITY = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
BROADCAST = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")


def as_json(ws: Workspace, person: Person, with_email: bool = True) -> dict[str, Any]:
    """Slack's user object."""
    offset = ws.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    return {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.name,
        "deleted": person.deleted,
        "color": "9f69e7",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz.replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile(person, with_email),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
        "is_email_confirmed": not person.is_bot,
    }


def profile(person: Person, with_email: bool) -> dict[str, Any]:
    first, _, last = person.real_name.partition(" ")
    shown: dict[str, Any] = {
        "title": person.title,
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "status_expiration": 0,
        "first_name": first,
        "last_name": last,
        "team": TEAM_ID,
    }
    if person.is_bot and person.id != SLACKBOT:
        shown |= {"bot_id": BOT_ID, "api_app_id": APP_ID, "always_active": True}
    elif with_email and person.email:
        shown["email"] = person.email
    return shown


def zone(name: str) -> str:
    """The name, if it is a time zone's. Raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(f"{name!r} is no time zone") from None
    return name


def silence(person: Person, now: float) -> tuple[int, int] | None:
    """The span of Do Not Disturb, present or next, in Unix seconds; a snooze comes before planned hours."""
    if person.snooze_until is not None and now < person.snooze_until:
        return int(now) if person.snooze_from is None else person.snooze_from, person.snooze_until
    if person.dnd_start is None or person.dnd_end is None or person.dnd_end <= now:
        return None
    return person.dnd_start, person.dnd_end


def is_silent(person: Person, now: float) -> bool:
    """Whether Do Not Disturb holds the person's pushes back at `now` (Unix seconds)."""
    span = silence(person, now)
    return span is not None and span[0] <= now < span[1]


def mentioned(text: str) -> set[str]:
    """The user ids that the text names."""
    return set(MENTION.findall(text))


def is_broadcast(text: str) -> bool:
    return BROADCAST.search(text) is not None


def readable(ws: Workspace, text: str) -> str:
    """The text as a lock screen shows it: entities by name, escapes undone."""

    def name(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@":
            person = ws.people.get(target)
            return f"@{person.name if person else label or target}"
        if sign == "#":
            channel = ws.channels.get(target)
            return f"#{channel.name if channel else label or target}"
        if sign == "!" and target.startswith("date"):
            return label or target
        return label or (f"@{target}" if sign == "!" else target)

    plain = ENTITY.sub(name, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def composed(ws: Workspace, text: str) -> str:
    """What Slack's composer makes of typed text: `@name` and `#name` of what exists become entities."""

    def entity(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "#":
            channel = ws.channel_ids.get(name)
            return f"<#{channel}|{name}>" if channel else match.group()
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        user = id_of(ws, name)
        return f"<@{user}>" if user else match.group()

    return re.sub(r"(?<![\w<&/])([@#])([A-Za-z0-9][\w.-]*\w|\w)", entity, text)


def id_of(ws: Workspace, name: str) -> str | None:
    """The id of the person with this id, handle (with or without @) or e-mail address."""
    bare = name.removeprefix("@")
    if bare in ws.people:
        return bare
    for person in ws.people.values():
        if bare.lower() in (person.name.lower(), person.email.lower()):
            return person.id
    return None
