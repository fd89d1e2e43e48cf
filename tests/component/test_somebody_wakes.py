"""From the declaration until a human has acknowledged, with the primary muted and the backup asleep.

The lead alone wakes, by her telephone, half a minute after it began to ring. Whatever is broken besides: SEV0
within four minutes, SEV1 within eleven, and no three minutes from any fault until some human is told."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec import Struct

from incidents.model import Severity
from incidents.operations import declaring
from incidents.operations.declaring import Request
from incidents.people import Ask
from storage.unit_of_work import SqlUnit
from tests.support.walk import Walk, walking

LIMITS = {Severity.SEV0: timedelta(minutes=4), Severity.SEV1: timedelta(minutes=11)}
LONGEST_SILENCE = timedelta(minutes=3)
STEP = timedelta(seconds=30)
DANA = "UDANA"


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, phones=True) as started:
        started.workspace.post("dnd", user="UANA", on=True)
        yield started


def _nothing(walk: Walk) -> None:
    """Do Not Disturb is on for the primary, as in every one of these nights."""


def _slack_is_down(walk: Walk) -> None:
    walk.workspace.post("faults", method="*", reset_before=True, times=100_000)


def _slack_answers_nothing_but_wait(walk: Walk) -> None:
    walk.workspace.post("faults", method="chat.postMessage", retry_after=900, times=100_000)


def _the_primary_is_gone(walk: Walk) -> None:
    walk.workspace.post("user", id="UANA", deleted=True)
    store = walk.bot.bot.store

    def is_known() -> bool:
        ana = store.read(lambda unit: unit.people.actor("UANA"))
        return ana is not None and ana.is_deactivated

    walk.workspace.eventually("the bot has heard of it", is_known)


def _slack_alone_knows_that_the_primary_is_gone(walk: Walk) -> None:
    walk.workspace.post("faults", method="chat.postMessage", error="user_not_found")


FAULTS: dict[str, Callable[[Walk], None]] = {
    "Do Not Disturb": _nothing,
    "Slack is down": _slack_is_down,
    "Slack asks to wait": _slack_answers_nothing_but_wait,
    "the primary is deactivated": _the_primary_is_gone,
    "Slack refuses the primary": _slack_alone_knows_that_the_primary_is_gone,
}


class Night(Struct, frozen=True):
    """What came of it: after how long somebody acknowledged, and when humans were told."""

    acknowledged_after: timedelta | None
    told_after: tuple[timedelta, ...]


@pytest.mark.parametrize("severity", list(LIMITS), ids=lambda severity: severity.label)
@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_human_has_acknowledged_in_time(walk: Walk, fault: str, severity: Severity) -> None:
    FAULTS[fault](walk)
    night = _passes(walk, severity)
    assert night.acknowledged_after is not None, night
    assert night.acknowledged_after <= LIMITS[severity], night
    assert min(night.told_after) <= LONGEST_SILENCE, night


def _passes(walk: Walk, severity: Severity) -> Night:
    """Half-minutes go by until somebody has it, or far too long has passed."""
    house = walk.bot.bot.house
    began = house.clock.now()
    key = declaring.declare(house, Ask("UPRIYA"), Request("Somebody is in danger", severity=severity)).key
    while walk.incident(key).acknowledged_at is None and house.clock.now() < began + 2 * LIMITS[severity]:
        _everything_due_is_done(walk, key)
        rings = _ringing(walk, DANA)
        if rings and house.clock.now() >= rings + STEP:
            walk.workspace.post("answer_phone", **{"as": DANA})
            walk.workspace.eventually("it counts", lambda: walk.incident(key).acknowledged_at, within=20)
        else:
            walk.time_passes(seconds=STEP.total_seconds())
    at = walk.incident(key).acknowledged_at
    return Night(at - began if at else None, tuple(sorted(each - began for each in _told(walk, began))))


def _everything_due_is_done(walk: Walk, key: str) -> None:
    """No timer is due, and no telephone is still to be rung."""
    store, clock = walk.bot.bot.store, walk.bot.bot.house.clock

    def is_done() -> bool:
        due = store.read(lambda unit: unit.timers.next_due())
        rings = [f"ring:{key}:{page.id}" for page in walk.incident(key).pages if page.rang_at]
        states = {store.read(partial(_state, ring)) for ring in rings}
        return (due is None or due > clock.now()) and not states & {"pending", "running"}

    walk.workspace.eventually("what is due is done", is_done)


def _state(key: str, unit: SqlUnit) -> str:
    return unit.outbox.state(key)


def _ringing(walk: Walk, user: str) -> datetime | None:
    """Since when this person's telephone rings."""
    phone = walk.person(user.removeprefix("U").lower()).sees()["phone"]
    since = [datetime.fromisoformat(ring["rang_at"]) for ring in phone if ring["state"] == "ringing"]
    return min(since, default=None)


def _told(walk: Walk, began: datetime) -> list[datetime]:
    """When telephones began to ring that a human could hear."""
    people = walk.workspace.state()["users"]
    rings = [
        ring
        for person in people
        if not person["is_bot"]
        for ring in walk.workspace.state(person["id"])["phone"]
    ]
    return [datetime.fromisoformat(ring["rang_at"]) for ring in rings]
