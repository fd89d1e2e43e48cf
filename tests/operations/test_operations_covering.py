"""Asking for cover: who is asked and when, the first to say yes has it, the lead comes before the shift."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from incidents.covering import AlreadyCovered, CoverAsk, CoverState
from incidents.effects import EffectKind, Tell, Timer
from incidents.errors import NotAllowed, NotAPerson, NothingToDo
from incidents.operations import covering, rota_changes, taking_back
from incidents.operations.covering import NotFreeThen
from incidents.operations.rota_asks import ask_due
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.rota_asks import timers_of_cover
from incidents.rota_changes import Change
from rotations.model import OverrideKind, Seat
from rotations.wishes import AbsenceWish, CoverWish
from storage.opening import SqlStore
from tests.operations.test_operations_rota_changes import wish
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, CY, DANA, PRIYA, told
from tests.support.rota import confirmed

MONDAY = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # 14:00 in New York; Ana's week as AMER primary
THURSDAY = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)  # 12:00 in New York: AMER takes over


def asked(there: TestHouse, by: str = ANA, **narrowed: object) -> CoverAsk:
    """Cover for Ana's Thursday."""
    wish = CoverWish(None, "safety", THURSDAY, THURSDAY + timedelta(hours=8), "UTC", reason="dentist")
    change = covering.ask_for_cover(there.house, Ask(by), replace(wish, **narrowed))  # type: ignore[arg-type]
    return stored(there, change.asks[0])


def stored(there: TestHouse, name: str) -> CoverAsk:
    found = there.store.read(lambda unit: unit.requests.get(name))
    assert isinstance(found, CoverAsk)
    return found


def letters(there: TestHouse) -> dict[str, str]:
    """Who was asked just now, as whom."""
    sent = [one for one in there.slack() if one.kind is EffectKind.ROTA_ASK]
    return {one.users[0]: one.args.get("lead", "") for one in sent}


def on_thursday(there: TestHouse, hours: float = 1) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    resolver = there.house.rotas.resolver(organisation, "safety")
    sits = resolver.seat_at("AMER", Seat.PRIMARY, THURSDAY + timedelta(hours=hours))
    assert sits is not None
    return sits.people


def test_who_is_free_rested_and_awake_is_asked_and_nobody_else(there: TestHouse) -> None:
    cover = asked(there)
    now = letters(there)
    assert PRIYA in now
    assert ANA not in now
    assert BO not in now
    assert set(now) <= set(cover.asked)
    assert "UKENJI" not in now  # 04:00 in Tokyo


def test_whoever_sleeps_is_asked_when_they_wake(there: TestHouse) -> None:
    cover = asked(there)
    asleep = set(cover.asked) - set(letters(there))
    assert asleep
    there.clock.advance(hours=14)
    assert asleep & set(letters(there))


def test_the_first_to_say_yes_is_on_call_and_everybody_knows(there: TestHouse) -> None:
    cover = asked(there)
    there.slack()
    covering.take(there.house, Ask(PRIYA), cover.id)
    assert on_thursday(there) == ("priya",)
    sent = there.slack()
    assert told(sent, Tell.SHIFTS_MOVED) == {ANA}
    assert PRIYA in {one.users[0] for one in sent if one.kind is EffectKind.UPDATE_ROTA_ASK}
    with pytest.raises(AlreadyCovered):
        covering.take(there.house, Ask(CY), cover.id)
    with pytest.raises(AlreadyCovered, match="You have it already"):
        covering.take(there.house, Ask(PRIYA), cover.id)


def test_on_two_replicas_at_once_one_alone_has_it(there: TestHouse, other: SqlStore) -> None:
    cover = asked(there, region="AMER")
    second = House(other, there.clock, there.house.ids, there.house.runbooks)
    free = [user for user in cover.asked if user in (PRIYA, CY, DANA)] + [PRIYA]

    def take(number: int) -> str:
        house = (there.house, second)[number % 2]
        try:
            return covering.take(house, Ask(free[number % len(free)]), cover.id).taken_by
        except (AlreadyCovered, NotFreeThen):
            return ""

    with ThreadPoolExecutor(6) as pool:
        winners = [user for user in pool.map(take, range(6)) if user]
    assert len(winners) == 1
    assert stored(there, cover.id).taken_by == winners[0]


def test_a_redelivered_yes_is_the_same_yes(there: TestHouse) -> None:
    cover = asked(there)
    first = covering.take(there.house, Ask(PRIYA, "press:1"), cover.id)
    assert covering.take(there.house, Ask(PRIYA, "press:1"), cover.id) == first


def test_whoever_was_not_asked_cannot_take_it(there: TestHouse) -> None:
    cover = asked(there)
    with pytest.raises(NotAllowed):
        covering.take(there.house, Ask(BO), cover.id)


def test_whoever_is_no_longer_free_cannot_take_it(there: TestHouse) -> None:
    cover = asked(there)
    away = AbsenceWish(None, THURSDAY, THURSDAY + timedelta(days=1), "UTC")
    rota_changes.absent(there.house, Ask(PRIYA), away)
    with pytest.raises(NotFreeThen, match=r"You cannot take it now\. Is away until"):
        covering.take(there.house, Ask(PRIYA), cover.id)


