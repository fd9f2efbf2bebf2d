"""Comparing and handing on as a person does it. Locators are private, verbs public, assertions outside."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.workbench_page import LIMIT


class ComparePage:
    """The page that compares, in one browser."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self) -> None:
        """Go there by the bar on top."""
        self._page.get_by_role("link", name="Compare").click()
        expect(self._of("compare_bar")).to_be_visible(timeout=LIMIT)

    def follow(self, *refs: str) -> None:
        """Open the link that names what is compared."""
        named = "&".join(f"{letter}={ref}" for letter, ref in zip("abcdef", refs, strict=False))
        self._page.goto(f"{self._address}/compare?{named}")
        expect(self._of("compare_bar")).to_be_visible(timeout=LIMIT)

    def choose(self, place: str, text: str) -> None:
        """Choose what is compared: "old" or "new"."""
        self._of(f"compare_{place}").locator("input").click()
        self._page.get_by_role("option", name=re.compile(rf"^{re.escape(text)}( ·|$)")).first.click()

    def add(self, text: str) -> None:
        """Compare one more with the others."""
        self._of("compare_more").locator("input").click()
        self._page.get_by_role("option", name=re.compile(rf"^{re.escape(text)}( ·|$)")).first.click()
        self._page.keyboard.press("Escape")

    def swap(self) -> None:
        """Swap before and after."""
        self._of("compare_swap").locator("button").first.click()

    def lay_over(self, key: str) -> None:
        """Lay one figure over the other."""
        self._of(f"value_compare_{key}-how").get_by_text("Over each other").click()

    def plot_as(self, kind: str) -> None:
        """Choose how many runs are drawn together."""
        self._of("together_kind").get_by_text(kind).click()

    def run_again(self) -> None:
        """Run the one before again exactly, after what differs here was told."""
        self._of("compare_sides").get_by_role("button", name="Run again exactly").first.click()
        expect(self._of("again")).to_contain_text("Nothing differs here", timeout=LIMIT)
        self._of("again_now").locator("button").click()

    def download(self, kind: str, folder: Path) -> Path:
        """Download one of the files of the second run: "report", "bundle", "notebook" or "python"."""
        files = self._page.locator('[class*="st-key-files_run_"]')
        button = files.and_(self._page.locator(f'[class*="-{kind}"]')).get_by_role("button")
        if not button.count():
            files.last.locator("button").click()
        with self._page.expect_download() as waiting:
            button.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def output(self, key: str) -> Locator:
        """What is shown of one output."""
        return self._of(f"value_compare_{key}")

    def traces(self, key: str) -> list[str]:
        """The names of the lines that are drawn of one output."""
        plot = self.output(key).locator(".js-plotly-plot").first
        expect(plot.locator(".scatterlayer path").first).to_be_attached(timeout=LIMIT)
        found: list[str] = plot.evaluate("plot => plot._fullData.map((trace) => trace.name)")
        return found

    def zoom(self, key: str) -> list[list[str]]:
        """Drag a stretch of the left figure to its full width; return what the left and the right one show then."""
        plot = self.output(key).locator(".js-plotly-plot").first
        plot.scroll_into_view_if_needed()
        box = plot.locator(".nsewdrag").first.bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        self._page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        self._page.mouse.down()
        self._page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
        self._page.mouse.up()
        script = """(plot) => [plot._fullData[0], plot._fullData[plot._fullData.length - 1]].map(
            (trace) => plot._fullLayout[trace.xaxis.replace("x", "xaxis")].range)"""
        found: list[list[str]] = plot.evaluate(script)
        return found

    @property
    def summary(self) -> Locator:
        """The one sentence."""
        return self._of("compare_summary")

    @property
    def causes(self) -> Locator:
        """What was done differently."""
        return self._of("compare_causes")

    @property
    def refused(self) -> Locator:
        """What is said of something that cannot be compared."""
        return self._page.get_by_role("alert")

    @property
    def sides(self) -> Locator:
        """The cards of the two."""
        return self._of("compare_sides")

    @property
    def together(self) -> Locator:
        """The table and the plot of many."""
        return self._of("together")

    def _of(self, key: str) -> Locator:
        return self._page.locator(f".st-key-{key}")
