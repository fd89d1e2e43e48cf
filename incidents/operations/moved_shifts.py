"""Tells everybody whose shift a change moves, once; and the leads where it is soon or leaves a seat empty."""

from collections.abc import Sequence
from datetime import datetime

from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.model import UserId
from incidents.moves import alarming, answerable, concerned, dump_rows
from incidents.ports import Unit
from rotations.changes import Moved

SUBJECT = "shifts"


def tell_moved(
    unit: Unit, moved: Sequence[Moved], by: UserId, why: str, now: datetime, key: str
) -> tuple[UserId, ...]:
    """One direct message to each but `by`, who sees the answer; the same `key` tells nobody twice.

    Returns who is told. `by` need be nobody's id: then everybody is told.
    """
    organisation = unit.schedules.organisation()
    if organisation is None:
        return ()
    rows = dict(concerned(moved))
    for lead, alarmed in answerable(organisation, alarming(moved, now)).items():
        own = rows.get(lead, ())
        rows[lead] = (*own, *(row for row in alarmed if row not in own))
    users = unit.schedules.slack_ids()
    told = {users[person]: mine for person, mine in rows.items() if person in users}
    told.pop(by, None)
    unit.outbox.put([_effect(user, mine, by, why, key) for user, mine in told.items()], now)
    return tuple(told)


def _effect(user: UserId, rows: tuple[Moved, ...], by: UserId, why: str, key: str) -> Effect:
    args = {
        "about": Tell.SHIFTS_MOVED.value,
        "rows": dump_rows(rows),
        "count": str(len(rows)),
        "by": by,
        "why": why[:200],
    }
    name = f"tell:{Tell.SHIFTS_MOVED.value}:{key}:{user}"
    return Effect(EffectKind.TELL, name, f"{SUBJECT}:{key}", args, (user,), priority=Priority.STATUS)
