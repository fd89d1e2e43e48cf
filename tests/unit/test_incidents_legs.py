"""The two legs of a page, as rules: what leaves with it, what leaves later, and what never leaves twice."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.decision import Decision
from incidents.effects import EffectKind, TimerKind
from incidents.ladder import Candidate
from incidents.legs import dnd_read, is_muted, leave, ring
from incidents.model import PageState, Rung
from tests.support.incidents import ANA, NOW, called, incident, person, roster

PAGED = called(incident(), roster()).incident
PAGE = PAGED.pages[0]


def seconds(minutes: float) -> str:
    return str(int((NOW + timedelta(minutes=minutes)).timestamp()))


def left(ring_at: str = "", mail: str = "", after: int | None = 1) -> Decision:
    candidate = Candidate(replace(person(ANA), ring=ring_at, mail=mail), "AMER primary", "")
    return leave(PAGED, PAGE, candidate, Rung(0, (), after), NOW)


def test_without_a_phone_the_page_leaves_in_slack_alone() -> None:
    assert [effect.kind for effect in left().effects] == [EffectKind.SEND_PAGE]
    assert left().timers == ()


def test_a_copy_goes_by_mail_where_there_is_an_address() -> None:
    assert [effect.kind for effect in left(mail="a@x").effects] == [EffectKind.SEND_PAGE, EffectKind.MAIL]


def test_a_phone_that_rings_later_has_a_timer_and_a_look_whether_they_are_muted() -> None:
    decision = left(ring_at="webhook:ana")
    assert [effect.kind for effect in decision.effects] == [EffectKind.SEND_PAGE, EffectKind.READ_DND]
    assert [(timer.kind, timer.due_at) for timer in decision.timers] == [
        (TimerKind.RING, NOW + timedelta(minutes=1))
    ]


def test_a_phone_that_rings_at_once_needs_neither() -> None:
    decision = left(ring_at="webhook:ana", after=0)
    assert [effect.kind for effect in decision.effects] == [EffectKind.SEND_PAGE, EffectKind.RING]
    assert decision.timers == ()


def test_a_phone_rings_once_for_a_page_and_never_for_one_that_is_settled() -> None:
    rung = ring(PAGED, PAGE, NOW).incident
    assert ring(rung, rung.pages[0], NOW) == Decision(rung)
    settled = replace(PAGE, state=PageState.STANDDOWN)
    assert ring(PAGED, settled, NOW) == Decision(PAGED)


@pytest.mark.parametrize("state", [PageState.WAITING, PageState.PASSED, PageState.UNREACHABLE])
def test_who_was_passed_over_or_refused_by_slack_is_rung_until_it_is_answered(
    state: PageState,
) -> None:
    page = replace(PAGE, state=state)
    assert [effect.kind for effect in ring(PAGED, page, NOW).effects] == [EffectKind.RING]
    answered = PAGED.with_call(replace(PAGED.calls[0], is_open=False))
    assert ring(answered, page, NOW) == Decision(answered)


@pytest.mark.parametrize(
    ("answer", "muted"),
    [
        ({}, False),
        ({"snooze_until": seconds(5)}, True),
        ({"snooze_until": seconds(-5)}, False),
        ({"dnd_from": seconds(-5), "dnd_until": seconds(5)}, True),
        ({"dnd_from": seconds(5), "dnd_until": seconds(10)}, False),
        ({"dnd_from": "1", "dnd_until": "1"}, False),
    ],
)
def test_muted_is_who_is_muted_now(answer: dict[str, str], muted: bool) -> None:
    assert is_muted(answer, NOW) is muted
    assert bool(dnd_read(PAGED, PAGE, answer, NOW).effects) is muted
