"""Feeds on a real store: secret, revocable, theirs alone; what is read follows the schedule."""

import gzip
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from msgspec import Struct
from msgspec.structs import replace

from bot.web.calendars import NOT_FOUND, READS_A_MINUTE, TOO_OFTEN, CalendarsDoor, Turnstile, calendar_url
from bot.web.routes import Answer, Incoming
from incidents.feeds import FeedKind, Scope
from incidents.operations import calendars
from incidents.operations.calendars import NoSuchFeed, TooManyFeeds
from incidents.people import Ask
from incidents.ports import House
from rotations.model import Override, OverrideKind, Seat
from storage.opening import SqlStore, open_store
from tests.support.house import MONDAY, TestHouse, example_house, example_people

MINE = Scope(FeedKind.MINE)


def made(there: TestHouse, scope: Scope = MINE, by: str = "UANA") -> tuple[str, str]:
    """The token, and the id of the feed."""
    new = calendars.make(there.house, Ask(by), scope)
    assert new.feed is not None
    return new.token, new.feed.id


def schedule_of(there: TestHouse) -> Scope:
    return next(s for s in calendars.mine(there.house, "UANA").scopes if s.kind is FeedKind.SCHEDULE)


def events(text: str | None) -> list[Any]:
    assert text is not None
    return list(icalendar.Calendar.from_ical(text.encode()).walk("VEVENT"))


def asked(house: House, token: str, **headers: str) -> Answer:
    door = CalendarsDoor(house, Turnstile(lambda: 0.0))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return door.answer(Incoming("GET", "", named, params={"token": token}))


def override(there: TestHouse) -> None:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    schedule = organisation.paged_schedule()
    assert schedule is not None
    now = there.clock.now()
    change = Override(
        "o1",
        schedule.name,
        "AMER",
        Seat.PRIMARY,
        OverrideKind.REPLACE,
        ("bo",),
        now,
        now + timedelta(hours=1),
    )
    there.store.write(lambda unit: unit.schedules.add_override(change, now))


def test_a_persons_own_feed_holds_their_shifts_alone(there: TestHouse) -> None:
    token, _ = made(there)
    found = events(calendars.read(there.house, token))
    assert {str(event["X-MERIDIAN-PERSON"]) for event in found} == {"ana"}
    assert len(found) > 10


def test_a_region_is_a_part_of_its_schedule(there: TestHouse) -> None:
    schedule = schedule_of(there)
    whole = events(calendars.read(there.house, made(there, schedule)[0]))
    amer = Scope(FeedKind.REGION, schedule.schedule, "AMER")
    part = events(calendars.read(there.house, made(there, amer)[0]))
    assert {str(event["X-MERIDIAN-REGION"]) for event in part} == {"AMER"}
    assert {event["UID"] for event in part} < {event["UID"] for event in whole}


def test_what_is_read_twice_is_the_same_and_an_override_raises_what_it_touches(there: TestHouse) -> None:
    token, _ = made(there, schedule_of(there))
    first = calendars.read(there.house, token)
    there.clock.advance(minutes=5)
    assert calendars.read(there.house, token) == first
    override(there)
    second = events(calendars.read(there.house, token))
    assert sum(int(event["SEQUENCE"]) for event in second) == 1
    there.clock.advance(minutes=5)
    there.store.write(lambda unit: unit.schedules.withdraw(["o1"], MONDAY))
    third = events(calendars.read(there.house, token))
    assert [str(e["X-MERIDIAN-PERSON"]) for e in third if e["STATUS"] == "CANCELLED"] == ["bo", "ana"]


def test_days_that_pass_change_no_event(there: TestHouse) -> None:
    token, _ = made(there)
    before = {event["UID"]: event["SEQUENCE"] for event in events(calendars.read(there.house, token))}
    there.clock.advance(days=20)
    after = {event["UID"]: event["SEQUENCE"] for event in events(calendars.read(there.house, token))}
    assert before.keys() - after.keys()
    assert set(after.values()) == {0}


