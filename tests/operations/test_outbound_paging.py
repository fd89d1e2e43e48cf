"""Escalated, stopped, acknowledged for somebody, restricted: what is paged, and what everybody reads."""

import pytest
from msgspec.structs import replace

from handlers.calls import Call, MailOut, Message, Skip
from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Tell
from incidents.errors import IncidentError
from incidents.model import Channel, PageState, Role, Severity, Target
from incidents.operations import commanding, recording, responding, watching
from incidents.people import Ask
from sandbox import check
from storage.opening import SqlStore
from tests.support.golden import words
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, PRIYA, WAVE


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def read(there: TestHouse, effect: Effect) -> str:
    """What its reader reads, inside Slack's limits; why it is not sent, after "skipped"."""
    answer = there.store.read(lambda unit: render(effect, unit, there.house))
    if isinstance(answer, Skip):
        return f"skipped: {answer.reason}"
    assert isinstance(answer, Call)
    if "blocks" not in answer.args:
        return str(answer.args)
    assert check.blocks(answer.args["blocks"], "message") == []
    text = str(answer.args["text"])
    return f"{text}\n{words(Message(text, tuple(answer.args['blocks'])))}"


def of_kind(sent: list[Effect], kind: EffectKind, user: str = "") -> list[Effect]:
    return [effect for effect in sent if effect.kind is kind and user in ("", *effect.users)]


def about(sent: list[Effect], kind: Tell) -> dict[str, Effect]:
    return {effect.users[0]: effect for effect in sent if effect.args.get("about") == kind.value}


def leave(there: TestHouse, user: str) -> None:
    """Slack says that they are deactivated."""
    actor = there.store.read(lambda unit: unit.people.actor(user))
    assert actor is not None
    gone = replace(actor, is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([gone], there.clock.now()))


def declared(there: TestHouse, severity: Severity = Severity.SEV1) -> str:
    key = there.declare(WAVE, severity=severity).key
    there.slack()
    return key


def test_escalating_pages_the_next_at_once_and_says_so(there: TestHouse) -> None:
    key = declared(there)
    responding.escalate(there.house, Ask(PRIYA), key, "nobody answers")
    (page,) = of_kind(there.slack(), EffectKind.SEND_PAGE)
    assert page.users == (BO,)
    assert "Priya Nair had the next people paged at once: nobody answers" in there.sentences(key)


def test_a_copy_by_mail_promises_no_phone_call(there: TestHouse) -> None:
    key = declared(there, Severity.SEV2)
    (page,) = there.incident(key).pages
    mail = Effect(EffectKind.MAIL, f"mail:{key}", key, {"page": page.id}, (ANA,))
    copy = there.store.read(lambda unit: render(mail, unit, there.house))
    assert isinstance(copy, MailOut)
    assert copy.words == f"A copy of a page to you in Slack. SEV2 {key}. Acknowledge."


def test_stopping_is_for_its_people_and_leads(there: TestHouse) -> None:
    key = declared(there)
    with pytest.raises(IncidentError, match="Only who holds it, who declared it or a lead"):
        responding.stop_paging(there.house, Ask(BO), key)
    responding.stop_paging(there.house, Ask(PRIYA), key, "a false alarm")
    sent = there.slack()
    said = read(there, about(sent, Tell.STOPPED)[DANA])
    assert f"SEV1 · {key}: the paging was stopped" in said
    assert "Priya Nair stopped it: a false alarm. Nobody has acknowledged; Priya Nair holds it." in said
    assert "Page again" in said
    assert "The paging was stopped. Nothing for you to do." in read(
        there, of_kind(sent, EffectKind.UPDATE_PAGE)[0]
    )
    assert "nobody yet: the paging was stopped" in read(there, of_kind(sent, EffectKind.UPDATE_CARD)[-1])
    for _ in range(30):
        there.later(minutes=1)
    assert of_kind(there.slack(), EffectKind.SEND_PAGE) == []


