"""The composition root: from Settings to a Bot, in one place. Nothing runs at import, nothing is global."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Flag, auto
from functools import partial
from threading import Event
from typing import Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.backfill import Backfill
from bot.clock import SandboxClock, SystemClock, SystemIds, chance, monotonic_seconds
from bot.dispatcher import Desk, Dispatcher
from bot.errands import Errands
from bot.front import FrontLane
from bot.heartbeats import Heartbeats
from bot.identity import Directory, Passport
from bot.places import Places
from bot.reconcile import Courier
from bot.replanned import Replanned
from bot.run import Part
from bot.scheduler import Metronome, Sweep, TimerThread
from bot.sending import Outbound
from bot.settings import Settings
from bot.socket import Chances, Pace, Socket
from bot.supervisor import Supervisor, Watched
from handlers.outbound import render
from handlers.register import Edge, register
from incidents.operations import delivery, timers
from incidents.operations.scene import roster_of
from incidents.ports import House
from rotations.zones import use_bundled_tzdata
from runbooks.catalogue import library_path, load
from storage.opening import SqlStore, open_store

BACKFILL_EVERY = timedelta(minutes=5)
GREET_EVERY = timedelta(hours=1)
REPLANNED_EVERY = timedelta(seconds=2)
STALLED_S = 15.0
STALLED_AT_DATABASE_S = 60.0  # a turn may wait for a lock several times
LOCK_WAIT_MS = 2000  # under the three seconds in which a command must be answered


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that was put together, for the processes and for tests.

    `parts` are started in order and stopped in reverse; `is_ready` says whether Slack can reach it.
    """

    settings: Settings
    store: SqlStore
    house: House
    app: App
    outbound: Outbound
    dispatcher: Dispatcher
    parts: tuple[Part, ...]
    is_ready: Callable[[], bool]


class Task(Flag):
    """What a process does: take deliveries in, or send and keep time. `run` does both."""

    TAKE = auto()
    WORK = auto()
    BOTH = TAKE | WORK


class _Lives(Protocol):
    def start(self) -> object: ...

    def stop(self) -> object: ...


@dataclass(frozen=True, slots=True)
class _Crew:
    """Parts in the order of their start, and how they are watched."""

    parts: tuple[Part, ...]
    watched: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """What the parts share while they are put together."""

    settings: Settings
    token: str
    store: SqlStore
    house: House
    outbound: Outbound
    passport: Passport
    errands: Errands
    greeted: Event
    beats: Heartbeats


def assemble(
    settings: Settings, end: Callable[[str], None], task: Task = Task.BOTH, pace: Pace | None = None
) -> Bot:
    """Put a bot together from settings with tokens. `end` is called with the reason when it cannot go on.

    `pace` is how patiently it watches its sockets; None: as Slack deserves it.
    Raises StoreInUse, StoreUnavailable, SchemaTooNew.
    """
    use_bundled_tzdata()
    room = _room(settings)
    dispatcher = _dispatcher(room)
    app = _bolt(room)
    socket = _socket(room, app, pace) if Task.TAKE in task else None
    crews = [_first(room)]
    if Task.WORK in task:
        crews.append(_workers(room, dispatcher))
    if socket is not None:
        crews.append(_listening(room, socket))
    supervisor = Supervisor([one for crew in crews for one in crew.watched], room.beats, end)
    parts = [part for crew in crews for part in crew.parts] + [_part("supervisor", supervisor)]
    is_ready = partial(_is_ready, room.greeted, dispatcher, socket)
    return Bot(settings, room.store, room.house, app, room.outbound, dispatcher, tuple(parts), is_ready)


def _room(settings: Settings) -> _Room:
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    store = open_store(settings.database_url, exclusive=True, busy_timeout_ms=LOCK_WAIT_MS)
    clock = SandboxClock(settings.clock_url) if settings.clock_url else SystemClock()
    house = House(store, clock, SystemIds(), load(library_path()))
    outbound = Outbound(token, settings.slack_api_url)
    passport = Passport(store, token)
    greeted = Event()
    greeting = _Greeting(store, outbound, passport, Directory(store, clock, outbound), greeted)
    errands = Errands(
        {
            "warm": partial(_warm, house),
            "greet": greeting.greet,
            "backfill": partial(_sweep, Backfill(house, outbound)),
        }
    )
    return _Room(
        settings, token, store, house, outbound, passport, errands, greeted, Heartbeats(monotonic_seconds)
    )


def _dispatcher(room: _Room) -> Dispatcher:
    is_alone = room.settings.database_url.startswith("sqlite")
    return Dispatcher(
        Desk(
            store=room.store,
            clock=room.house.clock,
            outbound=room.outbound,
            courier=Courier(room.outbound, room.passport.bot_user),
            render=lambda effect, unit: render(effect, unit, room.house),
            record=partial(delivery.record, room.house),
            owner="the only one" if is_alone else room.house.ids.new(),
            chance=chance,
            beat=room.beats.beater("dispatcher"),
        )
    )


