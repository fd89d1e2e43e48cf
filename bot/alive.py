"""Says in the database, every few seconds, that Meridian is at work; and what was missed when it was not."""

from datetime import datetime, timedelta

from incidents.ports import Unit

ALIVE = "alive"
AT_WORK = timedelta(seconds=30)


def is_at_work(unit: Unit, now: datetime) -> bool:
    """Whether some process has kept time of late."""
    said = unit.facts.get(ALIVE)
    return bool(said) and now - datetime.fromisoformat(said) < AT_WORK
