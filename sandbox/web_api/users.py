"""`users.*`, `team.info`, `auth.test`, `api.test`: who is here, and who we are."""

from typing import Any

from sandbox import people
from sandbox.errors import SlackError
from sandbox.state import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, TIER_4, UNLIMITED, Call, Method
from sandbox.web_api.paging import page


def methods() -> dict[str, Method]:
    return {
        "api.test": Method(api_test, UNLIMITED, tokens=()),
        "auth.test": Method(auth_test, UNLIMITED, tokens=("xoxb-", "xapp-")),
        "bots.info": Method(bot_info, TIER_3, ("users:read",)),
        "team.info": Method(team_info, TIER_3, ("team:read",)),
        "users.info": Method(info, TIER_4, ("users:read",)),
        "users.list": Method(list_all, TIER_2, ("users:read",)),
        "users.lookupByEmail": Method(lookup, TIER_3, ("users:read.email",)),
    }


def api_test(_: Workspace, call: Call) -> dict[str, Any]:
    """Echoes its arguments; `error` makes it fail with that code."""
    if call.has("error"):
        raise SlackError(call.text("error"), args=dict(call.args))
    return {"args": dict(call.args)} if call.args else {}


def auth_test(ws: Workspace, _: Call) -> dict[str, Any]:
    return {
        "url": ws.url,
        "team": TEAM_NAME,
        "user": ws.manifest.bot_name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


def bot_info(ws: Workspace, call: Call) -> dict[str, Any]:
    if call.text("bot") != BOT_ID:
        raise SlackError("bot_not_found")
    about = {"id": BOT_ID, "deleted": False, "name": ws.manifest.bot_name, "updated": 0}
    return {"bot": about | {"app_id": APP_ID, "user_id": BOT_USER, "icons": {}}}


def team_info(ws: Workspace, _: Call) -> dict[str, Any]:
    about = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "url": ws.url, "email_domain": ""}
    return {"team": about | {"icon": {"image_default": True}, "enterprise_id": None}}


def info(ws: Workspace, call: Call) -> dict[str, Any]:
    return {"user": user_json(ws, call, call.text("user"))}


def user_json(ws: Workspace, call: Call, user: str) -> dict[str, Any]:
    return people.as_json(ws, ws.person(user), call.manifest.grants("users:read.email"))


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    chosen, more = page(call, list(ws.people), lambda user: user, default=999)
    return {"members": [user_json(ws, call, each) for each in chosen], "cache_ts": ws.seconds(), **more}


def lookup(ws: Workspace, call: Call) -> dict[str, Any]:
    email = call.required("email").lower()
    for person in ws.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": people.as_json(ws, person)}
    raise SlackError("users_not_found")
