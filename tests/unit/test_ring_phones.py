"""Which phone is somebody's, and who is asked: by the word before the colon, and by nothing else."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec import Struct, field

from bot.ring.phones import Phones
from bot.ring.port import Answered, Gone, PhoneAway
from bot.ring.wire import Wire
from bot.sending import Sent
from handlers.calls import HangUp, MailOut, RingOut
from incidents.people import Actor

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RUNG = Sent(True, {"handle": "h:1"})


class Bell(Struct):
    """A provider in memory: it answers what it was given and remembers what it was asked."""

    name: str
    answers: Sent = RUNG
    away: str = ""
    knows: bool = True
    rung: list[tuple[str, str, str]] = field(default_factory=list)
    polled: list[list[str]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def has_form(self, address: str) -> bool:
        return address.startswith("u")

    async def ring(self, address: str, key: str, words: str) -> Sent:
        self.rung.append((address, key, words))
        return self.answers

    async def find(self, address: str, key: str) -> Sent | None:
        return self.answers if key == "lost" else None

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered | Gone]:
        self.polled.append(list(handles))
        if self.away:
            raise PhoneAway(self.away)
        return [Answered(handles[0], "ana", NOON) if self.knows else Gone(handles[0])]

    async def stop(self, handle: str) -> Sent:
        self.stopped.append(handle)
        return self.answers

    async def check(self) -> Sent:
        return self.answers


def phones(*bells: Bell) -> Phones:
    return Phones(Wire(), bells)


@pytest.mark.parametrize(
    ("there", "ring", "phone", "address"),
    [
        (("pushover", "twilio", "webhook"), "pushover:u1", "+1 555 0100", "pushover:u1"),
        (("twilio", "webhook"), "pushover:u1", "+1 555 0100", "twilio:+15550100"),
        (("webhook",), "pushover:u1", "+1 555 0100", "webhook:UANA"),
        (("twilio", "webhook"), "", "extension 7", "webhook:UANA"),
        (("twilio",), "", "", ""),
        (("pushover",), "", "+1 555 0100", ""),
        ((), "pushover:u1", "+1 555 0100", ""),
        (("webhook",), "webhook:night-desk", "", "webhook:night-desk"),
    ],
)
def test_a_phone_is_the_first_that_is_possible(
    there: tuple[str, ...], ring: str, phone: str, address: str
) -> None:
    actor = Actor("UANA", "Ana", ring=ring, phone=phone)
    assert phones(*(Bell(name) for name in there)).address_of(actor) == address


def test_a_ring_goes_to_its_provider_and_its_handle_says_so() -> None:
    one, other = Bell("pushover"), Bell("webhook")
    sent = asyncio.run(phones(one, other).deliver_out(RingOut("webhook:U:1", "k", "words")))
    assert (sent.ok, sent.data) == (True, {"handle": "webhook:h:1"})
    assert (one.rung, other.rung) == ([], [("U:1", "k", "words")])


@pytest.mark.parametrize(
    ("address", "key", "found"),
    [
        ("webhook:U:1", "lost", Sent(True, {"handle": "webhook:h:1"})),
        ("webhook:U:1", "never rung", None),
        ("fax:1", "lost", None),
    ],
)
def test_a_ring_whose_answer_was_lost_is_looked_for_where_it_went(
    address: str, key: str, found: Sent | None
) -> None:
    there = phones(Bell("pushover"), Bell("webhook"))
    assert asyncio.run(there.find(RingOut(address, key, ""))) == found


@pytest.mark.parametrize("what", [RingOut("fax:1", "k", "w"), HangUp(("fax:1",)), MailOut("a@b", "s", "w")])
def test_what_no_provider_does_is_refused_for_good(what: RingOut | HangUp | MailOut) -> None:
    sent = asyncio.run(phones(Bell("pushover")).deliver_out(what))
    assert (sent.error, sent.ambiguous) == ("no_provider", False)


def test_hanging_up_reaches_every_provider_even_when_one_fails() -> None:
    one, other = Bell("pushover", Sent(False, error="ring_refused")), Bell("webhook", Sent(True))
    sent = asyncio.run(phones(one, other).deliver_out(HangUp(("pushover:a", "webhook:b"))))
    assert (sent.error, one.stopped, other.stopped) == ("ring_refused", ["a"], ["b"])


def test_hanging_up_is_tried_again_before_it_is_given_up() -> None:
    lost = Sent(False, error="timeout", ambiguous=True)
    one, other = Bell("pushover", Sent(False, error="ring_refused")), Bell("webhook", lost)
    sent = asyncio.run(phones(one, other).deliver_out(HangUp(("pushover:a", "webhook:b"))))
    assert (sent.error, sent.ambiguous) == ("timeout", True)


def test_each_provider_is_asked_once_for_all_it_rings() -> None:
    one, other = Bell("pushover"), Bell("webhook")
    found = asyncio.run(phones(one, other).poll(["pushover:a", "webhook:b", "pushover:c", "fax:d"]))
    assert (one.polled, other.polled) == ([["a", "c"]], [["b"]])
    assert found.answered == (
        Answered("pushover:a", "pushover:ana", NOON),
        Answered("webhook:b", "webhook:ana", NOON),
    )


def test_a_provider_that_is_away_keeps_no_other_from_answering() -> None:
    found = asyncio.run(
        phones(Bell("pushover", away="http_503"), Bell("webhook")).poll(["pushover:a", "webhook:b"])
    )
    assert [answer.handle for answer in found.answered] == ["webhook:b"]
    assert {name: away.error for name, away in found.away.items()} == {"pushover": "http_503"}


def test_a_ring_that_there_is_none_of_is_told_by_its_whole_handle() -> None:
    found = asyncio.run(phones(Bell("pushover", knows=False), Bell("webhook")).poll(["pushover:a"]))
    assert (found.answered, found.gone) == ((), ("pushover:a",))


@pytest.mark.parametrize(
    ("address", "has_form"), [("pushover:u1", True), ("pushover:", False), ("fax:u1", False)]
)
def test_an_address_that_can_never_ring_is_known_as_one(address: str, has_form: bool) -> None:
    assert phones(Bell("pushover")).has_form(address) is has_form
