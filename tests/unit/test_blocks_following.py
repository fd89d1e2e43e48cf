"""Followed calendars as leads read of them: whose shifts, since when, what to do; never a whole address."""

from datetime import time, timedelta

from msgspec.structs import replace

from handlers.blocks import following, ids
from handlers.listeners.following import address_in, is_meant, kept
from incidents.operations.subscribing import Following
from incidents.people import Actor
from incidents.subscriptions import Failing, Subscription
from rotations.model import Mode, Organisation, Region, Schedule, Seat
from rotations.replanning import Place
from tests.support.block_samples import NOW, reader
from tests.support.blocks import buttons
from tests.support.golden import assert_accepted, assert_golden_message, assert_golden_view, words

PLAN = Organisation((), (Schedule("safety", Mode.CHAIN, (Region("EMEA", "Europe/Dublin", time(9), {}),)),))
ONE = Subscription(
    "s1",
    "https://calendar.example.com/private-0123456789abcdef/basic_x9f2",
    "calendar.example.com …x9f2",
    Place("safety", "EMEA", Seat.BACKUP),
    "UDANA",
    NOW - timedelta(days=3),
    NOW + timedelta(minutes=40),
    read_at=NOW - timedelta(minutes=20),
)
GONE = "There is no calendar at that address any more, or it is not shared by that link."
FAILING = replace(ONE, id="s2", failing=Failing(NOW - timedelta(hours=2), 2, GONE, True))


def listed(*calendars: Subscription) -> Following:
    return Following(calendars, PLAN, Actor("UDANA", "Dana Ortiz", is_lead=True), NOW)


def test_the_list_says_when_each_was_last_read_well() -> None:
    shown = following.following_list(listed(ONE, FAILING, replace(ONE, id="s3", read_at=None)), reader())
    assert_golden_message("following-list", shown)
    assert "0123456789" not in words(shown)


def test_where_none_is_followed_one_can_be() -> None:
    shown = following.following_list(listed(), reader())
    assert_golden_message("following-none", shown)


def test_a_long_list_still_fits() -> None:
    many = [replace(FAILING, id=f"s{number}") for number in range(50)]
    shown = following.following_list(listed(*many), reader())
    assert_accepted(shown)
    assert "And 35 more" in words(shown)


def test_the_form_asks_whose_shifts_they_are() -> None:
    assert_golden_view("following-form", following.follow_form(PLAN))
    (field, *_) = following.follow_form(PLAN, ONE.url)["blocks"]
    assert field["element"]["initial_value"] == ONE.url


def test_a_calendar_that_cannot_be_read_says_what_stays() -> None:
    failing = FAILING.failing
    assert failing is not None
    shown = following.failed(FAILING, failing.since, failing.why, reader())
    assert_golden_message("following-failed", shown)
    assert [action for _, action in buttons(list(shown.blocks))] == [ids.FOLLOW_READ, ids.FOLLOW_STOP]


def test_each_answer_fits_and_says_no_address() -> None:
    for shown in (
        following.followed(ONE),
        following.read_soon(ONE),
        following.unfollowed(ONE),
        following.well_again(ONE),
        following.same_at_first(ONE),
    ):
        assert_accepted(shown)
        assert "calendar.example.com …x9f2" in words(shown)
        assert "0123456789" not in words(shown)


def test_an_address_is_read_out_of_slacks_brackets() -> None:
    assert address_in("import <https://a.example.com/b.ics|a.example.com>") == "https://a.example.com/b.ics"
    assert address_in("follow webcal://a.example.com/b") == "webcal://a.example.com/b"
    assert address_in("import") == ""


def test_import_with_an_address_means_following_and_without_one_a_file() -> None:
    assert is_meant("follow")
    assert is_meant("import https://a.example.com/b.ics")
    assert not is_meant("import")
    assert not is_meant("who follows https://a.example.com/b.ics")


def test_an_address_is_not_said_again_where_it_was_refused() -> None:
    assert kept("import https://a.example.com/secret.ics for EMEA") == "import … for EMEA"
    assert kept("oncall follow <https://a.example.com/secret.ics|a>") == "oncall follow …"
    assert kept("declare outage, see https://status.example.com/") == (
        "declare outage, see https://status.example.com/"
    )
