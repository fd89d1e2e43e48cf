"""`/oncall edit`: what leads change without a file, each shown for the next four weeks before it counts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from handlers.blocks import answers, ids, plan_forms
from handlers.blocks.plan_forms import Outcome
from handlers.calls import Json, Message
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
from handlers.plan_edits import dump_edit, load_edit, members_in
from handlers.words_pieces import Head
from incidents.errors import NotAPerson
from incidents.first_schedule import new_key
from incidents.moves import NeedsSecondLook
from incidents.operations import rota_editing
from incidents.operations.rota_editing import Proposal, Weighed
from incidents.people import Actor
from rotations.model import Organisation, Person, Seat
from rotations.preview import preview
from rotations.replanning import NewOrder, NewPerson, Place, Replan, order_on, turn_after
from rotations.wallclock import local

VERB = "edit"
SHOWN = timedelta(weeks=4)
DONE = "It is changed. Everybody whose shift moves is told; /oncall shows it."


def is_meant(line: str) -> bool:
    return Head(line).take_one_of(VERB)


def answer(edge: Edge, asked: Asked, line: str) -> Reply:
    """`edit [region] [seat]`: that order's form, or what can be changed. Raises NoScheduleYet, NotAllowed."""
    organisation, _, now = rota_editing.plan_of(edge.house, asked.user)
    head = Head(line)
    head.take_one_of(VERB)
    wanted = " ".join(head.rest().split()).casefold()
    found = [value for label, value in plan_forms.place_options(organisation) if label.casefold() == wanted]
    if not found:
        return plan_forms.menu(organisation)
    return _opens_order(organisation, _place(found[0]), now)


def _place(value: str) -> Place:
    schedule, region, seat = ids.unpack(value)
    return Place(schedule, region, Seat(seat))


def _opens_order(organisation: Organisation, place: Place, now: datetime) -> Reply:
    """From the next turn on: what begins later surprises nobody today."""
    since = turn_after(organisation, place, now)
    members = order_on(organisation, place, since)
    form = plan_forms.order_form(place, since.isoformat(), members, organisation.names())
    return Opens(form, "Change who takes turns?", "Change the order", ids.PLAN_ORDER, _value(place))


def _value(place: Place) -> str:
    return ids.pack(place.schedule, place.region, place.seat.value)


def _pressed_menu(edge: Edge, press: Press) -> Reply:
    return plan_forms.menu(rota_editing.plan_of(edge.house, press.asked.user)[0])


def _pressed_order(edge: Edge, press: Press) -> Reply:
    organisation, _, now = rota_editing.plan_of(edge.house, press.asked.user)
    return _opens_order(organisation, _place(press.value), now)


def _pressed_person(edge: Edge, press: Press) -> Reply:
    organisation, actor, now = rota_editing.plan_of(edge.house, press.asked.user)
    form = plan_forms.person_form(organisation, tomorrow(actor, now))
    return Opens(form, "Add a person?", "Add a person", ids.PLAN_PERSON)


def tomorrow(actor: Actor, now: datetime) -> str:
    return (local(now, actor.zone).date() + timedelta(days=1)).isoformat()


def _sent_order(edge: Edge, sent: Submission) -> Submitted:
    organisation, _, _ = rota_editing.plan_of(edge.house, sent.asked.user)
    members = members_in(sent.values.get(ids.MEMBERS, ""), organisation)
    place = _place(sent.view["private_metadata"])
    return _shown(edge, sent, NewOrder(place, members, date.fromisoformat(sent.values[ids.SINCE])))


def _sent_person(edge: Edge, sent: Submission) -> Submitted:
    organisation, _, _ = rota_editing.plan_of(edge.house, sent.asked.user)
    person = _person(edge, sent, organisation)
    places = (_place(sent.values[ids.PLACE]),) if ids.PLACE in sent.values else ()
    return _shown(edge, sent, NewPerson(person, places, date.fromisoformat(sent.values[ids.SINCE])))


def _person(edge: Edge, sent: Submission, organisation: Organisation) -> Person:
    """As Slack describes them; what the schedules know of them already is kept. Raises NotAPerson."""
    user = sent.values.get(ids.PERSON, "")
    actor = edge.house.store.read(lambda unit: unit.people.actor(user))
    if actor is None or actor.is_bot or actor.is_deactivated or actor.is_stranger:
        raise NotAPerson("There is nobody here by that name. Pick somebody from the list.")
    known = organisation.person_by_slack(user)
    region = sent.values.get(ids.REGION) or (known.region if known else None)
    is_lead = sent.values.get(ids.LEADS) == ids.YES or bool(known and known.lead)
    if known is not None:
        return replace(known, region=region, lead=is_lead)
    key = new_key(actor.name, [person.key for person in organisation.people])
    return Person(key, actor.name, user, actor.zone, region=region, lead=is_lead)


def _shown(edge: Edge, sent: Submission, edit: Replan) -> Submitted:
    """What it would do stands in the form's place; nothing is saved yet."""
    proposal = rota_editing.propose(edge.house, sent.asked.user, edit)
    return plan_forms.preview_form(_outcome(proposal, edit), dump_edit(edit))


def _outcome(proposal: Proposal, edit: Replan) -> Outcome:
    return outcome_of(proposal.weighed, _places(edit))


def outcome_of(weighed: Weighed, places: Iterable[Place]) -> Outcome:
    """What is shown before it counts: these places in the next four weeks, and whose shifts move."""
    before, after, now = weighed.before or Organisation(), weighed.after, weighed.now
    places = tuple(places)
    return Outcome(
        {place: preview(before, after, place, (now, now + SHOWN)) for place in places},
        {place: _zone(after, place) for place in places},
        weighed.names(),
        weighed.sentences(weighed.moved),
        weighed.sentences(weighed.alarming),
    )


def _places(edit: Replan) -> tuple[Place, ...]:
    match edit:
        case NewOrder():
            return (edit.place,)
        case NewPerson():
            return edit.places
        case _:
            return ()


def _zone(organisation: Organisation, place: Place) -> str:
    schedule = organisation.schedule(place.schedule)
    region = schedule.region(place.region) if schedule else None
    return region.zone if region else "UTC"


def _sent_preview(edge: Edge, sent: Submission) -> Submitted:
    return _saved(edge, sent, is_sure=False)


def _sent_sure(edge: Edge, sent: Submission) -> Submitted:
    return _saved(edge, sent, is_sure=True)


def _saved(edge: Edge, sent: Submission, is_sure: bool) -> Message | Json:
    meta = sent.view["private_metadata"]
    edit = load_edit(meta)
    try:
        rota_editing.carry_out(edge.house, sent.asked.ask(), edit, is_sure)
    except NeedsSecondLook:
        proposal = rota_editing.propose(edge.house, sent.asked.user, edit)
        return plan_forms.sure_form(_outcome(proposal, edit), ids.VIEW_SURE, meta)
    edge.learn()
    return answers.said(DONE)


PRESSES: dict[str, OnPress] = {
    ids.PLAN: _pressed_menu,
    ids.PLAN_ORDER: _pressed_order,
    ids.PLAN_PERSON: _pressed_person,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_ORDER: _sent_order,
    ids.VIEW_PERSON: _sent_person,
    ids.VIEW_PREVIEW: _sent_preview,
    ids.VIEW_SURE: _sent_sure,
}
