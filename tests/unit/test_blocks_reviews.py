"""A proposed review reads as agreed, says each region's hours, and of a restricted incident the key alone."""

import pytest
from msgspec.structs import replace

from handlers.blocks.reviews import review_post
from incidents.reviews import Review, event
from rotations.meetings import Meeting
from tests.support.block_samples import NOW, RESOLVED, RESTRICTED, reader
from tests.support.golden import assert_golden_message, words
from tests.support.schedules import utc

EVERYWHERE = Review(
    NOW,
    0,
    Meeting(utc("2026-12-02 11:00"), utc("2026-12-02 12:00"), ("America/New_York", "Asia/Tokyo")),
    (
        ("AMER", "America/New_York", True),
        ("APAC", "Asia/Tokyo", True),
        ("EMEA", "Europe/Dublin", False),
    ),
)
SHARED = replace(
    EVERYWHERE,
    meeting=Meeting(utc("2026-12-02 14:00"), utc("2026-12-02 15:00"), ()),
    places=(("AMER", "America/New_York", False), ("EMEA", "Europe/Dublin", False)),
)


@pytest.mark.parametrize(("name", "review"), [("review", SHARED), ("review-unshared", EVERYWHERE)])
def test_a_proposed_review_reads_as_agreed(name: str, review: Review) -> None:
    assert_golden_message(name, review_post(RESOLVED, review, "UPRIYA", reader()))


def test_of_a_restricted_incident_it_says_the_key_alone() -> None:
    message = review_post(RESTRICTED, SHARED, "UPRIYA", reader())
    assert message.text == RESTRICTED.key
    assert RESTRICTED.title not in words(message) + event(RESTRICTED, SHARED)
