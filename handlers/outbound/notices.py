"""Notices to the operations channel: something needs a human. Never a title or a name of a restricted one."""

from handlers.calls import Message, Rendered, Skip
from handlers.outbound.desk import OPERATIONS_CHANNEL, Desk, posted


def post(desk: Desk) -> Rendered:
    channel = desk.unit.facts.get(OPERATIONS_CHANNEL)
    words = desk.effect.args.get("words", "")
    return posted(channel, Message(words)) if channel else Skip("there is no operations channel")
