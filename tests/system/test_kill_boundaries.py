"""SIGKILL at every commit and every call of opening, paging, acknowledging, handing over and resolving.

Each story is played once for each of its boundaries: the bot dies there, starts again, and at the end nothing
is lost and nobody has seen anything twice. `make test` dies at a seeded few, `make kills` and CI at all."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
import re
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import Struct

from handlers.blocks import ids
from tests.support.crashing import UNCOUNTED
from tests.support.processes import Running
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Json, Refused, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

SEED, SAMPLE, PARTS = 20261122, 1, 2
DONE_WITHIN_S = 40.0
NEVER = 1_000_000
CHANGES = (1, 9, 17)  # hours in UTC at which the example organisation hands over
TO = re.compile(r"From .+? to (?:<@)?U?(\w+)")
QUIET_LOOKS = 30


class Story(Struct, frozen=True):
    """`before` sets the scene, `act` is what the bot dies in, `is_done` says that it has all happened.

    `most` is how many boundaries it has at most; a story that grows beyond it says so.
    """

    before: Callable[[Workspace, str], None]
    act: Callable[[Workspace, str], object]
    is_done: Callable[[Workspace, str], bool]
    most: int


# What people do. Whoever gets no answer does it again, as people do.


def _declare(workspace: Workspace, title: str) -> None:
    _until_acked(lambda: workspace.person("UPRIYA").types(f"/incident declare sev2 {title}", "general"))


def _until_acked(act: Callable[[], Json]) -> None:
    try:
        act()
    except Refused:
        return


def _opened(workspace: Workspace, title: str) -> bool:
    """One is open, with its card, its announcement and its first page."""
    name = _channel(workspace, title)
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
    _is_quiet(workspace)


def _a_quarter_of_an_hour(workspace: Workspace, _title: str) -> None:
    workspace.move_clock(minutes=15, seconds=1)


def _backup_is_paged(workspace: Workspace, title: str) -> bool:
    return (
        "UBO" in _pages(workspace, title)
        and "passed to" in readable(_pages(workspace, title)["UANA"]).casefold()
    )


def _acknowledge(workspace: Workspace, title: str) -> None:
    user, page = _first_page(workspace, title)
    _until_acked(lambda: workspace.person(user).presses(ids.ACKNOWLEDGE, page))


def _is_acknowledged(workspace: Workspace, title: str) -> bool:
    _, page = _first_page(workspace, title)
    if "Acknowledge" in readable(page):
        _acknowledge(workspace, title)
        return False
    return "You have it" in readable(page) and "acknowledged" in readable(
        _cards(workspace, _channel(workspace, title))[0]
    )


def _owned(workspace: Workspace, title: str) -> None:
    _open(workspace, title)
    _acknowledge(workspace, title)
    workspace.eventually("Ana has it", lambda: _is_acknowledged(workspace, title), within=DONE_WITHIN_S)
    _is_quiet(workspace)


def _resolve(workspace: Workspace, title: str) -> None:
    name = _channel(workspace, title)
    _until_acked(lambda: workspace.person("UDANA").types("/incident resolve Sessions revoked", name))


def _is_resolved(workspace: Workspace, title: str) -> bool:
    name = _channel(workspace, title)
    messages = workspace.channels()[name]["messages"]
    is_over = any("resolved" in readable(m).casefold() for m in _cards(workspace, name))
    if not is_over:
        _resolve(workspace, title)
        return False
    return any("draft" in readable(m).casefold() for m in messages)


def _shift_changes(workspace: Workspace, _title: str) -> None:
    """The clock goes to a second after the next of the day's three changes."""
    now = _now(workspace)
    ahead = (now + timedelta(hours=hours) for hours in range(1, 25))
    change = next(at for at in ahead if at.hour in CHANGES).replace(minute=0, second=1, microsecond=0)
    workspace.set_clock(change.isoformat())


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
    _is_quiet(workspace)


def _accept(workspace: Workspace, title: str) -> None:
    post = _handoff_post(workspace, title)
    assert post is not None
    incoming = TO.search(readable(post))
    assert incoming is not None
    user = f"U{incoming[1].upper()}"
    _until_acked(lambda: workspace.person(user).presses(ids.HANDOFF_ACCEPT, post))


def _is_accepted(workspace: Workspace, title: str) -> bool:
    said = readable(_handoff_post(workspace, title) or {})
    if "I have it" in said:
        _accept(workspace, title)
        return False
    return "Accepted by" in said and "is incident manager" in said


STORIES = {
    "opening": Story(lambda workspace, title: None, _declare, _opened, 50),
    "paging": Story(_open, _a_quarter_of_an_hour, _backup_is_paged, 40),
    "acknowledging": Story(_open, _acknowledge, _is_acknowledged, 34),
    "resolving": Story(_owned, _resolve, _is_resolved, 44),
    "the shift changes": Story(_owned, _shift_changes, lambda w, t: bool(_handoff_post(w, t)), 56),
    "handing over": Story(_handed_over, _accept, _is_accepted, 60),
}


