"""A calendar over the wire: subscribed, read again, revoked; its secret is in no log."""

import logging
import time

import pytest

from bot.web.calendars import CalendarsDoor, Turnstile
from incidents.feeds import FeedKind, Scope
from incidents.operations import calendars
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.web import Site, web_site


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def test_a_calendar_is_read_and_after_its_end_looks_like_one_that_never_was(
    there: TestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    made = calendars.make(there.house, Ask("UANA"), Scope(FeedKind.MINE))
    assert made.feed is not None
    caplog.set_level(logging.DEBUG)
    with web_site([CalendarsDoor(there.house, Turnstile(time.monotonic)).route]) as site:
        path = f"/calendar/{made.token}.ics"
        first = site.get(path)
        assert first.status == 200
        assert first.body.startswith(b"BEGIN:VCALENDAR\r\n")
        assert first.headers["content-type"] == "text/calendar; charset=utf-8"
        assert first.headers["cache-control"] == "private, no-cache"
        assert site.ask("HEAD", path, b"", {}).status == 200
        assert site.get(path, **{"If-None-Match": first.headers["etag"]}).status == 304
        calendars.revoke(there.house, Ask("UANA"), made.feed.id)
        gone = {
            _told(site, one) for one in (path, f"/calendar/{'0' * 64}.ics", "/calendar/x.ics", "/nowhere")
        }
        assert len(gone) == 1
        assert next(iter(gone))[0] == 404
    assert made.token not in caplog.text


def _told(site: Site, path: str) -> tuple[object, ...]:
    """All that is seen of an answer, but for the hour."""
    got = site.get(path)
    return got.status, got.body, tuple(sorted((k, v) for k, v in got.headers.items() if k != "date"))
