"""Do Not Disturb on order: a snooze, or hours that a person planned."""

from typing import Any

from sandbox.clock import read_instant
from sandbox.control.desk import Words
from sandbox.errors import SlackError
from sandbox.interactions import Outcome
from sandbox.model import Person
from sandbox.state import SLACKBOT, Workspace
from sandbox.web_api.dnd import hours

DAY_MINUTES = 24 * 60


async def dnd(words: Words) -> Outcome:
    """`user` with `on` (true: for a day), `snooze_until`, `minutes`, or `start` and `end`."""
    ws, person = words.desk.ws, words.somebody("user")
    if person.is_bot or person.id == SLACKBOT:
        raise SlackError("cant_change_bot")
    wanted = {name: words.body[name] for name in ("minutes", "start", "end") if words.has(name)}
    if words.has("snooze_until"):
        wanted["until"] = words.body["snooze_until"]
    elif not wanted and not words.has("on"):
        raise SlackError("missing_on")

    def silenced() -> dict[str, Any]:
        order(ws, person, wanted or bool(words.body["on"]))
        status = hours(ws, person)
        ws.emit({"type": "dnd_updated_user", "user": person.id, "dnd_status": status})
        ws.changed("people")
        return {"user": person.id, **status}

    return await words.desk.tell(silenced)


def order(ws: Workspace, person: Person, wanted: Any) -> None:
    """`true`: a day; `false`: no longer; `{until}`, `{minutes}`, or the planned hours `{start, end}`."""
    person.dnd_start = person.dnd_end = person.snooze_from = person.snooze_until = None
    if not wanted:
        return
    span = wanted if isinstance(wanted, dict) else {"minutes": DAY_MINUTES}
    if "start" in span:
        person.dnd_start, person.dnd_end = seconds(span["start"]), seconds(span["end"])
        return
    now = ws.seconds()
    person.snooze_from = now
    person.snooze_until = seconds(span["until"]) if "until" in span else now + 60 * int(span["minutes"])


def seconds(value: Any) -> int:
    return int(read_instant(value).timestamp())
