"""The last import, taken back by a lead: shown first, whichever way it came in."""

from handlers.blocks import answers, ids, plan_forms
from handlers.blocks.imports import take_back_form
from handlers.blocks.reader import Reader
from handlers.listeners.edge import Edge, OnPress, OnSubmission, Opens, Press, Reply, Submission, Submitted
from handlers.listeners.editing import outcome_of
from incidents.moves import NeedsSecondLook
from incidents.operations import importing, reading

DONE = "It is taken back. Everybody whose shift moves is told; /oncall shows it."


def _pressed(edge: Edge, press: Press) -> Reply:
    taken = importing.look(edge.house, press.asked.user)
    by, zone = taken.was.by, _zone(edge, press.asked.user)
    names = dict(zip((by,), reading.names_of(edge.house, (by,)), strict=True))
    reader = Reader(lambda user: names.get(user, user), taken.weighed.now, zone)
    form = take_back_form(taken.was, outcome_of(taken.weighed, ()), reader)
    return Opens(form, "Take the last import back?", "Take it back", ids.PLAN_TAKE_BACK)


def _zone(edge: Edge, user: str) -> str:
    actor = edge.house.store.read(lambda unit: unit.people.actor(user))
    return actor.zone if actor else "UTC"


def _sent(edge: Edge, sent: Submission) -> Submitted:
    return _taken_back(edge, sent, is_sure=False)


def _sent_sure(edge: Edge, sent: Submission) -> Submitted:
    return _taken_back(edge, sent, is_sure=True)


def _taken_back(edge: Edge, sent: Submission, is_sure: bool) -> Submitted:
    meta = sent.view["private_metadata"]
    try:
        importing.take_back(edge.house, sent.asked.ask(), meta, is_sure=is_sure)
    except NeedsSecondLook:
        seen = importing.look(edge.house, sent.asked.user)
        return plan_forms.sure_form(outcome_of(seen.weighed, ()), ids.VIEW_TAKE_BACK_SURE, meta)
    edge.learn()
    return answers.said(DONE)


PRESSES: dict[str, OnPress] = {ids.PLAN_TAKE_BACK: _pressed}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_TAKE_BACK: _sent, ids.VIEW_TAKE_BACK_SURE: _sent_sure}
