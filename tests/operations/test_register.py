"""Every delivery is answered: what nobody handles is counted, and a crash is told to whoever waits."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct, field
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.log import KeyValueFormatter
from handlers.blocks import ids
from handlers.calls import Json, Message
from handlers.register import Edge, register
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import PRIYA

BOT = "U0BOT"


class Told(Struct):
    """A front lane that remembers who was told what, and counts what nobody handles."""

    words: list[tuple[str, str]] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)

    def tell(self, user: str, message: Message) -> None:
        self.words.append((user, message.text))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


@pytest.fixture
def deliver(there: TestHouse, told: Told) -> Callable[[Json], BoltResponse]:
    app = App(
        authorize=lambda enterprise_id, team_id: AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_user_id=BOT, bot_token="xoxb-test"
        ),
        process_before_response=True,
        request_verification_enabled=False,
    )
    register(app, Edge(there.house, told, _nothing, lambda: BOT, _nothing, told.unhandled.append))
    return lambda body: app.dispatch(BoltRequest(body=body, mode="socket_mode"))


def _nothing() -> None:
    """Nobody is asked anything."""


def event(**fields: Any) -> Json:
    told = {"channel": "D1", "user": PRIYA, "ts": "1796065200.000100", **fields}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": told}


def pressed(**fields: Any) -> Json:
    action = {"type": "button", "action_id": "show", "block_id": "b", "value": "INC-1"}
    person = {"id": PRIYA, "team_id": "T1"}
    return {"type": "block_actions", "team": {"id": "T1"}, "user": person, "actions": [action], **fields}


def test_what_no_listener_handles_is_acknowledged_and_counted(
    deliver: Callable[[Json], BoltResponse], told: Told
) -> None:
    strange = {"type": "button", "action_id": "nobody.knows", "block_id": "b"}
    view = {"callback_id": "nobody.knows", "id": "V1", "hash": "1", "type": "modal"}
    person = {"id": PRIYA, "team_id": "T1"}
    deliveries = [
        event(type="channel_created"),
        pressed(actions=[strange]),
        {"type": "view_submission", "team": {"id": "T1"}, "user": person, "view": view},
        {"type": "shortcut", "team": {"id": "T1"}, "user": person, "callback_id": "nobody.knows"},
        {"command": "/strange", "team_id": "T1", "user_id": PRIYA, "text": ""},
    ]
    assert [deliver(body).status for body in deliveries] == [200] * 5
    assert told.unhandled == ["event", "action", "view", "shortcut", "command"]


def test_a_command_that_crashes_is_answered_with_a_reference(deliver: Callable[[Json], BoltResponse]) -> None:
    answer = deliver({"command": "/incident", "team_id": "T1", "text": "list"})
    assert answer.status == 200
    assert "Nothing was saved. Try again in a moment. Reference " in answer.body


def test_a_button_that_crashes_is_acknowledged_and_whoever_pressed_is_told(
    deliver: Callable[[Json], BoltResponse], told: Told
) -> None:
    assert deliver(pressed(container="not what Slack sends")).status == 200
    ((user, words),) = told.words
    assert user == PRIYA
    assert "Reference" in words


def test_a_form_that_crashes_says_so_in_its_place(deliver: Callable[[Json], BoltResponse]) -> None:
    view = {"callback_id": ids.VIEW_UPDATE, "id": "V1", "type": "modal", "state": "not what Slack sends"}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"team_id": "T1"}, "view": view}
    answer = deliver(body)
    assert answer.status == 200
    assert '"response_action": "update"' in answer.body


def test_words_to_meridian_that_crash_are_acknowledged_and_whoever_wrote_them_is_told(
    deliver: Callable[[Json], BoltResponse], told: Told
) -> None:
    assert deliver(event(type="message", channel_type="im", text=7)).status == 200
    assert [user for user, _ in told.words] == [PRIYA]


def test_an_event_that_crashes_is_left_for_slack_to_deliver_again(
    deliver: Callable[[Json], BoltResponse], told: Told
) -> None:
    answer = deliver(event(type="reaction_added", reaction="pushpin", item={"type": "message"}))
    assert answer.status == 500
    assert told.words == []


@pytest.mark.parametrize(
    ("body", "delivery"),
    [
        (event(type="reaction_added", reaction="pushpin", item={"type": "message"}), "event:Ev1"),
        (pressed(container="not what Slack sends", trigger_id="7.1"), "trigger:7.1"),
        (
            {
                "type": "view_submission",
                "trigger_id": "7.2",
                "user": {"id": PRIYA, "team_id": "T1"},
                "view": {
                    "callback_id": ids.VIEW_UPDATE,
                    "id": "V1",
                    "hash": "9",
                    "type": "modal",
                    "state": 7,
                },
            },
            "view:V1:9",
        ),
    ],
)
def test_the_log_says_which_delivery_failed_and_whose_it_was(
    deliver: Callable[[Json], BoltResponse], caplog: pytest.LogCaptureFixture, body: Json, delivery: str
) -> None:
    caplog.handler.setFormatter(KeyValueFormatter())
    deliver(body)
    logging.getLogger(__name__).warning("something else")
    said = [line for line in caplog.text.splitlines() if "a delivery failed" in line]
    assert said
    assert all(f" actor={PRIYA} delivery={delivery} " in line for line in said)
    assert "delivery=" not in caplog.text.splitlines()[-1]
