"""What somebody filled in: a view's values by the names of its inputs, as plain strings."""

from typing import Any

from handlers.blocks import ids
from handlers.calls import Json


def filled(view: Json) -> dict[str, str]:
    """action_id → what was typed or chosen (users, channels and options by id, ticked boxes with blanks
    between, several users, and files by id, as `ids.pack` has them); inputs left empty are left out.

    block_ids do not count: the one of the severity changes with what is proposed.
    """
    blocks = view.get("state", {}).get("values", {}).values()
    given = {action: _value(state) for block in blocks for action, state in block.items()}
    return {action: value for action, value in given.items() if value}


def _value(state: dict[str, Any]) -> str:
    chosen = state.get("selected_option")
    if isinstance(chosen, dict):
        return str(chosen.get("value") or "")
    if "selected_options" in state:
        return " ".join(str(each.get("value", "")) for each in state["selected_options"] or ())
    if files := state.get("files"):
        return ids.pack(*(str(each.get("id", "")) for each in files))
    if several := state.get("selected_users"):
        return ids.pack(*several)
    kinds = (
        "value",
        "selected_user",
        "selected_channel",
        "selected_date",
        "selected_time",
        "selected_date_time",
    )
    return str(next((state[kind] for kind in kinds if state.get(kind)), ""))
