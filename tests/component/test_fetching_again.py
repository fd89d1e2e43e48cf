"""A calendar that is known already is asked for with its host's own marks, and told when it is as it was."""

import asyncio
import ssl
from pathlib import Path
from threading import Event

import pytest

from bot.fetching import Fetcher, Given, NotFetched
from tests.support.calendar_hosts import NAME, Answering, Host, Resolver, Send, answer, certificate, serving

PUBLIC = "127.0.0.5"
Kept = tuple[Path, Path]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return certificate(tmp_path_factory.mktemp("certificate"))


def asked(kept: Kept, answering: Answering, *known: str) -> tuple[Given, Host]:
    trust = ssl.create_default_context(cafile=kept[0])
    fetcher = Fetcher(Resolver({NAME: [[PUBLIC]]}), lambda address: address == PUBLIC, trust)
    with serving(PUBLIC, answering, kept) as public:
        return asyncio.run(fetcher.ask(f"https://{NAME}:{public.port}/a.ics", *known)), public


def refused(kept: Kept, answering: Answering, *known: str) -> NotFetched:
    with pytest.raises(NotFetched) as fault:
        asked(kept, answering, *known)
    return fault.value


def test_the_hosts_marks_come_with_the_calendar(kept: Kept) -> None:
    marked = answer(b"new", "200 OK", 'ETag: "v2"', "Last-Modified: Mon, 30 Nov 2026 19:00:00 GMT")
    given, host = asked(kept, marked)
    assert given == Given(b"new", '"v2"', "Mon, 30 Nov 2026 19:00:00 GMT")
    assert b"If-None-Match" not in host.requests[0]


def test_what_is_as_it_was_is_not_sent_again(kept: Kept) -> None:
    given, host = asked(kept, answer(b"", "304 Not Modified"), '"v1"', "Sun, 29 Nov 2026 19:00:00 GMT")
    assert given.content is None
    assert b'If-None-Match: "v1"\r\n' in host.requests[0]
    assert b"If-Modified-Since: Sun, 29 Nov 2026 19:00:00 GMT\r\n" in host.requests[0]


def test_the_marks_go_with_a_redirect(kept: Kept) -> None:
    def once(head: bytes, send: Send, closing: Event) -> None:
        onward = answer(b"", "302 Found", "Location: /b.ics")
        (onward if head.startswith(b"GET /a.ics") else answer(b"", "304 Same"))(head, send, closing)

    assert asked(kept, once, '"v1"', "")[0] == Given(None)


def test_nothing_was_known_so_nothing_can_be_as_it_was(kept: Kept) -> None:
    assert "304" in str(refused(kept, answer(b"", "304 Not Modified")))


@pytest.mark.parametrize("mark", ["a" * 201, "\u00e9"])
def test_a_mark_that_no_header_holds_is_not_kept(kept: Kept, mark: str) -> None:
    assert asked(kept, answer(b"new", "200 OK", f"ETag: {mark}"))[0].etag == ""


@pytest.mark.parametrize(
    ("status", "is_lasting"),
    [("404 No", True), ("410 Gone", True), ("418 No", True), ("429 Wait", False), ("503 Wait", False)],
)
def test_what_may_pass_by_itself_is_told_from_what_lasts(kept: Kept, status: str, is_lasting: bool) -> None:
    assert refused(kept, answer(b"", status)).is_lasting is is_lasting


def test_a_host_that_is_not_reached_may_be_back_soon(kept: Kept) -> None:
    def gone(_: bytes, __: Send, ___: Event) -> None:
        """Nothing is answered."""

    assert not refused(kept, gone).is_lasting
