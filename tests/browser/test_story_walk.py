"""A newcomer's whole story at the page, beside the bot as `python -m bot run` starts it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.walker import Walker, at_the_page, lock_texts, started
from tests.support.processes import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

KEY, CHANNEL = "INC-1", "inc-1-fraud"
SHIFT_CHANGE = "2026-12-01T01:00"
SUMMARY = "Stolen sessions moved payouts; all sessions are revoked."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(tmp_path_factory.mktemp("walk") / "home") as found:
        yield found


@pytest.fixture
def walker(chromium: Browser, running: Running) -> Iterator[Walker]:
    with at_the_page(chromium, running, "UPRIYA") as found:
        yield found


def test_a_newcomer_lives_through_a_whole_incident(walker: Walker, running: Running) -> None:
    declares_by_the_form(walker)
    the_paged_person_acknowledges(walker, running)
    people_come_and_roles_are_given(walker)
    severity_goes_down_with_a_reason_and_up_again(walker)
    what_happens_is_written_down(walker)
    the_runbook_is_followed(walker)
    on_call_is_asked_and_changed(walker)
    the_shift_changes(walker)
    it_is_resolved_with_a_draft(walker)
    every_part_is_filled_in_and_a_second_person_closes(walker)
    it_can_be_listed_shown_and_looked_up(walker)


def declares_by_the_form(walker: Walker) -> None:
    walker.composer.press_sequentially("/inc")
    expect(walker.page.locator(".completion-row.is-active")).to_contain_text("/incident")
    walker.page.keyboard.press("Enter")
    walker.page.keyboard.press("Enter")
    form = walker.waits_for_form("Declare incident")
    walker.page.keyboard.type("Account-takeover wave in EU")
    walker.chooses(walker.field("in_danger"), "No")
    walker.chooses(walker.field("growing"), "Yes")
    expect(form).to_contain_text("SEV2 proposed: it is still growing")
    walker.chooses(walker.field("authority"), "Yes")
    expect(form).to_contain_text("SEV1 proposed: an authority is waiting and it is still growing")
    walker.chooses(walker.field("authority"), "No")
    expect(form).to_contain_text("SEV2 proposed: it is still growing")
    walker.chooses(walker.field("severity"), "SEV1 Data exposed")
    walker.sends()
    expect(walker.modal).to_contain_text(f"{KEY} declared as SEV1. Paged: Ana Lima")
    walker.leaves_form()
    opened = walker.reads_direct(f"{KEY} is declared")
    walker.follows("Open channel", opened)
    expect(walker.card).to_contain_text("nobody yet: Ana Lima")


def the_paged_person_acknowledges(walker: Walker, running: Running) -> None:
    walker.acts_as("Ana Lima")
    notification = walker.lock_screen.get_by_text(re.compile(rf"^SEV1 · {KEY} · acknowledge by 19:0\d UTC$"))
    expect(notification).to_be_visible()
    notification.click()
    walker.presses("Acknowledge", walker.reads("Acknowledge by"))
    walker.follows("Open channel", walker.reads("You have it since"))
    expect(walker.card).to_contain_text("Ana Lima, acknowledged")
    assert not any("takeover" in text for text in lock_texts(running, "UANA"))


def people_come_and_roles_are_given(walker: Walker) -> None:
    walker.presses("Bring someone in", walker.card)
    walker.waits_for_form("Bring someone in")
    walker.chooses_person("person", "Bo Chen")
    walker.fills("why", "Fraud rules")
    walker.sends()
    expect(walker.card).to_contain_text("Bo Chen, paged")
    expect(walker.asks("/incident page legal")).to_contain_text("Legal will be paged now")
    expect(walker.card).to_contain_text("Iris Falk, paged")
    walker.opens_more("Roles")
    walker.waits_for_form("roles")
    walker.chooses(walker.field("role"), "Scribe")
    walker.chooses_person("person", "Priya Nair")
    walker.sends()
    expect(walker.card).to_contain_text("Scribe Priya Nair")


def severity_goes_down_with_a_reason_and_up_again(walker: Walker) -> None:
    walker.opens_more("Severity")
    form = walker.waits_for_form("severity")
    form.get_by_label("SEV2").check()
    form.get_by_test_id("modal-submit").click()
    expect(form.locator(".error")).to_be_visible()
    walker.fills("why", "Payouts are held")
    walker.sends()
    expect(walker.card).to_contain_text(f"SEV2 · {KEY}")
    walker.types("/incident sev 1 it grows again")
    expect(walker.card).to_contain_text(f"SEV1 · {KEY}")


def what_happens_is_written_down(walker: Walker) -> None:
    walker.presses("Update", walker.card)
    walker.waits_for_form("update")
    walker.fills("text", "About 4,100 accounts since 06:00 UTC")
    walker.sends()
    expect(walker.card).to_contain_text("Latest update")
    expect(walker.asks("/incident note at 13:50 first report from payments")).to_contain_text(
        "noted on the timeline"
    )
    walker.types("The extension is called QuickSave")
    walker.reacts("pushpin", walker.reads("QuickSave"))
    walker.types("Batch one of three is revoked")
    walker.opens_menu_of(walker.reads("Batch one"))
    walker.page.get_by_role("menuitem", name="Put on timeline").click()
    expect(walker.answer).to_contain_text("the message is on the timeline, at its own time")
    walker.types("/incident show timeline")
    for words in ("18:50 UTC", "first report from payments", "QuickSave", "Batch one of three"):
        expect(walker.answer).to_contain_text(words)


def the_runbook_is_followed(walker: Walker) -> None:
    walker.presses("Done", walker.card)
    expect(walker.card).to_contain_text("Now, 2 of")
    walker.chooses(walker.card.get_by_test_id("select").first, "Session theft")
    expect(walker.card).to_contain_text("Now, 3 of")
    walker.opens_more("Skip step")
    walker.waits_for_form("skip step")
    walker.fills("why", "payments decided it already")
    walker.sends()
    expect(walker.card).to_contain_text("Now, 4 of")
    expect(walker.asks("/incident")).to_contain_text("Due")
    for label in ("Update", "Bring someone in", "More ▾"):
        expect(walker.answer.get_by_role("button", name=label)).to_be_visible()


def on_call_is_asked_and_changed(walker: Walker) -> None:
    walker.acts_as("Dana Ortiz")
    walker.goes("general")
    expect(walker.asks("/oncall")).to_contain_text("Primary Ana Lima")
    expect(walker.asks("/oncall next")).to_contain_text("Kenji Mori")
    expect(walker.asks("/oncall at 2026-12-05 01:00 Asia/Tokyo")).to_contain_text("Niamh Byrne")
    walker.composer.press_sequentially("/oncall override @bo")
    walker.page.keyboard.press("Enter")
    walker.composer.press_sequentially("primary now–18:00 swap")
    walker.page.keyboard.press("Enter")
    expect(walker.answer).to_contain_text("Bo Chen instead of Ana Lima")
    walker.presses("Go on", walker.answer)
    walker.presses("Yes, change it", walker.answer)
    expect(walker.answer).to_contain_text("takes it back")
    expect(walker.asks("/oncall")).to_contain_text("Primary Bo Chen")


def the_shift_changes(walker: Walker) -> None:
    walker.moves_clock_to(SHIFT_CHANGE)
    walker.acts_as("Kenji Mori")
    walker.goes("safety-handoff")
    post = walker.reads("AMER → APAC")
    expect(post).to_contain_text(f"{KEY} SEV1 new")
    walker.presses("I have it", post)
    walker.waits_for_form("Take the shift over")
    walker.fills(f"read_back:{KEY}", "Revoke batch 3; the risk is a second wave.")
    walker.sends()
    expect(post).to_contain_text(
        re.compile(rf"Accepted by Kenji Mori.* Kenji is incident manager of {KEY}\.")
    )
    walker.goes(CHANNEL)
    expect(walker.card).to_contain_text("Kenji Mori, acknowledged")


def it_is_resolved_with_a_draft(walker: Walker) -> None:
    walker.types("/incident resolve")
    walker.waits_for_form("resolve")
    walker.fills("text", SUMMARY)
    walker.sends()
    draft = walker.reads("Postmortem draft:")
    expect(draft).to_contain_text("Missing: harm and who was affected")
    walker.presses("Open draft", draft)
    expect(walker.waits_for_form("draft").get_by_role("heading", name="Timeline")).to_be_attached()
    walker.leaves_form()
    expect(walker.card).to_contain_text(f"{KEY} · Resolved")
    with walker.page.expect_download() as downloading:
        walker.page.get_by_test_id("file").last.get_by_role("link", name="Download").click()
    document = Path(downloading.value.path()).read_text(encoding="utf-8")
    expected = (
        SUMMARY,
        "QuickSave",
        "18:50",
        "Session theft",
        "payments decided it already",
        "AMER",
        "Bo Chen",
    )
    assert [words for words in expected if words not in document] == []


def every_part_is_filled_in_and_a_second_person_closes(walker: Walker) -> None:
    walker.opens_more("Close incident")
    refused = walker.waits_for_form("close")
    for part in ("Harm and who was affected", "What contributed", "What surprised us", "Action items"):
        expect(refused).to_contain_text(part)
    walker.presses("Fill in my part", refused)
    walker.waits_for_form("my part")
    for part in ("harm", "contributors", "surprises"):
        walker.fills(f"part:{part}", f"Written about {part}")
    walker.fills("action_text", "Alarm on payouts after a new session")
    walker.chooses_person("action_owner", "Bo Chen")
    walker.fills("action_due", "2026-12-14")
    walker.sends()
    expect(walker.modal).to_have_count(0)
    walker.opens_more("Close incident")
    form = walker.waits_for_form("close")
    form.get_by_test_id("modal-submit").click()
    expect(form).to_contain_text("a second person has to close it")
    walker.leaves_form()
    walker.acts_as("Ana Lima")
    walker.goes(CHANNEL)
    walker.opens_more("Close incident")
    walker.waits_for_form("close")
    walker.sends()
    expect(walker.card).to_contain_text(f"{KEY} · Closed")


def it_can_be_listed_shown_and_looked_up(walker: Walker) -> None:
    walker.goes("general")
    expect(walker.asks("/incident list")).to_contain_text("Ended lately")
    walker.presses("Show", walker.answer)
    walker.reads("Kenji Mori")
    expect(walker.asks(f"/incident show {KEY}")).to_contain_text("Account-takeover wave in EU")
    expect(walker.asks("/incident help")).to_contain_text("/incident declare")
    walker.goes("incidents")
    walker.reads(f"{KEY} Closed")