def _bolt(room: _Room) -> App:
    """`process_before_response`: the listener commits, then Slack is told. No retry handler posts twice."""

    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return room.passport.authorize(
            enterprise_id, team_id, user_id
        )  # Bolt reads the names of its arguments

    app = App(
        client=WebClient(room.token, base_url=room.settings.slack_api_url, retry_handlers=[]),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    learn = partial(room.errands.ask, "greet")
    register(app, Edge(room.house, FrontLane(room.outbound), learn, room.passport.bot_user))
    return app


def _socket(room: _Room, app: App, pace: Pace | None) -> Socket | None:
    if room.settings.app_token is None:
        return None
    return Socket(
        app,
        room.settings.app_token.get_secret_value(),
        WebClient(base_url=room.settings.slack_api_url, retry_handlers=[]),
        partial(room.errands.ask, "greet", "backfill"),
        Chances(monotonic_seconds, chance),
        pace,
    )


def _first(room: _Room) -> _Crew:
    """What everything else needs, from the first to start on."""
    outbound, errands, clock = room.outbound, room.errands, room.house.clock
    beat = partial(outbound.beat, room.beats.beater("outbound"))
    return _Crew(
        (
            Part("store", _nothing, room.store.close),
            *((_part("clock", clock),) if isinstance(clock, SandboxClock) else ()),
            _part("outbound", outbound),
            _part("errands", errands),
            Part("greeting", partial(_greet_now, room), _nothing),
        ),
        (
            Watched("store", room.store.is_alive),
            Watched("outbound", outbound.is_alive, STALLED_S, prompt=beat),
            Watched("errands", errands.is_alive, restart=errands.start),
        ),
    )


def _workers(room: _Room, dispatcher: Dispatcher) -> _Crew:
    """Those who send and keep time; commits and moves of the clock wake them."""
    beats, clock = room.beats, room.house.clock
    timer_thread = TimerThread(clock, partial(timers.fire_due, room.house), beats.beater("timers"))
    wake = partial(_wake, dispatcher, timer_thread)
    room.store.on_commit(wake)
    if isinstance(clock, SandboxClock):
        clock.when_moved(wake)
    metronome = Metronome(partial(_tick, beats.beater("metronome"), wake), _sweeps(room))
    return _Crew(
        (_part("dispatcher", dispatcher), _part("timers", timer_thread), _part("metronome", metronome)),
        (
            Watched("dispatcher", dispatcher.is_alive, STALLED_AT_DATABASE_S),
            Watched("timers", timer_thread.is_alive, STALLED_AT_DATABASE_S, restart=timer_thread.start),
            Watched("metronome", metronome.is_alive, STALLED_S),
        ),
    )


def _listening(room: _Room, socket: Socket) -> _Crew:
    socket.beat = room.beats.beater("socket")
    return _Crew((_part("socket", socket),), (Watched("socket", socket.is_alive, STALLED_S),))


def _sweeps(room: _Room) -> tuple[Sweep, ...]:
    ask = room.errands.ask
    return (
        Sweep("backfill", partial(ask, "backfill"), BACKFILL_EVERY),
        Sweep("greet", partial(ask, "greet"), GREET_EVERY),
        Sweep("replanned", Replanned(room.store, partial(ask, "greet")).look, REPLANNED_EVERY, at_start=True),
    )


def _part(name: str, thing: _Lives) -> Part:
    return Part(name, thing.start, thing.stop)


def _wake(dispatcher: Dispatcher, timer_thread: TimerThread) -> None:
    dispatcher.wake()
    timer_thread.wake()


def _tick(beat: Callable[[], None], wake: Callable[[], None]) -> None:
    beat()
    wake()


@dataclass(frozen=True, slots=True)
class _Greeting:
    """Learn who we are, who is there and where we speak."""

    store: SqlStore
    outbound: Outbound
    passport: Passport
    directory: Directory
    done: Event

    def greet(self) -> bool:
        """False while Slack does not answer, or not in full: it is asked again a little later."""
        if not self.passport.renew(self.outbound).ok:
            return False
        self.store.write(lambda unit: unit.facts.put("workspace.url", self.passport.identity.url))
        is_whole = self.directory.sync() and Places(self.store, self.outbound).sync()
        if is_whole:
            self.done.set()
        return is_whole


def _is_ready(greeted: Event, dispatcher: Dispatcher, socket: Socket | None) -> bool:
    """Slack knows us, takes our token still, and can deliver."""
    return greeted.is_set() and not dispatcher.stopped_by and (socket is None or socket.is_ready())


def _greet_now(room: _Room) -> None:
    """The first errands, asked before anybody is listened to."""
    room.errands.ask("warm", "greet")


def _warm(house: House) -> bool:
    """Work the schedules out once, so that the first person who declares does not wait for it."""
    house.store.read(lambda unit: roster_of(house, unit, house.clock.now()))
    return True


def _sweep(backfill: Backfill) -> bool:
    backfill.sweep()
    return True


def _nothing() -> None:
    """A part that needs no start, or no stop."""
