"""Imports that leads are asked about in chat: kept once, read aside, answered, confirmed by one of them.

The one way of proposing an import: what was uploaded and what a followed calendar brings end here."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.model import UserId
from incidents.operations.importing import put_in
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.proposal_showing import shown_of
from incidents.operations.rota_editing import Weighed, weigh
from incidents.operations.scene import known
from incidents.people import Ask
from incidents.ports import House, Unit
from incidents.proposals import (
    Destination,
    Found,
    Kind,
    NoSuchProposal,
    Proposal,
    State,
    cards_of,
    planned,
    report_files_of,
    seal,
)
from rotations.imports import Answers
from rotations.refusals import DomainError

if TYPE_CHECKING:
    from rotations.ics.series import Expand


UNDECIDED_FOR = timedelta(days=30)
NOBODY_DECIDED = "Nobody decided for 30 days, so it is not kept. Upload it again if it is wanted."


class Decided(Enum):
    """What became of a press on a proposal."""

    DONE = auto()
    ALREADY = auto()  # somebody has decided before
    SHOWN_AGAIN = auto()  # the plan or the report is another than was shown: the card shows it now


class Wish(Struct, frozen=True):
    """What is to be proposed, by whom and to which leads; `origin` names a source that comes again."""

    by: UserId
    leads: tuple[UserId, ...]
    name: str
    kind: Kind
    place: Destination = field(default_factory=Destination)
    origin: str = ""
    answers: Answers = field(default_factory=Answers)


def upload(house: House, ask: Ask, file: str, kind: Kind, place: Destination) -> Proposal | None:
    """Keep what a lead has uploaded, to be read aside; None where this submission was kept before.

    Raises NotAllowed and NotKnownYet.
    """

    def work(unit: Unit) -> Proposal | None:
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return None
        made = Proposal(house.ids.new(), ask.user, (ask.user,), now, "", kind, place, file)
        unit.proposals.add(made)
        return made

    return house.store.write(work)


def propose(house: House, unit: Unit, wish: Wish, content: bytes, found: Found) -> Proposal:
    """Show what was read elsewhere to the leads. The open proposal of the same origin gives way to it."""
    now = house.clock.now()
    older = unit.proposals.of_origin(wish.origin) if wish.origin else None
    if older is not None:
        withdraw(unit, older, now)
    made = Proposal(
        house.ids.new(),
        wish.by,
        wish.leads,
        now,
        wish.name,
        wish.kind,
        wish.place,
        origin=wish.origin,
        answers=wish.answers,
    )
    unit.proposals.add(made, content)
    shown = shown_of(unit.schedules.organisation(), found, now)
    return _show(unit, replace(made, shown=shown), found, now)


def read(house: House, proposal: Proposal, name: str, content: bytes, expand: "Expand") -> None:
    """Read it and show the report; what another process has read meanwhile stays. No plan changes.

    The file is read before anything is held. A file that cannot be taken is refused with its reason.
    """
    from incidents.operations.proposal_reading import found_in  # readers that no start has to wait for

    now = house.clock.now()
    standing = house.store.read(lambda unit: unit.schedules.organisation())
    try:
        asked = proposal.kind, proposal.place, proposal.answers
        found = found_in(content, asked, standing, now, expand).saying_as(proposal.found)
    except (DomainError, NoScheduleYet) as refusal:
        refuse(house, proposal, str(refusal), name)
        return
    shown = shown_of(standing, found, now)

    def work(unit: Unit) -> None:
        held = _unread(unit, proposal)
        if held is not None:
            unit.proposals.keep(held.id, content)
            _show(unit, replace(held, name=name or held.name, shown=shown), found, now)

    house.store.write(work)


def refuse(house: House, proposal: Proposal, sentence: str, name: str = "") -> None:
    """Nothing can be taken of it: the leads are told why, once."""

    def work(unit: Unit) -> None:
        held = _unread(unit, proposal)
        if held is not None:
            now = house.clock.now()
            refused = replace(held, state=State.REFUSED, fault=sentence, name=name or held.name)
            _end(unit, refused, now)

    house.store.write(work)


def forget_undecided(house: House) -> None:
    """What was uploaded a month ago and nobody has decided: its bytes hold people's names and go."""

    now = house.clock.now()
    old = house.store.read(lambda unit: unit.proposals.undecided(now - UNDECIDED_FOR))

    def work(unit: Unit) -> None:
        for each in old:
            held = unit.proposals.get(each.id, lock=True)
            if held is not None and held.state is State.OPEN:
                _end(unit, replace(held, state=State.REFUSED, fault=NOBODY_DECIDED), now)

    if old:
        house.store.write(work)


def look(house: House, user: UserId, proposal_id: str) -> tuple[Proposal, Weighed]:
    """The proposal, and what it would do now. Raises NotAllowed, NoSuchProposal, rotations' refusals."""

    def work(unit: Unit) -> tuple[Proposal, Weighed]:
        proposal = _mine(unit, user, proposal_id)
        return proposal, weighed(unit, proposal, house.clock.now())

    return house.store.read(work)


