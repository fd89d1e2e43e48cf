"""Hangs the listeners on a Bolt app. What nobody handles is acknowledged all the same."""

import re
from collections.abc import Callable

from slack_bolt import Ack, App, BoltContext, BoltResponse

from handlers.calls import Json
from handlers.errors import note_failure
from handlers.listeners.edge import Edge
from handlers.listeners.events import take
from handlers.listeners.presses import answer_press, answer_submission
from handlers.listeners.shortcuts import answer_shortcut
from handlers.listeners.typed import answer_command

__all__ = ["Edge", "register"]

EVERYTHING = re.compile("")


def register(app: App, edge: Edge) -> None:
    """The app must run with `process_before_response`: what is answered here has been committed before."""
    app.middleware(_only_our_own)
    app.error(note_failure)
    app.command(EVERYTHING)(_acked_with(edge, answer_command))
    app.view(EVERYTHING)(_acked_with(edge, answer_submission))
    app.view_closed(EVERYTHING)(_acked)
    app.action(EVERYTHING)(_acked_after(edge, answer_press))
    app.shortcut(EVERYTHING)(_acked_after(edge, answer_shortcut))
    app.options(EVERYTHING)(_no_options)
    app.event(EVERYTHING)(_taken(edge))


def _acked_with(edge: Edge, answer: Callable[[Edge, Json], Json]) -> Callable[[Ack, Json], None]:
    def listener(ack: Ack, body: Json) -> None:
        ack(answer(edge, body) or "")

    return listener


def _acked_after(edge: Edge, act: Callable[[Edge, Json], None]) -> Callable[[Ack, Json], None]:
    def listener(ack: Ack, body: Json) -> None:
        act(edge, body)
        ack()

    return listener


def _taken(edge: Edge) -> Callable[[Json], None]:
    """Bolt acknowledges an event when its listener has returned, and not when it has raised."""

    def listener(body: Json) -> None:
        take(edge, body)

    return listener


def _acked(ack: Ack) -> None:
    ack()


def _no_options(ack: Ack) -> None:
    ack(options=[])


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
