"""A hundred incidents in a minute, at Slack's own rates: each can be worked on within seconds, in a thread
until its channel is made, and then there with everything that was said before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from incidents import storm
from incidents.model import EntryKind, Incident
from storage import claims
from storage.tables import OUTBOX
from storage.unit_of_work import SqlUnit
from tests.support.walk import Walk, walking
from tests.support.workspace import Json, readable

WAVES, EACH, PAUSE_S, STEP_S = 20, 5, 3, 1
BEFORE_CHANNELS_LAG = 40  # so many Slack makes at once


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, tiers=True) as started:
        yield started


def declare(walk: Walk, wave: int) -> None:
    priya = walk.person("priya")
    with ThreadPoolExecutor(EACH) as pool:
        words = [f"/incident declare sev3 Strange thing {wave * EACH + n}" for n in range(EACH)]
        assert all(act["acked"] for act in pool.map(priya.types, words))


def everything(walk: Walk) -> list[Incident]:
    return list(walk.bot.bot.store.read(lambda unit: unit.incidents.listing(None, 500)))


def settled(walk: Walk) -> None:
    """Everything has left that Slack's rates let leave at this instant of the clock."""

    def is_quiet(unit: SqlUnit) -> bool:
        running = unit.outbox.tx.all(select(OUTBOX.c.id).where(claims.RUNNING).limit(1))
        now = walk.bot.bot.house.clock.now()
        return not running and not claims.waiting(unit.outbox.tx, now, 1)

    walk.workspace.eventually("all has left that may", lambda: walk.bot.bot.store.read(is_quiet), within=60)


class Watched:
    """How many seconds the clock was moved between an incident's declaration and its having a place.

    The time that the machine itself took is not counted: it says nothing of the bot."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._moved = 0
        self._declared: dict[str, int] = {}
        self.after: dict[str, int] = {}

    def time_passes(self, seconds: int) -> None:
        self._walk.time_passes(seconds=seconds)
        self._moved += seconds

    def look(self) -> int:
        for incident in everything(self._walk):
            declared = self._declared.setdefault(incident.key, self._moved)
            if incident.channel or incident.thread:
                self.after.setdefault(incident.key, self._moved - declared)
        return len(self.after)


def in_thread(walk: Walk) -> Incident | None:
    """One that is open in its thread, card and all, and has no channel yet."""
    return next((each for each in everything(walk) if each.thread and each.card and not each.channel), None)


def passes(walk: Walk, watched: Watched, seconds: int, until: int) -> None:
    """Let time pass, a second at a time, and the bot do what it can in each, until so many have a place."""
    for _ in range(seconds):
        settled(walk)
        if watched.look() >= until:
            return
        watched.time_passes(STEP_S)


@pytest.mark.timeout(240)
def test_a_hundred_in_a_minute_are_usable_within_seconds_and_their_channels_follow(walk: Walk) -> None:
    watched, count = Watched(walk), WAVES * EACH
    for wave in range(WAVES):
        declare(walk, wave)
        settled(walk)
        watched.look()
        watched.time_passes(PAUSE_S)
    passes(walk, watched, 60, until=count)
    assert len(watched.after) == count
    assert max(watched.after.values()) <= storm.BEHIND.total_seconds() + STEP_S
    threads = [each.key for each in everything(walk) if each.thread]
    assert 0 < len(threads) < count - BEFORE_CHANNELS_LAG

    def has_every_channel() -> bool:
        walk.time_passes(seconds=3)
        return all(each.channel for each in everything(walk))

    walk.workspace.eventually("every incident has its channel", has_every_channel, within=120)


@pytest.mark.timeout(240)
def test_what_is_done_in_the_thread_counts_and_comes_along_into_the_channel(walk: Walk) -> None:
    for wave in range(WAVES // 2 + 1):
        declare(walk, wave)

    def opened() -> Incident | None:
        walk.time_passes(seconds=1)
        return in_thread(walk)

    incident = walk.workspace.eventually("one is open in its thread", opened, within=60)
    root, ana = incident.thread, walk.person("ana")
    ana.says("@meridian update Payouts are held", root.channel, root.ts)
    walk.workspace.eventually("it is told", lambda: walk.incident(incident.key).updates)
    ana.says("Nine accounts so far", root.channel, root.ts)
    said = ana.waits_for_message("Nine accounts so far", root.channel)
    ana.reacts("pushpin", said)

    def noted() -> bool:
        walk.time_passes(seconds=1)
        entries = walk.bot.bot.store.read(lambda unit: unit.timeline.of(incident.key))
        return any(each.kind is EntryKind.MESSAGE and "Nine" in each.text for each in entries)

    walk.workspace.eventually("the message is on the timeline", noted, within=60)

    def moved() -> Json | None:
        walk.time_passes(seconds=3)
        messages = ana.messages(root.channel)
        return next((m for m in messages if f"{incident.key} goes on in" in readable(m)), None)

    assert walk.workspace.eventually("the thread leads on", moved, within=90)
    now = walk.incident(incident.key)
    assert now.channel is not None
    for words in (incident.key, "Payouts are held"):
        walk.person("priya").waits_for_message(words, now.channel.name)