def weighed(unit: Unit, proposal: Proposal, now: datetime) -> Weighed:
    """What it would do to the plan as it stands. Raises rotations' refusals where it does not fit now."""
    standing = unit.schedules.organisation()
    after = planned(standing, proposal.found or Found(()), now)
    return weigh(standing, after, now)


Given = Callable[[Unit, Proposal], Answers]
"""What a lead has answered now, worked out inside the unit of work."""


def answer(house: House, ask: Ask, proposal_id: str, turn: int, given: Given) -> Decided:
    """Keep a lead's answers; the report is worked out anew with them.

    Raises as `look`, and what `given` does. `turn` is that of the questions which were asked.
    """

    def work(unit: Unit) -> Decided:
        proposal = _mine(unit, ask.user, proposal_id, lock=True)
        if ask.delivery and not unit.inbox.first(ask.delivery, house.clock.now()):
            return Decided.DONE
        if proposal.state is not State.OPEN:
            return Decided.ALREADY
        if proposal.turn != turn:
            return Decided.SHOWN_AGAIN
        had, new = proposal.answers, given(unit, proposal)
        answers = Answers(
            {**had.people, **new.people}, {**had.zones, **new.zones}, {**had.seats, **new.seats}
        )
        unit.proposals.save(replace(proposal, answers=answers, state=State.READING))
        return Decided.DONE

    return house.store.write(work)


def confirm(house: House, ask: Ask, proposal_id: str, seen: str, *, is_sure: bool = False) -> Decided:
    """Import what was shown, by one of its leads; the first counts, a redelivery does it once.

    `seen` is the seal of what was shown. Raises NeedsSecondLook and as `look`.
    """

    def work(unit: Unit) -> Decided:
        unit.schedules.hold()
        proposal = _mine(unit, ask.user, proposal_id, lock=True)
        now = house.clock.now()
        if proposal.state is not State.OPEN or proposal.found is None:
            return Decided.DONE if _is_repeated(unit, ask, now) else Decided.ALREADY
        standing = unit.schedules.organisation()
        if seen != seal(standing, proposal.found):
            unit.proposals.save(replace(proposal, shown=shown_of(standing, proposal.found, now)))
            unit.outbox.put(cards_of(proposal, f"again:{house.ids.new()}"), now)
            return Decided.SHOWN_AGAIN
        found = weighed(unit, proposal, now)
        made = put_in(house, unit, found, (proposal.name, ask.user), is_sure) if found.is_change else ""
        if ask.delivery:
            unit.inbox.first(ask.delivery, now)
        done = replace(proposal, state=State.DONE, import_id=made, decided_by=ask.user)
        _end(unit, done, now)
        subject = f"import:{made}" if made else f"proposal:{proposal.id}"
        unit.audit.write(now, ask.user, "import", subject, {"source": proposal.name})
        return Decided.DONE

    return house.store.write(work)


def leave(house: House, ask: Ask, proposal_id: str) -> Decided:
    """Nothing is imported, and its bytes are forgotten. Raises as `look`."""

    def work(unit: Unit) -> Decided:
        proposal = _mine(unit, ask.user, proposal_id, lock=True)
        if proposal.state not in (State.OPEN, State.READING):
            return Decided.ALREADY
        _end(unit, replace(proposal, state=State.LEFT, decided_by=ask.user), house.clock.now())
        return Decided.DONE

    return house.store.write(work)


def withdraw(unit: Unit, proposal: Proposal, now: datetime) -> None:
    """What it proposed stands by now, or is not proposed any more: an open one ends, by nobody."""
    if proposal.state in (State.OPEN, State.READING):
        _end(unit, replace(proposal, state=State.LEFT), now)


def _is_repeated(unit: Unit, ask: Ask, now: datetime) -> bool:
    return bool(ask.delivery) and not unit.inbox.first(ask.delivery, now)


def _show(unit: Unit, proposal: Proposal, found: Found, now: datetime) -> Proposal:
    shown = replace(proposal, found=found, state=State.OPEN, turn=proposal.turn + 1)
    unit.proposals.save(shown)
    unit.outbox.put([*cards_of(shown, f"read:{shown.turn}"), *report_files_of(shown)], now)
    return shown


def _end(unit: Unit, ended: Proposal, now: datetime) -> None:
    """Decided for good: the cards show it, and the bytes are not kept any longer."""
    unit.proposals.save(ended)
    unit.proposals.keep(ended.id, None)
    unit.outbox.put(cards_of(ended, ended.state.value), now)


def _unread(unit: Unit, proposal: Proposal) -> Proposal | None:
    """Where nobody has read or left it meanwhile."""
    held = unit.proposals.get(proposal.id, lock=True)
    is_same = held is not None and held.state is State.READING and held.turn == proposal.turn
    return held if is_same else None


def _mine(unit: Unit, user: UserId, proposal_id: str, lock: bool = False) -> Proposal:
    """One that this lead was shown; any other is as good as none."""
    demand(known(unit, user), Action.APPLY_ROTA)
    proposal = unit.proposals.get(proposal_id, lock)
    if proposal is None or user not in proposal.leads:
        raise NoSuchProposal("That import was shown to somebody else. Bring the file in with /oncall import.")
    return proposal
