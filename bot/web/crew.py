"""What of a bot is on the web: which routes there are, from when on, and how the server is watched."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct
from slack_bolt import BoltRequest, BoltResponse

from bot.clock import SystemClock, monotonic_seconds
from bot.crews import STALLED_S, Crew, part_of
from bot.metrics import Metrics
from bot.readiness import Check, Readiness, database_answers, queue_moves
from bot.room import Room
from bot.run import Part
from bot.socket import Socket
from bot.supervisor import Watched
from bot.web.calendars import CalendarsDoor, Turnstile
from bot.web.health import Health
from bot.web.incidents import IncidentsDoor
from bot.web.replays import Replays
from bot.web.routes import Route
from bot.web.server import Opening, WebServer
from bot.web.slack import SlackDoor, slack_routes

NOBODY = Crew((), ())

Dispatch = Callable[[BoltRequest], BoltResponse]


class Door(Struct, frozen=True):
    """Routes, and the parts that have to be there before the server that answers them, and after it."""

    routes: tuple[Route, ...] = ()
    crew: Crew = NOBODY


def readiness_of(
    room: Room, refusal: Callable[[], str], socket: Socket | None, faults: Callable[[], Mapping[str, str]]
) -> Readiness:
    """`refusal` is Slack's error while it refuses the token, else ""."""
    checks: dict[str, Check] = {
        "database": partial(database_answers, room.store),
        "slack": partial(_slack_takes_us, room, refusal),
        "queue": partial(queue_moves, room.store, room.house.clock),
        "clock": room.skew.look,
    }
    if socket is not None:
        checks["socket"] = lambda: "" if socket.is_ready() else "no open connection is heard"
    return Readiness(checks, faults)


def on_the_web(room: Room, doors: Sequence[Door], readiness: Readiness) -> tuple[WebServer, Crew]:
    """Where Slack comes in here, a process is of no use without it; beside Socket Mode it is an extra."""
    settings = room.settings
    is_way_in = bool(doors) and not settings.is_socket_mode
    health = Health(readiness, room.metrics, room.store, room.house.clock, room.skew.seconds)
    server = WebServer(
        (*health.routes, *(route for door in doors for route in door.routes)),
        Opening(settings.web_host, settings.web_port, is_way_in),
        monotonic_seconds,
        lambda status: room.metrics.requests.add(str(status)),
    )
    server.beat = room.beats.beater("web")
    watched = Watched("web", server.is_alive, STALLED_S, restart=server.start, prompt=server.prompt)
    parts = (part for door in doors for part in door.crew.parts)
    others = (one for door in doors for one in door.crew.watched)
    return server, Crew((*parts, part_of("web", server)), (*others, watched))


def slack_door(room: Room, dispatch: Dispatch) -> Door:
    """Nothing without a signing secret."""
    if room.settings.signing_secret is None:
        return Door()
    clock = SystemClock()  # Slack's timestamps are of the machine, whatever a sandbox's clock shows
    replays = Replays(room.store, clock)
    slack = SlackDoor(
        secret=room.settings.signing_secret.get_secret_value(),
        clock=clock,
        dispatch=dispatch,
        replays=replays,
        ours=lambda: room.passport.identity,
        acked=partial(note_ack, room.metrics, "http"),
    )
    watched = Watched("signatures", replays.is_alive, restart=replays.start)
    missed = Part("missed", partial(room.errands.ask, "backfill"), _nothing)  # Slack repeats for an hour only
    parts = (missed, part_of("signatures", replays))
    return Door(slack_routes(slack, monotonic_seconds), Crew(parts, (watched,)))


def incidents_door(room: Room) -> Door:
    """Nothing without a secret."""
    settings = room.settings
    if settings.incidents_secret is None:
        return Door()
    secret = settings.incidents_secret.get_secret_value()
    return Door((IncidentsDoor(secret, SystemClock(), room.house, settings.incidents_by).route,))


def calendars_door(room: Room) -> Door:
    return Door((CalendarsDoor(room.house, Turnstile(monotonic_seconds)).route,))


def note_ack(metrics: Metrics, by: str, seconds: float, is_acked: bool) -> None:
    metrics.acks.observe(seconds, by)
    if not is_acked:
        metrics.unacknowledged.add(by)


def _slack_takes_us(room: Room, refusal: Callable[[], str]) -> str:
    if error := refusal():
        return f"it refuses the token: {error}"
    return "" if room.greeted.is_set() else "it has not said yet who is there"


def _nothing() -> None:
    """A part that needs no stop."""
