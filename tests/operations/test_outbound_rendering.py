"""Effects become Web API calls from the state of the moment, and are skipped when they are overtaken."""

from datetime import timedelta

import pytest

from handlers.calls import Call, Rendered, Skip, Upload
from handlers.outbound import render, rendered_kinds
from handlers.outbound.desk import ANNOUNCE_CHANNEL, TEAM_CHANNEL, WORKSPACE_URL
from incidents.effects import Effect, EffectKind, Tell
from incidents.model import Role, Severity, Status
from incidents.operations import closing, commanding, handing_over, recording, responding
from incidents.people import Ask
from rotations.model import Seat
from rotations.questions import OverrideRequest
from sandbox import check
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house
from tests.support.rota import overridden

ANA, BO, DANA, PRIYA, KENJI = "UANA", "UBO", "UDANA", "UPRIYA", "UKENJI"
WAVE = "Account-takeover wave in EU"


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    house = example_house(sqlite_store)
    facts = {
        WORKSPACE_URL: "https://safety.slack.example/",
        ANNOUNCE_CHANNEL: "C0ANNOUNCE",
        TEAM_CHANNEL: "C0TEAM",
    }
    for name, value in facts.items():
        sqlite_store.write(lambda unit, name=name, value=value: unit.facts.put(name, value))  # type: ignore[misc]
    return house


def rendered(there: TestHouse, effect: Effect) -> Rendered:
    answer = there.store.read(lambda unit: render(effect, unit, there.house))
    if isinstance(answer, Call) and "blocks" in answer.args:
        assert check.blocks(answer.args["blocks"], "message") == []
    return answer


def call(there: TestHouse, effect: Effect) -> Call:
    answer = rendered(there, effect)
    assert isinstance(answer, Call), answer
    return answer


def effect_of(there: TestHouse, kind: EffectKind, subject: str, *users: str, **args: str) -> Effect:
    return Effect(kind, f"test:{kind.value}", subject, args=args, users=users)


def first_wave(there: TestHouse) -> dict[EffectKind, Effect]:
    claimed = there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 100))
    return {one.effect.kind: one.effect for one in claimed}


def test_every_kind_of_effect_is_rendered() -> None:
    assert rendered_kinds() == frozenset(EffectKind)


