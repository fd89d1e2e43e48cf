"""The fetcher against hosts that mean harm: a local resolver and local servers play them."""

import asyncio
import gzip
import ssl
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event

import pytest

from bot.fetching import Fetcher, NotFetched, fetch_now
from bot.fetching.addresses import is_public
from bot.fetching.fetcher import resolve
from tests.support.calendar_hosts import NAME, Answering, Host, Resolver, Send, answer, certificate, serving

PUBLIC, OURS = "127.0.0.5", "127.0.0.1"
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Kept = tuple[Path, Path]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def ours(kept: Kept) -> Iterator[Host]:
    """What must never be reached: a server on an address that is not public."""
    with serving(OURS, answer(b"secret"), kept) as host:
        yield host


def fetcher(kept: Kept, resolver: Resolver, within_s: float = 10.0) -> Fetcher:
    """127.0.0.5 stands for the internet; every other address is judged as in earnest."""
    return Fetcher(
        resolver, lambda address: address == PUBLIC, ssl.create_default_context(cafile=kept[0]), within_s
    )


def fetch(
    kept: Kept,
    answering: Answering,
    names: Mapping[str, Sequence[Sequence[str]]] | None = None,
    host: str = NAME,
    within_s: float = 10.0,
) -> bytes:
    resolver = Resolver(names or {NAME: [[PUBLIC]]})
    with serving(PUBLIC, answering, kept) as public:
        address = f"webcal://{host}:{public.port}/secret.ics"
        return fetch_now(address, fetcher(kept, resolver, within_s))


def test_a_calendar_is_fetched_by_its_hosts_name(kept: Kept) -> None:
    resolver = Resolver({NAME: [[PUBLIC]]})
    with serving(PUBLIC, answer(CALENDAR), kept) as public:
        assert fetch_now(f"webcal://{NAME}:{public.port}/a.ics?k=1", fetcher(kept, resolver)) == CALENDAR
    head = public.requests[0].decode()
    assert head.startswith("GET /a.ics?k=1 HTTP/1.1\r\n")
    assert f"Host: {NAME}:{public.port}\r\n" in head
    assert resolver.asked == [NAME]


