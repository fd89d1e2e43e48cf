"""The handoff at a shift change, in its simple form: offered, then accepted. Pure.

Until it is accepted the outgoing person stays responsible and new pages ring both."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidents.model import MessageRef, UserId


class HandoffState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"  # the next shift change came first


@dataclass(frozen=True, slots=True)
class Handoff:
    """One handoff of one schedule at one instant. `id` is `{schedule}:{at in RFC 3339}`.

    `outgoing` and `incoming` are the primaries; an empty tuple says that nobody holds the seat. Behind the
    outgoing primary stands whoever still has an incident from a handoff that nobody accepted; `discreet`
    are those of them who have restricted ones alone: they hand over too, and no post names them.
    `posted_at` is when it was written down, which says how late a late one is.
    """

    id: str
    schedule: str
    at: datetime
    from_region: str
    to_region: str
    outgoing: tuple[UserId, ...]
    incoming: tuple[UserId, ...]
    backup_out: tuple[UserId, ...]
    backup_in: tuple[UserId, ...]
    why: str
    posted_at: datetime
    until: datetime | None = None
    state: HandoffState = HandoffState.OFFERED
    accepted_by: UserId = ""
    accepted_at: datetime | None = None
    message: MessageRef | None = None
    incidents: tuple[str, ...] = ()
    discreet: tuple[UserId, ...] = ()

    @property
    def handing_over(self) -> tuple[UserId, ...]:
        """Everybody whose command moves when it is accepted."""
        return (*self.outgoing, *self.discreet)
