"""`usergroups.*`: people who are mentioned together. A group is replaced whole and is never empty."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.model import UserGroup
from sandbox.state import BOT_USER, TEAM_ID, Workspace
from sandbox.web_api.method import TIER_2, Call, Method


def methods() -> dict[str, Method]:
    return {
        "usergroups.create": Method(create, TIER_2, ("usergroups:write",)),
        "usergroups.list": Method(list_all, TIER_2, ("usergroups:read",)),
        "usergroups.users.list": Method(list_users, TIER_2, ("usergroups:read",)),
        "usergroups.users.update": Method(update_users, TIER_2, ("usergroups:write",)),
    }


def create(ws: Workspace, call: Call) -> dict[str, Any]:
    """The handle is made from the name where none is given."""
    name = call.required("name")
    handle = call.text("handle") or name.strip().lower().replace(" ", "-")
    for group in ws.groups.values():
        if group.name == name:
            raise SlackError("name_already_exists")
        if group.handle == handle:
            raise SlackError("handle_already_exists")
    new = UserGroup(ws.ids.next("S"), name, handle, call.text("description"))
    new.created = new.updated = ws.seconds()
    new.created_by = new.updated_by = BOT_USER
    ws.groups[new.id] = new
    ws.changed("groups")
    return {"usergroup": as_json(new, False)}


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    with_users = call.flag("include_users")
    return {"usergroups": [as_json(group, with_users) for group in ws.groups.values()]}


def list_users(ws: Workspace, call: Call) -> dict[str, Any]:
    return {"users": list(found(ws, call).users)}


def update_users(ws: Workspace, call: Call) -> dict[str, Any]:
    """Whoever is not named is out of the group."""
    group, users = found(ws, call), call.words("users")
    if not users:
        raise SlackError("no_users_provided")
    if any(user not in ws.people or ws.people[user].deleted for user in users):
        raise SlackError("invalid_users")
    group.users = list(dict.fromkeys(users))
    group.updated, group.updated_by = ws.seconds(), BOT_USER
    ws.changed("groups")
    return {"usergroup": as_json(group, True)}


def found(ws: Workspace, call: Call) -> UserGroup:
    group = ws.groups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return group


def as_json(group: UserGroup, with_users: bool) -> dict[str, Any]:
    """Slack's user group; its members only where they were asked for."""
    body = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": 0,
        "created_by": group.created_by,
        "updated_by": group.updated_by,
        "user_count": len(group.users),
        "prefs": {"channels": [], "groups": []},
    }
    return body | ({"users": list(group.users)} if with_users else {})