def test_unanswered_it_is_the_leads_two_hours_before(there: TestHouse) -> None:
    cover = asked(there)
    there.slack()
    there.clock.set(THURSDAY - timedelta(hours=2, minutes=1))
    there.later(minutes=0)
    assert stored(there, cover.id).state is CoverState.OPEN
    there.later(minutes=1)
    assert stored(there, cover.id).state is CoverState.WITH_LEAD
    assert {user for user, lead in letters(there).items() if lead} == {DANA}
    covering.take(there.house, Ask(PRIYA), cover.id)
    assert on_thursday(there) == ("priya",)


def test_when_everybody_has_declined_the_lead_is_asked_at_once(there: TestHouse) -> None:
    cover = asked(there)
    there.slack()
    for user in cover.asked:
        covering.decline(there.house, Ask(user), cover.id)
    assert stored(there, cover.id).state is CoverState.WITH_LEAD
    assert letters(there)[DANA] == "yes"
    with pytest.raises(NothingToDo, match="already"):
        covering.decline(there.house, Ask(cover.asked[0]), cover.id)


def test_a_message_that_never_arrives_counts_as_a_no(there: TestHouse) -> None:
    cover = asked(there)
    for _ in range(3):
        there.slack(refuse={EffectKind.ROTA_ASK: "user_disabled"})
        there.clock.advance(hours=8)
    assert set(stored(there, cover.id).declined) == set(cover.asked)
    assert stored(there, cover.id).state is CoverState.WITH_LEAD


def test_a_lead_chooses_somebody_who_was_not_asked(there: TestHouse) -> None:
    cover = asked(there)
    _, candidates = covering.candidates_for(there.house, Ask(DANA), cover.id)
    assert candidates[0].is_eligible
    assert not candidates[-1].is_eligible
    with pytest.raises(NotAllowed):
        covering.choose(there.house, Ask(PRIYA), cover.id, "bo")
    with pytest.raises(NotAPerson):
        covering.choose(there.house, Ask(DANA), cover.id, "ana")
    covering.choose(there.house, Ask(DANA), cover.id, "bo")
    assert on_thursday(there) == ("bo",)
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA, BO}


def test_nobody_covers_and_the_shift_starts_as_planned(there: TestHouse) -> None:
    cover = asked(there)
    there.clock.set(THURSDAY - timedelta(hours=1))
    there.later(minutes=0)
    there.slack()
    there.later(minutes=60)
    assert stored(there, cover.id).state is CoverState.LAPSED
    assert told(there.slack(), Tell.COVER_LAPSED) == {ANA, DANA}
    assert on_thursday(there) == ("ana",)
    with pytest.raises(NothingToDo, match="time is over"):
        covering.take(there.house, Ask(PRIYA), cover.id)


def test_for_a_shift_that_runs_the_lead_is_asked_at_once(there: TestHouse) -> None:
    cover = asked(there, start=MONDAY, end=MONDAY + timedelta(hours=4))
    there.later(minutes=0)
    assert stored(there, cover.id).state is CoverState.WITH_LEAD
    covering.take(there.house, Ask(PRIYA), cover.id)


def test_a_lead_asks_for_somebody_else_and_others_may_not(there: TestHouse) -> None:
    with pytest.raises(NotAllowed):
        asked(there, by=PRIYA, person="ana")
    cover = asked(there, by=DANA, person="ana")
    assert cover.person == "ana"
    covering.take(there.house, Ask(PRIYA), cover.id)
    assert told(there.slack(), Tell.COVER_TAKEN) == {DANA}


def test_the_same_cover_is_not_asked_for_twice(there: TestHouse) -> None:
    asked(there)
    with pytest.raises(NothingToDo, match="already"):
        asked(there)


def test_whoever_is_not_on_call_then_has_nothing_to_cover(there: TestHouse) -> None:
    with pytest.raises(NothingToDo, match="Priya Nair is not on call then"):
        asked(there, by=PRIYA, region="EMEA")


def test_somebody_on_an_override_is_told_how_to_get_off(there: TestHouse) -> None:
    confirmed(there, DANA, rota_changes.override(there.house, Ask(DANA), wish("priya", start=70, hours=4)))
    with pytest.raises(NothingToDo, match="by an override"):
        asked(there, by=PRIYA)


def test_undo_withdraws_an_ask_that_is_open(there: TestHouse) -> None:
    cover = asked(there)
    assert taking_back.undo(there.house, Ask(ANA)).is_done
    assert stored(there, cover.id).state is CoverState.WITHDRAWN
    assert letters(there) == {}
    with pytest.raises(NothingToDo, match="not needed"):
        covering.take(there.house, Ask(PRIYA), cover.id)


