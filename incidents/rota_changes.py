"""A change of who is on call made in chat: proposed, confirmed as often as it needs, done, taken back.

Values and rules only; what it does to whom was reckoned before, by `rotations.edits`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from incidents.errors import IncidentError, NotAllowed, NothingToDo
from incidents.model import UserId
from incidents.moves import alarming, concerned
from rotations.changes import Moved
from rotations.edits import Edit

KEPT_FOR = timedelta(hours=1)  # a proposal that nobody confirms


class Verb(StrEnum):
    """What was typed or pressed. The stored string is stable."""

    OVERRIDE = "override"
    COVER = "cover"
    SWAP = "swap"
    ABSENT = "absent"
    UNDO = "undo"


class ChangeState(StrEnum):
    """The stored string is stable."""

    PROPOSED = "proposed"
    DONE = "done"
    UNDONE = "undone"


class ProposalTooOld(IncidentError):
    def __init__(self) -> None:
        super().__init__("That was proposed more than an hour ago and is not kept. Type it again.")


class Change(Struct, frozen=True):
    """`moved`: whose shifts it moves, as shown to whoever confirms it. `confirmed`: how often it was.

    `asks` are the ids of the asks for cover or the offer of a swap that it made or came from; `undoes` is the
    change it takes back. `me` is the key of the person `by`, "" for somebody who is on no schedule.
    """

    id: str
    by: UserId
    me: str
    verb: Verb
    schedule: str
    made_at: datetime
    edit: Edit
    moved: tuple[Moved, ...] = ()
    state: ChangeState = ChangeState.PROPOSED
    confirmed: int = 0
    asks: tuple[str, ...] = ()
    undoes: str = ""

    @property
    def is_done(self) -> bool:
        return self.state is not ChangeState.PROPOSED


def confirmations(change: Change, now: datetime) -> int:
    """How often it is asked back: once where it touches others, once more where it alarms."""
    others = set(concerned(change.moved)) - {change.me}
    return bool(others) + bool(alarming(change.moved, now))


def confirm(change: Change, by: UserId, step: int, moved: tuple[Moved, ...], now: datetime) -> Change:
    """One press. `step` is the number the button carries, `moved` what the change would do now.

    A second press of one button counts once; where the schedule has changed since, it is shown anew.
    Raises NotAllowed, NothingToDo, ProposalTooOld.
    """
    if change.by != by:
        raise NotAllowed("Only who proposed it can confirm it.")
    if change.is_done:
        raise NothingToDo("That is done already.")
    if now - change.made_at > KEPT_FOR:
        raise ProposalTooOld
    if not since(moved, now):
        raise NothingToDo("That time has passed already.")
    if since(moved, now) != since(change.moved, now):
        return replace(change, moved=moved, confirmed=0)
    counted = change.confirmed + 1 if step == change.confirmed else change.confirmed
    return replace(change, moved=moved, confirmed=counted)


def since(moved: tuple[Moved, ...], now: datetime) -> tuple[Moved, ...]:
    """What is left of it: an override from now on begins a little later with every minute of thought."""
    return tuple(replace(row, start=max(row.start, now)) for row in moved if row.end > now)
