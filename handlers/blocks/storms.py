"""In a storm: what may be the same, for the leads, with one button each."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, title_outside
from handlers.blocks.reader import Reader
from handlers.calls import Message
from incidents.storm import Likeness


def alike(found: Sequence[Likeness], reader: Reader) -> Message:
    """One line and one button for each incident that an earlier one may be again."""
    head = "*Many incidents at once.* These may be the same. All are open and paged, whatever you choose."
    blocks = [kit.section(head)]
    for one in found:
        merge = kit.confirmed(
            kit.button(
                f"Merge into {one.earlier.key}",
                f"{ids.MERGE}:{one.later.key}",
                ids.pack(one.later.key, one.earlier.key),
            ),
            f"Merge into {one.earlier.key}?",
            f"{one.later.key} ends as a duplicate; who was paged for it is told. {one.earlier.key} goes on.",
            "Merge",
        )
        line = (
            f"{badge(one.later.severity)} *{one.later.key}* {title_outside(one.later)}, like "
            f"{one.earlier.key} of {reader.own(one.earlier.declared_at)}: {title_outside(one.earlier)}"
        )
        blocks.append(kit.section(line, merge))
    return kit.message(f"{len(found)} likely duplicates", blocks)
