"""`status`: how Meridian is, in words and as JSON, with and without a bot that answers."""

import socket
import threading
from collections.abc import Iterator

import pytest

from bot.alive import ALIVE
from bot.clock import SystemClock
from bot.heart import HEARD
from bot.metrics import Gauge, Metrics
from bot.web.routes import Answer, Incoming, Route, as_json
from incidents.effects import Effect, EffectKind, Priority
from storage.opening import SqlStore, open_store
from tests.support.clock import FakeClock
from tests.support.command_line import CommandLine
from tests.support.web import web_site

SOON = 3  # seconds by which the machine's clock may move on during a test
REASONS = {"socket": "no connection", "threads": "timers died"}


@pytest.fixture
def bot(commands: CommandLine, sqlite_url: str) -> CommandLine:
    return commands.given(DATABASE_URL=sqlite_url, PORT="0")


@pytest.fixture
def store(bot: CommandLine, sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


def _at_work(store: SqlStore, now: FakeClock) -> None:
    for fact in (ALIVE, HEARD):
        store.write(lambda unit, fact=fact: unit.facts.put(fact, now.now().isoformat()))  # type: ignore[misc]


def _page(store: SqlStore, clock: FakeClock) -> None:
    page = Effect(EffectKind.SEND_PAGE, "page:1", "INC-1", priority=Priority.PAGE)
    store.write(lambda unit: unit.outbox.put([page], clock.now()))


@pytest.fixture
def machine() -> FakeClock:
    return FakeClock(SystemClock().now())


def test_a_bot_at_work_is_well(bot: CommandLine, store: SqlStore, machine: FakeClock) -> None:
    _at_work(store, machine)
    told = bot("status")
    assert told.code == 0
    assert told.out.splitlines() == [
        "The database answers.",
        "Meridian is at work: time is kept.",
        "No bot answers on port 0 of this machine.",
        "Open: 0 incidents. Timers: 0.",
        "Nothing waits to be sent.",
    ]


def test_where_nobody_keeps_time_that_is_said(bot: CommandLine, store: SqlStore) -> None:
    told = bot("status")
    assert told.code == 1
    assert "Nobody keeps time" in told.out


def test_where_time_is_kept_and_nobody_hears_slack_it_is_not_well(
    bot: CommandLine, store: SqlStore, machine: FakeClock
) -> None:
    """Every process that takes deliveries in has died, and those who send live on."""
    _at_work(store, machine)
    store.write(lambda unit: unit.facts.put(HEARD, ""))
    told = bot("status")
    assert told.code == 1
    assert "Meridian is at work: time is kept.\nNobody hears Slack: no process" in told.out
    document = bot("status", "--json").document()
    assert (document["well"], document["at_work"], document["heard"]) == (False, True, False)


def test_what_the_running_bot_has_counted_is_said(
    bot: CommandLine, store: SqlStore, machine: FakeClock
) -> None:
    _at_work(store, machine)
    ready = Route("GET", "/readyz", lambda _incoming: as_json({"reasons": {}}))
    metrics = Route("GET", "/metrics", lambda _incoming: Answer(200, _counted().encode()))
    with web_site([ready, metrics]) as site:
        told = bot.given(PORT=str(site.port))("status")
        counts = bot("status", "--json").document()["process"]["counts"]
    assert told.out.splitlines()[3:11] == [
        "Since it started:",
        "  acknowledged by socket: 100 deliveries, 0.008 s on average, 99 of 100 within 0.005 s",
        "  not acknowledged, so Slack delivers again: 1",
        "  sent: 2 done, 1 held",
        "  pages by level and leg: 1, phone: 1; 1, slack: 1",
        "  2 timers fired, late by 200.005 s on average",
        "  put off by the rate limit of conversations.create: 1, for 3.000 s on average,"
        " 99 of 100 within 5 s",
        "  waiting for the rate limit of conversations.create now: 2, its next call in 4 s",
    ]
    assert counts["acks"] == {"socket": {"count": 100, "mean_s": 0.00792, "p99_within_s": 0.005}}
    assert counts["timer_lateness"] == {"count": 2, "mean_s": 200.005, "p99_within_s": None}
    assert counts["effects"] == {"done": 2, "held": 1}
    assert counts["pages"] == {"1, phone": 1, "1, slack": 1}
    assert counts["rate_limits"]["held_s"] == {"conversations.create": 4}


def _counted() -> str:
    """As a bot tells it after a little work."""
    metrics = Metrics()
    for seconds in [0.003] * 99 + [0.495]:
        metrics.acks.observe(seconds, "socket")
    metrics.unacknowledged.add("socket")
    for kind, outcome in (("send_page", "done"), ("ring", "done"), ("tell", "held")):
        metrics.effects.add(kind, outcome)
    for leg in ("slack", "phone"):
        metrics.pages.add("1", leg)
    metrics.lateness.observe(0.01, "call_level")
    metrics.lateness.observe(400.0, "ring")
    metrics.bucket_waits.observe(3.0, "conversations.create")
    method = {"method": "conversations.create"}
    waiting = Gauge("meridian_bucket_waiting", "Effects that wait.", [(method, 2)])
    return metrics.text([waiting, Gauge("meridian_bucket_held_seconds", "Until.", [(method, 4.2)])])


def test_a_page_that_waits_too_long_is_said(bot: CommandLine, store: SqlStore, machine: FakeClock) -> None:
    _at_work(store, machine)
    machine.advance(seconds=-90)
    _page(store, machine)
    told = bot("status", "--json")
    document = told.document()
    assert (told.code, document["well"], document["at_work"]) == (1, False, True)
    (queue,) = document["queue"]
    assert (queue["priority"], queue["waiting"]) == ("page", 1)
    assert 90 <= queue["oldest_s"] <= 90 + SOON * 10
    assert "That is too long: a page has waited for " in bot("status").out


def test_what_was_given_up_is_counted(bot: CommandLine, store: SqlStore, machine: FakeClock) -> None:
    _at_work(store, machine)
    _page(store, machine)
    (claimed,) = store.write(lambda unit: unit.outbox.claim(machine.now(), "test", 9))
    store.write(lambda unit: unit.outbox.fail(claimed, "unknown", machine.now()))
    assert "Given up: 1 effect. See python -m bot outbox list." in bot("status").out


@pytest.mark.parametrize(("reasons", "code"), [({}, 0), (REASONS, 1)])
def test_a_running_bot_is_asked(
    bot: CommandLine, store: SqlStore, machine: FakeClock, reasons: dict[str, str], code: int
) -> None:
    def ready(_incoming: Incoming) -> Answer:
        return as_json({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    _at_work(store, machine)
    with web_site([Route("GET", "/readyz", ready)]) as site:
        told = bot.given(PORT=str(site.port))("status")
        process = bot("status", "--json").document()["process"]
    assert told.code == code
    assert process == {
        "port": site.port,
        "answers": True,
        "ready": not reasons,
        "reasons": reasons,
        "counts": None,
    }
    expected = "is not ready:\n  socket: no connection\n  threads: timers died" if reasons else "is ready."
    assert f"The bot on port {site.port} {expected}" in told.out


@pytest.mark.parametrize(
    "answer", [Answer(200, b"hello"), as_json([]), as_json({"reasons": 1}, 503), Answer(502)]
)
def test_another_program_on_that_port_is_no_bot(
    bot: CommandLine, store: SqlStore, machine: FakeClock, answer: Answer
) -> None:
    _at_work(store, machine)
    with web_site([Route("GET", "/readyz", lambda _incoming: answer)]) as site:
        told = bot.given(PORT=str(site.port))("status")
    assert f"No bot answers on port {site.port}" in told.out
    assert told.code == 0


def test_what_is_no_web_server_on_that_port_is_no_bot(
    bot: CommandLine, store: SqlStore, machine: FakeClock
) -> None:
    _at_work(store, machine)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        says = threading.Thread(target=_greets, args=(listening,), daemon=True)
        says.start()
        told = bot.given(PORT=str(port))("status")
        says.join(5)
    assert f"No bot answers on port {port}" in told.out


def _greets(listening: socket.socket) -> None:
    with listening.accept()[0] as visitor:
        visitor.recv(1024)
        visitor.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def test_a_proxy_of_the_environment_is_not_asked_for_the_bot_of_this_machine(
    bot: CommandLine, store: SqlStore, machine: FakeClock
) -> None:
    _at_work(store, machine)
    with web_site([Route("GET", "/readyz", lambda _incoming: as_json({"reasons": {}}))]) as site:
        told = bot.given(PORT=str(site.port), http_proxy="http://127.0.0.1:9", no_proxy="")("status")
    assert f"The bot on port {site.port} is ready." in told.out


def test_a_database_that_is_away_ends_it_with_3(bot: CommandLine) -> None:
    assert bot.given(DATABASE_URL="postgres://x@/x?host=/nowhere")("status").code == 3
