"""Open to closed: sent pages say less, people from outside are let go, and somebody else is paged."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.decision import Decision
from incidents.effects import EffectKind, Tell
from incidents.errors import NothingToDo
from incidents.ladder import Roster
from incidents.model import Care, EntryKind, Incident, PageState
from incidents.restricting import OUTSIDE, restrict
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    NOW,
    PRIYA,
    called,
    effects,
    entries,
    incident,
    managed,
    person,
    roster,
    told,
    users,
)

VENDOR = person(CY, is_vendor=True)
SOON = NOW + timedelta(minutes=2)


def closed(of: Incident, *outsiders: str, who: Roster | None = None) -> Decision:
    return restrict(of, person(PRIYA), frozenset(outsiders), who or roster(), SOON)


def test_every_page_that_was_sent_is_written_again() -> None:
    decision = closed(called(incident(), roster()).incident)
    assert [effect.users for effect in effects(decision, EffectKind.UPDATE_PAGE)] == [(ANA,)]
    assert decision.incident.pages[0].state is PageState.WAITING
    assert [entry.by for entry in entries(decision, EntryKind.RESTRICTED)] == [PRIYA]


def test_somebody_from_outside_is_let_go_and_the_next_is_paged_at_once() -> None:
    who = roster(primary=(VENDOR,))
    decision = closed(called(incident(), who).incident, CY, who=who)
    assert users(decision.incident.pages) == [CY, BO]
    assert decision.incident.pages[0].state is PageState.STANDDOWN
    assert [entry.data for entry in entries(decision, EntryKind.SKIPPED)] == [{"user": CY, "why": OUTSIDE}]


def test_where_somebody_inside_was_asked_too_it_is_waited_for_them() -> None:
    who = roster(primary=(VENDOR, person(ANA)))
    decision = closed(called(incident(), who).incident, CY, who=who)
    states = {page.user: page.state for page in decision.incident.pages}
    assert states == {CY: PageState.STANDDOWN, ANA: PageState.WAITING}


def test_who_has_answered_or_whose_call_is_over_pages_nobody() -> None:
    who = roster(primary=(VENDOR,))
    waiting = called(incident(), who).incident
    over = waiting.with_call(replace(waiting.calls[0], is_open=False))
    assert users(closed(over, CY, who=who).incident.pages) == [CY]
    answered = waiting.with_page(replace(waiting.pages[0], state=PageState.ACKNOWLEDGED))
    kept = closed(answered, CY, who=who).incident
    assert kept.pages[0].state is PageState.ACKNOWLEDGED
    nowhere = replace(waiting, calls=())
    assert users(closed(nowhere, CY, who=who).incident.pages) == [CY]


def test_a_stand_in_from_outside_holds_it_no_longer() -> None:
    resting = managed(care=Care(ANA, CY, NOW, SOON))
    decision = closed(resting, CY)
    assert decision.incident.care is None
    assert told(decision.effects, Tell.CARE_OVER) == {CY}
    assert closed(managed(care=Care(ANA, BO, NOW, SOON)), CY).incident.care is not None


def test_what_is_restricted_already_stays_so() -> None:
    with pytest.raises(NothingToDo, match="INC-1 is restricted already"):
        closed(incident(restricted=True), DANA)
