"""Two versions on one database: what only the newer one knows is kept for it, and the older one goes on."""

import json
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Timer, TimerKind
from incidents.model import Severity
from incidents.operations import responding, timers
from incidents.people import Ask
from rotations.newer import NotKnownHere
from storage import claims
from storage.opening import SqlStore
from storage.tables import INCIDENT, OUTBOX, TIMER
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock
from tests.support.house import TestHouse, example_house

OURS = Effect(EffectKind.TELL, "ours", "INC-1")
THEIRS = replace(OURS, key="theirs")


def put_newer(unit: SqlUnit, clock: FakeClock, **changes: object) -> None:
    """An effect of a kind that this version does not know, as a newer one puts it."""
    row = {**claims.columns(THEIRS, clock.now()), "kind": "teleport", **changes}
    unit.outbox.tx.run(insert(OUTBOX), [row])


def claimed(store: SqlStore, clock: FakeClock) -> list[str]:
    return [one.effect.key for one in store.write(lambda unit: unit.outbox.claim(clock.now(), "old", 9))]


def test_an_effect_of_an_unknown_kind_waits_and_the_others_leave(store: SqlStore, clock: FakeClock) -> None:
    store.write(partial(put_newer, clock=clock))
    store.write(lambda unit: unit.outbox.put([OURS], clock.now()))
    assert claimed(store, clock) == ["ours"]
    assert store.read(lambda unit: unit.outbox.state("theirs")) == "pending"


def test_an_effect_of_an_unknown_kind_keeps_its_place_in_its_lane(store: SqlStore, clock: FakeClock) -> None:
    store.write(partial(put_newer, clock=clock, lane="card:INC-1"))
    store.write(lambda unit: unit.outbox.put([replace(OURS, lane="card:INC-1")], clock.now()))
    assert claimed(store, clock) == []
    store.write(lambda unit: unit.outbox.tx.run(update(OUTBOX).values(kind="tell")))  # the newer one comes
    assert claimed(store, clock) == ["theirs"]


def test_one_that_a_killed_newer_process_had_in_hand_wakes_nobody_again_and_again(
    store: SqlStore, clock: FakeClock
) -> None:
    ended = clock.now() - timedelta(minutes=1)
    store.write(partial(put_newer, clock=clock, state="running", owner="new", lease_until=ended))
    assert store.read(lambda unit: unit.outbox.next_due(clock.now())) is None
    assert store.read(lambda unit: unit.outbox.state("theirs")) == "running"


def test_a_timer_of_an_unknown_kind_stays_and_the_others_fire(store: SqlStore, clock: FakeClock) -> None:
    due = clock.now() - timedelta(minutes=1)
    ours = Timer(TimerKind.UPDATE_DUE, "ours", "INC-1", due)

    def put(unit: SqlUnit) -> None:
        unit.timers.put([ours, replace(ours, key="theirs")])
        unit.outbox.tx.run(update(TIMER).where(TIMER.c.key == "theirs").values(kind="moonrise"))

    store.write(put)
    fired = store.write(lambda unit: unit.timers.claim_due(clock.now(), 9))
    assert [timer.key for timer in fired] == ["ours"]
    assert store.read(lambda unit: unit.timers.next_due()) is None
    assert store.read(lambda unit: unit.timers.of("INC-1")) == []
    store.write(lambda unit: unit.outbox.tx.run(update(TIMER).values(kind="update_due")))
    assert [timer.key for timer in store.write(lambda u: u.timers.claim_due(clock.now(), 9))] == ["theirs"]


@pytest.mark.parametrize("kind", [EffectKind.TELL, EffectKind.NOTICE])
def test_words_that_only_the_newer_one_has_are_left_to_it(store: SqlStore, kind: EffectKind) -> None:
    there = example_house(store)
    newer = Effect(kind, "theirs", "INC-1", {"about": "sunrise"}, users=("UANA",))
    with pytest.raises(NotKnownHere):
        store.read(lambda unit: render(newer, unit, there.house))


TITLE = "Account-takeover wave in EU"


def put_state_of_page(there: TestHouse, state: str) -> None:
    """As a newer version writes it. The row's version stays as it is."""

    def write(unit: SqlUnit) -> None:
        body = json.loads(unit.outbox.tx.run(select(INCIDENT.c.body)).scalar_one())
        body["pages"][0]["state"] = state
        unit.outbox.tx.run(update(INCIDENT).values(body=json.dumps(body)))

    there.store.write(write)


def test_an_incident_in_words_of_a_newer_one_keeps_its_timers_for_it(store: SqlStore) -> None:
    there = example_house(store)
    key = there.declare(TITLE, severity=Severity.SEV1).key
    there.slack()
    put_state_of_page(there, "ringing_again")
    for _ in range(2 * timers.MOST_FAILURES):
        there.later(minutes=2)
    put_state_of_page(there, "waiting")  # the newer one has it
    there.later(minutes=1)
    assert {page.user for page in there.incident(key).pages} == {"UANA", "UBO"}


def test_an_incident_in_words_of_a_newer_one_holds_no_other_up(store: SqlStore) -> None:
    there = example_house(store)
    there.declare(TITLE, severity=Severity.SEV1)
    put_state_of_page(there, "ringing_again")
    other = there.declare("Phishing kits in ad texts", severity=Severity.SEV1).key
    there.later(minutes=6)
    assert {page.user for page in there.incident(other).pages} == {"UANA", "UBO"}
    assert [seen.key for seen in store.read(lambda unit: unit.incidents.listing())] == [other]


def test_a_page_of_an_incident_in_words_of_a_newer_one_is_left_to_it(store: SqlStore) -> None:
    there = example_house(store)
    key = there.declare(TITLE, severity=Severity.SEV1).key
    put_state_of_page(there, "ringing_again")
    page = Effect(EffectKind.SEND_PAGE, "page", key, {"page": "1"}, users=("UANA",))
    with pytest.raises(NotKnownHere):
        store.read(lambda unit: render(page, unit, there.house))


def test_what_the_newer_one_has_written_into_an_incident_outlives_a_change_by_the_older(
    store: SqlStore,
) -> None:
    there = example_house(store)
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV1).key

    def write_newer(unit: SqlUnit) -> None:
        row = unit.outbox.tx.one(select(INCIDENT.c.body))
        assert row is not None
        body = json.loads(row["body"]) | {"weather": "stormy"}
        body["pages"][0]["colour"] = "red"
        unit.outbox.tx.run(update(INCIDENT).values(body=json.dumps(body)))

    store.write(write_newer)
    responding.acknowledge(there.house, Ask("UANA"), key)
    there.slack()
    there.later(minutes=6)
    kept = store.read(lambda unit: json.loads(str(unit.outbox.tx.run(select(INCIDENT.c.body)).scalar_one())))
    assert (kept["weather"], kept["pages"][0]["colour"]) == ("stormy", "red")
    assert (kept["pages"][0]["state"], there.incident(key).manager) == ("acknowledged", "UANA")
