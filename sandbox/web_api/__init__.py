"""The Web API: one module a method family, each with `methods()` or `routes()`, gathered here."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from aiohttp import web

from sandbox.web_api.method import Method


def families() -> Iterator[ModuleType]:
    for module in iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}")


def all_methods() -> Mapping[str, Method]:
    """Every method this workspace knows; anything else answers `unknown_method`."""
    found: dict[str, Method] = {}
    for family in families():
        if hasattr(family, "methods"):
            found.update(family.methods())
    return found


def all_routes() -> list[web.RouteDef]:
    """Addresses beside `/api/`, such as those of files."""
    found: list[web.RouteDef] = []
    for family in families():
        if hasattr(family, "routes"):
            found.extend(family.routes())
    return found
