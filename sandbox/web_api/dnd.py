"""`dnd.*`: who has Do Not Disturb on, and until when."""

from typing import Any

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
    person = ws.person(call.text("user") or BOT_USER)
    snoozed = person.snooze_until is not None and person.snooze_until > ws.clock.stamp()
    answer = hours(person) | {"snooze_enabled": snoozed}
    if snoozed and person.snooze_until is not None:
        left = person.snooze_until - ws.seconds()
        answer |= {
            "snooze_endtime": person.snooze_until,
            "snooze_remaining": left,
            "snooze_is_indefinite": False,
        }
    return answer


def team_info(ws: Workspace, call: Call) -> dict[str, Any]:
    users = call.words("users")
    if not users:
        users = list(ws.people)[:MAX_USERS]
    if len(users) > MAX_USERS:
        raise SlackError("too_many_users")
    return {"users": {user: hours(ws.people[user]) for user in users if user in ws.people}}


def hours(person: Person) -> dict[str, Any]:
    """The next or present span of silence in Unix seconds; Slack writes 1 where there is none."""
    start, end = person.dnd_start, person.dnd_end
    if start is None or end is None:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    return {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
