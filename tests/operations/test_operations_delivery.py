"""What Slack answered to each kind of effect, and what is true of the incident afterwards."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from incidents.effects import Effect, EffectKind, Outcome, Tell
from incidents.model import Channel, EntryKind, MessageRef, PageState, Role, Severity
from incidents.operations import closing, commanding, delivery, recording, responding
from incidents.people import Actor, Ask
from incidents.recording import Pinned
from tests.support.house import TestHouse, example_people
from tests.support.incidents import ANA, BO, CY, DANA, ELENA, HARUKA, KENJI, PRIYA, WAVE, told

CHILD = "Grooming of a child reported"
POSTED = {"channel": "C9", "ts": "1796065200.000100"}
FOR_SHOW = {
    EffectKind.SET_TOPIC,
    EffectKind.ADD_BOOKMARK,
    EffectKind.PIN_CARD,
    EffectKind.READ_DND,
}
OF_THEIR_OWN = {
    EffectKind.POST_HANDOFF,
    EffectKind.UPDATE_HANDOFF,
    EffectKind.SEND_PAGE,
    EffectKind.RING,
    EffectKind.STOP_RING,
    EffectKind.SEND_PAGES,
    EffectKind.RINGS,
    EffectKind.SHIFT_NOTICE,
}
PLAIN = set(EffectKind) - OF_THEIR_OWN


def effect(kind: EffectKind, subject: str, **args: str) -> Effect:
    return Effect(kind, f"test:{kind.value}", subject, args=args, users=(PRIYA,))


def record(there: TestHouse, sent: Effect, outcome: Outcome) -> None:
    now = there.clock.now()
    there.store.write(lambda unit: delivery.record(there.house, unit, sent, outcome, now))


def refused(there: TestHouse, sent: Effect, error: str = "channel_not_found") -> None:
    record(there, sent, Outcome(False, error=error))


def test_what_slack_made_is_remembered(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    page = there.incident(key).pages[0]
    record(there, effect(EffectKind.CREATE_CHANNEL, key), Outcome(True, {**POSTED, "name": "inc-1-fraud"}))
    for kind in (EffectKind.POST_CARD, EffectKind.ANNOUNCE, EffectKind.POST_UPDATE):
        record(there, effect(kind, key), Outcome(True, POSTED))
    record(there, effect(EffectKind.SEND_PAGE, key, page=page.id), Outcome(True, POSTED))
    got, ref = there.incident(key), MessageRef("C9", POSTED["ts"])
    assert got.channel == Channel("C9", "inc-1-fraud")
    assert (got.card, got.announcement, got.update_post, got.pages[0].message) == (ref, ref, ref, ref)


def test_a_page_that_left_before_its_channel_is_edited_when_the_channel_is_there(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    edits = [sent.args["page"] for sent in there.slack() if sent.kind is EffectKind.UPDATE_PAGE]
    assert edits == ["1.0.UANA"]


@pytest.mark.parametrize("kind", sorted(PLAIN))
def test_a_refusal_is_on_the_timeline_unless_it_was_for_show(there: TestHouse, kind: EffectKind) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    refused(there, effect(kind, key, channel="C1", ts="1.0", about="opened"))
    failed = [line for line in there.sentences(key) if " refused to " in line]
    assert len(failed) == (0 if kind in FOR_SHOW else 1)


@pytest.mark.parametrize("kind", sorted(PLAIN - {EffectKind.KEEP_MESSAGE}))
def test_a_success_adds_no_line(there: TestHouse, kind: EffectKind) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    before = there.sentences(key)
    record(there, effect(kind, key), Outcome(True, {**POSTED, "name": "inc-1"}))
    assert there.sentences(key) == before


def test_whom_slack_lets_not_in_is_named(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    record(there, effect(EffectKind.INVITE, key), Outcome(True, failed_users={BO: "cant_invite"}))
    assert there.sentences(key)[-1] == "Slack refused to invite Bo Chen: cant_invite."


def test_an_effect_of_nothing_we_know_is_let_go(there: TestHouse) -> None:
    for subject in ("INC-404", "override:1", "handoff:never"):
        refused(there, effect(EffectKind.POST_HANDOFF, subject))
        record(there, effect(EffectKind.TELL, subject), Outcome(True, POSTED))
    key = there.declare(WAVE).key
    record(there, effect(EffectKind.SEND_PAGE, key, page="9.9.UNOBODY"), Outcome(True, POSTED))


def test_the_handoff_post_is_remembered_and_its_thread_is_not(there: TestHouse) -> None:
    there.later(hours=6)
    (handoff,) = there.store.read(lambda unit: unit.handoffs.waiting())
    subject = f"handoff:{handoff.id}"
    refused(there, effect(EffectKind.POST_HANDOFF, subject))
    record(there, effect(EffectKind.POST_HANDOFF, subject, part="thread"), Outcome(True, POSTED))
    record(there, effect(EffectKind.UPDATE_HANDOFF, subject), Outcome(True, POSTED))
    assert there.store.read(lambda unit: unit.handoffs.waiting())[0].message is None
    record(there, effect(EffectKind.POST_HANDOFF, subject), Outcome(True, POSTED))
    (kept,) = there.store.read(lambda unit: unit.handoffs.waiting())
    assert kept.message == MessageRef("C9", POSTED["ts"])


def test_a_refused_page_climbs_once_and_says_so(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    sent = effect(EffectKind.SEND_PAGE, key, page="1.0.UANA")
    refused(there, sent, "user_not_found")
    refused(there, sent, "user_not_found")
    refused(there, effect(EffectKind.SEND_PAGE, key, page="9.9.UNOBODY"), "user_not_found")
    assert [(page.user, page.state) for page in there.incident(key).pages] == [
        (ANA, PageState.UNREACHABLE),
        (BO, PageState.WAITING),
    ]
    assert "Ana Lima was not paged: could not be reached in Slack." in there.sentences(key)


def test_a_public_channel_that_cannot_be_made_is_told_to_the_declarer_and_the_leads(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    refused(there, effect(EffectKind.CREATE_CHANNEL, key), "restricted_action")
    assert there.incident(key).channel_refused == "restricted_action"
    assert told(there.slack(), Tell.FAILED) == {PRIYA, DANA, HARUKA, ELENA}


def test_a_lead_from_outside_hears_nothing_of_a_restricted_incident(there: TestHouse) -> None:
    guest = replace(_profile(HARUKA), is_guest=True)
    there.store.write(lambda unit: unit.people.put_profiles([guest], there.clock.now()))
    there.declare(CHILD)
    sent = there.slack(refuse={EffectKind.CREATE_CHANNEL: "restricted_action"})
    assert told(sent, Tell.NO_PRIVATE_CHANNEL) == {PRIYA, DANA, ELENA}


def _profile(user: str) -> Actor:
    return next(actor for actor in example_people() if actor.user == user)


def test_a_marked_message_is_fetched_and_stands_at_its_own_time(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    channel = there.incident(key).channel
    assert channel is not None
    ref = MessageRef(channel.id, "1796065200.000100")
    assert recording.keep(there.house, Ask(ANA, "event:1"), ref)
    assert recording.keep(there.house, Ask(ANA, "event:1"), ref)
    assert recording.keep(there.house, Ask(BO, "event:2"), ref)
    assert [sent.kind for sent in there.slack()] == [EffectKind.KEEP_MESSAGE]
    timeline = there.store.read(lambda unit: unit.timeline.of(key))
    (entry,) = (each for each in timeline if each.kind is EntryKind.MESSAGE)
    assert entry.at == datetime(2026, 11, 30, 19, 0, 0, 100, tzinfo=UTC)
    assert (entry.text, entry.data) == ("said", {"pinned_by": ANA})


def test_a_mark_elsewhere_or_by_somebody_who_may_not_see_is_no_ones_business(there: TestHouse) -> None:
    key = there.declare(CHILD).key
    there.slack()
    channel = there.incident(key).channel
    assert channel is not None
    assert not recording.keep(there.house, Ask(ANA), MessageRef("C404", "1.0"))
    assert not recording.keep(there.house, Ask(KENJI), MessageRef(channel.id, "1.0"))
    assert not recording.keep(there.house, Ask("UNOBODY"), MessageRef(channel.id, "1.0"))
    said = Pinned(MessageRef(channel.id, "1.0"), ANA, there.clock.now(), "words")
    assert recording.pin(there.house, Ask(KENJI), said) is None
    assert recording.pin(there.house, Ask(ANA), replace(said, ref=MessageRef("C404", "1.0"))) is None


def test_a_message_is_pinned_once_however_often_and_by_whomever(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    channel = there.incident(key).channel
    assert channel is not None
    said = Pinned(MessageRef(channel.id, "1796065200.000100"), CY, there.clock.now(), "it is back")
    for ask in (Ask(ANA, "s:1"), Ask(ANA, "s:1"), Ask(BO, "s:2")):
        pinned = recording.pin(there.house, ask, said)
        assert pinned is not None
    assert [line for line in there.sentences(key) if "it is back" in line] == ["Cy Okafor wrote: it is back"]


def test_a_change_that_only_shows_itself_does_not_silence_the_next_one(there: TestHouse) -> None:
    """The card's edit is named by the version: two changes never share one."""
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    cards = []
    for _ in range(2):
        closing.fill_in(there.house, Ask(ANA), key, {"harm": "4,100 accounts"})
        cards.append([sent.kind for sent in there.slack()].count(EffectKind.UPDATE_CARD))
    commanding.assign(there.house, Ask(ANA), key, Role.SCRIBE, BO)
    cards.append([sent.kind for sent in there.slack()].count(EffectKind.UPDATE_CARD))
    assert cards == [1, 1, 1]


def test_everybody_who_waited_is_stood_down_by_an_edit(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack()
    responding.acknowledge(there.house, Ask(ANA), key)
    edits = {sent.args["page"] for sent in there.slack() if sent.kind is EffectKind.UPDATE_PAGE}
    assert {"1.0.UANA", "1.0.UBO"} <= edits
