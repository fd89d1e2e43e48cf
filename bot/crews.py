"""The crews of a bot: which threads and sweeps there are, in the order of their start, how they are watched.

Each crew is a function of the room that all share; wiring puts them together."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from msgspec import Struct

from bot import backfill, heart, uploads
from bot.alive import Alive, Time
from bot.clock import SandboxClock, SystemClock, monotonic_seconds
from bot.counting import count_fired
from bot.dispatcher import Dispatcher
from bot.reach import ReachWatch
from bot.replanned import Replanned
from bot.ring.poller import POLL_EVERY, Poller
from bot.room import Room
from bot.run import Part
from bot.scheduler import Metronome, Sweep, TimerThread
from bot.socket import Socket
from bot.steps import Steps
from bot.supervisor import Watched
from bot.token_watch import TokenWatch
from bot.web.replays import forget_old
from incidents.operations import handoff_groups, shift_notices, timers
from incidents.operations.ringing import answered_by_phone

GREET_EVERY = timedelta(hours=1)
GROUPS_EVERY = timedelta(seconds=30)
LOOKS_EVERY = timedelta(seconds=5)  # each asks the database: a bot with nothing to do costs little
SKEW_EVERY = timedelta(seconds=15)
SIGNATURES_EVERY = timedelta(minutes=5)
STALLED_S = 15.0
CLOSED_WITHIN_S = 2.0
STALLED_AT_DATABASE_S = 60.0  # a turn may wait for a lock several times, a beat for a busy neighbour


log = logging.getLogger(__name__)


class _Lives(Protocol):
    def start(self) -> object: ...

    def stop(self) -> object: ...


class Crew(Struct, frozen=True):
    """Parts in the order of their start, and how they are watched."""

    parts: tuple[Part, ...]
    watched: tuple[Watched, ...]


def first(room: Room) -> Crew:
    """What everything else needs, from the first to start on."""
    outbound, errands, clock = room.outbound, room.errands, room.house.clock
    beat = partial(outbound.beat, room.beats.beater("outbound"))
    return Crew(
        (
            Part("store", _nothing, room.store.close),
            *((part_of("clock", clock),) if isinstance(clock, SandboxClock) else ()),
            part_of("outbound", outbound),
            Part("phones", _nothing, partial(_close_phones, room)),
            part_of("errands", errands),
            Part("greeting", partial(_greet_now, room), _nothing),
        ),
        (
            Watched("store", room.store.is_alive),
            Watched("outbound", outbound.is_alive, STALLED_S, prompt=beat),
            Watched("errands", errands.is_alive, restart=errands.start),
        ),
    )


def workers(room: Room, dispatcher: Dispatcher) -> Crew:
    """Those who send and keep time; commits and moves of the clock wake them."""
    beats, clock = room.beats, room.house.clock
    fire_due = partial(timers.fire_due, room.house, partial(count_fired, room.metrics))
    alive = Alive(room.store, room.house, _time(room), fire_due)
    metronome = Metronome(beats.beater("metronome"), _sweeps(room, dispatcher))
    steps = Steps(SystemClock(), monotonic_seconds, partial(_heed_step, room, metronome))
    timer_thread = TimerThread(clock, partial(_keep_time, room, alive, steps), beats.beater("timers"))
    wake = partial(_wake, dispatcher, timer_thread)
    room.store.on_commit(wake)
    if isinstance(clock, SandboxClock):
        clock.when_moved(wake)
    return Crew(
        (part_of("dispatcher", dispatcher), part_of("timers", timer_thread), part_of("metronome", metronome)),
        (
            Watched("dispatcher", dispatcher.is_alive, STALLED_AT_DATABASE_S),
            Watched("timers", timer_thread.is_alive, STALLED_AT_DATABASE_S, restart=timer_thread.start),
            Watched("metronome", metronome.is_alive, STALLED_AT_DATABASE_S),
        ),
    )


def _keep_time(room: Room, alive: Alive, steps: Steps) -> datetime | None:
    """While the clocks disagree it is anybody's guess what is due, and nobody says that time is kept."""
    steps.look()
    return None if room.skew.is_too_large() else alive.keep_time()


