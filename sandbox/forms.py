"""The form of a view: the values it holds and whether Slack's client would let them be sent. Pure."""

from typing import Any

from sandbox import entries, views
from sandbox.entries import BadEntry, Resolve
from sandbox.model import View

Values = dict[str, dict[str, Any]]


def state_values(body: dict[str, Any], entered: Values) -> Values:
    """`state.values` of a view or message: what was entered, else where each element starts."""
    found: Values = {}
    for block_id, action_id, element, _ in views.elements(body):
        if entries.is_stateful(element):
            kept = entered.get(block_id, {}).get(action_id)
            found.setdefault(block_id, {})[action_id] = kept or entries.start(element)
    return found


def enter(body: dict[str, Any], entered: Values, given: dict[str, Any], resolve: Resolve) -> None:
    """Files in `entered` what a person gave: `{block_id: {action_id: entry}}`, or `{block_id: value}`.

    Raises BadEntry for a block that the form does not have.
    """
    for block_id, value in given.items():
        fields = [found for found in views.elements(body) if found[0] == block_id]
        if not fields:
            raise BadEntry(f"the form has no block {block_id}")
        for action_id, element in ((field[1], field[2]) for field in fields if entries.is_stateful(field[2])):
            if is_full(value, action_id):
                value_here = value[action_id]
            elif is_full_form(value, fields):
                continue
            else:
                value_here = value
            entered.setdefault(block_id, {})[action_id] = entries.entered(element, value_here, resolve)


def is_full(value: Any, action_id: str) -> bool:
    return isinstance(value, dict) and action_id in value


def is_full_form(value: Any, fields: list[Any]) -> bool:
    """Whether the value names actions of the block, just not this one."""
    return isinstance(value, dict) and any(field[1] in value for field in fields)


def check_complete(view: View, values: Values) -> None:
    """Raises BadEntry for the first input at which Slack's client would stop."""
    for block_id, action_id, element, block in views.elements(view.body):
        if block["type"] != "input" or not entries.is_stateful(element):
            continue
        entry = values[block_id][action_id]
        if entries.is_empty(entry):
            if not block.get("optional", False):
                raise BadEntry(f"{block_id}: please complete this required field")
            continue
        refusal = entries.refusal(element, entry)
        if refusal is not None:
            raise BadEntry(f"{block_id}: {refusal}")
