"""Answering, escalating, stopping, resting and testing in Slack: by reply, button, word and App Home."""

import pytest

from handlers.blocks import ids
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable

AT_14 = "2026-11-30T19:14"
WAVE = "/incident sev1 Account-takeover wave in EU"


@pytest.fixture
def priya(bot: WholeBot) -> Person:
    return bot.workspace.person("UPRIYA")


@pytest.fixture
def ana(bot: WholeBot) -> Person:
    return bot.workspace.person("UANA")


@pytest.fixture
def bo(bot: WholeBot) -> Person:
    return bot.workspace.person("UBO")


def answer(act: Json) -> str:
    assert act["acked"], act
    return readable(act["response"] or {})


def paged(priya: Person, ana: Person, count: int = 1) -> Json:
    """Declared so often; Ana's newest page."""
    for number in range(1, count + 1):
        priya.types(f"{WAVE} {number}")
        page = ana.waits_for_dm(f"INC-{number}")
    return page


def test_ok_in_reply_to_a_page_acknowledges_it(priya: Person, ana: Person) -> None:
    page = paged(priya, ana)
    ana.says("OK!", page["channel"], page["ts"])
    assert "You have it since" in readable(ana.waits_for_dm("You have it since"))


def test_on_it_written_to_the_bot_acknowledges_the_one_page_that_waits(priya: Person, ana: Person) -> None:
    page = paged(priya, ana)
    ana.says("on it", page["channel"])
    ana.waits_for_dm("INC-1: acknowledged. You have it.")


def test_where_several_wait_it_is_asked_which_is_meant(priya: Person, ana: Person) -> None:
    page = paged(priya, ana, count=2)
    ana.says("ack", page["channel"])
    asked = ana.waits_for_dm("You are paged for 2 incidents. Which do you have?")
    ana.presses(f"{ids.ACKNOWLEDGE_ONE}1", asked)
    ana.waits_for_dm("acknowledged. You have it.")


def test_ok_without_a_page_declares_nothing(priya: Person, ana: Person) -> None:
    page = paged(priya, ana)
    ana.presses(ids.ACKNOWLEDGE, page)
    ana.waits_for_dm("You have it since")
    ana.says("ok", page["channel"])
    ana.waits_for_dm("You are not being paged now. Nothing for you to do.")


def test_a_colleague_says_who_has_it_and_the_person_is_told(priya: Person, ana: Person, bo: Person) -> None:
    paged(priya, ana)
    assert "INC-1: acknowledged for Ana Lima, who is told" in answer(
        bo.types("/incident ack INC-1 for @ana.lima")
    )
    ana.waits_for_dm("Bo Chen acknowledged for you at")


def test_the_next_people_are_paged_by_word_and_by_button(priya: Person, ana: Person, bo: Person) -> None:
    paged(priya, ana)
    assert "INC-1: paged now: Bo Chen." in answer(priya.types("/incident escalate INC-1"))
    bo.waits_for_dm("You are backup.")
    priya.types("/incident show INC-1")
    shown = priya.waits_for_message("INC-1", "general")
    priya.presses(ids.MORE, shown)
    menu = priya.waits_for_view("INC-1: more")
    priya.workspace.post("click", **{"as": "UPRIYA"}, view_id=menu["id"], action_id=ids.ESCALATE)
    priya.workspace.person("UDANA").waits_for_dm("You are lead.")


def test_paging_is_stopped_by_who_declared_it_and_leads_can_page_again(priya: Person, ana: Person) -> None:
    paged(priya, ana)
    assert "nobody is paged any more" in answer(priya.types("/incident stop paging INC-1 a false alarm"))
    ana.waits_for_dm("The paging was stopped. Nothing for you to do.")
    dana = priya.workspace.person("UDANA")
    told = dana.waits_for_dm("the paging was stopped")
    dana.presses(ids.ESCALATE, told)
    ana.waits_for_dm("Acknowledge by")


def test_twenty_minutes_of_rest_from_tap_to_return(priya: Person, ana: Person, bo: Person) -> None:
    page = paged(priya, ana)
    ana.presses(ids.ACKNOWLEDGE, page)
    ana.waits_for_dm("You have it since")
    assert "Bo Chen holds it until" in answer(ana.types("/incident take 20 INC-1"))
    held = bo.waits_for_dm("You hold it for 20 min")
    bo.presses(ids.CANNOT_HOLD, held)
    ana.waits_for_dm("Bo Chen cannot hold it. You have it again.")


def test_a_silent_manager_answers_the_question_by_button(priya: Person, ana: Person) -> None:
    page = paged(priya, ana)
    ana.presses(ids.ACKNOWLEDGE, page)
    ana.waits_for_dm("You have it since")
    ana.workspace.move_clock(minutes=15)
    asked = ana.waits_for_dm("are you there?")
    ana.presses(ids.HERE, asked)
    ana.waits_for_dm("INC-1: you are there. If nothing is heard of you, you are asked again at")


def test_a_mark_on_a_message_is_a_sign_of_life(bot: WholeBot, priya: Person, ana: Person) -> None:
    page = paged(priya, ana)
    ana.presses(ids.ACKNOWLEDGE, page)
    ana.waits_for_dm("You have it since")
    (channel,) = ana.workspace.incident_channels()
    card = ana.waits_for_message("INC-1", channel)
    ana.workspace.move_clock(minutes=14)
    ana.reacts("eyes", card)
    store = bot.bot.house.store
    ana.workspace.eventually(
        "it is kept", lambda: store.read(lambda unit: unit.facts.get("heard:UANA")) > AT_14
    )
    ana.workspace.move_clock(minutes=15)
    ana.waits_for_dm("Nothing was heard of you since 14:14 New York (19:14 UTC), 15 min.")


def test_the_home_answers_a_page(priya: Person, ana: Person) -> None:
    paged(priya, ana)
    ana.workspace.post("home", **{"as": "UANA"})
    view = ana.workspace.eventually("a home with the page", lambda: paged_in(ana))
    ana.workspace.post("click", **{"as": "UANA"}, view_id=view["id"], action_id=ids.ACKNOWLEDGE)
    ana.workspace.eventually("the home follows", lambda: paged_in(ana) is None)
    ana.waits_for_dm("You have it since")


def paged_in(person: Person) -> Json | None:
    """Their App Home, while it says that they are paged."""
    view = person.sees()["home"]
    return view if view and "You are paged" in str(view) else None


def test_a_test_page_shows_when_it_was_answered(ana: Person, bo: Person) -> None:
    assert "Pages: Ana Lima never tested" in answer(ana.types("/oncall"))
    assert "A test page is on its way to you" in answer(ana.types("/oncall test"))
    ana.presses(ids.ANSWER_TEST, ana.waits_for_dm("Test. Press Acknowledge."))
    ana.waits_for_dm("Test answered.")
    assert "Ana Lima answered in Slack 0 min ago" in answer(bo.types("/oncall"))
    assert "Only a lead can send a test page to somebody else" in answer(bo.types("/oncall test @ana.lima"))
