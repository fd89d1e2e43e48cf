"""Questions after /oncall, and changing who is on call: typed, pressed, and by form."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_never

from handlers.blocks import answers, ids, kit
from handlers.blocks.oncall import next_of_person, next_up, on_call_at, on_call_now, override_made
from handlers.blocks.people_forms import OverrideDraft, override_form
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.listeners import ladder
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
from handlers.words_pieces import person_of
from incidents.errors import NotAPerson
from incidents.operations import oncall, proving, reading
from incidents.operations.oncall import Asked as Rota
from incidents.ringing import Proof
from rotations.answers import Answers, OnCallAnswer
from rotations.model import Seat
from rotations.questions import At, Clarify, Help, Next, Now, OverrideRequest

OVERRIDE_LASTS = timedelta(hours=8)
_TEST = re.compile(r"test(?:\s+(\S.{0,200}))?", re.IGNORECASE)
QUESTIONS = (
    "/oncall: who is on call now, until when and why",
    "/oncall next [region | @person]: who comes next",
    "/oncall at 2026-12-05 01:00 Asia/Tokyo: who is on at another time",
    "/oncall test [@person]: a test page, to see that it rings",
    "/oncall ladder [sev1] [harm area]: who would be paged if it came now, and when",
    "/oncall override @bo [region] [seat] now–18:00 [reason]: somebody else for a while",
)


def answer(edge: Edge, asked: Asked, line: str) -> Reply:
    """The answer to the words after /oncall. Raises rotations' Unclear with what is in the way."""
    if ladder.is_meant(line):
        return ladder.answer(edge, asked, line)
    if tested := _TEST.fullmatch(line.strip()):
        return ask_for_test(edge, asked, tested[1] or "")
    return _answered(edge, asked, oncall.ask(edge.house, asked.user, line))


def _answered(edge: Edge, asked: Asked, rota: Rota) -> Reply:
    match rota.question:
        case Now():
            now = now_answer(rota)
            return on_call_now(now, zones_of(rota), _reader(rota), _proofs(edge, rota, now))
        case Next():
            return _next(rota, rota.question)
        case At():
            at = _answers(rota).on_call(rota.question.at)
            return on_call_at(at, rota.question.zone or "", _reader(rota))
        case OverrideRequest():
            return _override(edge, asked, rota, rota.question)
        case Clarify():
            return _clarified(rota.question)
        case Help():
            return answers.help_answer(QUESTIONS)
        case _:
            assert_never(rota.question)


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
    return {region.name: region.zone for region in rota.resolver.schedule.regions}


def _proofs(edge: Edge, rota: Rota, answer: OnCallAnswer) -> dict[str, Proof | None]:
    """Person key → their newest proof of ring, for whoever is on call now and known to Slack."""
    people = {person for region in answer.regions for line in region.seats for person in line.people}
    users = {person: rota.actors[person].user for person in people if person in rota.actors}
    latest = proving.latest_of(edge.house, users.values())
    return {person: latest[user] for person, user in users.items()}


def _answers(rota: Rota) -> Answers:
    return Answers(rota.organisation, rota.resolver)


def _reader(rota: Rota) -> Reader:
    names = {actor.user: actor.name for actor in rota.actors.values()}
    return Reader(lambda user: names.get(user, user), rota.now, rota.actor.zone)


def _next(rota: Rota, question: Next) -> Message:
    asked = _answers(rota)
    if question.person is not None:
        upcoming = asked.next_of_person(question.person, rota.now)
        name = rota.organisation.names().get(question.person, question.person)
        return next_of_person(upcoming, name, _reader(rota))
    if question.region is not None:
        found = asked.next_of_region(question.region, rota.now)
        return next_up((found,) if found else (), _reader(rota))
    return next_up(asked.next_regions(rota.now), _reader(rota))


def _override(edge: Edge, asked: Asked, rota: Rota, wish: OverrideRequest) -> Message:
    made = oncall.override(edge.house, asked.ask(), wish)
    return override_made(made, rota.organisation.names(), _reader(rota))


def _clarified(question: Clarify) -> Message:
    """Each reading is a line that could have been typed: a button runs it."""
    lines = [f"oncall {reading}"[: ids.TYPED_MAX] for reading in question.readings[:5]]
    buttons = [kit.button(f"/{line}", f"{ids.RUN_WORDS}:{at}", line) for at, line in enumerate(lines)]
    return answers.said(question.question, *buttons)


def _pressed_on_call(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked, "")


def _pressed_override(edge: Edge, press: Press) -> Reply:
    rota = oncall.ask(edge.house, press.asked.user, "")
    regions = [region.name for region in rota.resolver.schedule.regions]
    current = rota.resolver.current_region(rota.now)
    starts = rota.now.replace(second=0, microsecond=0)
    held = current.name if current else ""
    draft = OverrideDraft(regions, starts, starts + OVERRIDE_LASTS, held, person=press.asked.user)
    return Opens(override_form(draft), "Who is on call instead?", "Change who is on call", ids.OVERRIDE_OPEN)


def _sent_override(edge: Edge, sent: Submission) -> Submitted:
    rota = oncall.ask(edge.house, sent.asked.user, "")
    oncall.override(edge.house, sent.asked.ask(), _wish(rota, sent.values))
    return None


def _wish(rota: Rota, values: Mapping[str, str]) -> OverrideRequest:
    chosen = values.get(ids.PERSON, "")
    person = next((key for key, actor in rota.actors.items() if actor.user == chosen), "")
    if not person:
        raise NotAPerson("This person is not in the schedules. Choose somebody who is.")
    return OverrideRequest(
        people=(person,),
        schedule=rota.resolver.schedule.name,
        region=values[ids.REGION],
        seat=Seat(values[ids.SEAT]),
        start=_instant(values[ids.STARTS]),
        end=_instant(values[ids.ENDS]),
        zone=rota.actor.zone,
        reason=values.get(ids.WHY, ""),
    )


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


PRESSES: dict[str, OnPress] = {
    ids.ON_CALL: _pressed_on_call,
    ids.OVERRIDE_OPEN: _pressed_override,
    ids.TEST_MINE: _pressed_test,
    ids.ANSWER_TEST: _pressed_answer,
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_OVERRIDE: _sent_override}
