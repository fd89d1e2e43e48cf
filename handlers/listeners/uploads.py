"""`/oncall import`: a lead uploads a file, answers what it leaves open, and confirms what it changes.

Files are read aside, never while somebody waits for an acknowledgement."""

from functools import partial

from handlers.blocks import answers, ids, plan_forms
from handlers.blocks.import_forms import INPUTS, QUESTIONS_SHOWN, WHOLE, Known, questions_form, upload_form
from handlers.calls import Message
from handlers.commands import NotUnderstood
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.listeners.editing import outcome_of
from handlers.words_pieces import Head
from incidents.moves import NeedsSecondLook
from incidents.operations import proposing, rota_editing
from incidents.operations.proposing import Decided
from incidents.ports import Unit
from incidents.proposals import Destination, Found, Kind, Proposal
from rotations.imports import Answers, QuestionKind
from rotations.model import Organisation, Seat

VERB = "import"
READ_ASIDE = (
    "It is being read. What it would change comes to you as a direct message, and nothing counts before you "
    "confirm it."
)
READ_AGAIN = "It is read again with your answers; the message above shows it in a moment."
DONE = "It is imported. Everybody whose shift moves is told; /oncall shows it."
SAID = {
    Decided.ALREADY: "That was decided before. The message shows what became of it.",
    Decided.SHOWN_AGAIN: "The schedule or the report has changed since that was shown. The message shows it "
    "anew: please look again.",
}
WHICH_REGION = "Choose whose shifts the calendar is for: it does not say."


def is_meant(line: str) -> bool:
    return Head(line).take_one_of(VERB)


def answer(edge: Edge, asked: Asked) -> Reply:
    """The form. Raises NoScheduleYet, NotAllowed."""
    organisation, _, _ = rota_editing.plan_of(edge.house, asked.user)
    return Opens(upload_form(organisation), "Import shifts from a file?", "Import a file", ids.IMPORT_OPEN)


def _pressed_open(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked)


def _sent(edge: Edge, sent: Submission) -> Submitted:
    given = sent.values
    kind = Kind(given.get(ids.IMPORT_KIND, Kind.CALENDAR.value))
    schedule, region = ids.unpack(given[ids.PLACE]) if ids.PLACE in given else ("", "")
    if kind is Kind.CALENDAR and not region:
        raise NotUnderstood(WHICH_REGION)
    seat = Seat(given.get(ids.SEAT, Seat.PRIMARY.value))
    place = Destination(schedule, region, seat, given.get(f"{ids.IMPORT_ZONE}{WHOLE}", ""))
    file = ids.unpack(given.get(ids.IMPORT_FILE, ""))[0]
    if not file:
        raise NotUnderstood("Add the file first: a calendar (.ics), an export (.json) or a sheet (.csv).")
    proposing.upload(edge.house, sent.asked.ask(), file, kind, place)
    edge.read_files()
    return answers.said(READ_ASIDE)


def _pressed_answer(edge: Edge, press: Press) -> Reply:
    proposal, weighed = proposing.look(edge.house, press.asked.user, press.value)
    questions = proposal.found.questions if proposal.found else ()
    if not questions:
        return answers.said(SAID[Decided.ALREADY])
    users = edge.house.store.read(lambda unit: unit.schedules.slack_ids())
    form = questions_form(proposal, questions, Known(weighed.names(), users))
    return Opens(form, "Questions are open.", "Answer the questions", ids.IMPORT_ANSWER, proposal.id)


def _sent_answers(edge: Edge, sent: Submission) -> Submitted:
    proposal_id, turn = sent.parts
    given = partial(_given, sent.values)
    decided = proposing.answer(edge.house, sent.asked.ask(), proposal_id, int(turn), given)
    edge.read_files()
    return answers.said(SAID.get(decided, READ_AGAIN))


def _given(values: dict[str, str], unit: Unit, proposal: Proposal) -> Answers:
    """By the file's words; "" leaves out. Raises NotUnderstood."""
    given: dict[QuestionKind, dict[str, str]] = {kind: {} for kind in QuestionKind}
    found = proposal.found or Found(())
    for at, question in enumerate(found.questions[:QUESTIONS_SHOWN]):
        chosen = values.get(f"{INPUTS[question.kind]}{at}", "")
        is_left = f"{ids.IMPORT_SKIP}{at}" in values
        if chosen and is_left:
            raise NotUnderstood("Choose one, or tick the box below it: not both.")
        if chosen and question.kind is QuestionKind.PERSON:
            chosen = _key_of(chosen, unit, proposal)
        if chosen or is_left:
            given[question.kind][question.asked] = chosen
    if not any(given.values()):
        raise NotUnderstood("Answer at least one of them, or press Cancel.")
    return Answers(given[QuestionKind.PERSON], given[QuestionKind.ZONE], given[QuestionKind.SEAT])


def _key_of(user: str, unit: Unit, proposal: Proposal) -> str:
    """Somebody of the schedule, or of the export itself."""
    key = unit.schedules.person_key(user)
    if key:
        return key
    weighed = proposing.weighed(unit, proposal, proposal.made_at)
    brought: Organisation = weighed.after
    person = brought.person_by_slack(user)
    if person is None:
        raise NotUnderstood(
            "That person is in no schedule yet. Add them with /oncall edit, then answer again, "
            "or leave it out."
        )
    return person.key


def _pressed_confirm(edge: Edge, press: Press) -> Reply:
    try:
        return _confirmed(edge, press.asked, press.key, press.part(1), is_sure=False)
    except NeedsSecondLook:
        _, weighed = proposing.look(edge.house, press.asked.user, press.key)
        form = plan_forms.sure_form(outcome_of(weighed, ()), ids.VIEW_IMPORT_SURE, press.value)
        return Opens(form, "Some of it is soon.", "Look at it", ids.IMPORT_CONFIRM, press.value)


def _sent_sure(edge: Edge, sent: Submission) -> Submitted:
    proposal_id, seal = sent.parts
    return _confirmed(edge, sent.asked, proposal_id, seal, is_sure=True)


def _confirmed(edge: Edge, asked: Asked, proposal_id: str, seal: str, is_sure: bool) -> Message:
    decided = proposing.confirm(edge.house, asked.ask(), proposal_id, seal, is_sure=is_sure)
    edge.learn()
    return answers.said(SAID.get(decided, DONE))


def _pressed_leave(edge: Edge, press: Press) -> Reply:
    """The message itself says that it was left."""
    decided = proposing.leave(edge.house, press.asked.ask(), press.value)
    return None if decided is Decided.DONE else answers.said(SAID[decided])


PRESSES: dict[str, OnPress] = {
    ids.IMPORT_OPEN: _pressed_open,
    ids.IMPORT_ANSWER: _pressed_answer,
    ids.IMPORT_CONFIRM: _pressed_confirm,
    ids.IMPORT_LEAVE: _pressed_leave,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_IMPORT: _sent,
    ids.VIEW_IMPORT_QUESTIONS: _sent_answers,
    ids.VIEW_IMPORT_SURE: _sent_sure,
}
