"""Notices of shifts on the real store: once for ever, following every change, late ones dropped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from msgspec.structs import replace

from bot.restored import mark_restored
from handlers.calls import Call, Skip
from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Outcome
from incidents.operations import preferences, shift_notices
from incidents.operations.preferences import NeverQuiet
from incidents.people import Ask
from incidents.ports import House
from rotations.model import Absence, Override, OverrideKind, Seat
from rotations.notices import NoticeKind, Preferences, Quiet
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.house import TestHouse, example_house, library
from tests.support.ids import CountingIds

MONDAY_BEFORE = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # Ana's week begins on Mon 30 Nov 17:00 UTC
ANA_FROM = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    """Looked once, half an hour before a week before Ana's week."""
    house = example_house(store, MONDAY_BEFORE)
    look(house)
    return house


def look(there: TestHouse) -> list[Effect]:
    """What a look puts, sorted by to whom; everything else is sent before."""
    there.slack()
    shift_notices.send_due(there.house)
    return sorted(
        (one for one in there.slack() if one.kind in (EffectKind.SHIFT_NOTICE, EffectKind.POST_OUTLOOK)),
        key=lambda one: one.users,
    )


def at(there: TestHouse, when: datetime) -> list[Effect]:
    there.clock.set(when)
    return look(there)


def of(effects: list[Effect], user: str = "UANA") -> list[str]:
    """Kinds and seats of what one person is told."""
    mine = (one for one in effects if one.users == (user,))
    return sorted(f"{one.args['kind']} {one.args['region']} {one.args['seat']}" for one in mine)


def change(there: TestHouse, people: str, start: datetime, hours: int = 8) -> None:
    made = Override(
        f"o-{start.isoformat()}",
        "safety",
        "AMER",
        Seat.PRIMARY,
        OverrideKind.REPLACE,
        (people,),
        start,
        start + timedelta(hours=hours),
    )
    there.store.write(lambda unit: unit.schedules.add_override(made, there.clock.now()))


def rendered(there: TestHouse, effect: Effect) -> Call | Skip:
    answer = there.store.read(lambda unit: render(effect, unit, there.house))
    assert isinstance(answer, Call | Skip)
    return answer


def test_nobody_is_flooded_by_the_first_look_of_all(store: SqlStore) -> None:
    assert look(example_house(store, ANA_FROM - timedelta(minutes=30))) == []


def test_ana_is_told_a_week_ahead_the_evening_before_and_an_hour_before(there: TestHouse) -> None:
    assert of(at(there, ANA_FROM - timedelta(days=7))) == ["week AMER primary"]
    assert of(at(there, datetime(2026, 11, 29, 23, 0, tzinfo=UTC))) == ["evening AMER primary"]
    assert of(at(there, ANA_FROM - timedelta(hours=1))) == ["hour AMER primary"]


def test_a_second_look_and_a_restart_and_another_replica_say_nothing_again(there: TestHouse) -> None:
    there.clock.set(ANA_FROM - timedelta(hours=1))
    assert of(look(there)) == ["hour AMER primary"]
    assert look(there) == []
    forgotten = MONDAY_BEFORE.isoformat()  # a replica that had looked before, and looks now
    there.store.write(lambda unit: unit.facts.put("notices.near", forgotten))
    assert of(look(there)) == []


def test_two_processes_that_look_at_the_same_moment_tell_once(there: TestHouse) -> None:
    there.clock.set(ANA_FROM - timedelta(hours=1))
    together = Barrier(2)

    def process(_number: int) -> None:
        together.wait()
        shift_notices.send_due(there.house)

    with ThreadPoolExecutor(2) as both:
        list(both.map(process, range(2)))
    assert of([one for one in there.slack() if one.kind is EffectKind.SHIFT_NOTICE]) == ["hour AMER primary"]


def test_what_fell_due_while_the_bot_was_away_comes_late_where_it_still_helps(there: TestHouse) -> None:
    found = at(there, ANA_FROM - timedelta(minutes=20))
    assert of(found) == ["hour AMER primary"]  # neither the week's nor the evening's


def test_a_shift_that_has_begun_is_not_announced(there: TestHouse) -> None:
    assert of(at(there, ANA_FROM)) == []


