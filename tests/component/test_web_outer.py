"""The layer in front of every route: large, slow and crowding clients over real sockets."""

import gc
import resource
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from bot.web.outer import Limits
from bot.web.routes import Answer, Incoming, Route, as_json, as_text
from bot.web.serving import WORKERS
from incidents.errors import StoreUnavailable
from tests.support.web import Site, all_of, until, web_site

QUICK = Limits(body_bytes=1024, head_bytes=2048, head_s=0.2, body_s=0.2, connections_of_one=3)
HEAD = b"POST /echo HTTP/1.1\r\nhost: here\r\n"
WELL = HEAD + b"content-length: 2\r\n\r\nhi"


def _echo(incoming: Incoming) -> Answer:
    said = incoming.body.decode()
    return as_json({"body": said, "query": incoming.query, "shout": incoming.header("x-shout")})


def _failing(_incoming: Incoming) -> Answer:
    raise RuntimeError("something with a secret in it")


def _away(_incoming: Incoming) -> Answer:
    raise StoreUnavailable


ROUTES = (
    Route("POST", "/echo", _echo),
    Route("GET", "/feeds/{token}.ics", lambda incoming: as_text(incoming.params["token"])),
    Route("GET", "/failing", _failing),
    Route("GET", "/away", _away),
)


@pytest.fixture
def site() -> Iterator[Site]:
    with web_site(ROUTES, QUICK) as opened:
        yield opened


def test_a_route_gets_the_whole_request_and_its_answer_leaves(site: Site) -> None:
    got = site.post("/echo?a=1", b"hello", {"X-Shout": "LOUD"})
    assert (got.status, got.body) == (200, b'{"body": "hello", "query": "a=1", "shout": "LOUD"}')
    assert got.headers["content-type"] == "application/json"


def test_a_path_can_hold_a_part_that_differs(site: Site) -> None:
    assert site.get("/feeds/abc.ics").body == b"abc"


def test_what_never_waits_is_answered_though_every_thread_is_busy() -> None:
    free = threading.Event()

    def busy(_incoming: Incoming) -> Answer:
        free.wait(20)
        return as_text("at last")

    routes = (Route("GET", "/busy", busy), Route("GET", "/alive", lambda _: as_text("yes"), waits=False))
    with web_site(routes) as site, ThreadPoolExecutor(WORKERS + 4) as people:
        waiting = [people.submit(site.get, "/busy") for _ in range(WORKERS + 4)]
        assert site.get("/alive").body == b"yes"
        free.set()
        assert {one.result().body for one in waiting} == {b"at last"}


def test_nothing_that_leaves_is_stored_on_the_way(site: Site) -> None:
    assert site.get("/nowhere").headers["cache-control"] == "no-store"


def test_an_unknown_path_is_not_found_and_another_method_not_allowed(site: Site) -> None:
    assert site.get("/nowhere").status == 404
    assert site.get("/echo").status == 405


def test_a_failure_says_nothing_of_its_reason(site: Site) -> None:
    got = site.get("/failing")
    assert (got.status, got.body) == (500, b"")


def test_a_database_that_is_away_asks_to_come_again(site: Site) -> None:
    got = site.get("/away")
    assert (got.status, got.headers["retry-after"]) == (503, "1")


def test_a_body_that_says_it_is_too_large_is_refused(site: Site) -> None:
    assert site.post("/echo", b"x" * 1025).status == 413


def test_a_body_that_grows_too_large_is_refused(site: Site) -> None:
    pieces = b"".join(b"200\r\n" + b"x" * 512 + b"\r\n" for _ in range(3)) + b"0\r\n\r\n"
    with site.opens(HEAD, b"transfer-encoding: chunked\r\n\r\n", pieces) as line:
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_just_fits_is_taken(site: Site) -> None:
    assert site.post("/echo", b"x" * 1024).status == 200


def test_fifty_megabytes_are_refused_without_being_kept() -> None:
    with web_site(ROUTES) as site:
        site.post("/echo", b"warm")
        body = b"x" * (50 << 20)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert [site.post("/echo", body).status for _ in range(2)] == [413, 413]
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 << 10  # kilobytes


def test_whoever_sends_no_end_of_the_head_is_told_and_cut_off(site: Site) -> None:
    with site.opens(b"POST /echo HT") as line:
        assert all_of(line).startswith(b"HTTP/1.1 408 ")


def test_whoever_connects_and_says_nothing_is_cut_off(site: Site) -> None:
    with site.opens() as line:
        assert all_of(line).startswith(b"HTTP/1.1 408 ")


def test_a_second_request_that_never_ends_is_cut_off_like_a_first(site: Site) -> None:
    with site.opens(WELL) as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 200 ")
        line.sendall(b"POST /ec")
        assert b"HTTP/1.1 408 " in all_of(line)


def test_whoever_sends_half_a_body_is_told_and_cut_off(site: Site) -> None:
    with site.opens(HEAD, b"content-length: 10\r\n\r\nhalf") as line:
        assert all_of(line).startswith(b"HTTP/1.1 408 ")


def test_a_head_without_end_is_refused(site: Site) -> None:
    with site.opens(HEAD, b"x-long: " + b"y" * 4096) as line:
        assert all_of(line).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "nonsense", [b"\x00\x01\x02\r\n\r\n", b"GET /\r\n\r\n", HEAD + b"content-length: -1\r\n\r\n"]
)
def test_nonsense_is_refused(site: Site, nonsense: bytes) -> None:
    with site.opens(nonsense) as line:
        assert all_of(line).startswith(b"HTTP/1.1 400 ")


def test_one_address_holds_so_many_connections_and_gets_a_new_one_when_one_ends(site: Site) -> None:
    lines = [site.opens(WELL) for _ in range(3)]
    assert all(line.recv(1000).startswith(b"HTTP/1.1 200 ") for line in lines)
    assert not _is_admitted(site)
    lines.pop().close()
    until("there is room again", lambda: _is_admitted(site))
    for line in lines:
        line.close()


def _is_admitted(site: Site) -> bool:
    """Whether a further connection is served; otherwise it is cut off at once."""
    with site.opens() as line, suppress(OSError):
        line.sendall(WELL)
        return line.recv(1000).startswith(b"HTTP/1.1 200 ")
    return False


def test_every_status_that_leaves_is_counted() -> None:
    statuses: list[int] = []
    with web_site(ROUTES, QUICK, statuses.append) as site:
        site.post("/echo", b"hi")
        site.post("/echo", b"x" * 2000)
        site.get("/nowhere")
    assert statuses == [200, 413, 404]


def test_whoever_takes_no_answer_is_cut_off_when_it_stops() -> None:
    large = Route("GET", "/large", lambda _: as_text("x" * 32 * 2**20))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with web_site((large,)) as site:
            line = site.opens(b"GET /large HTTP/1.1\r\nhost: here\r\n\r\n")
            assert line.recv(1) == b"H"
        gc.collect()
        line.close()
    assert [str(one.message) for one in told if "unclosed transport" in str(one.message)] == []


def test_it_stops_in_good_time_though_somebody_stays_connected() -> None:
    with web_site(ROUTES) as site:
        line = site.opens(WELL)
        until("it was answered", lambda: b"}" in line.recv(1000))
    assert all_of(line) == b""
    line.close()
