"""Notices: to the operations channel, or where there is none to a lead in person."""

from handlers.blocks.notices import Notice, notice
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import OPERATIONS_CHANNEL, Desk, known, posted
from incidents.operations.notices import About


def post(desk: Desk) -> Rendered:
    to = desk.user or desk.unit.facts.get(OPERATIONS_CHANNEL)
    if not to:
        return Skip("there is no operations channel")
    about = known(About, desk.effect.args.get("about", ""))
    words = notice(Notice(about, desk.effect.args, desk.reader(desk.user), is_shared=not desk.user))
    return posted(to, words)
