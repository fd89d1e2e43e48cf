"""A schedule for each seat there is one with seats here, where the escalation is plain; else it is asked."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rotations.escalation import Reach
from rotations.imports import Answers, Imported, Question, QuestionKind
from rotations.model import Seat
from rotations.vendors.reading import read
from rotations.vendors.wish import VendorWish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = {"A": "First", "B": "Second", "C": "Third"}


def export(*ladders: list[list[str]], zones: dict[str, str] | None = None) -> bytes:
    """`ladders`: the ids of the schedules that each level pages."""
    users = [{"id": "U", "name": "Ana Lima", "email": "ana@example.com", "time_zone": "Europe/London"}]
    schedules = [
        {
            "id": own,
            "name": name,
            "time_zone": (zones or {}).get(own, "Europe/London"),
            "schedule_layers": [
                {
                    "id": f"L{own}",
                    "rotation_virtual_start": "2026-01-05T09:00:00Z",
                    "rotation_turn_length_seconds": 604800,
                    "users": [{"user": {"id": "U"}}],
                }
            ],
        }
        for own, name in NAMES.items()
    ]
    policies = [
        {
            "id": f"E{number}",
            "name": f"Ladder {number}",
            "escalation_rules": [
                {"targets": [{"id": own, "type": "schedule_reference", "summary": own} for own in level]}
                for level in levels
            ],
        }
        for number, levels in enumerate(ladders)
    ]
    tree: Any = {"users": users, "schedules": schedules, "escalation_policies": policies}
    return json.dumps(tree).encode()


def imported(*ladders: list[list[str]], wish: VendorWish | None = None, **more: Any) -> Imported:
    return read("pagerduty", export(*ladders, **more), wish or VendorWish(NOW))


def seated(found: Imported) -> dict[str, tuple[str, str]]:
    return {name: (schedule, seat.value) for name, (schedule, seat) in found.seats.items()}


ALONE = {"First": ("First", "primary"), "Second": ("Second", "primary"), "Third": ("Third", "primary")}
JOINED = ALONE | {"Second": ("First", "backup")}


def answered(**seats: str) -> VendorWish:
    return VendorWish(NOW, answers=Answers(seats=seats))


def test_a_schedule_that_is_paged_second_is_the_backup_of_the_first_and_the_ladder_climbs_to_it() -> None:
    found = imported([["A"], ["B"]])
    assert seated(found) == JOINED
    assert not found.questions
    first = found.organisation.schedule("First")
    assert first is not None
    assert first.regions[0].all_seats() == (Seat.PRIMARY, Seat.BACKUP)
    assert [level.page for level in found.organisation.escalation[0].levels[:2]] == [
        (Reach("primary"),),
        (Reach("backup"),),
    ]


@pytest.mark.parametrize(
    ("ladders", "asked"),
    [
        ([[["A"], ["B"]], [["B"]]], ["Second"]),
        ([[["A"], ["B"]], [["C"], ["B"]]], ["Second"]),
        ([[["A"], ["B"]], [["A"], ["C"]]], ["Second", "Third"]),
        ([[["A"], ["B", "C"]]], ["Second", "Third"]),
        ([[["A"], ["A"], [], ["B"], ["C"]]], ["Third"]),
        ([[["A"], ["B"]], [["B"], ["A"]]], ["First", "Second"]),
    ],
)
def test_what_is_not_plain_is_asked_and_stays_a_schedule_of_its_own(
    ladders: list[list[list[str]]], asked: list[str]
) -> None:
    found = imported(*ladders)
    assert [(each.kind, each.asked) for each in found.questions] == [
        (QuestionKind.SEAT, name) for name in asked
    ]
    assert {name: place for name, place in seated(found).items() if name in asked} == {
        name: ALONE[name] for name in asked
    }


def test_the_question_proposes_the_seats_that_the_ladders_speak_for() -> None:
    (question,) = imported([["A"], ["B"]], [["C"], ["B"]]).questions
    assert question == Question(
        QuestionKind.SEAT,
        "Second",
        "Is it a seat of another schedule, which Ladder 0 and Ladder 1 pages first? "
        "Until then it is one of its own.",
        ("First backup", "Third backup"),
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"Second": "Third backup"}, ALONE | {"Second": ("Third", "backup")}),
        ({"Second": "First lead"}, ALONE | {"Second": ("First", "lead")}),
        ({"Second": ""}, ALONE),
        ({"Second": "First backup", "Third": "First backup"}, JOINED),
        ({"Second": "First backup", "Third": "Second backup"}, JOINED),
        ({"Second": "Second backup"}, ALONE),
    ],
)
def test_an_answer_says_which_seat_it_is_or_that_it_is_none(
    answers: dict[str, str], expected: dict[str, tuple[str, str]]
) -> None:
    assert seated(imported([["A"], ["B"]], wish=answered(**answers))) == expected


def test_an_answer_that_names_no_seat_is_asked_again() -> None:
    found = imported([["A"], ["B"]], wish=answered(Second="Nowhere backup"))
    assert [question.asked for question in found.questions] == ["Second"]


def test_a_schedule_that_stood_on_its_own_stays_beside_the_seat_and_that_is_said() -> None:
    alone = imported([["A"], ["B"]], wish=answered(Second=""))
    found = imported([["A"], ["B"]], wish=VendorWish(NOW, alone.organisation))
    (why,) = [line.why for line in found.report if line.what == "schedule Second"]
    assert why.endswith("The schedule of its name that stands here stays, and nothing of it changes.")


def test_another_time_zone_is_never_joined_and_that_is_said() -> None:
    found = imported([["A"], ["B"]], zones={"B": "Europe/Berlin"})
    assert seated(found) == ALONE
    (why,) = [line.why for line in found.report if line.what == "schedule Second"]
    assert why == "It is paged after First, but in another time zone, so it is a schedule of its own."


def test_a_seat_that_is_asked_for_leaves_every_schedule_on_its_own() -> None:
    found = imported([["A"], ["B"]], wish=VendorWish(NOW, seat=Seat.BACKUP))
    assert {schedule for schedule, _ in found.seats.values()} == {"First", "Second", "Third"}
    shadows = imported([["A"], ["B"]], wish=VendorWish(NOW, seat=Seat.SHADOW))
    assert not shadows.organisation.escalation


def test_the_backup_of_another_schedule_is_out_of_the_reach_of_a_ladder_and_that_is_said() -> None:
    found = imported([["A"], ["C"], ["B"]], wish=answered(Second="Third backup", Third=""))
    (why,) = [line.why for line in found.report if line.what == "escalation policy Ladder 0"]
    assert "B is the backup of Third here" in why