def test_unknown_malformed_and_revoked_are_one_answer(there: TestHouse) -> None:
    token, feed = made(there)
    assert asked(there.house, token).status == 200
    calendars.revoke(there.house, Ask("UANA"), feed)
    answers = [asked(there.house, one) for one in (token, "f" * 64, "x", "")]
    assert answers == [NOT_FOUND] * 4
    assert calendars.mine(there.house, "UANA").feeds == ()


def test_a_new_link_ends_the_old_one(there: TestHouse) -> None:
    token, feed = made(there)
    new = calendars.renew(there.house, Ask("UANA"), feed).token
    assert (calendars.read(there.house, token), calendars.read(there.house, new) is None) == (None, False)


class _Meanwhile(Struct, frozen=True):
    """The feeds of a reader who is let to them only after somebody else has done something."""

    feeds: Any
    first: Callable[[], object]

    def hold(self) -> None:
        self.first()
        self.feeds.hold()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.feeds, name)


class _Waiting(Struct, frozen=True):
    """A store whose writers have to wait for somebody else."""

    store: SqlStore
    first: Callable[[], object]

    def write(self, work: Callable[[Any], Any]) -> Any:
        def waited(unit: Any) -> Any:
            return work(replace(unit, feeds=_Meanwhile(unit.feeds, self.first)))

        return self.store.write(waited)

    def read(self, work: Callable[[Any], Any]) -> Any:
        return self.store.read(work)


@pytest.mark.postgres
@pytest.mark.parametrize("act", [calendars.revoke, calendars.renew])
def test_what_ends_while_it_is_read_stays_ended(
    postgres_store: SqlStore, postgres_url: str, act: Callable[[House, Ask, str], object]
) -> None:
    there = example_house(postgres_store)
    token, feed = made(there)
    with closing(open_store(postgres_url)) as other:
        elsewhere = replace(there.house, store=other)
        waiting = _Waiting(postgres_store, lambda: act(elsewhere, Ask("UANA"), feed))
        assert calendars.read(replace(there.house, store=waiting), token) is None
    assert calendars.read(there.house, token) is None


def test_nobody_touches_the_feed_of_somebody_else(there: TestHouse) -> None:
    _, feed = made(there)
    for act in (calendars.revoke, calendars.renew):
        with pytest.raises(NoSuchFeed):
            act(there.house, Ask("UBO"), feed)
    with pytest.raises(NoSuchFeed):
        calendars.revoke(there.house, Ask("UANA"), "no-such")


@pytest.mark.parametrize("fate", ["is_deactivated", "is_guest"])
def test_the_feed_of_somebody_who_may_not_see_the_schedule_any_more_is_gone(
    there: TestHouse, fate: str
) -> None:
    token, _ = made(there)
    ana = next(one for one in example_people() if one.user == "UANA")
    left = replace(ana, **{fate: True})  # type: ignore[arg-type]
    there.store.write(lambda unit: unit.people.put_profiles([left], MONDAY))
    assert asked(there.house, token) == NOT_FOUND


def test_the_token_is_kept_nowhere(there: TestHouse) -> None:
    token, feed = made(there)
    calendars.read(there.house, token)
    kept = there.store.read(lambda unit: unit.feeds.get(feed))
    assert kept is not None
    assert token not in repr(kept)


def test_it_is_seen_when_a_feed_was_last_read(there: TestHouse) -> None:
    token, _ = made(there)
    assert calendars.mine(there.house, "UANA").feeds[0].read_at is None
    calendars.read(there.house, token)
    there.clock.advance(seconds=30)
    calendars.read(there.house, token)
    assert calendars.mine(there.house, "UANA").feeds[0].read_at == MONDAY


