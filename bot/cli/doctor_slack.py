"""What `doctor` learns from Slack: token, scopes, people, channels, socket. It only asks."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.client import HTTPException
from typing import Any

import yaml
from msgspec import Struct
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.cli.doctor_shifts import Reach, about_shifts, on_call, quiet_hours
from bot.cli.exits import clock_of
from bot.cli.findings import Finding, Roll, State, missing, ok
from bot.local_workspace import ROOT
from bot.outcomes import DEAD_TOKEN
from bot.ring.setting_up import phones_of
from bot.settings import Settings
from rotations.model import Channels, Person

TIMEOUT_S = 10
Look = Callable[[], Iterator[Finding]]


class _Member(Struct, frozen=True):
    user: str
    address: str
    is_gone: bool


def about_slack(settings: Settings, roll: Roll) -> Iterator[Finding]:
    """What is refused is said and the rest is looked at still; what does not answer ends it."""
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    client = WebClient(token, settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=[])
    looks: list[Look] = [
        partial(_identity, client),
        partial(_people, client, roll),
        partial(_channels, client, roll),
        partial(_on_call, client, settings, roll),
    ]
    if settings.app_token is not None:
        looks.append(partial(_socket, client, settings.app_token.get_secret_value()))
    try:
        for look in looks:
            found = _tried(look)
            yield from found
            if any(finding.state is State.BROKEN for finding in found):
                return
    except (SlackClientError, OSError, HTTPException, ValueError) as error:
        yield Finding(
            State.BROKEN,
            f"Slack does not answer ({type(error).__name__})",
            "Check the network and SLACK_API_URL",
        )


def _tried(look: Look) -> list[Finding]:
    try:
        return list(look())
    except SlackApiError as refusal:
        return [_refused(refusal)]


def _refused(refusal: SlackApiError) -> Finding:
    answer: Any = refusal.response
    error = str(answer.get("error") or "an unreadable answer")
    if error in DEAD_TOKEN:
        return Finding(
            State.BROKEN,
            f"Slack refuses the token ({error})",
            "Copy SLACK_BOT_TOKEN and SLACK_APP_TOKEN again from the app's page",
        )
    if error == "missing_scope":
        return missing(
            f"the scope {answer.get('needed')}", "Add it on the app's page and install the app again"
        )
    return missing(f"Slack refuses: {error}", "Look it up on Slack's page of error codes")


def _identity(client: WebClient) -> Iterator[Finding]:
    answer = client.auth_test()
    yield ok(f"Slack knows the bot as {answer['user']} in {answer['team']}")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if "x-oauth-scopes" in headers:
        yield scopes(str(headers["x-oauth-scopes"]))


def scopes(granted: str) -> Finding:
    """`granted` as Slack's header has them, joined by commas; what is needed stands in our manifest."""
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    needed = set(manifest["oauth_config"]["scopes"]["bot"])
    lacking = sorted(needed - {scope.strip() for scope in granted.split(",")})
    if not lacking:
        return ok("every scope is granted")
    return missing(f"scopes: {', '.join(lacking)}", "Add them on the app's page and install the app again")


def _people(client: WebClient, roll: Roll) -> Iterator[Finding]:
    if roll.organisation is None or not roll.organisation.people:
        return
    members = [_member(each) for page in client.users_list(limit=200) for each in page["members"]]
    unknown = [
        f"{person.name} ({person.slack})"
        for person in roll.organisation.people
        if person.slack and not _is_there(person, roll.linked, members)
    ]
    if unknown:
        yield missing(
            f"people whom Slack does not know, or no longer: {', '.join(unknown)}",
            "Correct their address or Slack id in the schedules file and apply it again",
        )
    else:
        yield ok("Slack knows everybody whom the schedules file names")


def _on_call(client: WebClient, settings: Settings, roll: Roll) -> Iterator[Finding]:
    clock = clock_of(settings)
    now = clock.now()
    users = [one.actor.user for one in on_call(roll, now) if one.actor.user]
    reach = Reach(phones_of(settings, clock).address_of, "" if settings.public_url else "twilio:")
    yield from about_shifts(roll, quiet_hours(client, users), reach, now)


def _member(told: Mapping[str, Any]) -> _Member:
    profile = told.get("profile") or {}
    return _Member(str(told["id"]), str(profile.get("email") or "").casefold(), bool(told.get("deleted")))


def _is_there(person: Person, linked: Mapping[str, str], members: list[_Member]) -> bool:
    named = linked.get(person.key) or str(person.slack)
    return any(not m.is_gone and named.casefold() in (m.user.casefold(), m.address) for m in members)


def _channels(client: WebClient, roll: Roll) -> Iterator[Finding]:
    wanted = roll.organisation.channels if roll.organisation else Channels()
    pages = client.users_conversations(
        types="public_channel,private_channel", exclude_archived=True, limit=200
    )
    named = {word: each["name"] for page in pages for each in page["channels"] for word in _called(each)}
    for name in (wanted.announce, wanted.team, wanted.operations):
        if name in named:
            yield ok(f"the bot is in #{named[name]}")
        else:
            yield missing(
                f"the channel #{name}", f"Make it, and invite the bot: /invite @meridian in #{name}"
            )


def _called(channel: Mapping[str, Any]) -> tuple[str, str]:
    """A channel picked in the set-up is known by its id, one of a schedules file by its name."""
    return str(channel["name"]), str(channel["id"])


def _socket(client: WebClient, app_token: str) -> Iterator[Finding]:
    client.apps_connections_open(app_token=app_token)
    yield ok("Socket Mode can be opened")
