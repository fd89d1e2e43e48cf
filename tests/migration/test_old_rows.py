"""Rows that an older version has written go on: they are read, they fire, they are sent, and none is lost."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from handlers.calls import Call, Rendered, Skip
from handlers.outbound import render
from incidents.effects import Effect
from incidents.model import PageState
from incidents.operations import timers
from incidents.ports import House
from storage import claims
from storage.migrating import migrate
from storage.opening import SqlStore, open_store
from storage.tables import OUTBOX, UNFINISHED
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock
from tests.support.house import TestHouse, library
from tests.support.ids import CountingIds
from tests.support.old_rows import OldRows, engine_of, old_rows, upgrade_to


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres_url"))
    return f"sqlite:///{tmp_path_factory.mktemp('old') / 'old.sqlite'}"


@pytest.fixture(params=["0001", "0002"])
def rows(request: pytest.FixtureRequest) -> OldRows:
    return old_rows(request.param)


@pytest.fixture(params=["before", "after"])
def left(request: pytest.FixtureRequest, empty_url: str, rows: OldRows) -> Iterator[SqlStore]:
    """What they left behind, written before the migration or, by a process not yet replaced, after it."""
    if request.param == "before":
        upgrade_to(empty_url, rows.revision)
    else:
        migrate(empty_url)
    rows.insert(engine_of(empty_url))
    migrate(empty_url)
    store = open_store(empty_url)
    yield store
    store.close()


@pytest.fixture
def there(left: SqlStore, rows: OldRows) -> TestHouse:
    clock = FakeClock(rows.now)
    return TestHouse(House(left, clock, CountingIds(), library()), clock, left)


def test_every_incident_and_its_whole_timeline_can_be_read(there: TestHouse) -> None:
    said = {key: there.sentences(key) for key in ("INC-1", "INC-2", "INC-3", "R-T001")}
    assert all(len(sentences) > 1 for sentences in said.values())
    assert there.store.read(lambda unit: unit.timeline.verify_all()) == []


def test_everything_that_was_to_be_sent_can_be_rendered(there: TestHouse, rows: OldRows) -> None:
    effects = there.store.read(_unfinished)
    rendered = [there.store.read(partial(_rendered, there.house, effect)) for effect in effects]
    assert len(effects) == len(rows.tables["outbox"])
    assert {Call, Skip} <= {type(one) for one in rendered}


def test_everything_that_was_to_be_sent_is_sent_or_overtaken(there: TestHouse) -> None:
    wanted = {effect.key for effect in there.store.read(_unfinished)}
    there.slack()
    states = {key: there.store.read(partial(_state, key)) for key in wanted}
    assert {key for key, state in states.items() if state not in ("done", "skipped")} == set()


def test_the_ladder_of_an_unanswered_page_climbs_on(there: TestHouse) -> None:
    before = there.incident("INC-3").pages
    there.slack()
    timers.fire_due(there.house)
    after = there.incident("INC-3").pages
    assert len(after) > len(before)
    assert {page.state for page in after} >= {PageState.WAITING, PageState.PASSED}


def test_no_timer_is_left_behind_or_buried(there: TestHouse) -> None:
    for _ in range(40):
        there.slack()
        there.later(minutes=15)
    waiting = there.store.read(lambda unit: unit.timers.next_due())
    assert waiting is None or waiting > there.clock.now() - timedelta(minutes=15)
    assert there.store.read(lambda unit: unit.readings.dead()) == 0


def _unfinished(unit: SqlUnit) -> list[Effect]:
    return [claims.effect(row) for row in unit.outbox.tx.all(select(OUTBOX).where(UNFINISHED))]


def _rendered(house: House, effect: Effect, unit: SqlUnit) -> Rendered:
    return render(effect, unit, house)


def _state(key: str, unit: SqlUnit) -> str:
    return unit.outbox.state(key)
