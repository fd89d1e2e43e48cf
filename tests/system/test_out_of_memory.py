"""No memory is given any more: people are answered or the process ends, and nothing answered for is lost."""

import re
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.limits import limited
from tests.support.replicas import Replicas, replicas
from tests.support.started import ended
from tests.support.workspace import Json, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

BOT, ENDED_BADLY = "bot-a", 3
NOTHING_MORE = 1  # byte: less than it has
MANY = 60
KEY = re.compile(r"(INC-\d+) declared")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Replicas]:
    with replicas(f"sqlite:///{tmp_path}/meridian.sqlite", tmp_path) as found:
        found.start(BOT)
        yield found


def test_without_memory_it_ends_or_serves_on_and_what_was_answered_for_is_there(one: Replicas) -> None:
    with limited(one.up[BOT].pid, resource.RLIMIT_DATA, NOTHING_MORE), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: _declares(one, f"{'Wave ' * 30}{number}"), range(MANY)))
    keys = [key for each in answers for key in KEY.findall(str(each["response"]))]
    assert len(keys) == len(set(keys))
    one.workspace.eventually("one is declared", lambda: _is_declared_at_last(one), within=100)
    one.workspace.eventually("its page is there", lambda: _is_paged(one), within=60)
    for key in keys[-3:]:
        assert "Wave Wave" in ended(("python", "-m", "bot", "export", "incident", key), one.given).out


def _declares(one: Replicas, title: str) -> Json:
    return one.workspace.person("UPRIYA").types(f"/incident declare sev2 {title}")


def _is_declared_at_last(one: Replicas) -> bool:
    _start_what_has_ended(one)
    return bool(KEY.search(str(_declares(one, "Afterwards")["response"])))


def _is_paged(one: Replicas) -> bool:
    _start_what_has_ended(one)
    return any("Afterwards" in readable(each) for each in one.workspace.person("UANA").direct_messages())


def _start_what_has_ended(one: Replicas) -> None:
    """As a platform does."""
    if one.up[BOT].is_dead:
        assert one.up.pop(BOT).end().code == ENDED_BADLY
        one.start(BOT)
