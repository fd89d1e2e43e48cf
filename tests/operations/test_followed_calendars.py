"""A calendar that is followed: read by one, told once for each content, counted only on a lead's word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Text, cast, select, union_all

from bot.ics_child import expand
from incidents.errors import NotAllowed
from incidents.moves import NeedsSecondLook
from incidents.operations import calendar_reading, importing, proposing, subscribing
from incidents.operations.calendar_reading import Means
from incidents.operations.ics_importing import CalendarWish
from incidents.operations.proposing import Decided
from incidents.people import Ask
from incidents.proposals import State, seal
from incidents.subscriptions import LEASE, MOST_FOLLOWED, FollowedAlready, NoCalendar, NotFollowed
from rotations.imports import Answers
from rotations.model import Seat
from rotations.refusals import UnknownSeat
from rotations.shifts import resolver_of
from storage.opening import SqlStore
from storage.tables import CALENDAR_SOURCE, OUTBOX, PROPOSAL
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock
from tests.support.followed import NOTHING, SECRET, Followed, OnTheWeb, calendar, follow
from tests.support.house import TestHouse

DANA, ELENA = Ask("UDANA"), Ask("UELENA")
GONE = NoCalendar("There is no calendar at that address any more.")
AWAY = NoCalendar("The host could not be reached.", is_lasting=False)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


A = calendar(("Tom Becker", at(14), 8), ("Zofia Nowak", at(15), 8), ("Tom Becker", at(16), 8))
B = calendar(("Tom Becker", at(14), 8), ("Niamh Byrne", at(15), 8), ("Tom Becker", at(16), 8))
SHORT = calendar(("Tom Becker", at(14), 8))


@pytest.fixture
def followed(there: TestHouse) -> Followed:
    """Followed, and what it said at first imported."""
    one = follow(there, OnTheWeb(A))
    one.read()
    confirm(one)
    one.there.slack()
    return one


def confirm(one: Followed, ask: Ask = DANA, is_sure: bool = True) -> Decided:
    asked = one.asked
    assert asked is not None
    assert asked.found is not None
    standing = one.there.store.read(lambda unit: unit.schedules.organisation())
    seen = seal(standing, asked.found)
    return proposing.confirm(one.there.house, ask, asked.id, seen, is_sure=is_sure)


def backup(there: TestHouse, when: datetime) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    rows = resolver_of(organisation, "safety").at(when)
    return next((row.people for row in rows if row.seat is Seat.BACKUP), ())


def audited(there: TestHouse, by: str) -> datetime | None:
    return there.store.read(lambda unit: unit.audit.last_by(f"calendar:{by}", "UDANA"))


def test_what_a_calendar_says_is_proposed_and_counts_when_a_lead_imports_it(there: TestHouse) -> None:
    one = follow(there, OnTheWeb(A))
    assert sorted(effect.users[0] for effect in one.read()) == ["UDANA", "UELENA"]
    before = backup(there, at(15, 12))
    assert before != ("zofia",)
    assert confirm(one, ELENA) is Decided.DONE
    assert backup(there, at(15, 12)) == ("zofia",)


def test_imported_twice_it_counts_once(there: TestHouse) -> None:
    one = follow(there, OnTheWeb(A))
    one.read()
    assert [confirm(one), confirm(one, ELENA)] == [Decided.DONE, Decided.ALREADY]
    importing.undo(there.house, "test", is_sure=True)
    assert backup(there, at(15, 12)) != ("zofia",)


def test_only_leads_follow_read_import_and_stop(there: TestHouse) -> None:
    one = follow(there, OnTheWeb(A))
    one.read()
    ana = Ask("UANA")
    with pytest.raises(NotAllowed):
        follow(there, OnTheWeb(A), "UANA")
    with pytest.raises(NotAllowed):
        subscribing.following(there.house, "UANA")
    with pytest.raises(NotAllowed):
        subscribing.look_again(there.house, ana, one.id)
    with pytest.raises(NotAllowed):
        subscribing.unfollow(there.house, ana, one.id)
    with pytest.raises(NotAllowed):
        confirm(one, ana)


def test_the_same_calendar_is_told_of_no_more(followed: Followed) -> None:
    assert followed.later(hours=2) == []
    assert followed.later(hours=2) == []


def test_a_changed_calendar_is_shown_once_to_each_lead(followed: Followed) -> None:
    assert followed.later(B, hours=2) == ["show_import", "show_import"]
    assert followed.later(hours=2) == []
    assert backup(followed.there, at(15, 12)) == ("zofia",)


def test_what_a_lead_left_is_not_shown_again(followed: Followed) -> None:
    followed.later(B, hours=2)
    assert followed.asked is not None
    proposing.leave(followed.there.house, ELENA, followed.asked.id)
    assert [followed.later(days=1) for _ in range(3)] == [[], [], []]


def test_a_calendar_that_flips_is_shown_once_for_each_content(followed: Followed) -> None:
    cards = [followed.later(B if flip % 2 else A, hours=2) for flip in range(1, 8)]
    assert cards == [["show_import", "show_import"], *[[]] * 6]


def test_what_is_shown_is_withdrawn_when_the_calendar_says_again_what_stands(followed: Followed) -> None:
    followed.later(B, hours=2)
    followed.later(A, hours=2)
    assert followed.asked is not None
    assert followed.asked.state is State.LEFT
    assert confirm(followed) is Decided.ALREADY


def test_of_two_contents_only_the_last_can_be_imported(followed: Followed) -> None:
    followed.later(B, hours=2)
    first = followed.asked
    assert first is not None
    other = calendar(("Zofia Nowak", at(14), 8), ("Zofia Nowak", at(15), 8))
    assert followed.later(other, hours=2) == ["show_import", "show_import"]
    assert proposing.confirm(followed.there.house, DANA, first.id, "any") is Decided.ALREADY


def test_an_event_that_went_from_the_end_is_taken_out(followed: Followed) -> None:
    """Read as a file alone the days behind the last event would stay as they stood."""
    assert followed.later(SHORT, hours=2) == ["show_import", "show_import"]
    with pytest.raises(NeedsSecondLook):
        confirm(followed, is_sure=False)
    confirm(followed)
    assert [backup(followed.there, at(day, 12)) for day in (14, 15, 16)] == [("tom",), (), ()]


@pytest.mark.parametrize(
    "broken",
    [GONE, b"<!doctype html><title>Sign in</title>", b"BEGIN:VCALENDAR\r\n" + b"X" * (1 << 20)],
)
def test_a_broken_calendar_changes_nothing_and_is_told_once(
    followed: Followed, broken: bytes | NoCalendar
) -> None:
    cards = [followed.later(broken, hours=10) for _ in range(4)]
    assert cards == [["calendar_failed"] * 2, [], [], []]
    assert backup(followed.there, at(15, 12)) == ("zofia",)
    assert followed.later(A, hours=10) == ["calendar_well"] * 2
    assert followed.later(A, hours=10) == []


def test_a_host_that_is_away_for_a_while_is_told_of_when_it_stays_away(followed: Followed) -> None:
    assert [followed.later(AWAY, hours=7) for _ in range(4)] == [[], [], ["calendar_failed"] * 2, []]


def test_one_that_was_away_for_a_moment_is_no_news(followed: Followed) -> None:
    assert followed.later(AWAY, hours=7) == []
    assert followed.later(A, hours=7) == []


UNREADABLE = A.replace(b"DTSTART:", b"DTSTART:never")


@pytest.mark.parametrize("gives", [NOTHING, UNREADABLE])
def test_an_emptied_calendar_empties_the_seat_only_on_a_leads_second_word(
    followed: Followed, gives: bytes
) -> None:
    shown = followed.later(gives, hours=2)
    assert sorted(set(shown)) == ["calendar_failed", "show_import"]
    assert followed.later(hours=10) == []
    assert backup(followed.there, at(15, 12)) == ("zofia",)
    with pytest.raises(NeedsSecondLook):
        confirm(followed, is_sure=False)
    confirm(followed)
    assert backup(followed.there, at(15, 12)) == ()


def test_an_empty_calendar_at_first_has_nothing_to_take_out(there: TestHouse) -> None:
    one = follow(there, OnTheWeb())
    assert [effect.args["about"] for effect in one.read()] == ["calendar_failed"] * 2
    assert one.asked is None


def test_people_whom_nobody_knows_are_asked_about(there: TestHouse) -> None:
    one = follow(there, OnTheWeb(calendar(("Temp", at(14), 8))))
    assert [effect.kind.value for effect in one.read()] == ["show_import"] * 2
    assert one.asked is not None
    assert one.asked.found is not None
    assert [question.asked for question in one.asked.found.questions] == ["Temp"]


def test_answers_of_leads_count_at_the_next_reading(there: TestHouse) -> None:
    one = follow(there, OnTheWeb(calendar(("Temp", at(14), 8))))
    one.read()
    asked = one.asked
    assert asked is not None
    proposing.answer(there.house, DANA, asked.id, asked.turn, lambda _unit, _asked: Answers({"Temp": "tom"}))
    assert one.later(calendar(("Temp", at(14), 8), ("Temp", at(15), 8)), hours=2) == ["show_import"] * 2
    confirm(one)
    assert backup(there, at(15, 12)) == ("tom",)


def test_read_anew_with_answers_it_still_says_everything_of_its_seat(followed: Followed) -> None:
    gives = calendar(("Tom Becker", at(14), 8), ("Temp", at(15), 8))
    followed.later(gives, hours=2)
    asked, house = followed.asked, followed.there.house
    assert asked is not None
    proposing.answer(house, DANA, asked.id, asked.turn, lambda _unit, _asked: Answers({"Temp": "niamh"}))
    waiting = followed.asked
    assert waiting is not None
    proposing.read(house, waiting, "", gives, expand)
    confirm(followed)
    assert [backup(followed.there, at(day, 12)) for day in (14, 15, 16)] == [("tom",), ("niamh",), ()]


def test_the_host_is_asked_with_its_own_marks_and_once_a_day_for_all_of_it(followed: Followed) -> None:
    web = followed.web
    web.etag = '"v1"'
    followed.later(hours=2)
    followed.later(hours=2)
    followed.later(days=1)
    assert [known for _, known, _ in web.asked[-3:]] == ["", '"v1"', ""]
    assert followed.one.read_at == followed.there.clock.now()


def test_what_is_not_due_is_not_fetched(followed: Followed) -> None:
    asked = len(followed.web.asked)
    followed.later(minutes=59)
    assert len(followed.web.asked) == asked
    assert not calendar_reading.is_due(followed.there.house)


def test_of_two_replicas_one_reads(followed: Followed) -> None:
    """The second looks while the first one fetches."""
    house, seconds = followed.there.house, []

    def slow(url: str, etag: str, modified: str) -> object:
        seconds.append(calendar_reading.read_next(house, Means(followed.web, expand, lambda: 0.0)))
        return followed.web(url, etag, modified)

    followed.there.clock.advance(hours=2)
    asked = len(followed.web.asked)
    assert calendar_reading.read_next(house, Means(slow, expand, lambda: 0.0))  # type: ignore[arg-type]
    assert seconds == [False]
    assert len(followed.web.asked) == asked + 1


def test_processes_that_look_at_the_same_moment_fetch_once(followed: Followed, other: SqlStore) -> None:
    house, means = followed.there.house, Means(followed.web, expand, lambda: 0.0)
    followed.there.clock.advance(hours=2)
    asked = len(followed.web.asked)
    houses = [house, replace(house, store=other)] * 3
    with ThreadPoolExecutor(len(houses)) as pool:
        read = list(pool.map(lambda each: calendar_reading.read_next(each, means), houses))
    assert sum(read) == 1
    assert len(followed.web.asked) == asked + 1


def test_what_a_killed_process_had_in_hand_is_read_after_the_lease(followed: Followed) -> None:
    def killed(_url: str, _etag: str, _modified: str) -> object:
        raise KeyboardInterrupt

    followed.there.clock.advance(hours=2)
    with pytest.raises(KeyboardInterrupt):
        calendar_reading.read_next(followed.there.house, Means(killed, expand, lambda: 0.0))  # type: ignore[arg-type]
    assert followed.later(B) == []
    assert followed.later(minutes=LEASE / timedelta(minutes=1)) == ["show_import"] * 2


def test_what_was_ended_while_it_was_read_is_not_told(followed: Followed) -> None:
    def ending(url: str, etag: str, modified: str) -> object:
        subscribing.unfollow(followed.there.house, DANA, followed.id)
        return followed.web(url, etag, modified)

    followed.there.clock.advance(hours=2)
    followed.web.gives = B
    calendar_reading.read_next(followed.there.house, Means(ending, expand, lambda: 0.0))  # type: ignore[arg-type]
    assert followed.read() == []


def test_stopped_it_is_read_no_more_and_its_address_is_forgotten(followed: Followed) -> None:
    followed.later(B, hours=2)
    subscribing.unfollow(followed.there.house, DANA, followed.id)
    assert followed.one.url == ""
    assert followed.asked is not None
    assert followed.asked.state is State.LEFT
    assert followed.later(A, days=1) == []
    with pytest.raises(NotFollowed):
        subscribing.unfollow(followed.there.house, DANA, followed.id)
    with pytest.raises(NotFollowed):
        subscribing.look_again(followed.there.house, DANA, "no such id")


def test_a_lead_has_it_read_at_once_and_shown_anew(followed: Followed) -> None:
    followed.later(B, hours=2)
    followed.later(A, hours=2)
    followed.web.gives = B
    subscribing.look_again(followed.there.house, DANA, followed.id)
    assert followed.later() == ["show_import"] * 2


def test_a_seat_follows_one_calendar(followed: Followed) -> None:
    with pytest.raises(FollowedAlready, match="EMEA backup"):
        follow(followed.there, OnTheWeb(A))


def test_a_seat_that_there_is_not_follows_none(there: TestHouse) -> None:
    with pytest.raises(UnknownSeat):
        subscribing.follow(there.house, DANA, SECRET, CalendarWish("safety", "MARS"))


def test_a_region_that_goes_while_its_calendar_is_read_is_said(followed: Followed) -> None:
    there = followed.there

    def without_emea(*asked: object) -> object:
        standing = there.store.read(lambda unit: unit.schedules.organisation())
        assert standing is not None
        safety = standing.schedules[0]
        left = replace(safety, regions=tuple(one for one in safety.regions if one.name != "EMEA"))
        after = replace(standing, schedules=(left, *standing.schedules[1:]))
        there.store.write(lambda unit: unit.schedules.apply(after, there.clock.now(), "test"))
        return expand(*asked)  # type: ignore[arg-type]

    there.clock.advance(hours=2)
    followed.web.gives = B.replace(b"END:VEVENT", b"RRULE:FREQ=WEEKLY;COUNT=2\r\nEND:VEVENT")
    calendar_reading.read_next(there.house, Means(followed.web, without_emea, lambda: 0.0))  # type: ignore[arg-type]
    assert followed.one.failing is not None
    assert "EMEA" in followed.one.failing.why


def test_leads_see_what_is_followed_and_that_there_is_an_end_to_it(followed: Followed) -> None:
    there = followed.there
    assert subscribing.following(there.house, "UDANA").calendars == (followed.one,)
    more = [
        replace(followed.one, id=f"s{number}", place=replace(followed.one.place, region=f"R{number}"))
        for number in range(MOST_FOLLOWED)
    ]

    def add(unit: SqlUnit) -> None:
        for one in more:
            unit.subscriptions.add(one)

    there.store.write(add)
    with pytest.raises(FollowedAlready, match="50 calendars"):
        subscribing.follow(there.house, DANA, SECRET, CalendarWish("safety", "APAC"))


def test_a_redelivery_follows_once(there: TestHouse) -> None:
    wish, ask = CalendarWish("safety", "EMEA"), Ask("UDANA", "delivery-1")
    for _ in range(2):
        subscribing.follow(there.house, ask, SECRET, wish)
    assert len(subscribing.all_followed(there.house)) == 1


def test_a_redelivery_stops_once(followed: Followed) -> None:
    ask = Ask("UDANA", "delivery-1")
    for _ in range(2):
        assert subscribing.unfollow(followed.there.house, ask, followed.id).ended_at


def test_who_follows_and_stops_is_on_record(followed: Followed, clock: FakeClock) -> None:
    begun = audited(followed.there, followed.id)
    followed.there.clock.advance(hours=1)
    subscribing.unfollow(followed.there.house, DANA, followed.id)
    assert (begun, audited(followed.there, followed.id)) != (None, None)
    assert begun != audited(followed.there, followed.id)


def test_the_address_is_in_no_effect_and_in_one_column_alone(followed: Followed) -> None:
    followed.later(B, hours=2)
    followed.later(GONE, hours=2)
    store = followed.there.store
    rows = union_all(
        select(cast(OUTBOX.c.args, Text).label("body")),
        select(CALENDAR_SOURCE.c.body),
        select(PROPOSAL.c.body),
    )
    held = store.read(lambda unit: [row["body"] for row in unit.outbox.tx.all(rows)])
    assert held
    assert not any("0123456789abcdef" in body for body in held)
