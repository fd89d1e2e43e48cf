"""The other stories at the page: restricted, in a thread, in free words, with a wrong severity, hostile."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.walker import APP, Walker, at_the_page, started
from tests.support.processes import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

HOSTILE = "<!channel> <@UKENJI> *bold* <https://evil.example|click> \u202e<script>window.hit=1</script>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(tmp_path_factory.mktemp("asides") / "home") as found:
        yield found


@pytest.fixture
def walker(chromium: Browser, running: Running) -> Iterator[Walker]:
    with at_the_page(chromium, running, "UPRIYA") as found:
        found.goes("general")
        yield found


def key_in(words: str) -> str:
    found = re.search(r"(INC-\d+|R-\w+) declared", words)
    assert found, words
    return found[1]


def declared(walker: Walker, words: str) -> str:
    """Typed in one line; the key that was answered."""
    answer = walker.asks(f"/incident {words}")
    expect(answer).to_contain_text("declared as")
    return key_in(answer.inner_text())


def enters(walker: Walker, key: str) -> None:
    """By the link that the declarer gets."""
    walker.follows("Open channel", walker.reads_direct(f"{key} is declared"))
    expect(walker.card).to_contain_text(key)


def test_a_restricted_incident_is_nowhere_for_whoever_is_no_part_of_it(
    walker: Walker, running: Running
) -> None:
    key = declared(walker, "sev2 Threats against a child in Tokyo")
    assert key.startswith("R-")
    walker.reads_direct("Opened restricted because")
    expect(walker.place(key.lower())).to_be_visible()
    walker.acts_as("Kenji Mori")
    expect(walker.place(key.lower())).to_have_count(0)
    walker.goes("incidents")
    expect(walker.messages.filter(has_text=key)).to_have_count(0)
    assert key not in str(running.workspace.state("UKENJI"))
    listed = walker.asks("/incident list")
    expect(listed).to_contain_text("open")
    expect(listed).not_to_contain_text(key)
    forbidden = walker.asks(f"/incident show {key}").locator(".text").first.inner_text()
    unknown = walker.asks("/incident show R-ZZZZZ").locator(".text").first.inner_text()
    assert forbidden.replace(key, "KEY") == unknown.replace("R-ZZZZZ", "KEY")


def test_a_mention_in_a_thread_is_understood_where_commands_are_not(walker: Walker) -> None:
    key = declared(walker, "sev3 Odd traffic from one partner")
    enters(walker, key)
    walker.types("What do we know?")
    walker.reads("What do we know?").hover()
    walker.page.get_by_role("button", name="Reply in thread").first.click()
    thread = walker.page.get_by_test_id("thread-composer")
    thread.press_sequentially("@merid")
    walker.page.keyboard.press("Enter")
    thread.press_sequentially("note partner was called")
    walker.page.keyboard.press("Enter")
    expect(walker.page.get_by_test_id("thread-log")).to_contain_text("noted on the timeline")


def test_words_that_are_no_command_open_the_form_with_them(walker: Walker) -> None:
    walker.types("/incident payouts are going to strangers")
    walker.waits_for_form("Declare incident")
    expect(walker.field("title")).to_have_value("payouts are going to strangers")
    walker.leaves_form()


def test_a_wrong_severity_keeps_the_title_and_offers_the_right_ones(walker: Walker) -> None:
    answer = walker.asks("/incident declare sev7 Refunds loop")
    expect(answer).to_contain_text("There is no SEV7. Your title is kept: “Refunds loop”.")
    walker.presses("SEV3", answer)
    walker.reads("declared as SEV3")


def test_a_hostile_title_stays_words_and_calls_nobody(walker: Walker, running: Running) -> None:
    before = len(running.workspace.state("UKENJI")["lock_screen"])
    key = declared(walker, f"sev3 {HOSTILE}")
    enters(walker, key)
    expect(walker.card).to_contain_text("<!channel>")
    assert walker.page.evaluate("window.hit") is None
    expect(walker.card.locator("a[href*='evil.example'], script")).to_have_count(0)
    assert len(running.workspace.state("UKENJI")["lock_screen"]) == before


def test_the_same_words_work_in_a_direct_message_to_the_bot(walker: Walker) -> None:
    walker.goes(APP)
    walker.types("oncall")
    walker.reads("On call now")


def test_a_message_is_declared_an_incident_from_its_own_menu(walker: Walker) -> None:
    walker.types("Chargebacks tripled since noon")
    walker.opens_menu_of(walker.reads("Chargebacks tripled"))
    walker.page.get_by_role("menuitem", name="Declare incident").click()
    walker.waits_for_form("Declare incident")
    expect(walker.field("title")).to_have_value("Chargebacks tripled since noon")
    walker.leaves_form()