def test_a_manager_who_stops_a_specialists_page_still_has_it(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(ANA), key)
    there.slack()
    responding.bring_in(there.house, Ask(ANA), key, Target(person=BO))
    responding.stop_paging(there.house, Ask(ANA), key)
    said = read(there, about(there.slack(), Tell.STOPPED)[DANA])
    assert "Ana Lima stopped it. Ana Lima has it." in said
    assert "Page again" not in said


def test_somebody_else_can_say_who_has_it_and_they_are_told(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(BO), key, on_behalf_of=ANA)
    incident = there.incident(key)
    assert incident.manager == ANA
    assert incident.pages[0].state is PageState.ACKNOWLEDGED
    assert "Bo Chen acknowledged for Ana Lima, who is incident manager." in there.sentences(key)
    sent = there.slack()
    said = read(there, about(sent, Tell.ON_BEHALF)[ANA])
    assert "You are incident manager" in said
    assert "Bo Chen acknowledged for you at 14:00 New York (19:00 UTC)." in said
    page = read(there, of_kind(sent, EffectKind.UPDATE_PAGE, ANA)[0])
    assert "Bo Chen acknowledged for you at 14:00 New York (19:00 UTC). You are incident manager." in page
    commanding.assign(there.house, Ask(BO), key, Role.MANAGER, BO)
    assert read(there, about(sent, Tell.ON_BEHALF)[ANA]).startswith("skipped")


def test_who_speaks_for_themselves_speaks_for_nobody_else(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(ANA), key, on_behalf_of=ANA)
    assert about(there.slack(), Tell.ON_BEHALF) == {}


def test_nobody_who_is_gone_can_be_said_to_have_it(there: TestHouse) -> None:
    key = declared(there)
    leave(there, ANA)
    with pytest.raises(IncidentError, match="nobody here by that name"):
        responding.acknowledge(there.house, Ask(BO), key, on_behalf_of=ANA)


def test_pages_that_wait_for_somebody_are_found_the_gravest_first(there: TestHouse) -> None:
    mild, grave = declared(there, Severity.SEV2), declared(there, Severity.SEV0)
    assert [key for key, _ in responding.pages_waiting(there.house, ANA)] == [grave, mild]
    assert responding.pages_waiting(there.house, DANA) == ()
    for _ in range(6):
        there.later(minutes=1)
    responding.acknowledge(there.house, Ask(ANA), grave)
    assert [key for key, _ in responding.pages_waiting(there.house, ANA)] == [mild]


def test_a_page_that_was_passed_on_can_still_be_answered(there: TestHouse) -> None:
    key = declared(there)
    for _ in range(5):
        there.later(minutes=1)
    assert [key for key, _ in responding.pages_waiting(there.house, ANA)] == [key]


def test_leads_hear_of_somebody_on_call_who_has_left(there: TestHouse) -> None:
    leave(there, ANA)
    key = declared(there)
    page = there.incident(key).pages[0]
    assert page.user == BO
    assert "Ana Lima was not paged: is no longer in this workspace." in there.sentences(key)


def test_the_words_to_leads_name_who_was_paged_instead_and_how_long_it_lasts(there: TestHouse) -> None:
    leave(there, ANA)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    said = read(there, about(there.slack(), Tell.GONE)[DANA])
    assert f"Ana Lima is no longer in this workspace*; Bo Chen was paged instead ({key})." in said
    assert "The schedule still names Ana Lima until Mon 7 Dec 11:00 Chicago (17:00 UTC)." in said
    assert "Choose somebody else" in said


def test_of_a_restricted_incident_leads_hear_of_the_schedule_alone(there: TestHouse) -> None:
    leave(there, ANA)
    key = there.declare("Child in danger", severity=Severity.SEV1).key
    said = read(there, about(there.slack(), Tell.GONE)[DANA])
    assert "Ana Lima is no longer in this workspace*." in said
    assert key not in said
    assert "Bo Chen" not in said


