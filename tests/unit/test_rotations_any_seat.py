"""A seat may be a rotation, a roster or a layer alone: whatever is asked of one is asked of all."""

from __future__ import annotations

from datetime import time

import pytest
from msgspec.structs import replace

from rotations.model import EVERY_DAY, Hours, Layer, Organisation, Person, Roster, RosterShift, Seat
from rotations.query import read
from rotations.questions import Asking, OverrideRequest
from rotations.shifts import resolver_of
from tests.support.schedules import chain, region, rotation, utc

NOW = utc("2026-12-01 18:00")


@pytest.fixture
def organisation() -> Organisation:
    """Ana's primary by a roster, Bo's backup by a layer alone, Cy to put there."""
    night = Layer("night", Seat.BACKUP, rotation("bo"), (Hours(EVERY_DAY, time(16), time(23)),))
    roster = Roster((RosterShift(("ana",), utc("2026-12-01 09:00"), utc("2026-12-02 09:00")),))
    place = replace(region("AMER", "UTC", "09:00"), layers=(night,), rosters={Seat.PRIMARY: roster})
    return Organisation(tuple(Person(key, key) for key in ("ana", "bo", "cy")), (chain(place),))


@pytest.mark.parametrize("seat", [Seat.PRIMARY, Seat.BACKUP])
def test_an_override_is_typed_for_a_seat_without_a_rotation(organisation: Organisation, seat: Seat) -> None:
    asking = Asking(organisation, NOW, "UTC", "cy")
    question = read(f"override @cy {seat.value} 19:00–20:00 UTC", asking)
    assert isinstance(question, OverrideRequest)
    assert (question.region, question.seat) == ("AMER", seat)


def test_both_are_answered_with_their_reasons(organisation: Organisation) -> None:
    rows = resolver_of(organisation).at(NOW)
    assert [(row.seat, row.people, row.why[0]) for row in rows] == [
        (Seat.PRIMARY, ("ana",), "The roster says ana."),
        (Seat.BACKUP, ("bo",), "The layer night says bo."),
    ]
