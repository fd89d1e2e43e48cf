"""`status`: how Meridian is, for a person. From the database, and from the running bot where it answers."""

import json
import urllib.error
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from http.client import HTTPException

from msgspec import Struct

from bot.alive import is_at_work
from bot.cli.counts import Counts, counts_of
from bot.cli.exits import Exit, clock_of, counted, say, say_json, store_of, with_settings
from bot.cli.following import document as followed_document
from bot.cli.following import state_of
from bot.heart import is_heard
from bot.loopback import opened
from bot.readiness import stuck
from bot.settings import Settings
from incidents.effects import Priority
from incidents.model import Status
from incidents.subscriptions import Subscription
from storage.readings import Waiting
from storage.unit_of_work import SqlUnit

ANSWERS_WITHIN_S = 3.0
OPEN = tuple(status.value for status in Status if status.is_open)


class Measured(Struct, frozen=True):
    """What the database says at one instant."""

    at: datetime
    at_work: bool
    heard: bool
    waiting: Sequence[Waiting]
    dead: int
    timers: int
    open_incidents: int
    absorbed: int
    followed: Sequence[Subscription] = ()


class Reached(Struct, frozen=True):
    """What the running process says of itself; `reasons` is empty when it is ready."""

    port: int
    answers: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    counts: Counts | None = None

    @property
    def is_ready(self) -> bool:
        return self.answers and not self.reasons


@with_settings
def status(settings: Settings, options: Namespace) -> Exit:
    """0: all is well. 1: something is not. 3: the database does not answer."""
    now = clock_of(settings).now()
    with store_of(settings) as store:
        measured = store.read(lambda unit: _measured(unit, now))
    reached = ask(settings.web_host or "127.0.0.1", settings.web_port)
    if options.json:
        say_json(_document(measured, reached))
    else:
        say(*_lines(measured, reached))
    return Exit.DONE if _is_well(measured, reached) else Exit.REFUSED


def ask(host: str, port: int) -> Reached:
    """The bot on this machine; one elsewhere is only seen in the database."""
    site = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        with opened(f"{site}/readyz", ANSWERS_WITHIN_S) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as unready:
        with unready:
            told = _read(unready)
    except (OSError, HTTPException, ValueError):
        return Reached(port)
    reasons = told.get("reasons") if isinstance(told, dict) else None
    if not isinstance(reasons, dict):
        return Reached(port)  # somebody else's program
    said = tuple((str(name), str(why)) for name, why in reasons.items())
    return Reached(port, True, said, counts_of(site, ANSWERS_WITHIN_S))


def _read(unready: urllib.error.HTTPError) -> object:
    try:
        return json.load(unready)
    except (OSError, HTTPException, ValueError):
        return None


def _measured(unit: SqlUnit, now: datetime) -> Measured:
    readings = unit.readings
    return Measured(
        at=now,
        at_work=is_at_work(unit, now),
        heard=is_heard(unit, now),
        waiting=readings.waiting(now),
        dead=readings.dead(),
        timers=readings.timers(),
        open_incidents=readings.open_incidents(OPEN),
        absorbed=readings.absorbed(),
        followed=unit.subscriptions.followed(),
    )


def _is_well(measured: Measured, reached: Reached) -> bool:
    is_working = measured.at_work and measured.heard
    return is_working and not reached.reasons and not stuck(measured.waiting, measured.at)


def _lines(measured: Measured, reached: Reached) -> Iterator[str]:
    yield "The database answers."
    if measured.at_work:
        yield "Meridian is at work: time is kept."
    else:
        yield "Nobody keeps time: no bot is at work on this database. Start it: python -m bot run."
    if not measured.heard:
        yield "Nobody hears Slack: no process that takes deliveries in is at work, or Slack is away."
    yield from _of_the_bot(reached)
    yield f"Open: {counted(measured.open_incidents, 'incident')}. Timers: {measured.timers}."
    yield from (f"Followed calendar: {state_of(one)}" for one in measured.followed)
    yield from _of_the_queue(measured)
    if measured.dead:
        yield f"Given up: {counted(measured.dead, 'effect')}. See python -m bot outbox list."


def _of_the_bot(reached: Reached) -> Iterator[str]:
    if not reached.answers:
        yield f"No bot answers on port {reached.port} of this machine."
    elif reached.is_ready:
        yield f"The bot on port {reached.port} is ready."
    else:
        yield f"The bot on port {reached.port} is not ready:"
        yield from (f"  {name}: {why}" for name, why in reached.reasons)
    if reached.counts is not None:
        yield from reached.counts.lines()


def _of_the_queue(measured: Measured) -> Iterator[str]:
    if not measured.waiting:
        yield "Nothing waits to be sent."
    for one in measured.waiting:
        age = max((measured.at - one.oldest_at).total_seconds(), 0.0)
        yield f"Waiting to be sent, {_name(one)}: {one.count}, the oldest for {age:.0f} s."
    if why := stuck(measured.waiting, measured.at):
        yield f"That is too long: {why}."


def _document(measured: Measured, reached: Reached) -> dict[str, object]:
    return {
        "at": measured.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "well": _is_well(measured, reached),
        "at_work": measured.at_work,
        "heard": measured.heard,
        "process": {
            "port": reached.port,
            "answers": reached.answers,
            "ready": reached.is_ready,
            "reasons": dict(reached.reasons),
            "counts": reached.counts.document() if reached.counts else None,
        },
        "open_incidents": measured.open_incidents,
        "timers": measured.timers,
        "queue": [
            {
                "priority": _name(one),
                "waiting": one.count,
                "oldest_s": round(max((measured.at - one.oldest_at).total_seconds(), 0.0)),
            }
            for one in measured.waiting
        ],
        "dead": measured.dead,
        "absorbed": measured.absorbed,
        "followed": [followed_document(one) for one in measured.followed],
    }


def _name(one: Waiting) -> str:
    known = {priority.value: priority.name.lower() for priority in Priority}
    return known.get(one.priority, str(one.priority))
