"""The JSON of the command line has exactly the keys and instants that are documented."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotations.document import oncall_document
from rotations.file import parse
from rotations.model import Organisation
from rotations.refusals import UnknownSchedule
from tests.support.schedules import region, rotation, utc, windows

SAMPLE = Path(__file__).parents[1] / "corpus" / "schedules" / "good" / "section6.yaml"


@pytest.fixture
def sample() -> Organisation:
    return parse(SAMPLE.read_text(), "section6.yaml")


def test_one_instant_is_one_object(sample: Organisation) -> None:
    assert oncall_document(sample, "safety", at=[utc("2026-03-09 15:00")]) == {
        "schedule": "safety",
        "at": "2026-03-09T15:00:00Z",
        "on_call": [
            {
                "region": "AMER",
                "seat": "primary",
                "people": ["bo", "cy"],
                "from": "2026-03-09T15:00:00Z",
                "until": "2026-03-16T13:00:00Z",
                "turn_until": "2026-03-16T13:00:00Z",
                "why": ["The rotation says bo and cy."],
            }
        ],
    }


def test_several_instants_are_a_list_in_their_order(sample: Organisation) -> None:
    tokyo = datetime(2026, 3, 9, 22, tzinfo=timezone(timedelta(hours=9)))
    answers = oncall_document(sample, None, at=[tokyo, utc("2026-03-09 12:00")])
    assert isinstance(answers, list)
    assert [answer["at"] for answer in answers] == ["2026-03-09T13:00:00Z", "2026-03-09T12:00:00Z"]
    assert [answer["on_call"][0]["why"][-1] for answer in answers] == [
        "The rotation says bo and cy.",
        "The rotation says Ana Lima.",
    ]


def test_an_open_seat_is_listed_with_nobody(sample: Organisation) -> None:
    answer = oncall_document(sample, None, at=[utc("2026-03-01 00:00")])
    assert isinstance(answer, dict)
    row = answer["on_call"][0]
    assert (row["people"], row["from"], row["until"], row["turn_until"]) == (
        [],
        None,
        "2026-03-02T14:00:00Z",
        None,
    )


def test_between_gives_shifts_and_gaps_clipped(sample: Organisation) -> None:
    answer = oncall_document(sample, None, between=(utc("2026-03-02 13:00"), utc("2026-03-02 15:00")))
    assert isinstance(answer, dict)
    assert [(row["from"], row["until"], row["people"]) for row in answer["shifts"]] == [
        ("2026-03-02T13:00:00Z", "2026-03-02T14:00:00Z", []),
        ("2026-03-02T14:00:00Z", "2026-03-02T15:00:00Z", ["ana"]),
    ]
    assert answer["gaps"] == [
        {"from": "2026-03-02T13:00:00Z", "until": "2026-03-02T14:00:00Z", "region": "AMER", "seat": "primary"}
    ]


def test_a_hole_between_windows_has_no_region() -> None:
    day = windows(region("AMER", "UTC", "08:00-20:00", primary=rotation("ana")))
    answer = oncall_document(
        Organisation(schedules=(day,)), None, between=(utc("2026-03-10 12:00"), utc("2026-03-10 21:00"))
    )
    assert isinstance(answer, dict)
    assert answer["gaps"] == [
        {"from": "2026-03-10T20:00:00Z", "until": "2026-03-10T21:00:00Z", "region": None, "seat": None}
    ]


def test_several_schedules_need_a_name(sample: Organisation) -> None:
    two = replace(sample, schedules=(*sample.schedules, replace(sample.schedules[0], name="legal")))
    with pytest.raises(UnknownSchedule, match="Name the schedule: safety, legal"):
        oncall_document(two, None, at=[utc("2026-03-09 15:00")])
    with pytest.raises(UnknownSchedule, match="no schedule lgal"):
        oncall_document(two, "lgal", at=[utc("2026-03-09 15:00")])


def test_a_file_without_a_schedule_is_refused() -> None:
    with pytest.raises(UnknownSchedule, match="The file has no schedule"):
        oncall_document(Organisation(), None, at=[utc("2026-03-09 15:00")])
