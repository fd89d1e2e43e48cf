"""Notices: to the operations channel, or where there is none to a lead in person."""

from handlers.blocks.notices import Notice, notice
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import OPERATIONS_CHANNEL, Desk, posted
from incidents.access import can_see
from incidents.operations.notices import About
from rotations.newer import known


def post(desk: Desk) -> Rendered:
    to = desk.user or desk.unit.facts.get(OPERATIONS_CHANNEL)
    if not to:
        return Skip("there is no operations channel")
    about = known(About, desk.effect.args.get("about", ""))
    words = notice(Notice(about, _discreet(desk), desk.reader(desk.user), is_shared=not desk.user))
    return posted(to, words)


def _discreet(desk: Desk) -> dict[str, str]:
    """What is said: keys of restricted incidents are for leads who are part of them, never for a channel."""
    args = dict(desk.effect.args)
    if _is_hidden(desk, args.get("subject", "")):
        args["subject"] = "A restricted incident"
    waiting = args.get("waiting", "").split()
    shown = [key for key in waiting if not _is_hidden(desk, key)]
    return args | {"waiting": " ".join(shown), "hidden": str(len(waiting) - len(shown))}


def _is_hidden(desk: Desk, key: str) -> bool:
    incident = desk.unit.incidents.get(key)
    if incident is None or not incident.restricted:
        return False
    return not desk.user or not can_see(desk.actor(desk.user), incident)
