"""Declaring with whatever people type, and commanding what was declared, on both databases."""

from datetime import timedelta
from typing import NoReturn

import pytest
from msgspec.structs import replace

from incidents.choosing import SPARED
from incidents.document import Record, document
from incidents.effects import EffectKind, Tell, Timer, TimerKind
from incidents.errors import NotAllowed, NotAPerson, NothingToDo, StoreUnavailable, UnknownIncident
from incidents.intake import Answers
from incidents.model import ActionItem, Harm, PageState, Role, Severity, Status, Target
from incidents.operations import closing, commanding, declaring, reading, recording, responding, timers
from incidents.operations.declaring import Request
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house, example_people
from tests.support.incidents import ANA, BO, CY, IRIS, JOY, KENJI, PRIYA, WAVE, told, users

CHILD = "Grooming of a child reported"


def marked(there: TestHouse, user: str, **marks: bool) -> None:
    actor = next(one for one in example_people() if one.user == user)
    changed = replace(actor, **marks)  # type: ignore[arg-type]
    there.store.write(lambda unit: unit.people.put_profiles([changed], there.clock.now()))


@pytest.mark.parametrize(
    "typed",
    [
        "הונאה בתשלומים 👩\u200d👧",
        "<!channel> *bold* `code` & <@U024BE7LH>",
        "nul \x00 and bell \x07 and half a pair \ud83d",
        "\u202egnp.tneconni\u202c",
        "x" * 4000,
    ],
)
def test_no_title_is_refused_or_lost(there: TestHouse, typed: str) -> None:
    key = there.declare(typed, severity=Severity.SEV2).key
    seen = reading.show(there.house, PRIYA, key)
    assert 0 < len(seen.incident.title) <= 150
    assert document(Record(seen.incident, seen.entries, seen.name_of))
    assert EffectKind.POST_CARD in [effect.kind for effect in there.slack()]


