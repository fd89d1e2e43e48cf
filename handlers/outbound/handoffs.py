"""The handoff post in the team channel, its thread, and its edit when somebody accepts."""

from collections.abc import Sequence

from handlers.blocks.handoff import handoff_post, handoff_thread
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import TEAM_CHANNEL, Desk, edited, posted
from incidents.handoff import Handoff
from incidents.model import Incident

SUBJECT = "handoff:"
THREAD = "thread"


def post(desk: Desk) -> Rendered:
    """The post; with `args["part"] = "thread"` what hangs under it."""
    handoff = _handoff(desk)
    if handoff is None:
        return Skip("there is no such handoff")
    if desk.effect.args.get("part") == THREAD:
        return _thread(desk, handoff)
    if handoff.message is not None:
        return Skip("the handoff is posted already")
    channel = desk.unit.facts.get(TEAM_CHANNEL)
    if not channel:
        return Skip("the team channel is not known: invite Meridian to it")
    return posted(channel, handoff_post(handoff, _incidents(desk, handoff), desk.reader()))


def edit(desk: Desk) -> Rendered:
    handoff = _handoff(desk)
    if handoff is None or handoff.message is None:
        return Skip("there is no handoff post to edit")
    return edited(handoff.message, handoff_post(handoff, _incidents(desk, handoff), desk.reader()))


def _thread(desk: Desk, handoff: Handoff) -> Rendered:
    if handoff.message is None:
        return Skip("there is no handoff post to hang a thread on")
    message = handoff_thread(_incidents(desk, handoff), desk.reader())
    return posted(handoff.message.channel, message, handoff.message.ts)


def _handoff(desk: Desk) -> Handoff | None:
    return desk.unit.handoffs.get(desk.effect.subject.removeprefix(SUBJECT))


def _incidents(desk: Desk, handoff: Handoff) -> Sequence[Incident]:
    found = (desk.unit.incidents.get(key) for key in handoff.incidents)
    return [incident for incident in found if incident is not None and not incident.restricted]
