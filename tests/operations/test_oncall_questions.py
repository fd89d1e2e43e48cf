"""What leads ask the rota in chat, answered in the asker's zone, the place's and UTC, as Slack takes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handlers.blocks import ids
from handlers.blocks.oncall_help import CHANGES, QUESTIONS
from handlers.calls import Message
from handlers.listeners import oncall
from handlers.listeners.edge import Asked, Edge, Press
from incidents.model import Severity
from rotations.model import Absence, Override, OverrideKind, Seat
from storage.opening import SqlStore
from tests.support.golden import assert_accepted, words
from tests.support.house import MONDAY, TestHouse, example_house
from tests.support.incidents import ANA, DANA, WAVE
from tests.support.recording_front import RecordingFront


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


@pytest.fixture
def edge(there: TestHouse, front: RecordingFront) -> Edge:
    return Edge(there.house, front, _nothing, lambda: "U0BOT", _nothing, lambda _: None)


Says = Callable[..., str]


@pytest.fixture
def says(edge: Edge) -> Says:
    """The words of the answer to a line, by Ana unless somebody else is named."""

    def asked(line: str, by: str = ANA) -> str:
        reply = oncall.answer(edge, Asked(by), line)
        assert isinstance(reply, Message)
        assert_accepted(reply)
        return words(reply)

    return asked


def _nothing() -> None:
    """Nobody is asked anything."""


HOLE_ON = datetime(2026, 12, 3, 9, tzinfo=UTC)


def nobody_is_backup(there: TestHouse, at: datetime = HOLE_ON, made: datetime = MONDAY) -> None:
    """Tom is taken off EMEA's backup for eight hours, by a change made at an instant."""
    place = ("safety", "EMEA", Seat.BACKUP, OverrideKind.REMOVE)
    gone = Override(f"gone{at:%d}", *place, ("tom",), at, at + timedelta(hours=8), by=DANA)
    there.store.write(lambda unit: unit.schedules.add_override(gone, made))


def test_a_week_is_told_in_words_while_its_picture_is_drawn(
    says: Says, there: TestHouse, front: RecordingFront
) -> None:
    nobody_is_backup(there)
    said = says("week")
    assert "*On call Mon 30 Nov to Sun 6 Dec*, New York time" in said
    assert (
        "*APAC*  from 10:00 Tokyo · 01:00 UTC\nPrimary  Kenji Mori · Lena Wong from Sun 6 Dec 20:00" in said
    )
    assert "Backup  Tom Becker · *open* Thu 3 Dec 04:00–12:00 · Tom Becker from Fri 4 Dec 04:00" in said
    [(user, picture)] = front.shown
    assert user == ANA
    assert picture.alt.startswith(
        "On call Mon 30 Nov to Sun 6 Dec, New York time. Open: EMEA backup Thu 3 Dec"
    )
    assert "EMEA primary: Niamh Byrne." in picture.alt
    assert len(picture.alt) <= 1000
    assert picture.draw().startswith(b"\x89PNG")


def test_a_week_of_one_region_says_nothing_of_the_others(says: Says, there: TestHouse) -> None:
    nobody_is_backup(there)
    said = says("week apac")
    assert "AMER" not in said
    assert "No shift is open." in said


def test_a_persons_shifts_are_told_in_three_zones(says: Says) -> None:
    said = says("@kenji")
    assert "*APAC primary*  6 shifts of 8 h" in said
    assert (
        "Mon 30 Nov 20:00–Sun 6 Dec 04:00 New York · Tue 1 Dec 10:00–Sun 6 Dec 18:00 Tokyo · "
        "Tue 1 Dec 01:00–Sun 6 Dec 09:00 UTC" in said
    )
    assert said.index("*APAC primary*") < said.index("*APAC backup*")


