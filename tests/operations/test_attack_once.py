"""The same thing at the same moment, from several threads, on both databases: it happens once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from incidents.effects import EffectKind
from incidents.errors import IncidentError
from incidents.model import EntryKind, Incident, Role, Severity
from incidents.operations import closing, declaring, handoff_taking, responding
from incidents.operations.declaring import Request
from incidents.people import Ask
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, DANA, KENJI, PRIYA, WAVE

CROWD = (ANA, BO, DANA, KENJI, "UCY", "URUBY")


def at_once(acts: Sequence[Callable[[], object]]) -> tuple[list[object], list[IncidentError]]:
    """Everybody begins in the same instant; what was answered, and what was refused."""
    start = Barrier(len(acts))

    def act(one: Callable[[], object]) -> object:
        start.wait(10)
        try:
            return one()
        except IncidentError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        found = list(pool.map(act, acts))
    refused = [each for each in found if isinstance(each, IncidentError)]
    return [each for each in found if not isinstance(each, IncidentError)], refused


def entries(there: TestHouse, key: str, kind: EntryKind) -> int:
    return sum(each.kind is kind for each in there.store.read(lambda unit: unit.timeline.of(key)))


def test_of_six_who_acknowledge_at_once_one_has_it_and_five_read_who(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    done, refused = at_once(
        [partial(responding.acknowledge, there.house, Ask(user, f"t:{user}"), key) for user in CROWD]
    )
    assert len(done) == 1
    assert entries(there, key, EntryKind.ACKNOWLEDGED) == 1
    (manager,) = there.incident(key).in_role(Role.MANAGER)
    said = f"{name_of(there, manager)} has {key}. Nothing for you to do."
    assert {str(each) for each in refused} == {said}


def name_of(there: TestHouse, user: str) -> str:
    actor = there.store.read(lambda unit: unit.people.actor(user))
    assert actor is not None
    return actor.name


def test_one_delivery_on_six_threads_declares_once_and_answers_all_the_same(there: TestHouse) -> None:
    request = Request(WAVE, severity=Severity.SEV1)
    ask = Ask(PRIYA, "trigger:1")
    done, refused = at_once([lambda: declaring.declare(there.house, ask, request)] * 6)
    assert not refused
    assert {each.key for each in done if isinstance(each, Incident)} == {"INC-1"}
    assert [each.kind for each in there.slack()].count(EffectKind.CREATE_CHANNEL) == 1


def test_two_who_resolve_at_once_make_one_draft(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    there.slack()
    done, refused = at_once(
        [partial(closing.resolve, there.house, Ask(user), key, "Over.") for user in (ANA, BO)]
    )
    assert (len(done), len(refused)) == (1, 1)
    there.clock.advance(seconds=15)
    assert [each.kind for each in there.slack()].count(EffectKind.POST_DRAFT) == 1


def test_a_shift_that_three_take_at_once_is_one_persons(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), key)
    there.later(hours=6)
    (waiting,) = there.store.read(lambda unit: unit.handoffs.waiting())
    takers = (*waiting.incoming, *waiting.backup_in, DANA)
    done, refused = at_once(
        [
            partial(handoff_taking.accept, there.house, Ask(user), waiting.id, {key: "Revoke; more may come"})
            for user in takers
        ]
    )
    assert (len(done), len(refused)) == (1, len(takers) - 1)
    assert entries(there, key, EntryKind.HANDOFF) == 1


def test_a_page_is_answered_by_who_presses_whatever_page_the_button_names(there: TestHouse) -> None:
    """Bo presses with Ana's page in the value: it is Bo who has it, and Ana has answered nothing."""
    incident = there.declare(WAVE, severity=Severity.SEV1)
    after = responding.acknowledge(there.house, Ask(BO), incident.key, incident.pages[0].id)
    assert after.manager == BO
    assert [page.state.value for page in after.pages if page.user == ANA] == ["standdown"]
