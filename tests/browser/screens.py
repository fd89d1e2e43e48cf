"""Pictures of the page beside the real bot, for docs/images: `python -m tests.browser.screens [FOLDER]`.

One story is lived through, and each of its moments is taken at three widths, two of them in the dark too."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from handlers.blocks import ids
from tests.browser.conftest import CHROMIUM, FLAGS, MIDDLE, PHONE, WIDE, Screen
from tests.browser.walker import Walker, at_the_page, started
from tests.support.processes import ROOT, Running
from tests.support.taking_over import takes_over
from tests.support.workspace import Person

FOLDER = ROOT / "docs" / "images"
SCREENS = (WIDE, MIDDLE, PHONE)
IN_THE_DARK = ("incident", "page")
EACH_AT_MOST, TOGETHER_AT_MOST = 250_000, 3_000_000  # bytes: they are kept in the repository
CHANNEL = "inc-1-fraud"

Scene = Callable[[Walker], None]


class Camera:
    """Takes a scene at every width, as one person."""

    def __init__(self, browser: Browser, running: Running, folder: Path) -> None:
        self._browser, self._running, self._folder = browser, running, folder

    def takes(self, name: str, who: str, scene: Scene, screens: tuple[Screen, ...] = SCREENS) -> None:
        for screen in screens:
            self._take(f"{name}-{screen.width}", who, scene, screen)
        if name in IN_THE_DARK:
            self._take(f"{name}-dark-{WIDE.width}", who, scene, WIDE, dark=True)

    def _take(self, name: str, who: str, scene: Scene, screen: Screen, dark: bool = False) -> None:
        with at_the_page(self._browser, self._running, who, screen=screen, dark=dark) as walker:
            scene(walker)
            walker.page.mouse.move(0, 0)
            path = self._folder / f"{name}.png"
            walker.page.screenshot(path=path, animations="disabled", caret="hide")
            walker.leaves_form()


def story(camera: Camera, running: Running) -> None:
    workspace = running.workspace
    priya, ana, kenji = (workspace.person(user) for user in ("UPRIYA", "UANA", "UKENJI"))
    begins_her_shift(ana)
    camera.takes("declare", "UPRIYA", the_declare_form)
    priya.types("/incident sev1 Account-takeover wave in EU")
    ana.waits_for_dm("Acknowledge by")
    camera.takes("page", "UANA", the_page)
    camera.takes("lock", "UANA", the_lock_screen, (PHONE,))
    ana.presses("page.acknowledge", ana.waits_for_dm("Acknowledge by"))
    ana.waits_for_message("acknowledged", CHANNEL)
    work(priya, ana)
    camera.takes("incident", "UPRIYA", the_incident)
    priya.types("/oncall", "fraud-ops")
    camera.takes("oncall", "UPRIYA", the_on_call_answer)
    camera.takes("home", "UANA", the_home)
    workspace.set_clock("2026-12-01T01:00:00Z")
    post = kenji.waits_for_message("AMER → APAC", "safety-handoff")
    camera.takes("handoff", "UKENJI", the_handoff)
    takes_over(kenji, post)
    kenji.presses(ids.ANSWER_TEST, kenji.waits_for_dm("Press Acknowledge"))
    kenji.waits_for_dm("Test answered")
    kenji.waits_for_message("Kenji Mori, acknowledged", CHANNEL)
    kenji.types("/incident resolve All sessions are revoked, payouts are released.", CHANNEL)
    kenji.waits_for_message("Postmortem draft", CHANNEL)
    camera.takes("resolved", "UKENJI", the_draft)


def begins_her_shift(ana: Person) -> None:
    """She takes it over and answers the test page that follows, so that both are behind her."""
    ana.presses(ids.HANDOFF_ACCEPT, ana.waits_for_dm("take over from"))
    ana.presses(ids.ANSWER_TEST, ana.waits_for_dm("Press Acknowledge"))
    ana.waits_for_dm("Test answered")


def work(priya: Person, ana: Person) -> None:
    """Half an hour of it: people talk, a step is done, an update is written."""
    workspace = ana.workspace
    workspace.move_clock(minutes=4)
    priya.says("Most of them installed the same browser extension, QuickSave", CHANNEL)
    priya.reacts("pushpin", priya.waits_for_message("QuickSave", CHANNEL))
    workspace.move_clock(minutes=6)
    ana.says("Then it is sessions, not passwords. Revoking batch 1 now", CHANNEL)
    ana.presses("step.done", ana.waits_for_message("Now, 1 of", CHANNEL))
    ana.waits_for_message("Now, 2 of", CHANNEL)
    workspace.move_clock(minutes=5)
    ana.types(
        "/incident update About 4,100 accounts since 06:00 UTC, still growing. Payouts are held.", CHANNEL
    )
    ana.waits_for_message("Latest update", CHANNEL)


def the_declare_form(walker: Walker) -> None:
    walker.goes("fraud-ops")
    walker.types("/incident Account-takeover wave in EU")
    form = walker.waits_for_form("Declare incident")
    walker.chooses(walker.field("growing"), "Yes")
    expect(form).to_contain_text("it is still growing")


def the_page(walker: Walker) -> None:
    walker.reads_direct("Acknowledge by")


def the_lock_screen(walker: Walker) -> None:
    walker.page.get_by_test_id("phone-button").click()
    expect(walker.lock_screen).to_contain_text("acknowledge by")


def the_incident(walker: Walker) -> None:
    walker.goes(CHANNEL)
    expect(walker.card).to_contain_text("Latest update")
    if walker.screen is not WIDE:
        walker.card.evaluate("node => node.scrollIntoView({ block: 'start' })")


def the_on_call_answer(walker: Walker) -> None:
    walker.goes("fraud-ops")
    walker.reads("On call now")


def the_home(walker: Walker) -> None:
    walker.goes("Meridian Home")
    expect(walker.page.get_by_test_id("home")).to_contain_text("On call now")


def the_handoff(walker: Walker) -> None:
    walker.goes("safety-handoff")
    walker.reads("AMER → APAC")


def the_draft(walker: Walker) -> None:
    walker.goes(CHANNEL)
    draft = walker.reads("Postmortem draft")
    draft.evaluate("node => node.scrollIntoView({ block: 'center' })")


def check_weight(folder: Path) -> None:
    """Raises SystemExit when the pictures are too heavy to be kept."""
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.png")}
    heavy = sorted(name for name, size in sizes.items() if size > EACH_AT_MOST)
    if heavy or sum(sizes.values()) > TOGETHER_AT_MOST:
        raise SystemExit(f"too heavy: {', '.join(heavy) or 'all of them together'}")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with started(Path(home) / "home") as running:
            story(Camera(browser, running, folder), running)
        browser.close()
    check_weight(folder)


if __name__ == "__main__":
    main()
