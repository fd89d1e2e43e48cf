"""`/oncall calendar`: what is shown, the secret link by direct message alone, and every button."""

from functools import partial

import pytest
from msgspec.structs import replace

from bot.web.calendars import calendar_url
from handlers.blocks import ids
from handlers.calls import Message
from handlers.listeners import oncall
from handlers.listeners.edge import Asked, Edge, Press, Reply
from handlers.listeners.presses import PRESSES
from incidents.operations import calendars
from incidents.operations.calendars import NoSuchFeed
from storage.opening import SqlStore
from tests.support.golden import assert_accepted, assert_golden_message, words
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA
from tests.support.recording_front import RecordingFront

URL = "https://meridian.example.org/"
MINE = ids.pack("mine", "", "")


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


@pytest.fixture
def edge(there: TestHouse, front: RecordingFront) -> Edge:
    return Edge(
        there.house, front, _nothing, lambda: "U0BOT", _nothing, lambda _: None, partial(calendar_url, URL)
    )


def _nothing() -> None:
    """Nobody is asked anything."""


def asks(edge: Edge, line: str = "calendar") -> Message:
    return _said(oncall.answer(edge, Asked(ANA), line))


def presses(edge: Edge, action: str, value: str = "", delivery: str = "") -> Message:
    return _said(PRESSES[action](edge, Press(Asked(ANA, delivery), action, value)))


def _said(reply: Reply) -> Message:
    assert isinstance(reply, Message)
    assert_accepted(reply)
    return reply


def feed_of(edge: Edge) -> str:
    return calendars.mine(edge.house, ANA).feeds[0].id


def test_nobody_has_a_calendar_at_first_and_everything_is_offered(edge: Edge) -> None:
    assert_golden_message("calendars-none", asks(edge))


def test_a_calendar_is_made_and_its_link_goes_to_one_person_by_direct_message(
    edge: Edge, front: RecordingFront
) -> None:
    answer = presses(edge, ids.CALENDAR_MAKE, MINE)
    ((user, message),) = front.told
    assert user == ANA
    assert URL not in words(answer)
    assert_golden_message("calendar-link", message)


def test_what_one_has_is_shown_with_when_it_was_last_read(
    edge: Edge, there: TestHouse, front: RecordingFront
) -> None:
    presses(edge, ids.CALENDAR_MAKE, MINE)
    assert "never read yet" in words(asks(edge, "calendars"))
    token = words(front.told[0][1]).split("/calendar/")[1].split(".ics")[0]
    assert calendars.read(there.house, token)
    there.clock.advance(hours=2)
    assert_golden_message("calendars-one", presses(edge, ids.CALENDARS))


def test_an_alarm_is_one_tap_and_so_is_its_end(edge: Edge) -> None:
    presses(edge, ids.CALENDAR_MAKE, MINE)
    feed = feed_of(edge)
    assert "rings 30 minutes before" in words(presses(edge, ids.CALENDAR_ALARM, ids.pack(feed, ids.YES)))
    assert "No alarm" in words(asks(edge))
    assert "rings no more" in words(presses(edge, ids.CALENDAR_ALARM, ids.pack(feed, ids.NO)))


def test_a_new_link_is_another_one(edge: Edge, front: RecordingFront) -> None:
    presses(edge, ids.CALENDAR_MAKE, MINE)
    presses(edge, ids.CALENDAR_RENEW, feed_of(edge))
    first, second = (words(message) for _, message in front.told)
    assert first != second


def test_revoked_is_gone_from_the_list(edge: Edge) -> None:
    presses(edge, ids.CALENDAR_MAKE, MINE)
    presses(edge, ids.CALENDAR_REVOKE, feed_of(edge))
    assert "You have none" in words(asks(edge))


@pytest.mark.parametrize("again", [ids.CALENDAR_MAKE, ids.CALENDAR_REVOKE, ids.CALENDAR_ALARM])
def test_a_press_that_slack_delivers_again_does_nothing_more(
    edge: Edge, front: RecordingFront, again: str
) -> None:
    presses(edge, ids.CALENDAR_MAKE, MINE)
    value = {ids.CALENDAR_MAKE: MINE, ids.CALENDAR_REVOKE: feed_of(edge)}.get(
        again, ids.pack(feed_of(edge), ids.YES)
    )
    presses(edge, again, value, "d1")
    told = len(front.told)
    assert "done already" in words(presses(edge, again, value, "d1"))
    assert len(front.told) == told


def test_a_button_nobody_drew_is_refused(edge: Edge) -> None:
    with pytest.raises(NoSuchFeed):
        presses(edge, ids.CALENDAR_MAKE, "all||")


def test_without_an_address_nothing_is_offered_and_it_is_said_why(edge: Edge) -> None:
    nowhere = replace(edge, calendar_url=lambda _token: "")
    told = asks(nowhere)
    assert "MERIDIAN_PUBLIC_URL" in words(told)
    assert ids.CALENDAR_MAKE not in str(told.blocks)
