"""Fixtures that every folder of tests may ask for by name."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from tests.support.clock import FakeClock
from tests.support.command_line import commands
from tests.support.ids import CountingIds
from tests.support.stores import (
    database_url,
    empty_postgres_url,
    postgres_migrated,
    postgres_server,
    postgres_store,
    postgres_url,
    sqlite_store,
    sqlite_template,
    sqlite_url,
    store,
)

__all__ = [
    "commands",
    "database_url",
    "empty_postgres_url",
    "postgres_migrated",
    "postgres_server",
    "postgres_store",
    "postgres_url",
    "sqlite_store",
    "sqlite_template",
    "sqlite_url",
    "store",
]


# No deadline: a busy machine is no fault. Everybody tries the same examples; whole proofs look for new ones.
settings.register_profile("house", deadline=None, derandomize=not os.environ.get("MERIDIAN_ALL_ZONES"))
settings.load_profile("house")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def now(clock: FakeClock) -> datetime:
    """The clock's first instant."""
    return clock.now().astimezone(UTC)


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()
