"""One value of the workbench as a person looks at it. Verbs are public; assertions belong to the tests."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page


class ValuePart:
    """One drawn value: `place` and `name` say which."""

    def __init__(self, page: Page, place: str, name: str) -> None:
        self._page = page
        self._key = f"value_{place}_{name}"

    @property
    def whole(self) -> Locator:
        """All of it."""
        return self._page.locator(f".st-key-{self._key}")

    @property
    def pages(self) -> Locator:
        """Which rows are shown, and the controls for others."""
        return self._of("pages")

    @property
    def tools(self) -> Locator:
        """The table's own tools."""
        return self.table.get_by_test_id("stElementToolbarButton")

    @property
    def table(self) -> Locator:
        """The table that is shown; its cells are there once it is in sight."""
        return self.whole.get_by_test_id("stDataFrame")

    def cell(self, row: int, column: int) -> Locator:
        """A cell of the table, as a screen reader meets it; the index is column 0."""
        return self.table.get_by_test_id(f"glide-cell-{column}-{row}")

    def show(self, view: str) -> None:
        """Choose rows, statistics or the picture."""
        self._of("view").get_by_role("radio", name=view).click()

    def go_to_page(self, number: int) -> None:
        """Type the number of a page."""
        field = self._of("page").get_by_label("Page")
        field.fill(str(number))
        field.press("Enter")

    def sort_by(self, column: str) -> None:
        """Choose the column to sort by."""
        self._of("sort").locator("input").fill(column)
        self._page.keyboard.press("Enter")

    def descend(self) -> None:
        """Put the largest first."""
        self._of("descending").locator("label").click()

    def filter_by(self, column: str, field: str, text: str) -> None:
        """Open the filters, choose a column and fill one of its fields; close the filters."""
        self._of("filters").locator("button").click()
        self._of("filter").locator("input").fill(column)
        self._page.keyboard.press("Enter")
        entry = self._page.get_by_label(f"{column} {field}", exact=True)
        entry.fill(text)
        entry.press("Enter")
        self._page.keyboard.press("Escape")

    def save(self, suffix: str, folder: Path) -> Path:
        """Press a button for a file and return the file."""
        with self._page.expect_download() as waiting:
            self._of(suffix).locator("button").click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def _of(self, part: str) -> Locator:
        return self._page.locator(f".st-key-{self._key}-{part}")