def test_a_note_with_characters_no_database_likes_is_kept(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    recording.note(there.house, Ask(ANA), key, "pasted \x00 from a \x1b[0m terminal")
    assert "from" in there.sentences(key)[-1]


def test_a_long_title_is_the_first_note_and_its_tail_is_read_too(there: TestHouse) -> None:
    typed = "payouts are held " * 20 + "and a child is in danger"
    incident = there.declare(typed)
    assert incident.restricted_why == "the title mentions a child"
    assert incident.harm is Harm.CHILD_SAFETY
    assert f"Priya Nair noted: {typed}" in there.sentences(incident.key)


def test_how_it_was_declared_is_a_note(there: TestHouse) -> None:
    key = there.declare(WAVE, quote="Declared at the command line").key
    assert "Priya Nair noted: Declared at the command line" in there.sentences(key)


def test_the_form_proposes_what_declaring_then_does(there: TestHouse) -> None:
    request = Request("Something odd", answers=Answers(False, True, False))
    proposal = declaring.proposal(there.house, request)
    assert proposal.severity is declaring.declare(there.house, Ask(PRIYA), request).severity
    chosen = declaring.proposal(there.house, Request("odd", harm=Harm.CHILD_SAFETY))
    assert chosen.severity is Severity.SEV1


def test_it_can_be_declared_restricted_whatever_the_title(there: TestHouse) -> None:
    incident = there.declare("Something odd", severity=Severity.SEV3, restricted=True)
    assert (incident.restricted, incident.restricted_why) == (True, "it was declared so")


def test_a_random_key_that_is_taken_is_drawn_again(there: TestHouse) -> None:
    first = there.declare(CHILD)
    drawn = [first.key, first.key, "R-T999"]
    ids = there.house.ids
    ids.restricted_key = lambda: drawn.pop(0)  # type: ignore[method-assign]
    assert there.declare(CHILD).key == "R-T999"


def test_guests_declare_nothing(there: TestHouse) -> None:
    marked(there, CY, is_guest=True)
    with pytest.raises(NotAllowed, match="Guests cannot declare"):
        there.declare(WAVE, by=CY)


def test_a_drill_pages_nobody_and_follows_no_runbook(there: TestHouse) -> None:
    incident = there.declare(WAVE, severity=Severity.SEV4)
    assert (incident.pages, incident.run, incident.next_update_at) == ((), None, None)


def test_the_same_title_again_is_offered_after_the_page_and_a_restricted_one_only_to_its_manager(
    there: TestHouse,
) -> None:
    first = there.declare(WAVE, severity=Severity.SEV1).key
    there.declare(WAVE.upper(), severity=Severity.SEV1)
    sent = there.slack()
    offers = [effect for effect in sent if effect.args.get("about") == Tell.DUPLICATE]
    assert [(offer.args["of"], offer.users) for offer in offers] == [(first, (PRIYA,))]
    there.declare(CHILD)
    there.declare(CHILD)
    assert told(there.slack(), Tell.DUPLICATE) == set()
    key = there.declare(CHILD, by=ANA).key
    commanding.assign(there.house, Ask(ANA), key, Role.MANAGER, BO)
    there.declare(CHILD, by=BO)
    assert told(there.slack(), Tell.DUPLICATE) == {BO}


def test_after_ten_minutes_and_for_a_drill_without_pages_it_is_offered_or_not(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV4)
    there.declare(WAVE, severity=Severity.SEV4)
    assert told(there.slack(), Tell.DUPLICATE) == {PRIYA}
    there.clock.advance(minutes=11)
    there.declare(WAVE, severity=Severity.SEV4)
    assert told(there.slack(), Tell.DUPLICATE) == set()


def test_roles_go_to_people_who_are_here_and_may_be_in_the_room(there: TestHouse) -> None:
    restricted, key = there.declare(CHILD).key, there.declare(WAVE).key
    marked(there, BO, is_deactivated=True)
    with pytest.raises(NotAPerson, match="nobody here by that name"):
        commanding.assign(there.house, Ask(PRIYA), key, Role.SCRIBE, BO)
    with pytest.raises(NotAPerson, match="Joy Santos is from outside"):
        commanding.assign(there.house, Ask(PRIYA), restricted, Role.SCRIBE, JOY)
    assert commanding.assign(there.house, Ask(PRIYA), key, Role.SCRIBE, JOY).in_role(Role.SCRIBE) == (JOY,)


def test_a_duplicate_names_another_incident_that_one_can_see(there: TestHouse) -> None:
    one, other, hidden = there.declare(WAVE).key, there.declare("b").key, there.declare(CHILD).key
    for of in ("INC-404", hidden):
        with pytest.raises(UnknownIncident):
            commanding.change_status(there.house, Ask(KENJI), one, Status.DUPLICATE, duplicate_of=of)
    with pytest.raises(NothingToDo, match="cannot repeat itself"):
        commanding.change_status(there.house, Ask(KENJI), one, Status.DUPLICATE, duplicate_of=one)
    got = commanding.change_status(there.house, Ask(KENJI), one, Status.DUPLICATE, duplicate_of=other.lower())
    assert got.duplicate_of == other


def test_a_restricted_twin_is_not_named_where_everybody_reads(there: TestHouse) -> None:
    one, hidden = there.declare(WAVE).key, there.declare(CHILD).key
    with pytest.raises(NotAllowed, match="Dismiss INC-1 with a reason instead"):
        commanding.change_status(there.house, Ask(PRIYA), one, Status.DUPLICATE, duplicate_of=hidden)


def test_a_duplicate_points_to_the_incident_that_goes_on(there: TestHouse) -> None:
    one, other, third = (there.declare(title).key for title in ("a", "b", "c"))
    commanding.change_status(there.house, Ask(PRIYA), other, Status.DUPLICATE, duplicate_of=one)
    with pytest.raises(NothingToDo, match="is a duplicate itself"):
        commanding.change_status(there.house, Ask(PRIYA), third, Status.DUPLICATE, duplicate_of=other)


def test_opening_up_is_the_managers_and_then_everybody_sees_it(
    there: TestHouse,
) -> None:
    key = there.declare(CHILD).key
    responding.acknowledge(there.house, Ask(ANA), key)
    with pytest.raises(NotAllowed, match="Only the incident manager"):
        commanding.open_up(there.house, Ask(PRIYA), key)
    commanding.open_up(there.house, Ask(ANA), key)
    assert reading.show(there.house, KENJI, key).incident.key == key
    assert EffectKind.ANNOUNCE in [effect.kind for effect in there.slack()]


def test_words_in_a_channel_mean_its_incident_and_elsewhere_the_one_they_name(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    there.slack()
    channel = there.incident(key).channel
    assert channel is not None
    assert reading.show(there.house, ANA, key.lower()).incident.key == key
    assert reading.here(there.house, ANA, "C404") is None
    seen = reading.here(there.house, ANA, channel.id)
    assert seen is not None
    assert (seen.name_of(ANA), seen.name_of("UNOBODY")) == ("Ana Lima", "UNOBODY")


def test_the_list_holds_the_gravest_first_and_then_what_has_ended(there: TestHouse) -> None:
    mild = there.declare(WAVE, severity=Severity.SEV3).key
    grave = there.declare("b", severity=Severity.SEV0).key
    over = there.declare("c", severity=Severity.SEV3).key
    commanding.change_status(there.house, Ask(PRIYA), over, Status.DISMISSED, "noise")
    listing = reading.listing(there.house, CY)
    assert [incident.key for incident in listing.live] == [grave, mild]
    assert [incident.key for incident in listing.ended] == [over]
    assert (listing.name_of(ANA), listing.name_of("UNOBODY")) == ("Ana Lima", "UNOBODY")


def test_a_page_of_somebody_else_is_not_answered_in_their_name(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    taken = responding.acknowledge(there.house, Ask(BO), key, "1.0.UANA")
    assert taken.manager == BO


def test_i_cannot_is_said_for_every_call_that_waits_and_only_while_one_does(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.bring_in(there.house, Ask(PRIYA), key, Target("primary", schedule="legal"))
    responding.bring_in(there.house, Ask(PRIYA), key, Target("backup"))
    responding.decline(there.house, Ask(ANA), key)
    declined = responding.decline(there.house, Ask(BO), key)
    assert {page.call for page in declined.pages if page.state is PageState.DECLINED} == {1, 3}
    with pytest.raises(NothingToDo, match="not being paged"):
        responding.decline(there.house, Ask(BO), key)


def test_the_manager_of_a_grave_incident_is_spared_at_the_next(there: TestHouse) -> None:
    first = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), first)
    second = there.declare("another wave", severity=Severity.SEV1)
    assert users(second.pages) == [BO]
    assert f"Ana Lima was not paged: {SPARED}." in there.sentences(second.key)


def test_an_update_that_is_due_is_asked_for_once_and_not_after_it_was_given(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), key)
    there.later(minutes=24)
    assert told(there.slack(), Tell.UPDATE_DUE) == {ANA}
    recording.snooze(there.house, Ask(ANA), key, 5)
    there.later(minutes=5)
    assert told(there.slack(), Tell.UPDATE_DUE) == {ANA}
    recording.update(there.house, Ask(ANA), key, "Payouts are held")
    recording.update(there.house, Ask(ANA), key, "Payouts are held, all of them")
    there.later(minutes=24)
    assert told(there.slack(), Tell.UPDATE_DUE) == {ANA}


def test_a_reminder_that_a_long_outage_has_outlived_is_dropped(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV3)
    there.later(days=4)
    assert told(there.slack(), Tell.UPDATE_DUE) == set()


def test_what_has_ended_is_left_alone_by_its_timers(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    closing.resolve(there.house, Ask(PRIYA), key, "It was a test.")
    there.later(hours=5)
    assert users(there.incident(key).pages) == [ANA]
    assert there.store.read(lambda unit: unit.timers.of(key)) == []


def test_after_an_outage_the_late_page_says_how_late_it_is(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.later(minutes=12)
    assert there.incident(key).pages[-1].late == "7 min late: Meridian was away."
    there.later(minutes=5)
    assert there.incident(key).pages[-1].late == ""


def test_action_items_are_on_the_record(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    due = (there.clock.now() + timedelta(days=7)).date()
    got = closing.add_action(there.house, Ask(ANA), key, ActionItem("Block it", BO, due))
    assert got.actions[0].owner == BO
    assert there.sentences(key)[-1] == "Action item (Bo Chen, due 2026-12-07): Block it"


def test_an_unknown_incident_is_unknown_to_every_operation(there: TestHouse) -> None:
    with pytest.raises(UnknownIncident):
        closing.resolve(there.house, Ask(ANA), "INC-404", "")


def test_legal_paged_in_two_incidents_stays_liaison_in_both(there: TestHouse) -> None:
    keys = [there.declare(title, severity=Severity.SEV0).key for title in (WAVE, "another wave")]
    for key in keys:
        assert responding.acknowledge(there.house, Ask(IRIS), key).in_role(Role.LIAISON) == (IRIS,)


class Away:
    """A database that can be read and takes nothing."""

    def __init__(self, store: SqlStore) -> None:
        self.read = store.read

    def write(self, work: object) -> NoReturn:
        raise StoreUnavailable("the disk is full")


def test_a_database_that_takes_nothing_leaves_the_timer_as_it_is(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.clock.advance(minutes=5)
    with pytest.raises(StoreUnavailable):
        timers.fire_due(replace(there.house, store=Away(sqlite_store)))
    there.later(minutes=1)
    assert users(there.incident(key).pages) == [ANA, BO]


def test_a_timer_of_nothing_we_know_fires_into_the_air(there: TestHouse) -> None:
    stray = Timer(TimerKind.UPDATE_DUE, "stray", "INC-404", there.clock.now(), {"due": ""})
    there.store.write(lambda unit: unit.timers.put([stray]))
    there.later(minutes=1)
    assert there.store.read(lambda unit: unit.timers.of("INC-404")) == []
