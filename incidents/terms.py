"""The words of the trade that everything else is said in: severity, status, role, a place in Slack."""

from collections.abc import Callable
from enum import IntEnum, StrEnum

from msgspec import Struct

UserId = str
NameOf = Callable[[UserId], str]


class Severity(IntEnum):
    SEV0 = 0  # the gravest
    SEV1 = 1
    SEV2 = 2
    SEV3 = 3
    SEV4 = 4

    @property
    def label(self) -> str:
        return f"SEV{self.value}"


class Status(StrEnum):
    TRIAGE = "triage"
    ACTIVE = "active"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    DUPLICATE = "duplicate"

    @property
    def is_open(self) -> bool:
        return self in (Status.TRIAGE, Status.ACTIVE, Status.CONTAINED)


class Role(StrEnum):
    MANAGER = "incident manager"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    COMMS = "comms lead"
    SPECIALIST = "specialist"
    LIAISON = "liaison"
    APPROVER = "approver"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class MessageRef(Struct, frozen=True):
    """A message in Slack: channel id and `ts`."""

    channel: str
    ts: str


class Channel(Struct, frozen=True):
    """The incident's channel as Slack knows it."""

    id: str
    name: str
