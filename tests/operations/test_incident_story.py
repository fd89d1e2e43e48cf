"""One incident through the operations, on both databases: what is true after each step."""

import pytest

from incidents.effects import EffectKind
from incidents.errors import (
    AlreadyAcknowledged,
    EmptyTitle,
    NotAllowed,
    NotKnownYet,
    PartsMissing,
    UnknownIncident,
)
from incidents.model import PageState, Role, Severity, Status, Target
from incidents.operations import (
    closing,
    commanding,
    declaring,
    handoff_taking,
    oncall,
    reading,
    recording,
    responding,
)
from incidents.operations.declaring import Request
from incidents.people import Ask
from incidents.recording import StepWish
from rotations.questions import OverrideRequest
from tests.support.house import TestHouse
from tests.support.rota import overridden

ANA, BO, DANA, PRIYA, KENJI, IRIS, JOY = "UANA", "UBO", "UDANA", "UPRIYA", "UKENJI", "UIRIS", "UJOY"
WAVE = "Account-takeover wave in EU"


def test_declaring_pages_the_primary_before_the_channel_exists(there: TestHouse) -> None:
    incident = there.declare(WAVE, severity=Severity.SEV1)
    claimed = there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 100))
    kinds = [one.effect.kind for one in claimed]
    assert kinds == [EffectKind.SEND_PAGE, EffectKind.CREATE_CHANNEL]
    assert [page.user for page in incident.pages] == [ANA]
    assert incident.holder == PRIYA


def test_everybody_comes_by_one_invitation_and_one_first_message(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV0)
    sent = there.slack()
    invitations = [effect for effect in sent if effect.kind is EffectKind.INVITE]
    assert len(invitations) == 1
    assert set(invitations[0].users) >= {PRIYA, ANA, BO}
    assert [effect.kind for effect in sent].count(EffectKind.POST_CARD) == 1


def test_a_redelivered_declaration_answers_the_same_incident(there: TestHouse) -> None:
    request = Request(WAVE, severity=Severity.SEV2)
    first = declaring.declare(there.house, Ask(PRIYA, "slash:1"), request)
    again = declaring.declare(there.house, Ask(PRIYA, "slash:1"), request)
    assert again.key == first.key
    assert [effect.kind for effect in there.slack()].count(EffectKind.CREATE_CHANNEL) == 1


