"""More incidents than channels: opening in a thread, moving into the channel, what may be the same."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import opening, storm
from incidents.decision import Decision
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.intake import Answers
from incidents.model import Channel, Harm, MessageRef, Severity, Status, Update
from incidents.opening import Declaration
from tests.support.incidents import ANA, DANA, NOW, PRIYA, WAVE, effects, incident, person, roster, told

ROOT = MessageRef("CALL", "1700000000.000100")
THREAD_CARD = MessageRef("CALL", "1700000000.000200")
CARD = MessageRef("C1", "1700000000.000300")
HAS_CHANNEL = {"channel": Channel("C1", "inc-1-fraud")}


def declared(is_storm: bool = True, restricted_why: str = "") -> Decision:
    wish = Declaration(
        "INC-1", WAVE, Severity.SEV1, "", Harm.FRAUD, restricted_why, Answers(), is_storm=is_storm
    )
    return opening.declare(wish, person(PRIYA), roster(), NOW)


def one(decision: Decision, kind: EffectKind) -> Effect:
    (found,) = effects(decision, kind)
    return found


def root_effect() -> Effect:
    return one(declared(), EffectKind.ANNOUNCE)


@pytest.mark.parametrize(("seconds", "is_one"), [(0, False), (30, False), (31, True)])
def test_more_than_half_a_minute_behind_is_a_storm(seconds: int, is_one: bool) -> None:
    assert storm.is_one(timedelta(seconds=seconds)) is is_one


def test_in_a_storm_the_announcement_waits_for_nothing_and_the_card_stands_in_its_thread() -> None:
    decision = declared()
    root, card = one(decision, EffectKind.ANNOUNCE), one(decision, EffectKind.POST_THREAD_CARD)
    assert (root.after, root.priority) == ((), Priority.OPENING)
    assert card.after == (root.key,)
    assert one(decision, EffectKind.POST_CARD).after == ("create:INC-1",)


def test_in_a_storm_the_declarer_hears_as_soon_as_there_is_a_thread() -> None:
    opened = next(e for e in effects(declared(), EffectKind.TELL) if e.args["about"] == Tell.OPENED)
    assert opened.after == ("announce:INC-1",)
    calm = next(e for e in effects(declared(False), EffectKind.TELL) if e.args["about"] == Tell.OPENED)
    assert calm.after == ("create:INC-1",)


def test_a_restricted_incident_waits_for_its_channel_and_its_page_does_not() -> None:
    decision = declared(restricted_why="child safety always starts restricted")
    assert effects(decision, EffectKind.POST_THREAD_CARD) == effects(decision, EffectKind.ANNOUNCE) == []
    assert one(decision, EffectKind.SEND_PAGE).after == ()


def test_without_a_storm_nothing_stands_in_a_thread() -> None:
    decision = declared(is_storm=False)
    assert one(decision, EffectKind.ANNOUNCE).after == ("create:INC-1",)
    assert effects(decision, EffectKind.POST_THREAD_CARD) == []
    assert told(decision.effects, Tell.STORM) == set()


def test_leads_are_told_once_in_five_minutes_and_after_the_pages() -> None:
    first, later = declared(), storm.tell_leads((DANA,), NOW + timedelta(minutes=4, seconds=59))
    about = next(e for e in effects(first, EffectKind.TELL) if e.args["about"] == Tell.STORM)
    assert (about.key, about.users) == (later[0].key, (DANA,))
    assert about.not_before == NOW + timedelta(seconds=30)
    assert storm.tell_leads((DANA,), NOW + timedelta(minutes=5))[0].key != about.key


def test_the_root_is_where_it_is_and_pages_that_wait_lead_there() -> None:
    decision = storm.announced(declared().incident, root_effect(), ROOT)
    assert decision.incident.thread == decision.incident.announcement == ROOT
    assert [e.users for e in effects(decision, EffectKind.UPDATE_PAGE)] == [(ANA,)]


def test_an_announcement_that_comes_after_the_channel_is_no_thread() -> None:
    decision = storm.announced(incident(**HAS_CHANNEL), root_effect(), ROOT)
    assert (decision.incident.thread, decision.incident.announcement) == (None, ROOT)
    calm = storm.announced(incident(), one(declared(False), EffectKind.ANNOUNCE), ROOT)
    assert (calm.incident.thread, calm.incident.announcement) == (None, ROOT)


def test_where_the_announcement_cannot_be_posted_the_declarer_hears_of_the_channel() -> None:
    decision = storm.unannounced(incident(), root_effect())
    (opened,) = effects(decision, EffectKind.TELL)
    assert (opened.users, opened.after) == ((PRIYA,), ("create:INC-1",))
    assert storm.unannounced(incident(), one(declared(False), EffectKind.ANNOUNCE)).effects == ()


def test_one_that_became_restricted_meanwhile_has_no_thread() -> None:
    assert storm.announced(incident(restricted=True), root_effect(), ROOT).incident.thread is None


def test_a_card_that_comes_late_to_the_thread_leads_to_the_one_in_the_channel() -> None:
    at = incident(thread=ROOT, card=CARD, **HAS_CHANNEL)
    decision = storm.card_in_thread(at, THREAD_CARD)
    assert decision.incident == at
    assert one(decision, EffectKind.MOVE_THREAD_CARD).args == {"channel": "CALL", "ts": THREAD_CARD.ts}
    assert storm.card_in_thread(incident(thread=ROOT), THREAD_CARD).incident.card == THREAD_CARD


def test_when_the_channel_has_its_card_the_thread_leads_on_and_the_latest_update_comes_along() -> None:
    update = Update("Payouts held", ANA, NOW)
    at = incident(thread=ROOT, card=THREAD_CARD, updates=(update,), **HAS_CHANNEL)
    decision = storm.card_in_channel(at, CARD)
    assert decision.incident.card == CARD
    assert [e.kind for e in decision.effects] == [
        EffectKind.POST_MOVED,
        EffectKind.MOVE_THREAD_CARD,
        EffectKind.POST_UPDATE,
        EffectKind.UPDATE_ANNOUNCEMENT,
    ]


def test_where_the_thread_has_no_card_yet_none_is_moved_and_without_an_update_none_is_posted() -> None:
    decision = storm.card_in_channel(incident(thread=ROOT, **HAS_CHANNEL), CARD)
    assert [e.kind for e in decision.effects] == [EffectKind.POST_MOVED, EffectKind.UPDATE_ANNOUNCEMENT]


def test_a_card_of_an_incident_that_never_was_in_a_thread_moves_nothing() -> None:
    assert storm.card_in_channel(incident(**HAS_CHANNEL), CARD).effects == ()


def alike(*titles: str, **fields: object) -> list[tuple[str, str]]:
    found = [
        incident(key=f"INC-{number}", title=title, declared_at=NOW + timedelta(seconds=number), **fields)
        for number, title in enumerate(titles, start=1)
    ]
    likely = storm.likely_duplicates(list(reversed(found)), NOW + timedelta(minutes=1))
    return [(one.later.key, one.earlier.key) for one in likely]


def test_the_same_words_in_one_harm_area_are_likely_the_same() -> None:
    assert alike("Fraud wave in EU", "fraud  WAVE in eu", "Fraud wave in the EU") == [
        ("INC-2", "INC-1"),
        ("INC-3", "INC-1"),
    ]
    assert alike("Fraud wave in EU", "Payouts do not arrive") == []


def test_one_title_in_two_harm_areas_may_be_the_same_but_similar_titles_are_not() -> None:
    first = incident(key="INC-1")
    second = incident(key="INC-2", harm=Harm.PRIVACY)
    third = incident(key="INC-3", harm=Harm.PRIVACY, title=f"{WAVE} again")
    found = storm.likely_duplicates([first, second], NOW)
    assert [one.later.key for one in found] == ["INC-2"]
    assert storm.likely_duplicates([first, third], NOW) == ()


def test_what_is_over_restricted_or_old_is_never_listed() -> None:
    first = incident(key="INC-1")
    others = (
        replace(first, key="INC-2", status=Status.RESOLVED),
        replace(first, key="INC-3", restricted=True),
        replace(first, key="INC-4", declared_at=NOW - timedelta(minutes=31)),
    )
    assert storm.likely_duplicates([first, *others], NOW) == ()


def test_the_list_ends_where_nobody_would_read_on() -> None:
    same = [incident(key=f"INC-{number:02}") for number in range(30)]
    assert len(storm.likely_duplicates(same, NOW)) == storm.MOST_LISTED
