"""What the core needs kept of schedules: the organisation, its changes in chat, and what is still asked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from incidents.covering import CoverAsk
from incidents.model import UserId
from incidents.proposals import Proposal
from incidents.rota_changes import Change
from incidents.rota_imports import RotaImport
from incidents.swapping import SwapOffer
from rotations import notices
from rotations.escalation import Policy
from rotations.model import Absence, Organisation, Override, Swap

RotaRequest: TypeAlias = Change | CoverAsk | SwapOffer


class Schedules(Protocol):
    def organisation(self) -> Organisation | None:
        """The organisation as last applied, with what was changed in chat; None before the first apply.

        What was withdrawn is gone from then on: an override that had begun ends at that instant."""
        ...

    def organisation_at(self, at: datetime) -> Organisation | None:
        """As it stood at an instant: what was applied, made and not yet withdrawn by then."""
        ...

    def hold(self) -> None:
        """No other change of the schedules begins until this unit of work ends. Asked before reading them."""
        ...

    def apply(self, organisation: Organisation, now: datetime, by: str) -> None: ...

    def set_escalation(self, policies: Sequence[Policy], now: datetime, by: str) -> None:
        """A version of the organisation that differs in its escalation policies alone."""
        ...

    def add_override(self, override: Override, now: datetime) -> None: ...

    def add_swap(self, swap: Swap, now: datetime) -> None: ...

    def add_absence(self, absence: Absence, now: datetime) -> None: ...

    def withdraw(self, ids: Collection[str], now: datetime) -> None:
        """Overrides, swaps and absences made in chat, by their ids; once withdrawn is withdrawn."""
        ...

    def slack_id(self, person: str) -> str:
        """The Slack id of a person's key, or "" when Slack knows nobody by it."""
        ...

    def slack_ids(self) -> dict[str, str]:
        """Person key → Slack id, for everybody whom Slack knows: one query for a whole roster."""
        ...

    def person_key(self, user: str) -> str:
        """The person's key in the schedules file, or ""."""
        ...


class RotaRequests(Protocol):
    """Changes proposed and done in chat, asks for cover, offers of swaps."""

    def add(self, request: RotaRequest) -> None: ...

    def get(self, request_id: str, lock: bool = False) -> RotaRequest | None:
        """With `lock` the row is held to the end of the unit of work: the first to take it has it."""
        ...

    def save(self, request: RotaRequest) -> None: ...

    def last_change(self, by: UserId) -> Change | None:
        """The newest change of this person that stands and can be taken back."""
        ...

    def open_covers(self) -> Sequence[CoverAsk]:
        """Asks that nobody has taken yet, the soonest first."""
        ...


class RotaImports(Protocol):
    """Imports that were carried out."""

    def add(self, made: RotaImport) -> None: ...

    def get(self, import_id: str) -> RotaImport | None: ...

    def last(self) -> RotaImport | None:
        """The newest that was not taken back."""
        ...

    def save(self, made: RotaImport) -> None: ...


class Proposals(Protocol):
    """Imports that leads are asked about, each with the bytes that it was read from."""

    def add(self, proposal: Proposal, content: bytes | None = None) -> bool:
        """False when it is there already."""
        ...

    def get(self, proposal_id: str, lock: bool = False) -> Proposal | None:
        """With `lock` the row is held to the end of the unit of work."""
        ...

    def save(self, proposal: Proposal) -> None: ...

    def content(self, proposal_id: str) -> bytes | None:
        """What it was read from; None while it has to be fetched, and once it is decided."""
        ...

    def keep(self, proposal_id: str, content: bytes | None) -> None: ...

    def to_read(self) -> Sequence[Proposal]:
        """Those that have to be read, oldest first."""
        ...

    def undecided(self, before: datetime) -> Sequence[Proposal]:
        """Uploads from before this instant that are open still."""
        ...

    def of_origin(self, origin: str) -> Proposal | None:
        """The newest that came from there."""
        ...

    def of_import(self, import_id: str) -> Proposal | None:
        """The one that became this import."""
        ...


class Preferences(Protocol):
    """What people want to be told of their shifts, by Slack id."""

    def of(self, users: Collection[UserId]) -> dict[UserId, notices.Preferences]:
        """For those of these who have chosen anything."""
        ...

    def put(self, user: UserId, preferences: notices.Preferences) -> None: ...
