"""Changes of the rota as people make them: proposed and confirmed to the end."""

from handlers.blocks import ids
from incidents.operations import rota_changes
from incidents.people import Ask
from incidents.rota_changes import Change
from rotations.questions import OverrideRequest
from tests.support.house import TestHouse
from tests.support.workspace import Person, readable


def overridden(there: TestHouse, by: str, wish: OverrideRequest, delivery: str = "") -> Change:
    """An override with as many confirmations as it takes."""
    return confirmed(there, by, rota_changes.override(there.house, Ask(by, delivery), wish))


def confirmed(there: TestHouse, by: str, change: Change) -> Change:
    while not change.is_done:
        change = rota_changes.confirm(there.house, Ask(by), change.id, change.confirmed)
    return change


def confirms(person: Person, *asked: str, channel: str = "general") -> None:
    """Presses what is asked back, one after the other, and waits until it is done."""
    for words in asked or ("Nothing is changed yet", "confirm once more"):
        person.presses(ids.CHANGE_CONFIRM, person.waits_for_message(words, channel))
    person.waits_for_message("takes it back", channel)


def confirms_to_the_end(person: Person, channel: str = "general") -> None:
    """However often it asks: once, or twice for what comes soon or leaves nobody."""
    asked = person.waits_for_message("Nothing is changed yet", channel)
    is_asked_twice = "Go on" in readable(asked)
    confirms(
        person, "Nothing is changed yet", *(["confirm once more"] if is_asked_twice else []), channel=channel
    )
