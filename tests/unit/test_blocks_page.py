"""The page by direct message, in every state, and the other direct messages."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import tells
from handlers.blocks.page import page
from handlers.calls import Message
from incidents.model import (
    Call,
    Incident,
    MessageRef,
    Page,
    PageState,
    Role,
    RoleHolding,
    Rung,
    Status,
    Target,
)
from incidents.people import Actor
from rotations.model import Override, OverrideKind, Seat
from tests.support.block_samples import (
    ACKNOWLEDGED,
    ACTIVE,
    DECLARED,
    DECLARED_INCIDENT,
    NEW_YORK,
    PAGE,
    RESOLVED,
    RESTRICTED,
    reader,
)
from tests.support.golden import assert_golden_message, words

AT_FIVE = DECLARED + timedelta(minutes=5)
PASSED = replace(PAGE, state=PageState.PASSED, answered_at=AT_FIVE)
TO_BO = Page(
    1,
    1,
    "UBO",
    "No answer for 5 min. You are AMER backup until Mon 7 Dec 12:00 New York.",
    AT_FIVE,
    AT_FIVE + timedelta(minutes=5),
    next_user="UDANA",
)
CLIMBED = replace(DECLARED_INCIDENT, pages=(PASSED, TO_BO))
STOOD_DOWN = replace(TO_BO, state=PageState.STANDDOWN, answered_at=ACKNOWLEDGED)
LEGAL_CALL = Call(2, Role.LIAISON, (Rung(0, (Target("primary", schedule="legal"),)),), 0, "Legal", "UANA")
TO_LEGAL = Page(
    2, 0, "UIRIS", "Raised to SEV0 by Ana Lima: life at risk. You are Legal primary.", AT_FIVE, None
)
ASKED_IN = replace(ACTIVE, calls=(*ACTIVE.calls, LEGAL_CALL), pages=(*ACTIVE.pages, TO_LEGAL))


def new_york(minutes: int = 0) -> Message:
    return page(DECLARED_INCIDENT, PAGE, reader(minutes, NEW_YORK))


@pytest.mark.parametrize(
    ("name", "incident", "which", "minutes"),
    [
        ("page-first", DECLARED_INCIDENT, PAGE, 0),
        ("page-restricted", RESTRICTED, PAGE, 0),
        ("page-backup", CLIMBED, TO_BO, 5),
        (
            "page-late",
            DECLARED_INCIDENT,
            replace(PAGE, late="7 min late: Slack refused it until 19:07 UTC"),
            0,
        ),
        ("page-legal", ASKED_IN, TO_LEGAL, 5),
        ("page-acknowledged", ACTIVE, ACTIVE.pages[0], 2),
        ("page-for-others", replace(ACTIVE, pages=(*ACTIVE.pages, STOOD_DOWN)), STOOD_DOWN, 2),
        ("page-passed", CLIMBED, PASSED, 5),
        ("page-declined", CLIMBED, replace(PASSED, state=PageState.DECLINED), 5),
        ("page-unreachable", CLIMBED, replace(PASSED, state=PageState.UNREACHABLE), 5),
    ],
)
def test_the_page_reads_as_agreed(name: str, incident: Incident, which: Page, minutes: int) -> None:
    assert_golden_message(name, page(incident, which, reader(minutes, NEW_YORK)))


def test_a_locked_phone_shows_key_severity_verb_and_time_alone() -> None:
    assert new_york().text == "SEV1 · INC-142 · acknowledge by 19:05 UTC"


def test_a_locked_phone_shows_a_restricted_incidents_key_alone() -> None:
    assert page(RESTRICTED, PAGE, reader()).text == "R-7KQ2"


def test_a_page_of_a_restricted_incident_keeps_its_title_to_the_channel() -> None:
    said = words(page(RESTRICTED, PAGE, reader()))
    assert "Threat against" not in said
    assert "Restricted. Details are in its channel." in said


def test_the_deadline_is_told_in_the_readers_city_and_utc() -> None:
    assert "*Acknowledge by 14:05 New York (19:05 UTC)*, in 5 min. Then Bo Chen is paged." in words(
        new_york()
    )


def test_the_page_says_why_this_person() -> None:
    assert "Why you: AMER primary until Mon 7 Dec 12:00 New York." in words(new_york())


def test_the_backup_reads_who_was_silent_and_for_how_long() -> None:
    said = words(page(CLIMBED, TO_BO, reader(5, NEW_YORK)))
    assert "Ana Lima has not answered for 5 min. You are backup." in said


def test_somebody_reads_who_would_have_been_paged_before_them() -> None:
    said = words(
        page(DECLARED_INCIDENT, replace(PAGE, level=2), reader(), ("Nobody is scheduled for APAC primary.",))
    )
    assert "Nobody is scheduled for APAC primary. You are lead." in said


def test_after_the_acknowledgement_it_says_since_when() -> None:
    said = words(page(ACTIVE, ACTIVE.pages[0], reader(2, NEW_YORK)))
    assert "You have it since 14:02 New York (19:02 UTC), after 2 min." in said


def test_others_read_that_there_is_nothing_for_them_to_do() -> None:
    said = words(page(ACTIVE, STOOD_DOWN, reader(2, NEW_YORK)))
    assert "Ana Lima has it since 14:02 New York (19:02 UTC). Nothing for you to do." in said


def test_a_missed_page_says_to_whom_it_was_passed() -> None:
    said = words(page(CLIMBED, PASSED, reader(5, NEW_YORK)))
    assert "Passed to Bo Chen at 14:05 New York (19:05 UTC): no answer in 5 min." in said


def test_a_page_that_could_not_be_sent_in_time_says_how_late_it_is() -> None:
    said = words(page(DECLARED_INCIDENT, PAGE, reader(7, NEW_YORK)))
    assert "7 min late: it could not be sent before 14:07 New York (19:07 UTC)." in said
    assert "*Acknowledge by 14:05 New York (19:05 UTC)*, now." in said


def test_a_page_that_was_sent_in_time_does_not_become_late_by_an_edit() -> None:
    sent = replace(PAGE, message=MessageRef("D1", "1.000100"))
    assert "late" not in words(page(DECLARED_INCIDENT, sent, reader(3, NEW_YORK)))


def test_a_page_of_an_incident_that_ended_says_so() -> None:
    over = replace(DECLARED_INCIDENT, status=Status.DISMISSED)
    said = words(page(over, STOOD_DOWN, reader()))
    assert "INC-142 is over: dismissed. Nothing for you to do." in said


def test_before_the_channel_exists_there_is_no_button_to_open_it() -> None:
    said = words(page(replace(DECLARED_INCIDENT, channel=None), PAGE, reader()))
    assert "Open channel" not in said


LEADS_NOTICE = tells.exhausted(
    DECLARED_INCIDENT,
    DECLARED_INCIDENT.command_call,
    (Actor("UANA", "Ana Lima", phone="+1 555 0100"), Actor("UBO", "Bo Chen")),
    reader(15, NEW_YORK),
)
OVERRIDE = Override(
    "o1",
    "safety",
    "AMER",
    Seat.PRIMARY,
    OverrideKind.REPLACE,
    ("bo",),
    DECLARED,
    DECLARED + timedelta(hours=4),
    "dentist",
    "UDANA",
)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tell-opened", tells.opened(DECLARED_INCIDENT, reader(), ("SEV1 because a regulator is waiting",))),
        ("tell-opened-restricted", tells.opened(RESTRICTED, reader())),
        ("tell-nobody-paged", tells.nobody_paged(replace(DECLARED_INCIDENT, pages=()), reader())),
        ("tell-nobody-on-call", tells.nobody_on_call(DECLARED_INCIDENT, ("AMER primary",), reader())),
        ("tell-exhausted", LEADS_NOTICE),
        ("tell-no-private-channel", tells.no_private_channel(replace(RESTRICTED, channel=None), reader())),
        (
            "tell-duplicate",
            tells.duplicate(DECLARED_INCIDENT, replace(RESOLVED, key="INC-141"), reader(0, NEW_YORK)),
        ),
        ("tell-update-due", tells.update_due(ACTIVE, DECLARED + timedelta(minutes=30), reader(24))),
        ("tell-failed", tells.failed("INC-142", "set the topic", "missing_scope")),
        ("tell-role", tells.role(ACTIVE, Role.DEPUTY, "UANA", reader())),
        ("tell-override", tells.override(OVERRIDE, {"bo": "Bo Chen"}, reader(0, NEW_YORK))),
    ],
)
def test_the_direct_message_reads_as_agreed(name: str, message: Message) -> None:
    assert_golden_message(name, message)


def test_leads_read_whom_to_telephone() -> None:
    said = words(LEADS_NOTICE)
    assert "Nobody has answered for 15 min. Call Ana Lima +1 555 0100" in said


def test_an_update_reminder_says_how_long_is_left_and_how_often_it_is_owed() -> None:
    said = words(tells.update_due(ACTIVE, DECLARED + timedelta(minutes=30), reader(24)))
    assert "*INC-142:* update due in 6 min (every 30 min at SEV1)." in said


def test_a_lost_update_reminder_says_since_when_it_is_due() -> None:
    said = words(tells.update_due(ACTIVE, DECLARED + timedelta(minutes=30), reader(40, NEW_YORK)))
    assert "update due now, since 14:30 New York (19:30 UTC)" in said


def test_the_person_who_has_a_role_reads_who_gave_it() -> None:
    held = replace(ACTIVE, roles=(*ACTIVE.roles, RoleHolding(Role.DEPUTY, "UBO", DECLARED)))
    assert "Ana Lima gave you the role." in words(tells.role(held, Role.DEPUTY, "UANA", reader()))
