"""Somebody takes a shift over as a person does: presses, reads, says it in their own words, accepts."""

from handlers.blocks import ids
from tests.support.workspace import Json, Person

OWN = "Revoke batch 3 first; the risk is a second wave."


def takes_over(who: Person, post: Json) -> None:
    """Where something grave is open; a quiet shift takes one press."""
    who.presses(ids.HANDOFF_ACCEPT, post)
    form = who.waits_for_view("Take the shift over")
    fields = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    sent = who.submits(form, **{field: {field: OWN} for field in fields})
    assert sent["response"]["response_action"] == "clear", sent
