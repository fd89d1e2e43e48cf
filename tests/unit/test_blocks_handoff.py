"""The handoff post: who leaves, who takes over and why, what is open, and what it says once accepted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.blocks import ids, tells
from handlers.blocks.handoff import handoff_post, handoff_thread
from incidents.handoff import Handoff, HandoffState
from incidents.model import Incident, Role, RoleHolding, Severity
from tests.support.block_samples import HANDOFF, HANDOFF_AT, NEW_YORK, RESTRICTED, UPDATED, reader
from tests.support.golden import assert_golden_message, words

SIX_HOURS = 6 * 60
QUIET = replace(
    UPDATED, key="INC-139", severity=Severity.SEV3, next_update_at=HANDOFF_AT + timedelta(hours=2)
)
OPEN = (QUIET, UPDATED)
KENJI_HAS_IT = (RoleHolding(Role.MANAGER, "UKENJI", HANDOFF_AT),)
TAKEN = tuple(replace(each, roles=KENJI_HAS_IT) for each in OPEN)
ACCEPTED = replace(
    HANDOFF,
    state=HandoffState.ACCEPTED,
    accepted_by="UKENJI",
    accepted_at=HANDOFF_AT + timedelta(minutes=4),
)


@pytest.mark.parametrize(
    ("name", "handoff", "incidents"),
    [
        ("handoff-offered", HANDOFF, OPEN),
        ("handoff-quiet", HANDOFF, ()),
        ("handoff-late", replace(HANDOFF, posted_at=HANDOFF_AT + timedelta(minutes=12)), OPEN),
        ("handoff-nobody-comes", replace(HANDOFF, incoming=()), OPEN),
        ("handoff-nobody-leaves", replace(HANDOFF, outgoing=()), OPEN),
        ("handoff-accepted", ACCEPTED, TAKEN),
        ("handoff-lapsed", replace(HANDOFF, state=HandoffState.LAPSED), OPEN),
    ],
)
def test_the_handoff_post_reads_as_agreed(
    name: str, handoff: Handoff, incidents: tuple[Incident, ...]
) -> None:
    assert_golden_message(name, handoff_post(handoff, incidents, reader(SIX_HOURS)))


def test_the_thread_holds_the_open_incidents_the_soonest_deadline_first() -> None:
    message = handoff_thread(OPEN, reader(SIX_HOURS))
    assert_golden_message("handoff-thread", message)
    said = words(message)
    assert said.index("INC-142") < said.index("INC-139")


def test_the_lock_screen_says_what_to_do_and_names_no_incident() -> None:
    assert handoff_post(HANDOFF, OPEN, reader(SIX_HOURS)).text == "AMER → APAC · take over at 01:00 UTC"


def test_an_offered_handoff_is_accepted_by_one_button_that_names_it() -> None:
    [button] = handoff_post(HANDOFF, OPEN, reader(SIX_HOURS)).blocks[-1]["elements"]
    assert (button["text"]["text"], button["action_id"]) == ("I have it", ids.HANDOFF_ACCEPT)
    assert button["value"] == HANDOFF.id


def test_until_it_is_accepted_the_outgoing_person_stays_responsible() -> None:
    said = words(handoff_post(HANDOFF, OPEN, reader(SIX_HOURS)))
    assert "Ana Lima stays responsible until Kenji Mori accepts; until then a new page rings both." in said


def test_once_accepted_it_names_who_is_incident_manager_of_what() -> None:
    said = words(handoff_post(ACCEPTED, TAKEN, reader(SIX_HOURS)))
    assert "Kenji is incident manager of INC-142 and INC-139." in said


def test_a_late_handoff_says_how_late_it_is() -> None:
    late = replace(HANDOFF, posted_at=HANDOFF_AT + timedelta(minutes=12))
    assert "12 min late" in words(handoff_post(late, OPEN, reader(SIX_HOURS)))


def test_a_restricted_incident_is_in_no_handoff_post_and_in_no_count() -> None:
    for message in (
        handoff_post(HANDOFF, (*OPEN, RESTRICTED), reader()),
        handoff_thread((*OPEN, RESTRICTED), reader()),
    ):
        assert "R-7KQ2" not in words(message)
    assert "Open: 2." in words(handoff_post(HANDOFF, (*OPEN, RESTRICTED), reader()))


def test_a_restricted_incident_is_handed_over_by_direct_message() -> None:
    message = tells.handoff(RESTRICTED, HANDOFF, reader(SIX_HOURS, NEW_YORK))
    assert_golden_message("tell-handoff-restricted", message)
    assert message.text == "R-7KQ2"
