"""Two versions on one database: what the newer one has written into any value outlives a change by the older,
and a value in words of the newer one keeps no list from the older."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Table, insert, select, update

from incidents.covering import CoverAsk
from incidents.handoff import Handoff
from incidents.proposals import Kind, Proposal
from incidents.ringing import Proof, Ring
from incidents.rota_imports import RotaImport
from incidents.subscriptions import Subscription
from rotations.codec import dump_escalation
from rotations.escalation import Level, Policy, Reach, When
from rotations.model import Seat
from rotations.newer import NotKnownHere
from rotations.notices import NoticeKind, Preferences
from rotations.replanning import Place
from storage.opening import SqlStore
from storage.tables import (
    CALENDAR_SOURCE,
    HANDOFF,
    ORGANISATION,
    PREFERENCE,
    PROOF,
    PROPOSAL,
    RING,
    ROTA_IMPORT,
    ROTA_REQUEST,
)
from storage.unit_of_work import SqlUnit
from tests.support.house import MONDAY as NOW
from tests.support.house import example_house

LATER = NOW + timedelta(hours=8)
TEAMS = (("UANA",), ("UBO",), ("UDANA",), ("UCY",))
SHIFT = Handoff("safety:1", "safety", NOW, "AMER", "APAC", *TEAMS, why="as planned", posted_at=NOW)
COVER = CoverAsk("c1", "safety", "AMER", Seat.PRIMARY, "ana", NOW, LATER, "UANA", NOW)
FEED = Subscription(
    "s1", "https://x/1", "host …1", Place("safety", "EMEA", Seat.PRIMARY), "UANA", NOW, NOW, etag="1"
)
ASKED = Proposal("p1", "UANA", ("UDANA",), NOW, "a calendar", Kind.CALENDAR)
TEST = Proof("t1", "UANA", NOW, "asked", "UANA")
TAKEN = RotaImport("i1", "UANA", NOW, "a calendar", {}, {})

Port = Callable[[SqlUnit], Any]
KINDS: dict[str, tuple[Port, Table, Any, str]] = {
    "handoff": (lambda unit: unit.handoffs, HANDOFF, SHIFT, "why"),
    "cover": (lambda unit: unit.requests, ROTA_REQUEST, COVER, "reason"),
    "calendar": (lambda unit: unit.subscriptions, CALENDAR_SOURCE, FEED, "etag"),
    "proposal": (lambda unit: unit.proposals, PROPOSAL, ASKED, "fault"),
    "test page": (lambda unit: unit.proofs, PROOF, TEST, "no_phone"),
    "import": (lambda unit: unit.imports, ROTA_IMPORT, TAKEN, "source"),
}


def rewrite(store: SqlStore, table: Table, **news: object) -> None:
    """The one body of the table, as a newer version writes it."""

    def work(unit: SqlUnit) -> None:
        body = unit.outbox.tx.run(select(table.c.body)).scalar_one()
        unit.outbox.tx.run(update(table).values(body=json.dumps(json.loads(body) | news)))

    store.write(work)


def body(store: SqlStore, table: Table) -> dict[str, Any]:
    found = store.read(lambda unit: unit.outbox.tx.run(select(table.c.body)).scalar_one())
    return dict(json.loads(found))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_newer_version_has_written_outlives_a_change(store: SqlStore, kind: str) -> None:
    port, table, value, name = KINDS[kind]
    store.write(lambda unit: port(unit).add(value))
    rewrite(store, table, weather="stormy")
    store.write(lambda unit: port(unit).save(replace(value, **{name: "changed"})))
    kept = body(store, table)
    assert (kept["weather"], kept[name]) == ("stormy", "changed")
    assert store.read(lambda unit: port(unit).get(value.id)) == replace(value, **{name: "changed"})


def test_what_a_newer_version_lets_people_choose_outlives_what_they_choose(store: SqlStore) -> None:
    chosen = Preferences(off=frozenset({NoticeKind.HOUR}))
    store.write(lambda unit: unit.preferences.put("UANA", Preferences()))
    rewrite(store, PREFERENCE, weather="stormy")
    store.write(lambda unit: unit.preferences.put("UANA", chosen))
    assert body(store, PREFERENCE) == {"off": ["hour"], "quiet": None, "weather": "stormy"}


LISTS: dict[str, tuple[str, dict[str, Any], Callable[[SqlUnit], Any]]] = {
    "handoffs that wait": (
        "handoff",
        {"plan": [{"level": "x", "at": NOW.isoformat()}]},
        lambda u: u.handoffs.waiting(),
    ),
    "handoffs": ("handoff", {"state": "paused"}, lambda u: u.handoffs.recent("safety", 9)),
    "covers": ("cover", {"seat": "scribe"}, lambda u: u.requests.open_covers()),
    "calendars": (
        "calendar",
        {"place": {"schedule": "s", "region": "r", "seat": "scribe"}},
        lambda u: u.subscriptions.followed(),
    ),
    "proposals to be read": ("proposal", {"kind": "tea leaves"}, lambda u: u.proposals.to_read()),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_leaves_out_what_only_a_newer_version_can_read(store: SqlStore, name: str) -> None:
    kind, news, listed = LISTS[name]
    port, table, value, _ = KINDS[kind]
    store.write(lambda unit: port(unit).add(value))
    rewrite(store, table, **news)
    store.write(lambda unit: port(unit).add(replace(value, id="another")))
    assert [each.id for each in store.read(listed)] == ["another"]
    with pytest.raises(NotKnownHere):
        store.read(lambda unit: port(unit).get(value.id))


RANG = Ring("ring:1", "INC-1", "p1", "UANA", "webhook:1", NOW)
WORDS: dict[str, tuple[Callable[[SqlUnit], Any], Callable[[SqlUnit], Any], Table, str]] = {
    "request": (lambda u: u.requests.add(COVER), lambda u: u.requests.get("c1"), ROTA_REQUEST, "kind"),
    "ring": (lambda u: u.rings.add(RANG), lambda u: u.rings.get("ring:1"), RING, "state"),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_row_in_a_word_of_a_newer_version_is_left_to_it(store: SqlStore, name: str) -> None:
    add, get, table, column = WORDS[name]
    store.write(add)
    store.write(lambda unit: unit.outbox.tx.run(update(table).values({column: "tea leaves"})))
    with pytest.raises(NotKnownHere):
        store.read(get)


def apply_newer(store: SqlStore, change: Callable[[dict[str, Any]], object]) -> None:
    """A version of the schedules as a newer Meridian writes it."""

    def work(unit: SqlUnit) -> None:
        row = unit.outbox.tx.all(select(ORGANISATION).order_by(ORGANISATION.c.version))[-1]
        document = json.loads(row["body"])
        change(document)
        news = {"body": json.dumps(document), "applied_at": NOW, "applied_by": "newer"}
        unit.outbox.tx.run(insert(ORGANISATION).values(news))

    store.write(work)


def test_what_only_a_newer_version_knows_of_the_schedules_is_passed_over(store: SqlStore) -> None:
    example_house(store)
    before = store.read(lambda unit: unit.schedules.organisation())

    def change(document: dict[str, Any]) -> None:
        document["escalation"] = dump_escalation([Policy(When(), (Level(0, (Reach("primary"),)),))])
        reach = document["escalation"][0]["levels"][0]["page"][0]
        for part in (document, document["people"][0], document["channels"], document["schedules"][0], reach):
            part["weather"] = "stormy"

    apply_newer(store, change)
    after = store.read(lambda unit: unit.schedules.organisation())
    assert before is not None
    assert after is not None
    assert after == replace(before, escalation=after.escalation)
    assert [level.page for policy in after.escalation for level in policy.levels] == [(Reach("primary"),)]


def test_schedules_in_words_of_a_newer_version_are_left_to_it(store: SqlStore) -> None:
    example_house(store)
    apply_newer(store, lambda document: document["schedules"][0].update(mode="tides"))
    with pytest.raises(NotKnownHere):
        store.read(lambda unit: unit.schedules.organisation())
