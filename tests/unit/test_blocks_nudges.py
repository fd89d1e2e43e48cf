"""Questions to the silent, late updates, rest, stopped paging, tests of ring: as each one reads them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids, nudges
from handlers.blocks.card import card
from handlers.blocks.home import home
from handlers.blocks.nudges import CareOver, Gone
from handlers.blocks.oncall import on_call_now
from handlers.blocks.page import page
from handlers.blocks.proof import test_page as proof_page
from handlers.blocks.reader import Reader
from handlers.calls import Message
from incidents import care
from incidents.model import Call, Care, Page, PageState, Role, RoleHolding, Watch
from incidents.people import Actor
from incidents.ringing import Proof
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine
from rotations.model import Seat
from tests.support.block_samples import (
    ACKNOWLEDGED,
    ACTIVE,
    CALL,
    DECLARED,
    DECLARED_INCIDENT,
    LADDER,
    NEW_YORK,
    PAGE,
    RESTRICTED,
    reader,
)
from tests.support.blocks import buttons
from tests.support.golden import assert_golden_message, assert_golden_view, words

LAST = ACKNOWLEDGED
ASKED = LAST + timedelta(minutes=15)
WATCH = Watch("UANA", LAST, asked_at=ASKED)
KEPT = Care("UANA", "UBO", DECLARED, DECLARED + timedelta(minutes=20))
RESTING = replace(ACTIVE, care=KEPT)
BEHIND = Call(2, Role.DEPUTY, LADDER[1:], level=0, silence=WATCH)
BEHIND_PAGE = Page(
    2,
    0,
    "UBO",
    "You are AMER backup until Mon 7 Dec 12:00 New York.",
    ASKED + timedelta(minutes=5),
    ASKED + timedelta(minutes=10),
    next_user="UDANA",
)
ANSWERED = replace(PAGE, state=PageState.ACKNOWLEDGED, answered_at=ACKNOWLEDGED)
SILENT = replace(ACTIVE, calls=(CALL, BEHIND), pages=(ANSWERED, BEHIND_PAGE))
CAME = replace(BEHIND_PAGE, state=PageState.ACKNOWLEDGED, answered_at=ASKED + timedelta(minutes=6))
PROOF = Proof("t1", "UANA", DECLARED, "shift", "UANA", rang_at=DECLARED)


def own(minutes: int = 17) -> Reader:
    return reader(minutes, NEW_YORK)


def over(how: str, reads: str) -> Message:
    told = CareOver("UANA", "UBO", how)
    return nudges.care_over(ACTIVE, told, reads, own(22))


MESSAGES: dict[str, Message] = {
    "tell-silent": nudges.silent(ACTIVE, WATCH, LAST, own()),
    "tell-silent-stand-in": nudges.silent(RESTING, replace(WATCH, user="UBO"), LAST, own()),
    "tell-nobody-behind": nudges.nobody_behind(
        SILENT,
        BEHIND,
        WATCH,
        (Actor("UANA", "Ana Lima", phone="+1 555 0100"), Actor("UBO", "Bo Chen")),
        own(37),
        numbers=True,
    ),
    "tell-update-late": nudges.update_late(ACTIVE, DECLARED + timedelta(minutes=30), "deputy", own(36)),
    "tell-care": nudges.care_begins(RESTING, KEPT, own(0)),
    "tell-care-over": over(care.TIME, "UANA"),
    "tell-care-over-stand-in": over(care.BACK, "UBO"),
    "tell-stopped": nudges.stopped(DECLARED_INCIDENT, "UPRIYA", "a false alarm", own(3)),
    "tell-gone": nudges.gone(
        ACTIVE,
        Gone("UANA", "is no longer in this workspace", "from Mon 7 Dec 12:00 New York", ("UBO",)),
        own(),
    ),
    "tell-on-behalf": nudges.on_behalf(ACTIVE, Role.MANAGER, "UBO", ACKNOWLEDGED, own()),
    "page-behind": page(SILENT, BEHIND_PAGE, own(22)),
    "page-behind-acknowledged": page(replace(SILENT, pages=(ANSWERED, CAME)), CAME, own(24)),
    "page-by-phone": page(ACTIVE, replace(ANSWERED, via="phone"), own(4)),
    "page-on-behalf": page(ACTIVE, replace(ANSWERED, via="UBO"), own(4)),
    "proof-waiting": proof_page(PROOF, own(1)),
    "proof-answered": proof_page(replace(PROOF, phone_at=DECLARED + timedelta(minutes=1)), own(2)),
    "card-resting": card(RESTING, reader(5)),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_message_reads_as_agreed(name: str) -> None:
    assert_golden_message(name, MESSAGES[name])


def test_a_test_answered_in_slack_alone_says_that_the_phone_was_not() -> None:
    said = words(proof_page(replace(PROOF, slack_at=DECLARED), own(2)))
    assert "By phone: rung, not answered." in said


def test_a_question_asked_too_late_to_answer_says_now() -> None:
    said = words(nudges.silent(ACTIVE, WATCH, LAST, reader(40)))
    assert "Answer by now, or the backup is paged." in said


def test_where_there_is_a_deputy_the_question_names_them() -> None:
    with_deputy = replace(ACTIVE, roles=(*ACTIVE.roles, RoleHolding(Role.DEPUTY, "ULENA", DECLARED)))
    assert "or Lena Wong is paged." in words(nudges.silent(with_deputy, WATCH, LAST, reader(17)))


def test_of_a_restricted_incident_the_lock_screen_shows_the_key_alone() -> None:
    watch = Watch("UANA", LAST, asked_at=ASKED)
    assert nudges.silent(RESTRICTED, watch, LAST, reader(17)).text == RESTRICTED.key
    assert nudges.update_late(RESTRICTED, DECLARED, "lead", reader(17)).text == RESTRICTED.key
    assert RESTRICTED.title not in words(nudges.stopped(RESTRICTED, "UPRIYA", "", reader(3)))


@pytest.mark.parametrize(
    ("how", "reads", "said"),
    [
        (care.CANNOT, "UANA", "Bo Chen cannot hold it. You have it again."),
        (care.SILENT, "UANA", "Nothing was heard of Bo Chen. You have it again."),
        (care.SILENT, "UBO", "Nothing was heard of you, so Ana Lima has it again. Nothing for you to do."),
        (care.MOVED, "UBO", "Ana Lima has it now. You hold it for Ana Lima no longer."),
    ],
)
def test_each_end_of_a_rest_is_said_to_each(how: str, reads: str, said: str) -> None:
    assert said in words(over(how, reads))


def test_where_nobody_else_could_be_paged_whoever_is_no_lead_reads_no_number() -> None:
    alone = replace(SILENT, pages=(ANSWERED,))
    ana = (Actor("UANA", "Ana Lima", phone="+1 555 0100"),)
    said = words(nudges.nobody_behind(alone, BEHIND, WATCH, ana, own(22), numbers=False))
    assert "has been silent since. Nobody else could be paged. A lead can telephone Ana Lima." in said


def test_an_update_that_is_due_now_is_not_called_late() -> None:
    said = words(nudges.update_late(ACTIVE, DECLARED, "deputy", reader(0)))
    assert "the update is due now" in said


def test_whoever_paged_behind_reads_since_when_even_where_command_was_given() -> None:
    given = replace(SILENT, pages=(BEHIND_PAGE,))
    assert "Ana Lima has it since 19:02 UTC and has been silent since." in words(
        page(given, BEHIND_PAGE, reader(22))
    )


def test_who_came_behind_can_take_command_only_while_the_silent_one_has_it() -> None:
    taken = replace(SILENT, pages=(CAME,), roles=(RoleHolding(Role.MANAGER, "UBO", ASKED),))
    assert ids.TAKE_COMMAND not in {action for _, action in buttons(list(page(taken, CAME, reader()).blocks))}


def test_a_page_that_a_newer_call_replaced_says_so() -> None:
    old = replace(PAGE, state=PageState.STANDDOWN)
    closed, newer = replace(CALL, is_open=False), replace(CALL, number=2)
    replaced = replace(DECLARED_INCIDENT, calls=(closed, newer), pages=(old,))
    assert "A newer call has taken its place." in words(page(replaced, old, reader(3)))
    stopped = replace(replaced, calls=(closed,))
    assert "The paging was stopped." in words(page(stopped, old, reader(3)))


def test_a_card_with_nobody_left_to_page_says_so() -> None:
    over_it = replace(CALL, level=len(CALL.rungs))
    asked = replace(PAGE, state=PageState.PASSED)
    said = words(card(replace(DECLARED_INCIDENT, calls=(over_it,), pages=(asked,)), reader(30)))
    assert "has answered, and the leads were told" in said
    passed = words(card(replace(DECLARED_INCIDENT, calls=(CALL,), pages=(asked,)), reader(30)))
    assert "nobody who was paged has answered;" in passed
    nobody = words(card(replace(DECLARED_INCIDENT, calls=(), pages=()), reader(30)))
    assert "nobody was paged" in nobody


def test_the_home_offers_to_answer_the_page_that_waits() -> None:
    paged = replace(DECLARED_INCIDENT, key="INC-143")
    view = home((ACTIVE, paged), None, {}, "UANA", reader())
    assert_golden_view("home-paged", view)
    assert buttons(view["blocks"])[1] == ("Acknowledge", ids.ACKNOWLEDGE)


LINE = SeatLine(
    "AMER", Seat.PRIMARY, ("ana", "bo", "cy"), ("Ana Lima", "Bo Chen", "Cy"), None, None, None, ()
)
ON = OnCallAnswer(DECLARED, (RegionAnswer("AMER", NEW_YORK, None, (LINE, LINE)),), (), ())


def test_oncall_says_whose_pages_are_known_to_ring() -> None:
    rang = replace(PROOF, phone_at=DECLARED - timedelta(days=3))
    slack = replace(PROOF, slack_at=DECLARED - timedelta(hours=2))
    answer = on_call_now(ON, {}, reader(), {"ana": rang, "bo": slack, "cy": None})
    assert_golden_message("oncall-proofs", answer)
    said = words(answer)
    assert (
        "Pages: Ana Lima rang 3 d ago · Bo Chen answered in Slack 2 h ago, phone not proven · Cy never tested"
        in said
    )
    assert "Pages:" not in words(on_call_now(ON, {}, reader()))
