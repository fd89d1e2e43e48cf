"""A story in which a process of Meridian kills itself, and what is true when it has gone on."""

from collections.abc import Callable
from pathlib import Path

from storage.opening import SqlStore
from tests.support.end_state import faults, seen_twice
from tests.support.kill_stories import DONE_WITHIN_S, Story, is_quiet, key_of
from tests.support.workspace import Workspace

NEVER = 1_000_000  # a boundary that is not reached


def plays(
    workspace: Workspace, story: Story, title: str, arm: Callable[[], object], is_dead: Callable[[], bool]
) -> bool:
    """The story until a death in it, or its end: whether its act was answered. From `arm` on it may die."""
    story.before(workspace, title)
    arm()
    is_heard = story.act(workspace, title)
    workspace.eventually(
        "death, or the end of the story",
        lambda: is_dead() or (story.is_done(workspace, title) and is_quiet(workspace, is_dead)),
        within=DONE_WITHIN_S,
    )
    return is_heard


def goes_on(
    workspace: Workspace, store: SqlStore, story: Story, title: str, is_heard: bool, log: Path
) -> None:
    """Somebody is at work again: all of it happens, and nothing twice. Who was not answered acts again."""
    what = f"all of {title} (died {_last(log)})"
    if not is_heard:
        workspace.eventually("it went on, or was never heard", lambda: is_quiet(workspace))
        (story.again or story.act)(workspace, title)
    workspace.eventually(what, lambda: story.is_done(workspace, title), within=DONE_WITHIN_S)
    is_quiet(workspace)
    key = _end(workspace, title)
    found = [*faults(workspace, store, key, is_owned=story.is_owned), *seen_twice(workspace)]
    assert not found, f"{what}: {found}"


def _end(workspace: Workspace, title: str) -> str:
    """The key. Nothing of this one falls due in the next."""
    key = key_of(workspace, title)
    workspace.person("UDANA").types(f"/incident resolve {key} the story is over", "general")
    is_quiet(workspace)
    return key


def _last(log: Path) -> str:
    passed = log.read_text().splitlines()
    return passed[-1] if passed else "nowhere"