def test_unanswered_pages_climb_from_the_actual_time(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.later(minutes=5)
    assert [page.user for page in there.incident(key).pages] == [ANA, BO]
    there.later(minutes=30)  # away: one level only, however long
    assert [page.user for page in there.incident(key).pages] == [ANA, BO, DANA]
    there.later(minutes=4)
    assert len(there.incident(key).pages) == 3
    assert there.incident(key).pages[0].state is PageState.PASSED


def test_the_first_acknowledgement_makes_the_incident_manager_and_stops_the_ladder(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    taken = responding.acknowledge(there.house, Ask(ANA), key)
    assert (taken.manager, taken.status) == (ANA, Status.ACTIVE)
    there.later(minutes=60)
    assert [page.user for page in there.incident(key).pages] == [ANA]
    with pytest.raises(AlreadyAcknowledged, match="Ana Lima has INC-1"):
        responding.acknowledge(there.house, Ask(BO), key)


def test_i_cannot_pages_the_next_at_once(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    declined = responding.decline(there.house, Ask(ANA), key)
    assert [(page.user, page.state) for page in declined.pages] == [
        (ANA, PageState.DECLINED),
        (BO, PageState.WAITING),
    ]


def test_a_page_that_slack_refuses_for_good_climbs_at_once(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack(refuse={EffectKind.SEND_PAGE: "user_not_found"})
    states = {page.user: page.state for page in there.incident(key).pages}
    assert states[ANA] is PageState.UNREACHABLE
    assert BO in states


def test_a_restricted_incident_is_unknown_to_others_and_never_announced(there: TestHouse) -> None:
    incident = there.declare("Grooming of a child reported")
    assert incident.key.startswith("R-")
    sent = there.slack()
    assert EffectKind.ANNOUNCE not in [effect.kind for effect in sent]
    with pytest.raises(UnknownIncident) as forbidden:
        reading.show(there.house, KENJI, incident.key)
    with pytest.raises(UnknownIncident) as unknown:
        reading.show(there.house, KENJI, "R-NONE")
    assert str(forbidden.value).replace(incident.key, "R-NONE") == str(unknown.value)
    assert reading.listing(there.house, KENJI).live == ()


def test_no_private_channel_makes_nothing_public_and_tells_the_leads(there: TestHouse) -> None:
    there.declare("Grooming of a child reported")
    sent = there.slack(refuse={EffectKind.CREATE_CHANNEL: "restricted_action"})
    kinds = [effect.kind for effect in sent]
    assert EffectKind.SEND_PAGE in kinds
    assert EffectKind.ANNOUNCE not in kinds
    told = {user for effect in sent if effect.kind is EffectKind.TELL for user in effect.users}
    assert {PRIYA, DANA} <= told


def test_legal_is_brought_in_as_liaison_and_does_not_take_command(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    responding.bring_in(there.house, Ask(PRIYA), key, Target("primary", schedule="legal"))
    paged = there.incident(key).pages[-1].user
    joined = responding.acknowledge(there.house, Ask(paged), key)
    assert joined.manager == ""
    assert joined.in_role(Role.LIAISON) == (paged,)


def test_raising_to_sev0_pages_the_backup_and_legal(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    responding.acknowledge(there.house, Ask(ANA), key)
    raised = commanding.change_severity(there.house, Ask(ANA), key, Severity.SEV0, "life at risk")
    users = {page.user: page.why for page in raised.pages}
    assert users[BO].startswith("Raised to SEV0 by Ana Lima: life at risk.")
    assert any(page.call == 3 for page in raised.pages)


def test_the_runbook_is_stepped_and_skipped_with_a_reason(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    run = there.incident(key).run
    assert run is not None
    first, second = run.steps[0].step_id, run.steps[2].step_id
    recording.step(there.house, Ask(ANA), key, StepWish(first, "done"))
    recording.step(there.house, Ask(ANA), key, StepWish(second, "skip", reason="no payouts today"))
    told = "\n".join(there.sentences(key))
    assert "Ana Lima did the step" in told
    assert "no payouts today" in told


def test_resolving_posts_the_draft_and_closing_waits_for_its_parts(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    there.slack()
    responding.acknowledge(there.house, Ask(ANA), key)
    there.later(hours=2)
    closing.resolve(there.house, Ask(ANA), key, "Sessions were revoked.")
    there.later(minutes=1)  # the channel is read back first
    assert EffectKind.POST_DRAFT in [effect.kind for effect in there.slack()]
    with pytest.raises(PartsMissing) as refused:
        closing.close(there.house, Ask(ANA), key)
    assert refused.value.parts == ("Harm and who was affected", "What contributed", "Action items")
    texts = {"harm": "4,100 accounts", "contributors": "an extension", "actions": "none is needed"}
    closing.fill_in(there.house, Ask(ANA), key, texts)
    assert closing.close(there.house, Ask(ANA), key).status is Status.CLOSED


def test_the_shift_change_is_offered_once_and_command_moves_with_acceptance(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), key)
    there.later(hours=7)  # past 01:00 UTC, when APAC takes over
    there.later(minutes=1)
    waiting = there.store.read(lambda unit: unit.handoffs.waiting())
    assert [(h.outgoing, h.incoming) for h in waiting] == [((ANA,), (KENJI,))]
    assert there.incident(key).manager == ANA
    words = {key: "Revoke batch 3; the risk is a second wave."}
    handoff_taking.accept(there.house, Ask(KENJI), waiting[0].id, words)
    assert there.incident(key).manager == KENJI
    posts = [effect.kind for effect in there.slack()]
    assert posts.count(EffectKind.POST_HANDOFF) == 2  # the post and its thread
    assert EffectKind.UPDATE_HANDOFF in posts


def test_until_a_handoff_is_accepted_new_pages_ring_both(there: TestHouse) -> None:
    there.later(hours=7)
    incident = there.declare(WAVE, severity=Severity.SEV1)
    assert {page.user for page in incident.pages} == {KENJI, ANA}


def test_an_override_is_honoured_at_once(there: TestHouse) -> None:
    now = there.clock.now()
    asked = oncall.ask(there.house, ANA, "override <@UBO> primary now–18:00 dentist").question
    assert isinstance(asked, OverrideRequest)
    assert asked.start == now
    overridden(there, ANA, asked, "slash:9")
    assert [page.user for page in there.declare(WAVE, severity=Severity.SEV1).pages] == [BO]


def test_an_empty_title_and_an_unknown_person_change_nothing(there: TestHouse) -> None:
    with pytest.raises(EmptyTitle):
        there.declare(" \u202e ")
    with pytest.raises(NotKnownYet):
        there.declare(WAVE, by="UNOBODY")
    assert reading.listing(there.house, ANA).live == ()


def test_a_vendor_on_call_is_passed_over_for_a_restricted_incident(there: TestHouse) -> None:
    key = there.declare("Grooming of a child reported", severity=Severity.SEV0).key
    assert JOY not in {page.user for page in there.incident(key).pages}
    assert IRIS in {page.user for page in there.incident(key).pages} or len(there.incident(key).pages) > 2


def test_an_incident_that_is_restricted_later_disappears_for_others_and_can_come_back(
    there: TestHouse,
) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    there.slack()
    assert [i.key for i in reading.listing(there.house, KENJI).live] == [key]
    with pytest.raises(NotAllowed):
        commanding.restrict(there.house, Ask(KENJI), key)
    commanding.restrict(there.house, Ask(PRIYA), key)
    assert EffectKind.UPDATE_ANNOUNCEMENT in [effect.kind for effect in there.slack()]
    assert reading.listing(there.house, KENJI).live == ()
    commanding.open_up(there.house, Ask(PRIYA), key)
    assert [i.key for i in reading.listing(there.house, KENJI).live] == [key]
    assert EffectKind.UPDATE_ANNOUNCEMENT in [effect.kind for effect in there.slack()]
