"""The bot's SQLite file, read beside it as any other process may."""

import sqlite3
from typing import Any

from tests.support.processes import Running

WAITING = "FROM outbox WHERE done_at IS NULL AND kind <> 'shift_notice'"  # that waits for somebody's morning


def asked(started: Running, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{started.home / 'meridian.sqlite'}?mode=ro", uri=True) as database:
        return database.execute(query, values).fetchall()


def count(started: Running, query: str) -> int:
    return int(asked(started, query)[0][0])


def waiting(started: Running) -> int:
    """How many effects are still to leave."""
    return count(started, f"SELECT count(*) {WAITING}")
