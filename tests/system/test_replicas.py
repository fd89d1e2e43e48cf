"""Two processes that take deliveries in and two that send, on one PostgreSQL; one of each is killed again and
again while people declare, acknowledge at the same moment and resolve: everything is seen once."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from incidents.model import Incident, Role, Status
from storage.opening import SqlStore, open_store
from tests.support.end_state import faults, seen_twice
from tests.support.replicas import LEASE_IS_OVER_S, Replicas
from tests.support.replicas import replicas as many
from tests.support.started import ended
from tests.support.workspace import Json, Refused, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.postgres, pytest.mark.timeout(400)]

SEED, AT_ONCE = 20261122, 2
ROUNDS = 4 if os.environ.get("MERIDIAN_ALL_KILL_POINTS") else 1
WITHIN_S = 60.0
WAITS_FOR_LONG = timedelta(minutes=15)
LEVEL_S = 15 * 60 + 1  # a SEV2's next level by day


@pytest.fixture
def replicas(empty_postgres_url: str, tmp_path: Path) -> Iterator[Replicas]:
    with many(empty_postgres_url, tmp_path) as found:
        for name in ("work-a", "work-b", "serve-a", "serve-b"):
            found.start(name)
        yield found


@pytest.fixture
def store(replicas: Replicas) -> Iterator[SqlStore]:
    store = open_store(replicas.given["DATABASE_URL"])
    yield store
    store.close()


def test_whoever_is_killed_everything_is_there_and_seen_once(replicas: Replicas, store: SqlStore) -> None:
    chance, keys = random.Random(SEED), list[str]()
    for number in range(ROUNDS):
        _lose_one_of_each(replicas, chance, partial(_declared, replicas, store, number, keys))
        latest = keys[-AT_ONCE:]
        _lose_one_of_each(replicas, chance, partial(_acknowledged_by_two, replicas, store, latest))
        _lose_one_of_each(replicas, chance, partial(_resolved, replicas, store, latest))
    _all_is_sent(replicas, store)
    found = [faults(replicas.workspace, store, key, is_owned=True) for key in keys]
    assert found == [[]] * len(keys)
    assert seen_twice(replicas.workspace) == []
    assert ended(("python", "-m", "bot", "audit", "verify"), replicas.given).code == 0
    assert set(replicas.end()) == {0}


def _lose_one_of_each(replicas: Replicas, chance: random.Random, act: Callable[[], None]) -> None:
    """What people do meanwhile; then the dead one's leases end, and it is back."""
    lost = [f"{kind}-{chance.choice('ab')}" for kind in ("serve", "work")]
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        for name in lost:
            replicas.kill(name)
            replicas.workspace.move_clock(seconds=LEASE_IS_OVER_S)
        for name in lost:
            replicas.start(name)
        acting.result(WITHIN_S * 2)


# What people do. Whoever gets no answer looks, and does it again where nothing has come of it.


def _declared(replicas: Replicas, store: SqlStore, number: int, keys: list[str]) -> None:
    titles = [f"Fraud wave {number} {'ab'[each]}" for each in range(AT_ONCE)]

    def declare(title: str) -> str:
        def there() -> str:
            found = _incident(store, title) or _tried(replicas, title, lambda: _incident(store, title))
            return found.key if found else ""

        return str(replicas.workspace.eventually(f"{title} is declared", there, within=WITHIN_S))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        keys += pool.map(declare, titles)
    for title in titles:
        replicas.workspace.eventually(
            f"the page of {title}", partial(_paged, replicas.workspace, title, "UANA"), within=WITHIN_S
        )


def _tried(replicas: Replicas, title: str, found: Callable[[], Incident | None]) -> Incident | None:
    """Declared once; whether it was carried out shows within a few seconds, or never."""
    _types(replicas, "UPRIYA", f"/incident declare sev2 {title}")
    try:
        return replicas.workspace.eventually(title, found, within=3)  # type: ignore[no-any-return]
    except AssertionError:
        return None


def _types(replicas: Replicas, user: str, words: str) -> None:
    with suppress(Refused):
        replicas.workspace.person(user).types(words, "general")


def _acknowledged_by_two(replicas: Replicas, store: SqlStore, keys: list[str]) -> None:
    """Two people have it at once, in the moment in which the next level is due."""

    def has_it(key: str, user: str) -> None:
        def done() -> bool:
            if not _get(store, key).in_role(Role.MANAGER):
                _types(replicas, user, f"/incident ack {key}")
            return bool(_get(store, key).in_role(Role.MANAGER))

        replicas.workspace.eventually(f"{key} is somebody's", done, within=WITHIN_S)

    with ThreadPoolExecutor(len(keys) * 2 + 1) as pool:
        pool.submit(replicas.workspace.move_clock, seconds=LEVEL_S)
        for future in [pool.submit(has_it, key, user) for key in keys for user in ("UANA", "UDANA")]:
            future.result(WITHIN_S)


def _resolved(replicas: Replicas, store: SqlStore, keys: list[str]) -> None:
    def is_over(key: str) -> bool:
        if _get(store, key).status is not Status.RESOLVED:
            _types(replicas, "UDANA", f"/incident resolve {key} Sessions revoked")
        return _get(store, key).status is Status.RESOLVED

    for key in keys:
        replicas.workspace.eventually(f"{key} is resolved", partial(is_over, key), within=WITHIN_S)


# What can be seen, and what is kept


def _paged(workspace: Workspace, title: str, user: str) -> list[Json]:
    """The pages of this incident that somebody has; an answered one stays."""
    return [
        message
        for message in workspace.person(user).direct_messages()
        if title in readable(message) and "Declared by" not in str(message["text"])
    ]


def _incident(store: SqlStore, title: str) -> Incident | None:
    every = store.read(lambda unit: unit.incidents.listing(None, 50))
    found = [each for each in every if each.title == title]
    assert len(found) < 2, f"{title} was declared twice"
    return found[0] if found else None


def _get(store: SqlStore, key: str) -> Incident:
    found = store.read(lambda unit: unit.incidents.get(key))
    assert found is not None, key
    return found


def _all_is_sent(replicas: Replicas, store: SqlStore) -> None:
    """But what waits for somebody's morning."""

    def is_so() -> bool:
        replicas.workspace.move_clock(seconds=5)
        soon = datetime.fromisoformat(replicas.workspace.get("clock")["now"]) + WAITS_FOR_LONG
        return not store.read(lambda unit: unit.outbox.pending_count(soon))

    replicas.workspace.eventually("everything is sent", is_so, within=WITHIN_S)
