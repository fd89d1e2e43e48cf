"""The direct message to whoever's shift has moved, and to the lead who answers for it."""

from collections.abc import Mapping, Sequence

from handlers.blocks import kit
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import count, literal
from rotations.changes import Moved
from rotations.wording import listed


def moved_shifts(
    rows: Sequence[Moved], more: int, why: str, names: Mapping[str, str], reader: Reader
) -> Message:
    """`names`: person key → name. `more` rows are left away; `why` says by whom and for what."""
    lines = [f"• {moved_row(row, names, reader)}" for row in rows]
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


def moved_row(row: Moved, names: Mapping[str, str], reader: Reader) -> str:
    """`AMER primary, 12:00 New York (17:00 UTC) – …: *Bo Chen* instead of Ana Lima`."""
    where = f"{literal(row.region, 60)} {row.seat.value}"
    when = f"{reader.own(row.start)} – {reader.own(row.end)}"
    was, now = _people(row.before, names), _people(row.after, names)
    return f"{where}, {when}: *{now or 'nobody'}* instead of {was or 'nobody'}"


def _people(keys: Sequence[str], names: Mapping[str, str]) -> str:
    return literal(listed(names.get(key, key) for key in keys), 200)
