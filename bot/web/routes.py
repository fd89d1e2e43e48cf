"""What an endpoint is: a row of a table, from one value to another. It knows no server and no library.

Whoever has something to offer on the web hands its routes to wiring."""

import json
from collections.abc import Callable, Mapping

from msgspec import Struct, field

SLACK_PATH = "/slack/events"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


class Incoming(Struct, frozen=True):
    """One request, whole. `query` is as it came, after the question mark; `params` are those of the path.

    Header names are lower-case; one that came several times has its values joined by commas. `began` is the
    monotonic second at which it had come whole.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    began: float = 0.0

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


class Answer(Struct, frozen=True):
    status: int = 200
    body: bytes = b""
    content_type: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)


class Route(Struct, frozen=True):
    """`path` may have parts in braces: `/feeds/{token}`. `answer` runs on a pool of threads and may wait a
    little; what it raises becomes a 500 that says nothing, the database's refusal a 503.

    One that never `waits`, not even for a lock, is answered though every thread of the pool is busy.
    """

    method: str
    path: str
    answer: Callable[[Incoming], Answer]
    waits: bool = True


def as_json(document: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document, ensure_ascii=False).encode(), JSON)


def as_text(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode())