def _is_everything() -> bool:
    return bool(os.environ.get("MERIDIAN_ALL_KILL_POINTS"))


def _parts() -> list[tuple[str, int]]:
    return [(name, part) for name in STORIES for part in range(PARTS if _is_everything() else 1)]


def _boundaries(name: str, part: int) -> list[int]:
    """The boundaries that this part dies at: parts run side by side."""
    every = range(STORIES[name].most)
    if _is_everything():
        return list(every)[part::PARTS]
    return sorted(random.Random(f"{SEED}{name}").sample(every[:12], SAMPLE))


@pytest.mark.parametrize(("name", "part"), _parts())
def test_dying_there_loses_nothing_and_shows_nothing_twice(name: str, part: int, tmp_path: Path) -> None:
    story, log, numbers = STORIES[name], tmp_path / "passed", _boundaries(name, part)
    running = Running(tmp_path / "home", begins=MONDAY)
    try:
        _start(running, numbers[0], log)
        for number, upcoming in pairwise([*numbers, NEVER]):
            log.write_text("")
            if not _dies_in(running, story, f"Fraud wave {number}"):
                break  # the story has no such boundary, and none after it
            _goes_on(_start(running, upcoming, log), story, f"Fraud wave {number}", _last(log))
        else:
            assert not _is_everything(), f"{name} has more than {story.most} boundaries"
    finally:
        running.stop()


def _start(running: Running, crash_at: int, log: Path) -> Workspace:
    """The bot, which dies at this boundary once it is armed."""
    running.start("tests.support.crashing", CRASH_AT=str(crash_at), CRASH_LOG=str(log))
    running.workspace.post("settings", tiers=False)
    return running.workspace


def _dies_in(running: Running, story: Story, title: str) -> bool:
    """The story until the death in it; False when it ended before."""
    workspace = running.workspace
    story.before(workspace, title)
    running.signal(signal.SIGUSR1)
    story.act(workspace, title)
    workspace.eventually(
        "death, or the end of the story",
        lambda: running.is_dead or (story.is_done(workspace, title) and _is_quiet(workspace, running)),
        within=DONE_WITHIN_S,
    )
    is_dead = running.is_dead
    if is_dead:
        running.kill()  # collected
    return is_dead


def _goes_on(workspace: Workspace, story: Story, title: str, died: str) -> None:
    """After the next start: all of it happens, and nothing of it twice."""
    if story is STORIES["opening"] and not _channel(workspace, title):
        workspace.eventually("it went on, or was never heard", lambda: _is_quiet(workspace))
        if not _channel(workspace, title):
            _declare(workspace, title)
    what = f"all of {title} (died {died})"
    workspace.eventually(what, lambda: story.is_done(workspace, title), within=DONE_WITHIN_S)
    _is_quiet(workspace)
    _end(workspace, title)
    assert _twice(workspace) == [], what


def _end(workspace: Workspace, title: str) -> None:
    """Nothing of this one falls due in the next."""
    key = "-".join(_channel(workspace, title).upper().split("-")[:2])
    workspace.person("UDANA").types(f"/incident resolve {key} the story is over", "general")
    _is_quiet(workspace)


def _last(log: Path) -> str:
    passed = log.read_text().splitlines()
    return passed[-1] if passed else "nowhere"


# What can be seen


def _channel(workspace: Workspace, title: str) -> str:
    """The name of the channel whose card has this title."""
    return next(
        (
            name
            for name in workspace.incident_channels()
            if any(title in readable(m) for m in _cards(workspace, name))
        ),
        "",
    )


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


def _twice(workspace: Workspace) -> list[str]:
    """What has been posted more than once: by the key that each of our messages carries."""
    posts = [e for e in workspace.journal("chat.postMessage") if e.get("ok")]
    keys = Counter(str((e["args"].get("metadata") or {}).get("event_payload")) for e in posts)
    creates = Counter(e["args"]["name"] for e in workspace.journal("conversations.create") if e.get("ok"))
    return [key for key, count in (keys + creates).items() if count > 1 and key != "None"]


def _changes(method: str) -> bool:
    return not method.startswith(UNCOUNTED)


def _is_quiet(workspace: Workspace, running: Running | None = None) -> bool:
    """Nothing has been changed for about a second."""
    seen, quiet = 0, 0

    def looked() -> bool:
        nonlocal seen, quiet
        if running is not None and running.is_dead:
            return True
        entries = workspace.get(f"journal?after={seen}")["entries"]
        seen = int(entries[-1]["seq"]) if entries else seen
        quiet = 0 if any(_changes(str(e.get("method") or "api.")) for e in entries) else quiet + 1
        return quiet >= QUIET_LOOKS

    return bool(workspace.eventually("no more calls", looked, within=30))
