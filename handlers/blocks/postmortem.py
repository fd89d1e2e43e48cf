"""The message that carries the postmortem draft, and the forms that complete it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.blocks.facts import lasted_words, status_words
from handlers.blocks.markdown import parts_of
from handlers.calls import Json, Message
from handlers.text import paragraph, span
from incidents.model import Incident
from incidents.postmortem import ACTIONS, Part

DRAFT_SHOWN = 40_000
PIECE = 1200


def draft_post(
    incident: Incident, missing: Sequence[str], filled: tuple[int, int], is_withheld: bool = False
) -> Message:
    """`INC-142 resolved after 6 h 12 min. …`, with how much of the postmortem is filled from the record.

    `missing` are titles of empty parts, `filled` how many parts are written and how many there are.
    `is_withheld`: the file does not come with it, for everybody reads this channel.
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
            kit.button("Propose a review", ids.PROPOSE_REVIEW, incident.key),
        ),
    ]
    if is_withheld:
        blocks.append(kit.context("The file is not posted here: everybody can read this channel."))
    text = incident.key if incident.restricted else f"{incident.key} {_ended_after(incident)}"
    return kit.message(text, blocks)


def _ended_after(incident: Incident) -> str:
    length = lasted_words(incident)
    return f"{status_words(incident).lower()} after {length}" if length else status_words(incident).lower()


def _measures(incident: Incident) -> str:
    """`Acknowledged in 2 min, contained in 1 h 40 min.`"""
    said = []
    if incident.acknowledged_at:
        said.append(f"acknowledged {_within(incident.acknowledged_at - incident.declared_at)}")
    if incident.contained_at:
        said.append(f"contained {_within(incident.contained_at - incident.declared_at)}")
    return f"{', '.join(said).capitalize()}." if said else ""


def _within(length: timedelta) -> str:
    return f"in {span(length)}" if length >= timedelta(minutes=1) else "within a minute"


def fill_in_form(incident: Incident, empty: Sequence[Part], typed: dict[str, str] | None = None) -> Json:
    """One field for each empty part, none required: everybody writes what they know."""
    given = typed or {}
    blocks = [_part(part, given.get(part.id, "")) for part in empty if part.asked and part.id != ACTIONS.id]
    blocks += [
        kit.section("*Action item*  one piece of work that outlives this incident"),
        kit.ask("What will be done?", kit.text_input(ids.ACTION_TEXT), is_optional=True),
        kit.ask("By whom?", kit.person_select(ids.ACTION_OWNER, "Choose a person"), is_optional=True),
        kit.ask("By when?", {"type": "datepicker", "action_id": ids.ACTION_DUE}, is_optional=True),
    ]
    return kit.modal(ids.VIEW_FILL_IN, f"{incident.key}: my part", blocks, "Save", incident.key)


def draft_view(incident: Incident, document: str) -> Json:
    """The draft to read on the spot, without Markdown's signs; the file in the channel is the whole of it."""
    blocks: list[Json] = []
    for heading, body in parts_of(document[:DRAFT_SHOWN]):
        blocks += [kit.header(heading)] if heading else []
        blocks += [kit.section(paragraph(piece, kit.SECTION_MAX)) for piece in _pieces(body)]
    if len(document) > DRAFT_SHOWN:
        blocks.append(kit.context("Shortened here. The whole draft is the file in the incident's channel."))
    fill_in = kit.actions(kit.primary(kit.button("Fill in my part", ids.FILL_IN, incident.key)))
    return kit.modal(ids.VIEW_ANSWER, f"{incident.key}: draft", [fill_in, *blocks], metadata=incident.key)


def _pieces(text: str) -> Iterator[str]:
    """Pieces of at most `PIECE` characters, cut between lines where there is a line's end."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if len(piece) + len(line) > PIECE and piece.strip():
            yield piece
            piece = ""
        piece += line
        while len(piece) > PIECE:
            yield piece[:PIECE]
            piece = piece[PIECE:]
    if piece.strip():
        yield piece


def _part(part: Part, typed: str) -> Json:
    element = kit.text_input(f"{ids.PART}{part.id}", typed, is_long=True)
    return kit.ask(part.title, element, is_optional=True, hint=part.asked)
