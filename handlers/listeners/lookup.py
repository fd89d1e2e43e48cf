"""Which incident a command or press means, read for the person who asks."""

from handlers.blocks.reader import Reader
from handlers.listeners.edge import Asked, Edge
from handlers.outbound.desk import WORKSPACE_URL
from incidents.errors import UnknownIncident
from incidents.operations import reading
from incidents.operations.reading import Seen


def meant(edge: Edge, asked: Asked, key: str = "") -> Seen:
    """The incident that is named, else that of the channel. Raises UnknownIncident, NotKnownYet."""
    if key:
        return reading.show(edge.house, asked.user, key)
    seen = reading.here(edge.house, asked.user, asked.channel) if asked.channel else None
    if seen is None:
        raise UnknownIncident
    return seen


def key_meant(edge: Edge, asked: Asked, key: str = "") -> str:
    return key or meant(edge, asked).incident.key


def workspace_reader(edge: Edge) -> Reader:
    """For links alone: it knows the workspace's address and nobody's name."""
    url = edge.house.store.read(lambda unit: unit.facts.get(WORKSPACE_URL))
    return Reader(lambda user: user, edge.house.clock.now(), workspace_url=url)
