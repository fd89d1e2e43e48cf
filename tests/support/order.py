"""In which order calls left for Slack: pages, and what is only for the eye."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import inf

from handlers.blocks import ids
from tests.support.workspace import Json

KEY = re.compile(r"INC-\d+")
FOR_THE_EYE = ("conversations.setTopic", "bookmarks.add", "pins.add")


def pages_in(calls: Iterable[Json]) -> Counter[str]:
    """How many pages left for each incident, by its key."""
    return Counter(key for call in calls for key in _paged_in(call))


def late_pages(calls: Sequence[Json], channels: Mapping[str, Json], keys: Iterable[str]) -> list[str]:
    """The incidents whose first page left after something in their channel that is only for the eye."""
    return [
        key
        for key in keys
        if _first(call for call in calls if _is_for_the_eye(call, _of(channels, key)))
        < _first(call for call in calls if key in _paged_in(call))
    ]


def _paged_in(call: Json) -> list[str]:
    """The keys of the incidents that this call pages somebody for."""
    to_person = str(call["args"].get("channel")).startswith(("U", "D"))
    is_page = to_person and ids.ACKNOWLEDGE in str(call["args"].get("blocks"))
    return KEY.findall(str(call["args"]["text"])) if is_page and call["method"] == "chat.postMessage" else []


def _of(channels: Mapping[str, Json], key: str) -> set[str]:
    return {each["id"] for name, each in channels.items() if name.startswith(f"{key.lower()}-")}


def _is_for_the_eye(call: Json, channels: set[str]) -> bool:
    channel = call["args"].get("channel") or call["args"].get("channel_id")
    return call["method"] in FOR_THE_EYE and channel in channels


def _first(made: Iterable[Json]) -> float:
    return min((call["t_start"] for call in made), default=inf)
