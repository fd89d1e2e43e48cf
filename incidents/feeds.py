"""Calendar feeds: what somebody subscribes to, and the secret of its address. Values and ports only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from msgspec import Struct

from incidents.model import UserId
from rotations.feed_changes import Published


class FeedKind(StrEnum):
    """A person's own shifts on every schedule; everybody's of one schedule; everybody's of one region."""

    MINE = "mine"
    SCHEDULE = "schedule"
    REGION = "region"


class Scope(Struct, frozen=True):
    """What a feed shows; `schedule` and `region` are "" where the kind needs none."""

    kind: FeedKind
    schedule: str = ""
    region: str = ""


class Feed(Struct, frozen=True):
    """`digest` is all that is kept of the token. `alarm`: minutes before a shift; 0 rings never."""

    id: str
    digest: str
    user: UserId
    scope: Scope
    made_at: datetime
    alarm: int = 0
    read_at: datetime | None = None
    revoked_at: datetime | None = None


def digest_of(token: str) -> str:
    """Of a token of 256 random bits: nobody can guess its like, so no salt and no slow hash is needed."""
    return sha256(token.encode()).hexdigest()


class Feeds(Protocol):
    def hold(self) -> None:
        """Nobody else revises what calendars have been told until this unit of work ends."""
        ...

    def add(self, feed: Feed) -> None: ...

    def by_digest(self, digest: str) -> Feed | None:
        """Also one that is revoked."""
        ...

    def get(self, feed_id: str) -> Feed | None: ...

    def of(self, user: UserId) -> Sequence[Feed]:
        """Those of a person that are not revoked, the oldest first."""
        ...

    def save(self, feed: Feed) -> None: ...

    def told(self, schedule: str | None, since: datetime) -> Mapping[str, Published]:
        """By UID, what calendars know of a schedule (None: of all) that ends after an instant."""
        ...

    def tell(self, entries: Sequence[Published]) -> None: ...

    def forget(self, before: datetime) -> None:
        """What had ended by then is shown no more."""
        ...
