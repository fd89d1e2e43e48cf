"""`doctor` and the phones: what is set up is asked without ringing anybody, and what refuses us is named."""

from collections.abc import Iterator

import pytest

from bot.cli.doctor_ring import about_ring
from bot.cli.findings import State
from bot.settings import Settings
from rotations.model import Person
from tests.support.clock import FakeClock
from tests.support.providers import pagerduty, pushover, twilio, webhook
from tests.support.providers.mail_server import MailServer
from tests.support.providers.server import Fault


@pytest.fixture
def server() -> Iterator[pushover.PushoverServer]:
    with pushover.PushoverServer() as one:
        yield one


def found(*people: Person, **environment: str) -> list[tuple[State, str, str]]:
    settings = Settings.model_validate(environment)
    return [(one.state, one.what, one.advice) for one in about_ring(settings, FakeClock(), people)]


def test_without_any_provider_it_says_what_that_means() -> None:
    [(state, what, advice)] = found()
    assert state is State.MISSING
    assert what.startswith("a phone leg: ")
    assert "docs/ringing.md" in advice


def test_each_provider_that_takes_our_token_is_well_and_nobody_is_rung() -> None:
    with (
        pushover.PushoverServer() as push,
        twilio.TwilioServer() as calls,
        pagerduty.PagerDutyServer() as duty,
        webhook.WebhookServer() as web,
        MailServer() as mail,
    ):
        told = found(
            PUSHOVER_TOKEN=pushover.TOKEN,
            RING_PUSHOVER_API=push.url,
            TWILIO_ACCOUNT_SID=twilio.SID,
            TWILIO_AUTH_TOKEN=twilio.TOKEN,
            TWILIO_FROM=twilio.OURS,
            RING_TWILIO_API=calls.url,
            PAGERDUTY_TOKEN=pagerduty.TOKEN,
            PAGERDUTY_FROM=pagerduty.SENDER,
            PAGERDUTY_SERVICE=pagerduty.SERVICE,
            RING_PAGERDUTY_API=duty.url,
            RING_WEBHOOK_URL=web.url,
            RING_WEBHOOK_SECRET=webhook.SECRET,
            SMTP_URL=f"smtp://127.0.0.1:{mail.port}",
            MAIL_FROM="m@example.org",
            MERIDIAN_PUBLIC_URL="https://meridian.example.org",
        )
        names = ("pushover", "twilio", "pagerduty", "webhook", "mail")
        assert told == [(State.OK, f"{name} answers and takes our token", "") for name in names]
        assert (push.messages, calls.calls, duty.incidents, web.rings, mail.letters) == ([], [], [], {}, [])


def test_a_token_that_is_refused_is_named_with_its_variable(server: pushover.PushoverServer) -> None:
    assert found(PUSHOVER_TOKEN="wrong", RING_PUSHOVER_API=server.url) == [
        (State.MISSING, "pushover: it refuses us (ring_unauthorised)", "Correct PUSHOVER_TOKEN")
    ]


def test_a_provider_that_does_not_answer_is_broken(server: pushover.PushoverServer) -> None:
    server.faults.append(Fault(status=503))
    [(state, what, _)] = found(PUSHOVER_TOKEN=pushover.TOKEN, RING_PUSHOVER_API=server.url)
    assert (state, what) == (State.BROKEN, "pushover does not answer (http_503)")


def test_copies_by_mail_alone_are_no_phone_leg() -> None:
    with MailServer() as mail:
        told = found(SMTP_URL=f"smtp://127.0.0.1:{mail.port}", MAIL_FROM="m@example.org")
    assert [state for state, _, _ in told] == [State.OK, State.MISSING]


def test_phones_that_cannot_ring_as_they_are_written_are_named(server: pushover.PushoverServer) -> None:
    told = found(
        Person("ana", "Ana Lima", ring=f"pushover:{pushover.ANA}"),
        Person("bo", "Bo Chen", ring="pushover:bo"),
        Person("cy", "Cy Okafor", ring="twilio:+15550102"),
        Person("dana", "Dana Ortiz"),
        PUSHOVER_TOKEN=pushover.TOKEN,
        RING_PUSHOVER_API=server.url,
    )
    said = "phones that cannot ring as they are written: Bo Chen (pushover:bo), Cy Okafor (twilio:+15550102)"
    assert told[1][:2] == (State.MISSING, said)


def test_calls_that_only_wake_are_said_to() -> None:
    with twilio.TwilioServer() as calls:
        told = found(
            TWILIO_ACCOUNT_SID=twilio.SID,
            TWILIO_AUTH_TOKEN=twilio.TOKEN,
            TWILIO_FROM=twilio.OURS,
            RING_TWILIO_API=calls.url,
        )
    assert "MERIDIAN_PUBLIC_URL" in told[1][1]
