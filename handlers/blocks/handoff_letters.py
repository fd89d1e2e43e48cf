"""A handoff by direct message: the draft for whoever leaves, the offer for whoever comes, the page of whoever
is asked when nobody accepts; then what became of it. And a question on the way, with its answer.

Restricted incidents are in none of these; each goes by a message of its own."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.blocks.handoff import buttons, planned, regions
from handlers.blocks.handoff_lines import SHOWN, in_private
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import literal, paragraph, span
from incidents.handoff import IN_FORCE, UNACCEPTED, Handoff, HandoffState, Question, Refusal
from incidents.handoff_lines import Brief
from incidents.operations.handoff_papers import Papers

_A_MINUTE = timedelta(minutes=1)
_WHY = {"rest": "rest", "exposure": "exposure", "conflict": "a conflict"}


def letter(papers: Papers, user: str, reader: Reader) -> Message:
    """By what this person has to do with it now."""
    handoff = papers.handoff
    if handoff.state is HandoffState.DRAFTED:
        return _draft(papers, reader)
    if handoff.state in IN_FORCE and user in handoff.asked and user != handoff.held_by:
        return _cannot(handoff, reader) if user in handoff.refusers else _offer(papers, user, reader)
    if handoff.state in UNACCEPTED:
        return _waits(papers, reader)
    return _over(handoff, user, reader)


def _draft(papers: Papers, reader: Reader) -> Message:
    """Thirty minutes before: read it, mend it. Nothing is to be pressed where nothing is open."""
    handoff = papers.handoff
    mine = _mine(papers)
    to = reader.people(handoff.incoming) or "nobody yet"
    head = kit.lines(
        f"*🤝 {regions(handoff)}: you hand over to {to} at {reader.own(handoff.at)}.*",
        "This is what they will read. Mend what is wrong and add what is missing."
        if mine
        else "Nothing of yours is open: a quiet shift. It still takes one tap of theirs.",
    )
    blocks = [head, *_lines(mine, papers, reader)]
    if mine:
        edit = kit.button("Edit the lines", ids.HANDOFF_WRITE, handoff.id)
        blocks.append(kit.actions(kit.primary(edit), block_id="handoff.draft"))
    return kit.message(f"Your shift is handed over at {reader.own(handoff.at)}", blocks)


def _waits(papers: Papers, reader: Reader) -> Message:
    """To whoever leaves, until it is accepted."""
    handoff = papers.handoff
    mine = _mine(papers)
    answer = [_answer_button(handoff, each) for each in handoff.questions if not each.answer]
    edit = [kit.button("Edit the lines", ids.HANDOFF_WRITE, handoff.id)] if mine else []
    blocks = [
        kit.lines(
            f"*🤝 {regions(handoff)}: offered at {reader.own(handoff.posted_at)}.*",
            "You stay responsible until it is accepted; until then a new page rings you, too."
            f"{planned(handoff, reader, False)}",
            *_refused(handoff, reader, False),
        )
    ]
    if answer or edit:
        blocks.append(kit.actions(*[*answer, *edit][:4], block_id="handoff.waits"))
    return kit.message("Your handoff waits to be accepted", blocks)


def _offer(papers: Papers, user: str, reader: Reader) -> Message:
    """To whoever takes over, and to whoever is paged because nobody has."""
    handoff = papers.handoff
    head = kit.lines(
        f"*🤝 {regions(handoff)}: {_ask(handoff, user, reader)}*",
        _behind(handoff, user, reader),
        *_refused(handoff, reader, True),
        _ended(papers, reader),
        "Nothing is open: a quiet shift. One tap shows that somebody is there." if not papers.briefs else "",
    )
    after = kit.context(
        f"{reader.people(handoff.outgoing) or 'Nobody'} stays responsible until you accept."
        f"{planned(handoff, reader, False)}"
        if handoff.state in UNACCEPTED
        else f"{reader.name(handoff.held_by)} holds it until you accept."
    )
    act = kit.actions(*buttons(handoff, reader), block_id="handoff.actions")
    return kit.message(
        f"{regions(handoff)} · take over at {reader.own(handoff.at)}",
        [head, act, *_lines(papers.briefs, papers, reader), after],
    )


def _ask(handoff: Handoff, user: str, reader: Reader) -> str:
    if user in handoff.incoming:
        return f"take over from {reader.people(handoff.outgoing) or 'nobody'}, {reader.own(handoff.at)}."
    waited = reader.now - handoff.posted_at
    return (
        f"nobody has accepted this shift for {span(waited)}." if waited >= _A_MINUTE else "nobody has it yet."
    )


def _behind(handoff: Handoff, user: str, reader: Reader) -> str:
    if user in handoff.incoming:
        return ""
    silent = reader.people(tuple(one for one in handoff.incoming if one not in handoff.refusers))
    seat = "backup" if user in handoff.backup_in else "a lead"
    missing = (
        f"{silent} has not taken over. " if silent else "" if handoff.incoming else "Nobody is scheduled. "
    )
    return f"{missing}You are {seat}: please take it, or say that you cannot."


def _refused(handoff: Handoff, reader: Reader, with_reason: bool) -> tuple[str, ...]:
    """Who cannot; why is for those who are asked instead."""
    return tuple(_refusal(each, reader, with_reason) for each in handoff.refusals)


def _refusal(refusal: Refusal, reader: Reader, with_reason: bool) -> str:
    if not with_reason:
        return f"{reader.name(refusal.by)} cannot take it over."
    words = f": {literal(refusal.text, 300)}" if refusal.text else ""
    return f"{reader.name(refusal.by)} cannot take it over ({_WHY[refusal.reason.value]}{words})."


def _cannot(handoff: Handoff, reader: Reader) -> Message:
    said = "You cannot take it over, and the next people are asked. Nothing more for you to do."
    accept = kit.button("I have it after all", ids.HANDOFF_ACCEPT, handoff.id)
    lines = kit.lines(f"*🤝 {regions(handoff)} at {reader.own(handoff.at)}*", said)
    return kit.message(f"{regions(handoff)} · others are asked", [lines, kit.actions(accept)])


def _over(handoff: Handoff, user: str, reader: Reader) -> Message:
    said = _end(handoff, user, reader)
    lines = kit.lines(f"*🤝 {regions(handoff)} at {reader.own(handoff.at)}*", said)
    return kit.message(f"{regions(handoff)} · nothing more to do", [lines])


def _end(handoff: Handoff, user: str, reader: Reader) -> str:
    match handoff.state:
        case HandoffState.ACCEPTED:
            at = reader.own(handoff.accepted_at or handoff.at)
            if user == handoff.accepted_by:
                return f"You have it since {at}."
            free = " Nothing for you to do." if user in handoff.asked else " You are free."
            return f"Accepted by {reader.name(handoff.accepted_by)} at {at}.{free}"
        case HandoffState.HELD:
            at = reader.own(handoff.held_at or handoff.at)
            if user == handoff.held_by:
                return (
                    f"Nobody accepted this shift, so you hold everything of it since {at}. "
                    "The record says that it was not handed over."
                )
            holder = reader.name(handoff.held_by)
            return f"Nobody accepted it: {holder} holds everything since {at}. You are free."
        case HandoffState.LAPSED:
            return "Nobody accepted it before the next shift change, which takes its place."
        case _:
            return "This shift change does not happen any more. /oncall says who is on call."


def _mine(papers: Papers) -> tuple[Brief, ...]:
    """What is handed over, as against what is open with somebody else."""
    return tuple(one for one in papers.briefs if one.incident.manager in papers.handoff.handing_over)


def _lines(briefs: Sequence[Brief], papers: Papers, reader: Reader) -> list[Json]:
    blocks = [in_private(one, papers, reader) for one in briefs[:SHOWN]]
    if len(briefs) > SHOWN:
        blocks.append(kit.context(f"and {len(briefs) - SHOWN} more: /incident list"))
    return blocks


def _ended(papers: Papers, reader: Reader) -> str:
    """For whoever comes back: what is over by now."""
    if papers.left_at is None or not papers.ended:
        return ""
    keys = ", ".join(f"{one.key} {one.status.value}" for one in papers.ended[:SHOWN])
    return f"Since you handed over {reader.own(papers.left_at)}: {keys}."


def question(handoff: Handoff, asked: Question, reader: Reader) -> Message:
    """To whoever leaves, with the one button that answers."""
    blocks = [
        kit.lines(
            f"*🤝 {reader.name(asked.by)} asks before taking over:*", f">{paragraph(asked.text, 2000)}"
        ),
        kit.actions(kit.primary(_answer_button(handoff, asked))),
    ]
    return kit.message("A question about your handoff", blocks)


def _answer_button(handoff: Handoff, asked: Question) -> Json:
    return kit.button(
        "Answer", f"{ids.HANDOFF_ANSWER}{asked.number}", ids.pack(handoff.id, str(asked.number))
    )


def answered(handoff: Handoff, asked: Question, reader: Reader) -> Message:
    """To whoever asked, with what comes next."""
    blocks = [
        kit.lines(
            f"*🤝 {reader.name(asked.answered_by)} answers:*",
            f">{paragraph(asked.answer, 2000)}",
            f"You asked: {literal(asked.text, 300)}",
        )
    ]
    if handoff.state in IN_FORCE:
        blocks.append(kit.actions(*buttons(handoff, reader), block_id="handoff.actions"))
    return kit.message("An answer about your handoff", blocks)
