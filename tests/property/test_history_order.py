"""In whatever order the events of a message arrive and its words are read, the record reads the same."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.model import Entry, EntryKind
from storage.opening import open_store
from tests.support.channel import Message, Talk, delete, edit, talk
from tests.support.house import example_house
from tests.support.incidents import WAVE

EVENTS = ("said", "edited once", "edited twice", "marked", "marked by another", "read too early")
SECONDS = st.sampled_from([0.2, 5.3, 90.0])


@pytest.fixture
def wave(sqlite_url: str) -> Iterator[Talk]:
    store = open_store(sqlite_url)
    yield talk(example_house(store), WAVE)
    store.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(EVENTS), early=st.integers(0, 2), first_s=SECONDS)
def test_an_edited_message_reads_the_same(wave: Talk, order: list[str], early: int, first_s: float) -> None:
    message = edit(edit(wave.written("one"), "two", first_s), "three")
    happen(wave, message, order, early)
    (entry,) = (each for each in wave.reads() if each.source == message.ref)
    assert (entry.kind, entry.by, entry.at) == (EntryKind.MESSAGE, message.by, message.said.at)
    assert entry.text == "three"
    assert edited_second(entry) == int(message.versions[-1][0].timestamp())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*EVENTS, "deleted"]), early=st.integers(0, 2))
def test_a_deleted_message_leaves_the_same(wave: Talk, order: list[str], early: int) -> None:
    message = delete(edit(edit(wave.written("one"), "two"), "three"))
    happen(wave, message, order, early)
    came_of_it = [each for each in wave.record() if each.source == message.ref]
    (entry,) = (each for each in wave.reads() if each.source == message.ref)
    assert not [each for each in came_of_it if each.text]
    assert (entry.kind, entry.by, entry.at) == (EntryKind.MESSAGE, message.by, message.said.at)
    assert "deleted" in entry.data
    assert wave.there.store.read(lambda unit: unit.timeline.verify_all()) == []


def happen(wave: Talk, message: Message, order: list[str], early: int) -> None:
    """The events in this order; what is still to be fetched at the end is fetched then."""
    arrivals: dict[str, Callable[[], object]] = {
        "said": lambda: wave.heard(message),
        "edited once": lambda: wave.edited(message, 1),
        "edited twice": lambda: wave.edited(message, 2),
        "deleted": lambda: wave.deleted(message),
        "marked": lambda: wave.marked(message),
        "marked by another": lambda: wave.marked(message, by="UBO"),
        "read too early": lambda: wave.answered(message, early),
    }
    for event in order:
        arrivals[event]()
    while wave.answered(message):
        pass


def edited_second(entry: Entry) -> int:
    return int(datetime.fromisoformat(entry.data["edited"]).timestamp())
