"""A changed plan: what it would do to whom, and carrying it out. Files, imports and leads' forms end here."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter

from msgspec import Struct

from incidents.access import Action, demand
from incidents.errors import NothingToDo
from incidents.model import UserId
from incidents.moves import SOON, NeedsSecondLook, alarming, in_words
from incidents.operations.moved_shifts import tell_moved
from incidents.operations.oncall import standing
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from rotations.changes import Moved, moved
from rotations.edits import joined
from rotations.model import Organisation, Seat
from rotations.replanning import Replan, replanned
from rotations.shifts import resolver_of

AHEAD = timedelta(weeks=8)
"""How far ahead is looked for shifts that move."""

MOST_NAMED = 6
"""Rows that a refusal names; it says how many more there are."""


class Weighed(Struct, frozen=True):
    """A plan before and after a change, whose shifts of the next 8 weeks move, and which of it alarms.

    `before` is None where nothing was planned: then nobody's shift moves.
    """

    before: Organisation | None
    after: Organisation
    moved: tuple[Moved, ...]
    alarming: tuple[Moved, ...]
    now: datetime

    @property
    def is_change(self) -> bool:
        return self.before != self.after

    def names(self) -> dict[str, str]:
        """Person key → name, also of those who go."""
        return (self.before.names() if self.before else {}) | self.after.names()

    def sentences(self, rows: tuple[Moved, ...]) -> tuple[str, ...]:
        """The rows in words, in their region's zone and UTC."""
        return tuple(in_words(row, self.names(), self._zones(row)) for row in rows)

    def _zones(self, row: Moved) -> tuple[str, ...]:
        both = (self.after, self.before) if self.before else (self.after,)
        schedules = (one for whole in both if (one := whole.schedule(row.schedule)) is not None)
        regions = (region for one in schedules if (region := one.region(row.region)) is not None)
        return tuple(region.zone for region in regions)[:1]


class Proposal(Struct, frozen=True):
    """What an edit would do, for whoever is asked to confirm it."""

    weighed: Weighed
    actor: Actor


def weigh(before: Organisation | None, after: Organisation, now: datetime) -> Weighed:
    """Whose shifts move when `after` takes the place of `before` at `now`."""
    if before is None or not before.schedules:
        return Weighed(before, after, (), (), now)
    rows = moved(before, after, now, now + AHEAD)
    alarms = _stretches(alarming(rows, now), before, after, now)
    alarms += _paged_instead(before, after, now)
    return Weighed(before, after, _stretches(rows, before, after, now), alarms, now)


def _stretches(
    rows: Sequence[Moved], before: Organisation, after: Organisation, now: datetime
) -> tuple[Moved, ...]:
    """Shift after shift as one row; those of a schedule that goes as it stood."""
    stays = [row for row in rows if after.schedule(row.schedule) is not None]
    goes = [row for row in rows if after.schedule(row.schedule) is None]
    until = now + AHEAD
    found = (*joined(stays, after, now, until), *joined(goes, before, now, until))
    return tuple(sorted(found, key=attrgetter("start")))


def _paged_instead(before: Organisation, after: Organisation, now: datetime) -> tuple[Moved, ...]:
    """Where another schedule is paged from now on: who answers on it, though nobody's shift moves."""
    old, new = before.paged_schedule(), after.paged_schedule()
    if old is None or new is None or old.name == new.name:
        return ()
    was = {row.seat: row.people for row in resolver_of(before).at(now)}
    rows = (row for row in resolver_of(after).at(now) if set(row.people) != set(was.get(row.seat, ())))
    return tuple(
        Moved(new.name, row.region, row.seat, now, now + SOON, was.get(row.seat, ()), row.people)
        for row in rows
        if row.seat is not Seat.SHADOW
    )


def put_plan(house: House, unit: Unit, weighed: Weighed, by: UserId, is_sure: bool) -> None:
    """Store it and tell everybody whose shift moves. Raises NeedsSecondLook where that was not confirmed."""
    if weighed.alarming and not is_sure:
        sentences = [f"{sentence}." for sentence in weighed.sentences(weighed.alarming[:MOST_NAMED])]
        more = len(weighed.alarming) - len(sentences)
        raise NeedsSecondLook(weighed.alarming, [*sentences, *([f"And {more} more."] if more else [])])
    unit.schedules.apply(weighed.after, weighed.now, by)
    key = house.ids.new()
    tell_moved(unit, weighed.moved, by, "", weighed.now, key)
    unit.audit.write(
        weighed.now, by, "change plan", "schedules", {"moved": str(len(weighed.moved)), "id": key}
    )


def propose(house: House, user: UserId, edit: Replan) -> Proposal:
    """What the edit would do; nothing is stored.

    Raises NoScheduleYet, NotAllowed, and what `replanned` refuses.
    """
    return house.store.read(lambda unit: _proposed(house, unit, user, edit))


def carry_out(house: House, ask: Ask, edit: Replan, is_sure: bool = False) -> Proposal:
    """Do it, by a lead; a redelivery does it once. Raises NeedsSecondLook, NothingToDo and as `propose`."""

    def work(unit: Unit) -> Proposal:
        unit.schedules.hold()
        proposal = _proposed(house, unit, ask.user, edit)
        if ask.delivery and not unit.inbox.first(ask.delivery, proposal.weighed.now):
            return proposal
        if not proposal.weighed.is_change:
            raise NothingToDo("That is how it is already. Nothing was changed.")
        put_plan(house, unit, proposal.weighed, ask.user, is_sure)
        return proposal

    return house.store.write(work)


def plan_of(house: House, user: UserId) -> tuple[Organisation, Actor, datetime]:
    """What a lead changes, who they are, and the instant. Raises NoScheduleYet, NotAllowed."""
    return house.store.read(partial(_plan, house, user))


def _plan(house: House, user: UserId, unit: Unit) -> tuple[Organisation, Actor, datetime]:
    actor = known(unit, user)
    demand(actor, Action.APPLY_ROTA)
    organisation, _ = standing(unit)
    return organisation, actor, house.clock.now()


def _proposed(house: House, unit: Unit, user: UserId, edit: Replan) -> Proposal:
    organisation, actor, now = _plan(house, user, unit)
    return Proposal(weigh(organisation, replanned(organisation, edit, now), now), actor)


Weighing = Callable[[Unit], Weighed]
"""What a file or an import makes of the plan, inside the unit of work that stores it."""


def put_weighed(
    house: House, weighing: Weighing, put: Callable[[Unit, Weighed], object], dry_run: bool
) -> Weighed:
    """Weigh, and `put` what is a change and no dry run. Raises what `weighing` and `put` do."""

    def work(unit: Unit) -> Weighed:
        if not dry_run:
            unit.schedules.hold()
        weighed = weighing(unit)
        if weighed.is_change and not dry_run:
            put(unit, weighed)
        return weighed

    return house.store.read(work) if dry_run else house.store.write(work)
