"""The page of sweeps as a person uses it. Locators are private, verbs public, assertions outside."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.workbench_page import LIMIT

# A run is a process of its own; several of them take their time on a busy machine.
RUNS_LIMIT = 120_000
ROW = 33
PLOT = ".st-key-sweep_map .js-plotly-plot"
# The middle of a cell in the window, from the axes of the map as it is drawn.
PLACE = """(plot, [across, up]) => {
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.x + xaxis._offset + xaxis.d2p(across), box.y + yaxis._offset + yaxis.d2p(up)];
}"""


class SweepPage:
    """The page of sweeps in one browser."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self) -> None:
        """Go there from another page."""
        self._page.get_by_role("link", name="Sweep").click()
        expect(self._of("sweep_form")).to_be_visible(timeout=LIMIT)

    def vary(self, place: int, target: str, values: str) -> None:
        """Choose what is varied first (0) or second (1), and type its values."""
        field = self._of(f"sweep_target_{place}").locator("input")
        field.fill(target)
        self._page.get_by_role("option", name=target, exact=True).click()
        expect(self._of(f"sweep_values_{place}").locator("input")).to_be_enabled()
        self._of(f"sweep_values_{place}").locator("input").fill(values)
        self._of(f"sweep_values_{place}").locator("input").press("Enter")

    def run(self) -> None:
        """Press Run all."""
        self._of("sweep_run").locator("button").click()

    def stop(self) -> None:
        """Press Stop."""
        self._of("sweep_stop").locator("button").click()

    def go_on(self) -> None:
        """Press Continue."""
        self._of("sweep_continue").locator("button").click()

    def reload(self) -> None:
        """Load the page anew."""
        self._page.reload()
        expect(self._of("sweep_form")).to_be_visible(timeout=LIMIT)

    def cells(self) -> list[list[float | None]]:
        """Return the numbers of the map, a row for each value of the first axis, as the browser has drawn them."""
        found: Any = self.map.evaluate("plot => Array.from(plot._fullData[0].z, row => Array.from(row))")
        cells: list[list[float | None]] = found
        return cells

    def click_cell(self, across: int, up: int) -> None:
        """Click the cell in a column and a row of the map, from 0."""
        x, y = self.map.evaluate(PLACE, [across, up])
        self._page.mouse.move(x, y)
        expect(self.map.locator(".hoverlayer .hovertext")).to_have_count(1)
        self._page.mouse.click(x, y)

    def click_row(self, row: int) -> None:
        """Click the state of a row of the table, from 0."""
        self._click_table(60, row)

    def tick_row(self, row: int) -> None:
        """Tick a row of the table, from 0."""
        self._click_table(18, row)

    def compare(self) -> None:
        """Press Compare."""
        self._of("sweep_compare").locator("button").click()

    @property
    def title(self) -> Locator:
        """What is swept."""
        return self._of("sweep").get_by_role("heading").first

    def values(self, place: int) -> Locator:
        """The field of the values of what is varied first (0) or second (1)."""
        return self._of(f"sweep_values_{place}").locator("input")

    @property
    def amount(self) -> Locator:
        """How much it is, beside the button that runs it."""
        return self._of("sweep_form")

    @property
    def progress(self) -> Locator:
        """How far the sweep has come."""
        return self._of("sweep_progress")

    @property
    def map(self) -> Locator:
        """The map."""
        return self._page.locator(PLOT)

    @property
    def compare_button(self) -> Locator:
        """The button that compares."""
        return self._of("sweep_compare").locator("button")

    @property
    def workflow_name(self) -> Locator:
        """The name of the draft on the workbench."""
        return self._of("workflow_name").locator("input")

    def input(self, name: str) -> Locator:
        """The field of an input on the workbench."""
        return self._of(f"input_{name}").locator("input")

    def _click_table(self, across: int, row: int) -> None:
        """Click so many pixels from the left in a row; the table is a canvas with rows of equal height."""
        table = self._of("sweep_table").locator(".dvn-scroller")
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        assert box
        self._page.mouse.click(box["x"] + across, box["y"] + ROW * (row + 1.5))

    def _of(self, key: str) -> Locator:
        return self._page.locator(f".st-key-{key}")
