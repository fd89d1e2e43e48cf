"""A token that Slack refused for a while is told afterwards, once, with the time when nothing could leave."""

import pytest

from bot.token_watch import TokenWatch, refusal_on_record
from incidents.effects import EffectKind
from incidents.errors import StoreUnavailable
from incidents.operations.notices import OPERATIONS
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house


class Refusing:
    """Slack's answer, as the test wants it."""

    def __init__(self) -> None:
        self.error = ""

    def __call__(self) -> str:
        return self.error


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    there = example_house(store)
    there.store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
    return there


@pytest.fixture
def refusing() -> Refusing:
    return Refusing()


def watch_of(there: TestHouse, refusing: Refusing) -> TokenWatch:
    return TokenWatch(there.store, there.house, refusing)


def notices(there: TestHouse) -> list[dict[str, str]]:
    return [effect.args for effect in there.slack() if effect.kind is EffectKind.NOTICE]


def refused_for(there: TestHouse, refusing: Refusing, *watches: TokenWatch, minutes: int = 13) -> None:
    for error in ("token_revoked", "account_inactive", ""):
        refusing.error = error
        for watch in watches:
            watch.look()
        there.clock.advance(minutes=minutes)


def test_it_is_told_when_slack_takes_it_again(there: TestHouse, refusing: Refusing) -> None:
    refused_for(there, refusing, watch_of(there, refusing))
    assert notices(there) == [
        {
            "about": "token_refused",
            "from": "2026-11-30T19:00:00Z",
            "to": "2026-11-30T19:26:00Z",
            "error": "token_revoked",
            "pages": "0",
            "reminders": "0",
            "handoffs": "0",
        }
    ]


def test_two_processes_tell_it_once(there: TestHouse, refusing: Refusing) -> None:
    refused_for(there, refusing, watch_of(there, refusing), watch_of(there, refusing))
    assert len(notices(there)) == 1


def test_a_process_that_sends_nothing_knows_it_from_the_one_that_does(
    there: TestHouse, refusing: Refusing
) -> None:
    watch = watch_of(there, refusing)
    said = [refusal_on_record(there.store, there.clock)]
    for error in ("token_revoked", ""):
        refusing.error = error
        watch.look()
        said.append(refusal_on_record(there.store, there.clock))
    assert said == ["", "token_revoked", ""]


def test_a_process_that_died_while_it_was_refused_is_not_believed_for_long(
    there: TestHouse, refusing: Refusing
) -> None:
    refusing.error = "token_revoked"
    watch_of(there, refusing).look()
    there.clock.advance(seconds=31)
    assert refusal_on_record(there.store, there.clock) == ""


def test_while_all_is_well_nothing_is_told(there: TestHouse, refusing: Refusing) -> None:
    watch = watch_of(there, refusing)
    for _ in range(3):
        watch.look()
    assert notices(there) == []


def test_what_could_not_be_saved_is_told_at_the_next_look(
    there: TestHouse, refusing: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watch_of(there, refusing)
    refusing.error = "token_revoked"
    watch.look()
    refusing.error = ""
    with monkeypatch.context() as patched:
        patched.setattr("bot.token_watch.put_notice", _refuse)
        with pytest.raises(StoreUnavailable):
            watch.look()
    watch.look()
    assert len(notices(there)) == 1


def _refuse(*_: object, **__: object) -> None:
    raise StoreUnavailable("the disk is full")
