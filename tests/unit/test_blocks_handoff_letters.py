"""A handoff by direct message: the draft, the offer, the page, what became of it; questions and answers."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.handoff_letters import answered, letter, question
from handlers.calls import Message
from incidents.handoff import Due, Handoff, HandoffState, Level, Question, Reason, Refusal
from incidents.handoff_lines import Changes
from incidents.model import Role, RoleHolding
from incidents.operations.handoff_papers import Papers
from tests.support.block_samples import HANDOFF, HANDOFF_AT, NEW_YORK, RESOLVED, UPDATED, brief_of, reader
from tests.support.golden import assert_golden_message, words

FIVE_AND_A_HALF, SIX_HOURS = 330, 360
LEFT = HANDOFF_AT - timedelta(hours=16)
DRAFT = replace(HANDOFF, state=HandoffState.DRAFTED, plan=(), asked=())
PAGED = replace(
    HANDOFF,
    asked=("UKENJI", "ULENA", "UDANA"),
    plan=HANDOFF.plan[2:],
    reached=(
        Due(Level.BACKUP, HANDOFF_AT + timedelta(minutes=10)),
        Due(Level.LEAD, HANDOFF_AT + timedelta(minutes=20)),
    ),
)
REFUSED = replace(
    PAGED,
    state=HandoffState.REFUSED,
    refusals=(Refusal("UKENJI", Reason.EXPOSURE, "two of these this week", HANDOFF_AT),),
)
ASKED = replace(
    HANDOFF,
    state=HandoffState.QUESTIONED,
    questions=(Question(1, "Which batch was the last?", "UKENJI", HANDOFF_AT),),
)
ACCEPTED = replace(
    PAGED, state=HandoffState.ACCEPTED, accepted_by="ULENA", accepted_at=HANDOFF_AT + timedelta(minutes=12)
)
HELD = replace(
    PAGED,
    state=HandoffState.HELD,
    plan=(),
    held_by="UDANA",
    held_at=HANDOFF_AT + timedelta(minutes=30),
)
OTHER = replace(UPDATED, key="INC-139", roles=(RoleHolding(Role.MANAGER, "UPRIYA", HANDOFF_AT),))


def papers(handoff: Handoff) -> Papers:
    return Papers(handoff, (brief_of(UPDATED), brief_of(OTHER)))


def returning(handoff: Handoff) -> Papers:
    changes = {
        "INC-142": Changes(LEFT, updates=2, notes=1, steps=3, severity_from="SEV2"),
        "INC-139": Changes(LEFT, is_new=True),
    }
    return replace(papers(handoff), changes=changes, left_at=LEFT, ended=(replace(RESOLVED, key="INC-120"),))


def read(told: Papers, user: str, minutes: int = SIX_HOURS) -> Message:
    return letter(told, user, reader(minutes, NEW_YORK))


@pytest.mark.parametrize(
    ("name", "told", "user"),
    [
        ("draft", papers(DRAFT), "UANA"),
        ("draft-quiet", Papers(DRAFT, ()), "UANA"),
        ("waits", papers(REFUSED), "UANA"),
        ("asked", papers(ASKED), "UANA"),
        ("offer", papers(HANDOFF), "UKENJI"),
        ("offer-returning", returning(HANDOFF), "UKENJI"),
        ("offer-quiet", Papers(HANDOFF, ()), "UKENJI"),
        ("backup", papers(REFUSED), "ULENA"),
        ("lead", papers(PAGED), "UDANA"),
        ("refused", papers(REFUSED), "UKENJI"),
        ("accepted", papers(ACCEPTED), "ULENA"),
        ("accepted-outgoing", papers(ACCEPTED), "UANA"),
        ("held-lead", papers(HELD), "UDANA"),
        ("held-outgoing", papers(HELD), "UANA"),
        ("held-incoming", papers(HELD), "UKENJI"),
        ("lapsed", papers(replace(PAGED, state=HandoffState.LAPSED)), "UANA"),
        ("withdrawn", papers(replace(DRAFT, state=HandoffState.WITHDRAWN)), "UANA"),
    ],
)
def test_each_letter_reads_as_agreed(name: str, told: Papers, user: str) -> None:
    assert_golden_message(f"handoff-letter-{name}", read(told, user))


def test_the_draft_can_be_edited_and_says_what_the_record_lacks() -> None:
    message = read(papers(DRAFT), "UANA", FIVE_AND_A_HALF)
    assert message.blocks[-1]["elements"][0]["action_id"] == ids.HANDOFF_WRITE
    assert "Not on the record: what to do if it gets worse." in words(message)
    assert "INC-139" not in words(message)


def test_whoever_is_asked_instead_reads_why_and_whoever_leaves_does_not() -> None:
    assert "(exposure: two of these this week)" in words(read(papers(REFUSED), "ULENA"))
    assert "exposure" not in words(read(papers(REFUSED), "UANA"))


def test_a_returning_reader_reads_first_what_changed() -> None:
    said = words(read(returning(HANDOFF), "UKENJI"))
    assert "2 updates, 3 steps done, 1 note, SEV2 → SEV1" in said
    assert "INC-120 resolved" in said
    assert said.index("Since you handed over") < said.index("Picture")


def test_an_open_question_is_answered_by_a_button_of_its_own() -> None:
    asked = ASKED.questions[0]
    message = question(ASKED, asked, reader(SIX_HOURS, NEW_YORK))
    assert_golden_message("handoff-question", message)
    [button] = message.blocks[-1]["elements"]
    assert (button["action_id"], button["value"]) == (f"{ids.HANDOFF_ANSWER}1", ids.pack(HANDOFF.id, "1"))


def test_the_answer_comes_with_what_can_be_done_next_while_it_waits() -> None:
    done = replace(ASKED.questions[0], answer="Batch 3.", answered_by="UANA", answered_at=HANDOFF_AT)
    message = answered(ASKED, done, reader(SIX_HOURS, NEW_YORK))
    assert_golden_message("handoff-answer", message)
    over = answered(ACCEPTED, done, reader(SIX_HOURS, NEW_YORK))
    assert all(block["type"] != "actions" for block in over.blocks)


def test_a_lock_screen_names_no_incident_and_nobody() -> None:
    for told, user in ((papers(DRAFT), "UANA"), (papers(HANDOFF), "UKENJI"), (papers(PAGED), "ULENA")):
        text = read(told, user).text
        assert "INC" not in text
        assert "Ana" not in text


def test_of_many_incidents_a_letter_shows_twelve() -> None:
    many = Papers(HANDOFF, (brief_of(UPDATED),) * 15)
    assert "and 3 more: /incident list" in words(read(many, "UKENJI"))
