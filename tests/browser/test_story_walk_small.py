"""At 360 × 640, with the real bot's messages: fact, deadline and first button are seen without scrolling."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.walker import Walker, at_the_page, started
from tests.support.processes import Running
from tests.support.workspace import readable

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TITLE = "Account-takeover wave in EU through a browser extension that steals sessions"
LONGEST = TITLE + " and moves payouts to new bank accounts within minutes of the first login"
SHIFT_CHANGE = "2026-12-01T01:00:00Z"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(tmp_path_factory.mktemp("small") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def incident(running: Running) -> str:
    return opened(running)


def opened(running: Running) -> str:
    """A SEV1 for which Ana is paged: the name of its channel, once everything about it stands there."""
    workspace = running.workspace
    workspace.person("UPRIYA").types(f"/incident sev1 {LONGEST}")
    name = str(workspace.eventually("its channel", workspace.incident_channels)[0])
    workspace.eventually(
        "its card, joins and topic", lambda: len(workspace.channels()[name]["messages"]) >= 4
    )
    return name


def phone(chromium: Browser, running: Running, who: str) -> AbstractContextManager[Walker]:
    return at_the_page(chromium, running, who, screen=PHONE)


def assert_seen(walker: Walker, *things: Locator) -> None:
    """All of each stands between the bar and the composer."""
    bar = walker.page.locator("#topbar").bounding_box()
    foot = walker.page.locator("#main .place-foot, .modal-foot").last.bounding_box()
    assert bar is not None
    assert foot is not None
    for thing in things:
        expect(thing).to_be_in_viewport(ratio=1)
        box = thing.bounding_box()
        assert box is not None
        assert box["y"] >= bar["y"] + bar["height"] or walker.modal.count(), (thing, box)
        assert box["y"] + box["height"] <= foot["y"], (thing, box)
        assert box["x"] >= 0, (thing, box)
        assert box["x"] + box["width"] <= PHONE.width, (thing, box)


def words(message: Locator, text: str) -> Locator:
    return message.locator("strong, .date", has_text=text).first


def test_the_page(chromium: Browser, running: Running, incident: str) -> None:
    with phone(chromium, running, "UANA") as walker:
        page = walker.reads_direct("Acknowledge by")
        page.evaluate("node => node.scrollIntoView({ block: 'start' })")  # where a notice came before it
        assert_seen(walker, words(page, "You are on call"), words(page, "Acknowledge by"))
        assert_seen(walker, page.get_by_role("button", name="Acknowledge"))


@pytest.mark.parametrize("who", ["UPRIYA", "UANA"])
def test_the_card_of_a_new_incident(chromium: Browser, running: Running, incident: str, who: str) -> None:
    with phone(chromium, running, who) as walker:
        walker.goes(incident)
        expect(walker.page.get_by_test_id("system-line").filter(has_text="topic")).not_to_have_count(0)
        assert_seen(walker, words(walker.card, "SEV1"), words(walker.card, "your time"))
        assert_seen(walker, walker.card.get_by_role("button", name="Acknowledge"))


def test_the_handoff(chromium: Browser, tmp_path: Path) -> None:
    with started(tmp_path / "home") as running, phone(chromium, running, "UKENJI") as walker:
        opened(running)
        running.workspace.set_clock(SHIFT_CHANGE)
        running.workspace.person("UKENJI").waits_for_message("AMER → APAC", "safety-handoff")
        walker.goes("safety-handoff")
        post = walker.reads("AMER → APAC")
        assert_seen(walker, words(post, "AMER → APAC"), words(post, "your time"))
        assert_seen(walker, post.get_by_role("button", name="I have it"))


def test_the_declare_form(chromium: Browser, running: Running) -> None:
    with phone(chromium, running, "UPRIYA") as walker:
        walker.goes("general")
        walker.types("/incident")
        form = walker.waits_for_form("Declare incident")
        answers = walker.field("in_danger"), walker.field("growing"), walker.field("authority")
        assert_seen(walker, walker.field("title"), *answers, walker.field("severity"))
        expect(form.get_by_test_id("modal-submit")).to_be_in_viewport(ratio=1)
        walker.leaves_form()


def test_a_place_opens_where_reading_was_left_off(running: Running, chromium: Browser) -> None:
    ana = running.workspace.person("UANA")
    for number in range(30):
        ana.says(f"line {number} of what happened before", "fraud-ops")
    running.workspace.post("mark", **{"as": "UBO"}, channel=ana.messages("fraud-ops")[-1]["channel"])
    for number in range(30):
        ana.says(f"news {number} of what happened since", "fraud-ops")
    assert "news 29" in readable(ana.messages("fraud-ops")[-1])
    with phone(chromium, running, "UBO") as walker:
        walker.goes("fraud-ops")
        assert_seen(walker, walker.messages.filter(has_text="news 0 "))
        expect(walker.page.get_by_role("button", name="Latest messages")).to_be_visible()
