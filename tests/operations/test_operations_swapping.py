"""Swaps: offered, accepted, refused, expired, withdrawn; nothing moves before both have agreed."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind, Tell
from incidents.errors import NotAllowed, NotAPerson, NothingToDo
from incidents.operations import swapping, taking_back
from incidents.operations.rota_asks import ask_due
from incidents.operations.rota_reading import swappable
from incidents.operations.swapping import NotTheirShift
from incidents.people import Actor, Ask
from incidents.rota_asks import timers_of_swap
from incidents.swapping import OfferState, SwapOffer, TurnHasBegun
from rotations.model import Seat
from rotations.wishes import NamedShift, SwapWish
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, BO, CY, DANA, told
from tests.support.rota import confirmed

# AMER primary by weeks from Monday 12:00 New York: Ana now, Bo 7 Dec, Cy 14 Dec, Priya 21 Dec, Ana 28 Dec.
BO_SERVES = datetime(2026, 12, 8, 20, 0, tzinfo=UTC)
ANA_SERVES = datetime(2026, 12, 29, 20, 0, tzinfo=UTC)


def at(when: datetime) -> NamedShift:
    return NamedShift(when, when)


def wish(mine: datetime = ANA_SERVES, theirs: datetime = BO_SERVES, person: str = "bo") -> SwapWish:
    return SwapWish(person, "safety", "UTC", at(mine), at(theirs), "wedding")


def offered(there: TestHouse, by: str = ANA, what: SwapWish | None = None) -> SwapOffer:
    return swapping.offer(there.house, Ask(by), what or wish())


def stored(there: TestHouse, name: str) -> SwapOffer:
    found = there.store.read(lambda unit: unit.requests.get(name))
    assert isinstance(found, SwapOffer)
    return found


def primary(there: TestHouse, when: datetime) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    sits = there.house.rotas.resolver(organisation, "safety").seat_at("AMER", Seat.PRIMARY, when)
    assert sits is not None
    return sits.people


def test_nothing_moves_before_it_is_accepted(there: TestHouse) -> None:
    made = offered(there)
    assert {one.users[0] for one in there.slack() if one.kind is EffectKind.ROTA_ASK} == {BO}
    assert primary(there, BO_SERVES) == ("bo",)
    swapping.accept(there.house, Ask(BO), made.id)
    assert (primary(there, BO_SERVES), primary(there, ANA_SERVES)) == (("ana",), ("bo",))
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA}


def test_a_refused_swap_is_told_and_moves_nobody(there: TestHouse) -> None:
    made = offered(there)
    there.slack()
    swapping.refuse(there.house, Ask(BO), made.id)
    assert told(there.slack(), Tell.SWAP_ANSWERED) == {ANA}
    assert primary(there, BO_SERVES) == ("bo",)
    with pytest.raises(NothingToDo, match="refused"):
        swapping.accept(there.house, Ask(BO), made.id)


def test_unanswered_it_expires_after_two_days(there: TestHouse) -> None:
    made = offered(there)
    there.slack()
    there.later(hours=47)
    assert stored(there, made.id).state is OfferState.OFFERED
    there.later(hours=1)
    assert stored(there, made.id).state is OfferState.EXPIRED
    assert told(there.slack(), Tell.SWAP_ANSWERED) == {ANA}
    with pytest.raises(NothingToDo, match="expired"):
        swapping.accept(there.house, Ask(BO), made.id)


def test_an_offer_that_was_answered_falls_due_no_more(there: TestHouse) -> None:
    made = offered(there)
    (timer,) = timers_of_swap(made)
    swapping.refuse(there.house, Ask(BO), made.id)
    there.store.write(lambda unit: ask_due(there.house, unit, timer, made.expires_at))
    assert stored(there, made.id).state is OfferState.REFUSED


def test_only_whom_it_was_offered_to_answers(there: TestHouse) -> None:
    made = offered(there)
    for act in (swapping.accept, swapping.refuse):
        with pytest.raises(NotAllowed):
            act(there.house, Ask(DANA), made.id)
    with pytest.raises(NothingToDo, match="no more"):
        swapping.accept(there.house, Ask(BO), "nothing")


def test_a_redelivered_yes_swaps_once(there: TestHouse) -> None:
    made = offered(there)
    first = swapping.accept(there.house, Ask(BO, "press:1"), made.id)
    assert swapping.accept(there.house, Ask(BO, "press:1"), made.id) == first


def test_a_turn_that_has_begun_is_not_swapped(there: TestHouse) -> None:
    with pytest.raises(TurnHasBegun):
        offered(there, what=wish(mine=MONDAY + timedelta(hours=1)))


def test_shifts_that_are_not_theirs_are_refused_with_the_way_on(there: TestHouse) -> None:
    with pytest.raises(NotTheirShift, match="You are on no shift"):
        offered(there, what=wish(mine=MONDAY + timedelta(days=15)))
    with pytest.raises(NotTheirShift, match="Name both shifts"):
        offered(there, what=SwapWish("bo", "safety", "UTC"))
    with pytest.raises(NotAPerson, match="That is you"):
        offered(there, what=wish(person="ana"))


def test_a_day_that_holds_two_of_their_shifts_is_asked_back(there: TestHouse) -> None:
    changeover = datetime(2026, 12, 21, 0, 0, tzinfo=UTC)
    two = NamedShift(changeover, changeover + timedelta(days=8))
    with pytest.raises(NotTheirShift, match="AMER"):
        offered(there, what=SwapWish("bo", "safety", "UTC", two, at(BO_SERVES)))


def test_whoever_has_left_cannot_be_asked(there: TestHouse) -> None:
    gone = Actor(BO, "Bo Chen", is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([gone], MONDAY))
    with pytest.raises(NotAPerson, match="Bo Chen is not in this workspace"):
        offered(there)


def test_whoever_is_on_no_schedule_swaps_nothing(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.people.put_profiles([Actor("USAM", "Sam")], MONDAY))
    with pytest.raises(NotAPerson, match="on no schedule"):
        offered(there, by="USAM")


def test_turns_are_chosen_from_a_list_of_those_to_come(there: TestHouse) -> None:
    found = swappable(there.house, Ask(ANA), "cy")
    assert {turn.ref.person for turn in found.theirs} == {"cy"}
    assert all(turn.start > MONDAY for turn in (*found.mine, *found.theirs))
    made = swapping.offer_turns(
        there.house, Ask(ANA), found.schedule, (found.mine[0].ref, found.theirs[0].ref), "trip"
    )
    assert stored(there, made.id).to == CY
    with pytest.raises(NotTheirShift, match="not yours"):
        swapping.offer_turns(there.house, Ask(DANA), found.schedule, (found.mine[0].ref, found.theirs[0].ref))


def test_what_was_swapped_away_meanwhile_cannot_be_swapped_again(there: TestHouse) -> None:
    to_bo, to_cy = (
        offered(there),
        offered(there, what=wish(theirs=BO_SERVES + timedelta(weeks=1), person="cy")),
    )
    swapping.accept(there.house, Ask(BO), to_bo.id)
    with pytest.raises(NothingToDo, match="schedule has changed"):
        swapping.accept(there.house, Ask(CY), to_cy.id)


def test_a_shift_is_not_swapped_for_itself_or_for_one_that_never_comes(there: TestHouse) -> None:
    found = swappable(there.house, Ask(ANA), "cy")
    mine, theirs = found.mine[0].ref, found.theirs[0].ref
    nowhere = replace(theirs, region="LATAM")
    with pytest.raises(NotTheirShift, match="cannot be swapped"):
        swapping.offer_turns(there.house, Ask(ANA), "safety", (mine, nowhere))
    not_hers = replace(theirs, person="ana")
    with pytest.raises(NothingToDo, match="nobody's shift"):
        swapping.offer_turns(there.house, Ask(ANA), "safety", (not_hers, replace(mine, person="cy")))


def test_undo_withdraws_an_offer_and_later_the_swap_itself(there: TestHouse) -> None:
    made = offered(there)
    assert taking_back.undo(there.house, Ask(ANA)).is_done
    assert stored(there, made.id).state is OfferState.WITHDRAWN
    again = offered(there)
    swapping.accept(there.house, Ask(BO), again.id)
    there.slack()
    confirmed(there, ANA, taking_back.undo(there.house, Ask(ANA)))
    assert primary(there, BO_SERVES) == ("bo",)
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {BO}


def test_a_swap_that_has_begun_is_not_taken_back(there: TestHouse) -> None:
    made = offered(there)
    swapping.accept(there.house, Ask(BO), made.id)
    there.clock.set(BO_SERVES)
    with pytest.raises(TurnHasBegun):
        taking_back.undo(there.house, Ask(BO))
