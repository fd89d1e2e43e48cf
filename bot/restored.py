"""Makes an older copy of the database fit to go on with: nobody is paged twice on its strength."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from bot.alive import ALIVE
from incidents.decision import stamp
from incidents.model import Incident, Status
from incidents.operations import shift_notices
from incidents.operations.notices import About, put_notice
from incidents.operations.scene import store
from incidents.restoring import restored, waits_for_somebody
from storage.restoring import SqlRestoring
from storage.unit_of_work import SqlUnit

MOST_OPEN = 10_000


class Restored(Struct, frozen=True):
    """What was found in the copy. `waiting`: keys of incidents that by the copy nobody has taken."""

    copy_at: datetime
    looked_for: int
    dropped: int
    lapsed: int
    waiting: tuple[str, ...]


def mark_restored(unit: SqlUnit, now: datetime) -> Restored:
    """In the copy, before the bot starts on it. Doing it again does no harm."""
    said = unit.facts.get(ALIVE)
    copy_at = datetime.fromisoformat(said) if said else now
    restoring = SqlRestoring(unit.outbox.tx)
    looked_for, dropped = restoring.doubt(now)
    lapsed = restoring.lapse(now)
    restoring.leave_numbers_out()
    open_ones = _open(unit)
    for incident in open_ones:
        store(unit, restored(incident, copy_at, now), incident, now)
    waiting = tuple(incident.key for incident in open_ones if waits_for_somebody(incident))
    told = {"copy_at": stamp(copy_at), "waiting": " ".join(waiting)}
    put_notice(unit, About.RESTORED, stamp(now), now, **told)
    shift_notices.begin_anew(unit, now)
    unit.facts.put(ALIVE, stamp(now))  # what was missed before is told here, not as an absence
    return Restored(copy_at, looked_for, dropped, lapsed, waiting)


def _open(unit: SqlUnit) -> Sequence[Incident]:
    return unit.incidents.listing([status for status in Status if status.is_open], MOST_OPEN)
