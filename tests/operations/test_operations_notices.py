"""Those who run Meridian are told once that something needs a human; without a channel of theirs, leads."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from handlers.calls import Call
from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import Severity
from incidents.operations import timers
from incidents.operations.notices import OPERATIONS, About, note_lost, put_notice
from incidents.said import GONE
from storage.unit_of_work import SqlUnit
from tests.support.house import TestHouse
from tests.support.incidents import DANA, WAVE

OPS = "COPS"
LEADS = {"UDANA", "UHARUKA", "UELENA"}


@pytest.fixture
def watched(there: TestHouse) -> TestHouse:
    """With an operations channel."""
    there.store.write(lambda unit: unit.facts.put(OPERATIONS, OPS))
    return there


def write(there: TestHouse, work: Callable[[SqlUnit], None]) -> None:
    there.store.write(work)


def tell(there: TestHouse, about: About = About.NO_PHONE_LEG, key: str = "one", **args: str) -> None:
    now = there.clock.now()
    write(there, lambda unit: put_notice(unit, about, key, now, **args))


def notices(there: TestHouse, refuse: dict[EffectKind, str] | None = None) -> list[Effect]:
    return [effect for effect in there.slack(refuse) if effect.kind is EffectKind.NOTICE]


def test_a_matter_is_told_once_in_the_operations_channel(watched: TestHouse) -> None:
    for _ in range(3):
        tell(watched, user=DANA)
    [told] = notices(watched)
    assert (told.args, told.users) == ({"about": "no_phone_leg", "user": DANA}, ())
    tell(watched, user=DANA)
    assert notices(watched) == []


def test_another_matter_is_told_too(watched: TestHouse) -> None:
    tell(watched, key="one")
    tell(watched, key="two")
    assert len(notices(watched)) == 2


def test_without_a_channel_each_lead_is_told_of_each_matter_once_a_day(there: TestHouse) -> None:
    for key in ("one", "two", "one"):
        tell(there, key=key)
    assert sorted(told.users[0] for told in notices(there)) == sorted([*LEADS, *LEADS])
    there.clock.advance(days=1)
    tell(there, key="one")
    assert {told.users[0] for told in notices(there)} == LEADS


def test_without_a_channel_the_second_dead_letter_of_a_day_is_told_too(there: TestHouse) -> None:
    for incident in ("INC-1", "INC-2"):
        lost = Effect(EffectKind.ANNOUNCE, incident, incident)
        outcome, now = Outcome(False, error="no"), there.clock.now()
        write(there, partial(note_lost, effect=lost, outcome=outcome, now=now))
    assert {told.args["subject"] for told in notices(there)} == {"INC-1", "INC-2"}


def test_a_notice_that_the_channel_does_not_take_goes_to_leads(watched: TestHouse) -> None:
    tell(watched, user=DANA)
    told = notices(watched, {EffectKind.NOTICE: "is_archived"})
    assert {effect.users for effect in told} == {(), *((lead,) for lead in LEADS)}
    assert {effect.args["user"] for effect in told} == {DANA}


def test_an_effect_that_is_missed_is_told_with_its_incident_and_kind(watched: TestHouse) -> None:
    watched.declare(WAVE)
    [told] = notices(watched, {EffectKind.ANNOUNCE: "channel_not_found"})
    assert told.args == {
        "about": "dead_letter",
        "subject": "INC-1",
        "kind": "announce",
        "error": "channel_not_found",
    }


def test_a_message_that_its_writer_has_taken_back_is_not_told(watched: TestHouse) -> None:
    now = watched.clock.now()
    marked = Effect(EffectKind.KEEP_MESSAGE, "keep:1", "INC-1", {"channel": "C1", "ts": "1.0"}, (DANA,))
    for error in GONE:
        write(watched, lambda u, e=error: note_lost(u, marked, Outcome(False, error=e), now))  # type: ignore[misc]
    assert notices(watched) == []


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        (EffectKind.POST_THREAD_CARD, "INC-1", "INC-1: the first message of the thread could not"),
        (EffectKind.POST_MOVED, "INC-1", "INC-1: the way to the new channel could not"),
        (EffectKind.SET_USER_GROUP, "group:oncall", "@oncall still reaches whoever was in it last"),
        (EffectKind.ROTA_ASK, "rota:1", "Cover or swap: the question to somebody could not"),
        (EffectKind.SHOW_IMPORT, "import:1", "Import: what it would change could not"),
        (EffectKind.IMPORT_REPORT, "import:1", "Import: the report could not"),
    ],
)
def test_whatever_somebody_waits_for_is_missed(
    watched: TestHouse, kind: EffectKind, subject: str, words: str
) -> None:
    lost = Effect(kind, "one", subject)
    write(watched, lambda unit: note_lost(unit, lost, Outcome(False, error="no"), watched.clock.now()))
    [told] = notices(watched)
    call = watched.store.read(lambda unit: render(told, unit, watched.house))
    assert isinstance(call, Call)
    assert words in str(call.args)


def test_what_is_for_show_alone_is_not_told(watched: TestHouse) -> None:
    watched.declare(WAVE)
    assert notices(watched, {EffectKind.SET_TOPIC: "too_long", EffectKind.PIN_CARD: "not_pinnable"}) == []


def test_a_timer_that_fails_every_time_is_told(watched: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.declare(WAVE)
    watched.slack()
    monkeypatch.setattr("incidents.operations.timers._fired", partial(_broken))
    for _ in range(6):
        watched.later(minutes=30)
    assert {told.args["about"] for told in notices(watched)} == {"dead_timer"}


def _broken(*_: object) -> None:
    raise KeyError("call")


class TestOfARestrictedIncident:
    """Its key is for its own people alone: where others read, it is "a restricted incident"."""

    def declared(self, there: TestHouse) -> str:
        return there.declare("Grooming of a child reported", severity=Severity.SEV1).key

    def said(self, there: TestHouse, effect: Effect) -> str:
        call = there.store.read(lambda unit: render(effect, unit, there.house))
        assert isinstance(call, Call)
        return str(call.args["blocks"]) + str(call.args["text"])

    def test_the_operations_channel_reads_no_key(self, watched: TestHouse) -> None:
        key = self.declared(watched)
        [told] = notices(watched, {EffectKind.INVITE: "user_not_found"})
        said = self.said(watched, told)
        assert "A restricted incident: a message could not be delivered (user_not_found)" in said
        assert key not in said

    def test_only_leads_who_are_part_of_it_read_its_key(self, there: TestHouse) -> None:
        key = self.declared(there)
        there.slack()
        there.later(minutes=5)
        there.later(minutes=5)  # Dana is paged as lead
        told = notices(there, {EffectKind.INVITE: "user_not_found"})
        told_key = {effect.users[0]: key in self.said(there, effect) for effect in told}
        assert told_key == {"UDANA": True, "UHARUKA": False, "UELENA": False}

    def test_after_a_restore_they_are_counted_and_the_others_named(self, watched: TestHouse) -> None:
        waiting = f"{self.declared(watched)} {watched.declare(WAVE).key}"
        tell(watched, About.RESTORED, copy_at=watched.clock.now().isoformat(), waiting=waiting)
        [told] = notices(watched)
        assert "nobody has taken INC-1, 1 restricted incident: look there now." in self.said(watched, told)


class TestWithoutAPhone:
    """At 01:00 UTC Kenji comes on call in APAC."""

    def shift(self, there: TestHouse, *phones: str) -> list[str]:
        house = replace(there.house, phone_of=lambda one: "webhook:1" if one.user in phones else "")
        there.clock.set(datetime(2026, 12, 1, 1, 0, 30, tzinfo=UTC))
        timers.fire_due(house)
        return [told.args["user"] for told in notices(there) if told.args["about"] == "no_phone_leg"]

    def test_whoever_comes_on_call_without_one_is_told_of(self, watched: TestHouse) -> None:
        assert "UKENJI" in self.shift(watched, "UANA")

    def test_whoever_has_one_is_not(self, watched: TestHouse) -> None:
        assert "UKENJI" not in self.shift(watched, "UANA", "UKENJI")

    def test_where_no_phone_rings_at_all_nobody_is(self, watched: TestHouse) -> None:
        assert self.shift(watched) == []
