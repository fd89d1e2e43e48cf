"""The telephones of people: ringing, answering, falling silent. Do Not Disturb is Slack's and mutes none."""

from sandbox import people
from sandbox.errors import SlackError
from sandbox.model import Person, PhoneCall
from sandbox.state import Workspace

RINGING, ANSWERED, STOPPED = "ringing", "answered", "stopped"
KEPT_CALLS = 2_000


def ring(ws: Workspace, call_id: str, to: str, words: str) -> PhoneCall:
    """Rings whom `to` names (id, name or e-mail address). An id that rang before is the same call still.

    Raises `unknown_number`.
    """
    known = ws.calls.get(handle_of(ws, call_id))
    if known is not None:
        return known
    user = people.id_of(ws, to)
    if user is None or ws.people[user].is_bot:
        raise SlackError("unknown_number")
    call = PhoneCall(ws.ids.next("P"), call_id, user, words, ws.clock.stamp())
    ws.calls[call.handle] = call
    if len(ws.calls) > KEPT_CALLS:
        del ws.calls[next(iter(ws.calls))]
    ws.changed("phone")
    return call


def handle_of(ws: Workspace, call_id: str) -> str:
    """Of the call that rang by this id; "" where none did."""
    return next((each.handle for each in ws.calls.values() if each.call_id == call_id), "")


def stop(ws: Workspace, handle: str) -> None:
    """What no longer rings stays as it is."""
    call = ws.calls.get(handle)
    if call is not None and call.state == RINGING:
        end(ws, call, STOPPED)


def answer(ws: Workspace, person: Person, handle: str) -> PhoneCall:
    """Answers this call, or what has rung longest. Raises `phone_not_ringing`."""
    for call in ws.calls.values():
        if call.to == person.id and call.state == RINGING and handle in ("", call.handle):
            end(ws, call, ANSWERED)
            return call
    raise SlackError("phone_not_ringing")


def end(ws: Workspace, call: PhoneCall, state: str) -> None:
    call.state, call.ended_at = state, ws.clock.stamp()
    ws.changed("phone")
