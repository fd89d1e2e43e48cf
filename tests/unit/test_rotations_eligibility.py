"""Who could cover: rested, there, free, able and awake; every reason why not, in whole sentences."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from rotations.eligibility import Candidate, Need, candidates, is_awake, wakes_at
from rotations.model import Absence, Organisation, Person, Roster, RosterShift, Schedule, Seat
from rotations.refusals import UnknownSeat
from rotations.shifts import Resolver, resolver_of
from tests.support.schedules import WEEKDAYS, chain, region, rotation, utc, windows

NOON = utc("2026-02-03 12:00")
TUESDAY = Need("EMEA", Seat.PRIMARY, utc("2026-02-03 13:00"), utc("2026-02-03 15:00"))
TODAY_TWO = utc("2026-02-03 13:00"), utc("2026-02-03 15:00")


def somebody(key: str, zone: str = "UTC", **more: object) -> Person:
    return replace(Person(key, key.capitalize(), zone=zone, team="safety"), **more)  # type: ignore[arg-type]


NIAMH, TOM, ZOFIA = somebody("niamh"), somebody("tom"), somebody("zofia")


def office() -> Schedule:
    """Weeks in turn: on 3 February it is Tom's, with Zofia as backup."""
    return windows(
        region(
            "EMEA",
            "UTC",
            "09:00-17:00",
            WEEKDAYS,
            primary=rotation("tom zofia niamh", since="2026-02-02"),
            backup=rotation("zofia niamh tom", since="2026-02-02"),
            lead=rotation("elena", since="2026-02-02"),
            shadow=rotation("adaeze", since="2026-02-02"),
        ),
    )


def asked(*people: Person, need: Need = TUESDAY, schedule: Schedule | None = None) -> dict[str, Candidate]:
    return asked_of(Organisation(people, (schedule or office(),)), need)


def asked_of(organisation: Organisation, need: Need = TUESDAY) -> dict[str, Candidate]:
    found = candidates(organisation, resolver_of(organisation), need, NOON)
    return {candidate.person: candidate for candidate in found}


def test_whoever_is_free_rested_and_of_the_crew_can_be_asked() -> None:
    found = asked(NIAMH, TOM)
    assert found["niamh"] == Candidate("niamh", True, (), True)
    assert found["niamh"].can_be_asked


def test_the_person_who_is_to_be_covered_is_no_candidate() -> None:
    assert list(asked(NIAMH, TOM, need=replace(TUESDAY, instead_of="tom"))) == ["niamh"]


def test_candidates_stand_in_the_order_of_the_file() -> None:
    assert list(asked(ZOFIA, TOM, NIAMH)) == ["zofia", "tom", "niamh"]


def test_whoever_is_on_call_then_is_told_with_their_seats() -> None:
    found = asked(ZOFIA, TOM)
    assert found["zofia"].reasons == ("Is on call then: EMEA backup.",)
    assert found["tom"].reasons == ("Is on call then: EMEA primary.",)
    assert not found["zofia"].is_eligible


def test_being_on_call_on_another_schedule_counts_too() -> None:
    legal = replace(chain(region("Legal", "UTC", "09:00", primary=rotation("niamh"))), name="legal")
    found = asked_of(Organisation((NIAMH,), (office(), legal)))
    assert found["niamh"].reasons == ("Is on call then: Legal primary.",)


def test_shifts_of_two_schedules_together_make_the_rest() -> None:
    night = replace(
        windows(region("Night", "UTC", "04:00-06:00", primary=rotation("niamh zofia", since="2026-02-02"))),
        name="night",
    )
    found = asked_of(Organisation((NIAMH, ZOFIA), (office(), night)))
    assert found["niamh"].reasons == (
        "Only 7 h of rest between the shift that ends Tue 3 Feb 06:00 UTC and the one that starts "
        "Tue 3 Feb 13:00 UTC; 11 h are needed.",
    )


def test_only_the_hours_in_which_the_region_holds_are_asked_for() -> None:
    # Sunday to Tuesday noon: served are Monday and half of Tuesday, sixteen hours apart.
    days = Need("EMEA", Seat.PRIMARY, utc("2026-02-01 00:00"), NOON, "tom")
    assert asked(NIAMH, TOM, need=days)["niamh"].reasons == ()


