"""The direct message to whoever's shift has moved, and to the lead who answers for it."""

from collections.abc import Sequence

from handlers.blocks import kit
from handlers.blocks.cast import Cast
from handlers.calls import Message
from handlers.text import count
from rotations.changes import Moved


def moved_shifts(rows: Sequence[Moved], more: int, why: str, cast: Cast) -> Message:
    """Each row in the zones of those who come and go; `more` are left away; `why` says by whom, for what."""
    lines = [f"• {cast.row(row)}" for row in rows]
    if more:
        lines.append(f"and {count(more, 'more change')}. /oncall shows them all.")
    return kit.message(
        "On-call change",
        [
            kit.section("*Who is on call changes*"),
            kit.section("\n".join(lines)),
            kit.context(" ".join(filter(None, (why, "Pages, handoffs and /oncall follow this at once.")))),
        ],
    )
