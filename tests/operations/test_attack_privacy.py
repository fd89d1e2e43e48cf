"""What nobody outside a restricted incident may learn of it, sought where it could slip out."""

import pytest

from handlers.calls import Call
from handlers.outbound import render
from incidents.effects import EffectKind, Tell
from incidents.errors import IncidentError, NotAllowed, NotAPerson, NothingToDo, NotKnownYet
from incidents.model import Incident, Role, Severity, Status
from incidents.operations import closing, commanding, reading, recording, responding
from incidents.people import Ask
from incidents.recording import StepWish
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, DANA, JOY, KENJI, PRIYA, WAVE

CHILD = "Grooming of a child reported"


def held_by(there: TestHouse, user: str, title: str = CHILD) -> Incident:
    key = there.declare(title, severity=Severity.SEV1).key
    return commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, user)


def test_an_open_incident_never_names_a_restricted_one_as_its_twin(there: TestHouse) -> None:
    hidden, shown = held_by(there, PRIYA), there.declare(WAVE)
    with pytest.raises(NotAllowed, match="is restricted"):
        commanding.change_status(
            there.house, Ask(PRIYA), shown.key, Status.DUPLICATE, duplicate_of=hidden.key
        )
    assert hidden.key not in str(there.sentences(shown.key))


def test_a_restricted_twin_is_not_offered_for_an_open_incident(there: TestHouse) -> None:
    hidden = there.declare(WAVE, restricted=True)
    commanding.assign(there.house, Ask(PRIYA), hidden.key, Role.MANAGER, PRIYA)
    there.declare(WAVE)
    assert not [e for e in there.slack() if e.args.get("about") == Tell.DUPLICATE.value]


def test_only_a_duplicate_remembers_a_twin(there: TestHouse) -> None:
    shown = there.declare(WAVE)
    got = commanding.change_status(
        there.house, Ask(KENJI), shown.key, Status.CONTAINED, duplicate_of="R-7KQ2"
    )
    assert got.duplicate_of == ""


def test_two_incidents_do_not_end_as_duplicates_of_each_other(there: TestHouse) -> None:
    one, other = there.declare(WAVE), there.declare("Payouts go to strangers")
    commanding.change_status(there.house, Ask(PRIYA), one.key, Status.DUPLICATE, duplicate_of=other.key)
    with pytest.raises(NothingToDo, match="a duplicate itself"):
        commanding.change_status(there.house, Ask(PRIYA), other.key, Status.DUPLICATE, duplicate_of=one.key)


def test_a_manager_who_is_spared_for_a_restricted_incident_is_spared_without_a_word_of_it(
    there: TestHouse,
) -> None:
    held_by(there, ANA)
    shown = there.declare(WAVE, severity=Severity.SEV1)
    assert [page.user for page in shown.pages] == [BO]
    assert "Ana Lima was not paged: is not free now." in there.sentences(shown.key)


def test_a_manager_who_is_spared_for_an_open_incident_is_spared_with_the_reason(there: TestHouse) -> None:
    held_by(there, ANA, WAVE)
    shown = there.declare("Payouts go to strangers", severity=Severity.SEV1)
    assert "Ana Lima was not paged: runs another SEV0 or SEV1." in there.sentences(shown.key)


def test_at_a_shift_change_only_who_has_it_and_who_takes_it_over_read_of_it(there: TestHouse) -> None:
    """Ana was never relieved and hands over with Kenji: neither reads of the other's."""
    anas, kenjis = held_by(there, ANA), held_by(there, KENJI, "A child was groomed in a game")
    there.later(hours=6)
    there.slack()
    there.later(hours=8)
    told = [effect for effect in there.slack() if effect.args.get("about") == Tell.HANDOFF.value]
    (waiting,) = there.store.read(lambda unit: unit.handoffs.waiting())
    assert (waiting.outgoing, waiting.discreet) == ((KENJI,), (ANA,))
    assert {e.users[0] for e in told if e.subject == anas.key} == {ANA, *waiting.incoming}
    assert {e.users[0] for e in told if e.subject == kenjis.key} == {KENJI, *waiting.incoming}


