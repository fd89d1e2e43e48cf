"""The next weeks of one place after a change, turn by turn, beside what they were."""

from datetime import date

from msgspec.structs import replace

from rotations.model import Organisation, Person, Seat
from rotations.preview import Stretch, preview
from rotations.replanning import NewOrder, Place, replanned
from tests.support.schedules import chain, override, region, rotation, utc

NOW = utc("2026-11-30 18:00")  # a Monday
AMER = region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", "2026-11-30", "12:00"))
EMEA = region("EMEA", "Europe/Dublin", "09:00", primary=rotation("cy", "2026-11-30"))
STANDING = Organisation((Person("ana", "Ana"), Person("bo", "Bo")), (chain(AMER, EMEA),))
PLACE = Place("safety", "AMER", Seat.PRIMARY)
WINDOW = (NOW, utc("2026-12-21 12:00"))


def seen(after: Organisation, before: Organisation = STANDING) -> list[tuple[str, str, str]]:
    def line(stretch: Stretch) -> tuple[str, str, str]:
        span = f"{stretch.start:%d %H}-{stretch.end:%d %H}"
        return span, "+".join(stretch.people), "+".join(stretch.was) if stretch.is_changed else "="

    return [line(stretch) for stretch in preview(before, after, PLACE, WINDOW)]


def test_a_turn_is_one_stretch_though_the_region_holds_a_part_of_each_day() -> None:
    assert seen(STANDING) == [
        ("30 18-07 09", "ana", "="),
        ("07 17-14 09", "bo", "="),
        ("14 17-21 09", "ana", "="),
    ]


def test_what_changes_stands_beside_what_it_was() -> None:
    after = replanned(STANDING, NewOrder(PLACE, (("bo",), ("ana", "cy")), date(2026, 12, 7)), NOW)
    assert seen(after) == [
        ("30 18-07 09", "ana", "="),
        ("07 17-14 09", "bo", "="),
        ("14 17-21 09", "ana+cy", "ana"),
    ]


def test_two_turns_of_the_same_person_are_two_stretches_and_a_change_within_a_turn_cuts_it() -> None:
    alone = replace(AMER, seats={Seat.PRIMARY: rotation("ana", "2026-11-30", "12:00")})
    assert [row[0] for row in seen(replace(STANDING, schedules=(chain(alone, EMEA),)))] == [
        "30 18-07 09",
        "07 17-14 09",
        "14 17-21 09",
    ]
    changed = replace(STANDING, overrides=(override("bo", "2026-12-01 17:00", "2026-12-02 09:00"),))
    assert [row[:2] for row in seen(changed)][:3] == [
        ("30 18-01 09", "ana"),
        ("01 17-02 09", "bo"),
        ("02 17-07 09", "ana"),
    ]


def test_a_place_that_there_was_not_was_nobodys() -> None:
    assert seen(STANDING, Organisation())[0] == ("30 18-07 09", "ana", "")
    backup = replace(PLACE, seat=Seat.BACKUP)
    after = replanned(STANDING, NewOrder(backup, (("bo",),), date(2026, 12, 7)), NOW)
    first, second, *_ = preview(STANDING, after, backup, WINDOW)
    assert (first.people, first.was, second.people, second.was) == ((), (), ("bo",), ())
