"""Whether this process can do its work, and why not: what readyz answers and `status` shows.

Reasons name parts and numbers; never a title, a person, an address or a secret."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from incidents.effects import Priority
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.readings import Waiting

MOST_WAIT_OF_PAGES = timedelta(seconds=60)
MOST_WAIT = timedelta(minutes=15)  # cosmetics are never starved longer

Check = Callable[[], str]


class Readiness(Struct, frozen=True):
    """Each check answers "" or what is wrong, in a few words. `faults`: thread → what is wrong with it."""

    checks: Mapping[str, Check]
    faults: Callable[[], Mapping[str, str]]

    def dead(self) -> tuple[str, ...]:
        """Threads that have died and were not restarted yet."""
        return tuple(sorted(name for name, fault in self.faults().items() if fault == "died"))

    def reasons(self) -> dict[str, str]:
        """What is wrong by name; empty when all is well."""
        found = {name: check() for name, check in self.checks.items()}
        found["threads"] = ", ".join(f"{name} {fault}" for name, fault in sorted(self.faults().items()))
        return {name: why for name, why in found.items() if why}


def database_answers(store: SqlStore) -> str:
    try:
        store.check()
    except StoreUnavailable as refusal:
        return str(refusal)
    return ""


def queue_moves(store: SqlStore, clock: Clock) -> str:
    """A database that is away is told by the other check."""
    now = clock.now()
    try:
        waiting = store.read(lambda unit: unit.readings.waiting(now))
    except StoreUnavailable:
        return ""
    return stuck(waiting, now)


def stuck(waiting: Sequence[Waiting], now: datetime) -> str:
    """Why what waits has waited too long, or ""."""
    for one in waiting:
        is_page = one.priority == Priority.PAGE
        age = now - one.oldest_at
        if age > (MOST_WAIT_OF_PAGES if is_page else MOST_WAIT):
            what = "a page" if is_page else f"something of priority {one.priority}"
            return f"{what} has waited for {age.total_seconds():.0f} s"
    return ""
