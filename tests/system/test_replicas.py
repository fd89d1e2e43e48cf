"""Two processes that take deliveries in and two that send, on one PostgreSQL; one of each is killed again and
again while people declare, acknowledge at the same moment and resolve: everything is seen once."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.applying import EXAMPLE
from bot.local_workspace import SEED as PEOPLE
from incidents.model import Entry, EntryKind, Incident, Role, Status
from storage.opening import SqlStore, open_store
from tests.support.processes import free_ports
from tests.support.started import ROOT, Started, ended, procfile
from tests.support.workspace import Json, Refused, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.postgres, pytest.mark.timeout(400)]

LINES = procfile("Procfile.many")
SEED, AT_ONCE = 20261122, 2
ROUNDS = 4 if os.environ.get("MERIDIAN_ALL_KILL_POINTS") else 1
WITHIN_S = 60.0
LEASE_IS_OVER_S = 35
WAITS_FOR_LONG = timedelta(minutes=15)
LEVEL_S = 15 * 60 + 1  # a SEV2's next level by day


class Replicas:
    """Four processes by name; each is killed and started again by it."""

    def __init__(self, given: dict[str, str], folder: Path) -> None:
        self._given, self._folder = given, folder
        self.up: dict[str, Started] = {}

    def start(self, name: str) -> None:
        kind = name.split("-")[0]
        own = {"PORT": str(free_ports()), "MERIDIAN_HOME": str(self._folder / name)}
        self.up[name] = Started(LINES[kind], self._given | own, "ready", self._folder / f"{name}.log")

    def kill(self, name: str) -> None:
        self.up.pop(name).end(signal.SIGKILL)

    def end(self) -> list[int]:
        return [process.end().code for process in self.up.values()]

    @property
    def workspace(self) -> Workspace:
        return Workspace(self._given["SLACK_API_URL"].removesuffix("api/"))


@pytest.fixture
def given(empty_postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    port = free_ports()
    words = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(PEOPLE))
    with Started((*words, "--manifest", str(ROOT / "manifest.yaml")), {}, "ready", tmp_path / "sandbox"):
        yield {
            "MERIDIAN_HOME": str(tmp_path / "home"),
            "DATABASE_URL": empty_postgres_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox-many",
            "SLACK_APP_TOKEN": "xapp-sandbox-many",
            "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "MERIDIAN_CLOCK_URL": f"http://127.0.0.1:{port}/_control/clock",
        }


@pytest.fixture
def replicas(given: dict[str, str], tmp_path: Path) -> Iterator[Replicas]:
    assert ended(LINES["release"], given).code == 0
    assert ended(("python", "-m", "bot", "apply", str(EXAMPLE)), given).code == 0
    replicas = Replicas(given, tmp_path)
    replicas.workspace.set_clock("2026-11-30T19:00:00Z")  # Ana is primary
    replicas.workspace.post("settings", tiers=False)
    try:
        for name in ("work-a", "work-b", "serve-a", "serve-b"):
            replicas.start(name)
        yield replicas
    finally:
        for name in list(replicas.up):
            replicas.kill(name)


@pytest.fixture
def store(given: dict[str, str], replicas: Replicas) -> Iterator[SqlStore]:
    store = open_store(given["DATABASE_URL"])
    yield store
    store.close()


def test_whoever_is_killed_everything_is_there_and_seen_once(
    replicas: Replicas, store: SqlStore, given: dict[str, str]
) -> None:
    chance, keys = random.Random(SEED), list[str]()
    for number in range(ROUNDS):
        _lose_one_of_each(replicas, chance, partial(_declared, replicas, store, number, keys))
        latest = keys[-AT_ONCE:]
        _lose_one_of_each(replicas, chance, partial(_acknowledged_by_two, replicas, store, latest))
        _lose_one_of_each(replicas, chance, partial(_resolved, replicas, store, latest))
    _all_is_sent(replicas, store)
    assert [faults for key in keys if (faults := _faults(replicas.workspace, store, key))] == []
    assert seen_twice(replicas.workspace) == []
    assert store.read(lambda unit: unit.outbox.failed()) == []
    assert ended(("python", "-m", "bot", "audit", "verify"), given).code == 0
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


def _faults(workspace: Workspace, store: SqlStore, key: str) -> list[str]:
    """What is wrong with this incident in the end."""
    incident, entries = _get(store, key), store.read(lambda unit: unit.timeline.of(key))
    kinds = Counter(entry.kind for entry in entries)
    channels = [name for name in workspace.incident_channels() if name.startswith(f"{key.lower()}-")]
    cards = [
        message
        for name in channels
        for message in workspace.channels()[name]["messages"]
        if message.get("bot_id") and "Incident manager" in readable(message)
    ]
    seen = {
        "channels": len(channels),
        "cards": len(cards),
        "managers": len(incident.in_role(Role.MANAGER)),
        "declared": kinds[EntryKind.DECLARED],
        "acknowledged": kinds[EntryKind.ACKNOWLEDGED],
        "resolved": kinds[EntryKind.RESOLVED],
        "pages to Ana": len(_paged(workspace, incident.title, "UANA")),
    }
    wrong = [f"{key}: {count} {what}" for what, count in seen.items() if count != 1]
    return wrong + [f"{key}: paged after it was acknowledged"] * _is_paged_after_all(entries)


def _is_paged_after_all(entries: Sequence[Entry]) -> bool:
    in_order = sorted(entries, key=lambda entry: entry.seq)
    kinds = [entry.kind for entry in in_order]
    return EntryKind.PAGED in kinds[kinds.index(EntryKind.ACKNOWLEDGED) :]


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


def seen_twice(workspace: Workspace) -> list[str]:
    """What has been posted more than once, by the key that each of our messages carries; channels by name."""
    posts = [each for each in workspace.journal("chat.postMessage") if each.get("ok")]
    marks = Counter(str((each["args"].get("metadata") or {}).get("event_payload")) for each in posts)
    creates = (each for each in workspace.journal("conversations.create") if each.get("ok"))
    names = Counter(str(each["args"]["name"]) for each in creates)
    return [mark for mark, count in (marks + names).items() if count > 1 and mark != "None"]
