"""What the core needs of the world beside a page: phones that ring, proofs that they do, who was heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from incidents.model import MessageRef
from incidents.readback import Stretch
from incidents.ringing import Proof, Ring, RingState
from incidents.said import Said


class Rings(Protocol):
    """Phones that ring, for asking whether they were answered and for hanging up."""

    def add(self, ring: Ring) -> None:
        """A ring that is known already is left as it is."""
        ...

    def get(self, key: str) -> Ring | None: ...

    def ringing(self) -> Sequence[Ring]:
        """Everything that rings now, oldest first."""
        ...

    def of(self, subject: str, page: str = "") -> Sequence[Ring]:
        """What still rings for this page (or test), oldest first."""
        ...

    def end(self, key: str, state: RingState, now: datetime) -> None:
        """It rings no more; one that has ended keeps its ending."""
        ...


class Proofs(Protocol):
    def add(self, proof: Proof) -> None: ...

    def get(self, proof_id: str, lock: bool = False) -> Proof | None: ...

    def save(self, proof: Proof) -> None: ...

    def latest(self, user: str) -> Proof | None:
        """The newest that was answered; None where nobody has ever heard it ring."""
        ...

    def answered(self, user: str, since: datetime) -> Sequence[Proof]:
        """Those of which any leg was first answered since then, newest first."""
        ...

    def last_asked(self, user: str) -> Proof | None:
        """The newest that was sent, answered or not."""
        ...


class History(Protocol):
    """Who said something when in the channels of incidents: never what."""

    def hear(self, said: Said) -> bool:
        """Record a message where its channel or thread is a live or resolved incident's. False: it is known
        already, or said elsewhere."""
        ...

    def put(self, key: str, said: Sequence[Said]) -> int:
        """Add; a message that is there already is left as it is. The number added."""
        ...

    def edited(self, key: str, said: Said, at: datetime) -> Said:
        """It was edited then; the latest edit is kept. The message as it stands now."""
        ...

    def deleted(self, key: str, said: Said, at: datetime) -> Said:
        """It was deleted then; the first telling is kept. The message as it stands now."""
        ...

    def get(self, ref: MessageRef) -> Said | None: ...

    def incident_of(self, ref: MessageRef) -> str:
        """The key of the incident in which this was heard, or ""."""
        ...

    def of(self, key: str) -> Sequence[Said]:
        """Everything that was said, in the order of its time."""
        ...

    def near(self, key: str, stretch: Stretch) -> Sequence[Said]:
        """What is known of what this stretch covers, and of what was found in it."""
        ...

    def newest(self, key: str) -> datetime | None:
        """When the last of its messages was said; None: nothing was."""
        ...

    def last_by(self, key: str, user: str) -> datetime | None:
        """When this person last said something there; None: never."""
        ...

    def cursor(self, key: str) -> str:
        """The `ts` up to which the channel has been read back without a gap; "" before the first time."""
        ...

    def read_up_to(self, key: str, ts: str) -> None: ...
