"""Every method family by name, gathered. A new family is one line here."""

from collections.abc import Mapping

from aiohttp import web

from sandbox.web_api import (
    apps,
    bookmarks,
    chat,
    conversation_reads,
    conversations,
    dnd,
    file_bytes,
    files,
    pins,
    reactions,
    usergroups,
    users,
    views,
)
from sandbox.web_api.method import Method

FAMILIES = (
    apps,
    bookmarks,
    chat,
    conversation_reads,
    conversations,
    dnd,
    files,
    pins,
    reactions,
    usergroups,
    users,
    views,
)


def all_methods() -> Mapping[str, Method]:
    """Every method this workspace knows; anything else answers `unknown_method`."""
    return {name: method for family in FAMILIES for name, method in family.methods().items()}


def all_routes() -> list[web.RouteDef]:
    """Addresses beside `/api/`: those of files."""
    return file_bytes.routes()
