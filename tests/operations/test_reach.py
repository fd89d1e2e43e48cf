"""After calls to Slack came to nothing for a while it is told, once, from when to when and what was late."""

from datetime import timedelta

import pytest

from bot.outcomes import Verdict
from bot.reach import Reach, ReachWatch
from incidents.effects import EffectKind
from incidents.model import Severity
from incidents.operations.notices import OPERATIONS
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import WAVE


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    there = example_house(store)
    there.store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
    return there


class Process:
    """One that sends: what becomes of its calls, and its look at that."""

    def __init__(self, there: TestHouse) -> None:
        self.there = there
        self.reach = Reach()
        self.watch = ReachWatch(there.store, there.house, self.reach)

    def calls(self, verdict: Verdict, error: str = "") -> None:
        self.reach.note(verdict, error, self.there.clock.now())
        self.watch.look()


def away(there: TestHouse, *processes: Process, minutes: int = 13, error: str = "unreachable") -> None:
    """Each calls every minute, and at the end is answered."""
    verdict = Verdict.UNREACHABLE if error == "unreachable" else Verdict.AMBIGUOUS
    for _ in range(minutes + 1):
        for process in processes:
            process.calls(verdict, error)
        there.clock.advance(minutes=1)
    for process in processes:
        process.calls(Verdict.DONE)


def notices(there: TestHouse) -> list[dict[str, str]]:
    return [effect.args for effect in there.slack() if effect.kind is EffectKind.NOTICE]


@pytest.mark.parametrize("error", ["unreachable", "http_503"])
def test_an_outage_is_told_with_the_pages_that_were_late(there: TestHouse, error: str) -> None:
    there.declare(WAVE, severity=Severity.SEV2)  # Ana's page is put and does not leave
    away(there, Process(there), error=error)
    [told] = notices(there)
    assert told == {
        "about": "slack_away",
        "from": "2026-11-30T19:00:00Z",
        "to": "2026-11-30T19:13:00Z",
        "error": error,
        "pages": "1",
        "reminders": "0",
        "handoffs": "0",
    }


def test_a_page_that_was_answered_by_phone_meanwhile_was_not_late(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV2)
    later = there.clock.now() + timedelta(minutes=14)
    there.store.write(lambda unit: unit.outbox.skip("INC-1", (EffectKind.SEND_PAGE,), later))
    away(there, Process(there))
    assert [told["pages"] for told in notices(there)] == ["0"]


def test_two_processes_tell_it_once(there: TestHouse) -> None:
    away(there, Process(there), Process(there))
    assert len(notices(there)) == 1


def test_the_next_outage_of_the_hour_is_told_too(there: TestHouse) -> None:
    process = Process(there)
    for _ in range(2):
        away(there, process, minutes=2)
        there.clock.advance(minutes=2)
    assert len(notices(there)) == 2


def test_a_minute_without_an_answer_is_no_outage(there: TestHouse) -> None:
    away(there, Process(there), minutes=1)
    assert notices(there) == []


def test_one_call_that_never_works_among_others_is_no_outage(there: TestHouse) -> None:
    process = Process(there)
    for _ in range(10):
        process.calls(Verdict.AMBIGUOUS, "timeout")
        process.calls(Verdict.DONE)
        there.clock.advance(minutes=1)
    assert notices(there) == []