def test_whoever_took_the_shift_over_is_told_and_whoever_gave_it_away_is_not(there: TestHouse) -> None:
    assert of(at(there, ANA_FROM - timedelta(days=7))) == ["week AMER primary"]
    change(there, "priya", ANA_FROM)
    found = at(there, ANA_FROM - timedelta(hours=1))
    assert (of(found), of(found, "UPRIYA")) == ([], ["hour AMER primary"])


def test_a_shift_taken_over_in_the_last_hour_was_told_by_the_change_itself(there: TestHouse) -> None:
    at(there, ANA_FROM - timedelta(minutes=50))
    change(there, "priya", ANA_FROM)
    assert of(at(there, ANA_FROM - timedelta(minutes=40)), "UPRIYA") == []


def test_a_notice_that_waits_in_the_outbox_while_its_shift_moves_is_not_sent(there: TestHouse) -> None:
    (told,) = (one for one in at(there, ANA_FROM - timedelta(hours=1)) if one.users == ("UANA",))
    assert isinstance(rendered(there, told), Call)
    change(there, "priya", ANA_FROM)
    assert rendered(there, told) == Skip("the shift has moved since")


def test_a_notice_that_was_sent_says_so_once_when_its_shift_has_moved(there: TestHouse) -> None:
    at(there, ANA_FROM - timedelta(days=7))
    assert edits(there, ANA_FROM - timedelta(days=6)) == []
    change(there, "priya", ANA_FROM)
    (edit,) = edits(there, ANA_FROM - timedelta(days=5))
    assert edit.users == ("UANA",)
    call = rendered(there, edit)
    assert isinstance(call, Call)
    assert (call.method, call.args["channel"]) == ("chat.update", edit.args["channel"])
    assert "Priya Nair is on call then." in str(call.args["blocks"])
    assert edits(there, ANA_FROM - timedelta(days=4)) == []


def test_a_notice_whose_shift_comes_back_before_its_edit_leaves_stays(there: TestHouse) -> None:
    at(there, ANA_FROM - timedelta(days=7))
    change(there, "priya", ANA_FROM)
    (edit,) = edits(there, ANA_FROM - timedelta(days=5))
    there.store.write(lambda unit: unit.schedules.withdraw([f"o-{ANA_FROM.isoformat()}"], there.clock.now()))
    assert rendered(there, edit) == Skip("it holds again")


def edits(there: TestHouse, when: datetime) -> list[Effect]:
    """What is edited by a look."""
    there.slack()
    there.clock.set(when)
    shift_notices.send_due(there.house)
    return [one for one in there.slack() if one.kind is EffectKind.UPDATE_SHIFT_NOTICE]


def test_a_notice_that_left_too_late_is_not_sent(there: TestHouse) -> None:
    (told,) = (one for one in at(there, ANA_FROM - timedelta(hours=1)) if one.users == ("UANA",))
    there.clock.set(ANA_FROM)
    assert rendered(there, told) == Skip("it would help nobody any more")


def test_what_was_switched_off_meanwhile_is_not_sent(there: TestHouse) -> None:
    (told,) = (one for one in at(there, ANA_FROM - timedelta(hours=1)) if one.users == ("UANA",))
    preferences.switch_off(there.house, Ask("UANA"), NoticeKind.HOUR)
    assert rendered(there, told) == Skip("they do not want to be told")


def test_quiet_hours_that_were_set_meanwhile_are_kept(there: TestHouse) -> None:
    (told,) = (one for one in at(there, ANA_FROM - timedelta(hours=1)) if one.users == ("UANA",))
    preferences.choose(there.house, Ask("UANA"), quiet("10:00", "12:30"))
    assert rendered(there, told) == Skip("it would fall into their quiet hours")


def test_a_late_notice_that_would_break_quiet_hours_to_the_end_is_dropped(there: TestHouse) -> None:
    preferences.choose(there.house, Ask("UANA"), quiet("11:30", "13:00"))  # the hour's is due at 11:00
    assert of(at(there, ANA_FROM - timedelta(minutes=20))) == []


