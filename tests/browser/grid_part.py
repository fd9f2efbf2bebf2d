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

    @property
    def delete_button(self) -> Locator:
        """The button under the table that deletes rows."""
        return self._page.locator(".st-key-delete_task button")

    @property
    def duplicate_button(self) -> Locator:
        """The button under the table that duplicates rows."""
        return self._page.locator(".st-key-duplicate_task button")

    @property
    def running(self) -> Locator:
        """The marks of rows that run."""
        return self._grid.locator(".tt-state-running")

    def marked_keys(self, row: int) -> Locator:
        """The keys of a row that are marked as wrong."""
        return self._grid.locator(".tabulator-row").nth(row - 1).locator(".tt-chip.tt-error, .tt-error .tt-chip")

    def cut(self) -> list[str]:
        """Return the names of functions and keys that are not shown whole."""
        script = "parts => parts.filter(part => part.scrollWidth > part.clientWidth).map(part => part.textContent)"
        found: list[str] = self._grid.locator(".tt-path > :first-child, .tt-chip").evaluate_all(script)
        return found

    def widths(self) -> dict[str, float]:
        """Return column -> width, once the fonts are there."""
        script = """async heads => {
            await document.fonts.ready;
            return heads.map((head) => [head.getAttribute("tabulator-field"), head.offsetWidth]);
        }"""
        found = self._grid.locator(".tabulator-col[tabulator-field]").evaluate_all(script)
        return dict(found)

    def drag_edge(self, column: str, across: int) -> None:
        """Drag the right edge of a column."""
        x, y = self._edge(column)
        self._page.mouse.move(x, y)
        self._page.mouse.down()
        self._page.mouse.move(x + across, y, steps=5)
        self._page.mouse.up()

    def press_edge_twice(self, column: str) -> None:
        """Double-click the right edge of a column."""
        self._page.mouse.dblclick(*self._edge(column))

    def turn_wheel(self, down: int) -> None:
        """Turn the wheel over the table."""
        self._grid.hover()
        self._page.mouse.wheel(0, down)

    def first_in_sight(self) -> int:
        """Return the number of the row at the upper edge."""
        script = """grid => {
            const top = grid.querySelector(".tabulator-tableholder").getBoundingClientRect().top;
            const rows = [...grid.querySelectorAll(".tabulator-row")];
            const first = rows.find((row) => row.getBoundingClientRect().bottom > top + 1);
            return Number(first.querySelector(".tt-handle").innerText);
        }"""
        found: int = self._grid.evaluate(script)
        return found

    def type(self, text: str) -> None:
        """Type a text as fast as a keyboard can."""
        self._page.keyboard.type(text)

    def _edge(self, column: str) -> tuple[float, float]:
        box = self._grid.locator(f'.tabulator-col[tabulator-field="{column}"]').bounding_box()
        assert box
        return box["x"] + box["width"] - 1, box["y"] + box["height"] / 2

    def _row(self, row: int) -> Locator:
        return self._grid.locator(".tabulator-row").nth(row - 1)

    def _bar(self) -> Locator:
        return self._grid.locator(".tt-rows")