def test_the_page_and_the_channel_leave_together(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    wave = first_wave(there)
    page = call(there, wave[EffectKind.SEND_PAGE])
    assert (page.method, page.args["channel"]) == ("chat.postMessage", ANA)
    assert page.args["text"] == f"SEV1 · {key} · acknowledge by 19:05 UTC"
    create = call(there, wave[EffectKind.CREATE_CHANNEL])
    assert create == Call("conversations.create", {"name": f"{key.lower()}-fraud", "is_private": False})


def test_a_restricted_incident_has_a_private_channel_named_by_its_key_alone(there: TestHouse) -> None:
    key = there.declare("Child in danger", severity=Severity.SEV1).key
    create = call(there, first_wave(there)[EffectKind.CREATE_CHANNEL])
    assert create.args == {"name": key.lower(), "is_private": True}


def test_after_the_channel_exists_the_wave_invites_posts_and_announces(there: TestHouse) -> None:
    incident = there.declare(WAVE, severity=Severity.SEV1)
    sent = {effect.kind: effect for effect in there.slack()}
    card = there.incident(incident.key).card
    assert card is not None
    invite = call(there, sent[EffectKind.INVITE])
    assert invite.args["force"] is True
    assert set(invite.args["users"].split(",")) >= {ANA, PRIYA}
    assert call(there, sent[EffectKind.SET_TOPIC]).args["topic"].startswith("SEV1 Triage · Account-takeover")
    bookmark = call(there, sent[EffectKind.ADD_BOOKMARK])
    assert bookmark.args["title"] == f"Incident {incident.key}"
    assert bookmark.args["link"].startswith(f"https://safety.slack.example/archives/{card.channel}/p")
    assert call(there, sent[EffectKind.PIN_CARD]).method == "pins.add"


def test_what_is_done_already_is_skipped(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    sent = {effect.kind: effect for effect in there.slack()}
    for kind in (EffectKind.CREATE_CHANNEL, EffectKind.POST_CARD, EffectKind.ANNOUNCE):
        assert isinstance(rendered(there, sent[kind]), Skip)


def test_messages_unfurl_nothing_and_link_no_names(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    args = call(there, first_wave(there)[EffectKind.SEND_PAGE]).args
    assert (args["unfurl_links"], args["unfurl_media"], args["parse"], args["link_names"]) == (
        False,
        False,
        "none",
        False,
    )


def test_a_page_that_was_answered_is_not_sent_any_more(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    page = first_wave(there)[EffectKind.SEND_PAGE]
    responding.acknowledge(there.house, Ask(ANA), key)
    assert rendered(there, page) == Skip("the page is acknowledged already")


def test_the_page_is_edited_in_the_readers_own_zone(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    there.clock.advance(minutes=2)
    responding.acknowledge(there.house, Ask(ANA), key)
    edit = next(effect for effect in there.slack() if effect.kind is EffectKind.UPDATE_PAGE)
    update = call(there, edit)
    assert update.method == "chat.update"
    assert "You have it since 14:02 New York (19:02 UTC), after 2 min." in str(update.args["blocks"])


def test_without_a_known_announcement_channel_nothing_is_announced(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.facts.put(ANNOUNCE_CHANNEL, ""))
    key = there.declare(WAVE, severity=Severity.SEV1).key
    answer = rendered(there, effect_of(there, EffectKind.ANNOUNCE, key))
    assert isinstance(answer, Skip)
    assert "invite Meridian to it" in answer.reason


def test_a_restricted_incident_is_never_announced(there: TestHouse) -> None:
    key = there.declare("Child in danger", severity=Severity.SEV1).key
    answer = rendered(there, effect_of(there, EffectKind.ANNOUNCE, key))
    assert answer == Skip("a restricted incident is not announced")


def test_the_declarer_reads_where_it_is_and_why_that_severity(there: TestHouse) -> None:
    key = there.declare(WAVE).key
    sent = [effect for effect in there.slack() if effect.kind is EffectKind.TELL]
    told = str(call(there, sent[0]).args["blocks"])
    assert f"{key}* is declared: <#" in told
    assert "Paged: Ana Lima. You hold it until somebody acknowledges." in told
    assert "SEV2 because" in told


def test_the_declarer_of_a_long_title_reads_that_all_of_it_is_kept(there: TestHouse) -> None:
    there.declare("wave " * 200)
    sent = [effect for effect in there.slack() if effect.kind is EffectKind.TELL]
    assert "all you typed is the first note" in str(call(there, sent[0]).args["blocks"])


def test_a_duplicate_is_offered_to_the_declarer(there: TestHouse) -> None:
    first = there.declare(WAVE).key
    there.slack()
    second = there.declare(WAVE).key
    offers = [effect for effect in there.slack() if effect.args.get("about") == Tell.DUPLICATE]
    offer = call(there, offers[0])
    assert f"Merge into {first}" in str(offer.args["blocks"])
    assert f"{second}|{first}" in str(offer.args["blocks"])


def test_leads_read_whom_to_telephone_when_nobody_answers(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    there.slack()
    for _ in range(60):
        there.later(minutes=1)
    args = {"about": Tell.EXHAUSTED.value, "call": "1"}
    to_a_lead = effect_of(there, EffectKind.TELL, key, DANA, **args, numbers="yes")
    text = str(call(there, to_a_lead).args["blocks"])
    assert "Nobody has answered for 60 min." in text or "Nobody has answered for 1 h." in text
    assert "Call Ana Lima +1" in text
    to_another = str(call(there, effect_of(there, EffectKind.TELL, key, PRIYA, **args)).args["blocks"])
    assert "A lead can telephone Ana Lima" in to_another
    assert "+1" not in to_another


def test_leads_are_not_told_that_nobody_answers_once_somebody_has(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    responding.acknowledge(there.house, Ask(ANA), key)
    told = effect_of(there, EffectKind.TELL, key, DANA, about=Tell.EXHAUSTED.value, call="1")
    assert rendered(there, told) == Skip("somebody has it already")


def test_the_reminder_of_an_update_is_dropped_when_none_is_owed_any_more(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    due = effect_of(there, EffectKind.TELL, key, PRIYA, about=Tell.UPDATE_DUE.value)
    assert "update due in 30 min" in str(call(there, due).args["blocks"])
    commanding.change_status(there.house, Ask(PRIYA), key, Status.DISMISSED, "a load test")
    assert rendered(there, due) == Skip("no update is owed any more")


def test_an_update_is_posted_and_then_edited(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    recording.update(there.house, Ask(PRIYA), key, "Payouts are held")
    [post] = [effect for effect in there.slack() if effect.kind is EffectKind.POST_UPDATE]
    assert "Payouts are held" in str(call(there, post).args["blocks"])
    recording.update(there.house, Ask(PRIYA), key, "Payouts run again")
    edit = call(there, effect_of(there, EffectKind.EDIT_UPDATE, key))
    assert edit.method == "chat.update"
    assert "Payouts run again" in str(edit.args["blocks"])


def test_the_draft_is_a_file_with_a_readable_message(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    there.clock.advance(minutes=372)
    closing.resolve(there.house, Ask(PRIYA), key, "Sessions were revoked")
    draft = rendered(there, effect_of(there, EffectKind.POST_DRAFT, key))
    assert isinstance(draft, Upload)
    assert draft.filename == f"{key.lower()}-postmortem.md"
    assert draft.content.startswith(f"# {key}: Account-takeover wave in EU")
    assert "resolved after 6 h 12 min" in str(draft.message.blocks)


def test_the_draft_is_not_posted_when_the_incident_was_reopened(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    assert rendered(there, effect_of(there, EffectKind.POST_DRAFT, key)) == Skip("it was reopened")


def test_a_role_is_told_to_the_person_who_holds_it(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    commanding.assign(there.house, Ask(PRIYA), key, Role.SCRIBE, BO)
    [told] = [effect for effect in there.slack() if effect.args.get("about") == Tell.ROLE]
    assert call(there, told).args["channel"] == BO
    assert "Priya Nair gave you the role." in str(call(there, told).args["blocks"])


def test_the_handoff_goes_to_the_team_channel_and_is_edited_when_accepted(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    there.slack()
    there.clock.advance(hours=6, minutes=12)
    handing_over.offer_due(there.house)
    sent = [effect for effect in there.slack() if effect.kind is EffectKind.POST_HANDOFF]
    handoff = there.store.read(lambda unit: unit.handoffs.waiting())[0]
    thread = call(there, next(effect for effect in sent if effect.args))
    assert handoff.message is not None
    assert thread.args["thread_ts"] == handoff.message.ts
    assert WAVE in str(thread.args["blocks"])
    edit = call(there, effect_of(there, EffectKind.UPDATE_HANDOFF, f"handoff:{handoff.id}"))
    assert "12 min late" in str(edit.args["blocks"])


def test_somebody_whose_shift_moved_reads_from_when_to_when(there: TestHouse) -> None:
    end = MONDAY + timedelta(hours=3)
    wish = OverrideRequest(("bo",), "safety", "AMER", Seat.PRIMARY, MONDAY, end, "UTC", "dentist")
    overridden(there, DANA, wish)
    told = [effect for effect in there.slack() if effect.args.get("about") == Tell.SHIFTS_MOVED]
    text = str(call(there, told[0]).args["blocks"])
    assert "AMER primary: *Bo Chen* instead of Ana Lima" in text
    assert "New York" in text
    assert "Los Angeles" in text
    assert "dentist" in text


def test_a_refusal_for_good_is_told_to_whoever_asked(there: TestHouse) -> None:
    told = effect_of(
        there, EffectKind.TELL, "INC-1", PRIYA, about=Tell.FAILED.value, what="make the channel", error="x"
    )
    assert "Slack refused to make the channel (x)." in str(call(there, told).args["blocks"])


def test_a_marked_message_is_fetched_by_its_time(there: TestHouse) -> None:
    marked = effect_of(there, EffectKind.KEEP_MESSAGE, "INC-1", channel="C1", ts="1700000000.000100")
    fetch = call(there, marked)
    assert fetch.method == "conversations.replies"
    assert fetch.args["ts"] == "1700000000.000100"


@pytest.mark.parametrize("kind", sorted(set(EffectKind) - {EffectKind.KEEP_MESSAGE, EffectKind.NOTICE}))
def test_an_effect_without_its_subject_is_skipped_not_an_error(there: TestHouse, kind: EffectKind) -> None:
    effect = effect_of(there, kind, "INC-999", ANA, about=Tell.OPENED.value, page="1.0.UANA")
    assert isinstance(rendered(there, effect), Skip)


def test_the_card_is_posted_first_and_then_edited(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    before = effect_of(there, EffectKind.UPDATE_CARD, key)
    assert rendered(there, before) == Skip("the card is not posted yet")
    there.slack()
    edit = call(there, before)
    assert edit.method == "chat.update"
    assert "nobody yet: Ana Lima paged" in str(edit.args["blocks"])


def test_the_announcement_is_edited_to_how_it_ended(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    commanding.change_status(there.house, Ask(PRIYA), key, Status.DISMISSED, "a load test")
    edit = call(there, effect_of(there, EffectKind.UPDATE_ANNOUNCEMENT, key))
    assert f"{key} Dismissed · a load test" in edit.args["text"]


def test_leads_read_which_seats_nobody_holds(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    told = effect_of(there, EffectKind.TELL, key, DANA, about=Tell.NOBODY_ON_CALL.value, call="1")
    assert "nobody is on call" in call(there, told).args["text"]


def test_the_declarer_reads_plainly_that_nobody_was_paged(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    told = effect_of(there, EffectKind.TELL, key, PRIYA, about=Tell.NOBODY_PAGED.value)
    assert "so there is nobody to page" in str(call(there, told).args["blocks"])


def test_a_refused_private_channel_is_told_with_what_was_made_instead(there: TestHouse) -> None:
    key = there.declare("Child in danger", severity=Severity.SEV1).key
    told = effect_of(there, EffectKind.TELL, key, DANA, about=Tell.NO_PRIVATE_CHANNEL.value)
    answer = call(there, told)
    assert answer.args["text"] == key
    assert "Nothing public was made instead." in str(answer.args["blocks"])


def test_a_handoff_is_posted_once(there: TestHouse) -> None:
    there.clock.advance(hours=6)
    handing_over.offer_due(there.house)
    [post] = [one for kind, one in first_wave(there).items() if kind is EffectKind.POST_HANDOFF]
    said = call(there, post)
    assert said.args["channel"] == "C0TEAM"
    assert "AMER → APAC" in said.args["text"]


def test_the_backup_reads_that_the_primary_runs_another_incident(there: TestHouse) -> None:
    first = there.declare("Payout fraud", severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), first)
    there.slack()
    there.declare(WAVE, severity=Severity.SEV1)
    page = call(there, first_wave(there)[EffectKind.SEND_PAGE])
    assert page.args["channel"] == BO
    assert "Ana Lima was not paged: runs another SEV0 or SEV1. You are backup." in str(page.args["blocks"])
