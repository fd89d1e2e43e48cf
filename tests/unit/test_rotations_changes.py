"""What applying a file would change is said line by line, and nothing where nothing differs."""

from dataclasses import replace
from datetime import time

from rotations.changes import changes
from rotations.escalation import Level, Policy, Reach, When
from rotations.model import Channels, Organisation, Person
from tests.support.schedules import chain, override, region, rotation

LEAD = Level(0, (Reach("lead"),))
SEV1 = Policy(When((1,)), (LEAD,))
AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo"))
BEFORE = Organisation((Person("ana", "Ana"), Person("bo", "Bo")), (chain(AMER),), escalation=(SEV1,))


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, BEFORE) == ()


def test_the_first_file_is_new_throughout() -> None:
    assert changes(Organisation(), BEFORE) == (
        "Person ana: new.",
        "Person bo: new.",
        "Schedule safety: new.",
        "Escalation of SEV1: new: 0 min lead, phone at once.",
    )


def test_people_hours_rotations_overrides_and_settings_are_told_apart() -> None:
    later = replace(
        AMER, starts=time(10), seats={**AMER.seats, **region("", "UTC", "09:00", backup=rotation("bo")).seats}
    )
    after = replace(
        BEFORE,
        people=(Person("ana", "Ana Lima"),),
        schedules=(chain(later),),
        overrides=(override("bo", "2026-03-09 12:00", "2026-03-09 15:00"),),
        channels=Channels(announce="all"),
    )
    assert changes(BEFORE, after) == (
        "Person ana: changed.",
        "Person bo: gone.",
        "Schedule safety: changed.",
        "Schedule safety: AMER backup: new.",
        "Override safety AMER primary from 2026-03-09T12:00:00Z: new.",
        "Meridian: channels: changed.",
    )


def test_a_changed_ladder_is_said_in_words() -> None:
    after = replace(BEFORE, escalation=(replace(SEV1, repeats=1), Policy(When((0,)), (LEAD,))))
    assert changes(BEFORE, after) == (
        "Escalation of SEV1: 0 min lead, phone at once → 0 min lead, phone at once · once more.",
        "Escalation of SEV0: new: 0 min lead, phone at once.",
    )
    assert changes(after, BEFORE)[1:] == ("Escalation of SEV0: gone.",)


def test_the_order_in_which_policies_are_asked_is_a_change() -> None:
    other = Policy(When(harms=("fraud",)), (LEAD,))
    one, two = replace(BEFORE, escalation=(SEV1, other)), replace(BEFORE, escalation=(other, SEV1))
    assert changes(one, two) == ("Escalation: the policies are asked in another order.",)


def test_what_was_changed_in_chat_is_said_to_go_on_or_to_be_in_the_file_now() -> None:
    made = replace(SEV1, repeats=2, by="UDANA")
    chat = replace(BEFORE, escalation=(made, SEV1))
    kept = replace(chat, people=chat.people[:1])
    assert "Escalation of SEV1: the change made in chat goes on counting." in changes(chat, kept)
    same = replace(BEFORE, escalation=(replace(made, by=""),))
    assert "Escalation of SEV1: the file says what was changed in chat." in changes(chat, same)
