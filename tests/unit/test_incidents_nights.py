"""Whose night counts: of the people whom policies page first, by their own zone."""

from datetime import UTC, datetime

import pytest

from incidents.ladder import PRIMARY, Policy
from incidents.model import Rung, Target
from incidents.nights import morning_in, mornings
from incidents.people import Actor
from rotations.model import Organisation, Person
from tests.support.incidents import ANA, BO, KENJI, person

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)  # 21:00 in Tokyo, 07:00 in New York
PEOPLE = (
    Person("ana", "Ana", zone="America/New_York"),
    Person("bo", "Bo", zone="Europe/Dublin"),
    Person("kenji", "Kenji", zone="Asia/Tokyo"),
    Person("new", "New"),
)
ACTORS = {"ana": person(ANA), "bo": person(BO), "kenji": person(KENJI)}


def actor_of(key: str) -> Actor | None:
    return ACTORS.get(key)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 30, 12, 59, tzinfo=UTC), None),  # 21:59
        (datetime(2026, 11, 30, 13, 0, tzinfo=UTC), datetime(2026, 11, 30, 23, 0, tzinfo=UTC)),  # 22:00
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), datetime(2026, 11, 30, 23, 0, tzinfo=UTC)),  # 07:59
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), None),  # 08:00
    ],
)
def test_night_is_from_ten_to_eight(now: datetime, morning: datetime | None) -> None:
    assert morning_in("Asia/Tokyo", now) == morning


def first(*targets: Target) -> Policy:
    return Policy((Rung(0, targets), Rung(5, (Target(person=BO),))))


def test_people_whom_a_policy_pages_first_have_the_night_of_their_own_zone() -> None:
    named = (first(Target(person=ANA)), first(Target(person=KENJI)), first(PRIMARY))
    found = mornings(Organisation(people=PEOPLE), named, actor_of, NOON)
    assert found == {
        Target(person=ANA): datetime(2026, 11, 30, 13, 0, tzinfo=UTC),
        Target(person=KENJI): None,
    }


def test_where_no_policy_names_anybody_there_is_nothing_to_look_at() -> None:
    assert mornings(Organisation(people=PEOPLE), (first(PRIMARY),), actor_of, NOON) == {}
