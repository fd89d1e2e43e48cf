"""Calendars that are followed: when each is read again, what of it is news, and how little is said of it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents import subscriptions
from incidents.calendar_marks import SHOWN, Mark, Told, is_same, mark_of, midnight
from incidents.proposals import Found, Kind, Proposal, SeatShifts, State
from incidents.subscriptions import (
    EVERY,
    LONGEST_WAIT,
    PATIENT,
    Course,
    Failing,
    News,
    NoCalendar,
    Reading,
    Subscription,
    label_of,
)
from rotations.imports import Answers, Question, QuestionKind
from rotations.model import RosterShift, Seat
from rotations.replanning import Place

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GONE, AWAY = NoCalendar("It is gone."), NoCalendar("It is away.", is_lasting=False)
WHO = Question(QuestionKind.PERSON, "Temp", "Who is “Temp”?")
ONE = Subscription(
    "s1",
    "https://calendar.example.com/private-9f2",
    "calendar.example.com …-9f2",
    Place("safety", "EMEA", Seat.PRIMARY),
    "UDANA",
    NOW - DAY,
    NOW,
    read_at=NOW - HOUR,
    whole_at=NOW - HOUR,
)


def shift(person: str, day: int, hours: int = 8) -> RosterShift:
    start = midnight(NOW) + timedelta(days=day, hours=9)
    return RosterShift((person,), start, start + timedelta(hours=hours))


def marked(*shifts: RosterShift, at: datetime = NOW) -> Mark:
    return mark_of(shifts, (), midnight(at))


def reading(*shifts: RosterShift, differs: bool = True, at: datetime = NOW) -> Reading:
    return Reading(differs, marked(*shifts, at=at), mark_of(shifts, (), at))


def proposal(state: State, *shifts: RosterShift, decided_by: str = "") -> Proposal:
    found = Found((), (), "safety", (SeatShifts("EMEA", Seat.PRIMARY, shifts),))
    made = Proposal("p1", "UDANA", ("UDANA",), NOW, "a calendar", Kind.CALENDAR, found=found)
    return replace(made, state=state, decided_by=decided_by)


def read(one: Subscription, found: Reading, asked: Proposal | None = None, at: datetime = NOW) -> Course:
    return subscriptions.read_well(one, found, asked, at, 0.0)


def test_of_an_address_only_the_host_and_four_signs_are_shown() -> None:
    assert label_of(" https://calendar.example.com/private-9f2 ") == "calendar.example.com …-9f2"
    assert "private" not in repr(ONE)


@pytest.mark.parametrize(
    "typed", ["http://a.example.com/", "file:///etc/passwd", "https:///a", "", "https://[a"]
)
def test_what_is_no_address_of_a_calendar_is_not_followed(typed: str) -> None:
    with pytest.raises(NoCalendar):
        label_of(typed)


def test_an_address_with_a_password_in_it_is_not_followed() -> None:
    with pytest.raises(NoCalendar, match="password"):
        label_of("https://me:word@calendar.example.com/a.ics")


def test_the_same_shifts_are_known_again_whatever_their_order() -> None:
    assert marked(shift("ana", 1), shift("bo", 2)) == marked(shift("bo", 2), shift("ana", 1))
    assert marked(shift("ana", 1)) != marked(shift("bo", 1))
    assert marked(shift("ana", 1)) != marked(shift("ana", 1, hours=9))


def test_what_lies_beyond_ninety_days_is_told_when_it_comes_nearer() -> None:
    assert marked(shift("ana", SHOWN.days + 1)) == marked()
    assert marked(shift("ana", SHOWN.days - 1)) != marked()


def test_a_shift_that_is_over_by_now_says_nothing() -> None:
    assert mark_of([shift("ana", 0)], (), NOW) == mark_of([], (), NOW)
    assert mark_of([shift("ana", 0, hours=30)], (), NOW) != mark_of([], (), NOW)


def test_the_same_is_known_again_days_later() -> None:
    later = NOW + 10 * DAY
    shifts = shift("ana", 1), shift("bo", 40)
    assert is_same(marked(*shifts), marked(*shifts, at=later), later)
    assert not is_same(marked(*shifts), marked(shift("bo", 41), at=later), later)


def test_what_was_told_long_ago_does_not_reach_far_enough() -> None:
    later = NOW + 46 * DAY
    assert not is_same(marked(), marked(at=later), later)


def test_another_open_question_is_something_else() -> None:
    assert not is_same(mark_of((), (WHO,), NOW), mark_of((), (), NOW), NOW)


def test_it_is_read_every_hour_spread_a_little() -> None:
    assert subscriptions.wait(0, 0.0) == EVERY
    assert EVERY < subscriptions.wait(0, 0.99) < EVERY * 1.1


def test_after_failures_it_is_read_ever_more_seldom() -> None:
    lengths = [subscriptions.wait(failed, 0.0) for failed in range(1, 6)]
    assert lengths == [HOUR, 2 * HOUR, 4 * HOUR, LONGEST_WAIT, LONGEST_WAIT]
    assert subscriptions.wait(5000, 0.0) == LONGEST_WAIT


@pytest.mark.parametrize(
    ("one", "is_whole"),
    [
        (ONE, False),
        (replace(ONE, whole_at=None), True),
        (replace(ONE, whole_at=NOW - DAY), True),
        (replace(ONE, failing=Failing(NOW, 1, "")), True),
    ],
)
def test_now_and_then_the_whole_calendar_is_wanted(one: Subscription, is_whole: bool) -> None:
    assert subscriptions.asks_whole(one, NOW) is is_whole


def test_what_is_as_it_was_is_no_news() -> None:
    course = subscriptions.unmodified(ONE, NOW, 0.0)
    assert course == Course(replace(ONE, read_at=NOW, due_at=NOW + HOUR))


def test_what_lasts_is_told_at_once_and_once() -> None:
    first = subscriptions.failed(ONE, GONE, NOW, 0.0)
    second = subscriptions.failed(first.after, GONE, NOW + HOUR, 0.0)
    assert first.news == {News.FAILED}
    assert second.news == set()
    assert second.after.failing == Failing(NOW, 2, "It is gone.", True)
    assert second.after.due_at == NOW + 3 * HOUR


def test_what_may_pass_is_told_when_it_has_not_passed() -> None:
    one, told = ONE, []
    for number in range(PATIENT + 1):
        course = subscriptions.failed(one, AWAY, NOW + number * HOUR, 0.0)
        one = course.after
        told.append(course.news)
    assert told == [set(), set(), {News.FAILED}, set()]


def test_what_cannot_even_be_read_once_is_told_at_once() -> None:
    assert subscriptions.failed(replace(ONE, whole_at=None), AWAY, NOW, 0.0).news == {News.FAILED}


def test_after_a_failure_the_hosts_marks_are_forgotten() -> None:
    course = subscriptions.failed(replace(ONE, etag="v1", modified="Mon"), AWAY, NOW, 0.0)
    assert (course.after.etag, course.after.modified) == ("", "")


def test_that_it_is_well_again_is_told_once_where_its_failure_was() -> None:
    failing = replace(ONE, failing=Failing(NOW, 1, "", True))
    course = read(failing, reading(differs=False))
    assert course.news == {News.WELL}
    assert course.after.failing is None
    assert read(course.after, reading(differs=False)).news == set()
    assert read(replace(ONE, failing=Failing(NOW, 1, "")), reading(differs=False)).news == set()


def test_the_first_reading_says_that_all_is_the_same() -> None:
    assert read(replace(ONE, whole_at=None), reading(differs=False)).news == {News.SAME}
    assert read(ONE, reading(differs=False)).news == set()


def test_a_difference_is_told_once() -> None:
    first = read(ONE, reading(shift("ana", 1)))
    assert first.news == {News.DIFFERS}
    assert read(first.after, reading(shift("ana", 1))).news == set()


def test_what_leads_are_asked_or_have_decided_is_not_told_again() -> None:
    for state, by in ((State.OPEN, ""), (State.DONE, "UDANA"), (State.LEFT, "UDANA")):
        course = read(ONE, reading(shift("ana", 1)), proposal(state, shift("ana", 1), decided_by=by))
        assert course.news == set()
        assert not course.is_outdated


def test_what_was_only_withdrawn_is_told_anew_after_a_day() -> None:
    withdrawn, later = proposal(State.LEFT, shift("ana", 3)), NOW + DAY
    told = replace(ONE, told=(Told(marked(shift("ana", 3)), NOW),))
    assert read(told, reading(shift("ana", 3)), withdrawn).news == set()
    assert read(told, reading(shift("ana", 3), at=later), withdrawn, later).news == {News.DIFFERS}


def test_a_calendar_that_flips_is_told_of_once_for_each_content() -> None:
    one, asked, told = ONE, None, []
    for number in range(8):
        now = NOW + timedelta(minutes=number)
        person = "ana" if number % 2 else "bo"
        course = read(one, reading(shift(person, 1), at=now), asked, now)
        one, asked = course.after, proposal(State.OPEN, shift(person, 1)) if course.news else asked
        told.append(bool(course.news))
    assert told == [True, True, *[False] * 6]


def test_what_leads_are_asked_is_withdrawn_once_the_calendar_says_otherwise() -> None:
    asked = proposal(State.OPEN, shift("ana", 1))
    assert read(ONE, reading(differs=False), asked).is_outdated
    other = read(ONE, reading(shift("bo", 1)), asked)
    assert other.is_outdated
    assert read(other.after, reading(shift("bo", 1)), asked).is_outdated
    assert not read(ONE, reading(shift("bo", 1)), proposal(State.DONE, shift("ana", 1))).is_outdated


def test_a_proposal_that_was_not_read_yet_says_nothing() -> None:
    asked = replace(proposal(State.READING), found=None)
    assert read(ONE, reading(shift("ana", 1)), asked).news == {News.DIFFERS}


def test_the_hosts_marks_are_kept_with_what_they_mark() -> None:
    course = read(ONE, replace(reading(differs=False), etag="v2", modified="Mon"))
    assert (course.after.etag, course.after.modified, course.after.whole_at) == ("v2", "Mon", NOW)


HELD = replace(ONE, held=(NOW - DAY, NOW + 30 * DAY))


def test_an_emptied_calendar_asks_whether_its_shifts_are_to_go() -> None:
    course = subscriptions.emptied(HELD, GONE, proposal(State.OPEN), NOW, 0.0)
    assert course.news == {News.EMPTIED}
    assert course.is_outdated
    assert subscriptions.emptied(course.after, GONE, None, NOW, 0.0).news == set()


@pytest.mark.parametrize("held", [None, (NOW - DAY, NOW)])
def test_an_empty_calendar_of_which_nothing_is_ahead_has_failed(held: subscriptions.Span | None) -> None:
    assert subscriptions.emptied(replace(ONE, held=held), GONE, None, NOW, 0.0).news == {News.FAILED}


def test_what_leads_have_answered_counts_from_then_on() -> None:
    asked = replace(proposal(State.OPEN), answers=Answers({"Temp": "bo"}, {"": "Europe/Dublin"}))
    one = subscriptions.settled(replace(ONE, answers=Answers({"Anna": "ana"})), asked)
    assert one.answers == Answers({"Anna": "ana", "Temp": "bo"}, {"": "Europe/Dublin"})
    assert subscriptions.settled(one, None) == one


def test_what_was_taken_over_is_the_calendars_from_then_on() -> None:
    done = proposal(State.DONE, shift("ana", 1), shift("bo", 3))
    assert subscriptions.settled(ONE, done).held == (shift("ana", 1).start, shift("bo", 3).end)
    assert subscriptions.settled(HELD, proposal(State.OPEN, shift("ana", 1))).held == HELD.held
    assert subscriptions.settled(HELD, replace(done, found=None)).held == HELD.held
    assert subscriptions.settled(HELD, proposal(State.DONE)).held == HELD.held


def test_what_a_proposal_says_counts_though_it_has_no_shift() -> None:
    span = NOW, NOW + DAY
    found = Found((), (), "safety", (SeatShifts("EMEA", Seat.PRIMARY, (), span),))
    assert subscriptions.span_of(replace(proposal(State.DONE), found=found)) == span


def test_a_calendar_speaks_of_its_shifts_ahead_and_of_what_it_gave_before() -> None:
    running = shift("ana", 0, hours=20)
    assert subscriptions.said_by(ONE, [shift("bo", 0), running], NOW) == (NOW, running.end)
    assert subscriptions.said_by(HELD, [running], NOW) == (NOW, NOW + 30 * DAY)
    assert subscriptions.said_by(ONE, [shift("bo", 0)], NOW) is None
    assert subscriptions.said_by(replace(ONE, held=(NOW - DAY, NOW)), [], NOW) is None


def test_read_again_means_at_once_and_told_anew() -> None:
    one = subscriptions.read_again(replace(ONE, told=(Told(marked(), NOW),)), NOW + HOUR)
    assert (one.due_at, one.told, subscriptions.asks_whole(one, NOW)) == (NOW + HOUR, (), True)


def test_a_lead_who_has_it_read_hears_whatever_is_found() -> None:
    left = proposal(State.LEFT, shift("ana", 1), decided_by="UDANA")
    asked = subscriptions.read_again(replace(ONE, failing=Failing(NOW, 2, "", True)), NOW)
    assert subscriptions.failed(asked, AWAY, NOW, 0.0).news == {News.FAILED}
    assert read(asked, reading(shift("ana", 1)), left).news == {News.DIFFERS}
    assert read(subscriptions.read_again(ONE, NOW), reading(differs=False)).news == {News.SAME}


def test_that_it_is_well_again_says_enough() -> None:
    failing = replace(ONE, whole_at=None, failing=Failing(NOW, 2, "", True))
    assert read(failing, reading(differs=False)).news == {News.WELL}


def test_the_address_of_what_is_followed_no_more_is_forgotten() -> None:
    one = subscriptions.ended(ONE, NOW)
    assert (one.url, one.ended_at) == ("", NOW)
