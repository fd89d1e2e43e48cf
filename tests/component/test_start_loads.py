"""What no start has to wait for is not loaded by one."""

import subprocess
import sys

from tests.support.processes import ROOT

SELDOM = (
    "alembic",
    "holidays",
    "icalendar",
    "matplotlib",
    "psycopg",
    "rotations.ics.reading",
    "rotations.vendors.reading",
    "starlette",
    "uvicorn",
)
"""Needed when the schema is old, once an hour, when a calendar is read, a picture drawn, somebody knocks."""

LOADED = "import sys, bot.cli.running, bot.wiring; print(*sys.modules)"


def test_a_start_loads_nothing_that_is_seldom_used() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(ended.stdout.split())
    assert {"bot.wiring", "handlers.register"} <= loaded
    assert loaded.isdisjoint(SELDOM), sorted(loaded.intersection(SELDOM))
