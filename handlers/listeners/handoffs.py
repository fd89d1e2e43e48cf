"""Taking a shift over: accepted, asked about, refused; and the words of whoever leaves."""

from handlers.blocks import handoff_forms, ids
from handlers.blocks.answers import said
from handlers.blocks.reader import Reader
from handlers.listeners.edge import Edge, OnPress, OnSubmission, Opens, Press, Reply, Submission, Submitted
from handlers.text import zone_of
from incidents.errors import NothingToDo
from incidents.handoff import Handoff, Reason
from incidents.handoff_steps import ReadBackMissing
from incidents.model import UserId
from incidents.operations import handoff_papers, handoff_taking


def _pressed_accept(edge: Edge, press: Press) -> Reply:
    """One tap where nothing grave is open; else the form in which it is read back. The post itself says who
    accepted: nothing more is said."""
    try:
        handoff_taking.accept(edge.house, press.asked.ask(), press.value)
    except ReadBackMissing:
        handoff_taking.step_in(edge.house, press.asked.ask(), press.value)
        papers = handoff_papers.to_take(edge.house, press.asked.user, press.value)
        view = handoff_forms.accept_form(papers, _reader(edge, press.asked.user))
        return Opens(view, "Say it in your own words first.", "I have it", ids.HANDOFF_ACCEPT, press.value)
    return None


def _pressed_ask(edge: Edge, press: Press) -> Reply:
    handoff = handoff_papers.to_ask(edge.house, press.asked.user, press.value)
    view = handoff_forms.ask_form(handoff, _reader(edge, press.asked.user))
    return Opens(view, "What do you want to know?", "Ask", ids.HANDOFF_ASK, press.value)


def _pressed_refuse(edge: Edge, press: Press) -> Reply:
    handoff = handoff_papers.to_ask(edge.house, press.asked.user, press.value)
    view = handoff_forms.refuse_form(handoff)
    return Opens(view, "Why can't you?", "I can't", ids.HANDOFF_REFUSE, press.value)


def _pressed_answer(edge: Edge, press: Press) -> Reply:
    handoff, number = _question(edge, press.asked.user, press.parts)
    asked = handoff.question(number)
    if asked is None or asked.answer:
        raise NothingToDo("This question is answered already.")
    view = handoff_forms.answer_form(handoff, asked, _reader(edge, press.asked.user))
    return Opens(view, "Your answer?", "Answer", ids.HANDOFF_ANSWER, press.value)


def _pressed_write(edge: Edge, press: Press) -> Reply:
    papers = handoff_papers.to_write(edge.house, press.asked.user, press.value)
    view = handoff_forms.write_form(papers, _reader(edge, press.asked.user))
    return Opens(view, "What should they read?", "Edit the lines", ids.HANDOFF_WRITE, press.value)


def _sent_accept(edge: Edge, sent: Submission) -> Submitted:
    words = handoff_forms.read_back_in(sent.values)
    handoff_taking.accept(edge.house, sent.asked.ask(), sent.key, words)
    return None


def _sent_ask(edge: Edge, sent: Submission) -> Submitted:
    handoff_taking.question(edge.house, sent.asked.ask(), sent.key, sent.values.get(ids.TEXT, ""))
    return said("Asked. The answer comes to you directly; the shift waits for you meanwhile.")


def _sent_answer(edge: Edge, sent: Submission) -> Submitted:
    text = sent.values.get(ids.TEXT, "")
    handoff_taking.answer(edge.house, sent.asked.ask(), sent.key, int(sent.parts[1]), text)
    return None


def _sent_refuse(edge: Edge, sent: Submission) -> Submitted:
    reason = Reason(sent.values[ids.WHY])
    handoff_taking.refuse(edge.house, sent.asked.ask(), sent.key, reason, sent.values.get(ids.TEXT, ""))
    return None


def _sent_write(edge: Edge, sent: Submission) -> Submitted:
    lines = handoff_forms.written_in(sent.view, sent.values)
    handoff_taking.write_lines(edge.house, sent.asked.ask(), sent.key, lines)
    return None


def _question(edge: Edge, user: UserId, parts: tuple[str, ...]) -> tuple[Handoff, int]:
    return handoff_papers.to_answer(edge.house, user, parts[0]), int(parts[1])


def _reader(edge: Edge, user: UserId) -> Reader:
    """For this person, in their own zone."""
    actors = edge.house.store.read(lambda unit: {one.user: one for one in unit.people.everybody()})
    zone = zone_of(actors[user].zone).key if user in actors else "UTC"
    return Reader(lambda who: actors[who].name if who in actors else who, edge.house.clock.now(), zone)


PRESSES: dict[str, OnPress] = {
    ids.HANDOFF_ACCEPT: _pressed_accept,
    ids.HANDOFF_ASK: _pressed_ask,
    ids.HANDOFF_REFUSE: _pressed_refuse,
    ids.HANDOFF_ANSWER: _pressed_answer,
    ids.HANDOFF_WRITE: _pressed_write,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_HANDOFF_ACCEPT: _sent_accept,
    ids.VIEW_HANDOFF_ASK: _sent_ask,
    ids.VIEW_HANDOFF_ANSWER: _sent_answer,
    ids.VIEW_HANDOFF_REFUSE: _sent_refuse,
    ids.VIEW_HANDOFF_WRITE: _sent_write,
}