@pytest.mark.parametrize("by", [ANA, PRIYA])
def test_either_of_the_two_takes_a_cover_back(there: TestHouse, by: str) -> None:
    cover = asked(there)
    covering.take(there.house, Ask(PRIYA), cover.id)
    there.slack()
    confirmed(there, by, taking_back.undo(there.house, Ask(by)))
    assert on_thursday(there) == ("ana",)
    assert stored(there, cover.id).state is CoverState.TAKEN_BACK
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA, PRIYA} - {by}


def test_an_ask_that_has_ended_falls_due_no_more(there: TestHouse) -> None:
    cover = asked(there)
    timers = timers_of_cover(cover)
    covering.take(there.house, Ask(PRIYA), cover.id)
    ended = stored(there, cover.id)
    gone = Timer(timers[0].kind, "gone", "rota:gone", MONDAY)
    for timer in (*timers, gone):
        there.store.write(partial(_fire, there, timer))
    assert stored(there, cover.id) == ended


def _fire(there: TestHouse, timer: Timer, unit: Unit) -> None:
    ask_due(there.house, unit, timer, there.clock.now())


def test_undo_leaves_an_ask_whose_time_has_come_as_it_is(there: TestHouse) -> None:
    wish_for_two = CoverWish(None, "safety", MONDAY, MONDAY + timedelta(weeks=5), "UTC")
    change = covering.ask_for_cover(there.house, Ask(ANA), wish_for_two)
    soonest = min((stored(there, name) for name in change.asks), key=lambda one: one.over_at)
    there.clock.set(soonest.over_at)
    there.later(minutes=0)
    assert stored(there, soonest.id).state is CoverState.LAPSED
    assert taking_back.undo(there.house, Ask(ANA)).is_done
    states = {stored(there, name).state for name in change.asks}
    assert states == {CoverState.LAPSED, CoverState.WITHDRAWN}


def test_several_seats_and_turns_are_several_asks(there: TestHouse) -> None:
    wish = CoverWish(None, "safety", MONDAY, MONDAY + timedelta(weeks=8), "UTC")
    change: Change = covering.ask_for_cover(there.house, Ask(ANA), wish)
    seats = {(stored(there, name).seat, stored(there, name).start) for name in change.asks}
    assert len(seats) == len(change.asks) > 2
    with pytest.raises(NothingToDo, match="at once"):
        covering.ask_for_cover(there.house, Ask(BO), replace(wish, end=MONDAY + timedelta(weeks=40)))


def test_an_open_shift_is_asked_for_by_a_lead(there: TestHouse) -> None:
    taken_off = wish("ana", start=70, hours=8, kind=OverrideKind.REMOVE)
    confirmed(there, DANA, rota_changes.override(there.house, Ask(DANA), taken_off))
    with pytest.raises(NotAllowed):
        asked(there, by=PRIYA, person="")
    cover = asked(there, by=DANA, person="", region="AMER", seat=Seat.PRIMARY)
    assert cover.person == ""
    assert on_thursday(there) == ()
    covering.take(there.house, Ask(PRIYA), cover.id)
    assert on_thursday(there) == ("priya",)
    with pytest.raises(NothingToDo, match="No shift is open then"):
        asked(there, by=DANA, person="", region="EMEA")


def test_whoever_has_left_the_workspace_or_the_schedules_is_out_of_it(there: TestHouse) -> None:
    gone = Actor(CY, "Cy Okafor", is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([gone], MONDAY))
    cover = asked(there)
    assert CY not in cover.asked
    there.store.write(lambda unit: _without(unit, "priya"))
    with pytest.raises(NotAPerson, match="on no schedule"):
        covering.take(there.house, Ask(PRIYA), cover.id)


def test_what_was_covered_otherwise_meanwhile_is_not_covered_again(there: TestHouse) -> None:
    cover = asked(there)
    confirmed(there, DANA, rota_changes.override(there.house, Ask(DANA), wish("dana", start=60, hours=24)))
    with pytest.raises(NothingToDo, match="nothing to cover any more"):
        covering.take(there.house, Ask(PRIYA), cover.id)
    with pytest.raises(NothingToDo, match="nothing to cover any more"):
        covering.choose(there.house, Ask(DANA), cover.id, "priya")


def test_a_cover_can_be_covered_in_its_turn(there: TestHouse) -> None:
    covering.take(there.house, Ask(PRIYA), asked(there).id)
    again = asked(there, by=PRIYA)
    assert again.person == "priya"
    covering.choose(there.house, Ask(DANA), again.id, "cy")
    assert on_thursday(there) == ("cy",)


def _without(unit: Unit, person: str) -> None:
    """The schedules file without somebody, in turns and among the people."""
    organisation = unit.schedules.organisation()
    assert organisation is not None
    people = tuple(one for one in organisation.people if one.key != person)
    unit.schedules.apply(replace(organisation, people=people), MONDAY, "test")


def test_a_request_that_is_not_there_is_asked_no_more(there: TestHouse) -> None:
    for act in (covering.take, covering.decline):
        with pytest.raises(NothingToDo, match="no more"):
            partial(act, there.house, Ask(PRIYA))("nothing")
