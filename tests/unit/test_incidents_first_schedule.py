"""What a set-up form makes: people with keys, a chain that changes on Mondays, leads, Legal, channels."""

from collections.abc import Sequence
from datetime import time

import pytest
from msgspec.structs import replace

from incidents.first_schedule import (
    MOST_REGIONS,
    NotASetup,
    RegionWish,
    SetupWish,
    last_monday,
    new_key,
    organisation_of,
    usual_region,
)
from incidents.people import Actor
from rotations.model import Organisation, Seat
from rotations.shifts import resolver_of
from tests.support.schedules import utc

NOW = utc("2026-11-30 19:00")  # a Monday
ACTORS = {
    actor.user: actor
    for actor in (
        Actor("UANA", "Ana Lima", "America/New_York"),
        Actor("UBO", "Bo Chen", "America/Los_Angeles"),
        Actor("UANNA", "Ana Berg", "America/New_York"),
        Actor("UDANA", "Dana Ortiz", "America/Chicago"),
        Actor("UNIAMH", "Niamh Byrne", "Europe/Dublin"),
        Actor("UKENJI", "森 健二", "Asia/Tokyo"),
        Actor("UIRIS", "Iris Falk", "Europe/London"),
        Actor("UBOT", "Robo", is_bot=True),
        Actor("UGUEST", "Gus", is_guest=True),
    )
}
AMER = RegionWish("AMER", ("UANA", "UBO", "UANNA"), "", time(12))
EMEA = RegionWish("EMEA", ("UNIAMH",), "Europe/Dublin", time(9))
WISH = SetupWish((AMER, EMEA), ("UDANA",), ("UIRIS",), "C1", "C2")


def made(wish: SetupWish = WISH) -> Organisation:
    return organisation_of(wish, ACTORS, NOW)


def members(organisation: Organisation, region: str, seat: Seat) -> Sequence[tuple[str, ...]]:
    found = organisation.schedules[0].region(region)
    return found.seats[seat].versions[0].members if found and seat in found.seats else ()


def test_everybody_has_a_key_of_their_own_and_what_slack_says_of_them() -> None:
    assert [(p.key, p.slack, p.zone, p.region, p.lead) for p in made().people] == [
        ("ana", "UANA", "America/New_York", "AMER", False),
        ("bo", "UBO", "America/Los_Angeles", "AMER", False),
        ("ana2", "UANNA", "America/New_York", "AMER", False),
        ("niamh", "UNIAMH", "Europe/Dublin", "EMEA", False),
        ("dana", "UDANA", "America/Chicago", "AMER", True),
        ("iris", "UIRIS", "Europe/London", None, False),
    ]


def test_people_take_turns_in_their_order_and_whoever_comes_next_is_backup() -> None:
    organisation = made()
    assert members(organisation, "AMER", Seat.PRIMARY) == (("ana",), ("bo",), ("ana2",))
    assert members(organisation, "AMER", Seat.BACKUP) == (("bo",), ("ana2",), ("ana",))
    assert members(organisation, "EMEA", Seat.BACKUP) == ()


def test_a_regions_own_lead_leads_it_and_the_others_are_led_by_all() -> None:
    organisation = made(replace(WISH, leads=("UDANA", "UNIAMH")))
    assert members(organisation, "AMER", Seat.LEAD) == (("dana",),)
    assert members(organisation, "EMEA", Seat.LEAD) == (("niamh",),)
    assert members(made(), "EMEA", Seat.LEAD) == (("dana",),)


def test_the_zone_left_empty_is_that_of_most_of_the_people() -> None:
    amer = made().schedules[0].region("AMER")
    assert amer is not None
    assert (amer.zone, amer.starts) == ("America/New_York", time(12))


def test_somebody_is_on_call_at_once_and_changes_on_the_regions_own_monday() -> None:
    rows = resolver_of(made()).at(NOW)
    (primary,) = (row for row in rows if row.seat is Seat.PRIMARY)
    assert (primary.region, primary.people, primary.turn_until) == ("AMER", ("ana",), utc("2026-12-07 17:00"))
    assert last_monday(time(12), "America/New_York", NOW).isoformat() == "2026-11-30"
    assert last_monday(time(15), "America/New_York", NOW).isoformat() == "2026-11-23"


def test_legal_has_a_schedule_of_its_own_where_somebody_is_named() -> None:
    organisation = made()
    assert organisation.specialists == {"legal": "legal"}
    assert resolver_of(organisation, "legal").at(NOW)[0].people == ("iris",)
    without = made(replace(WISH, legal=()))
    assert ([schedule.name for schedule in without.schedules], without.specialists) == (["safety"], {})


def test_channels_are_taken_as_they_were_picked() -> None:
    assert (made().channels.announce, made().channels.team) == ("C1", "C2")
    usual = made(SetupWish((AMER,), ("UDANA",))).channels
    assert (usual.announce, usual.team) == ("incidents", "safety-handoff")


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (replace(WISH, regions=()), "at least one region"),
        (replace(WISH, regions=(AMER,) * (MOST_REGIONS + 1)), "at most 6"),
        (replace(WISH, regions=(AMER, replace(EMEA, name="amer"))), "the same name"),
        (replace(WISH, leads=()), "at least one lead"),
        (replace(WISH, regions=(replace(EMEA, name=""),)), "needs a name"),
        (replace(WISH, regions=(replace(EMEA, people=()),)), "somebody who is on call"),
        (replace(WISH, regions=(replace(EMEA, zone="Europe/Nowhere"),)), "no time zone Europe/Nowhere"),
        (replace(WISH, legal=("UBOT", "UGUEST", "UGONE")), "cannot be on call: Robo, Gus and UGONE"),
    ],
)
def test_what_cannot_work_is_said(wish: SetupWish, why: str) -> None:
    with pytest.raises(NotASetup, match=why):
        made(wish)


def test_a_region_is_named_by_its_continent() -> None:
    zones = ("America/Lima", "US/Eastern", "Asia/Tokyo", "Pacific/Auckland", "Africa/Lagos", "UTC")
    assert [usual_region(zone) for zone in zones] == ["AMER", "AMER", "APAC", "APAC", "EMEA", "EMEA"]


def test_a_name_without_plain_letters_has_a_key_all_the_same() -> None:
    assert [new_key("森 健二", ()), new_key("Zoë D'Arc", ()), new_key("Ana", ("ana", "ana2"))] == [
        "person",
        "zoe",
        "ana3",
    ]
