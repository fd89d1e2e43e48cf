"""Slack's door on a real store: what is remembered of a delivery, and what of one that was not saved."""

from collections.abc import Iterator

import pytest
from slack_bolt import BoltRequest, BoltResponse

from bot.identity import Identity
from bot.web.replays import Replays
from bot.web.routes import Incoming
from bot.web.signatures import sign
from bot.web.slack import SlackDoor, slack_routes
from storage.opening import SqlStore
from tests.support.clock import FakeClock

SECRET = "the secret that Slack signs with"


class Listeners:
    """What Bolt's App is to the door. `answers` are given one after the other, the last one for ever."""

    def __init__(self, *answers: BoltResponse) -> None:
        self.answers, self.heard = list(answers), list[BoltRequest]()

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        self.heard.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def replays(store: SqlStore, clock: FakeClock) -> Iterator[Replays]:
    replays = Replays(store, clock)
    replays.start()
    yield replays
    replays.stop()


def _signed(clock: FakeClock, body: bytes, **more: str) -> Incoming:
    stamp = str(int(clock.now().timestamp()))
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": sign(SECRET, stamp, body),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return Incoming("POST", "/slack/events", headers, body)


def _door(replays: Replays, clock: FakeClock, listeners: Listeners) -> SlackDoor:
    return SlackDoor(SECRET, clock, listeners.dispatch, replays, Identity, lambda _seconds, _is_acked: None)


def test_what_was_not_saved_is_taken_when_slack_repeats_it_in_the_same_second(
    replays: Replays, clock: FakeClock
) -> None:
    listeners = Listeners(BoltResponse(status=500, body=""), BoltResponse(status=200, body=""))
    door, request = _door(replays, clock, listeners), _signed(clock, b'{"type": "event_callback"}')
    assert [door.answer(request).status for _ in range(3)] == [500, 200, 200]
    assert len(listeners.heard) == 2


def test_the_listeners_read_what_slack_sent_and_which_repeat_it_is(
    replays: Replays, clock: FakeClock
) -> None:
    listeners = Listeners(BoltResponse(status=200, body=""))
    request = _signed(clock, b'{"type": "event_callback", "event": {"type": "x"}}', x_slack_retry_num="1")
    assert _door(replays, clock, listeners).answer(request).status == 200
    (heard,) = listeners.heard
    assert heard.body == {"type": "event_callback", "event": {"type": "x"}}
    assert heard.headers == {"x-slack-retry-num": ["1"]}
    assert heard.mode == "socket_mode"


@pytest.mark.parametrize(
    ("given", "body", "content_type"),
    [
        (BoltResponse(status=200, body={"text": "Done"}), b'{"text": "Done"}', "application/json"),
        (BoltResponse(status=200, body="Done"), b"Done", "text/plain"),
        (BoltResponse(status=200, body=""), b"", "text/plain"),
    ],
)
def test_what_the_listeners_answer_is_the_acknowledgement(
    replays: Replays, clock: FakeClock, given: BoltResponse, body: bytes, content_type: str
) -> None:
    answer = _door(replays, clock, Listeners(given)).answer(_signed(clock, b'{"a": 1}'))
    assert (answer.status, answer.body) == (200, body)
    assert answer.content_type.startswith(content_type)


def test_only_what_slack_has_signed_is_timed(replays: Replays, clock: FakeClock) -> None:
    timed: list[tuple[float, bool]] = []
    listeners = Listeners(BoltResponse(status=500, body=""), BoltResponse(status=200, body=""))
    door = SlackDoor(
        SECRET, clock, listeners.dispatch, replays, Identity, lambda s, ok: timed.append((s, ok))
    )
    (route,) = slack_routes(door, lambda: 7.5)
    for body in (b'{"a": 1}', b'{"a": 2}'):
        route.answer(_signed(clock, body))
    route.answer(Incoming("POST", "/slack/events", {}, b"{}"))
    assert timed == [(7.5, False), (7.5, True)]
