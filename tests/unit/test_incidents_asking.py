"""Asks for cover, offers of swaps, changes to confirm: every state and every refusal, without a database."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import covering, rota_changes, swapping
from incidents.covering import AlreadyCovered, CoverAsk, CoverState
from incidents.effects import Tell, TimerKind
from incidents.errors import NotAllowed, NothingToDo
from incidents.rota_asks import ask_of, edits_of, id_in, tells, timers_of_cover, timers_of_swap
from incidents.rota_changes import Change, ChangeState, ProposalTooOld, Verb
from incidents.swapping import OfferState, SwapOffer
from rotations.changes import Moved
from rotations.edits import Edit
from rotations.model import Seat, TurnRef
from tests.support.incidents import ANA, BO, DANA, NOW, PRIYA

H = timedelta(hours=1)
ASK = CoverAsk(
    "k1", "safety", "AMER", Seat.PRIMARY, "ana", NOW + 24 * H, NOW + 32 * H, ANA, NOW, asked=(BO, PRIYA)
)
OFFER = SwapOffer(
    "s1",
    "safety",
    TurnRef("AMER", Seat.PRIMARY, 4, "ana"),
    TurnRef("AMER", Seat.PRIMARY, 5, "bo"),
    (NOW + 100 * H, NOW + 200 * H),
    (NOW + 200 * H, NOW + 300 * H),
    ANA,
    BO,
    NOW,
)
LATER = Moved("safety", "AMER", Seat.PRIMARY, NOW + 48 * H, NOW + 56 * H, ("ana",), ("bo",))
CHANGE = Change("c1", ANA, "ana", Verb.OVERRIDE, "safety", NOW, Edit(), (LATER,))


@pytest.mark.parametrize(("starts_in", "lead_in"), [(24, 22), (4, 2), (3, 1.5), (1, 0.5), (0, 0), (-2, 0)])
def test_the_lead_is_asked_two_hours_before_or_half_way(starts_in: float, lead_in: float) -> None:
    ask = replace(ASK, start=NOW + starts_in * H)
    assert covering.lead_at(ask) == NOW + lead_in * H


def test_where_nobody_can_be_asked_the_lead_is_asked_at_once() -> None:
    assert covering.lead_at(replace(ASK, asked=())) == NOW


def test_an_ask_is_over_when_its_shift_starts_or_ends_where_it_runs() -> None:
    assert ASK.over_at == ASK.start
    assert replace(ASK, start=NOW - H).over_at == ASK.end


def test_the_first_has_it_and_the_second_is_told_so() -> None:
    taken = covering.take(ASK, BO, False, NOW)
    assert (taken.state, taken.taken_by, taken.ended_at) == (CoverState.TAKEN, BO, NOW)
    with pytest.raises(AlreadyCovered, match="Somebody else"):
        covering.take(taken, PRIYA, False, NOW)
    with pytest.raises(AlreadyCovered, match="You have it"):
        covering.take(taken, BO, False, NOW)


def test_only_who_was_asked_or_a_lead_takes_it() -> None:
    with pytest.raises(NotAllowed):
        covering.take(ASK, DANA, False, NOW)
    assert covering.take(ASK, DANA, True, NOW).taken_by == DANA
    assert covering.take(covering.to_lead(ASK, (DANA,)), DANA, False, NOW).taken_by == DANA


def test_all_have_said_no() -> None:
    one = covering.decline(ASK, BO, NOW)
    assert not covering.is_refused_by_all(one)
    both = covering.decline(one, PRIYA, NOW)
    assert covering.is_refused_by_all(both)
    assert not covering.is_refused_by_all(covering.to_lead(both, (DANA,)))
    with pytest.raises(NothingToDo, match="already"):
        covering.decline(one, BO, NOW)


def test_what_is_over_stays_over() -> None:
    gone, lapsed = covering.undo(ASK, NOW), covering.lapse(ASK, NOW)
    assert (gone.state, lapsed.state) == (CoverState.WITHDRAWN, CoverState.LAPSED)
    assert covering.lapse(gone, NOW) == gone
    assert covering.to_lead(gone, (DANA,)) == gone
    for over in (gone, lapsed):
        with pytest.raises(NothingToDo):
            covering.take(over, BO, False, NOW)
    with pytest.raises(NothingToDo, match="time is over"):
        covering.take(ASK, BO, False, ASK.start)


def test_what_was_taken_is_taken_back_and_what_is_over_is_left() -> None:
    back = covering.undo(covering.take(ASK, BO, False, NOW), NOW + H)
    assert (back.state, covering.undo(back, NOW + 2 * H)) == (CoverState.TAKEN_BACK, back)
    with pytest.raises(NothingToDo, match="taken back"):
        covering.take(back, PRIYA, False, NOW)
    swapped = swapping.undo(swapping.accept(OFFER, BO, NOW), NOW + H)
    assert swapped.state is OfferState.TAKEN_BACK
    with pytest.raises(NothingToDo, match="taken back"):
        swapping.accept(swapped, BO, NOW)


def test_a_need_is_that_of_one_person_or_of_nobody() -> None:
    assert ASK.need.instead_of == "ana"
    assert replace(ASK, person="").need.instead_of is None


@pytest.mark.parametrize(
    ("act", "state"), [(swapping.accept, OfferState.ACCEPTED), (swapping.refuse, OfferState.REFUSED)]
)
def test_an_offer_is_answered_once_by_whom_it_is_for(act: object, state: OfferState) -> None:
    assert callable(act)
    answered = act(OFFER, BO, NOW + H)
    assert (answered.state, answered.ended_at) == (state, NOW + H)
    with pytest.raises(NothingToDo):
        act(answered, BO, NOW + H)
    with pytest.raises(NotAllowed):
        act(OFFER, PRIYA, NOW + H)


def test_an_offer_stands_for_two_days_or_until_the_first_shift() -> None:
    assert OFFER.expires_at == NOW + 48 * H
    assert replace(OFFER, theirs_span=(NOW + 5 * H, NOW + 6 * H)).expires_at == NOW + 5 * H
    assert swapping.expire(OFFER, NOW).state is OfferState.EXPIRED
    with pytest.raises(NothingToDo, match="expired"):
        swapping.accept(OFFER, BO, NOW + 48 * H)


def test_a_withdrawn_offer_is_nobodys_to_answer() -> None:
    gone = swapping.undo(OFFER, NOW)
    assert swapping.undo(gone, NOW + H) == gone
    assert swapping.expire(gone, NOW) == gone
    with pytest.raises(NothingToDo, match="withdrawn"):
        swapping.accept(gone, BO, NOW)


def test_a_swap_is_the_two_turns_of_its_offer() -> None:
    assert (OFFER.swap.one, OFFER.swap.other, OFFER.swap.id) == (OFFER.mine, OFFER.theirs, "s1")


@pytest.mark.parametrize(
    ("moved", "times"),
    [
        ((), 0),
        ((LATER,), 1),
        ((replace(LATER, start=NOW),), 2),
        ((replace(LATER, after=()),), 1),
        ((replace(LATER, before=("ana", "bo"), after=("bo",)),), 0),
        ((replace(LATER, seat=Seat.SHADOW, start=NOW),), 1),
    ],
)
def test_it_is_asked_back_for_others_and_once_more_where_it_alarms(
    moved: tuple[Moved, ...], times: int
) -> None:
    assert rota_changes.confirmations(replace(CHANGE, moved=moved), NOW) == times


def test_a_button_counts_once_and_only_for_who_proposed_it() -> None:
    once = rota_changes.confirm(CHANGE, ANA, 0, (LATER,), NOW)
    assert once.confirmed == 1
    assert rota_changes.confirm(once, ANA, 0, (LATER,), NOW).confirmed == 1
    with pytest.raises(NotAllowed):
        rota_changes.confirm(CHANGE, BO, 0, (LATER,), NOW)
    with pytest.raises(NothingToDo):
        rota_changes.confirm(replace(CHANGE, state=ChangeState.DONE), ANA, 0, (LATER,), NOW)
    with pytest.raises(ProposalTooOld):
        rota_changes.confirm(CHANGE, ANA, 0, (LATER,), NOW + 2 * H)


def test_what_has_passed_by_now_is_not_confirmed() -> None:
    short = replace(LATER, start=NOW, end=NOW + timedelta(minutes=5))
    change = replace(CHANGE, moved=(short,))
    with pytest.raises(NothingToDo, match="passed already"):
        rota_changes.confirm(change, ANA, 0, (short,), NOW + timedelta(minutes=10))


def test_what_would_come_out_differently_is_shown_anew() -> None:
    other = replace(LATER, before=("cy",))
    again = rota_changes.confirm(replace(CHANGE, confirmed=1), ANA, 1, (other,), NOW)
    assert (again.confirmed, again.moved) == (0, (other,))


def test_an_ask_leaves_once_for_each_and_ends_everywhere() -> None:
    ask = covering.to_lead(ASK, (BO, DANA))
    keys = [ask_of(ask, BO).key, ask_of(ask, BO, as_lead=True).key]
    assert len(set(keys)) == 2
    assert [(one.users[0], one.after[0] in keys) for one in edits_of(ask, "taken")] == [
        (BO, True),
        (PRIYA, False),
        (BO, True),
        (DANA, False),
    ]
    assert [one.users for one in edits_of(OFFER, "accepted")] == [(BO,)]
    assert id_in(ask_of(ask, BO).subject) == "k1"


def test_its_timers_are_the_leads_hour_and_its_end() -> None:
    assert [(one.kind, one.due_at) for one in timers_of_cover(ASK)] == [
        (TimerKind.COVER_UNANSWERED, NOW + 22 * H),
        (TimerKind.ASK_OVER, ASK.start),
    ]
    assert [one.due_at for one in timers_of_swap(OFFER)] == [OFFER.expires_at]


def test_each_is_told_once_and_nobody_is_not_told() -> None:
    assert [one.users[0] for one in tells(Tell.COVER_LAPSED, "k1", (ANA, "", ANA, DANA))] == [ANA, DANA]
