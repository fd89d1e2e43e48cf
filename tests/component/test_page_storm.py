"""Many incidents at once and one person on call: nobody's phone drowns, no incident goes unnamed, no 429."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.blocks import ids
from tests.support.walk import Walk, walking
from tests.support.workspace import Json, Person, readable

STORM = 12


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, tiers=True) as started:
        yield started


@contextmanager
def no_turn_for(walk: Walk, user: str) -> Iterator[None]:
    """Meanwhile Slack wants no message to this person, as after many others; then all that waits leaves."""
    store, clock, dispatcher = walk.bot.bot.store, walk.bot.bot.house.clock, walk.bot.bot.dispatcher
    later = clock.now() + timedelta(hours=1)
    store.write(lambda unit: unit.buckets.hold(f"chat.postMessage:{user}", later, clock.now()))
    yield
    store.write(lambda unit: unit.buckets.hurry(clock.now()))
    dispatcher.wake()


def declare(walk: Walk, count: int) -> list[str]:
    """So many at once; their keys."""
    priya = walk.person("priya")
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda n: priya.types(f"/incident declare sev2 Fraud wave {n}"), range(count)))
    return [f"INC-{number}" for number in range(1, count + 1)]


def naming(person: Person, key: str) -> Json | None:
    """The message in which the person can acknowledge this incident."""
    rows = (
        (message, block)
        for message in person.direct_messages()
        for block in message.get("blocks") or ()
        if f'"{key}|' in str(block).replace("'", '"')
    )
    return next((message for message, _ in rows), None)


def test_every_incident_of_a_storm_is_named_in_few_messages_that_stay_true(walk: Walk) -> None:
    ana = walk.person("ana")
    with no_turn_for(walk, ana.user):
        keys = declare(walk, STORM)
    walk.workspace.eventually("all are named", lambda: all(naming(ana, key) for key in keys))
    told = {key: naming(ana, key) or {} for key in keys}
    assert len({message["ts"] for message in told.values()}) < STORM
    together = max(told.values(), key=lambda message: len(message["blocks"]))
    named = [key for key in keys if told[key]["ts"] == together["ts"]]
    assert (
        together["text"] == f"{len(named)} pages: {', '.join(f'SEV2 {key}' for key in named)} · acknowledge"
    )
    assert "Fraud wave" not in together["text"]

    ana.presses(ids.ACKNOWLEDGE, together, ids.pack(named[0], f"1.0.{ana.user}"))
    walk.workspace.eventually("it is Ana's", lambda: walk.incident(named[0]).manager == ana.user)
    after = ana.waits_for_dm("You have it since")
    assert after["ts"] == together["ts"]
    assert f"{len(named) - 1} to acknowledge" in readable(after)
    assert walk.incident(named[1]).manager == ""

    assert [call for call in walk.workspace.journal() if call.get("status") == 429] == []


def test_of_a_restricted_incident_the_lock_screen_has_the_key_alone(walk: Walk) -> None:
    priya, ana = walk.person("priya"), walk.person("ana")
    with no_turn_for(walk, ana.user):
        declare(walk, 8)
        priya.types("/incident declare sev2 A child is in danger")
        priya.types("/incident declare sev2 A child is in danger too")
    restricted = ana.waits_for_dm("R-")
    for message in ana.direct_messages():
        assert "child" not in readable(message)
    assert "SEV2 R-" not in restricted["text"]