def test_shifts_on_every_schedule_count_and_a_cover_says_for_whom(says: Says, there: TestHouse) -> None:
    assert "*Legal primary*" in says("@iris")
    start = datetime(2026, 12, 1, 17, tzinfo=UTC)
    seat = ("safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE)
    covers = Override("o", *seat, ("milan",), start, start + timedelta(hours=2), "dentist", DANA)
    there.store.write(lambda unit: unit.schedules.add_override(covers, MONDAY))
    assert "*AMER primary*  2 h" in says("@milan")
    assert "Milan Popov covers: dentist." in says("@milan")


def test_who_is_next_is_sought_on_every_schedule(says: Says) -> None:
    assert "Iris Falk is on next from" in says("next @iris")
    assert "Legal primary" in says("next @iris")
    assert "Milan Popov is on no shift in the next 400 days." in says("next @milan")


def test_somebody_without_a_shift_is_told_so(says: Says) -> None:
    assert "Milan Popov is on no shift in the next 8 weeks." in says("@milan")
    assert says("me").startswith("*Ana Lima: the next 8 weeks*")


def test_open_shifts_are_told_by_instant_and_a_lead_can_ask_for_cover(says: Says, there: TestHouse) -> None:
    assert "No shift is open* in the next 52 weeks." in says("holes")
    nobody_is_backup(there)
    said = says("holes", DANA)
    assert "*1 open shift in the next 52 weeks*" in said
    assert "Not full: EMEA backup 99.7 %." in said
    assert "EMEA backup Thu 3 Dec 09:00–17:00 Dublin · 03:00–11:00 Chicago · 09:00–17:00 UTC" in said
    assert "Ask for cover" in said
    assert "Ask for cover" not in says("holes")
    assert "legal" not in said


def test_weeks_in_which_the_clocks_change_the_hours_are_called_out(says: Says) -> None:
    said = says("holes amer")
    assert "Mon 8 Mar 2027: From Sun 14 Mar 2027 AMER holds 9 h instead of 8 h, until Sun 7 Nov 2027" in said
    assert "EMEA" not in said


def test_in_a_week_whoever_stands_in_is_named_once(says: Says, there: TestHouse) -> None:
    place = ("safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE)
    stands_in = Override("in", *place, ("priya",), MONDAY, MONDAY + timedelta(hours=2), "dentist")
    there.store.write(lambda unit: unit.schedules.add_override(stands_in, MONDAY))
    said = says("week amer")
    assert "Priya Nair from Mon 30 Nov 14:00 (covers: dentist)" in said


def test_another_time_is_told_on_the_readers_own_clock_too(says: Says) -> None:
    assert "On your own clock: <!date^" in says("tomorrow 9am")


def test_a_lead_reads_everybodys_load_and_everybody_else_their_own(says: Says, there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    there.declare("Grooming of a child reported", severity=Severity.SEV1)
    said = says("load", DANA)
    assert "*Bo Chen*" in said
    assert "*Dana Ortiz (lead)*" in said
    own = says("load")
    assert "*Bo Chen*" not in own
    assert "2 public holidays · 1 page · 19.5 points" in own  # the restricted incident's page is not counted
    assert "Hours  196 · 365" in own


def test_whoever_stands_in_is_named_once_and_whoever_serves_by_turn_in_one_line(
    says: Says, there: TestHouse
) -> None:
    place = ("safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE)
    stands_in = Override("in", *place, ("priya",), MONDAY, MONDAY + timedelta(hours=2), "dentist")
    there.store.write(lambda unit: unit.schedules.add_override(stands_in, MONDAY))
    said = says("")
    assert "*Primary*  Priya Nair (covers: dentist)" in said
    assert "By rotation: Bo Chen and Dana Ortiz until Mon 7 Dec 12:00 New York (17:00 UTC)" in said


def test_holidays_on_shifts_are_listed_and_the_person_can_ask_for_cover(says: Says) -> None:
    said = says("holidays @ana")
    assert "*Fri 25 Dec, Christmas Day*: Ana Lima, AMER backup, Fri 25 Dec 12:00–20:00 New York" in said
    assert "Ask for cover" in said
    assert "Niamh" not in said
    assert "Ask for cover" not in says("holidays emea")
    assert "Ask for cover" in says("holidays emea", DANA)


def test_why_somebody_is_away_is_read_by_them_and_by_leads_alone(says: Says, there: TestHouse) -> None:
    start = datetime(2026, 12, 1, 5, tzinfo=UTC)
    away = Absence("a", "bo", start, start + timedelta(days=1), "a wedding")
    there.store.write(lambda unit: unit.schedules.add_absence(away, MONDAY))
    seen = "Bo Chen, AMER backup, Tue 1 Dec 12:00–20:00 New York"
    assert f"*Away*: {seen}" in says("holidays")
    assert "*Away (a wedding)*: Bo Chen, AMER backup" in says("holidays @bo", "UBO")
    assert "*Away (a wedding)*: Bo Chen, AMER backup" in says("holidays @bo", DANA)
    assert "No shift of the next 8 weeks" in says("holidays @milan")


def test_all_that_one_absence_takes_of_a_seat_is_one_line(says: Says, there: TestHouse) -> None:
    start = datetime(2026, 12, 1, 5, tzinfo=UTC)
    away = Absence("a", "bo", start, start + timedelta(days=3))
    there.store.write(lambda unit: unit.schedules.add_absence(away, MONDAY))
    said = says("holidays @bo", DANA)
    assert "*Away*: Bo Chen, AMER backup, 3 shifts, Tue 1 Dec 11:00–Thu 3 Dec 19:00 Chicago" in said
    assert said.count("*Away*") == 1


def test_a_lead_reads_the_next_ten_on_one_phone_and_how_to_ask_for_fewer(says: Says) -> None:
    said = says("holidays", DANA)
    assert said.count("\nAsk for cover\n") == 10
    assert "more: /oncall holidays @ana shows one person" in said


def test_why_tells_the_whole_chain_of_every_seat(says: Says, there: TestHouse) -> None:
    nobody_is_backup(there)
    said = says("why 2026-12-03 18:00 Tokyo")
    assert "*Why, Thu 3 Dec 18:00 Tokyo · 04:00 New York · 09:00 UTC*" in said
    assert "*Backup*  nobody. Tom Becker is taken off. The rotation says Tom Becker." in said
    assert "*Lead*  Elena Rossi. The rotation says Elena Rossi. Until Mon 7 Dec 04:00 New York" in said


def test_history_says_what_was_known_then_and_what_is_known_now(says: Says, there: TestHouse) -> None:
    there.clock.advance(days=4)
    assert "The same as was known at that time." in says("history 2026-12-03 10:00 UTC")
    nobody_is_backup(there, made=there.clock.now())
    said = says("history 2026-12-03 10:00 UTC")
    assert "*As it was known then: EMEA*\nPrimary  Niamh Byrne\nBackup  Tom Becker" in said
    assert "*By what is known now: EMEA*\nPrimary  Niamh Byrne\nBackup  nobody" in said
    assert "Pages of that time followed what was known then." in said


def test_history_before_the_first_apply_says_so(says: Says) -> None:
    said = says("history 2026-11-30 12:00 UTC")
    assert "No schedule was applied yet then." in said
    assert "By what is known now: EMEA" in said


def test_what_cannot_be_read_is_pointed_at_and_the_near_line_is_one_press_away(says: Says) -> None:
    said = says("hoels")
    assert "```/oncall hoels\n        ^ here```" in said
    assert said.splitlines()[-2:] == ["/oncall holes", "What can be asked"]


def test_a_long_line_is_kept_whole_and_pointed_at_in_a_phones_width(says: Says) -> None:
    said = says("at in three hours <@UBO|bo> from now or perhaps a little later")
    shown, mark = said.split("```")[1].splitlines()
    assert shown[mark.index("^") :].startswith("three")
    assert len(shown) <= 33
    assert "/oncall at in three hours @bo from now or perhaps a little later" in said


def test_help_lists_every_question_and_change_whole(edge: Edge) -> None:
    reply = oncall.answer(edge, Asked(ANA), "help")
    assert isinstance(reply, Message)
    assert_accepted(reply)
    assert reply.text == "How to use /oncall"
    assert words(reply).count("`/oncall") == len((*QUESTIONS, *CHANGES))
    assert "leads" in words(reply).split("`/oncall edit")[1]


def test_a_region_alone_is_asked_back(says: Says) -> None:
    assert says("apac").splitlines() == ["What about APAC?", "/oncall next APAC", "/oncall week APAC"]


def test_a_choice_of_the_menu_asks_what_could_have_been_typed(edge: Edge) -> None:
    reply = oncall.PRESSES[ids.ON_CALL_WORDS](edge, Press(Asked(ANA), f"{ids.ON_CALL_WORDS}menu", "holes"))
    assert isinstance(reply, Message)
    assert reply.text.startswith("No shift is open")


def test_who_is_on_call_is_posted_for_everybody_in_their_own_time(edge: Edge, front: RecordingFront) -> None:
    pressed = Press(Asked(ANA, response_url="https://slack.example/r"), ids.ON_CALL_SHARE)
    assert oncall.PRESSES[ids.ON_CALL_SHARE](edge, pressed) is None
    [(url, posted)] = front.shared
    assert url == "https://slack.example/r"
    assert_accepted(posted)
    assert "<!date^" in words(posted)
    assert "New York" not in words(posted)
    assert "Posted by Ana Lima." in words(posted)


def test_where_nothing_can_be_posted_that_is_said(edge: Edge) -> None:
    reply = oncall.PRESSES[ids.ON_CALL_SHARE](edge, Press(Asked(ANA), ids.ON_CALL_SHARE))
    assert isinstance(reply, Message)
    assert "from here nothing can be posted" in reply.text


def test_an_answer_over_a_clock_change_says_how_it_was_read_and_offers_the_other(says: Says) -> None:
    said = says("2026-11-01 01:30 New York")
    assert "Sun 1 Nov 01:30 New York" in said
    assert "Sun 1 Nov 01:30 New York · 14:30 Tokyo · 05:30 UTC" in said
    assert "there are two 01:30 in New York on 2026-11-01. The other reading:" in said
    assert said.endswith("/oncall 2026-11-01T06:30Z New York")