def test_whom_slack_refuses_is_passed_at_once_and_leads_are_told(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    sent = there.slack(refuse={EffectKind.SEND_PAGE: "user_not_found"})
    assert there.incident(key).pages[0].state is PageState.UNREACHABLE
    told = [effect for effect in sent if effect.args.get("user") == ANA and effect.users == (DANA,)]
    assert [effect.args["about"] for effect in told] == [Tell.GONE.value]
    assert "Ana Lima could not be reached in Slack" in read(there, told[0])


def test_a_declarer_from_outside_the_schedule_is_named_by_no_schedule(there: TestHouse) -> None:
    told = Effect(
        EffectKind.TELL, "x", declared(there), {"about": Tell.GONE.value, "user": "UNOBODY"}, (DANA,)
    )
    assert "The schedule still names" not in read(there, told)


def public(there: TestHouse, key: str) -> None:
    """Its channel is named as Slack names public ones."""
    incident = there.incident(key)
    assert incident.channel is not None
    named = replace(incident, channel=Channel(incident.channel.id, f"{key.lower()}-fraud"))
    there.store.write(lambda unit: unit.incidents.save(named))


def test_nothing_more_goes_to_the_public_channel_of_a_restricted_incident(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(ANA), key)
    there.slack()
    public(there, key)
    commanding.restrict(there.house, Ask(ANA), key)
    sent = there.slack()
    card = read(there, of_kind(sent, EffectKind.UPDATE_CARD)[-1])
    assert f"{key} is restricted now." in card
    assert WAVE not in card
    assert WAVE not in read(there, of_kind(sent, EffectKind.SET_TOPIC)[-1])
    page = read(there, of_kind(sent, EffectKind.UPDATE_PAGE, ANA)[-1])
    assert "Restricted. Details are in its channel." in page
    assert WAVE not in page
    recording.update(there.house, Ask(ANA), key, "Payouts are held")
    kinds = {effect.kind: read(there, effect) for effect in there.slack()}
    assert kinds[EffectKind.POST_UPDATE].startswith("skipped")
    assert "Payouts" not in kinds[EffectKind.UPDATE_CARD]


def test_a_channel_that_was_made_after_it_is_private_and_is_used(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), key)
    commanding.restrict(there.house, Ask(ANA), key)
    there.slack()
    incident = replace(there.incident(key), channel=Channel("C9", key.lower()))
    there.store.write(lambda unit: unit.incidents.save(incident))
    recording.update(there.house, Ask(ANA), key, "Payouts are held")
    posts = of_kind(there.slack(), EffectKind.POST_UPDATE)
    assert "Payouts are held" in read(there, posts[0])


def test_somebody_from_outside_who_waits_is_let_go_when_it_is_restricted(there: TestHouse) -> None:
    actor = there.store.read(lambda unit: unit.people.actor(ANA))
    assert actor is not None
    guest = replace(actor, is_guest=True)
    there.store.write(lambda unit: unit.people.put_profiles([guest], there.clock.now()))
    key = declared(there)
    commanding.restrict(there.house, Ask(PRIYA), key)
    pages = there.incident(key).pages
    assert [(page.user, page.state) for page in pages] == [
        (ANA, PageState.STANDDOWN),
        (BO, PageState.WAITING),
    ]


def test_an_incident_with_nobody_left_says_so_on_its_card(there: TestHouse) -> None:
    key = declared(there)
    for _ in range(25):
        there.later(minutes=1)
    sent = there.slack()
    card = read(there, of_kind(sent, EffectKind.UPDATE_CARD)[-1])
    assert "has answered, and the leads were told; Priya Nair holds it" in card
    assert there.incident(key).manager == ""


def test_rest_is_shown_on_the_card(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(ANA), key)
    there.slack()
    watching.take_20(there.house, Ask(ANA), key)
    card = read(there, of_kind(there.slack(), EffectKind.UPDATE_CARD)[-1])
    assert "Ana Lima, acknowledged; Bo Chen answers until <!date^" in card