@pytest.mark.parametrize("answers", [[OURS], [PUBLIC, OURS], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_into_our_network_is_not_connected_to(
    kept: Kept, ours: Host, answers: list[str]
) -> None:
    trusting = fetcher(kept, Resolver({NAME: [answers]}))
    with pytest.raises(NotFetched, match="private network"):
        fetch_now(f"https://{NAME}:{ours.port}/", trusting)
    assert ours.requests == []


def test_a_name_that_changes_its_answer_is_asked_once(kept: Kept, ours: Host) -> None:
    """DNS rebinding: public when it is checked, ours when it is connected to."""
    resolver = Resolver({NAME: [[PUBLIC], [OURS]]})
    with pytest.raises(NotFetched, match="could not be reached"):  # nobody listens there on that port
        fetch_now(f"https://{NAME}:{ours.port}/", fetcher(kept, resolver))
    assert resolver.asked == [NAME]
    assert ours.requests == []


def test_a_name_that_changes_its_answer_between_redirects_is_refused(kept: Kept, ours: Host) -> None:
    onward = answer(b"", "302 Found", f"Location: https://{NAME}:{ours.port}/")
    with pytest.raises(NotFetched, match="private network"):
        fetch(kept, onward, {NAME: [[PUBLIC], [OURS]]})
    assert ours.requests == []


@pytest.mark.parametrize(
    "place",
    [
        "https://127.0.0.1:{port}/",
        "https://0x7f.1:{port}/",
        "https://2130706433:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "//127.0.0.1:{port}/",
        "https://localhost.:{port}/",
        "https://ours.example.test:{port}/",
        "http://calendar.example.test:{port}/",
        "file:///etc/passwd",
        "https://me:word@calendar.example.test:{port}/",
    ],
)
def test_a_redirect_into_our_network_is_not_followed(kept: Kept, ours: Host, place: str) -> None:
    onward = answer(b"", "301 Moved", f"Location: {place.format(port=ours.port)}")
    with pytest.raises(NotFetched):
        fetch(kept, onward, {NAME: [[PUBLIC]], "ours.example.test": [[OURS]]})
    assert ours.requests == []


def test_a_redirect_within_the_internet_is_followed(kept: Kept) -> None:
    def once(head: bytes, send: Send, closing: Event) -> None:
        is_first = head.startswith(b"GET /secret.ics")
        onward = answer(b"", "308 Moved", "Location: /elsewhere.ics")
        (onward if is_first else answer(CALENDAR))(head, send, closing)

    assert fetch(kept, once) == CALENDAR


@pytest.mark.parametrize("place", ["Location: /secret.ics", "X: no place"])
def test_redirects_end(kept: Kept, place: str) -> None:
    with pytest.raises(NotFetched, match="without end"):
        fetch(kept, answer(b"", "302 Found", place))


def test_a_certificate_counts_for_its_name_alone(kept: Kept) -> None:
    with pytest.raises(NotFetched, match="certificate"):
        fetch(kept, answer(CALENDAR), {"other.example.test": [[PUBLIC]]}, "other.example.test")


def test_a_large_answer_is_not_read_to_its_end(kept: Kept) -> None:
    with pytest.raises(NotFetched, match="1 MiB"):
        fetch(kept, answer(b"a" * (1024 * 1024 + 1)))


def test_one_mebibyte_is_read(kept: Kept) -> None:
    assert len(fetch(kept, answer(b"a" * (1024 * 1024)))) == 1024 * 1024


def test_an_answer_without_end_is_left(kept: Kept) -> None:
    def endless(_: bytes, send: Send, closing: Event) -> None:
        send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not closing.is_set():
            send(b"a" * 65536)

    with pytest.raises(NotFetched, match="1 MiB"):
        fetch(kept, endless)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "]
)
def test_a_host_that_lets_wait_is_left(kept: Kept, head: bytes) -> None:
    def slow(_: bytes, send: Send, closing: Event) -> None:
        send(head)
        while not closing.wait(0.1):
            send(b"a")

    with pytest.raises(NotFetched, match="seconds"):
        fetch(kept, slow, within_s=0.5)


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked(kept: Kept) -> None:
    bomb = gzip.compress(b"\0" * (8 * 1024 * 1024))
    with pytest.raises(NotFetched, match="packed"):
        fetch(kept, answer(bomb, "200 OK", "Content-Encoding: gzip"))


@pytest.mark.parametrize(("status", "words"), [("404 No", "any more"), ("500 No", "500"), ("204 No", "204")])
def test_what_is_no_calendar_is_said(kept: Kept, status: str, words: str) -> None:
    with pytest.raises(NotFetched, match=words) as refused:
        fetch(kept, answer(b"", status))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("said", [b"no HTTP at all\r\n\r\n", b""])
def test_a_host_that_speaks_something_else_is_said(kept: Kept, said: bytes) -> None:
    def otherwise(_: bytes, send: Send, __: Event) -> None:
        send(said)

    with pytest.raises(NotFetched, match="as web servers do"):
        fetch(kept, otherwise)


def test_a_name_that_nobody_has_is_said(kept: Kept) -> None:
    with pytest.raises(NotFetched, match="could not be reached"):
        fetch(kept, answer(CALENDAR), {"other.example.test": [[PUBLIC]]})


def test_a_name_without_an_address_is_said(kept: Kept) -> None:
    with pytest.raises(NotFetched, match="could not be reached"):
        fetch(kept, answer(CALENDAR), {NAME: [[]]})


def test_a_proxy_of_the_environment_is_not_asked(
    kept: Kept, ours: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would resolve the name a second time, out of our sight."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://{OURS}:{ours.port}")
    assert fetch(kept, answer(CALENDAR)) == CALENDAR
    assert ours.requests == []


def test_names_are_resolved_as_this_machine_does() -> None:
    found = asyncio.run(resolve("localhost", 443))
    assert found
    assert not any(is_public(address) for address in found)