def test_an_alarm_is_switched_on_and_off(there: TestHouse) -> None:
    token, feed = made(there)
    calendars.switch_alarm(there.house, Ask("UANA"), feed, is_on=True)
    assert "BEGIN:VALARM" in (calendars.read(there.house, token) or "")
    calendars.switch_alarm(there.house, Ask("UANA"), feed, is_on=False)
    assert "BEGIN:VALARM" not in (calendars.read(there.house, token) or "")


def test_a_delivery_that_comes_again_makes_no_second_feed(there: TestHouse) -> None:
    first = calendars.make(there.house, Ask("UANA", "d1"), MINE)
    again = calendars.make(there.house, Ask("UANA", "d1"), MINE)
    assert (first.token != "", again.token) == (True, "")
    assert len(calendars.mine(there.house, "UANA").feeds) == 1
    assert first.feed is not None
    calendars.revoke(there.house, Ask("UANA", "d2"), first.feed.id)
    assert calendars.revoke(there.house, Ask("UANA", "d2"), first.feed.id) is None


def test_what_nobody_can_subscribe_to_is_refused(there: TestHouse, store: SqlStore) -> None:
    with pytest.raises(NoSuchFeed):
        calendars.make(there.house, Ask("UANA"), Scope(FeedKind.SCHEDULE, "no such"))
    for _ in range(calendars.MOST_FEEDS):
        made(there)
    with pytest.raises(TooManyFeeds):
        made(there)


def test_an_export_is_what_subscribers_read(there: TestHouse) -> None:
    scope = schedule_of(there)
    read = calendars.read(there.house, made(there, scope)[0])
    assert calendars.exported(there.house, scope.schedule) == read
    with pytest.raises(NoSuchFeed):
        calendars.exported(there.house, "no such")


def test_a_schedule_that_is_applied_no_more_is_cancelled_from_then_on(there: TestHouse) -> None:
    token, _ = made(there)
    calendars.read(there.house, token)
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    bare = replace(organisation, schedules=(), paged=None, specialists={})
    there.store.write(lambda unit: unit.schedules.apply(bare, MONDAY, "test"))
    found = events(calendars.read(there.house, token))
    assert {str(e["STATUS"]) for e in found if e["DTEND"].dt > MONDAY} == {"CANCELLED"}
    assert {str(e["STATUS"]) for e in found if e["DTEND"].dt <= MONDAY} <= {"CONFIRMED"}


def test_a_calendar_that_is_known_is_not_sent_again(there: TestHouse) -> None:
    token, _ = made(there)
    first = asked(there.house, token)
    tag = first.headers["etag"]
    for said in (tag, f'"x", {tag.removeprefix("W/")}', "*"):
        again = asked(there.house, token, if_none_match=said)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert asked(there.house, token, if_none_match='W/"other"').status == 200


def test_a_calendar_is_packed_for_whoever_takes_it_packed(there: TestHouse) -> None:
    token, _ = made(there)
    plain = asked(there.house, token)
    packed = asked(there.house, token, accept_encoding="br, gzip;q=0.5")
    assert gzip.decompress(packed.body) == plain.body
    assert (packed.headers["content-encoding"], packed.headers["etag"]) == ("gzip", plain.headers["etag"])
    assert asked(there.house, token, accept_encoding="gzip;q=0").body == plain.body


def test_one_token_is_read_so_often_a_minute_whether_it_exists_or_not(there: TestHouse) -> None:
    token, _ = made(there)
    now = [0.0]
    door = CalendarsDoor(there.house, Turnstile(lambda: now[0]))
    for one in (token, "f" * 64):
        answers = [door.answer(Incoming("GET", "", params={"token": one})) for _ in range(READS_A_MINUTE + 1)]
        assert answers[-1] == TOO_OFTEN
        assert TOO_OFTEN not in answers[:-1]
    now[0] = 60.0
    assert door.answer(Incoming("GET", "", params={"token": token})).status == 200


def test_the_address_is_whole_with_and_without_a_slash() -> None:
    assert calendar_url("https://x.example/", "ab") == calendar_url("https://x.example", "ab")
