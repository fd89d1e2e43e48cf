"""What rings outside Slack, and the proof that it does: frozen values. Nothing here calls a phone."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from incidents.model import MessageRef, UserId

SETUP = "setup"


class RingState(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"
    STOPPED = "stopped"


class Ring(Struct, frozen=True):
    """One phone that was rung. `key` is its effect's key; `subject` the incident's key or `test:{id}`.

    `page` is the page's id in that incident, "" for a test; `handle` is the provider's, its name before it.
    """

    key: str
    subject: str
    page: str
    user: UserId
    handle: str
    rang_at: datetime
    state: RingState = RingState.RINGING
    ended_at: datetime | None = None


class Proof(Struct, frozen=True):
    """One test page to one person, and on which legs it was answered.

    `why`: `shift` (they took one over), `asked`, or `setup` (it ends the set-up). `by` is who asked for it.
    """

    id: str
    user: UserId
    asked_at: datetime
    why: str
    by: UserId
    message: MessageRef | None = None
    slack_at: datetime | None = None
    phone_at: datetime | None = None
    rang_at: datetime | None = None
    no_phone: str = ""

    @property
    def answered_at(self) -> datetime | None:
        """The first answer on any leg."""
        return min((at for at in (self.slack_at, self.phone_at) if at is not None), default=None)


class Said(Struct, frozen=True):
    """A message in an incident's channel: never its text. `at` is Slack's time."""

    channel: str
    ts: str
    author: UserId
    at: datetime
    kind: str = "message"
    thread_ts: str = ""
    permalink: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
