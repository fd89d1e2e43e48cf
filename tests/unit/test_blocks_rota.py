"""Changes of the rota as people read them: what it would do, what was done, asks and offers, each state."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import rota_asks, rota_changes
from handlers.blocks.cast import Cast
from handlers.blocks.moved_shifts import moved_shifts
from handlers.blocks.reader import Reader
from handlers.blocks.rota_forms import choose_cover_form, swap_form, turn_in
from handlers.calls import Message
from incidents.covering import CoverAsk, CoverState
from incidents.rota_changes import Change, ChangeState, Verb
from incidents.swapping import OfferState, SwapOffer
from rotations.changes import Moved
from rotations.edits import Edit
from rotations.eligibility import Candidate
from rotations.model import Absence, Seat, TurnRef
from rotations.own_shifts import OwnShift
from rotations.own_turns import OwnTurn
from tests.support.golden import assert_golden_message, assert_golden_view, words

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
SHIFT = (THURSDAY, THURSDAY + timedelta(hours=8))
NAMES = {"ana": "Ana Lima", "bo": "Bo Chen", "dana": "Dana Ortiz"}
ZONES = {"ana": "America/New_York", "bo": "America/Los_Angeles", "dana": "America/Chicago"}
USERS = {"UANA": "Ana Lima", "UBO": "Bo Chen", "UDANA": "Dana Ortiz"}


def cast(zone: str = "America/New_York") -> Cast:
    return Cast(NAMES, ZONES, Reader(lambda user: USERS.get(user, user), NOW, zone))


TODAY = Moved("safety", "AMER", Seat.PRIMARY, NOW, NOW + timedelta(hours=4), ("ana",), ("bo",))
LATER = Moved("safety", "AMER", Seat.PRIMARY, *SHIFT, ("ana",), ("bo",))
EMPTIED = replace(LATER, after=())
CHANGE = Change("c1", "UANA", "ana", Verb.OVERRIDE, "safety", NOW, Edit(), (LATER,))
SOON = replace(CHANGE, moved=(TODAY, EMPTIED))
DONE = replace(CHANGE, state=ChangeState.DONE)
AWAY = Absence("a1", "ana", THURSDAY, THURSDAY + timedelta(days=3), "flu", "UDANA")
OWN = OwnShift("ana", "safety", "AMER", Seat.PRIMARY, *SHIFT)
ASK = CoverAsk(
    "k1", "safety", "AMER", Seat.PRIMARY, "ana", *SHIFT, "UANA", NOW, "dentist", asked=("UBO", "UDANA")
)
HOLE = replace(ASK, person="", asked=(), end=SHIFT[1] + timedelta(days=2))
MINE = TurnRef("AMER", Seat.PRIMARY, 51, "ana")
THEIRS = TurnRef("AMER", Seat.PRIMARY, 48, "bo")
WEEK = timedelta(weeks=1)
OFFER = SwapOffer(
    "s1",
    "safety",
    MINE,
    THEIRS,
    (THURSDAY + 4 * WEEK, THURSDAY + 5 * WEEK),
    (THURSDAY + WEEK, THURSDAY + 2 * WEEK),
    "UANA",
    "UBO",
    NOW,
    "wedding",
)

MESSAGES = {
    "rota-proposed": rota_changes.proposed(CHANGE, cast()),
    "rota-proposed-soon": rota_changes.proposed(SOON, cast()),
    "rota-proposed-again": rota_changes.proposed(replace(SOON, confirmed=1), cast()),
    "rota-proposed-unfit": rota_changes.proposed(CHANGE, cast(), {"bo": ("Is away until Fri 4 Dec 09:00.",)}),
    "rota-changed": rota_changes.changed(DONE, cast()),
    "rota-taken-back": rota_changes.changed(replace(DONE, verb=Verb.UNDO), cast()),
    "rota-cover-asked-for": rota_changes.asked_for_cover(
        (ASK, HOLE), {"k1": SHIFT[0] - timedelta(hours=2)}, cast()
    ),
    "rota-absence": rota_changes.noted_absence(AWAY, (OWN,), "safety", cast()),
    "rota-absence-free": rota_changes.noted_absence(AWAY, (), "safety", cast()),
    "rota-moved": moved_shifts((TODAY, EMPTIED), 2, "Changed by Dana Ortiz.", cast("Asia/Tokyo")),
    "cover-ask": rota_asks.cover_asked(ASK, "UBO", False, cast("America/Los_Angeles")),
    "cover-ask-hole": rota_asks.cover_asked(HOLE, "UBO", False, cast("America/Los_Angeles")),
    "cover-lead": rota_asks.cover_asked(ASK, "UDANA", True, cast("America/Chicago")),
    "cover-lead-hole": rota_asks.cover_asked(HOLE, "UDANA", True, cast("America/Chicago")),
    "cover-taken": rota_asks.cover_taken(replace(ASK, taken_by="UBO"), cast()),
    "cover-lapsed": rota_asks.cover_lapsed(ASK, cast()),
    "cover-lapsed-hole": rota_asks.cover_lapsed(HOLE, cast()),
    "swap-offer": rota_asks.swap_offered(
        OFFER, ("Has 9 h between two shifts.",), cast("America/Los_Angeles")
    ),
    "swap-sent": rota_asks.swap_sent(OFFER, {"ana": (), "bo": ("Has 9 h between two shifts.",)}, cast()),
    "swap-refused": rota_asks.swap_answered(replace(OFFER, state=OfferState.REFUSED), cast()),
    "swap-expired": rota_asks.swap_answered(replace(OFFER, state=OfferState.EXPIRED), cast()),
    "absence-told": rota_asks.absence_told(AWAY, "Dana Ortiz", cast()),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_message_reads_as_agreed(name: str) -> None:
    assert_golden_message(name, MESSAGES[name])


@pytest.mark.parametrize(
    ("state", "user", "said"),
    [
        (CoverState.TAKEN, "UBO", "You cover AMER primary"),
        (CoverState.TAKEN, "UDANA", "Bo Chen covers AMER primary. Nothing for you to do."),
        (CoverState.TAKEN_BACK, "UBO", "was taken back. Ana Lima is on call."),
        (CoverState.WITHDRAWN, "UBO", "not needed any more"),
        (CoverState.LAPSED, "UBO", "nobody covered it"),
    ],
)
def test_an_ask_that_is_over_says_so_and_has_no_buttons(state: CoverState, user: str, said: str) -> None:
    over = rota_asks.cover_asked(replace(ASK, state=state, taken_by="UBO"), user, False, cast())
    assert said in words(over)
    assert not _buttons(over)


def test_an_ask_for_somebody_else_names_who_asks() -> None:
    asked = rota_asks.cover_asked(ASK, "UBO", False, cast(), "UDANA")
    assert "Dana Ortiz asks for cover for Ana Lima: AMER primary" in words(asked)


def test_whoever_declined_can_still_take_it() -> None:
    still = rota_asks.cover_asked(replace(ASK, declined=("UBO",)), "UBO", False, cast())
    assert "it is still open" in words(still)
    assert _buttons(still) == ["I can cover it"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (OfferState.ACCEPTED, "You have swapped with Ana Lima"),
        (OfferState.REFUSED, "Both of you keep your shifts"),
        (OfferState.EXPIRED, "has expired"),
        (OfferState.WITHDRAWN, "Nothing for you to do"),
        (OfferState.TAKEN_BACK, "their own shifts again"),
    ],
)
def test_an_offer_that_is_over_says_so_and_has_no_buttons(state: OfferState, said: str) -> None:
    over = rota_asks.swap_offered(replace(OFFER, state=state), (), cast())
    assert said in words(over)
    assert not _buttons(over)


def test_the_lock_screen_names_nobody() -> None:
    for name in ("cover-ask", "cover-lead", "swap-offer", "cover-lapsed", "swap-refused"):
        assert not any(known in MESSAGES[name].text for known in NAMES.values())


def test_long_lists_are_cut_and_counted() -> None:
    many = rota_changes.changed(replace(DONE, moved=(LATER,) * 20), cast())
    assert "and 12 more" in words(many)
    away = rota_changes.noted_absence(AWAY, (OWN,) * 20, "safety", cast())
    assert "and 12 more" in words(away)


def test_a_lead_chooses_among_all_with_what_speaks_against_each() -> None:
    able = Candidate("bo", True, (), True)
    asleep = Candidate("dana", True, (), False, ("3 Dec is a public holiday for them.",))
    unable = Candidate("ana", False, ("Is on call then: AMER primary.",), True)
    assert_golden_view("view-cover-choose", choose_cover_form(ASK, (able, asleep, unable), cast()))


def test_the_turns_to_swap_are_chosen_from_two_lists() -> None:
    mine, theirs = OwnTurn(MINE, *OFFER.mine_span), OwnTurn(THEIRS, *OFFER.theirs_span)
    form = swap_form("safety", (mine,), (theirs,), cast())
    assert_golden_view("view-swap", form)
    values = [block["element"]["options"][0]["value"] for block in form["blocks"][:2]]
    assert [turn_in(value) for value in values] == [MINE, THEIRS]


def _buttons(message: Message) -> list[str]:
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]
