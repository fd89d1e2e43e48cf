"""Reading and writing in a channel: what people type, what others see, and what can be done with it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDE, People, Workspace

pytestmark = pytest.mark.browser


# Where the log stands two frames after a reader has scrolled it: what a late layout undoes is tried again.
SCROLLED_TO = """(node, top) => new Promise((done) => {
    node.scrollTop = top;
    requestAnimationFrame(() => requestAnimationFrame(() => done(node.scrollTop)));
})"""


def write(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.keyboard.press("Enter")


def last(page: Page) -> str:
    return page.locator("#main [data-testid=message]").last.locator(".message-body").inner_text()


def test_what_one_person_writes_another_sees_at_once(people: People) -> None:
    ana, bo = people.at("UANA"), people.at("UBO")
    write(ana, "Passwords are reset without the owner")
    expect(bo.locator("#main .text").last).to_have_text("Passwords are reset without the owner")
    expect(ana.get_by_test_id("composer")).to_have_value("")


def test_shift_enter_makes_a_line_and_enter_sends_both(people: People) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.get_by_test_id("composer").press_sequentially("two")
    page.keyboard.press("Enter")
    expect(page.locator("#main .message .para")).to_have_text("onetwo")
    assert "one\ntwo" in last(page)


def test_a_person_chosen_from_the_suggestions_is_mentioned(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("ask @bo")
    expect(page.get_by_role("option", name="Bo Chen")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("composer")).to_have_value("ask @Bo Chen ")
    page.keyboard.press("Enter")
    expect(page.locator("#main .mention")).to_have_text("@Bo Chen")
    assert workspace.hears("event_callback")["event"]["text"] == "ask <@UBO>"


def test_hostile_text_is_shown_as_it_was_typed_and_does_nothing(people: People) -> None:
    hostile = "<img src=x onerror=alert(1)> <script>alert(2)</script> <javascript:alert(3)|go> <!channel>"
    page = people.at("UANA")
    write(page, hostile)
    message = page.locator("#main .message .text")
    expect(message).to_have_text(hostile)
    assert page.locator("#main .message :is(img, script, a, .mention)").count() == 0


def test_hostile_text_of_an_app_is_inert_too(people: People, workspace: Workspace) -> None:
    text = "<b onclick=x>bold?</b> <javascript:alert(1)|press here> <https://example.org|*fine*> \u202eabc"
    workspace.posts("CGEN", text, [{"type": "section", "text": {"type": "mrkdwn", "text": text}}])
    page = people.at("UANA")
    links = page.locator("#main .message a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator("#main .message .para")).to_contain_text("<javascript:alert(1)|press here>")


def test_a_reaction_is_given_and_taken_back_with_a_click(people: People, workspace: Workspace) -> None:
    workspace.says("UBO", "CGEN", "64 tickets since 18:40")
    page = people.at("UANA")
    page.locator("#main .message").hover()
    page.get_by_role("button", name="React with pushpin").click()
    mine = page.locator("[data-reaction=pushpin]")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_have_count(0)


def test_a_reply_opens_beside_the_channel_and_is_counted_there(people: People, workspace: Workspace) -> None:
    workspace.says("UBO", "CGEN", "Which way in?")
    page = people.at("UANA")
    page.locator("#main .message").hover()
    page.get_by_role("button", name="Reply in thread").click()
    page.get_by_test_id("thread-composer").fill("Stolen sessions")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("thread-log").locator(".text").last).to_have_text("Stolen sessions")
    expect(page.get_by_test_id("thread-summary")).to_contain_text("1 reply")
    expect(page.locator("#main .message")).to_have_count(1)


def test_own_words_can_be_changed_and_are_marked(people: People, workspace: Workspace) -> None:
    ts = workspace.says("UANA", "CGEN", "6 tickets")
    page = people.at("UANA")
    page.locator(f"#main [data-ts='{ts}']").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_test_id("edit-message").fill("64 tickets")
    page.keyboard.press("Enter")
    expect(page.locator("#main .text")).to_have_text("64 tickets (edited)")


def test_a_deleted_message_asks_first_and_then_goes(people: People, workspace: Workspace) -> None:
    workspace.says("UANA", "CGEN", "wrong channel")
    page = people.at("UANA")
    page.locator("#main .message").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_test_id("confirm").get_by_role("button", name="Delete").click()
    expect(page.locator("#main .message")).to_have_count(0)


def test_own_words_are_changed_and_deleted_by_keyboard_alone(people: People, workspace: Workspace) -> None:
    workspace.says("UANA", "CGEN", "6 tickets")
    page = people.at("UANA")
    page.locator("#main .message").focus()
    page.keyboard.press("e")
    expect(page.get_by_test_id("edit-message")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator("#main .text")).to_have_text("6 tickets4 (edited)")
    expect(page.locator("#main .message")).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main .message")).to_have_count(0)


def test_an_editor_stays_open_while_others_react(people: People, workspace: Workspace) -> None:
    ts = workspace.says("UANA", "CGEN", "6 tickets")
    page = people.at("UANA")
    page.locator("#main .message").focus()
    page.keyboard.press("e")
    page.get_by_test_id("edit-message").fill("64 tick")
    workspace.act("react", **{"as": "UBO", "channel": "CGEN", "ts": ts, "name": "eyes"})
    expect(page.locator("[data-reaction=eyes]")).to_be_visible()
    page.keyboard.type("ets")
    page.keyboard.press("Enter")
    expect(page.locator("#main .text")).to_have_text("64 tickets (edited)")


def test_words_of_others_offer_no_edit(people: People, workspace: Workspace) -> None:
    workspace.says("UBO", "CGEN", "mine")
    page = people.at("UANA")
    page.locator("#main .message").hover()
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Add to timeline")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)


def test_a_message_shortcut_tells_the_app_which_message(people: People, workspace: Workspace) -> None:
    ts = workspace.says("UBO", "CGEN", "first report at 18:40")
    page = people.at("UANA")
    page.locator("#main .message").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Add to timeline").click()
    assert workspace.hears("message_action")["message"]["ts"] == ts


def test_a_file_is_shared_and_can_be_fetched_again(people: People) -> None:
    page = people.at("UANA")
    page.get_by_test_id("file-input").first.set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": b"id\n91\n"}
    )
    card = page.get_by_test_id("file")
    expect(card).to_contain_text("accounts.csv")
    with page.expect_download() as download:
        card.get_by_role("link", name="Download accounts.csv").click()
    assert download.value.path().read_bytes() == b"id\n91\n"


def test_a_draft_survives_a_look_at_another_channel(people: People) -> None:
    page = people.at("UANA", screen=WIDE)
    page.get_by_test_id("composer").fill("half a sen")
    page.locator("[data-place=CQUIET]").click()
    expect(page.get_by_test_id("composer")).to_have_value("")
    expect(page.locator("[data-place=CGEN]")).to_contain_text("draft")
    page.locator("[data-place=CGEN]").click()
    expect(page.get_by_test_id("composer")).to_have_value("half a sen")


def test_a_message_that_comes_while_reading_above_moves_nothing(people: People, workspace: Workspace) -> None:
    for number in range(40):
        workspace.says("UBO", "CGEN", f"line {number}")
    page = people.at("UANA")
    expect(page.locator("#main .message")).to_have_count(40)
    expect(page.locator("#main .message").last).to_be_in_viewport(ratio=1)  # it has come to rest at the end
    log = page.get_by_test_id("log")
    assert any(log.evaluate(SCROLLED_TO, 200) == 200 for _ in range(50)), "the reader cannot scroll up"
    workspace.says("UBO", "CGEN", "one more")
    expect(page.get_by_role("button", name="Latest messages")).to_be_visible()
    assert log.evaluate("node => node.scrollTop") == 200


def test_a_channel_opens_at_its_newest_message_wholly_in_view(people: People, workspace: Workspace) -> None:
    for number in range(30):
        workspace.says("UBO", "CGEN", f"line {number}")
    page = people.at("UANA")
    expect(page.locator("#main .message").last).to_be_in_viewport(ratio=1)
    workspace.says("UBO", "CGEN", "and one more\nof three\nlines")
    expect(page.locator("#main .text").last).to_contain_text("and one more")
    expect(page.locator("#main .message").last).to_be_in_viewport(ratio=1)


def test_a_link_to_a_message_opens_it_in_this_tab(people: People, workspace: Workspace) -> None:
    ts = workspace.says("UBO", "CQUIET", "the message that matters")
    link = f"{workspace.url}archives/CQUIET/p{ts.replace('.', '')}"
    workspace.posts("CGEN", f"See <{link}|that message>")
    page = people.at("UANA")
    page.get_by_role("link", name="that message").click()
    expect(page.locator(f"#main [data-ts='{ts}']")).to_contain_text("the message that matters")
    assert "channel=CQUIET" in page.url


def test_what_stands_in_a_field_survives_changes_around_it(people: People, workspace: Workspace) -> None:
    first = workspace.says("UBO", "CGEN", "one")
    workspace.says("UBO", "CGEN", "two")
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("half")
    workspace.act("delete", **{"as": "UBO", "channel": "CGEN", "ts": first})
    expect(page.locator("#main .message")).to_have_count(1)
    page.keyboard.type(" a sentence")
    expect(page.get_by_test_id("composer")).to_have_value("half a sentence")