def test_only_the_shifts_of_the_person_to_be_covered_are_asked_for() -> None:
    # Of these two weeks Tom has the first: that Zofia serves the second does not make her busy.
    weeks = Need("EMEA", Seat.PRIMARY, utc("2026-02-02"), utc("2026-02-16"), "tom")
    assert asked(ZOFIA, need=weeks)["zofia"].reasons == ("Is on call then: EMEA backup.",)
    assert asked(NIAMH, need=weeks)["niamh"].reasons == ()


def test_nobody_is_needed_where_there_is_nothing_to_serve() -> None:
    at_night = Need("EMEA", Seat.PRIMARY, utc("2026-02-03 20:00"), utc("2026-02-03 23:00"))
    assert asked(NIAMH, TOM, need=at_night) == {}
    assert asked(NIAMH, TOM, need=replace(TUESDAY, instead_of="zofia")) == {}


def test_an_open_seat_can_be_offered() -> None:
    late = windows(region("EMEA", "UTC", "09:00-17:00", primary=rotation("tom niamh", since="2026-03-02")))
    assert asked(NIAMH, schedule=late)["niamh"].is_eligible


def test_somebody_away_then_is_told_until_when_in_their_own_time_and_never_why() -> None:
    away = Absence("a1", "niamh", utc("2026-02-03 14:00"), utc("2026-02-10 08:00"), "surgery")
    people = (replace(NIAMH, zone="Europe/Berlin"), TOM)
    found = asked_of(Organisation(people, (office(),), absences=(away,)))
    assert found["niamh"].reasons == ("Is away until Tue 10 Feb 09:00 Berlin.",)


def test_an_absence_beside_the_shifts_bars_nothing() -> None:
    away = Absence("a1", "niamh", utc("2026-02-03 17:00"), utc("2026-02-04 08:00"))
    need = Need("EMEA", Seat.PRIMARY, *TODAY_TWO)
    assert asked_of(Organisation((NIAMH,), (office(),), absences=(away,)), need)["niamh"].is_eligible
    # Away at night only, between two days that are wanted.
    two_days = replace(need, end=utc("2026-02-04 15:00"))
    assert asked_of(Organisation((NIAMH,), (office(),), absences=(away,)), two_days)["niamh"].is_eligible


def test_strangers_to_the_schedule_are_not_asked_but_colleagues_of_the_team_are() -> None:
    found = asked(TOM, somebody("new"), somebody("paul", team="executive"), somebody("lone", team=None))
    assert found["new"].is_eligible
    said = ("Serves no seat of safety and is not of its team.",)
    assert (found["paul"].reasons, found["lone"].reasons) == (said, said)


def test_where_nobody_has_a_team_only_the_crew_is_asked() -> None:
    tom, lone = (somebody(key, team=None) for key in ("tom", "lone"))
    assert not asked(tom, lone)["lone"].is_eligible


def test_a_shadow_is_not_of_the_crew() -> None:
    assert not asked(somebody("adaeze", team="northwind"))["adaeze"].is_eligible


def test_a_vendor_covers_only_where_a_vendor_stands() -> None:
    joy = somebody("joy", vendor=True)
    assert asked(TOM, joy)["joy"].reasons == ("Works for a vendor, and nobody on this seat does.",)
    assert asked(replace(TOM, vendor=True), joy)["joy"].is_eligible


def test_the_leads_seat_is_for_leads_and_those_who_stand_on_it() -> None:
    lead_seat = replace(TUESDAY, seat=Seat.LEAD, instead_of="elena")
    found = asked(NIAMH, somebody("dana", lead=True), somebody("elena"), need=lead_seat)
    assert found["niamh"].reasons == ("Is not a lead.",)
    assert found["dana"].is_eligible
    unheld = replace(TUESDAY, seat=Seat.LEAD)
    assert "Is not a lead." not in asked(somebody("elena"), need=unheld)["elena"].reasons


def test_the_skills_that_are_asked_for_are_needed() -> None:
    fluent = replace(NIAMH, skills=("child_safety", "fraud"))
    need = replace(TUESDAY, skills=("child_safety", "fraud", "privacy"))
    assert asked(fluent, TOM, need=need)["niamh"].reasons == ("Is not trained in privacy.",)
    assert asked(NIAMH, TOM, need=replace(TUESDAY, skills=()))["niamh"].is_eligible


def test_without_a_word_the_skills_that_everybody_on_the_seat_shares_are_needed() -> None:
    tom, zofia = replace(TOM, skills=("fraud", "child_safety")), replace(ZOFIA, skills=("child_safety",))
    niamh = replace(NIAMH, skills=("child_safety", "privacy"))
    found = asked(tom, zofia, niamh, somebody("new"), somebody("old", skills=("child_safety",)))
    assert found["new"].reasons == ("Is not trained in child_safety.",)
    assert found["old"].is_eligible


