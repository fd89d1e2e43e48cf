"""Views: what a modal and a Home tab may hold beside their blocks."""

from __future__ import annotations

from sandbox.check.composition import plain
from sandbox.check.faults import Fault, Faults, Rule, at, items, members
from sandbox.check.layout import Surface, layout
from sandbox.check.shapes import Record, Tagged, Text, boolean, typed

_NAMES: dict[str, Rule] = {
    "callback_id": Text(255),
    "external_id": Text(255),
    "private_metadata": Text(3000),
}


def shape(surface: Surface) -> Record:
    """The rule for one kind of view."""
    if surface == "modal":
        return typed(
            "modal",
            {"title": plain(24), "blocks": layout("modal")},
            {
                **_NAMES,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
        )
    return typed(
        "home",
        {"blocks": layout("home")},
        {**_NAMES, "title": plain(24), "submit": plain(24), "close": plain(24)},
    )


def any_view(value: object, pointer: str) -> Faults:
    """A modal or a Home tab."""
    return Tagged({"modal": shape("modal"), "home": shape("home")})(value, pointer)


def submit_for_inputs(view: object, pointer: str) -> Faults:
    """A modal that asks for input has a button to send it."""
    if members(view).get("type") != "modal" or "submit" in members(view):
        return
    for index, block in enumerate(items(members(view).get("blocks"))):
        if members(block).get("type") == "input":
            where = at(pointer, "blocks", index, "input")
            yield Fault("must define `submit` to use an `input` block in modals", where)
