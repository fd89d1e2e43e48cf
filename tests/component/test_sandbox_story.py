"""A real Bolt app in the sandbox: commands, forms, buttons, mentions and direct messages, there and back."""

from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond

from sandbox.server import Sandbox
from tests.support.sandbox_client import DEADLINE_S, SEED, Client, bolt, connected, reached

FORM = {
    "type": "modal",
    "callback_id": "declare",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What happens?"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "severity",
            "optional": True,
            "label": {"type": "plain_text", "text": "How bad?"},
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "options": [{"text": {"type": "plain_text", "text": "SEV1"}, "value": "1"}],
            },
        },
    ],
}
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Acknowledge"},
    "action_id": "ack",
    "value": "142",
}


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED) as sandbox:
        yield Client(sandbox.url)


@pytest.fixture
def heard() -> "Queue[Any]":
    return Queue()


@pytest.fixture(params=[connected, reached], ids=["socket", "http"])
def app(client: Client, heard: "Queue[Any]", request: pytest.FixtureRequest) -> Iterator[App]:
    """The app, over both of Slack's ways to it: every story passes through each."""
    app = bolt(client)
    answer_commands(app, client)
    answer_forms_and_buttons(app, heard)
    app.event("app_mention")(lambda event: heard.put(event))
    app.message("")(lambda event: heard.put(event) if event["channel_type"] == "im" else None)

    @app.event({"type": "app_home_opened"})
    def home(event: dict[str, Any]) -> None:
        blocks = [{"type": "divider"}]
        client.slack.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    with request.param(client, app):
        yield app


def answer_commands(app: App, client: Client) -> None:
    @app.command("/incident")
    def declare(ack: Ack, body: dict[str, Any]) -> None:
        if body["text"]:
            ack(f"You said {body['text']}")
        else:
            ack()
            client.slack.views_open(trigger_id=body["trigger_id"], view=FORM)


def answer_forms_and_buttons(app: App, heard: "Queue[Any]") -> None:
    @app.view("declare")
    def submitted(ack: Ack, body: dict[str, Any]) -> None:
        heard.put(body)
        if body["view"]["state"]["values"]["what"]["text"]["value"] == "nothing":
            ack(response_action="errors", errors={"what": "Say more."})
        else:
            ack()

    @app.action("ack")
    def acknowledged(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        respond("Acknowledged", replace_original=True)
        heard.put(body)


@pytest.mark.usefixtures("app")
def test_a_command_is_answered_to_its_person_alone(client: Client) -> None:
    outcome = client.act("command", as_="alice", channel="general", text="/incident hello")
    assert outcome["acked"]
    assert outcome["ack_ms"] < 3000
    assert client.texts("general", "alice") == ["You said hello"]
    assert client.texts("general", "bob") == []


@pytest.mark.usefixtures("app")
def test_a_form_opens_and_its_entries_arrive(client: Client, heard: "Queue[Any]") -> None:
    client.act("command", as_="alice", channel="general", text="/incident")
    [view] = client.state("alice")["views"]
    values = {"what": "Logins fail", "severity": "SEV1"}
    assert client.act("submit", as_="alice", view_id=view["id"], values=values)["acked"]
    sent = heard.get(timeout=DEADLINE_S)["view"]["state"]["values"]
    assert sent["what"]["text"] == {"type": "plain_text_input", "value": "Logins fail"}
    assert sent["severity"]["choice"]["selected_option"]["value"] == "1"
    assert client.state("alice")["views"] == []


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "what: please complete this required field"),
        ({"what": "x" * 21}, "what: must be at most 20 characters"),
        ({"what": "ok", "severity": "SEV9"}, "'SEV9' is no option of choice"),
        ({"where": "here"}, "the form has no block where"),
    ],
)
@pytest.mark.usefixtures("app")
def test_a_form_that_slacks_client_would_hold_back_is_not_sent(
    client: Client, values: dict[str, str], error: str
) -> None:
    client.act("command", as_="alice", channel="general", text="/incident")
    [view] = client.state("alice")["views"]
    assert client.act("submit", as_="alice", view_id=view["id"], values=values) == {"error": error}


@pytest.mark.usefixtures("app")
def test_a_form_sent_back_with_errors_stays_open_and_shows_them(client: Client) -> None:
    client.act("command", as_="alice", channel="general", text="/incident")
    [view] = client.state("alice")["views"]
    client.act("submit", as_="alice", view_id=view["id"], values={"what": "nothing"})
    [view] = client.state("alice")["views"]
    assert view["errors"] == {"what": "Say more."}


@pytest.mark.usefixtures("app")
def test_a_button_tells_the_app_and_its_answer_replaces_the_message(
    client: Client, heard: "Queue[Any]"
) -> None:
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    posted = client.slack.chat_postMessage(channel="C1", text="Page", blocks=blocks)
    client.act("click", as_="bob", channel="general", ts=posted["ts"], action_id="ack")
    body = heard.get(timeout=DEADLINE_S)
    assert body["actions"][0]["value"] == "142"
    assert body["container"] | {"message_ts": posted["ts"]} == body["container"]
    assert client.texts("general") == ["Acknowledged"]


@pytest.mark.usefixtures("app")
def test_a_mention_by_name_reaches_the_app(client: Client, heard: "Queue[Any]") -> None:
    assert client.act("say", as_="alice", channel="general", text="@meridian help")["acked"]
    assert heard.get(timeout=DEADLINE_S)["text"] == "<@U0SANDBOT> help"


@pytest.mark.usefixtures("app")
def test_a_direct_message_reaches_the_app(client: Client, heard: "Queue[Any]") -> None:
    client.act("say", as_="alice", channel="@meridian", text="psst")
    assert heard.get(timeout=DEADLINE_S)["text"] == "psst"


@pytest.mark.usefixtures("app")
def test_opening_the_home_shows_what_the_app_publishes(client: Client) -> None:
    client.act("home", as_="alice")
    assert client.state("alice")["home"]["blocks"][0]["type"] == "divider"
    assert client.state("bob")["home"] is None


def test_without_an_app_a_command_fails_at_once_and_says_so(client: Client) -> None:
    outcome = client.act("command", as_="alice", channel="general", text="/incident hello")
    assert outcome["error"] == "dispatch_failed"
    assert client.texts("general", "alice") == ['/incident failed with the error "dispatch_failed"']
