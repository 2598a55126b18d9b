"""A visitor's hands on the demo's page, in headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.demo.cast import Character
from tests.demos import BOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """None where this machine has no Chromium."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = next(filter(None, map(shutil.which, NAMES)), own if Path(own).exists() else None)
        browser = found and playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser or None
        if browser:
            browser.close()


@dataclass
class Visitor:
    """One window on the demo's page; whose phone it holds is changed by `takes`."""

    page: Page

    def __getitem__(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid).locator("visible=true")

    def takes(self, person: Character, chat: int = BOT) -> None:
        """Hold that person's phone."""
        self.page.evaluate("hash => { location.hash = hash }", f"as={person.user_id}&chat={chat}")
        self.page.locator(f"[data-testid=person-{person.user_id}][aria-current=true]").wait_for(state="attached")

    def types(self, text: str) -> None:
        self["composer"].fill(text)
        self["composer"].press("Enter")

    def presses(self, label: str) -> None:
        """The newest button of that name, under a message or under the text box."""
        self.page.get_by_role("button", name=label, exact=True).locator("visible=true").last.click()

    def scans(self, person: Character) -> None:
        """Point the camera at the card on that person's screen."""
        self["scan-button"].click()
        self.page.locator(f"[data-testid=scan-target][data-person='{person.user_id}']").first.click()

    def sends(self, path: Path, caption: str = "") -> None:
        """A photo from the gallery."""
        self["attach"].click()
        with self.page.expect_file_chooser() as chooser:
            self["attach-photo"].click()
        chooser.value.set_files(path)
        self["caption"].fill(caption)
        self["upload-send"].click()

    def saves(self, path: Path) -> Path:
        """The newest photo in this chat, as a file."""
        address = self["photo"].last.locator("img").get_attribute("src") or ""
        path.write_bytes(self.page.request.get(urljoin(self.page.url, address)).body())
        return path

    def sees(self, text: str) -> None:
        """Wait until the newest message that has this text is there."""
        self["message"].filter(has_text=text).last.wait_for()


def visit(browser: Browser, url: str, **options: Any) -> Visitor:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 960}, "locale": "en-GB", **options})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(url)
    # The page chooses the first person by itself.
    page.locator("[data-testid=people] [aria-current=true]").wait_for(state="attached")
    return Visitor(page)
