"""Every button and form that a message can carry is answered by some room."""

from handlers.blocks import ids
from handlers.listeners.presses import PRESSES, SUBMISSIONS

LINKS = {ids.OPEN_CHANNEL}
SHOWN_ONLY = {ids.VIEW_MORE, ids.VIEW_ANSWER}


def named(*beginnings: str) -> set[str]:
    """The ids of handlers/blocks/ids.py that begin so."""
    found = {value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
    return {value for value in found if value.startswith(beginnings)}


def test_every_button_is_answered() -> None:
    prefixes = ("page.", "incident.", "step.", "update.", "postmortem.", "handoff.", "oncall.", "declare.")
    pressed = named(*prefixes, "words.", "timeline.", "list.", "more.", "bring.", "watch.", "care.", "proof.")
    assert pressed - set(PRESSES) == set()


def test_every_form_is_taken() -> None:
    assert named("view.") - set(SUBMISSIONS) == SHOWN_ONLY


def test_nothing_is_answered_that_no_message_carries() -> None:
    several = {f"{ids.RUN_WORDS}:", f"{ids.MERGE}:"}
    everything = {value for name, value in vars(ids).items() if name.isupper()} | several
    assert set(PRESSES) <= everything
    assert not LINKS & set(PRESSES)
