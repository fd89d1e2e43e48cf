"""The lock file beside an SQLite database: held by the one long-running process, freed when it ends."""

import fcntl
import os
from pathlib import Path
from threading import Event
from typing import IO

from storage.errors import StoreInUse

LOOKED_AT_S = 0.1  # somebody may be looking just now; that takes no longer


def hold(database: Path) -> IO[str]:
    """The lock, held for as long as the file is open. Raises StoreInUse with the holder's process id."""
    lock = _opened(database)
    if not (_is_taken(lock) or Event().wait(LOOKED_AT_S) or _is_taken(lock)):
        holder = _written(lock)
        lock.close()
        raise StoreInUse(
            f"Another Meridian (process {holder}) is running on {database}. Stop it first, or use PostgreSQL."
        )
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def is_held(database: Path) -> bool:
    """Whether a long-running process has this database in hand now."""
    if not database.parent.is_dir():
        return False
    with _opened(database) as lock:
        return not _is_taken(lock, fcntl.LOCK_SH)  # shared: two that only look do not meet


def _opened(database: Path) -> IO[str]:
    return Path(f"{database}.lock").open("a+", encoding="ascii")


def _is_taken(lock: IO[str], how: int = fcntl.LOCK_EX) -> bool:
    """Whether it is ours now."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "unknown"
