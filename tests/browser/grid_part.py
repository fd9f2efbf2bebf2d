"""The grid of the workbench as a person picks rows in it. Verbs are public; assertions belong to the tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class GridPart:
    """The grid on an open workbench. Rows count from 1."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._grid = page.locator(".st-key-grid .tt-grid")

    @property
    def picked(self) -> Locator:
        """The rows that are picked as wholes."""
        return self._grid.locator(".tabulator-row.tt-picked[aria-selected=true]")

    @property
    def count(self) -> Locator:
        """How many rows are picked, in words."""
        return self._bar().get_by_role("status")

    @property
    def skeleton(self) -> Locator:
        """What stands in until the grid is drawn."""
        return self._grid.locator(".tt-skeleton")

    def toggle(self, row: int) -> None:
        """Click a row with Ctrl held."""
        self._row(row).locator('[tabulator-field="funcPath"]').click(modifiers=["Control"])

    def press_number(self, row: int, *modifiers: str) -> None:
        """Click the number of a row."""
        for name in modifiers:
            self._page.keyboard.down(name)
        self._row(row).locator(".tt-handle").click()
        for name in modifiers:
            self._page.keyboard.up(name)

    def press(self, name: str) -> None:
        """Press a button of the bar for picked rows."""
        self._bar().get_by_role("button", name=name).click()

    def copied(self) -> str:
        """Press Ctrl+C and return what goes to the clipboard."""
        script = """() => {
            window.copied = null;
            const write = DataTransfer.prototype.setData;
            DataTransfer.prototype.setData = function (kind, text) {
                window.copied = text;
                DataTransfer.prototype.setData = write;
                return write.call(this, kind, text);
            };
        }"""
        self._page.evaluate(script)
        self._page.keyboard.press("Control+c")
        found: str = self._page.evaluate("() => window.copied")
        return found

    def _row(self, row: int) -> Locator:
        return self._grid.locator(".tabulator-row").nth(row - 1)

    def _bar(self) -> Locator:
        return self._grid.locator(".tt-rows")
