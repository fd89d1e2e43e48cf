"""Questions after /oncall, and changing who is on call: typed, pressed, and by form."""

import re
from collections.abc import Callable, Mapping, Sequence

from handlers.blocks import answers, ids, kit
from handlers.blocks.oncall import (
    next_of_person,
    next_up,
    on_call_at,
    on_call_now,
    on_call_shared,
)
from handlers.blocks.oncall_help import on_call_help, unclear_answer, with_doubt
from handlers.calls import Message
from handlers.listeners import (
    calendars,
    editing,
    following,
    ladder,
    preferences,
    rota_changes,
    rota_questions,
    uploads,
)
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    Press,
    Reply,
)
from handlers.listeners.rota_questions import every_resolver, reader_of, region_zones
from handlers.words_pieces import person_of
from incidents.errors import NotAPerson
from incidents.operations import oncall, proving, reading
from incidents.operations.oncall import Asked as Rota
from incidents.ringing import Proof
from rotations.answers import Answers, OnCallAnswer
from rotations.questions import At, Clarify, Help, Next, Now, OverrideRequest
from rotations.refusals import Unclear
from rotations.wishes import AbsenceWish, CoverWish, SwapWish, UndoWish

_TEST = re.compile(r"test(?:\s+(\S.{0,200}))?", re.IGNORECASE)
_ROOMS: Sequence[tuple[Callable[[str], bool], Callable[[Edge, Asked, str], Reply]]] = (
    (ladder.is_meant, ladder.answer),
    (preferences.is_meant, lambda edge, asked, _: preferences.answer(edge, asked)),
    (calendars.is_meant, lambda edge, asked, _: calendars.answer(edge, asked)),
    (following.is_meant, following.answer),
    (editing.is_meant, editing.answer),
    (uploads.is_meant, lambda edge, asked, _: uploads.answer(edge, asked)),
)
"""Who answers what is no question of who is on call; the first that is meant."""


def answer(edge: Edge, asked: Asked, line: str) -> Reply:
    """The answer to the words after /oncall; what cannot be read is shown with its place."""
    if tested := _TEST.fullmatch(line.strip()):
        return ask_for_test(edge, asked, tested[1] or "")
    for is_meant, answers_it in _ROOMS:
        if is_meant(line):
            return answers_it(edge, asked, line)
    try:
        rota = oncall.ask(edge.house, asked.user, line)
    except Unclear as unclear:
        return unclear_answer(line, unclear)
    return _answered(edge, asked, rota)


def _answered(edge: Edge, asked: Asked, rota: Rota) -> Reply:
    match rota.question:
        case Now():
            now = now_answer(rota)
            schedule = rota.resolver.schedule.name if rota.actor.is_lead else ""
            return on_call_now(now, zones_of(rota), reader_of(rota), _proofs(edge, rota, now), schedule)
        case Next():
            return _next(edge, rota, rota.question)
        case At():
            at = _answers(rota).on_call(rota.question.at)
            told = on_call_at(at, rota.question.zone or "", reader_of(rota))
            return with_doubt(told, rota.question.doubt)
        case Clarify():
            return _clarified(rota.question)
        case Help():
            return on_call_help()
        case OverrideRequest() | CoverWish() | SwapWish() | AbsenceWish() | UndoWish():
            return rota_changes.answer(edge, asked, rota, rota.question)
        case _:
            return rota_questions.answer(edge, asked, rota, rota.question)


def ask_for_test(edge: Edge, asked: Asked, whom: str = "") -> Message:
    """`/oncall test [@person]`: a page that asks for nothing but one press. Others' only by a lead."""
    person = person_of(whom)
    if whom and not person:
        raise NotAPerson("There is nobody here by that name. Pick them from the list.")
    proof = proving.ask_for_proof(edge.house, asked.ask(), person)
    name = "you" if proof.user == asked.user else ", ".join(reading.names_of(edge.house, (proof.user,)))
    legs = f"in Slack only: {proof.no_phone}" if proof.no_phone else "in Slack and by phone"
    return answers.said(f"A test page is on its way to {name}, {legs}. /oncall shows when it was answered.")


def _pressed_test(edge: Edge, press: Press) -> Reply:
    return ask_for_test(edge, press.asked)


def _pressed_answer(edge: Edge, press: Press) -> Reply:
    """The test page itself says what was heard."""
    proving.answer_in_slack(edge.house, press.asked.ask(), press.value)
    return None


def now_answer(rota: Rota) -> OnCallAnswer:
    return _answers(rota).on_call(rota.now)


def zones_of(rota: Rota) -> Mapping[str, str]:
    """Region → its zone."""
    return region_zones(rota.resolver.schedule)


def _proofs(edge: Edge, rota: Rota, answer: OnCallAnswer) -> dict[str, Proof | None]:
    """Person key → their newest proof of ring, for whoever is on call now and known to Slack."""
    people = {person for region in answer.regions for line in region.seats for person in line.people}
    users = {person: rota.actors[person].user for person in people if person in rota.actors}
    latest = proving.latest_of(edge.house, users.values())
    return {person: latest[user] for person, user in users.items()}


def _answers(rota: Rota) -> Answers:
    return Answers(rota.organisation, rota.resolver)


def _next(edge: Edge, rota: Rota, question: Next) -> Message:
    if question.person is not None:
        return _next_of_person(edge, rota, question.person)
    asked = _answers(rota)
    if question.region is not None:
        found = asked.next_of_region(question.region, rota.now)
        return next_up((found,) if found else (), reader_of(rota))
    return next_up(asked.next_regions(rota.now), reader_of(rota))


def _next_of_person(edge: Edge, rota: Rota, person: str) -> Message:
    """Their next shift on any schedule: Legal's people are asked for, too."""
    every = (Answers(rota.organisation, each) for each in every_resolver(edge, rota))
    found = [upcoming for each in every if (upcoming := each.next_of_person(person, rota.now))]
    soonest = min(found, key=lambda each: each.at, default=None)
    return next_of_person(soonest, rota.organisation.names().get(person, person), reader_of(rota))


def _clarified(question: Clarify) -> Message:
    """Each reading is a line that could have been typed: a button runs it."""
    lines = [f"oncall {reading}"[: ids.TYPED_MAX] for reading in question.readings[:5]]
    buttons = [kit.button(f"/{line}", f"{ids.RUN_WORDS}:{at}", line) for at, line in enumerate(lines)]
    return answers.said(question.question, *buttons)


def _pressed_on_call(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked, "")


def _pressed_words(edge: Edge, press: Press) -> Reply:
    """A choice whose value is what could have been typed after /oncall."""
    return answer(edge, press.asked, press.value)


def _pressed_share(edge: Edge, press: Press) -> Reply:
    """Who is on call, for everybody in the channel, at the moment it is posted."""
    rota = oncall.ask(edge.house, press.asked.user, "")
    if not press.asked.response_url:
        return answers.said("Open a channel and type /oncall there: from here nothing can be posted.")
    shared = on_call_shared(now_answer(rota), zones_of(rota), reader_of(rota), rota.actor.name)
    edge.front.share(press.asked.response_url, shared)
    return None


PRESSES: dict[str, OnPress] = {
    ids.ON_CALL: _pressed_on_call,
    ids.ON_CALL_WORDS: _pressed_words,
    ids.ON_CALL_SHARE: _pressed_share,
    ids.TEST_MINE: _pressed_test,
    ids.ANSWER_TEST: _pressed_answer,
}
