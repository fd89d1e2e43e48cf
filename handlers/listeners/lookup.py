"""Which incident a command or press means, read for the person who asks."""

import re

from handlers.errors import Refused, attempt
from handlers.listeners.edge import Asked, Edge
from incidents.errors import UnknownIncident
from incidents.operations import reading
from incidents.operations.reading import Seen

_UNNAMED = re.compile(r"<@([UW][A-Z0-9]{2,20})>")
_NOT_IN_A_LABEL = re.compile(r"[<>|]")


def meant(edge: Edge, asked: Asked, key: str = "") -> Seen:
    """The incident that is named, else that of the channel. Raises UnknownIncident, NotKnownYet."""
    if key:
        return reading.show(edge.house, asked.user, key)
    seen = seen_here(edge, asked)
    if seen is None:
        raise UnknownIncident
    return seen


def seen_here(edge: Edge, asked: Asked) -> Seen | None:
    """The incident of the channel or thread where something was asked; None elsewhere."""
    if not asked.channel:
        return None
    return reading.here(edge.house, asked.user, asked.channel, asked.thread)


def key_meant(edge: Edge, asked: Asked, key: str = "") -> str:
    return key or meant(edge, asked).incident.key


def with_names(edge: Edge, text: str) -> str:
    """Mentions that Slack sent as bare ids get their names: people read names, never ids."""
    users = set(_UNNAMED.findall(text))
    if not users:
        return text
    actors = attempt(edge, lambda: edge.house.store.read(lambda unit: unit.people.actors(users)))
    known = {} if isinstance(actors, Refused) else actors

    def named(found: re.Match[str]) -> str:
        actor = known.get(found[1])
        return f"<@{found[1]}|{_NOT_IN_A_LABEL.sub('', actor.name)}>" if actor else found[0]

    return _UNNAMED.sub(named, text)


def key_of_place(edge: Edge, asked: Asked) -> str:
    """The incident of the channel where something was asked, for the way on; "" where there is none."""
    seen = attempt(edge, lambda: seen_here(edge, asked))
    return "" if seen is None or isinstance(seen, Refused) else seen.incident.key