def _heed_step(room: Room, metronome: Metronome, way: str) -> None:
    """A clock that was set may be wrong only now, so the database's is asked at once."""
    room.metrics.clock_steps.add(way)
    metronome.set_again()
    room.skew.measure()


def _time(room: Room) -> Time:
    is_played = isinstance(room.house.clock, SandboxClock)
    return Time(monotonic_seconds, is_played, fault=room.skew.look)


def listening(room: Room, socket: Socket) -> Crew:
    socket.beat = room.beats.beater("socket")
    return Crew((part_of("socket", socket),), (Watched("socket", socket.is_alive, STALLED_S),))


def hearing(room: Room, is_ready: Callable[[], bool]) -> Crew:
    """Whoever takes deliveries in saves as often as this: what hangs here hangs for them."""
    ear = heart.Ear(room.store, room.house.clock, is_ready)
    ear.beat = room.beats.beater("ear")
    return Crew((part_of("ear", ear),), (Watched("ear", ear.is_alive, STALLED_AT_DATABASE_S),))


def _sweeps(room: Room, dispatcher: Dispatcher) -> tuple[Sweep, ...]:
    ask = room.errands.ask
    token = TokenWatch(room.store, room.house, lambda: dispatcher.stopped_by)
    slack = ReachWatch(room.store, room.house, dispatcher.reach)
    looks: dict[str, Callable[[], object]] = {
        "followed calendars": partial(ask, "followed calendars"),
        "replanned": Replanned(room.store, partial(ask, "greet")).look,
        "shift notices": partial(_tell_of_shifts, room),
        "token": token.look,
        "reach": slack.look,
    }
    return (
        Sweep("looks", partial(_in_turn, looks), LOOKS_EVERY, at_start=True),
        Sweep("backfill", partial(ask, "backfill"), backfill.EVERY),
        Sweep("greet", partial(ask, "greet"), GREET_EVERY),
        Sweep("uploads", partial(ask, "uploads"), uploads.EVERY),
        Sweep("phones", _poller(room).look, POLL_EVERY),
        Sweep("skew", room.skew.measure, SKEW_EVERY, at_start=True),
        Sweep("signatures", partial(forget_old, room.store, SystemClock()), SIGNATURES_EVERY),
        Sweep("user groups", partial(handoff_groups.follow_all, room.house), GROUPS_EVERY),
        *((Sweep("heart", _heart(room).beat, heart.EVERY),) if room.settings.heartbeat else ()),
    )


def _in_turn(looks: Mapping[str, Callable[[], object]]) -> None:
    """On one thread, for its waking costs more than a look does. One that fails keeps none of the others."""
    for name, look in looks.items():
        try:
            look()
        except Exception:
            log.exception("a look failed: %s", name)


def _tell_of_shifts(room: Room) -> None:
    """Looks once a minute of the house's clock, which may be moved on; nothing while clocks disagree."""
    if not room.skew.is_too_large():
        shift_notices.send_due(room.house)


def _heart(room: Room) -> heart.Heart:
    url = room.settings.heartbeat.get_secret_value() if room.settings.heartbeat else ""
    return heart.Heart(room.store, room.house.clock, url, room.skew.look)


def _poller(room: Room) -> Poller:
    tell = partial(answered_by_phone, room.house)
    return Poller(room.store, room.house.clock, room.outbound, room.phones, tell)


def _close_phones(room: Room) -> None:
    room.outbound.spawn(room.phones.close()).result(CLOSED_WITHIN_S)


def part_of(name: str, thing: _Lives) -> Part:
    return Part(name, thing.start, thing.stop)


def _wake(dispatcher: Dispatcher, timer_thread: TimerThread) -> None:
    dispatcher.wake()
    timer_thread.wake()


def _greet_now(room: Room) -> None:
    """The first errands, asked before anybody is listened to."""
    room.errands.ask("greet", "warm", "uploads")


def _nothing() -> None:
    """A part that needs no start, or no stop."""
