"""Ladders in chat: what would happen now, a lead's change as a version with its audit, and taking it back."""

import pytest
from msgspec.structs import replace

from incidents.errors import NotAllowed
from incidents.model import Harm, Severity
from incidents.operations import ladders
from incidents.operations.ladders import NotALadder
from incidents.operations.oncall import NoScheduleYet
from incidents.people import Ask
from incidents.ports import House
from rotations.escalation import Level, Policy, Reach, When
from runbooks.catalogue import Catalogue
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.house import MONDAY, TestHouse
from tests.support.ids import CountingIds

SEV1 = When((1,))
OURS = Policy(SEV1, (Level(0, (Reach("backup"),)), Level(4, (Reach(person="dana"),), None)))


def steps(seen: ladders.Ladders) -> list[str]:
    return [step.user for ladder in seen.ladders for step in ladder.rehearsal.steps]


def test_all_severities_that_page_are_told_with_the_default_ladder(there: TestHouse) -> None:
    seen = ladders.ladders(there.house, "UANA")
    assert [ladder.severity for ladder in seen.ladders] == list(ladders.CALLED)
    assert all(ladder.is_default for ladder in seen.ladders)
    assert steps(ladders.ladders(there.house, "UANA", (Severity.SEV2,))) == ["UANA", "UBO", "UDANA"]
    assert seen.name_of("UANA") == "Ana Lima"
    assert seen.name_of("UNOBODY") == "UNOBODY"
    assert "UANA" in seen.no_phone


def test_a_change_is_seen_before_it_is_saved_and_counts_from_the_next_call(there: TestHouse) -> None:
    begun = there.declare("The first wave", severity=Severity.SEV1)
    seen = ladders.proposed(there.house, "UDANA", OURS, Severity.SEV1, Harm.OTHER)
    assert steps(seen) == ["UBO", "UDANA"]
    assert steps(ladders.ladders(there.house, "UANA", (Severity.SEV1,)))[0] == "UANA"
    ladders.change(there.house, Ask("UDANA", "press"), OURS)
    ladders.change(there.house, Ask("UDANA", "press"), replace(OURS, repeats=5))  # delivered again
    (after,) = ladders.ladders(there.house, "UANA", (Severity.SEV1,)).ladders
    assert after.policy == replace(OURS, by="UDANA")
    assert not after.is_default
    assert there.incident(begun.key).calls[0].rungs[0].targets[0].seat == "primary"
    assert there.declare("Something else", severity=Severity.SEV1).pages[0].user == "UBO"


def test_who_changed_it_is_on_the_audit_and_everything_else_stays(there: TestHouse) -> None:
    before = there.store.read(lambda unit: unit.schedules.organisation())
    ladders.change(there.house, Ask("UDANA"), OURS)
    after = there.store.read(lambda unit: unit.schedules.organisation())
    assert before is not None
    assert after is not None
    assert replace(after, escalation=()) == replace(before, escalation=())
    acts = there.store.read(lambda unit: unit.audit.of("escalation"))
    assert [(act.by, act.action, act.detail) for act in acts] == [
        ("UDANA", "change ladder", {"when": "SEV1"})
    ]


def test_a_change_is_taken_back(there: TestHouse) -> None:
    ladders.change(there.house, Ask("UDANA"), OURS)
    ladders.take_back(there.house, Ask("UDANA"), SEV1)
    assert ladders.ladders(there.house, "UANA", (Severity.SEV1,)).ladders[0].is_default


def test_only_a_lead_changes_a_ladder(there: TestHouse) -> None:
    for refused in (
        lambda: ladders.change(there.house, Ask("UANA"), OURS),
        lambda: ladders.take_back(there.house, Ask("UANA"), SEV1),
        lambda: ladders.proposed(there.house, "UANA", OURS, Severity.SEV1, Harm.OTHER),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_ladder_that_reaches_no_lead_is_refused(there: TestHouse) -> None:
    lonely = replace(OURS, levels=OURS.levels[:1])
    with pytest.raises(NotALadder, match="pages no lead"):
        ladders.proposed(there.house, "UDANA", lonely, Severity.SEV1, Harm.OTHER)
    with pytest.raises(NotALadder, match="pages no lead"):
        ladders.change(there.house, Ask("UDANA"), lonely)


def test_before_the_first_schedule_there_is_no_ladder(store: SqlStore) -> None:
    house = House(store, FakeClock(MONDAY), CountingIds(), Catalogue(()))
    with pytest.raises(NoScheduleYet):
        ladders.ladders(house, "UANA")
    store.write(lambda unit: unit.schedules.set_escalation((OURS,), MONDAY, "UDANA"))
    assert store.read(lambda unit: unit.schedules.organisation()) is None
