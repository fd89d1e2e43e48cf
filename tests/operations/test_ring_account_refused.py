"""A provider that refuses our account: those who run it hear so once a day; the page goes on in Slack."""

import pytest
from msgspec.structs import replace

from incidents.effects import Effect, EffectKind
from incidents.model import Severity
from incidents.operations.notices import OPERATIONS
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, WAVE

REFUSED = {EffectKind.RING: "ring_unauthorised"}


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    plain = example_house(store)
    store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
    return replace(plain, house=replace(plain.house, phone_of=lambda actor: f"twilio:{actor.user}"))


def notices(sent: list[Effect]) -> list[dict[str, str]]:
    return [effect.args for effect in sent if effect.kind is EffectKind.NOTICE]


def test_it_is_told_once_a_day_however_many_telephones_stay_silent(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV0)
    told = {"about": "ring_unauthorised", "provider": "twilio"}
    assert notices(there.slack(REFUSED)) == [told]
    there.declare("Another", severity=Severity.SEV0)
    assert notices(there.slack(REFUSED)) == []
    there.later(days=1)
    there.declare("A third", severity=Severity.SEV0)
    assert told in notices(there.slack(REFUSED))


def test_the_timeline_says_that_no_phone_has_rung_and_the_page_waits_on(there: TestHouse) -> None:
    incident = there.declare(WAVE, severity=Severity.SEV0)
    there.slack(REFUSED)
    assert any("ring_unauthorised" in said for said in there.sentences(incident.key))
    assert {page.state.value for page in there.incident(incident.key).pages} == {"waiting"}


def test_a_mail_server_that_does_not_take_us_is_told_once_a_day_and_is_on_the_timeline(
    there: TestHouse,
) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack()
    copies = [Effect(EffectKind.MAIL, f"mail:{user}", key, {}, (user,)) for user in (ANA, BO)]
    there.store.write(lambda unit: unit.outbox.put(copies, there.clock.now()))
    told = notices(there.slack({EffectKind.MAIL: "mail_unauthorised"}))
    assert told == [{"about": "ring_unauthorised", "provider": "mail"}]
    refused = {said for said in there.sentences(key) if "refused to mail" in said}
    assert refused == {
        "The mail server refused to mail Ana Lima: mail_unauthorised.",
        "The mail server refused to mail Bo Chen: mail_unauthorised.",
    }


def test_another_refusal_is_that_telephones_own_matter(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV0)
    told = notices(there.slack({EffectKind.RING: "ring_refused"}))
    assert {args["about"] for args in told} == {"dead_letter"}
