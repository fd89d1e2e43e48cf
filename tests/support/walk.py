"""Walking the story with the whole bot: one bot for a module, a room for each incident, answers in words.

Waits by conditions alone; every act goes through the workspace's own control endpoints."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from msgspec import Struct
from msgspec.structs import replace

from bot.rates import SLACK
from incidents.model import Incident, Status
from incidents.operations import commanding, reading
from incidents.people import Ask
from tests.support.whole_bot import HTTP, MONDAY, SOCKET, WholeBot, whole_bot
from tests.support.workspace import Json, Person, Refused, Workspace, readable

DELIVERED = (SOCKET, HTTP)  # a story is the same, however Slack delivers
KEY = re.compile(r"(INC-\d+|R-[A-Z0-9]+) (?:declared|is declared)")
WAITS_FOR_LONG = timedelta(minutes=15)


class Room(Struct, frozen=True):
    """An incident with its channel and card."""

    walk: "Walk"
    key: str
    name: str

    @property
    def now(self) -> Incident:
        """As it is in the database at this moment."""
        return self.walk.incident(self.key)

    def card(self, reader: Person) -> Json:
        """The first message of the bot, as this person reads it now."""
        return next(m for m in reader.messages(self.name) if m.get("bot_id") and m.get("blocks"))

    def shows(self, reader: Person, *words: str) -> Json:
        """The card, once all these words can be read on it."""

        def found() -> Json | None:
            card = self.card(reader)
            return card if all(each in readable(card) for each in words) else None

        return dict(self.walk.workspace.eventually(f"{words} on the card of {self.key}", found))

    def timeline(self, reader: Person) -> str:
        return answer(reader.types(f"/incident show {self.key} timeline"))


class Walk(Struct, frozen=True):
    """The bot at work in a workspace, and the people in it."""

    bot: WholeBot

    @property
    def workspace(self) -> Workspace:
        return self.bot.workspace

    def person(self, name: str) -> Person:
        """`ana` → Ana Lima."""
        return self.workspace.person(f"U{name.upper()}")

    def incident(self, key: str) -> Incident:
        found = self.bot.bot.house.store.read(lambda unit: unit.incidents.get(key))
        assert found is not None, key
        return found

    def titled(self, title: str) -> Incident | None:
        """The newest incident with this title."""
        store = self.bot.bot.house.store
        known = store.read(lambda unit: unit.incidents.listing(None, 500))
        return next((each for each in known if each.title == title), None)

    def room(self, key: str) -> Room:
        """Once the channel is there and the card is in it."""
        self.workspace.eventually(f"the card of {key}", lambda: self.incident(key).card)
        channel = self.incident(key).channel
        assert channel is not None
        return Room(self, key, channel.name)

    def declares(self, by: Person, words: str) -> Room:
        """`/incident <words>`, and the room that comes of it."""
        return self.room(key_in(answer(by.types(f"/incident {words}"))))

    def time_passes(self, **length: float) -> None:
        """The clock is moved, and the bot has seen it: what comes after happens at the new time."""
        before = self.bot.bot.house.clock.now()
        self.workspace.move_clock(**length)
        ahead = before + timedelta(**length)
        self.workspace.eventually("the bot's clock follows", lambda: self.bot.bot.house.clock.now() >= ahead)

    def settles(self) -> None:
        """Nothing is left to be sent but what waits for a morning: what was to happen has happened."""
        store, clock = self.bot.bot.store, self.bot.bot.house.clock

        def is_so() -> bool:
            soon = clock.now() + WAITS_FOR_LONG
            return not store.read(lambda unit: unit.outbox.pending_count(soon))

        self.workspace.eventually("nothing is left to send", is_so)

    def keys(self) -> set[str]:
        store = self.bot.bot.house.store
        return {each.key for each in store.read(lambda unit: unit.incidents.listing(None, 500))}

    def sent(self) -> list[Json]:
        """Every message that the bot has posted so far, oldest first: the calls of chat.postMessage."""
        return self.workspace.journal("chat.postMessage")

    def end_everything(self) -> None:
        """No incident and no form stays open: nobody is busy in the next story."""
        for view in reversed(self.workspace.state()["views"]):
            with suppress(Refused):  # closed together with the one above it
                self.workspace.post("close", **{"as": view["user"]}, view_id=view["id"], clear=True)
        house = self.bot.bot.house
        for each in house.store.read(lambda unit: unit.incidents.listing(None, 500)):
            if each.status.is_open:
                by = Ask(each.holder, "")
                commanding.change_status(house, by, each.key, Status.DISMISSED, "the story is over")

    def sees(self, who: Person, key: str) -> bool:
        return any(each.key == key for each in reading.listing(self.bot.bot.house, who.user, 500).live)


@contextmanager
def walking(
    template: Path,
    home: Path,
    at: str = MONDAY,
    tiers: bool = False,
    phones: bool = False,
    over: str = SOCKET,
) -> Iterator[Walk]:
    """A bot on a copy of the migrated database, the clock at `at`; with `tiers` Slack's rates hold too, with
    `phones` telephones ring. `over` is how Slack delivers."""
    path = home / "meridian.sqlite"
    shutil.copy(template, path)
    rates = SLACK if tiers else replace(SLACK, rate_of=lambda _bucket: None)
    with whole_bot(f"sqlite:///{path}", home, at, phones=phones, over=over, rates=rates) as bot:
        bot.workspace.post("settings", tiers=tiers)
        yield Walk(bot)


def answer(act: Json) -> str:
    """What the person reads in answer; the act must have been acknowledged."""
    assert act["acked"], act
    return readable(act["response"] or {})


def key_in(words: str) -> str:
    found = KEY.search(words)
    assert found, words
    return found[1]


def press_in_view(person: Person, view: Json, action_id: str, value: object = None) -> Json:
    """A button or menu in a form."""
    more = {} if value is None else {"value": value}
    return person.workspace.post(
        "click", **{"as": person.user}, view_id=view["id"], action_id=action_id, **more
    )


def downloaded(file: Json) -> str:
    """The file as the person's browser fetches it from the page."""
    request = Request(file["url_private_download"], headers={"Sec-Fetch-Site": "same-origin"})
    with urlopen(request, timeout=30) as answered:
        return str(answered.read().decode())


def errors_of(act: Json) -> str:
    """What a form that was refused says beside its fields."""
    return " ".join((act["response"] or {}).get("errors", {}).values())
