"""The forms of a handoff: reading back and accepting, asking, answering, refusing, and writing the lines.

A form's `private_metadata` is the handoff's id, or the id and the question's number packed."""

from collections.abc import Mapping
from itertools import islice

from handlers.blocks import ids, kit
from handlers.blocks.handoff import regions
from handlers.blocks.handoff_lines import LABELS, in_private, plain_lines
from handlers.blocks.reader import Reader
from handlers.calls import Json
from handlers.text import paragraph
from incidents.handoff import Handoff, Part, Question, Reason
from incidents.handoff_lines import Brief
from incidents.operations.handoff_papers import Papers

READ_BACK_SHOWN = 20  # incidents in one form; two blocks each
WRITTEN_SHOWN = 12  # six blocks each
WRITABLE = (Part.DECIDE, Part.DO, Part.IF, Part.PICTURE, Part.TRIED)
_HINTS = {
    Part.DECIDE: "What has to be decided in the next shift, by when, and who approves it",
    Part.DO: "What is to be done next, by whom, by when",
    Part.IF: "If this happens, then that; and what not to do",
    Part.PICTURE: "Who, what, how many; what is known and what is assumed",
    Part.TRIED: "What was tried, and what came of it",
}
_REASONS = {
    Reason.REST: ("Rest", "I am not rested, or I am ill"),
    Reason.EXPOSURE: ("Exposure", "I should not see more of this now; nobody asks why"),
    Reason.CONFLICT: ("Conflict", "I am too close to it to take it"),
}


def accept_form(papers: Papers, reader: Reader) -> Json:
    """Every incident with its lines; the grave ones are read back in own words."""
    blocks: list[Json] = [kit.section(f"*{regions(papers.handoff)}*: when you accept, it is yours.")]
    for one in papers.briefs[:READ_BACK_SHOWN]:
        key = one.incident.key
        blocks.append(in_private(one, papers, reader))
        if key in papers.required:
            field = kit.text_input(f"{ids.READ_BACK}{key}", "", "One action, one risk", True)
            blocks.append(kit.ask(f"{key} in your own words: one action, one risk", field))
    return kit.modal(ids.VIEW_HANDOFF_ACCEPT, "Take the shift over", blocks, "Accept", papers.handoff.id)


def ask_form(handoff: Handoff, reader: Reader) -> Json:
    field = kit.text_input(ids.TEXT, "", is_long=True)
    hint = "It goes to them directly. The shift stays theirs meanwhile, and the waiting goes on."
    blocks = [kit.ask(f"What do you want to know of {_plain_people(handoff, reader)}?", field, hint=hint)]
    return kit.modal(ids.VIEW_HANDOFF_ASK, "Ask before accepting", blocks, "Ask", handoff.id)


def _plain_people(handoff: Handoff, reader: Reader) -> str:
    return " and ".join(reader.names(user) for user in handoff.outgoing) or "nobody"


def answer_form(handoff: Handoff, asked: Question, reader: Reader) -> Json:
    blocks = [
        kit.section(f"*{reader.name(asked.by)} asks:*\n{paragraph(asked.text, 2000)}"),
        kit.ask("Your answer", kit.text_input(ids.TEXT, "", is_long=True)),
    ]
    packed = ids.pack(handoff.id, str(asked.number))
    return kit.modal(ids.VIEW_HANDOFF_ANSWER, "Answer", blocks, "Send", packed)


def refuse_form(handoff: Handoff) -> Json:
    """The reason goes to whoever is asked instead, and to nobody else."""
    reasons = [kit.option(label, reason.value, why) for reason, (label, why) in _REASONS.items()]
    words = kit.text_input(ids.TEXT, "", is_long=True)
    blocks = [
        kit.ask("Why can't you?", kit.radio(ids.WHY, reasons)),
        kit.ask("Anything they should know", words, is_optional=True),
        kit.context("Your reason is told to whoever is asked instead of you, and never in the channel."),
    ]
    return kit.modal(ids.VIEW_HANDOFF_REFUSE, "I can't take it over", blocks, "Ask somebody else", handoff.id)


def write_form(papers: Papers, reader: Reader) -> Json:
    """One field for each part of each incident, with what the record says in it."""
    blocks: list[Json] = []
    for one in papers.briefs[:WRITTEN_SHOWN]:
        blocks.append(kit.header(f"{one.incident.key} · {one.incident.severity.label} {one.trend}"))
        blocks += [_field(one, part, reader) for part in WRITABLE]
    return kit.modal(ids.VIEW_HANDOFF_WRITE, "What they will read", blocks, "Save", papers.handoff.id)


def _field(brief: Brief, part: Part, reader: Reader) -> Json:
    named = f"{ids.HANDOFF_LINE}{ids.pack(brief.incident.key, part.value)}"
    field = kit.text_input(named, plain_lines(brief, part, reader), is_long=True)
    return kit.ask(LABELS[part], field, is_optional=True, hint=_HINTS[part])


def written_in(view: Json, values: Mapping[str, str]) -> dict[tuple[str, Part], str]:
    """What somebody really changed in the form: what stood in it and was left alone stays the record's."""
    stood = {
        block["element"]["action_id"]: block["element"].get("initial_value", "")
        for block in view.get("blocks", ())
        if block.get("type") == "input"
    }
    changed = {name: values.get(name, "") for name in stood if values.get(name, "") != stood[name]}
    return {_place(name): text for name, text in changed.items() if name.startswith(ids.HANDOFF_LINE)}


def _place(name: str) -> tuple[str, Part]:
    key, part = ids.unpack(name.removeprefix(ids.HANDOFF_LINE))
    return key, Part(part)


def read_back_in(values: Mapping[str, str]) -> dict[str, str]:
    """Key → own words."""
    said = ((name, text) for name, text in values.items() if name.startswith(ids.READ_BACK))
    return {name.removeprefix(ids.READ_BACK): text for name, text in islice(said, READ_BACK_SHOWN)}
