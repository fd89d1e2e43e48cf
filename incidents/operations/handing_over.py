"""The shift change: drafted half an hour before, offered when it comes, once, however often anybody looks."""

from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from incidents import handoff_effects, handoff_steps
from incidents.handoff import Handoff, HandoffState
from incidents.handoff_steps import DRAFTED_BEFORE
from incidents.model import UserId
from incidents.operations import handoff_groups
from incidents.operations.handoff_levels import reach
from incidents.operations.handoff_look import (
    CHECKED,
    Look,
    handed_over,
    look,
    open_incidents,
    rested_until,
    restricted,
    summed_up,
    to_draft,
    with_who_stays,
)
from incidents.operations.notices import note_phoneless
from incidents.ports import House, Unit

REMARK = timedelta(minutes=10)


class Ahead(Struct, frozen=True):
    """What a look has found: up to where was offered and what comes, and what is to be drafted of it now."""

    looked: Look | None
    draft: Handoff | None = None


def ahead(house: House, unit: Unit) -> Ahead:
    looked, now = look(house, unit), house.clock.now()
    following = looked.following if looked else None
    if looked is None or following is None or following.at - DRAFTED_BEFORE > now:
        return Ahead(looked)
    return Ahead(looked, to_draft(unit, looked, now))


def offer_due(house: House, found: Ahead | None = None) -> datetime | None:
    """Draft and offer every shift change since the last look. Answers the instant of the next one, or of its
    draft. `found` is what a look has found just now.

    The look is marked in the same transaction, so a restart neither repeats nor skips one.
    """
    found = found or house.store.read(partial(ahead, house))
    if found.looked is None:
        return None
    now = house.clock.now()
    following = found.looked.following
    is_due = following is not None and following.at <= now
    if is_due or not now - REMARK < found.looked.since <= now:
        house.store.write(lambda unit: _offer_all(house, unit, now))
        found = house.store.read(partial(ahead, house))
        following = found.looked.following if found.looked else None
    if (draft := found.draft) is not None:
        house.store.write(lambda unit: _draft(unit, draft, now))
    if following is None:
        return None
    draft_at = following.at - DRAFTED_BEFORE
    return draft_at if draft_at > now else following.at


def missed(house: House, unit: Unit, now: datetime) -> tuple[Handoff, ...]:
    """Every shift change since the last look that somebody has to accept, oldest first."""
    looked = look(house, unit)
    return handed_over(unit, looked, now) if looked else ()


def _draft(unit: Unit, draft: Handoff, now: datetime) -> None:
    """To whoever leaves: the lines as the record has them, to be read and mended before the shift ends."""
    written = replace(draft, readers=_who_leaves(unit, draft))
    unit.handoffs.add(written)
    unit.outbox.put(handoff_effects.letters(written, written.readers), now)


def _who_leaves(unit: Unit, handoff: Handoff) -> tuple[UserId, ...]:
    """The outgoing primaries, and whoever else of the shift has an incident."""
    managers = {incident.manager for incident in open_incidents(unit)}
    others = (user for user in handoff.handing_over if user in managers)
    return tuple(dict.fromkeys((*handoff.outgoing, *others)))


def _offer_all(house: House, unit: Unit, now: datetime) -> None:
    """Of several that were missed only the last is offered: the others are written down as lapsed."""
    looked = look(house, unit)
    found = [(looked, handoff) for handoff in handed_over(unit, looked, now)] if looked else []
    unit.facts.put(CHECKED, now.isoformat())  # to the microsecond, or it is found again
    for _, handoff in found[:-1]:
        _miss(unit, handoff, now)
    for due in found[-1:]:
        missed_users = [user for _, one in found[:-1] for user in one.handing_over]
        _offer(house, unit, due, missed_users, now)
        note_phoneless(unit, (*due[1].incoming, *due[1].backup_in), house.phone_of, now)
    _withdraw(unit, now)
    handoff_groups.follow(house, unit, now)


def _miss(unit: Unit, handoff: Handoff, now: datetime) -> None:
    lapsed = replace(handoff, state=HandoffState.LAPSED)
    drafted = unit.handoffs.get(handoff.id, lock=True)
    if drafted is None:
        unit.handoffs.add(lapsed)
    elif drafted.state is HandoffState.DRAFTED:
        _save(unit, handoff_steps.lapse(drafted), now)


def _offer(
    house: House, unit: Unit, due: tuple[Look, Handoff], missed_users: list[UserId], now: datetime
) -> None:
    """Once: a clock that was moved back and comes by again changes nothing, nor does a second replica."""
    looked, handoff = due
    unit.handoffs.add(handoff)
    drafted = unit.handoffs.get(handoff.id, lock=True)
    if drafted is None or drafted.state is not HandoffState.DRAFTED:
        return
    older = [one for one in unit.handoffs.waiting() if one.id != handoff.id]
    before = (*missed_users, *(user for one in older for user in one.handing_over))
    handoff = _kept_of(drafted, with_who_stays(unit, handoff, before))
    handoff = summed_up(unit, looked, handoff, now)
    handoff = handoff_steps.offer(handoff, now, rested_until(unit, looked, handoff))
    for one in older:
        _save(unit, handoff_steps.lapse(one), now)
    handoff = _announce(unit, handoff, now)
    if not handoff.incoming:
        reach(house, unit, handoff, now)


def _kept_of(drafted: Handoff, handoff: Handoff) -> Handoff:
    """The people as the schedule has them now; the words and letters of the draft."""
    kept = replace(handoff, written=drafted.written, readers=drafted.readers)
    return replace(kept, letters=drafted.letters, version=drafted.version)


def _announce(unit: Unit, handoff: Handoff, now: datetime) -> Handoff:
    """The post, the letters, what is restricted between the two, and the first level of the waiting."""
    handoff = handoff_effects.changed(handoff)
    new = [user for user in (*_who_leaves(unit, handoff), *handoff.incoming) if user not in handoff.readers]
    has_thread = any(not incident.restricted for incident in open_incidents(unit))
    shown = handoff_effects.show_letters(handoff)  # those of the draft
    handoff = replace(handoff, readers=(*handoff.readers, *dict.fromkeys(new)))
    unit.handoffs.save(handoff)
    effects = [*handoff_effects.post(handoff, has_thread), *handoff_effects.letters(handoff, new), *shown]
    unit.outbox.put([*effects, *restricted(unit, handoff, handoff.incoming)], now)
    unit.timers.put(handoff_effects.timers(handoff))
    return handoff


def _withdraw(unit: Unit, now: datetime) -> None:
    """Drafts whose instant has come without their shift change: somebody changed the schedule since."""
    for draft in unit.handoffs.drafted():
        if draft.at <= now:
            _save(unit, replace(draft, state=HandoffState.WITHDRAWN), now)


def _save(unit: Unit, handoff: Handoff, now: datetime) -> None:
    handoff = handoff_effects.changed(handoff)
    unit.handoffs.save(handoff)
    unit.outbox.put(handoff_effects.show(handoff), now)
    unit.outbox.put(handoff_effects.hang_up(handoff, handoff.rang), now)
