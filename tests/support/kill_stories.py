"""What people do in the stories in which Meridian is killed, and what can be seen of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.blocks import ids
from tests.support.crashing import UNCOUNTED
from tests.support.end_state import calls_of
from tests.support.workspace import Json, Refused, Workspace, readable

DONE_WITHIN_S, ANSWERED_WITHIN_S = 40.0, 4.0
RINGS_AGAIN_AFTER_S = 35
CHANGES = (1, 9, 17)  # hours in UTC at which the example organisation hands over
TO = re.compile(r"From .+? to (?:<@)?U?(\w+)")
QUIET_LOOKS = 30


class Story(Struct, frozen=True):
    """`before` sets the scene, `act` is what the bot dies in, `is_done` says that it has all happened.

    `act` answers whether it was heard: whoever gets no answer does it again, as people do. `most` is how many
    boundaries it has at most; a story that grows beyond it says so.
    """

    before: Callable[[Workspace, str], None]
    act: Callable[[Workspace, str], bool]
    is_done: Callable[[Workspace, str], bool]
    most: int
    is_owned: bool = True  # in the end somebody has it
    again: Callable[[Workspace, str], bool] | None = None  # what who was not answered does, if not the same


# What people do.


def _declare(workspace: Workspace, title: str, severity: str = "sev2") -> bool:
    words = f"/incident declare {severity} {title}"
    return _heard(lambda: workspace.person("UPRIYA").types(words, "general"))


def _heard(act: Callable[[], Json]) -> bool:
    """What Slack refuses, for example a button that is gone, has happened already."""
    try:
        return bool(act()["acked"])
    except Refused:
        return True


def _opened(workspace: Workspace, title: str) -> bool:
    """One is open, with its card, its announcement and its first page."""
    name = channel_of(workspace, title)
    return bool(
        name
        and _cards(workspace, name)
        and _is_announced(workspace, title)
        and _pages(workspace, title)
        and {"UPRIYA", *_pages(workspace, title)} <= set(workspace.channels()[name]["members"])
    )


def _open(workspace: Workspace, title: str) -> None:
    _declare(workspace, title)
    workspace.eventually(f"{title} is open", lambda: _opened(workspace, title), within=DONE_WITHIN_S)
    is_quiet(workspace)


def _a_quarter_of_an_hour(workspace: Workspace, _title: str) -> bool:
    workspace.move_clock(minutes=15, seconds=1)
    return True


def _backup_is_paged(workspace: Workspace, title: str) -> bool:
    return (
        "UBO" in _pages(workspace, title)
        and "passed to" in readable(_pages(workspace, title)["UANA"]).casefold()
    )


def _acknowledge(workspace: Workspace, title: str) -> bool:
    user, page = _first_page(workspace, title)
    return _heard(lambda: workspace.person(user).presses(ids.ACKNOWLEDGE, page))


def _is_acknowledged(workspace: Workspace, title: str) -> bool:
    _, page = _first_page(workspace, title)
    card = _cards(workspace, channel_of(workspace, title))[0]
    is_answered = "You have it" in readable(page) and "Acknowledge" not in readable(page)
    return is_answered and "acknowledged" in readable(card)


def _owned(workspace: Workspace, title: str) -> None:
    _open(workspace, title)
    _acknowledge(workspace, title)
    workspace.eventually("Ana has it", lambda: _is_acknowledged(workspace, title), within=DONE_WITHIN_S)
    is_quiet(workspace)


def _ana_is_muted(workspace: Workspace, _title: str) -> None:
    """Her telephone rings at once then: it has not rung in the last half minute."""
    workspace.post("dnd", user="UANA", on=True)
    workspace.move_clock(seconds=RINGS_AGAIN_AFTER_S)


def _declare_grave(workspace: Workspace, title: str) -> bool:
    return _declare(workspace, title, "sev1")


def _rings(workspace: Workspace, title: str) -> bool:
    key = key_of(workspace, title)
    return any(call["state"] == "ringing" for call in calls_of(workspace, "UANA", key))


def _declare_and_acknowledge(workspace: Workspace, title: str) -> bool:
    """In one breath: the page is answered while the incident still opens."""
    return _declare_grave(workspace, title) and _answer(workspace, title)


def _answer(workspace: Workspace, title: str) -> bool:
    is_paged = _appears(workspace, lambda: _pages(workspace, title))
    return is_paged and _acknowledge(workspace, title)


def _unless_it_is_there(declare: Callable[[Workspace, str], bool]) -> Callable[[Workspace, str], bool]:
    """Nobody declares again what has come of the first time."""
    return lambda w, title: _appears(w, lambda: channel_of(w, title)) or declare(w, title)


def _answer_again(workspace: Workspace, title: str) -> bool:
    return _unless_it_is_there(_declare_grave)(workspace, title) and _answer(workspace, title)


def _appears(workspace: Workspace, condition: Callable[[], object]) -> bool:
    """Soon: what a killed process had in hand is not touched for two seconds."""
    try:
        return bool(workspace.eventually("it appears", condition, within=ANSWERED_WITHIN_S))
    except AssertionError:
        return False


def _resolve(workspace: Workspace, title: str) -> bool:
    name = channel_of(workspace, title)
    return _heard(lambda: workspace.person("UDANA").types("/incident resolve Sessions revoked", name))


def _is_resolved(workspace: Workspace, title: str) -> bool:
    name = channel_of(workspace, title)
    messages = workspace.channels()[name]["messages"]
    is_over = any("resolved" in readable(m).casefold() for m in _cards(workspace, name))
    return is_over and any("draft" in readable(m).casefold() for m in messages)


def _shift_changes(workspace: Workspace, _title: str) -> bool:
    """The clock goes to a second after the next of the day's three changes."""
    now = _now(workspace)
    ahead = (now + timedelta(hours=hours) for hours in range(1, 25))
    change = next(at for at in ahead if at.hour in CHANGES).replace(minute=0, second=1, microsecond=0)
    workspace.set_clock(change.isoformat())
    return True


