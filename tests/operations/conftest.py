"""Fixtures of use cases on a real store: the example house, a second store, the command line beside it."""

from collections.abc import Iterator

import pytest

from storage.opening import SqlStore, open_store
from tests.support.command_line import CommandLine
from tests.support.house import TestHouse, example_house
from tests.support.recording_front import RecordingFront


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    return example_house(store)


@pytest.fixture
def other(database_url: str) -> Iterator[SqlStore]:
    """A second store on the same database, as another replica has it."""
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
def front() -> RecordingFront:
    return RecordingFront()


@pytest.fixture
def bot(commands: CommandLine, database_url: str) -> CommandLine:
    return commands.given(DATABASE_URL=database_url)
