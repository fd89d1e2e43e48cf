"""Typed names under which the HTTP application carries the workspace."""

from aiohttp import web

from sandbox.state import Workspace

WORKSPACE = web.AppKey("workspace", Workspace)
