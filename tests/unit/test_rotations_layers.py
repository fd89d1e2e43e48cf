"""A layer is laid over a seat during its hours; a roster fills a seat shift by shift."""

from __future__ import annotations

from datetime import time

from msgspec.structs import replace

from rotations.model import EVERY_DAY, Hours, Layer, Roster, RosterShift, Rotation, Seat
from rotations.shifts import Resolver
from tests.support.schedules import SERVED_DAY, WEEKDAYS, chain, override, region, rotation, utc, windows

AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo"))
NIGHT = Hours(EVERY_DAY, time(22), time(6))
WEEKEND = Hours((5, 6), time(0), time(0))


def layer(name: str, members: str | Rotation, *hours: Hours, seat: Seat = Seat.PRIMARY) -> Layer:
    return Layer(name, seat, rotation(members) if isinstance(members, str) else members, hours)


def layered(*layers: Layer) -> Resolver:
    return Resolver(chain(replace(AMER, layers=layers)), names={"vic": "Vic Ray"})


def on(resolver: Resolver, at: str, seat: Seat = Seat.PRIMARY) -> str:
    """Who sits on the seat, in a region that holds at all hours."""
    return "+".join(next(row.people for row in resolver.at(utc(at)) if row.seat is seat))


def test_a_layer_counts_from_the_second_its_hours_begin_to_the_second_they_end() -> None:
    nights = layered(layer("nights", "vic", NIGHT))
    # In New York it is five hours earlier than in UTC.
    assert [on(nights, f"2026-02-03 {at}") for at in ("02:59", "03:00", "10:59", "11:00")] == [
        "ana",
        "vic",
        "vic",
        "ana",
    ]


def test_its_hours_are_the_regions_own_also_when_the_clocks_change() -> None:
    nights = layered(layer("nights", "vic", NIGHT))
    assert [on(nights, f"2026-03-08 {at}") for at in ("02:59", "03:00", "09:59", "10:00")] == [
        "ana",
        "vic",
        "vic",
        "ana",
    ]


def test_a_day_of_hours_is_the_local_day() -> None:
    weekend = layered(layer("weekend", "wes", WEEKEND))
    assert [on(weekend, at) for at in ("2026-02-07 04:59", "2026-02-07 05:00", "2026-02-09 04:59")] == [
        "ana",
        "wes",
        "wes",
    ]
    assert on(weekend, "2026-02-09 05:00") == "ana"


def test_without_hours_it_always_counts_once_its_rotation_has_begun() -> None:
    always = layered(layer("trial", rotation("vic", "2026-02-09")))
    assert [on(always, at) for at in ("2026-02-09 13:59", "2026-02-09 14:00")] == ["ana", "vic"]


def test_of_two_layers_the_later_counts_and_the_reasons_go_down_to_the_ground() -> None:
    both = layered(layer("weekend", "wes", WEEKEND), layer("nights", "vic", NIGHT))
    assert on(both, "2026-02-07 04:00") == "vic"
    (row,) = both.at(utc("2026-02-08 04:00"))
    assert row.why == (
        "The layer nights says Vic Ray.",
        "The layer weekend says wes.",
        "The rotation says ana.",
    )


def test_the_turn_of_a_layer_is_its_own() -> None:
    nights = layered(layer("nights", rotation("vic wes", "2026-01-05", "22:00"), NIGHT))
    (row,) = nights.at(utc("2026-02-03 05:00"))
    assert (row.start, row.end) == (utc("2026-02-03 03:00"), utc("2026-02-03 11:00"))
    assert row.turn_until == utc("2026-02-10 03:00")


def test_a_layer_counts_as_served_the_days_on_which_its_hours_begin() -> None:
    days = Hours(WEEKDAYS, time(12), time(13))
    lunch = layered(layer("lunch", rotation("a b c", "2026-01-05", "12:00", SERVED_DAY), days))
    assert [on(lunch, f"2026-01-{day:02} 17:30") for day in (5, 6, 7, 8, 9, 10, 12)] == [
        "a",
        "b",
        "c",
        "a",
        "b",
        "ana",
        "c",
    ]


