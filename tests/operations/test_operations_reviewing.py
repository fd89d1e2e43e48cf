"""A review is proposed for what is over, in hours that the regions share, and says no title."""

from dataclasses import replace

import icalendar
import pytest

from incidents.errors import UnknownIncident
from incidents.operations import closing
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.reviewing import NotOverYet, review
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def resolved(there: TestHouse, title: str) -> str:
    key = there.declare(title, restricted=True).key
    closing.resolve(there.house, Ask("UPRIYA"), key, "Over.")
    return key


def test_the_event_names_the_key_and_the_hours_of_each_region(there: TestHouse) -> None:
    key = resolved(there, "Payouts to strangers")
    told = review(there.house, key)
    (event,) = icalendar.Calendar.from_ical(told.encode()).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"Post-incident review {key}"
    assert "Payouts" not in told
    assert [line.split(":")[0] for line in str(event["DESCRIPTION"]).splitlines()[:3]] == [
        "AMER",
        "APAC",
        "EMEA",
    ]
    assert "No hour suits all" in str(event["DESCRIPTION"])


def test_it_is_the_same_event_when_it_is_proposed_again(there: TestHouse) -> None:
    key = resolved(there, "Payouts")
    uids = {line for _ in range(2) for line in review(there.house, key).split("\r\n") if "UID" in line}
    assert len(uids) == 1


def test_what_is_not_over_is_not_reviewed(there: TestHouse) -> None:
    with pytest.raises(NotOverYet):
        review(there.house, there.declare("Wave").key)


def test_an_incident_that_is_not_there_is_unknown(there: TestHouse) -> None:
    with pytest.raises(UnknownIncident):
        review(there.house, "INC-404")


def test_without_a_schedule_there_are_no_hours_to_share(there: TestHouse) -> None:
    key = resolved(there, "Wave")
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    bare = replace(organisation, schedules=(), paged=None, specialists={})
    there.store.write(lambda unit: unit.schedules.apply(bare, MONDAY, "test"))
    with pytest.raises(NoScheduleYet):
        review(there.house, key)
