"""The Web API: one module a method family, each with `methods() -> dict[str, Method]`, gathered here by name."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from sandbox.web_api.method import Method


def all_methods() -> Mapping[str, Method]:
    """Every method this workspace knows; anything else answers `unknown_method`."""
    found: dict[str, Method] = {}
    for module in iter_modules(__path__):
        family = import_module(f"{__name__}.{module.name}")
        if hasattr(family, "methods"):
            found.update(family.methods())
    return found
