"""What Slack sends when a person does something: commands, actions, views, shortcuts, home."""

from typing import Any

from sandbox import messages, people, views
from sandbox.model import Channel, Message, Person, View
from sandbox.state import APP_ID, TEAM_DOMAIN, TEAM_ID, Workspace

VERIFICATION = "sandbox"


def team() -> dict[str, Any]:
    return {"id": TEAM_ID, "domain": TEAM_DOMAIN}


def user_json(person: Person) -> dict[str, Any]:
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM_ID}


def channel_name(channel: Channel) -> str:
    """The name commands and actions carry: Slack hides those of direct and private conversations."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private or channel.is_mpim else channel.name


def slash_command(
    person: Person, channel: Channel, command: str, text: str, links: dict[str, str]
) -> dict[str, Any]:
    """`links`: `response_url` and `trigger_id`."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        **links,
    }


def interaction(kind: str, person: Person, trigger_id: str | None) -> dict[str, Any]:
    """What every interactive payload begins with."""
    body: dict[str, Any] = {"type": kind, "team": team(), "user": user_json(person), "api_app_id": APP_ID}
    body["token"] = VERIFICATION
    if trigger_id is not None:
        body["trigger_id"] = trigger_id
    return body | {"enterprise": None, "is_enterprise_install": False}


def message_container(channel: Channel, message: Message, is_ephemeral: bool) -> dict[str, Any]:
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def message_actions(
    ws: Workspace, channel: Channel, message: Message, is_ephemeral: bool, response_url: str
) -> dict[str, Any]:
    """What block_actions of a message carry besides the actions; no body of an ephemeral one."""
    body: dict[str, Any] = {
        "container": message_container(channel, message, is_ephemeral),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_url,
    }
    if not is_ephemeral:
        body["message"] = messages.as_json(ws, channel, message, with_metadata=True)
    return body


def message_shortcut(
    ws: Workspace, channel: Channel, message: Message, callback_id: str, response_url: str
) -> dict[str, Any]:
    return {
        "action_ts": f"{ws.clock.stamp():.6f}",
        "callback_id": callback_id,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": messages.as_json(ws, channel, message, with_metadata=True),
        "response_url": response_url,
    }


def view_actions(view: View, values: dict[str, Any]) -> dict[str, Any]:
    return {"container": {"type": "view", "view_id": view.id}, "view": views.as_json(view, values)}


def home_opened(ws: Workspace, person: Person, channel: Channel, view: View | None) -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": "home"}
    return {**event, "view": views.as_json(view)} if view is not None else event


def user_event(ws: Workspace, kind: str, person: Person) -> dict[str, Any]:
    """`team_join` and `user_change`."""
    about = people.as_json(ws, person)
    return {"type": kind, "user": about, "cache_ts": ws.seconds()}
