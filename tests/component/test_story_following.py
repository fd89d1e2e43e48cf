"""A lead follows a calendar on the web; what changes comes to the leads, and counts when one says so."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from msgspec import Struct

from bot.fetching import Fetcher
from tests.support.calendar_hosts import NAME, Host, Resolver, Send, answer, certificate, serving
from tests.support.followed import calendar
from tests.support.whole_bot import WholeBot, whole_bot
from tests.support.workspace import Person, readable

PUBLIC = "127.0.0.5"


def at(day: int) -> datetime:
    return datetime(2026, 12, day, 9, tzinfo=UTC)


FIRST = calendar(("Tom Becker", at(14), 8), ("Zofia Nowak", at(15), 8))
THEN = calendar(("Tom Becker", at(14), 8), ("Niamh Byrne", at(15), 8))


class Web(Struct):
    """What the other tool serves; None: it is gone."""

    host: Host
    gives: bytes | None = FIRST

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.host.port}/private-0123456789/basic_x9f2"


@pytest.fixture
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Fetcher]]:
    kept = certificate(tmp_path_factory.mktemp("certificate"))
    served: list[Web] = []

    def current(head: bytes, send: Send, closing: Event) -> None:
        gives = served[0].gives
        (answer(gives) if gives is not None else answer(b"", "404 Gone"))(head, send, closing)

    trust = ssl.create_default_context(cafile=kept[0])
    fetcher = Fetcher(Resolver({NAME: [[PUBLIC]]}), lambda address: address == PUBLIC, trust)
    with serving(PUBLIC, current, kept) as host:
        served.append(Web(host))
        yield served[0], fetcher


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path, web: tuple[Web, Fetcher]) -> Iterator[WholeBot]:
    with whole_bot(sqlite_url, tmp_path, fetcher=web[1]) as running:
        yield running


def follow(dana: Person, url: str) -> None:
    dana.types(f"/oncall import {url}")
    form = dana.waits_for_view("Follow a calendar")
    dana.submits(form, **{"follow.url": url, "place": "safety|EMEA", "seat": "backup"})


def test_what_a_calendar_says_counts_once_a_lead_imports_it(bot: WholeBot, web: tuple[Web, Fetcher]) -> None:
    dana, elena = bot.workspace.person("UDANA"), bot.workspace.person("UELENA")
    source, _ = web
    follow(dana, source.url)
    card = dana.waits_for_dm("…x9f2")
    elena.waits_for_dm("…x9f2")
    assert "EMEA backup" in readable(card)
    dana.presses("import.confirm", card)
    dana.submits(dana.waits_for_view("Are you sure?"))
    bot.workspace.eventually("it is imported", lambda: "is imported, by Dana" in readable(last(elena)))

    source.gives = THEN
    bot.workspace.move_clock(hours=2)
    shown = elena.waits_for_dm("Niamh Byrne instead of Zofia Nowak")
    elena.presses("import.leave", shown)
    bot.workspace.eventually("it is left", lambda: "was left" in readable(last(dana)))

    source.gives = None
    bot.workspace.move_clock(hours=2)
    assert "EMEA backup stays as it stands" in readable(elena.waits_for_dm("cannot be read since"))
    dana.types("/oncall follow")
    listed = bot.workspace.eventually("the list", lambda: listing(dana))
    assert source.url not in str(bot.workspace.state("UDANA")["dms"])
    dana.presses("follow.stop", listed)
    bot.workspace.eventually("it is stopped", lambda: stopped(dana))
    asked = len(source.host.requests)
    bot.workspace.move_clock(hours=30)
    assert len(source.host.requests) == asked


def last(person: Person) -> dict[str, object]:
    """The newest card of an import, as it reads now."""
    cards = [each for each in person.direct_messages() if "The calendar at" in readable(each)]
    return dict(cards[-1])


def listing(dana: Person) -> dict[str, object] | None:
    found = (each for each in reversed(dana.messages("general")) if "cannot be read since" in readable(each))
    return next((dict(each) for each in found), None)


def stopped(dana: Person) -> bool:
    return any("its address is forgotten" in readable(each) for each in dana.messages("general"))
