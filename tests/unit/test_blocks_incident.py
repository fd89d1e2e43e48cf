"""The card, the announcement, updates, topic and channel name: what a channel reads."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.announcement import announcement, update_post
from handlers.blocks.card import card
from handlers.blocks.facts import channel_name, topic
from handlers.blocks.postmortem import draft_post
from incidents.model import Harm, Incident, PageState, Role, RoleHolding, Status
from runbooks import stepping
from sandbox import check
from tests.support.block_samples import (
    ACTIVE,
    DECLARED,
    DECLARED_INCIDENT,
    NOW,
    RESOLVED,
    RESTRICTED,
    RUN,
    UPDATED,
    reader,
)
from tests.support.golden import assert_golden_message, words

DISMISSED = replace(
    ACTIVE, status=Status.DISMISSED, ended_why="A load test, announced yesterday", next_update_at=None
)
DUPLICATE = replace(ACTIVE, status=Status.DUPLICATE, duplicate_of="INC-141", next_update_at=None)
CHOOSING = replace(ACTIVE, run=stepping.complete(RUN, "scope", "UANA", NOW)[0])
STAFFED = replace(
    ACTIVE,
    roles=(
        *ACTIVE.roles,
        RoleHolding(Role.DEPUTY, "UBO", NOW),
        RoleHolding(Role.LIAISON, "UIRIS", NOW, "Legal"),
    ),
)


@pytest.mark.parametrize(
    ("name", "incident"),
    [
        ("card-nobody-yet", DECLARED_INCIDENT),
        ("card-active", ACTIVE),
        ("card-updated", UPDATED),
        ("card-question", CHOOSING),
        ("card-roles", STAFFED),
        ("card-restricted", RESTRICTED),
        ("card-resolved", RESOLVED),
        ("card-dismissed", DISMISSED),
        ("card-duplicate", DUPLICATE),
    ],
)
def test_the_card_reads_as_agreed(name: str, incident: Incident) -> None:
    assert_golden_message(name, card(incident, reader(1)))


def test_until_somebody_acknowledges_the_card_says_who_was_paged_and_who_holds_it() -> None:
    said = words(card(DECLARED_INCIDENT, reader()))
    assert "nobody yet: Ana Lima paged <!date^1796065200^{time}|19:00 UTC>; Priya Nair holds it" in said


def test_the_first_button_until_somebody_has_it_is_acknowledge() -> None:
    buttons = [block for block in card(DECLARED_INCIDENT, reader()).blocks if block["type"] == "actions"]
    first = buttons[0]["elements"][0]
    assert (first["text"]["text"], first["style"]) == ("Acknowledge", "primary")


def test_the_first_button_and_its_facts_are_the_first_two_blocks() -> None:
    for incident in (DECLARED_INCIDENT, ACTIVE, RESOLVED):
        blocks = card(incident, reader()).blocks
        assert blocks[0]["text"]["text"].count("\n") <= 4
        assert blocks[1]["type"] == "actions" or "accessory" in blocks[1]


def test_somebody_who_was_paged_in_vain_is_not_named_as_coming() -> None:
    silent = tuple(replace(page, state=PageState.PASSED) for page in DECLARED_INCIDENT.pages)
    said = words(card(replace(DECLARED_INCIDENT, pages=silent), reader()))
    assert "nobody yet: nobody who was paged has answered; Priya Nair holds it" in said


def test_a_question_of_the_runbook_is_answered_from_a_menu_of_its_options() -> None:
    block = next(block for block in card(CHOOSING, reader()).blocks if "accessory" in block)
    assert block["accessory"]["action_id"] == ids.STEP_CHOOSE
    assert block["accessory"]["options"][0]["value"] == "INC-142|way-in|stuffing"


def test_a_restricted_card_shows_the_key_alone_on_a_lock_screen() -> None:
    assert card(RESTRICTED, reader()).text == "R-7KQ2"


@pytest.mark.parametrize(
    ("name", "incident"),
    [
        ("announcement-open", ACTIVE),
        ("announcement-resolved", RESOLVED),
        ("announcement-dismissed", DISMISSED),
    ],
)
def test_the_announcement_is_one_line(name: str, incident: Incident) -> None:
    message = announcement(incident, reader())
    assert "\n" not in words(message)
    assert_golden_message(name, message)


def test_the_announcement_ends_with_how_long_it_took() -> None:
    assert words(announcement(RESOLVED, reader())) == "INC-142 Resolved · 6 h 12 min · Ana Lima"


def test_an_update_says_who_gave_it_and_when_the_next_is_due() -> None:
    assert_golden_message("update-post", update_post(UPDATED, UPDATED.updates[-1], reader(20)))


def test_what_is_over_at_once_took_no_zero_minutes() -> None:
    brief = replace(RESOLVED, resolved_at=DECLARED + timedelta(seconds=20))
    assert "resolved after less than 1 min." in words(draft_post(brief, (), (14, 14)))


def test_the_draft_says_how_much_is_filled_and_what_is_missing() -> None:
    message = draft_post(RESOLVED, ("What surprised us", "Action items"), (12, 14))
    assert_golden_message("draft-post", message)
    assert "resolved after 6 h 12 min" in words(message)
    assert "12 of 14 parts are filled from the record. Missing: what surprised us, action items." in words(
        message
    )


def test_the_topic_names_no_deadline_and_stays_inside_slacks_limit() -> None:
    long = replace(ACTIVE, title="x" * 150)
    assert topic(ACTIVE, "Ana Lima") == "SEV1 Active · Account-takeover wave in EU · IM Ana Lima"
    assert len(topic(long, "y" * 200)) <= 250


def test_the_topic_of_a_restricted_incident_has_no_title() -> None:
    assert topic(RESTRICTED, "") == "SEV1 Triage · no incident manager yet"


@pytest.mark.parametrize("harm", list(Harm))
def test_a_channel_is_named_by_key_and_harm_area(harm: Harm) -> None:
    name = channel_name("INC-142", harm, False)
    assert name.startswith("inc-142-")
    assert check.channel_name_error(name) is None


def test_a_restricted_channel_is_named_by_its_key_alone() -> None:
    assert channel_name("R-7KQ2", Harm.CHILD_SAFETY, True) == "r-7kq2"


def test_an_update_that_is_due_tomorrow_names_the_day() -> None:
    later = replace(ACTIVE, next_update_at=DECLARED + timedelta(days=1))
    assert "Tue 1 Dec 19:00 UTC" in words(card(later, reader()))