def _now(workspace: Workspace) -> datetime:
    return datetime.fromisoformat(workspace.get("clock")["now"])


def _handoff_post(workspace: Workspace, _title: str) -> Json | None:
    """The post of the change that was last."""
    at = _now(workspace).replace(minute=0, second=0, microsecond=0)
    while at.hour not in CHANGES:
        at -= timedelta(hours=1)
    channel = workspace.channels()["safety-handoff"]
    posts = ({**m, "channel": channel["id"]} for m in channel["messages"] if m.get("bot_id"))
    return next((m for m in posts if f"!date^{int(at.timestamp())}^" in readable(m)), None)


def _handed_over(workspace: Workspace, title: str) -> None:
    _owned(workspace, title)
    _shift_changes(workspace, title)
    workspace.eventually("the post", lambda: _handoff_post(workspace, title), within=DONE_WITHIN_S)
    is_quiet(workspace)


def _accept(workspace: Workspace, title: str) -> bool:
    post = _handoff_post(workspace, title)
    assert post is not None
    incoming = TO.search(readable(post))
    assert incoming is not None
    user = f"U{incoming[1].upper()}"
    return _heard(lambda: workspace.person(user).presses(ids.HANDOFF_ACCEPT, post))


def _is_accepted(workspace: Workspace, title: str) -> bool:
    said = readable(_handoff_post(workspace, title) or {})
    return "Accepted by" in said and "is incident manager" in said


STORIES = {
    "opening": Story(
        lambda workspace, title: None,
        _declare,
        _opened,
        50,
        is_owned=False,
        again=_unless_it_is_there(_declare),
    ),
    "ringing": Story(
        _ana_is_muted,
        _declare_grave,
        lambda w, t: _opened(w, t) and _rings(w, t),
        80,
        is_owned=False,
        again=_unless_it_is_there(_declare_grave),
    ),
    "answering at once": Story(
        _ana_is_muted,
        _declare_and_acknowledge,
        lambda w, t: _opened(w, t) and _is_acknowledged(w, t) and not _rings(w, t),
        90,
        again=_answer_again,
    ),
    "paging": Story(_open, _a_quarter_of_an_hour, _backup_is_paged, 40, is_owned=False),
    "acknowledging": Story(_open, _acknowledge, _is_acknowledged, 34),
    "resolving": Story(_owned, _resolve, _is_resolved, 44),
    "the shift changes": Story(_owned, _shift_changes, lambda w, t: bool(_handoff_post(w, t)), 56),
    "handing over": Story(_handed_over, _accept, _is_accepted, 60),
}


# What can be seen


def channel_of(workspace: Workspace, title: str) -> str:
    """The name of the channel whose card has this title."""
    return next(
        (
            name
            for name in workspace.incident_channels()
            if any(title in readable(m) for m in _cards(workspace, name))
        ),
        "",
    )


def key_of(workspace: Workspace, title: str) -> str:
    return "-".join(channel_of(workspace, title).upper().split("-")[:2])


def _cards(workspace: Workspace, name: str) -> list[Json]:
    messages = workspace.channels()[name]["messages"] if name else []
    return [m for m in messages if m.get("bot_id") and "Incident manager" in readable(m)]


def _is_announced(workspace: Workspace, title: str) -> bool:
    return any(title in readable(m) for m in workspace.channels()["incidents"]["messages"])


def _pages(workspace: Workspace, title: str) -> dict[str, Json]:
    """Who has a page of this incident, with its message."""
    found = {}
    for dm in workspace.state()["dms"]:
        for message in dm["messages"]:
            if message.get("bot_id") and title in readable(message) and "Declared by" not in message["text"]:
                to = next(user for user in dm["members"] if user != message["user"])
                if to != "UPRIYA":
                    found[to] = {**message, "channel": dm["id"]}
    return found


def _first_page(workspace: Workspace, title: str) -> tuple[str, Json]:
    return min(_pages(workspace, title).items(), key=lambda found: str(found[1]["ts"]))


def _changes(method: str) -> bool:
    return not method.startswith(UNCOUNTED)


def is_quiet(workspace: Workspace, is_over: Callable[[], bool] = lambda: False) -> bool:
    """Nothing has been changed for about a second."""
    seen, quiet = 0, 0

    def looked() -> bool:
        nonlocal seen, quiet
        if is_over():
            return True
        entries = workspace.get(f"journal?after={seen}")["entries"]
        seen = int(entries[-1]["seq"]) if entries else seen
        quiet = 0 if any(_changes(str(e.get("method") or "api.")) for e in entries) else quiet + 1
        return quiet >= QUIET_LOOKS

    return bool(workspace.eventually("no more calls", looked, within=30))
