"""Slack's deliveries over HTTP: the signature before anything is read, then the same App as Socket Mode's."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from slack_bolt import BoltRequest, BoltResponse

from bot.identity import Identity
from bot.web.payloads import Json, Unreadable, payload_in
from bot.web.replays import Replays
from bot.web.routes import SLACK_PATH, Answer, Incoming, Route, as_text
from bot.web.signatures import SLACK, is_signed
from incidents.ports import Clock

FOR_US = ("x-slack-retry-num", "x-slack-retry-reason")
NOT_AGAIN = {"x-slack-no-retry": "1"}
UNSIGNED = Answer(401)
UNREADABLE = Answer(400, headers=NOT_AGAIN)
FOREIGN = Answer(403, headers=NOT_AGAIN)


class SlackDoor(Struct, frozen=True):
    """`clock` is the machine's: Slack's timestamps are. `app_id` and `ours` are "" or empty while unknown.

    `acked` is told of each delivery how many seconds it took, and whether it was acknowledged.
    """

    secret: str
    clock: Clock
    dispatch: Callable[[BoltRequest], BoltResponse]
    replays: Replays
    ours: Callable[[], Identity]
    acked: Callable[[float, bool], None]

    def answer(self, incoming: Incoming) -> Answer:
        if not is_signed(incoming, SLACK, self.secret, self.clock.now()):
            return UNSIGNED
        signature = incoming.header(SLACK.signature)
        if self.replays.is_known(signature):
            return Answer()
        try:
            payload = payload_in(incoming)
        except Unreadable:
            return UNREADABLE
        if is_foreign(payload, self.ours()):
            return FOREIGN
        answer = _greeted(payload) or self._dispatched(payload, incoming)
        if answer.status == 200:
            self.replays.answered(signature)
        return answer

    def _dispatched(self, payload: Json, incoming: Incoming) -> Answer:
        """`socket_mode` is Bolt's word for a payload that is read and whose sender is known."""
        headers = {name: incoming.header(name) for name in FOR_US if incoming.header(name)}
        request = BoltRequest(mode="socket_mode", body=payload, headers=dict(headers))
        return _answer(self.dispatch(request))


def slack_routes(door: SlackDoor, seconds: Callable[[], float]) -> tuple[Route, ...]:
    """The one address for commands, interactions and events."""
    return (Route("POST", SLACK_PATH, partial(_timed, door, seconds)),)


def _timed(door: SlackDoor, seconds: Callable[[], float], incoming: Incoming) -> Answer:
    answer = door.answer(incoming)
    if answer is not UNSIGNED:
        door.acked(seconds() - incoming.began, answer.status == 200)
    return answer


def is_foreign(payload: Json, ours: Identity) -> bool:
    """Whether it was meant for another app, or comes from a workspace where we are not.

    In a channel shared with others `team_id` may be theirs: then ours stands beside it. Who presses a button
    is the middleware's business: `user` and `team` there may be of another workspace.
    """
    app_id = payload.get("api_app_id")
    if ours.app_id and app_id and app_id != ours.app_id:
        return True
    teams = {payload.get("team_id"), payload.get("context_team_id")}
    known = payload.get("authorizations")
    for one in known if isinstance(known, list) else ():
        teams.add(one.get("team_id") if isinstance(one, dict) else None)
    named = {str(team) for team in teams if team}
    return bool(ours.team_id and named and ours.team_id not in named)


def _greeted(payload: Json) -> Answer | None:
    """Slack looks whether the address is ours, or its certificate good: answered, and nothing happens."""
    if payload.get("ssl_check"):
        return Answer()
    if payload.get("type") == "url_verification":
        challenge = payload.get("challenge")
        return as_text(challenge) if isinstance(challenge, str) else UNREADABLE
    return None


def _answer(given: BoltResponse) -> Answer:
    content_type = given.first_headers_without_set_cookie().get("content-type", "text/plain;charset=utf-8")
    return Answer(given.status, (given.body or "").encode(), content_type)
