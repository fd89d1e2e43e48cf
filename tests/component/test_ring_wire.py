"""The way out: through the proxy that the environment names, never for this machine, and checked."""

import ssl
from collections.abc import Iterator

import pytest
from aiohttp import web

from bot.ring.wire import Request
from tests.support.providers.mail_server import CERTIFICATE
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.webhook import WebhookServer

PROXIES = (
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def loop() -> Iterator[OnTheLoop]:
    with on_the_loop() as one:
        yield one


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with WebhookServer() as one:
        yield one


def test_a_provider_is_reached_through_the_proxy(
    loop: OnTheLoop, server: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    loop.run(loop.wire.ask(Request("GET", "http://provider.invalid/1/messages.json")))
    assert [request.headers["Host"] for request in server.received] == ["provider.invalid"]


def test_what_the_environment_excepts_is_reached_without(
    loop: OnTheLoop, server: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "provider.invalid")
    assert loop.run(loop.wire.ask(Request("GET", "http://provider.invalid/"))).error == "unreachable"
    assert server.received == []


def test_this_machine_is_never_reached_through_a_proxy(
    loop: OnTheLoop, server: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    loop.run(loop.wire.ask(Request("GET", server.url)))
    assert len(server.received) == 1


def test_a_proxy_that_is_none_lets_nothing_out(loop: OnTheLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1/")
    sent = loop.run(loop.wire.ask(Request("GET", "http://provider.invalid/")))
    assert (sent.error, sent.ambiguous) == ("unreachable", False)


def test_a_certificate_that_nobody_vouches_for_is_no_connection(loop: OnTheLoop) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)

    async def asks() -> str:
        runner = web.AppRunner(web.Application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        try:
            sent = await loop.wire.ask(Request("GET", f"https://127.0.0.1:{runner.addresses[0][1]}/"))
            return sent.error
        finally:
            await runner.cleanup()

    assert loop.run(asks()) == "unreachable"


def test_a_request_shows_no_secret() -> None:
    request = Request(
        "POST",
        "https://x.example/",
        {"Authorization": "hush"},
        (("token", "hush"),),
        {"token": "hush"},
        b"hush",
    )
    assert "hush" not in repr(request)