def test_opting_out_is_kept_and_touches_nobody_else(there: TestHouse) -> None:
    preferences.switch_off(there.house, Ask("UANA", "press-1"), NoticeKind.WEEK)
    preferences.switch_off(there.house, Ask("UANA", "press-1"), NoticeKind.HOUR)  # delivered again
    assert preferences.chosen(there.house, "UANA")[0] == Preferences(frozenset({NoticeKind.WEEK}))
    found = at(there, ANA_FROM - timedelta(days=7))
    assert (of(found), of(found, "UBO")) == ([], ["week AMER backup"])


def test_a_guest_on_call_says_for_themselves_what_they_are_told(there: TestHouse) -> None:
    joy = there.store.read(lambda unit: unit.people.actor("UJOY"))
    assert joy is not None
    guest = replace(joy, is_guest=True)
    there.store.write(lambda unit: unit.people.put_profiles([guest], there.clock.now()))
    preferences.switch_off(there.house, Ask("UJOY"), NoticeKind.WEEK)
    assert preferences.chosen(there.house, "UJOY")[0].off == {NoticeKind.WEEK}


def test_quiet_hours_hold_a_notice_back_until_they_are_over(there: TestHouse) -> None:
    preferences.choose(there.house, Ask("UANA"), quiet("10:30", "11:30"))
    assert of(at(there, ANA_FROM - timedelta(hours=1))) == []
    assert of(at(there, ANA_FROM - timedelta(minutes=30))) == ["hour AMER primary"]


def test_quiet_hours_are_those_of_the_zone_in_which_somebody_is_now(there: TestHouse) -> None:
    preferences.choose(there.house, Ask("UANA"), quiet("00:30", "01:30"))  # Tokyo's, where she is now
    ana = there.store.read(lambda unit: unit.people.actor("UANA"))
    assert ana is not None
    moved = replace(ana, zone="Asia/Tokyo")
    there.store.write(lambda unit: unit.people.put_profiles([moved], there.clock.now()))
    assert of(at(there, ANA_FROM - timedelta(hours=1))) == []


def quiet(starts: str, ends: str) -> Preferences:
    return Preferences(quiet=Quiet(time.fromisoformat(starts), time.fromisoformat(ends)))


@pytest.mark.parametrize(("starts", "ends"), [("22:00", "22:00"), ("07:00", "06:45")])
def test_quiet_hours_that_never_end_are_refused(there: TestHouse, starts: str, ends: str) -> None:
    with pytest.raises(NeverQuiet):
        preferences.choose(there.house, Ask("UANA"), quiet(starts, ends))


def test_an_absence_warns_the_person_and_the_lead_at_once_and_once(there: TestHouse) -> None:
    away = Absence("a-1", "ana", ANA_FROM, ANA_FROM + timedelta(days=1))
    there.store.write(lambda unit: unit.schedules.add_absence(away, there.clock.now()))
    found = at(there, MONDAY_BEFORE + timedelta(minutes=15))
    assert of(found) == ["absence AMER primary"]
    assert of(found, "UDANA") == ["absence AMER primary"]
    assert at(there, MONDAY_BEFORE + timedelta(minutes=29)) == []


def test_christmas_is_told_three_weeks_ahead_to_the_person_and_the_lead(there: TestHouse) -> None:
    at(there, datetime(2026, 12, 4, 14, 0, tzinfo=UTC))
    looked = at(
        there, datetime(2026, 12, 4, 16, 0, tzinfo=UTC)
    )  # 10:00 in Chicago, an hour later in New York
    found = [one for one in looked if (one.args["kind"], one.args["region"]) == ("holiday", "AMER")]
    assert of(found) == ["holiday AMER backup"]
    assert of(found, "UPRIYA") == ["holiday AMER primary"]
    assert of(found, "UDANA") == ["holiday AMER backup", "holiday AMER lead", "holiday AMER primary"]


def test_a_holiday_that_was_given_away_while_its_warning_waited_is_not_sent(there: TestHouse) -> None:
    at(there, datetime(2026, 12, 4, 14, 0, tzinfo=UTC))
    found = at(there, datetime(2026, 12, 4, 15, 0, tzinfo=UTC))
    (told,) = (one for one in found if one.args["kind"] == "holiday" and one.users == ("UPRIYA",))
    assert "You are on call on Christmas Day" in str(rendered(there, told))
    change(there, "cy", datetime(2026, 12, 25, 17, 0, tzinfo=UTC), 32)
    assert rendered(there, told) == Skip("the shift has moved since")


