"""The set-up as people see it: the form, what it answers, what is told of its test page."""

from datetime import time, timedelta

from msgspec.structs import replace

from handlers.blocks.home import home
from handlers.blocks.reader import Reader
from handlers.blocks.setup import (
    RegionDraft,
    SetupDraft,
    set_up,
    setup_done,
    setup_form,
    setup_silent,
    zone_options,
)
from handlers.listeners.presses import offers
from incidents.first_schedule import MOST_REGIONS
from incidents.ringing import SETUP, Proof
from sandbox import check
from tests.support.blocks import texts
from tests.support.golden import assert_golden_message, assert_golden_view
from tests.support.schedules import utc

NOW = utc("2026-11-30 19:10")
TEST = Proof("p1", "UANA", NOW - timedelta(minutes=5), SETUP, "UDANA", no_phone="no phone is known")
READER = Reader(lambda user: {"UANA": "Ana Lima"}.get(user, user), NOW, "America/Chicago")
AMER = RegionDraft("AMER", ("UANA", "UBO"), "America/New_York", "12:00")


def test_the_form_asks_for_regions_people_zones_leads_legal_and_channels() -> None:
    draft = SetupDraft((AMER, RegionDraft("EMEA")), ("UDANA",), ("UIRIS",), "C1", "C2")
    assert_golden_view("setup-form", setup_form(draft))


def test_no_more_regions_are_offered_than_a_form_holds() -> None:
    view = setup_form(SetupDraft(tuple(RegionDraft(str(n)) for n in range(MOST_REGIONS))))
    assert check.view(view) == []
    assert "setup.add_region" not in str(view)


def test_what_was_set_up_and_who_has_to_answer_is_said() -> None:
    answer = set_up((("AMER", "America/New_York", time(12)),), "Ana Lima", TEST)
    assert_golden_message("setup-answer", answer)
    rung = set_up((), "Ana Lima", replace(TEST, no_phone=""))
    assert "in Slack and by phone" in "".join(texts(list(rung.blocks)))


def test_the_answer_to_the_test_page_ends_the_set_up() -> None:
    assert_golden_message("setup-done", setup_done(replace(TEST, slack_at=NOW), READER))


def test_silence_is_told_with_the_way_on() -> None:
    assert_golden_message("setup-silent", setup_silent(TEST, READER))


def test_the_home_of_an_empty_workspace_begins_with_the_set_up() -> None:
    view = home((), None, {}, "UANA", READER)
    assert check.view(view) == []
    assert view["blocks"][0]["accessory"]["action_id"] == "setup.open"


def test_zones_are_offered_for_a_city_a_name_or_a_country() -> None:
    def offered(typed: str) -> list[str]:
        return [each["value"] for each in offers({"action_id": "setup.zone:2", "value": typed})]

    assert offered("dubl")[0] == "Europe/Dublin"
    assert offered("america/new")[0] == "America/New_York"
    assert "Europe/Berlin" in offered("germany")
    assert offered("nowhere at all") == []
    assert len(offered("a")) == 100
    assert offers({"action_id": "setup.other", "value": "dub"}) == []
    assert zone_options(["UTC"])[0]["text"]["text"] == "UTC (UTC)"


def test_times_are_told_in_the_readers_zone() -> None:
    said = "".join(texts(list(setup_silent(TEST, READER).blocks)))
    assert "13:05 Chicago (19:05 UTC)" in said
