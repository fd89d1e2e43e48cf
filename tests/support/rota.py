"""Changes of the rota as people make them: proposed and confirmed to the end."""

from incidents.operations import rota_changes
from incidents.people import Ask
from incidents.rota_changes import Change
from rotations.questions import OverrideRequest
from tests.support.house import TestHouse


def overridden(there: TestHouse, by: str, wish: OverrideRequest, delivery: str = "") -> Change:
    """An override with as many confirmations as it takes."""
    return confirmed(there, by, rota_changes.override(there.house, Ask(by, delivery), wish))


def confirmed(there: TestHouse, by: str, change: Change) -> Change:
    while not change.is_done:
        change = rota_changes.confirm(there.house, Ask(by), change.id, change.confirmed)
    return change