def test_a_notice_that_slack_refuses_for_good_is_told_to_the_leads_once(there: TestHouse) -> None:
    (told,) = (one for one in at(there, ANA_FROM - timedelta(hours=1)) if one.users == ("UANA",))
    there.store.write(
        lambda unit: shift_notices.note_unreached(
            unit, told, Outcome(False, error="user_not_found"), there.clock.now()
        )
    )
    (to_lead,) = there.slack()
    assert (to_lead.users, to_lead.args["unreached"]) == (("UDANA",), "user_not_found")
    there.store.write(
        lambda unit: shift_notices.note_unreached(
            unit, to_lead, Outcome(False, error="user_not_found"), there.clock.now()
        )
    )
    assert there.slack() == []
    call = rendered(there, to_lead)
    assert isinstance(call, Call)
    assert "Ana Lima could not be told" in str(call.args["blocks"])


def test_the_lead_hears_in_time_of_somebody_on_call_who_has_left(there: TestHouse) -> None:
    ana = there.store.read(lambda unit: unit.people.actor("UANA"))
    assert ana is not None
    left = replace(ana, is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([left], there.clock.now()))
    found = at(there, ANA_FROM - timedelta(days=7))
    assert of(found) == []
    (told,) = (one for one in found if one.args.get("unreached"))
    assert (told.users, told.args["unreached"]) == (("UDANA",), "account_inactive")
    assert "They have left this workspace" in str(rendered(there, told))
    later = at(there, datetime(2026, 11, 29, 23, 0, tzinfo=UTC))
    assert not [one for one in later if one.args.get("unreached")]  # once for each shift
    assert of(at(there, ANA_FROM - timedelta(hours=1))) == []


def test_the_lead_hears_of_somebody_on_call_without_an_account(there: TestHouse) -> None:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    people = tuple(replace(one, slack=None) if one.key == "ana" else one for one in organisation.people)
    there.store.write(
        lambda unit: unit.schedules.apply(replace(organisation, people=people), there.clock.now(), "test")
    )
    found = at(there, ANA_FROM - timedelta(days=7))
    assert [one.args["unreached"] for one in found if one.users == ("UDANA",)] == ["no_account"]


def test_the_team_is_told_on_mondays_once(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.facts.put("channel.team", "C0TEAM"))
    posts = [one for one in at(there, datetime(2026, 11, 30, 8, 0, tzinfo=UTC)) if not one.users]
    assert [one.args["monday"] for one in posts] == ["2026-11-30T08:00:00+00:00"]
    assert [one for one in at(there, datetime(2026, 11, 30, 9, 0, tzinfo=UTC)) if not one.users] == []
    there.clock.set(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    call = rendered(there, posts[0])
    assert isinstance(call, Call)
    assert (call.args["channel"], call.args["text"]) == ("C0TEAM", "No open shift in the next 14 days")
    there.clock.set(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    assert rendered(there, posts[0]) == Skip("that Monday is over")


def test_a_monday_that_was_missed_by_more_than_a_day_is_left_out(there: TestHouse) -> None:
    assert not [one for one in at(there, datetime(2026, 12, 1, 8, 0, tzinfo=UTC)) if not one.users]


def test_an_empty_workspace_is_told_nothing_on_mondays(sqlite_store: SqlStore, ids: CountingIds) -> None:
    clock = FakeClock(MONDAY_BEFORE)
    empty = TestHouse(House(sqlite_store, clock, ids, library()), clock, sqlite_store)
    assert look(empty) == []
    assert at(empty, datetime(2026, 11, 30, 8, 0, tzinfo=UTC)) == []


def test_a_restored_copy_tells_nobody_again(there: TestHouse) -> None:
    there.clock.set(ANA_FROM - timedelta(minutes=50))
    there.store.write(lambda unit: mark_restored(unit, there.clock.now()))
    assert of(look(there)) == []
