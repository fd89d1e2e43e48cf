"""The handoff post: who leaves, who takes over, what is open, how long it waits, what became of it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids, tells
from handlers.blocks.handoff import handoff_post
from handlers.blocks.handoff_lines import handoff_thread
from incidents.handoff import Due, Handoff, HandoffState, Hole, Level, Question, Reason, Refusal, Summary
from incidents.model import Incident, Role, RoleHolding, Severity
from tests.support.block_samples import (
    HANDOFF,
    HANDOFF_AT,
    NEW_YORK,
    RESTRICTED,
    UPDATED,
    brief_of,
    reader,
)
from tests.support.golden import assert_golden_message, words

SIX_HOURS = 6 * 60
FOUR_MIN = timedelta(minutes=4)
QUIET = replace(
    UPDATED, key="INC-139", severity=Severity.SEV3, next_update_at=HANDOFF_AT + timedelta(hours=2)
)
OPEN = (UPDATED, QUIET)
KENJI_HAS_IT = (RoleHolding(Role.MANAGER, "UKENJI", HANDOFF_AT),)
DANA_HAS_IT = (RoleHolding(Role.MANAGER, "UDANA", HANDOFF_AT),)
ACCEPTED = replace(
    HANDOFF,
    state=HandoffState.ACCEPTED,
    accepted_by="UKENJI",
    accepted_at=HANDOFF_AT + FOUR_MIN,
)
WAITED = replace(
    HANDOFF,
    state=HandoffState.REFUSED,
    plan=HANDOFF.plan[1:],
    reached=(Due(Level.BACKUP, HANDOFF_AT + FOUR_MIN),),
    refusals=(Refusal("UKENJI", Reason.EXPOSURE, "too much of it", HANDOFF_AT + FOUR_MIN),),
    questions=(Question(1, "Which batch?", "ULENA", HANDOFF_AT + FOUR_MIN),),
)
HELD = replace(
    HANDOFF,
    state=HandoffState.HELD,
    plan=(),
    held_by="UDANA",
    held_at=HANDOFF_AT + timedelta(minutes=30),
)
HOLE = Hole(HANDOFF_AT + timedelta(hours=8), HANDOFF_AT + timedelta(hours=16), "EMEA", "backup")
BUSY = Summary(HANDOFF_AT - timedelta(hours=8), 2, 1, 1, 3, (HOLE,))


def held_by(roles: tuple[RoleHolding, ...]) -> tuple[Incident, ...]:
    return tuple(replace(each, roles=roles) for each in OPEN)


def said(handoff: Handoff, incidents: tuple[Incident, ...] = OPEN) -> str:
    return words(handoff_post(handoff, [brief_of(each) for each in incidents], reader(SIX_HOURS)))


@pytest.mark.parametrize(
    ("name", "handoff", "incidents"),
    [
        ("handoff-offered", HANDOFF, OPEN),
        ("handoff-quiet", replace(HANDOFF, summary=Summary(HANDOFF_AT)), ()),
        ("handoff-busy", replace(HANDOFF, summary=BUSY), OPEN),
        ("handoff-late", replace(HANDOFF, posted_at=HANDOFF_AT + timedelta(minutes=12)), OPEN),
        ("handoff-nobody-comes", replace(HANDOFF, incoming=()), OPEN),
        ("handoff-nobody-leaves", replace(HANDOFF, outgoing=()), OPEN),
        ("handoff-waited", WAITED, OPEN),
        ("handoff-held", HELD, held_by(DANA_HAS_IT)),
        ("handoff-accepted", ACCEPTED, held_by(KENJI_HAS_IT)),
        ("handoff-accepted-late", replace(ACCEPTED, held_by="UDANA", held_at=HELD.held_at), OPEN),
        ("handoff-lapsed", replace(HANDOFF, state=HandoffState.LAPSED), OPEN),
        ("handoff-withdrawn", replace(HANDOFF, state=HandoffState.WITHDRAWN), OPEN),
    ],
)
def test_the_handoff_post_reads_as_agreed(
    name: str, handoff: Handoff, incidents: tuple[Incident, ...]
) -> None:
    briefs = [brief_of(each) for each in incidents]
    assert_golden_message(name, handoff_post(handoff, briefs, reader(SIX_HOURS)))


def test_the_thread_holds_the_open_incidents_with_their_lines() -> None:
    message = handoff_thread([brief_of(each) for each in OPEN], reader(SIX_HOURS))
    assert_golden_message("handoff-thread", message)


def test_a_quiet_shift_says_so_in_the_thread() -> None:
    assert words(handoff_thread([], reader())) == "Quiet shift: nothing is open."


def test_of_many_incidents_the_thread_shows_twelve_and_says_how_many_more() -> None:
    assert "and 3 more: /incident list" in words(handoff_thread([brief_of(UPDATED)] * 15, reader()))


def test_the_lock_screen_says_what_to_do_and_names_no_incident() -> None:
    message = handoff_post(HANDOFF, [brief_of(UPDATED)], reader(SIX_HOURS))
    assert message.text == "AMER → APAC · take over at 01:00 UTC"


def test_an_offered_handoff_has_three_buttons_and_the_safe_one_first() -> None:
    buttons = handoff_post(HANDOFF, [], reader(SIX_HOURS)).blocks[-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == ["I have it", "Ask Ana", "I can't"]
    assert [each["action_id"] for each in buttons] == [
        ids.HANDOFF_ACCEPT,
        ids.HANDOFF_ASK,
        ids.HANDOFF_REFUSE,
    ]
    assert {each["value"] for each in buttons} == {HANDOFF.id}
    assert buttons[0]["style"] == "primary"


def test_where_nobody_leaves_there_is_nobody_to_ask_and_of_several_all_are() -> None:
    def labels(handoff: Handoff) -> list[str]:
        return [e["text"]["text"] for e in handoff_post(handoff, [], reader()).blocks[-1]["elements"]]

    assert labels(replace(HANDOFF, outgoing=())) == ["I have it", "I can't"]
    assert labels(replace(HANDOFF, outgoing=("UANA", "UBO")))[1] == "Ask them"


def test_until_it_is_accepted_the_outgoing_person_stays_responsible_and_it_says_how_long() -> None:
    assert "Ana Lima stays responsible until Kenji Mori accepts; until then a new page rings both." in said(
        HANDOFF
    )
    assert "Dana Ortiz holds it" in said(HANDOFF)


def test_the_channel_reads_that_somebody_cannot_and_never_why() -> None:
    text = said(WAITED)
    assert "Kenji Mori cannot take it over." in text
    assert "exposure" not in text
    assert "too much" not in text


def test_once_accepted_it_names_who_is_incident_manager_of_what() -> None:
    assert "Kenji is incident manager of INC-142 and INC-139." in said(ACCEPTED, held_by(KENJI_HAS_IT))


def test_what_was_not_handed_over_in_time_stays_on_the_record_though_it_is_accepted_later() -> None:
    late = replace(ACCEPTED, held_by="UDANA", held_at=HELD.held_at)
    assert "Not handed over:" in said(late)
    assert "Accepted by Kenji Mori" in said(late)
    assert "Not handed over:" in said(replace(late, state=HandoffState.LAPSED))


def test_a_late_handoff_says_how_late_it_is() -> None:
    assert "12 min late" in said(replace(HANDOFF, posted_at=HANDOFF_AT + timedelta(minutes=12)))


def test_a_handoff_in_its_older_form_is_still_read() -> None:
    """Rows from before there were levels, letters and a summary."""
    old = replace(HANDOFF, plan=(), summary=None, leads=(), asked=())
    assert "Ana Lima stays responsible until Kenji Mori accepts" in said(old)


def test_a_restricted_incident_is_in_no_handoff_post_and_in_no_count() -> None:
    text = said(HANDOFF, (*OPEN, RESTRICTED))
    assert "R-7KQ2" not in text
    assert "Open: 2." in text


def test_a_restricted_incident_is_handed_over_by_direct_message() -> None:
    message = tells.handoff(RESTRICTED, HANDOFF, reader(SIX_HOURS, NEW_YORK))
    assert_golden_message("tell-handoff-restricted", message)
    assert message.text == "R-7KQ2"
