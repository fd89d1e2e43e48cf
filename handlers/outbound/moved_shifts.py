"""Who is told that a shift has moved: rendered from the rows of the effect, in the names of today."""

from handlers.blocks.moved_shifts import moved_shifts
from handlers.calls import Rendered, Skip
from handlers.outbound.casting import cast_of
from handlers.outbound.desk import Desk, posted
from handlers.text import literal, sentence
from incidents.moves import load_rows


def send(desk: Desk) -> Rendered:
    """What is over by now needs nobody any more."""
    args, cast = desk.effect.args, cast_of(desk)
    rows = load_rows(args["rows"])
    standing = tuple(row for row in rows if row.end > desk.now)
    if not standing:
        return Skip("the time of it is over")
    by = literal(desk.name_of(args["by"]), 60)
    why = f"Changed by {by}." + (f" Reason: {sentence(literal(args['why'], 200))}" if args["why"] else "")
    more = int(args["count"]) - len(rows)
    return posted(desk.user, moved_shifts(standing, more, why, cast))
