"""A handoff's course: who is asked when, what each may do, and where it ends when nobody comes."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents import handoff_steps as steps
from incidents.errors import NothingToDo, ReasonRequired
from incidents.handoff import Due, Handoff, HandoffState, Level, Part, Reason
from incidents.handoff_steps import NotYours, ReadBackMissing
from incidents.model import Severity
from tests.support.incidents import ANA, BO, DANA, KENJI, incident, person

AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LENA, RUTH = "ULENA", "URUTH"
EVERYBODY = {ANA, BO, DANA, KENJI, LENA, RUTH}
DRAFT = Handoff(
    id="safety:2026-12-01T01:00:00Z",
    schedule="safety",
    at=AT,
    from_region="AMER",
    to_region="APAC",
    outgoing=(ANA,),
    incoming=(KENJI,),
    backup_out=(BO,),
    backup_in=(LENA,),
    why="",
    posted_at=AT,
    state=HandoffState.DRAFTED,
    leads=(DANA, RUTH),
)


def after(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def offered(**fields: object) -> Handoff:
    return replace(steps.offer(DRAFT, AT), **fields)  # type: ignore[arg-type]


def reached(handoff: Handoff, *minutes: float) -> Handoff:
    for minute in minutes:
        handoff = steps.reach(handoff, after(minute), EVERYBODY).handoff
    return handoff


class TestWaiting:
    def test_the_backup_is_due_at_ten_minutes_the_lead_at_twenty_and_at_thirty_the_lead_holds_it(
        self,
    ) -> None:
        assert offered().plan == (
            Due(Level.BACKUP, after(10)),
            Due(Level.LEAD, after(20)),
            Due(Level.HOLD, after(30)),
        )

    def test_an_outage_past_their_rest_leaves_nothing_but_the_hold(self) -> None:
        offer = steps.offer(DRAFT, AT, rested_until=after(25))
        late = steps.reach(offer, after(300), EVERYBODY)
        assert late.paged == (LENA,)
        assert late.handoff.plan == (Due(Level.HOLD, after(300)),)

    def test_each_level_asks_one_more_and_the_last_ends_it(self) -> None:
        first = steps.reach(offered(), after(10), EVERYBODY)
        second = steps.reach(first.handoff, after(20), EVERYBODY)
        last = steps.reach(second.handoff, after(30), EVERYBODY)
        assert (first.paged, second.paged) == ((LENA,), (DANA,))
        assert second.handoff.asked == (KENJI, LENA, DANA)
        assert last.is_held
        assert (last.handoff.state, last.handoff.held_by, last.handoff.held_at) == (
            HandoffState.HELD,
            DANA,
            after(30),
        )
        assert last.handoff.plan == ()

    def test_a_late_level_shifts_the_later_ones_by_its_lateness(self) -> None:
        assert [due.at for due in reached(offered(), 25).plan] == [after(35), after(45)]

    def test_a_level_that_comes_early_is_followed_as_soon_as_ever_but_the_lead_holds_nothing_early(
        self,
    ) -> None:
        assert reached(offered(), 2).plan == (Due(Level.LEAD, after(12)), Due(Level.HOLD, after(30)))

    def test_without_a_backup_the_lead_is_asked_at_once(self) -> None:
        first = steps.reach(offered(backup_in=()), after(10), EVERYBODY)
        assert first.paged == (DANA,)
        assert [due.level for due in first.handoff.plan] == [Level.HOLD]

    def test_a_backup_who_is_not_here_any_more_is_passed_over(self) -> None:
        assert steps.reach(offered(), after(10), {DANA}).paged == (DANA,)

    def test_where_nobody_can_be_asked_it_waits_for_its_end(self) -> None:
        alone = steps.reach(offered(backup_in=(), leads=()), after(10), EVERYBODY)
        assert alone.paged == ()
        assert [due.level for due in alone.handoff.plan] == [Level.HOLD]

    def test_a_lead_who_refused_does_not_hold_it_while_another_can(self) -> None:
        handoff = steps.refuse(reached(offered(), 10, 20), Reason.REST, "", DANA, after(21))
        assert reached(handoff, 30).held_by == RUTH

    def test_a_lead_who_refused_holds_it_rather_than_nobody(self) -> None:
        handoff = steps.refuse(reached(offered(leads=(DANA,)), 10, 20), Reason.REST, "", DANA, after(21))
        assert reached(handoff, 30).held_by == DANA

    def test_without_any_lead_whoever_leaves_stays_responsible(self) -> None:
        ended = steps.reach(reached(offered(leads=()), 10, 20), after(30), EVERYBODY)
        assert (ended.is_held, ended.paged, ended.handoff.also_paged) == (False, (), (ANA,))

    def test_whoever_leaves_is_not_asked_to_take_it_back(self) -> None:
        assert steps.reach(offered(leads=(ANA, RUTH)), after(10), {ANA, RUTH}).paged == (RUTH,)

    def test_what_is_accepted_or_has_no_plan_waits_for_nothing(self) -> None:
        for done in (steps.accept(offered(), KENJI, AT), replace(offered(), plan=())):
            assert steps.reach(done, after(10), EVERYBODY).handoff == done


class TestRest:
    def test_nobody_who_leaves_is_held_past_their_rest(self) -> None:
        handoff = steps.offer(DRAFT, AT, after(15))
        assert handoff.plan == (Due(Level.BACKUP, after(10)), Due(Level.HOLD, after(15)))

    def test_where_the_schedule_leaves_no_rest_the_lead_holds_it_from_the_first_minute(self) -> None:
        assert steps.offer(DRAFT, AT, after(-60)).plan == (Due(Level.HOLD, AT),)

    def test_rest_that_is_further_off_changes_nothing(self) -> None:
        assert steps.offer(DRAFT, AT, after(300)).plan == offered().plan

    def test_a_late_level_does_not_take_from_their_rest_either(self) -> None:
        handoff = reached(steps.offer(DRAFT, AT, after(25)), 24)
        assert handoff.plan == (Due(Level.HOLD, after(25)),)


class TestTaking:
    def test_the_person_named_their_backup_whoever_was_asked_and_leads_may_take_it(self) -> None:
        handoff = offered(asked=(KENJI, RUTH))
        for user in (KENJI, LENA, RUTH):
            assert steps.may_take(handoff, person(user))
        assert steps.may_take(handoff, person(DANA, is_lead=True))
        assert not steps.may_take(handoff, person(BO))
        with pytest.raises(NotYours, match="the person it names, their backup or a lead"):
            steps.demand_taker(handoff, person(BO))

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (HandoffState.ACCEPTED, "accepted already"),
            (HandoffState.LAPSED, "next shift change has come since"),
            (HandoffState.WITHDRAWN, "does not happen any more"),
            (HandoffState.DRAFTED, "has not changed yet"),
        ],
    )
    def test_what_is_not_offered_cannot_be_taken_and_says_why(self, state: HandoffState, words: str) -> None:
        with pytest.raises(NothingToDo, match=words):
            steps.accept(offered(state=state), KENJI, AT)

    def test_the_grave_ones_are_read_back_and_the_others_need_no_words(self) -> None:
        grave = [incident(key=f"INC-{n}", severity=Severity(n)) for n in range(4)]
        assert steps.to_read_back(grave) == ("INC-0", "INC-1")

    def test_without_own_words_for_each_grave_one_it_is_not_accepted(self) -> None:
        with pytest.raises(ReadBackMissing, match="INC-2 in your own words") as refused:
            steps.read_back(offered(), {"INC-1": "Revoke.", "INC-2": "  "}, ("INC-1", "INC-2"), KENJI, AT)
        assert refused.value.keys == ("INC-2",)

    def test_what_was_read_back_is_kept_with_who_said_it(self) -> None:
        read = steps.read_back(offered(), {"INC-1": " Revoke batch 3. "}, ("INC-1",), KENJI, AT)
        assert read.state is HandoffState.READ_BACK
        assert [(r.key, r.text, r.by) for r in read.readbacks] == [("INC-1", "Revoke batch 3.", KENJI)]
        accepted = steps.accept(read, KENJI, after(4))
        assert (accepted.state, accepted.accepted_by, accepted.plan) == (HandoffState.ACCEPTED, KENJI, ())

    def test_a_quiet_shift_has_nothing_to_read_back(self) -> None:
        assert steps.read_back(offered(), {}, (), KENJI, AT) == offered()

    def test_what_a_lead_holds_can_still_be_accepted_and_the_record_keeps_that_it_was_held(self) -> None:
        late = steps.accept(reached(offered(), 10, 20, 30), KENJI, after(45))
        assert (late.state, late.held_by, late.held_at) == (HandoffState.ACCEPTED, DANA, after(30))


class TestAsking:
    def test_a_question_changes_the_state_and_not_the_waiting(self) -> None:
        asked = steps.ask(offered(), "Which batch?", KENJI, after(3))
        assert (asked.state, asked.plan) == (HandoffState.QUESTIONED, offered().plan)
        answered = steps.answer(asked, 1, "Batch 3.", ANA, after(5))
        assert (answered.state, answered.questions[0].answer) == (HandoffState.OFFERED, "Batch 3.")

    def test_with_another_question_open_it_stays_questioned(self) -> None:
        asked = steps.ask(steps.ask(offered(), "One?", KENJI, AT), "Two?", LENA, AT)
        assert steps.answer(asked, 1, "Yes.", ANA, AT).state is HandoffState.QUESTIONED

    def test_a_question_to_a_lead_who_holds_it_leaves_it_held(self) -> None:
        held = reached(offered(), 10, 20, 30)
        asked = steps.ask(held, "Which batch?", KENJI, after(31))
        assert asked.state is HandoffState.HELD
        assert steps.answer(asked, 1, "Batch 3.", DANA, after(32)).state is HandoffState.HELD

    def test_what_says_nothing_is_asked_back(self) -> None:
        with pytest.raises(ReasonRequired):
            steps.ask(offered(), "  ", KENJI, AT)
        with pytest.raises(ReasonRequired):
            steps.answer(steps.ask(offered(), "One?", KENJI, AT), 1, "", ANA, AT)

    def test_where_nobody_leaves_there_is_nobody_to_ask(self) -> None:
        with pytest.raises(NothingToDo):
            steps.ask(offered(outgoing=()), "One?", KENJI, AT)

    def test_only_whoever_hands_over_answers(self) -> None:
        asked = steps.ask(offered(), "One?", KENJI, AT)
        for number, user in ((1, KENJI), (7, ANA)):
            with pytest.raises(NotYours):
                steps.answer(asked, number, "Yes.", user, AT)


class TestRefusing:
    def test_whoever_refuses_is_on_the_record_with_the_reason_and_nobody_else_is_left(self) -> None:
        refused = steps.refuse(offered(), Reason.EXPOSURE, " too much ", KENJI, after(1))
        assert refused.state is HandoffState.REFUSED
        assert refused.refusers == frozenset({KENJI})
        assert refused.refusals[0].text == "too much"
        assert steps.is_nobody_left(refused)
        assert not steps.is_nobody_left(reached(refused, 1))

    def test_nobody_refuses_twice(self) -> None:
        with pytest.raises(NothingToDo):
            steps.refuse(steps.refuse(offered(), Reason.REST, "", KENJI, AT), Reason.REST, "", KENJI, AT)

    def test_the_lead_who_holds_it_cannot_refuse_it_any_more(self) -> None:
        with pytest.raises(NothingToDo, match="You hold it now"):
            steps.refuse(reached(offered(), 10, 20, 30), Reason.REST, "", DANA, after(31))

    def test_a_refusal_of_what_a_lead_holds_leaves_it_held(self) -> None:
        held = reached(offered(), 10, 20, 30)
        assert steps.refuse(held, Reason.REST, "", KENJI, after(31)).state is HandoffState.HELD

    def test_whoever_refused_may_still_take_it_after_all(self) -> None:
        refused = steps.refuse(offered(), Reason.REST, "", KENJI, AT)
        assert steps.accept(refused, KENJI, after(5)).state is HandoffState.ACCEPTED


class TestWriting:
    def test_a_written_line_stands_until_it_is_written_again_or_emptied(self) -> None:
        place = ("INC-1", Part.IF)
        first = steps.write(DRAFT, {place: " If it grows → SEV0 "}, ANA, AT)
        assert [(line.key, line.part, line.text) for line in first.written] == [
            ("INC-1", Part.IF, "If it grows → SEV0")
        ]
        second = steps.write(first, {place: "Else"}, ANA, AT)
        assert [line.text for line in second.written] == ["Else"]
        assert steps.write(second, {place: " "}, ANA, AT).written == ()

    def test_after_it_was_handed_over_nothing_is_written(self) -> None:
        with pytest.raises(NothingToDo):
            steps.write(steps.accept(offered(), KENJI, AT), {}, ANA, AT)


class TestPeople:
    def test_the_backup_of_the_shift_that_ends_hands_over_too_unless_they_stay(self) -> None:
        assert offered().handing_over == (ANA, BO)
        assert offered(backup_in=(BO,)).handing_over == (ANA,)

    def test_new_pages_ring_whoever_leaves_then_the_lead_then_nobody_else(self) -> None:
        assert offered().also_paged == (ANA,)
        held = reached(offered(), 10, 20, 30)
        assert held.also_paged == (DANA,)
        assert DANA in held.handing_over
        assert steps.lapse(held).also_paged == ()
        assert steps.lapse(held).held_at == after(30)

    def test_a_question_is_found_by_its_number(self) -> None:
        asked = steps.ask(offered(), "One?", KENJI, AT)
        assert asked.question(1) == asked.questions[0]
        assert asked.question(2) is None
