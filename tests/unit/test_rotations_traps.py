"""One test for each trap that schedule engines are known to fall into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from rotations import coverage
from rotations.model import Seat, Swap, TurnRef
from rotations.own_shifts import own_shifts
from rotations.shifts import Gap, Resolver
from rotations.zones import use_bundled_tzdata
from tests.support.schedules import (
    DAY,
    SERVED_DAY,
    WEEKDAYS,
    chain,
    override,
    primaries,
    region,
    rotation,
    utc,
    windows,
)

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


def three_regions() -> Resolver:
    return Resolver(
        chain(
            region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", at="12:00")),
            region("APAC", "Asia/Tokyo", "10:00", primary=rotation("kenji lena", at="10:00")),
            region("EMEA", "Europe/Dublin", "09:00", primary=rotation("niamh tom", at="09:00")),
        )
    )


def test_somebody_is_on_call_at_the_exact_handoff_second() -> None:
    handoff = utc("2026-12-01 01:00")
    assert primaries(three_regions(), handoff) == ["APAC lena"]


def test_nobody_is_on_call_twice_at_the_handoff_second() -> None:
    resolver = three_regions()
    assert primaries(resolver, utc("2026-12-01 01:00") - SECOND) == ["AMER bo"]
    assert len(primaries(resolver, utc("2026-12-01 01:00"))) == 1


def test_a_rota_whose_first_shift_spans_a_clock_change_loses_no_hour_at_later_handoffs() -> None:
    # The first turn, from Monday 23 March, holds the change of 29 March: every handoff stays at 09:00 local.
    resolver = Resolver(
        chain(region("EMEA", "Europe/Berlin", "09:00", primary=rotation("a b c", since="2026-03-23")))
    )
    shifts, gaps = resolver.between(utc("2026-03-23 08:00"), utc("2026-06-01 07:00"))
    assert [shift.start for shift in shifts[1:4]] == [
        utc("2026-03-30 07:00"),
        utc("2026-04-06 07:00"),
        utc("2026-04-13 07:00"),
    ]
    assert gaps == ()


def test_an_all_day_override_does_not_hide_other_gaps() -> None:
    day = region("AMER", "UTC", "08:00-20:00", primary=rotation("ana", at="08:00"))
    all_day = override("di", "2026-03-10 00:00", "2026-03-11 00:00")
    _, gaps = Resolver(windows(day), [all_day]).between(utc("2026-03-10 00:00"), utc("2026-03-12 00:00"))
    assert [(gap.start.hour, gap.end.hour) for gap in gaps] == [(0, 8), (20, 8), (20, 0)]


def test_twelve_hours_of_double_cover_do_not_pay_for_twelve_hours_of_none() -> None:
    twice = [region(name, "UTC", "00:00-12:00", primary=rotation(name.lower(), at="00:00")) for name in "AB"]
    shifts, gaps = Resolver(windows(*twice)).between(utc("2026-03-10 00:00"), utc("2026-03-11 00:00"))
    assert sum((shift.end - shift.start for shift in shifts), timedelta()) == timedelta(hours=24)
    assert [(gap.start, gap.end, gap.region, gap.seat) for gap in gaps] == [
        (utc("2026-03-10 12:00"), utc("2026-03-11 00:00"), None, None)
    ]


def test_an_override_in_one_region_silences_no_other() -> None:
    whole_day = override("di", "2026-12-01 00:00", "2026-12-02 00:00")
    resolver = Resolver(three_regions().schedule, [whole_day])
    noon_in_each = [utc("2026-12-01 02:00"), utc("2026-12-01 10:00"), utc("2026-12-01 18:00")]
    assert [primaries(resolver, at) for at in noon_in_each] == [["APAC lena"], ["EMEA tom"], ["AMER di"]]


def test_a_midnight_that_does_not_exist_does_not_stall_the_rota() -> None:
    # São Paulo, Sunday 4 November 2018: the day begins at 01:00.
    resolver = Resolver(
        chain(
            region(
                "LATAM",
                "America/Sao_Paulo",
                "00:00",
                primary=rotation("a b c", since="2018-11-01", at="00:00", turn=DAY),
            )
        )
    )
    shifts, gaps = resolver.between(utc("2018-11-03 03:00"), utc("2018-11-06 02:00"))
    assert [(shift.people, shift.start) for shift in shifts] == [
        (("c",), utc("2018-11-03 03:00")),
        (("a",), utc("2018-11-04 03:00")),
        (("b",), utc("2018-11-05 02:00")),
    ]
    assert gaps == ()


def test_a_skipped_day_gives_the_instant_to_the_later_turn() -> None:
    # Samoa had no Friday 30 December 2011: the turns of the 30th and the 31st start together.
    resolver = Resolver(
        chain(
            region(
                "APAC",
                "Pacific/Apia",
                "09:00",
                primary=rotation("wed thu fri sat sun", since="2011-12-28", turn=DAY),
            )
        )
    )
    start = utc("2011-12-30 19:00")
    assert primaries(resolver, start - SECOND) == ["APAC thu"]
    assert primaries(resolver, start) == ["APAC sat"]
    shifts, _ = resolver.between(utc("2011-12-28 19:00"), utc("2012-01-01 19:00"))
    assert [shift.people for shift in shifts] == [("wed",), ("thu",), ("sat",), ("sun",)]


def test_a_handoff_inside_a_gap_is_not_an_hour_early() -> None:
    # 02:30 does not exist in New York on 8 March 2026; with the offset before the gap it is 07:30 UTC.
    resolver = Resolver(
        chain(
            region(
                "AMER",
                "America/New_York",
                "02:30",
                primary=rotation("a b", since="2026-03-07", at="02:30", turn=DAY),
            )
        )
    )
    assert primaries(resolver, utc("2026-03-08 07:30") - SECOND) == ["AMER a"]
    assert primaries(resolver, utc("2026-03-08 07:30")) == ["AMER b"]


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_dublin_and_london_hand_off_at_the_same_instants(change: str) -> None:
    resolvers = [
        Resolver(
            chain(
                region(
                    "EMEA",
                    zone,
                    "01:30",
                    primary=rotation("a b", since="2026-01-01", at="01:30", turn=DAY),
                )
            )
        )
        for zone in ("Europe/Dublin", "Europe/London")
    ]
    around = (utc(f"{change} 00:00") - timedelta(days=1), utc(f"{change} 00:00") + timedelta(days=2))
    dublin, london = (resolver.between(*around) for resolver in resolvers)
    assert dublin == london


def test_a_repeated_local_time_hands_off_once_at_its_first_occurrence() -> None:
    resolver = Resolver(
        chain(
            region(
                "AMER",
                "America/New_York",
                "01:30",
                primary=rotation("a b", since="2026-01-01", at="01:30", turn=DAY),
            )
        )
    )
    shifts, _ = resolver.between(utc("2026-11-01 00:00"), utc("2026-11-02 00:00"))
    assert [shift.start for shift in shifts[1:]] == [utc("2026-11-01 05:30")]


def test_a_day_that_begins_twice_begins_once() -> None:
    # St John's, 7 November 2010: at 00:01 the clocks go back to 23:01 of the day before.
    resolver = Resolver(
        chain(
            region(
                "AMER",
                "America/St_Johns",
                "00:00",
                primary=rotation("a b", since="2010-11-06", at="00:00", turn=DAY),
            )
        )
    )
    evening_again = utc("2010-11-07 02:45")
    assert primaries(resolver, evening_again) == ["AMER b"]
    assert resolver.at(evening_again)[0].start == utc("2010-11-07 02:30")


def test_end_and_next_honour_overrides() -> None:
    resolver = Resolver(
        three_regions().schedule, [override("di", "2026-11-30 20:00", "2026-11-30 22:00", reason="dentist")]
    )
    before = resolver.at(utc("2026-11-30 19:00"))[0]
    assert (before.people, before.end) == (("bo",), utc("2026-11-30 20:00"))
    handoff = resolver.next_handoff(utc("2026-11-30 19:00"))
    assert handoff is not None
    assert (handoff.at, handoff.after[0].people) == (utc("2026-11-30 20:00"), ("di",))


def test_fourteen_people_on_served_days_all_serve() -> None:
    people = [f"p{number}" for number in range(14)]
    resolver = Resolver(
        windows(
            region(
                "EMEA",
                "Europe/Dublin",
                "09:00-17:00",
                WEEKDAYS,
                primary=rotation(" ".join(people), turn=SERVED_DAY),
            )
        )
    )
    shifts, _ = resolver.between(utc("2026-01-05 00:00"), utc("2026-01-23 00:00"))
    assert [shift.people[0] for shift in shifts] == people
    assert not any(shift.start.weekday() > 4 for shift in shifts)


def test_sydney_changes_people_on_its_own_monday() -> None:
    resolver = Resolver(
        chain(region("APAC", "Australia/Sydney", "08:00", primary=rotation("ruby lena", at="08:00")))
    )
    # Monday 1 June 2026 08:00 in Sydney is Sunday 22:00 in UTC.
    sunday = utc("2026-05-31 22:00")
    assert primaries(resolver, sunday - SECOND) != primaries(resolver, sunday)
    monday = utc("2026-06-01 00:00")
    assert primaries(resolver, monday - SECOND) == primaries(resolver, monday)


def test_week_53_of_2026_swaps_nobody_twice() -> None:
    resolver = Resolver(chain(region("AMER", "UTC", "09:00", primary=rotation("ana bo"))))
    mondays = [utc("2026-12-21 09:00") + timedelta(weeks=week) for week in range(4)]
    assert [primaries(resolver, monday) for monday in mondays] == [
        ["AMER ana"],
        ["AMER bo"],
        ["AMER ana"],
        ["AMER bo"],
    ]


def office_hours() -> Resolver:
    places = (("AMER", "America/New_York"), ("EMEA", "Europe/London"), ("APAC", "Asia/Singapore"))
    return Resolver(
        windows(*(region(name, zone, "09:00-17:00", primary=rotation("a")) for name, zone in places))
    )


@pytest.mark.parametrize(
    ("day", "overlap", "hole"),
    [
        ("2026-02-10", 3, 3),
        ("2026-03-10", 4, 4),
        ("2026-04-07", 3, 4),
        ("2026-10-27", 4, 4),
        ("2026-12-01", 3, 3),
    ],
)
def test_overlap_and_hole_of_office_hours_follow_both_clock_changes(
    day: str, overlap: int, hole: int
) -> None:
    start = utc(f"{day} 06:00")
    shifts, gaps = office_hours().between(start, start + timedelta(hours=24))
    rows = {shift.region: shift for shift in shifts if shift.region != "APAC"}
    assert rows["EMEA"].end - rows["AMER"].start == timedelta(hours=overlap)
    assert [gap.end - gap.start for gap in gaps] == [timedelta(hours=hole)]


def test_the_length_of_emea_in_a_chain_runs_5_4_5_4_5_over_the_year() -> None:
    resolver = Resolver(
        chain(
            region("AMER", "America/New_York", "09:00", primary=rotation("a")),
            region("EMEA", "Europe/London", "09:00", primary=rotation("b")),
            region("APAC", "Asia/Singapore", "09:00", primary=rotation("c")),
        )
    )
    shifts, _ = resolver.between(datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    hours = [(row.end - row.start).seconds // 3600 for row in shifts if row.region == "EMEA"]
    changes = [hours[0], *(now for before, now in pairwise(hours) if before != now)]
    assert changes == [5, 4, 5, 4, 5]


def test_of_two_regions_that_start_together_the_later_in_the_file_holds() -> None:
    resolver = Resolver(
        chain(
            region("NY", "America/New_York", "09:00", primary=rotation("a")),
            region("Toronto", "America/Toronto", "09:00", primary=rotation("b")),
        )
    )
    assert primaries(resolver, utc("2026-06-01 18:00")) == ["Toronto b"]
    assert resolver.at(utc("2026-06-01 18:00"))[0].seat is Seat.PRIMARY


def test_naming_the_same_people_in_another_order_is_no_handoff() -> None:
    same_two = override("bo ana", "2026-01-06 12:00", "2026-01-06 15:00")
    resolver = Resolver(chain(region("AMER", "UTC", "09:00", primary=rotation("ana+bo cy"))), [same_two])
    handoff = resolver.next_handoff(utc("2026-01-06 00:00"))
    assert handoff is not None
    assert (handoff.at, handoff.after[0].people) == (utc("2026-01-12 09:00"), ("cy",))


def test_shift_messages_follow_overrides_and_swaps() -> None:
    # Ana's turn of Monday 12 January is Cy's by a swap; on Wednesday Di covers from 12:00 to 15:00.
    anas, cys = (TurnRef("AMER", Seat.PRIMARY, number, key) for number, key in ((1, "ana"), (2, "cy")))
    people = rotation("bo ana cy", since="2026-01-05")
    resolver = Resolver(
        chain(region("AMER", "UTC", "09:00", primary=people)),
        [override("di", "2026-01-14 12:00", "2026-01-14 15:00")],
        swaps=[Swap("s", "safety", anas, cys, "ana")],
    )
    shifts = own_shifts(resolver, utc("2026-01-12 09:00"), utc("2026-01-19 09:00"))
    assert [(one.person, one.start) for one in shifts] == [
        ("cy", utc("2026-01-12 09:00")),
        ("di", utc("2026-01-14 12:00")),
        ("cy", utc("2026-01-14 15:00")),
    ]
    assert resolver.at(utc("2026-01-13 00:00"))[0].why == (
        "cy swapped with ana.",
        "The rotation says ana.",
    )


def test_cover_that_is_doubled_for_half_the_day_and_missing_for_the_other_is_half() -> None:
    twice = [region(name, "UTC", "00:00-12:00", primary=rotation(name.lower(), at="00:00")) for name in "AB"]
    report = coverage.report(Resolver(windows(*twice)), utc("2026-03-10 00:00"), utc("2026-03-11 00:00"))
    assert report.percent == 50
    assert [(row.start, row.end) for row in report.overlaps] == [
        (utc("2026-03-10 00:00"), utc("2026-03-10 12:00"))
    ]
    assert report.worst == Gap(utc("2026-03-10 12:00"), utc("2026-03-11 00:00"), None, None)
