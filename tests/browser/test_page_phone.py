"""A telephone that rings: on every screen, by touch and by keyboard, and never in the way of typing."""

import json
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from sandbox.signing import v0
from tests.browser.conftest import MIDDLE, PHONE, WIDE, Json, People, Screen, Workspace

pytestmark = pytest.mark.browser

SECRET = "telephone-secret"
WORDS = "SEV1 INC-142. Acknowledge."


class Line:
    """Whoever rings."""

    def __init__(self, workspace: Workspace) -> None:
        self._url = f"{workspace.url}_phone"
        self._calls = 0

    def ask(self, **message: object) -> Json:
        body = json.dumps(message).encode()
        headers = {"X-Meridian-Timestamp": "1", "X-Meridian-Signature": v0(SECRET, "1", body)}
        with urlopen(Request(self._url, body, headers), timeout=30) as answer:
            found: Json = json.load(answer)
        return found

    def rings(self, user: str, words: str = WORDS) -> str:
        self._calls += 1
        return str(self.ask(action="ring", id=str(self._calls), to=user, words=words)["handle"])

    def answered(self, handle: str) -> bool:
        return bool(self.ask(action="poll", handles=[handle])["answered"])


@pytest.fixture
def line(workspace: Workspace) -> Line:
    workspace.act("settings", phone_secret=SECRET)
    return Line(workspace)


def until_silent(page: Page) -> None:
    expect(page.get_by_test_id("ringing")).to_have_count(0)


@pytest.mark.parametrize("screen", [WIDE, MIDDLE, PHONE], ids=["1440", "900", "360"])
def test_a_ring_is_answered_with_one_press(people: People, line: Line, screen: Screen) -> None:
    page = people.at("UANA", screen=screen)
    handle = line.rings("UANA")
    card = page.get_by_role("alertdialog", name="Ana Lima's phone rings")
    expect(card).to_contain_text(WORDS)
    expect(card.get_by_role("button", name="Answer", exact=True)).to_be_in_viewport(ratio=1)
    assert not line.answered(handle)
    card.get_by_role("button", name="Answer", exact=True).click()
    until_silent(page)
    assert line.answered(handle)


def test_it_rings_for_that_person_alone_and_stops_when_told(people: People, line: Line) -> None:
    ana, bo = people.at("UANA"), people.at("UBO")
    handle = line.rings("UANA")
    expect(ana.get_by_test_id("ringing")).to_be_visible()
    expect(bo.get_by_test_id("ringing")).to_have_count(0)
    line.ask(action="stop", handle=handle)
    until_silent(ana)


def test_the_keyboard_is_at_the_phone_and_goes_back_where_it_was(people: People, line: Line) -> None:
    page = people.at("UANA", screen=MIDDLE)
    page.get_by_test_id("act-as").focus()
    handle = line.rings("UANA")
    expect(page.get_by_test_id("ringing")).to_be_focused()
    page.keyboard.press("Enter")  # pressed for something else: it must not acknowledge
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("answer")).to_be_focused()
    assert not line.answered(handle)
    page.keyboard.press("Enter")
    until_silent(page)
    expect(page.get_by_test_id("act-as")).to_be_focused()


def test_who_types_goes_on_typing_and_one_tab_reaches_the_phone(people: People, line: Line) -> None:
    page = people.at("UANA")
    page.get_by_test_id("composer").press_sequentially("64 tick")
    handle = line.rings("UANA")
    expect(page.get_by_test_id("ringing")).to_be_visible()
    page.keyboard.type("ets")
    expect(page.get_by_test_id("composer")).to_have_value("64 tickets")
    expect(page.get_by_role("alert").filter(has_text=WORDS)).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until_silent(page)
    assert line.answered(handle)
    expect(page.get_by_test_id("composer")).to_be_focused()


def test_it_can_be_answered_above_an_open_form(people: People, workspace: Workspace, line: Line) -> None:
    title = {"type": "plain_text", "text": "Declare"}

    def open_form(payload: Json) -> None:
        view = {"type": "modal", "title": title, "blocks": [{"type": "divider"}]}
        workspace.client.views_open(trigger_id=payload["trigger_id"], view=view)

    workspace.answers["command"] = open_form
    page = people.at("UANA", screen=PHONE)
    page.get_by_test_id("composer").fill("/incident")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_test_id("modal")).to_be_visible()
    handle = line.rings("UANA")
    page.get_by_test_id("answer").tap()
    until_silent(page)
    assert line.answered(handle)
    expect(page.get_by_test_id("modal")).to_be_visible()


def test_put_away_it_rings_on_behind_the_phone_button(people: People, line: Line) -> None:
    page = people.at("UANA", screen=PHONE)
    handle = line.rings("UANA")
    page.get_by_role("button", name="Put away; it goes on ringing").tap()
    until_silent(page)
    assert not line.answered(handle)
    page.get_by_role("button", name="Phone, ringing").tap()
    page.get_by_test_id("answer").tap()
    until_silent(page)
    assert line.answered(handle)


def test_two_calls_are_answered_one_after_the_other(people: People, line: Line) -> None:
    page = people.at("UANA")
    first, second = (
        line.rings("UANA", "SEV1 INC-142. Acknowledge."),
        line.rings("UANA", "SEV0 INC-143. Acknowledge."),
    )
    card = page.get_by_test_id("ringing")
    expect(card).to_contain_text("SEV1 INC-142. Acknowledge.Since 14:00 · 1 more call")
    page.get_by_test_id("answer").click()
    expect(card).to_contain_text("SEV0 INC-143")
    assert (line.answered(first), line.answered(second)) == (True, False)
    page.get_by_test_id("answer").click()
    until_silent(page)


def test_a_ring_shows_what_was_said_and_nothing_it_could_be_taken_for(people: People, line: Line) -> None:
    page = people.at("UANA", screen=PHONE)
    line.rings("UANA", "<b>SEV1</b> " + "averylongword" * 40)
    words = page.locator(".ringing-words")
    expect(words).to_contain_text("<b>SEV1</b>")
    expect(page.get_by_test_id("answer")).to_be_in_viewport(ratio=1)
    width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    assert width <= PHONE.width
