"""Somebody on call whom Slack does not know: named on the timeline, in the next page and to the leads."""

import pytest
from msgspec.structs import replace

from handlers.calls import Call, Message
from handlers.outbound import render
from incidents.effects import Effect, Tell
from incidents.ladder import ALL_LEADS, Unlinked
from incidents.model import EntryKind, Severity, Target
from incidents.operations import ladders
from incidents.operations.scene import roster_of
from incidents.people import Ask
from rotations.escalation import Level, Policy, Reach, When
from rotations.model import Organisation
from storage.opening import SqlStore
from tests.support.golden import words
from tests.support.house import TestHouse, example_house
from tests.support.incidents import BO, DANA, ELENA, HARUKA, WAVE, told, users

NOT_PAGED = "Ana Lima was not paged: has no Slack account that Meridian knows."


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    """Ana, who is AMER's primary, and Elena, a lead, have no account in the schedules file."""
    there = example_house(sqlite_store)

    def organisation() -> Organisation:
        found = there.store.read(lambda unit: unit.schedules.organisation())
        assert found is not None
        return found

    people = tuple(
        replace(one, slack=None) if one.key in ("ana", "elena") else one for one in organisation().people
    )
    without = replace(organisation(), people=people)
    there.store.write(lambda unit: unit.schedules.apply(without, there.clock.now(), "test"))
    return there


def read(there: TestHouse, effect: Effect) -> str:
    answer = there.store.read(lambda unit: render(effect, unit, there.house))
    assert isinstance(answer, Call)
    return words(Message(str(answer.args["text"]), tuple(answer.args["blocks"])))


def test_she_is_named_and_nobody_says_that_the_seat_is_empty(there: TestHouse) -> None:
    incident = there.declare(WAVE, severity=Severity.SEV1)
    assert users(incident.pages) == [BO]
    said = there.sentences(incident.key)
    assert NOT_PAGED in said
    assert "Nobody is scheduled for AMER primary." not in said


def test_who_is_paged_instead_and_every_lead_read_it(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    sent = there.slack()
    assert told(sent, Tell.GONE) == {DANA, HARUKA}
    gone = next(
        effect for effect in sent if effect.args.get("about") == Tell.GONE and effect.users == (DANA,)
    )
    said = read(there, gone)
    assert f"Ana Lima has no Slack account that Meridian knows*; Bo Chen was paged instead ({key})." in said
    assert "The schedule still names Ana Lima until" in said
    page = next(effect for effect in sent if effect.kind == "send_page" and effect.users == (BO,))
    assert NOT_PAGED in read(there, page)


def test_a_lead_without_one_is_missed_when_all_leads_are_paged(there: TestHouse) -> None:
    roster = there.store.read(lambda unit: roster_of(there.house, unit, there.clock.now()))
    assert roster.unlinked[ALL_LEADS] == (Unlinked("elena", "Elena Rossi"),)
    assert ELENA not in roster.leads


def test_a_policy_that_names_her_or_her_team_says_so_too(there: TestHouse) -> None:
    levels = (Level(0, (Reach(person="ana"), Reach(team="safety"))), Level(5, (Reach("lead"),)))
    own = Policy(When((1,)), levels)
    seen = ladders.proposed(there.house, DANA, own, Severity.SEV1, there.declare(WAVE).harm)
    assert [note.data["person"] for note in seen.ladders[0].rehearsal.passed_over] == ["ana", "elena"]
    ladders.change(there.house, Ask(DANA), own)
    roster = there.store.read(lambda unit: roster_of(there.house, unit, there.clock.now()))
    assert roster.unlinked[Target("@ana")] == (Unlinked("ana", "Ana Lima"),)
    incident = there.declare(WAVE, severity=Severity.SEV1)
    entries = there.store.read(lambda unit: unit.timeline.of(incident.key))
    assert [e.data["person"] for e in entries if e.kind is EntryKind.SKIPPED] == ["ana", "elena"]
