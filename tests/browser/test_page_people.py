"""Being somebody: act as, unread marks, the phone, the clock, Home; by keyboard and on small screens."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MIDDLE, PHONE, WIDE, Json, People, Screen, Workspace

pytestmark = pytest.mark.browser


def test_the_page_becomes_another_person_in_their_own_time(people: People) -> None:
    page = people.at("UANA")
    expect(page.get_by_test_id("act-as")).to_contain_text("14:00 New York")
    page.get_by_test_id("act-as").click()
    page.keyboard.type("kenji")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("act-as")).to_contain_text("04:00 Tokyo")
    page.wait_for_url("**as=UKENJI**")


def test_two_tabs_stay_two_people(people: People) -> None:
    ana, kenji = people.at("UANA"), people.at("UKENJI")
    ana.reload()
    expect(ana.get_by_test_id("act-as")).to_contain_text("Ana Lima")
    expect(kenji.get_by_test_id("act-as")).to_contain_text("Kenji Mori")


def test_a_direct_message_is_counted_until_it_is_read(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    direct = workspace.direct("UANA")
    workspace.posts(direct, "SEV1 · INC-142 · acknowledge by 19:05 UTC")
    row = page.locator(f"[data-place='{direct}']")
    expect(row.get_by_test_id("badge")).to_have_text("1")
    row.click()
    expect(page.locator("#main .text")).to_contain_text("INC-142")
    expect(row.get_by_test_id("badge")).to_have_count(0)


def test_a_channel_with_news_is_bold_and_not_counted(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    workspace.says("UBO", "CQUIET", "anybody?")
    row = page.locator("[data-place=CQUIET]")
    expect(row).to_have_class("place unread")
    expect(row.get_by_test_id("badge")).to_have_count(0)


def test_the_phone_shows_the_notification_exactly_with_local_time(
    people: People, workspace: Workspace
) -> None:
    workspace.posts(workspace.direct("UANA"), "SEV1 · INC-142 · acknowledge by 19:05 UTC")
    page = people.at("UANA")
    shown = page.get_by_test_id("lock-notification")
    expect(shown.locator(".lock-text")).to_have_text("SEV1 · INC-142 · acknowledge by 19:05 UTC")
    expect(shown.locator("time")).to_have_text("14:00")


def test_do_not_disturb_is_said_on_the_phone(people: People, workspace: Workspace) -> None:
    workspace.act("dnd", user="UANA", minutes=60)
    page = people.at("UANA")
    expect(page.get_by_test_id("phone")).to_contain_text("Do not disturb until 15:00")
    workspace.posts(workspace.direct("UANA"), "SEV1 · INC-142")
    expect(page.get_by_test_id("badge")).to_be_visible()
    expect(page.get_by_test_id("lock-notification")).to_have_count(0)


def test_a_person_mutes_their_phone_and_others_see_it(people: People, workspace: Workspace) -> None:
    workspace.act("open", **{"as": "UBO", "user": "UANA"})
    ana, bo = people.at("UANA"), people.at("UBO")
    ana.get_by_test_id("mute").click()
    expect(bo.get_by_role("button", name="Ana Lima, do not disturb")).to_be_visible()
    assert workspace.client.api_call("dnd.info", params={"user": "UANA"})["dnd_enabled"] is True
    ana.get_by_test_id("mute").click()
    expect(bo.get_by_role("button", name="Ana Lima", exact=True)).to_be_visible()


def test_the_clock_moves_for_everybody(people: People) -> None:
    page, other = people.at("UANA"), people.at("UKENJI")
    page.get_by_test_id("clock").first.click()
    page.get_by_role("button", name="+1 h").click()
    expect(other.get_by_test_id("clock").first).to_contain_text("20:00 UTC")
    expect(page.get_by_test_id("act-as")).to_contain_text("15:00 New York")


def test_a_date_is_read_in_the_readers_zone_with_utc_beside_it(people: People, workspace: Workspace) -> None:
    workspace.posts("CGEN", "Next update <!date^1796067000^{date_short_pretty} {time}|19:30 UTC>")
    page = people.at("UKENJI")
    date = page.locator("#main .date")
    expect(date).to_have_text("today 04:30")
    assert "19:30:00 UTC" in str(date.get_attribute("title"))


def test_home_shows_what_the_app_published(people: People, workspace: Workspace) -> None:
    page = people.at("UANA")
    page.get_by_role("button", name="Meridian Home").click()
    workspace.hears("event_callback")
    block = {"type": "header", "text": {"type": "plain_text", "text": "Your incidents"}}
    workspace.client.views_publish(user_id="UANA", view={"type": "home", "blocks": [block]})
    expect(page.get_by_test_id("home").get_by_role("heading")).to_have_text("Your incidents")


def test_the_inspector_lists_calls_newest_first(people: People, workspace: Workspace) -> None:
    workspace.posts("CGEN", "first")
    page = people.at("UANA")
    page.get_by_test_id("inspector-button").click()
    expect(page.locator(".frame", has_text="chat.postMessage").first).to_be_visible()
    shown = page.locator(".frame").evaluate_all("nodes => nodes.map(node => Number(node.dataset.n))")
    assert shown == sorted(shown, reverse=True)


def test_a_channel_that_is_not_ones_own_can_be_read_and_joined(people: People, workspace: Workspace) -> None:
    page = people.at("UPRIYA", "CQUIET")
    expect(page.get_by_test_id("composer")).to_have_count(0)
    page.get_by_role("button", name="Join channel").click()
    expect(page.get_by_test_id("composer")).to_be_visible()


def test_everything_needed_for_an_answer_is_reached_by_keyboard(people: People, workspace: Workspace) -> None:
    workspace.says("UBO", "CGEN", "Which way in?")
    page = people.at("UANA")
    page.get_by_test_id("composer").focus()
    page.keyboard.press("Shift+Tab")
    page.locator("#main .message").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("thread-composer")).to_be_focused()
    page.keyboard.type("Sessions")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("thread-summary")).to_contain_text("1 reply")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("pane")).to_be_hidden()


@pytest.mark.parametrize("screen", [WIDE, MIDDLE, PHONE], ids=["1440", "900", "360"])
def test_no_screen_scrolls_sideways(people: People, workspace: Workspace, screen: Screen) -> None:
    long = "averyveryverylongwordwithoutanyspace" * 6
    workspace.says("UBO", "CGEN", f"{long} https://example.org/{long} ```{long}```")
    page = people.at("UANA", screen=screen)
    expect(page.locator("#main .message")).to_be_visible()
    width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    assert width <= screen.width
    assert page.get_by_test_id("log").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_on_a_phone_the_chrome_leaves_room_to_read(people: People) -> None:
    page = people.at("UANA", screen=PHONE)
    log = page.get_by_test_id("log").bounding_box()
    assert log is not None
    assert log["height"] >= 640 - 150


def test_on_a_phone_the_channels_are_behind_the_menu(people: People) -> None:
    page = people.at("UANA", screen=PHONE)
    page.get_by_test_id("menu-button").tap()
    page.locator("[data-place=CQUIET]").tap()
    expect(page.get_by_test_id("topbar-title")).to_have_text("quiet")
    expect(page.locator("#scrim")).to_be_hidden()


def test_a_lost_connection_is_said_and_ends(people: People) -> None:
    page = people.at("UANA")
    page.context.set_offline(True)
    page.get_by_test_id("composer").fill("kept")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("composer")).to_have_value("kept")
    expect(page.get_by_test_id("toast")).to_contain_text("Nothing was sent")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#main .text")).to_have_text("kept")


def test_an_outage_is_said_while_it_lasts_and_nothing_is_lost(people: People, workspace: Workspace) -> None:
    page = people.at("UANA", screen=PHONE)
    workspace.act("faults", down=120)
    expect(page.get_by_text("Slack is down. What you type is kept.")).to_be_visible()
    page.get_by_test_id("composer").fill("anybody?")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_test_id("toast")).to_contain_text("Slack is down")
    expect(page.get_by_test_id("composer")).to_have_value("anybody?")
    workspace.act("clock", advance_s=120)
    expect(page.get_by_text("Slack is down. What you type is kept.")).to_be_hidden()


def test_on_a_small_phone_a_card_shows_its_fact_deadline_and_first_button(
    people: People, workspace: Workspace
) -> None:
    def section(text: str) -> Json:
        return {"type": "section", "text": {"type": "mrkdwn", "text": text}}

    buttons = [
        {"type": "button", "action_id": name, "text": {"type": "plain_text", "text": name}}
        for name in ("Update", "Bring someone in", "More")
    ]
    blocks = [
        section("🟠 *SEV1 · INC-142 · Active*\nAccount-takeover wave in EU\nIncident manager <@UANA>"),
        section("*Now, 1 of 9:* how many accounts, since when? <@UANA>, by 14:20"),
        {"type": "actions", "elements": buttons},
        {"type": "divider"},
        section("*Then* 2 Which way in?\n3 Choose containment, with the false positives it costs"),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Fraud · declared by <@UPRIYA> 14:00"}]},
    ]
    workspace.posts("CGEN", "SEV1 INC-142 Active", blocks)
    workspace.client.conversations_setTopic(channel="CGEN", topic="SEV1 Active · next update 19:30 UTC")
    page = people.at("UANA", screen=PHONE)
    card = page.locator("#main .message")
    expect(card.get_by_text("SEV1 · INC-142 · Active")).to_be_in_viewport(ratio=1)
    expect(card.get_by_text("by 14:20")).to_be_in_viewport(ratio=1)
    expect(card.get_by_role("button", name="Update")).to_be_in_viewport(ratio=1)