def test_somebody_not_yet_known_cannot_tell_which_keys_exist(there: TestHouse) -> None:
    key = there.declare(CHILD).key
    sentences = set()
    for asked in (key, key.lower(), "R-ZZZZ"):
        with pytest.raises(IncidentError) as refusal:
            reading.show(there.house, "UNEWCOMER", asked)
        assert isinstance(refusal.value, NotKnownYet)
        sentences.add(str(refusal.value))
    assert len(sentences) == 1


@pytest.mark.parametrize("user", [DANA, KENJI, "UJOY", "UGUEST"])
def test_forbidden_and_unknown_are_one_sentence_to_the_byte(there: TestHouse, user: str) -> None:
    key = there.declare(CHILD).key
    said = {refusal_of(there, user, asked).replace(asked.upper(), "KEY") for asked in (key, "R-ZZZZ")}
    assert len(said) == 1


def refusal_of(there: TestHouse, user: str, key: str) -> str:
    with pytest.raises(IncidentError) as refusal:
        reading.show(there.house, user, key)
    return str(refusal.value)


def test_numbers_do_not_count_restricted_incidents(there: TestHouse) -> None:
    first = there.declare(WAVE).key
    there.declare(CHILD)
    assert (first, there.declare("Payouts go to strangers").key) == ("INC-1", "INC-2")


def test_the_draft_of_what_was_restricted_later_is_not_posted_where_everybody_reads(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    there.slack()
    commanding.restrict(there.house, Ask(PRIYA), key)
    closing.resolve(there.house, Ask(PRIYA), key, "Payouts went to strangers.")
    there.clock.advance(seconds=15)
    (draft,) = [e for e in there.slack() if e.kind is EffectKind.POST_DRAFT]
    rendered = there.store.read(lambda unit: render(draft, unit, there.house))
    assert isinstance(rendered, Call)
    assert "strangers" not in str(rendered)
    assert "not posted here" in str(rendered)


def test_what_a_vendor_has_in_hand_is_handed_over_before_it_is_restricted(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, JOY)
    with pytest.raises(NotAllowed, match="Hand over command first"):
        commanding.restrict(there.house, Ask(DANA), key)


def test_a_manager_of_what_was_restricted_later_is_spared_without_a_word_of_it(there: TestHouse) -> None:
    key = held_by(there, ANA, WAVE).key
    commanding.restrict(there.house, Ask(ANA), key)
    shown = there.declare("Payouts go to strangers", severity=Severity.SEV1)
    assert "Ana Lima was not paged: is not free now." in there.sentences(shown.key)


def test_a_vendor_who_declares_what_is_restricted_is_not_in_its_room(there: TestHouse) -> None:
    key = there.declare(CHILD, by=JOY).key
    invited = {user for e in there.slack() if e.kind is EffectKind.INVITE for user in e.users}
    assert ANA in invited
    assert JOY not in invited
    assert any("Joy Santos is from outside and was not invited" in each for each in there.sentences(key))
    assert reading.show(there.house, JOY, key).incident.key == key


def test_a_vendor_neither_takes_nor_opens_the_restricted_incident_they_declared(there: TestHouse) -> None:
    key = there.declare(CHILD, by=JOY).key
    for act in (responding.acknowledge, commanding.open_up):
        with pytest.raises(NotAllowed):
            act(there.house, Ask(JOY), key)
    assert there.incident(key).manager == ""


@pytest.mark.parametrize("user", [JOY, "UNOBODY"])
def test_a_step_of_a_restricted_incident_is_given_to_nobody_from_outside(there: TestHouse, user: str) -> None:
    incident = there.declare(CHILD)
    assert incident.run is not None
    wish = StepWish(incident.run.runbook.steps[0].id, "assign", to=user)
    with pytest.raises(NotAPerson):
        recording.step(there.house, Ask(PRIYA), incident.key, wish)
