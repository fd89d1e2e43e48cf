"""The composition root: from Settings to a Bot, in one place. Nothing runs at import, nothing is global."""

from collections.abc import Callable
from enum import Flag, auto
from functools import partial
from threading import Event

from msgspec import Struct
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clock import chance, monotonic_seconds
from bot.counting import count_settled
from bot.crews import first, hearing, listening, part_of, workers
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.fetching import Fetcher
from bot.front import FrontLane
from bot.rates import SLACK, Rates
from bot.reconcile import Courier
from bot.ring.setting_up import account_of
from bot.ring.twilio_web import twilio_route
from bot.room import Room, room_of
from bot.run import Part
from bot.sending import CALL_TIMEOUT_S, Outbound
from bot.settings import Settings
from bot.socket import Chances, Pace, Socket
from bot.supervisor import Supervisor
from bot.token_watch import refusal_on_record
from bot.web.calendars import calendar_url
from bot.web.crew import Door, calendars_door, incidents_door, note_ack, on_the_web, readiness_of, slack_door
from bot.web.server import WebServer
from handlers.outbound import render
from handlers.register import Edge, register
from incidents.operations import delivery
from incidents.operations.ringing import answered_by_phone
from incidents.ports import House
from rotations.zones import use_bundled_tzdata
from storage.opening import SqlStore


class Bot(Struct, frozen=True):
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
    web: WebServer | None = None


class Task(Flag):
    """What a process does: take deliveries in, or send and keep time. `run` does both."""

    TAKE = auto()
    WORK = auto()
    BOTH = TAKE | WORK


def assemble(
    settings: Settings,
    end: Callable[[str], None],
    task: Task = Task.BOTH,
    pace: Pace | None = None,
    rates: Rates = SLACK,
    fetcher: Fetcher | None = None,
) -> Bot:
    """Put a bot together from settings with tokens. `end` is called with the reason when it cannot go on.

    `pace` is how patiently it watches its sockets; None: as Slack deserves it. `rates` are Slack's own.
    `fetcher` says which hosts calendars are read from; None: public ones.
    Raises StoreInUse, StoreUnavailable, SchemaTooNew.
    """
    use_bundled_tzdata()
    room = room_of(settings, fetcher)
    dispatcher = _dispatcher(room, rates)
    app = _bolt(room)
    socket = _socket(room, app, pace) if Task.TAKE in task else None
    crews = [first(room)]
    if Task.WORK in task:
        crews.append(workers(room, dispatcher))
    if socket is not None:
        crews.append(listening(room, socket))
    supervisor = Supervisor([one for crew in crews for one in crew.watched], room.beats, end)
    refusal = partial(_refusal, room, dispatcher)
    is_ready: Callable[[], bool] = partial(_is_ready, room.greeted, refusal, socket)
    web = None
    if Task.TAKE in task or settings.own_web_port is not None:
        readiness = readiness_of(room, refusal, socket, supervisor.faults)
        doors = _doors(room, app) if Task.TAKE in task else ()
        web, crew = on_the_web(room, doors, readiness)
        crews.append(crew)
        supervisor.watch(*crew.watched)
    if web is not None and not settings.is_socket_mode:
        is_ready = partial(_is_open, is_ready, web)
    if Task.TAKE in task:
        crews.append(hearing(room, is_ready))
        supervisor.watch(*crews[-1].watched)
    parts = [part for crew in crews for part in crew.parts] + [part_of("supervisor", supervisor)]
    if web is not None:
        parts.insert(0, Part("port", web.hold, web.stop))  # one that is taken ends the start before it begins
    return Bot(settings, room.store, room.house, app, room.outbound, dispatcher, tuple(parts), is_ready, web)


def _doors(room: Room, app: App) -> tuple[Door, ...]:
    """Everybody who may come in over the web, besides those who ask how we are."""
    doors = [slack_door(room, app.dispatch), incidents_door(room), calendars_door(room)]
    if (account := account_of(room.settings)) is not None:
        told = partial(answered_by_phone, room.house)
        doors.append(Door((twilio_route(account, room.house.clock, told),)))
    return tuple(doors)


def _dispatcher(room: Room, rates: Rates) -> Dispatcher:
    is_alone = room.settings.database_url.startswith("sqlite")
    return Dispatcher(
        Desk(
            store=room.store,
            clock=room.house.clock,
            outbound=room.outbound,
            courier=Courier(
                room.outbound, room.passport.bot_user, has_client_ids=room.settings.has_client_ids
            ),
            render=lambda effect, unit: render(effect, unit, room.house),
            record=partial(delivery.record, room.house),
            owner="the only one" if is_alone else room.house.ids.new(),
            chance=chance,
            beat=room.beats.beater("dispatcher"),
            phones=room.phones,
            rates=rates,
            watch=partial(count_settled, room.metrics),
            may_claim=lambda: not room.skew.is_too_large(),
        )
    )


def _bolt(room: Room) -> App:
    """`process_before_response`: the listener commits, then Slack is told. No retry handler posts twice."""

    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return room.passport.authorize(
            enterprise_id, team_id, user_id
        )  # Bolt reads the names of its arguments

    app = App(
        name="Meridian",  # or Bolt looks through every loaded module for the name of this file
        client=WebClient(room.token, base_url=room.settings.slack_api_url, retry_handlers=[]),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    ask = room.errands.ask
    register(
        app,
        Edge(
            house=room.house,
            front=FrontLane(room.outbound),
            learn=partial(ask, "greet"),
            bot_user=room.passport.bot_user,
            read_back=partial(ask, "before drafts"),
            unhandled=room.metrics.unhandled.add,
            calendar_url=partial(calendar_url, room.settings.web_url),
            read_files=partial(ask, "uploads"),
        ),
    )
    return app


def _socket(room: Room, app: App, pace: Pace | None) -> Socket | None:
    if room.settings.app_token is None:
        return None
    socket = Socket(
        app,
        room.settings.app_token.get_secret_value(),
        WebClient(base_url=room.settings.slack_api_url, timeout=int(CALL_TIMEOUT_S), retry_handlers=[]),
        partial(room.errands.ask, "greet", "reread"),
        Chances(monotonic_seconds, chance),
        pace,
    )
    socket.acked = partial(note_ack, room.metrics, "socket")
    return socket


def _refusal(room: Room, dispatcher: Dispatcher) -> str:
    """Slack's error while it refuses our token: to this process, or to whichever sends."""
    return dispatcher.stopped_by or refusal_on_record(room.store, room.house.clock)


def _is_ready(greeted: Event, refusal: Callable[[], str], socket: Socket | None) -> bool:
    """Slack knows us, takes our token still, and can deliver."""
    return greeted.is_set() and not refusal() and (socket is None or socket.is_ready())


def _is_open(is_ready: Callable[[], bool], web: WebServer) -> bool:
    """Where Slack comes in over the web, that has to listen, too."""
    return is_ready() and web.is_listening()
