"""What questions to the rota need of the record: what was applied at a time, and who was paged how often."""

from collections import Counter
from datetime import datetime

from msgspec import Struct

from incidents.ports import House, Unit
from rotations.model import Organisation


class Paged(Struct, frozen=True):
    """Person key → how often they were paged, and how often at SEV0 or SEV1. Restricted incidents aside."""

    pages: dict[str, int]
    grave: dict[str, int]


def known_then(house: House, at: datetime) -> Organisation | None:
    """The organisation as it stood at an instant, changes made in chat by then included."""
    return house.store.read(lambda unit: unit.schedules.organisation_at(at))


def paged_since(house: House, since: datetime) -> Paged:
    def work(unit: Unit) -> Paged:
        keys = {user: key for key, user in unit.schedules.slack_ids().items()}
        rows = [(keys[user], is_grave) for user, is_grave in unit.timeline.paged_since(since) if user in keys]
        return Paged(Counter(key for key, _ in rows), Counter(key for key, is_grave in rows if is_grave))

    return house.store.read(work)
