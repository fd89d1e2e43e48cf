"""From an HTTP request to a token and arguments, in every form that Slack's clients send them."""

import json
from typing import Any

from aiohttp import web

from sandbox.errors import SlackError

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read(request: web.Request) -> tuple[str, dict[str, Any]]:
    """The token (header, body or query) and the other arguments; body wins over query.

    Raises `invalid_json`, `json_not_object`, `invalid_post_type`, `invalid_form_data`.
    """
    arguments: dict[str, Any] = dict(request.query)
    if request.method == "POST":
        arguments.update(await read_body(request))
    in_body = arguments.pop("token", None)
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    token = credential.strip() if scheme.lower() == "bearer" else in_body
    return (token or in_body or ""), arguments


async def read_body(request: web.Request) -> dict[str, Any]:
    kind = request.content_type
    if kind in FORMS:
        return await read_form(request)
    body = await request.text()
    if not body.strip():
        return {}
    if kind == "application/json":
        return read_json(body)
    raise SlackError("invalid_post_type")


async def read_form(request: web.Request) -> dict[str, Any]:
    try:
        posted = await request.post()
    except (ValueError, AssertionError):
        raise SlackError("invalid_form_data") from None
    return {
        name: value.file.read() if isinstance(value, web.FileField) else value
        for name, value in posted.items()
    }


def read_json(body: str) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(document, dict):
        raise SlackError("json_not_object")
    return document
