"""What Meridian is made to reckon by somebody who means no good."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.errors import IncidentError
from incidents.operations import rota_changes
from incidents.people import Ask
from rotations.model import Seat
from rotations.questions import OverrideRequest
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import DANA


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        (MONDAY, datetime(2199, 12, 31, tzinfo=UTC), "longer than a year"),
        (MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=1), "end before it begins"),
        (MONDAY - timedelta(hours=2), MONDAY - timedelta(hours=1), "passed already"),
    ],
)
def test_an_override_without_sense_is_refused_before_it_is_reckoned(
    there: TestHouse, start: datetime, end: datetime, refusal: str
) -> None:
    wish = OverrideRequest(("bo",), "safety", "AMER", Seat.PRIMARY, start, end, "UTC", "")
    with pytest.raises(IncidentError, match=refusal):
        rota_changes.override(there.house, Ask(DANA), wish)
