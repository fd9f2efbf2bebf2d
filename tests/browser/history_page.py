"""Saving, the library and the history as a person uses them. Locators are private, verbs public, assertions outside."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.workbench_page import LIMIT


class HistoryPages:
    """The pages around the workbench in one browser."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def save(self, message: str, author: str = "") -> None:
        """Save the draft with a message, under a name if one is given."""
        self._of("save").locator("button").first.click()
        self._of("save_message").locator("input").fill(message)
        if author:
            self._of("save_author").locator("input").fill(author)
        self._of("save_now").locator("button").click()
        expect(self._of("save_message")).to_have_count(0, timeout=LIMIT)

    def open_history(self) -> None:
        """Go to the history of what is open."""
        self._page.get_by_role("link", name="History").click()
        expect(self._of("history_bar")).to_be_visible(timeout=LIMIT)

    def open_library(self) -> None:
        """Go to the library."""
        self._page.get_by_role("link", name="Library").click()
        expect(self._of("library_bar")).to_be_visible(timeout=LIMIT)

    def search_library(self, text: str) -> None:
        """Look for something in the library."""
        field = self._of("library_search").locator("input")
        field.fill(text)
        field.press("Enter")

    def open_first_card(self) -> None:
        """Open the first saved workflow of the library."""
        self.cards.first.get_by_role("button", name="Open").click()
        expect(self._of("grid").locator(".tabulator-row").first).to_be_visible(timeout=LIMIT)

    def restore(self, number: int) -> None:
        """Make a version the draft."""
        self.row(f"version {number}").get_by_role("button", name="Restore").click()
        expect(self._of("grid").locator(".tabulator-row").first).to_be_visible(timeout=LIMIT)

    def open_run(self, row: Locator) -> None:
        """Open a run as it was."""
        row.get_by_role("button", name="Open").click()
        expect(self._of("grid").locator(".tabulator-row").first).to_be_visible(timeout=LIMIT)

    def tick(self, row: Locator) -> None:
        """Choose something to be compared."""
        row.locator("label").first.click()

    def link_of(self, row: Locator) -> str:
        """Return the address that opens a version or a run."""
        row.locator('[class*="st-key-more_"] button').click()
        return self._page.locator('[data-testid="stPopoverBody"] code').inner_text()

    def follow(self, address: str) -> None:
        """Open a link in this tab."""
        self._page.goto(address)
        expect(self._of("grid").locator(".tabulator-row").first).to_be_visible(timeout=LIMIT)

    def merge(self) -> None:
        """Merge what somebody else has saved into the draft."""
        self._of("conflict_merge").locator("button").click()
        expect(self._of("conflict")).to_have_count(0, timeout=LIMIT)

    def choose_theirs(self, number: int) -> None:
        """Let theirs hold where both changed the same."""
        self._of(f"collision_{number}").get_by_text("theirs").click()

    def row(self, text: str) -> Locator:
        """The row of the history that holds a text."""
        return self.rows.filter(has_text=text).first

    @property
    def rows(self) -> Locator:
        """The rows of the history, newest first."""
        return self._page.locator('[class*="st-key-row_"]')

    @property
    def cards(self) -> Locator:
        """The saved workflows of the library, the latest saved first."""
        return self._of("library").locator('[class*="st-key-card_"]')

    @property
    def conflict(self) -> Locator:
        """What is told of somebody else's version."""
        return self._of("conflict")

    @property
    def stand(self) -> Locator:
        """Whether the draft is a version, or a version that was changed."""
        return self._of("stand")

    @property
    def compare_button(self) -> Locator:
        """The button that compares what is ticked."""
        return self._of("compare").locator("button")

    def _of(self, key: str) -> Locator:
        return self._page.locator(f".st-key-{key}")
