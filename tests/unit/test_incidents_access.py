"""Who may do what: restricted incidents fail closed, and unknown and forbidden sound the same."""

import pytest
from msgspec.structs import replace

from incidents.access import Action, can_see, demand, may
from incidents.errors import NotAllowed, UnknownIncident
from incidents.model import Incident, Page, Role, RoleHolding
from incidents.people import Actor
from tests.support.incidents import ANA, BO, CY, NOW, PRIYA, incident, managed, person

OPEN, RESTRICTED = incident(), incident(restricted=True, key="R-7KQ2")
NOBODY = [
    person(CY, is_deactivated=True),
    person(CY, is_stranger=True),
    person(CY, is_bot=True),
]


def part_of(subject: Incident, user: str) -> list[Incident]:
    """The same incident with this person in it, in each of the four ways."""
    page = Page(1, 0, user, "You are backup.", NOW, None)
    return [
        replace(subject, declared_by=user),
        replace(subject, responders=(user,)),
        replace(subject, roles=(RoleHolding(Role.SCRIBE, user, NOW),)),
        replace(subject, pages=(page,)),
    ]


def test_a_colleague_sees_an_open_incident_and_not_a_restricted_one() -> None:
    assert can_see(person(CY), OPEN)
    assert not can_see(person(CY), RESTRICTED)


def test_whoever_is_part_of_a_restricted_incident_sees_it() -> None:
    assert all(can_see(person(CY), subject) for subject in part_of(RESTRICTED, CY))


@pytest.mark.parametrize("mark", ["is_vendor", "is_guest"])
def test_somebody_from_outside_sees_only_the_restricted_incident_they_declared(mark: str) -> None:
    outside = person(CY, **{mark: True})
    declared, *others = part_of(RESTRICTED, CY)
    assert can_see(outside, declared)
    assert not any(can_see(outside, subject) for subject in others)


def test_a_guest_sees_the_open_incidents_they_are_part_of_and_a_vendor_every_one() -> None:
    guest, vendor = person(CY, is_guest=True), person(CY, is_vendor=True)
    assert not can_see(guest, OPEN)
    assert all(can_see(guest, subject) for subject in part_of(OPEN, CY))
    assert can_see(vendor, OPEN)


@pytest.mark.parametrize("actor", NOBODY)
@pytest.mark.parametrize("action", list(Action))
def test_deactivated_people_strangers_and_bots_may_do_nothing(actor: Actor, action: Action) -> None:
    assert not may(actor, action)
    assert not any(may(actor, action, subject) for subject in part_of(OPEN, CY))
    assert not can_see(actor, OPEN)


@pytest.mark.parametrize("action", list(Action))
def test_nothing_can_be_done_to_an_incident_that_cannot_be_seen(action: Action) -> None:
    assert not may(person(CY, is_lead=True), action, RESTRICTED)


@pytest.mark.parametrize("action", [Action.OVERRIDE_ANY, Action.APPLY_ROTA])
def test_only_leads_change_the_schedules_of_others(action: Action) -> None:
    assert may(person(CY, is_lead=True), action)
    assert not may(person(CY), action)


def test_only_the_holder_opens_a_restricted_incident_to_everybody() -> None:
    subject = managed(restricted=True, responders=(BO,))
    assert may(person(ANA), Action.OPEN_UP, subject)
    assert not may(person(BO), Action.OPEN_UP, subject)
    assert may(person(PRIYA), Action.OPEN_UP, RESTRICTED)
    assert not may(person(ANA), Action.OPEN_UP)


def test_a_guest_answers_and_writes_in_an_incident_but_does_not_command_or_declare() -> None:
    guest = person(CY, is_guest=True)
    inside = part_of(OPEN, CY)[1]
    assert may(guest, Action.SEE)
    for action in (Action.ACKNOWLEDGE, Action.NOTE, Action.STEP, Action.PAGE, Action.UPDATE):
        assert may(guest, action, inside)
    for action in (
        Action.CLOSE,
        Action.ASSIGN,
        Action.SEVERITY,
        Action.STATUS,
        Action.RESOLVE,
        Action.REOPEN,
    ):
        assert not may(guest, action, inside)
    for action in (Action.DECLARE, Action.SEE_ROTA, Action.OVERRIDE_OWN, Action.ACCEPT_HANDOFF):
        assert not may(guest, action)


def test_a_refusal_says_whom_to_ask_or_that_there_is_no_such_incident() -> None:
    with pytest.raises(NotAllowed, match="Guests cannot declare"):
        demand(person(CY, is_guest=True), Action.DECLARE)
    with pytest.raises(NotAllowed, match="Ask a lead"):
        demand(person(CY, is_guest=True), Action.CLOSE, part_of(OPEN, CY)[1])
    with pytest.raises(UnknownIncident, match=r"There is no incident R-7KQ2 that you can see\."):
        demand(person(CY), Action.SEE, RESTRICTED)
    demand(person(CY), Action.SEE, OPEN)


def test_the_case_of_a_typed_key_does_not_tell_whether_it_exists() -> None:
    assert str(UnknownIncident("r-7kq2")) == str(UnknownIncident("R-7KQ2"))