def test_two_people_are_enough_to_say_which_skills_a_seat_needs() -> None:
    schedule = windows(region("EMEA", "UTC", "09:00-17:00", primary=rotation("tom zofia")))
    fluent = (replace(one, skills=("privacy",)) for one in (TOM, ZOFIA))
    found = asked(*fluent, somebody("new"), schedule=schedule)
    assert found["new"].reasons == ("Is not trained in privacy.",)


def test_the_skills_of_one_person_alone_say_nothing_about_the_seat() -> None:
    schedule = windows(region("EMEA", "UTC", "09:00-17:00", primary=rotation("tom")))
    found = asked(replace(TOM, skills=("privacy",)), somebody("new"), schedule=schedule)
    assert found["new"].is_eligible


def test_every_reason_is_given_not_only_the_first() -> None:
    away = Absence("a1", "joy", utc("2026-02-03"), utc("2026-02-04"))
    joy = somebody("joy", team="northwind", vendor=True)
    found = asked_of(Organisation((TOM, joy), (office(),), absences=(away,)))
    assert found["joy"].reasons == (
        "Serves no seat of safety and is not of its team.",
        "Works for a vendor, and nobody on this seat does.",
        "Is away until Wed 4 Feb 00:00 UTC.",
    )


def test_a_public_holiday_where_they_are_warns_and_bars_nothing() -> None:
    friday = Need("EMEA", Seat.PRIMARY, utc("2026-05-01"), utc("2026-05-02"))
    found = asked(somebody("niamh", country="DE"), somebody("tom", country="US"), need=friday)
    assert found["niamh"].warnings == ("1 May is a public holiday for them: Labor Day.",)
    assert found["tom"].warnings == ()


def test_people_asleep_are_eligible_but_not_asked() -> None:
    kenji = somebody("niamh", "Asia/Tokyo"), somebody("tom", "America/Los_Angeles")
    found = asked(
        *kenji, schedule=windows(region("EMEA", "UTC", "13:00-15:00", primary=rotation("x niamh tom")))
    )
    assert (found["niamh"].is_awake, found["tom"].is_awake) == (True, False)
    assert found["tom"].is_eligible
    assert not found["tom"].can_be_asked


def test_day_begins_at_seven_and_ends_at_ten_where_the_person_is() -> None:
    tokyo = somebody("kenji", "Asia/Tokyo")
    assert [is_awake(tokyo, utc(f"2026-02-03 {time}")) for time in ("21:59", "22:00", "12:59", "13:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_whoever_sleeps_is_asked_when_their_day_begins() -> None:
    tokyo = somebody("kenji", "Asia/Tokyo")
    assert wakes_at(tokyo, utc("2026-02-03 12:59")) == utc("2026-02-03 12:59")
    assert wakes_at(tokyo, utc("2026-02-03 13:00")) == utc("2026-02-03 22:00")
    assert wakes_at(tokyo, utc("2026-02-03 18:00")) == utc("2026-02-03 22:00")
    # The clocks of New York go forward in the night to 8 March: seven o'clock comes an hour sooner.
    assert wakes_at(somebody("ana", "America/New_York"), utc("2026-03-08 04:00")) == utc("2026-03-08 11:00")


def test_people_of_a_roster_are_of_the_crew() -> None:
    shifts = (RosterShift(("joy",), utc("2026-03-02"), utc("2026-03-03")),)
    place = region("EMEA", "UTC", "09:00-17:00", primary=rotation("tom"))
    schedule = windows(replace(place, rosters={Seat.BACKUP: Roster(shifts)}))
    assert asked(somebody("joy", team=None), schedule=schedule)["joy"].is_eligible


def test_a_seat_that_does_not_exist_is_refused() -> None:
    organisation, resolver = Organisation((NIAMH,), (office(),)), Resolver(office())
    for need in (replace(TUESDAY, region="ASIA"), replace(TUESDAY, region="asia")):
        with pytest.raises(UnknownSeat, match="There is no"):
            candidates(organisation, resolver, need, NOON)
    lonely = windows(region("EMEA", "UTC", "09:00-17:00", primary=rotation("tom")))
    with pytest.raises(UnknownSeat, match="There is no EMEA backup"):
        asked(NIAMH, need=replace(TUESDAY, seat=Seat.BACKUP), schedule=lonely)
