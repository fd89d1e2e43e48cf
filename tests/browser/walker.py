"""Somebody at the page beside the real bot: looks, types, presses and chooses as a person would.

Every step waits for what it needs with a deadline; nothing sleeps."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE, WIDE, Screen
from tests.support.processes import Running
from tests.support.workspace import Json

WITHIN_MS = 20_000
EVENING = "2026-11-30T19:00:00Z"  # AMER holds: Ana primary, Bo backup, Dana lead
APP = "Meridian"


class Walker:
    """One tab. `faults` holds what the page's own script got wrong."""

    def __init__(self, page: Page, screen: Screen) -> None:
        self.page = page
        self.screen = screen
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    @property
    def is_phone(self) -> bool:
        return self.screen is PHONE

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#main .message")

    @property
    def card(self) -> Locator:
        """The first message of the place."""
        return self.messages.first

    @property
    def answer(self) -> Locator:
        """The newest message that only this person sees."""
        return self.page.locator("#main .message.ephemeral").last

    @property
    def lock_screen(self) -> Locator:
        return self.page.get_by_test_id("lock-screen")

    def acts_as(self, name: str) -> None:
        self.page.get_by_test_id("act-as").click()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        face = self.page.get_by_test_id("act-as")
        expect(face).to_have_attribute("aria-label", re.compile(f"^Acting as {name},"))

    def place(self, name: str) -> Locator:
        """A row of the list of conversations."""
        exactly = re.compile(f"^{re.escape(name)}$")
        return self.page.locator("#sidebar .place", has=self.page.locator(".place-name", has_text=exactly))

    def goes(self, name: str) -> None:
        if self.is_phone:
            self.page.get_by_test_id("menu-button").click()
        self.place(name).click()
        expect(self.place(name)).to_have_class(re.compile(r"\bactive\b"))

    def reads_direct(self, words: str) -> Locator:
        """The newest message of the bot to this person in which the words stand."""
        self.goes(APP)
        return self.reads(words)

    def reads(self, words: str) -> Locator:
        found = self.messages.filter(has_text=words).last
        expect(found).to_be_visible()
        return found

    def types(self, text: str, composer: Locator | None = None) -> None:
        """Into the composer, and sends it."""
        box = composer or self.composer
        box.fill(text)
        if self.is_phone:
            self.page.locator("#main").get_by_role("button", name="Send").click()
        else:
            box.press("Enter")

    def asks(self, command: str) -> Locator:
        """Types a command; the private answer to it."""
        answers = self.page.locator("#main .message.ephemeral")
        before = answers.count()
        self.types(command)
        expect(answers).to_have_count(before + 1)
        return answers.last

    def presses(self, label: str, within: Locator | None = None) -> None:
        (within or self.page.locator("#main")).get_by_role("button", name=label, exact=True).click()

    def follows(self, label: str, within: Locator) -> None:
        """A button that is a link to a channel of this workspace."""
        within.get_by_role("link", name=label, exact=True).click()

    def confirms(self, label: str) -> None:
        self.page.get_by_role("dialog").last.get_by_role("button", name=label, exact=True).click()

    def waits_for_form(self, title: str) -> Locator:
        expect(self.modal.get_by_role("heading", name=title)).to_be_visible()
        return self.modal

    def field(self, name: str) -> Locator:
        """An input of the form, by its action id."""
        return self.modal.locator(f"[data-action-id='{name}']")

    def fills(self, name: str, text: str) -> None:
        self.field(name).fill(text)

    def chooses(self, opener: Locator, words: str) -> None:
        """One option of a menu, by words that stand in it."""
        opener.click()
        self.page.get_by_role("option").filter(has_text=words).first.click()

    def chooses_person(self, field: str, name: str) -> None:
        self.field(field).click()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(self.field(field)).to_contain_text(name)

    def sends(self) -> None:
        """The form; it must be taken."""
        submit = self.modal.get_by_test_id("modal-submit")
        view = self.modal.get_attribute("data-view-id")
        submit.click()
        expect(self.page.locator(f"[data-view-id='{view}'] [data-testid=modal-submit]")).to_have_count(0)

    def leaves_form(self) -> None:
        """And those under it."""
        while self.modal.count():
            view = self.modal.get_attribute("data-view-id")
            self.page.keyboard.press("Escape")
            expect(self.page.locator(f"[data-view-id='{view}']")).to_have_count(0)

    def opens_more(self, choice: str) -> None:
        """One choice of the card's menu."""
        self.presses("More ▾", self.card)
        menu = self.waits_for_form(": more")
        menu.get_by_role("button", name=choice, exact=True).click()

    def opens_menu_of(self, message: Locator) -> None:
        """What can be done with a message."""
        message.hover()
        message.get_by_role("button", name="More actions").click()

    def reacts(self, emoji: str, message: Locator) -> None:
        """By the emoji menu."""
        message.hover()
        message.get_by_role("button", name="Add reaction").click()
        self.page.locator(f"[data-emoji={emoji}]").click()

    def moves_clock_to(self, instant: str) -> None:
        """By the clock in the bar; `2026-12-01T01:00`, UTC."""
        self.page.get_by_test_id("clock").first.click()
        self.page.get_by_label("Time in UTC").fill(instant)
        self.page.get_by_role("button", name="Go there").click()
        self.page.keyboard.press("Escape")


@contextmanager
def started(home: Path) -> Iterator[Running]:
    """The bot and its workspace as `make run` starts them, on the Monday evening of the example."""
    home.mkdir(parents=True, exist_ok=True)
    with Running(home, begins=EVENING) as running:
        yield running


@contextmanager
def at_the_page(browser: Browser, running: Running, who: str, **how: Any) -> Iterator[Walker]:
    """`who` is a person's id; `how`: `screen`, `dark`."""
    screen: Screen = how.get("screen", WIDE)
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen is PHONE,
        is_mobile=screen is PHONE,
        color_scheme="dark" if how.get("dark") else "light",
        accept_downloads=True,
    )
    context.set_default_timeout(WITHIN_MS)
    walker = Walker(context.new_page(), screen)
    walker.page.goto(f"{running.workspace.url}?as={who}")
    expect(walker.page.locator(".place.active")).to_have_count(1)
    yield walker
    context.close()
    assert walker.faults == []


def lock_texts(running: Running, user: str) -> list[str]:
    """What stands on a person's lock screen, oldest first."""
    shown: list[Json] = running.workspace.state(user)["lock_screen"]
    return [str(each["text"]) for each in shown]
