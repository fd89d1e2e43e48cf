"""What questions to the rota read of the record, on both databases: pages by person, plans of the past."""

from datetime import timedelta

from incidents.model import Severity
from incidents.operations.rota_questions import Paged, known_then, paged_since
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import WAVE


def test_pages_are_counted_by_person_and_gravity_and_those_of_restricted_incidents_are_not(
    there: TestHouse,
) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    there.later(minutes=20)
    there.declare("Spam in one forum", severity=Severity.SEV2)
    there.declare("Grooming of a child reported", severity=Severity.SEV1)
    counted = paged_since(there.house, MONDAY)
    assert counted.pages["ana"] > counted.grave["ana"] == 1
    assert counted.grave["bo"] == 1
    assert paged_since(there.house, MONDAY + timedelta(days=1)) == Paged({}, {})


def test_nothing_was_known_before_the_first_apply(there: TestHouse) -> None:
    assert known_then(there.house, MONDAY - timedelta(seconds=1)) is None
    known = known_then(there.house, MONDAY)
    assert known is not None
    assert known.paged_schedule() is not None
