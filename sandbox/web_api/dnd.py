"""`dnd.*`: who has Do Not Disturb on, and until when."""

from typing import Any

from sandbox import people
from sandbox.errors import SlackError
from sandbox.model import Person
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, Call, Method

MAX_USERS = 50


def methods() -> dict[str, Method]:
    return {
        "dnd.info": Method(info, TIER_3, ("dnd:read",)),
        "dnd.teamInfo": Method(team_info, TIER_2, ("dnd:read",)),
    }


def info(ws: Workspace, call: Call) -> dict[str, Any]:
    """Slack tells the snooze_* fields to the person alone; to others a snooze is a span that began."""
    person = ws.person(call.text("user") or BOT_USER)
    return hours(ws, person) | ({"snooze_enabled": False} if person.id == BOT_USER else {})


def team_info(ws: Workspace, call: Call) -> dict[str, Any]:
    users = call.words("users")
    if not users:
        users = list(ws.people)[:MAX_USERS]
    if len(users) > MAX_USERS:
        raise SlackError("too_many_users")
    return {"users": {user: hours(ws, ws.people[user]) for user in users if user in ws.people}}


def hours(ws: Workspace, person: Person) -> dict[str, Any]:
    """The present or next span of silence in Unix seconds; Slack writes 1 where there is none."""
    start, end = people.silence(person, ws.clock.stamp()) or (1, 1)
    return {"dnd_enabled": end > start, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
