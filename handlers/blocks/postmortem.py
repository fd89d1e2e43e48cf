"""The message that carries the postmortem draft, and the forms that complete it."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.blocks.facts import lasted_words, status_words
from handlers.calls import Message
from handlers.text import span
from incidents.model import Incident


def draft_post(incident: Incident, missing: Sequence[str], filled: tuple[int, int]) -> Message:
    """`INC-142 resolved after 6 h 12 min. …`, with how much of the postmortem is filled from the record.

    `missing` are titles of empty parts, `filled` how many parts are written and how many there are.
    """
    done, total = filled
    empty = f" Missing: {', '.join(missing).lower()}." if missing else ""
    blocks = [
        kit.lines(
            f"*{incident.key} {_ended_after(incident)}.* {_measures(incident)}".rstrip(),
            f"Postmortem draft: {done} of {total} parts are filled from the record.{empty}",
        ),
        kit.actions(
            kit.primary(kit.button("Open draft", ids.OPEN_DRAFT, incident.key)),
            kit.button("Fill in my part", ids.FILL_IN, incident.key),
        ),
    ]
    text = incident.key if incident.restricted else f"{incident.key} {_ended_after(incident)}"
    return kit.message(text, blocks)


def _ended_after(incident: Incident) -> str:
    length = lasted_words(incident)
    return f"{status_words(incident).lower()} after {length}" if length else status_words(incident).lower()


def _measures(incident: Incident) -> str:
    """`Acknowledged in 2 min, contained in 1 h 40 min.`"""
    said = []
    if incident.acknowledged_at:
        said.append(f"acknowledged in {span(incident.acknowledged_at - incident.declared_at)}")
    if incident.contained_at:
        said.append(f"contained in {span(incident.contained_at - incident.declared_at)}")
    return f"{', '.join(said).capitalize()}." if said else ""