def test_a_layer_without_hours_counts_the_days_on_which_its_region_serves() -> None:
    week = region("AMER", "UTC", "09:00-17:00", WEEKDAYS, primary=rotation("ana"))
    turns = layer("desk", rotation("a b c", turn=SERVED_DAY))
    desk = Resolver(windows(replace(week, layers=(turns,))))
    assert [on(desk, f"2026-01-{day:02} 12:00") for day in (8, 9, 12)] == ["a", "b", "c"]


def test_a_layer_may_fill_a_seat_that_has_nothing_else() -> None:
    resolver = layered(layer("nights", "vic", NIGHT, seat=Seat.BACKUP))
    assert on(resolver, "2026-02-03 04:00", Seat.BACKUP) == "vic"
    open_seat = resolver.at(utc("2026-02-03 18:00"))[1]
    assert (open_seat.seat, open_seat.people) == (Seat.BACKUP, ())
    assert open_seat.why == ("Nobody: only layers fill this seat.",)


def test_an_override_beats_a_layer() -> None:
    nights = layered(layer("nights", "vic", NIGHT))
    covered = Resolver(nights.schedule, [override("eve", "2026-02-03 00:00", "2026-02-04 00:00")])
    (row,) = covered.at(utc("2026-02-03 04:00"))
    assert (row.people, row.why[0]) == (("eve",), "eve covers.")


class TestRoster:
    SHIFTS = (
        RosterShift(("mei",), utc("2026-02-02 00:00"), utc("2026-02-02 09:00")),
        RosterShift(("joy", "mei"), utc("2026-02-02 08:00"), utc("2026-02-02 16:00")),
        RosterShift(("joy",), utc("2026-02-02 16:00"), utc("2026-02-02 20:00")),
        RosterShift(("kim",), utc("2026-02-03 04:00"), utc("2026-02-03 04:00")),
    )

    def resolver(self, *shifts: RosterShift) -> Resolver:
        planned = replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(shifts)})
        return Resolver(chain(planned), names={"mei": "Mei Wu"})

    def test_each_shift_is_on_from_its_first_second_and_off_at_its_last(self) -> None:
        planned = self.resolver(*self.SHIFTS)
        times = ("01 23:59", "02 00:00", "02 16:00", "02 19:59", "02 20:00")
        assert [on(planned, f"2026-02-{at}") for at in times] == ["", "mei", "joy", "joy", ""]

    def test_shifts_that_overlap_are_on_together_each_person_once(self) -> None:
        (row,) = self.resolver(*self.SHIFTS).at(utc("2026-02-02 08:30"))
        assert (row.people, row.why) == (("mei", "joy"), ("The roster says Mei Wu and joy.",))
        assert (row.start, row.end, row.turn_until) == (
            utc("2026-02-02 08:00"),
            utc("2026-02-02 09:00"),
            utc("2026-02-02 09:00"),
        )

    def test_the_order_in_which_shifts_are_listed_changes_nothing_about_who_is_on(self) -> None:
        backwards = self.resolver(*reversed(self.SHIFTS))
        assert on(backwards, "2026-02-02 08:30") == "mei+joy"

    def test_an_hour_without_a_shift_is_a_gap(self) -> None:
        _, gaps = self.resolver(*self.SHIFTS).between(utc("2026-02-02 12:00"), utc("2026-02-04 00:00"))
        assert [(gap.start, gap.end, gap.seat) for gap in gaps] == [
            (utc("2026-02-02 20:00"), utc("2026-02-04 00:00"), Seat.PRIMARY)
        ]
        (row,) = self.resolver().at(utc("2026-02-02 12:00"))
        assert row.why == ("Nobody: the roster has no shift then.",)

    def test_a_shift_across_new_year_is_one(self) -> None:
        night = RosterShift(("mei",), utc("2026-12-31 20:00"), utc("2027-01-01 04:00"))
        (row,) = self.resolver(night).at(utc("2027-01-01 02:00"))
        assert (row.people, row.start, row.end) == (("mei",), night.start, night.end)

    def test_overrides_and_layers_lie_over_a_roster_too(self) -> None:
        planned = self.resolver(*self.SHIFTS).schedule.regions[0]
        schedule = chain(replace(planned, layers=(layer("nights", "vic", NIGHT),)))
        added = override("eve", "2026-02-02 18:00", "2026-02-02 19:00")
        both = Resolver(schedule, [added])
        assert [on(both, f"2026-02-02 {at}") for at in ("04:00", "12:00", "18:30")] == [
            "vic",
            "joy+mei",
            "eve",
        ]
