"""A swap of two turns: offered, then accepted, refused, expired or withdrawn. Values and rules only."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from incidents.errors import IncidentError, NotAllowed, NothingToDo
from incidents.model import MessageRef, UserId
from rotations.model import Swap, TurnRef

STANDS_FOR = timedelta(hours=48)


class OfferState(StrEnum):
    """The stored string is stable."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"


class TurnHasBegun(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "A shift that has begun cannot be swapped whole. "
            "Use /oncall override @person now–until, or /oncall cover me."
        )


class SwapOffer(Struct, frozen=True):
    """`mine` is the turn of whoever offers (`by`), `theirs` that of whom it is offered to (`to`)."""

    id: str
    schedule: str
    mine: TurnRef
    theirs: TurnRef
    mine_span: tuple[datetime, datetime]
    theirs_span: tuple[datetime, datetime]
    by: UserId
    to: UserId
    offered_at: datetime
    reason: str = ""
    state: OfferState = OfferState.OFFERED
    ended_at: datetime | None = None
    messages: tuple[tuple[str, MessageRef], ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state is OfferState.OFFERED

    @property
    def expires_at(self) -> datetime:
        """After two days, at the latest when the first of the two shifts begins."""
        return min(self.offered_at + STANDS_FOR, self.mine_span[0], self.theirs_span[0])

    @property
    def swap(self) -> Swap:
        """The swap it becomes; its id is the offer's."""
        return Swap(self.id, self.schedule, self.mine, self.theirs, self.by, self.reason)


def accept(offer: SwapOffer, user: UserId, now: datetime) -> SwapOffer:
    """Raises NotAllowed, NothingToDo."""
    return _ended(_answerable(offer, user, now), OfferState.ACCEPTED, now)


def refuse(offer: SwapOffer, user: UserId, now: datetime) -> SwapOffer:
    """Raises NotAllowed, NothingToDo."""
    return _ended(_answerable(offer, user, now), OfferState.REFUSED, now)


def undo(offer: SwapOffer, now: datetime) -> SwapOffer:
    """Offered no more, or the swap is taken back; what was refused or has expired stays so."""
    if offer.state is OfferState.ACCEPTED:
        return _ended(offer, OfferState.TAKEN_BACK, now)
    return _ended(offer, OfferState.WITHDRAWN, now) if offer.is_open else offer


def expire(offer: SwapOffer, now: datetime) -> SwapOffer:
    """Nobody has answered: both keep their shifts."""
    return _ended(offer, OfferState.EXPIRED, now) if offer.is_open else offer


def _answerable(offer: SwapOffer, user: UserId, now: datetime) -> SwapOffer:
    if user != offer.to:
        raise NotAllowed("This swap was not offered to you.")
    _demand_open(offer, now)
    return offer


_OVER = {
    OfferState.ACCEPTED: "You two have swapped already.",
    OfferState.REFUSED: "It was refused.",
    OfferState.WITHDRAWN: "It was withdrawn.",
    OfferState.TAKEN_BACK: "It was taken back.",
}


def _demand_open(offer: SwapOffer, now: datetime) -> None:
    if not offer.is_open or now >= offer.expires_at:
        raise NothingToDo(f"{_OVER.get(offer.state, 'It has expired.')} Nothing for you to do.")


def _ended(offer: SwapOffer, state: OfferState, now: datetime) -> SwapOffer:
    return replace(offer, state=state, ended_at=now)
