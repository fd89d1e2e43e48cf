"""Hangs the listeners on a Bolt app. What nobody handles is acknowledged all the same."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from slack_bolt import Ack, App, BoltContext, BoltResponse

from handlers.at_hand import in_hand
from handlers.calls import Json
from handlers.delivery_keys import of
from handlers.errors import Refused, attempt, note_failure
from handlers.listeners.edge import Edge
from handlers.listeners.events import is_asked, take
from handlers.listeners.presses import answer_press, answer_submission, offers
from handlers.listeners.replies import as_view, refused
from handlers.listeners.shortcuts import answer_shortcut
from handlers.listeners.typed import answer_command
from incidents.errors import StoreUnavailable

__all__ = ["Edge", "register"]

EVERYTHING = re.compile("")


def register(app: App, edge: Edge) -> None:
    """The app must run with `process_before_response`: what is answered here has been committed before."""
    app.middleware(_only_our_own)
    app.error(_noted)
    app.command(EVERYTHING)(_acked_with(edge, answer_command, _privately))
    app.view(EVERYTHING)(_acked_with(edge, answer_submission, _in_the_form))
    app.view_closed(EVERYTHING)(_acked)
    app.action(EVERYTHING)(_acked_after(edge, answer_press))
    app.shortcut(EVERYTHING)(_acked_after(edge, answer_shortcut))
    app.options(EVERYTHING)(_offered)
    app.event(EVERYTHING)(_taken(edge))


def _acked_with(
    edge: Edge, answer: Callable[[Edge, Json], Json], sorry: Callable[[Refused], Json]
) -> Callable[[Ack, Json, BoltContext], None]:
    """Slack never delivers these again: whatever fails is said in the acknowledgement."""

    def listener(ack: Ack, body: Json, context: BoltContext) -> None:
        with _in_hand(body, context):
            told = attempt(edge, lambda: answer(edge, body))
        ack((sorry(told) if isinstance(told, Refused) else told) or "")

    return listener


def _acked_after(edge: Edge, act: Callable[[Edge, Json], None]) -> Callable[[Ack, Json, BoltContext], None]:
    def listener(ack: Ack, body: Json, context: BoltContext) -> None:
        with _in_hand(body, context):
            told = attempt(edge, lambda: act(edge, body))
        if isinstance(told, Refused):
            edge.front.tell(body["user"]["id"], refused(told))
        ack()

    return listener


def _taken(edge: Edge) -> Callable[[Json, BoltContext], None]:
    """Bolt acknowledges an event when its listener has returned, and not when it has raised: then Slack
    delivers it again. What fails on words to Meridian would fail again, so whoever wrote them is told."""

    def listener(body: Json, context: BoltContext) -> None:
        with _in_hand(body, context):
            told = attempt(edge, lambda: take(edge, body))
        if not isinstance(told, Refused):
            return
        if isinstance(told.error, StoreUnavailable) or not is_asked(body):
            raise told.error
        edge.front.tell(body["event"]["user"], refused(told))

    return listener


def _privately(refusal: Refused) -> Json:
    return {"response_type": "ephemeral", **refused(refusal).as_args()}


def _in_the_form(refusal: Refused) -> Json:
    return {"response_action": "update", "view": as_view(refused(refusal))}


def _acked(ack: Ack) -> None:
    ack()


def _offered(ack: Ack, body: Json) -> None:
    ack(options=offers(body))


def _noted(error: Exception, body: Json, context: BoltContext) -> None:
    with _in_hand(body, context):
        note_failure(error)


def _in_hand(body: Json, context: BoltContext) -> AbstractContextManager[None]:
    return in_hand(of(body), context.user_id or "")


def _only_our_own(body: Json, context: BoltContext, next_: Callable[[], None]) -> BoltResponse | None:
    """People of other workspaces, in channels shared with them, are acknowledged and passed over."""
    ours = context.authorize_result.team_id if context.authorize_result else None
    theirs = _team_of_the_person(body)
    if ours and theirs and ours != theirs:
        return BoltResponse(status=200, body="")
    next_()
    return None


def _team_of_the_person(body: Json) -> str:
    event, user = body.get("event"), body.get("user")
    if isinstance(event, dict):
        return str(event.get("user_team") or event.get("team") or "")
    if isinstance(user, dict):
        return str(user.get("team_id") or "")
    return str(body.get("team_id") or "")
