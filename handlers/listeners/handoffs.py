"""Taking a shift over: one tap."""

from handlers.blocks import ids
from handlers.listeners.edge import Edge, OnPress, Press, Reply
from incidents.operations import handing_over


def _pressed_accept(edge: Edge, press: Press) -> Reply:
    """The post itself says who accepted: nothing more is said."""
    handing_over.accept(edge.house, press.asked.ask(), press.value)
    return None


PRESSES: dict[str, OnPress] = {ids.HANDOFF_ACCEPT: _pressed_accept}
