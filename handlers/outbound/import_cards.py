"""Imports that leads are asked about, as sent and as edited, and their reports as files."""

from handlers.blocks.import_cards import import_card
from handlers.calls import Message, Rendered, Skip, Upload
from handlers.outbound.desk import Desk, edited, posted
from handlers.text import count
from incidents.proposals import Proposal, State, id_in, in_words
from incidents.rota_imports import ImportState

_NO_PROPOSAL = Skip("there is no such import")


def send(desk: Desk) -> Rendered:
    proposal = _proposal(desk)
    return posted(desk.user, _message(desk, proposal)) if proposal else _NO_PROPOSAL


def edit(desk: Desk) -> Rendered:
    proposal = _proposal(desk)
    if proposal is None:
        return _NO_PROPOSAL
    ref = dict(proposal.messages).get(desk.user)
    return edited(ref, _message(desk, proposal)) if ref else Skip("it was never sent")


def send_report(desk: Desk) -> Rendered:
    """Every line of the file's report, below the card; skipped once it was read anew or decided."""
    proposal = _proposal(desk)
    ref = dict(proposal.messages).get(desk.user) if proposal else None
    if proposal is None or proposal.found is None or ref is None:
        return _NO_PROPOSAL
    if proposal.state is not State.OPEN or str(proposal.turn) != desk.effect.args["turn"]:
        return Skip("the report is another by now")
    lines = proposal.found.lines
    words = f"The whole report: {count(len(lines), 'event')}, each with its line in the file."
    content = "".join(f"{in_words(line)}\n" for line in lines)
    return Upload(ref.channel, "import-report.txt", "Import report", content, Message(words), ref.ts)


def _proposal(desk: Desk) -> Proposal | None:
    return desk.unit.proposals.get(id_in(desk.effect.subject))


def _message(desk: Desk, proposal: Proposal) -> Message:
    became = desk.unit.imports.get(proposal.import_id) if proposal.import_id else None
    is_undone = became is not None and became.state is ImportState.UNDONE
    return import_card(proposal, desk.reader(desk.user), is_undone)
