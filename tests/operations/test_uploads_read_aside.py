"""Uploads are read by an errand: begun anew after a crash, given up in time, each for itself."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from bot.ics_child import expand
from bot.sending import Outbound
from bot.uploads import NOT_GIVEN, OUR_FAULT, Uploads
from incidents.operations import proposing
from incidents.people import Ask
from incidents.proposals import Destination, Kind, Proposal, State
from rotations.ics.series import Expand, Expanded
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import DANA

NOWHERE = "http://127.0.0.1:9/api/"
CALENDAR = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART:20261214T170000Z
DTEND:20261214T180000Z
SUMMARY:Ana Lima
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    """Slack is away."""
    outbound = Outbound("xoxb-sandbox-1", NOWHERE, warm_every_s=0)
    outbound.start()
    yield outbound
    outbound.stop()


def uploaded(there: TestHouse, content: bytes | None = None) -> Proposal:
    place = Destination("safety", "AMER")
    made = proposing.upload(there.house, Ask(DANA), "F1", Kind.CALENDAR, place)
    assert made is not None
    there.store.write(lambda unit: unit.proposals.keep(made.id, content))
    return made


def kept(there: TestHouse, proposal: Proposal) -> Proposal:
    found = there.store.read(lambda unit: unit.proposals.get(proposal.id))
    assert found is not None
    return found


def read_all(there: TestHouse, outbound: Outbound, expand: Expand = expand) -> bool:
    return Uploads(there.house, outbound, NOWHERE, expand).read_all()


def test_what_a_killed_worker_left_unread_is_read_by_the_next(there: TestHouse, outbound: Outbound) -> None:
    proposal = uploaded(there, CALENDAR)
    assert read_all(there, outbound)
    assert kept(there, proposal).state is State.OPEN
    assert read_all(there, outbound)
    assert kept(there, proposal).turn == 1


def test_a_fault_of_ours_ends_that_import_alone(there: TestHouse, outbound: Outbound) -> None:
    def broken(_texts: Sequence[str], _start: datetime, _end: datetime) -> list[Expanded]:
        raise RuntimeError("a fault")

    series = CALENDAR.replace(b"SUMMARY", b"RRULE:FREQ=DAILY;COUNT=2\nSUMMARY")
    spoilt, whole = uploaded(there, series), uploaded(there, CALENDAR)
    assert read_all(there, outbound, broken)
    assert (kept(there, spoilt).state, kept(there, spoilt).fault) == (State.REFUSED, OUR_FAULT)
    assert kept(there, whole).state is State.OPEN


def test_while_slack_is_away_it_waits_and_after_a_quarter_of_an_hour_it_says_so(
    there: TestHouse, outbound: Outbound
) -> None:
    proposal = uploaded(there)
    assert not read_all(there, outbound)
    assert kept(there, proposal).state is State.READING
    there.clock.advance(minutes=15)
    assert read_all(there, outbound)
    assert (kept(there, proposal).state, kept(there, proposal).fault) == (State.REFUSED, NOT_GIVEN)
