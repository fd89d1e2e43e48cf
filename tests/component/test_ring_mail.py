"""Copies by e-mail: handed in encrypted, once as a reader can tell, and never in the way of a page."""

import asyncio
import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from bot.ring.mail import Mailer, Post, post_of
from bot.sending import Sent
from handlers.calls import MailOut
from tests.support.clock import NOON, FakeClock
from tests.support.providers.mail_server import CERTIFICATE, PASSWORD, USER, MailServer

SENDER = "Meridian <meridian@example.org>"
LETTER = MailOut(
    "ana@example.org", "SEV1 INC-142. Acknowledge.", "A copy of a page. SEV1 INC-142. Acknowledge."
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as one:
        yield one


def mailer(server: MailServer, user: str = USER, password: str = PASSWORD, trusts: bool = True) -> Mailer:
    context = ssl.create_default_context(cafile=str(CERTIFICATE)) if trusts else ssl.create_default_context()
    return Mailer(Post("smtp", "127.0.0.1", server.port, user, password), SENDER, FakeClock(), context)


def sent_by(mailer: Mailer, letter: MailOut = LETTER) -> Sent:
    return asyncio.run(mailer.send(letter))


def test_a_copy_is_handed_in_encrypted_after_a_login(server: MailServer) -> None:
    assert sent_by(mailer(server)).ok
    [letter] = server.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (LETTER.address, SENDER, LETTER.subject)
    assert str(letter.get_payload()).strip() == LETTER.words
    assert server.encrypted == [True]


def test_a_copy_says_when_it_was_written_and_that_nobody_need_answer(server: MailServer) -> None:
    sent_by(mailer(server))
    assert parsedate_to_datetime(server.letters[0]["Date"]) == NOON
    assert server.letters[0]["Auto-Submitted"] == "auto-generated"


def test_a_repeated_copy_is_known_as_the_same(server: MailServer) -> None:
    server.refusals["DATA"] = ""
    lost = sent_by(mailer(server))
    assert (lost.ok, lost.ambiguous) == (False, True)
    del server.refusals["DATA"]
    assert sent_by(mailer(server)).ok
    first, second = (letter["Message-ID"] for letter in server.letters)
    assert first == second
    assert first.endswith("@example.org>")


def test_a_server_that_cannot_be_trusted_gets_nothing(server: MailServer) -> None:
    sent = sent_by(mailer(server, trusts=False))
    assert (sent.error, server.letters) == ("mail_unauthorised", [])


def test_a_server_that_offers_no_encryption_gets_nothing() -> None:
    with MailServer(offers_tls=False) as server:
        sent = sent_by(mailer(server))
        assert (sent.error, server.letters) == ("mail_unauthorised", [])


def test_a_wrong_password_is_ours_to_mend(server: MailServer) -> None:
    assert sent_by(mailer(server, password="wrong")).error == "mail_unauthorised"
    assert asyncio.run(mailer(server, password="wrong").check()).error == "mail_unauthorised"


@pytest.mark.parametrize(
    ("word", "reply", "error"),
    [
        ("RCPT", "550 no such person", "mail_refused"),
        ("RCPT", "450 come again later", "mail_deferred"),
        ("MAIL", "553 not yours", "mail_refused"),
        ("DATA", "554 it looks like spam", "mail_refused"),
        ("DATA", "451 try again", "mail_deferred"),
    ],
)
def test_a_refusal_is_for_good_or_for_now(server: MailServer, word: str, reply: str, error: str) -> None:
    server.refusals[word] = reply
    sent = sent_by(mailer(server))
    assert (sent.ok, sent.error, sent.ambiguous) == (False, error, False)


def test_a_rude_goodbye_takes_nothing_back(server: MailServer) -> None:
    server.refusals["QUIT"] = "500 what"
    assert sent_by(mailer(server)).ok


@pytest.mark.parametrize(
    "address", ["ana", "ana@example.org, bo@example.org", "ana@example.org\nBcc: x@y.z", "<a@b>", ""]
)
def test_what_is_no_single_address_gets_nothing(server: MailServer, address: str) -> None:
    assert sent_by(mailer(server), MailOut(address, "s", "w")).error == "mail_refused"
    assert server.letters == []


def test_a_subject_cannot_bring_headers_along(server: MailServer) -> None:
    assert sent_by(mailer(server), MailOut("ana@example.org", "s\nBcc: x@y.z", "w")).error == "mail_refused"
    assert server.letters == []


def test_a_server_may_begin_encrypted() -> None:
    with MailServer(begins_encrypted=True) as server:
        context = ssl.create_default_context(cafile=str(CERTIFICATE))
        post = Post("smtps", "127.0.0.1", server.port, USER, PASSWORD)
        assert sent_by(Mailer(post, SENDER, FakeClock(), context)).ok
        assert server.encrypted == [True]


def test_a_server_that_says_nothing_is_not_waited_for(server: MailServer) -> None:
    server.refusals["MAIL"] = ""
    slow = mailer(server)
    slow.timeout_s = 0.3
    sent = sent_by(slow)
    assert (sent.error, sent.ambiguous, server.letters) == ("connection_lost", True, [])


def test_a_server_that_drips_is_left(server: MailServer) -> None:
    server.refusals["MAIL"] = ""
    slow = mailer(server)
    slow.patience_s = 0.3
    sent = sent_by(slow)
    assert (sent.error, sent.ambiguous) == ("timeout", True)


def test_where_nobody_listens_nothing_was_sent() -> None:
    post = Post("smtp", "127.0.0.1", 1, "", "")
    sent = sent_by(Mailer(post, SENDER, FakeClock()))
    assert (sent.error, sent.ambiguous) == ("unreachable", False)


def test_the_check_writes_to_nobody(server: MailServer) -> None:
    assert asyncio.run(mailer(server).check()).ok
    assert server.letters == []


def test_the_address_of_the_server_may_hold_any_password() -> None:
    post = post_of("smtp://meridian:pass%2Fword%401@mail.example.org")
    assert (post.user, post.password, post.port) == (USER, PASSWORD, 587)
    assert post_of("smtps://mail.example.org").port == 465
    assert PASSWORD not in repr(post)
