"""Which part of a change has to be confirmed twice, who is concerned, which lead answers for it."""

from datetime import timedelta

import pytest

from incidents.moves import (
    MOST_TOLD,
    NeedsSecondLook,
    alarming,
    answerable,
    concerned,
    dump_rows,
    in_words,
    load_rows,
)
from rotations.changes import Moved
from rotations.model import Organisation, Person, Seat
from tests.support.schedules import utc

NOW = utc("2026-11-30 12:00")
HOUR = timedelta(hours=1)


def row(
    start: float,
    end: float,
    before: str = "ana",
    after: str = "bo",
    region: str = "AMER",
    seat: Seat = Seat.PRIMARY,
) -> Moved:
    """In hours from noon on."""
    begins, ends = NOW + start * HOUR, NOW + end * HOUR
    return Moved("safety", region, seat, begins, ends, tuple(before.split()), tuple(after.split()))


def test_what_changes_who_is_paged_in_the_next_24_hours_alarms_cut_to_them() -> None:
    assert alarming([row(-3, 40)], NOW) == (row(0, 24),)
    assert alarming([row(24, 40), row(-3, 0)], NOW) == ()


def test_a_seat_that_is_left_empty_alarms_whenever_it_is() -> None:
    emptied = row(100, 108, after="")
    assert alarming([emptied], NOW) == (emptied,)
    assert alarming([row(100, 108, before="", after="bo")], NOW) == ()


def test_a_shadow_alarms_nobody() -> None:
    assert alarming([row(0, 8, seat=Seat.SHADOW), row(100, 108, after="", seat=Seat.SHADOW)], NOW) == ()


def test_hours_that_another_region_takes_over_are_not_empty() -> None:
    emptied = row(100, 108, after="")
    whole = [row(100, 104, "", "cy", "EMEA"), row(104, 108, "", "cy", "APAC")]
    assert alarming([emptied, *whole], NOW) == ()
    assert alarming([emptied, whole[1]], NOW) == (emptied,)
    assert alarming([emptied, row(100, 108, "", "cy", "EMEA", Seat.BACKUP)], NOW) == (emptied,)


def test_those_are_concerned_who_come_or_go() -> None:
    rows = (row(0, 8, "ana cy", "bo cy"), row(8, 16, "bo", "di"))
    assert concerned(rows) == {"ana": rows[:1], "bo": rows, "di": rows[1:]}


def test_a_regions_own_leads_answer_for_it_and_without_one_all_do() -> None:
    people = (
        Person("ana", "Ana", region="AMER"),
        Person("dana", "Dana", region="AMER", lead=True),
        Person("elena", "Elena", region="EMEA", lead=True),
    )
    rows = (row(0, 8), row(8, 16, region="APAC"))
    assert answerable(Organisation(people), rows) == {"dana": rows, "elena": rows[1:]}


def test_rows_are_kept_as_keys_and_instants_and_only_so_many() -> None:
    rows = tuple(row(hour, hour + 1, "ana bo", "") for hour in range(MOST_TOLD + 3))
    assert load_rows(dump_rows(rows)) == rows[:MOST_TOLD]


def test_a_row_is_said_with_names_in_each_zone() -> None:
    assert in_words(row(0, 8, "ana bo", ""), {"ana": "Ana Lima", "bo": "Bo Chen"}, ["Asia/Tokyo"]) == (
        "AMER primary, Mon 30 Nov 21:00 Tokyo · 12:00 UTC until "
        "Tue 1 Dec 05:00 Tokyo · Mon 30 Nov 20:00 UTC: nobody instead of Ana Lima and Bo Chen"
    )


def test_the_refusal_names_what_has_to_be_confirmed() -> None:
    with pytest.raises(NeedsSecondLook, match=r"confirmed once more. Ana goes."):
        raise NeedsSecondLook((row(0, 8),), ("Ana goes.",))
