"""`python -m benchmarks.pages`: how long a person waits at the library and the history of a full store, in a browser.

The store holds 10,000 versions and 50,000 runs. Each figure is the median of several, from the click or key press to
the first frame in which the page shows the answer. It informs: the exit code is 0 whether the bounds hold or not.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect, sync_playwright

from benchmarks import store as full
from benchmarks.browser import WATCH
from benchmarks.report import text_table
from core.settings import Settings
from core.store import Store
from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.browser.server import running_server

REPEATS, BOUND = 7, 300
CARDS = "document.querySelectorAll('.st-key-library [class*=\"st-key-card_\"]')"
ROWS = "document.querySelectorAll('.st-key-history [class*=\"st-key-row_\"]')"
PAGED = "[...document.querySelectorAll('button')].some((button) => button.innerText.includes('Older'))"
ALL_CARDS, ALL_ROWS = f"{CARDS}.length > 11 && {PAGED}", f"{ROWS}.length > 19 && {PAGED}"
SAID = "[...document.querySelectorAll('[data-testid=\"stCaptionContainer\"]')].some((c) => /{}/.test(c.innerText))"
NOTHING = SAID.format("Nothing is found")
CHOICES = "document.querySelector('[data-testid=\"stPopoverBody\"] code')"


class Wait(NamedTuple):
    """What is measured: its name, what comes before, when it is drawn, the event that begins it, and the act."""

    what: str
    prepare: Callable[[], None]
    drawn: str
    event: str
    act: Callable[[], None]


def main() -> None:
    """Fill a store, or take the one in the folder that is named, and print the table."""
    with tempfile.TemporaryDirectory(prefix="tasktable-") as made:
        folder = Path(sys.argv[1]) if sys.argv[1:] else Path(made)
        if not (folder / "tasktable.db").exists():
            with Store.open(Settings(data=folder)) as store:
                full.fill(store)
        print(f"load average {os.getloadavg()[0]:.1f}")
        with running_server(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(address)
            lines = [(wait.what, *_measured(page, wait)) for wait in works(page)]
            browser.close()
        print(text_table(("from click or Enter to drawn", "median ms", "worst", "bound"), lines))
        print(f"load average {os.getloadavg()[0]:.1f}")


def _measured(page: Page, wait: Wait) -> tuple[str, str, str]:
    times = []
    for _ in range(REPEATS + 1):
        wait.prepare()
        settled(page)
        page.evaluate(WATCH, [wait.event, wait.drawn])
        wait.act()
        page.wait_for_function("() => window.waited.end > 0", timeout=20_000)
        times.append(page.evaluate("() => window.waited.end - window.waited.start"))
    return f"{statistics.median(times[1:]):.0f}", f"{max(times[1:]):.0f}", str(BOUND)


def works(page: Page) -> list[Wait]:
    """Return what is measured."""
    tabs = Tabs(page)
    library, history = page.locator(".st-key-library_search input"), page.locator(".st-key-history_search input")
    older = page.get_by_role("button", name="Older")
    card, row = (
        page.locator(f'.st-key-{name} [class*="st-key-more_"] button').first for name in ("library", "history")
    )
    return [
        Wait("library", tabs.away, ALL_CARDS, "pointerdown", tabs.library.click),
        Wait(
            "library: search, found",
            lambda: tabs.typed(tabs.emptied, library, "crossover final"),
            ALL_CARDS,
            "keydown",
            lambda: library.press("Enter"),
        ),
        Wait(
            "library: search, nothing",
            lambda: tabs.typed(tabs.to_library, library, "xyzzy"),
            NOTHING,
            "keydown",
            lambda: library.press("Enter"),
        ),
        Wait("library: next page", tabs.to_library, SAID.format("13 to 24"), "pointerdown", older.click),
        Wait("library: more", tabs.to_library, CHOICES, "pointerdown", card.click),
        Wait("history", tabs.away, ALL_ROWS, "pointerdown", tabs.history.click),
        Wait(
            "history: search, found",
            lambda: tabs.typed(tabs.to_history, history, "#49005"),
            f"{ROWS}.length === 1",
            "keydown",
            lambda: history.press("Enter"),
        ),
        Wait(
            "history: search, nothing",
            lambda: tabs.typed(tabs.to_history, history, "xyzzy"),
            NOTHING,
            "keydown",
            lambda: history.press("Enter"),
        ),
        Wait("history: next page", tabs.to_history, SAID.format("21 to 40"), "pointerdown", older.click),
        Wait("history: more", tabs.to_history, CHOICES, "pointerdown", row.click),
    ]


class Tabs:
    """The ways to a page whose answer is not measured."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.library, self.history, self._functions = (
            page.get_by_role("link", name=name) for name in ("Library", "History", "Functions")
        )

    def away(self) -> None:
        """Go where nothing of the lists is drawn."""
        self._page.keyboard.press("Escape")
        self._functions.click()
        expect(self._page.locator(".st-key-function_search")).to_be_visible()

    def to_library(self) -> None:
        """Open the first page of the library."""
        self._to(self.library, ALL_CARDS)

    def to_history(self) -> None:
        """Open the first page of the history."""
        self._to(self.history, ALL_ROWS)

    def emptied(self) -> None:
        """Look for something in the library that is not there."""
        self.to_library()
        field = self._page.locator(".st-key-library_search input")
        field.fill("xyzzy")
        field.press("Enter")
        self._page.wait_for_function(f"() => {NOTHING}")

    def typed(self, go: Callable[[], None], field: Locator, text: str) -> None:
        """Go somewhere and type, without Enter."""
        go()
        field.fill(text)

    def _to(self, link: Locator, drawn: str) -> None:
        self.away()
        link.click()
        self._page.wait_for_function(f"() => {drawn}")
        settled(self._page)
        newer = self._page.get_by_role("button", name="Newer")
        if newer.is_enabled():
            newer.click()
            expect(newer).to_be_disabled()


def settled(page: Page) -> None:
    """Wait until nothing runs."""
    page.locator("[data-test-script-state='notRunning']").wait_for(state="attached")


if __name__ == "__main__":
    main()
