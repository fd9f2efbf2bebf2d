"""The workbench as a person uses it. Locators are private, verbs are public, assertions belong to the tests."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

LIMIT = 20_000
# Real presses of the keys that hold these characters on a US keyboard.
KEYS = {'"': "Shift+Quote", "'": "Quote", "(": "Shift+Digit9", ")": "Shift+Digit0", "&": "Shift+Digit7", " ": "Space"}


class WorkbenchPage:
    """One open workbench."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self) -> None:
        """Open the page and wait until it is drawn."""
        self._page.goto(self._address)
        expect(self._rows().first).to_be_visible(timeout=LIMIT)
        expect(self._of("graph").locator("canvas")).to_be_visible(timeout=LIMIT)

    def reload(self) -> None:
        """Load the page anew."""
        self._page.reload()
        expect(self._rows().first).to_be_visible(timeout=LIMIT)

    def run(self) -> None:
        """Press Run."""
        self._press("run")

    def step(self) -> None:
        """Press Step."""
        self._press("step")

    def back(self) -> None:
        """Press Back."""
        self._press("back")

    def restart(self) -> None:
        """Press Restart."""
        self._press("restart")

    def stop(self) -> None:
        """Press Stop."""
        self._press("stop")

    def undo(self) -> None:
        """Press Undo."""
        self._press("undo")

    def redo(self) -> None:
        """Press Redo."""
        self._press("redo")

    def set_input(self, name: str, text: str) -> None:
        """Type a value into the field of an input and leave it."""
        field = self.input_field(name)
        field.fill(text)
        field.press("Enter")

    def input_field(self, name: str) -> Locator:
        """The field of an input."""
        return self._of(f"input_{name}").locator("input")

    def set_cell(self, row: int, column: str, text: str) -> None:
        """Edit a cell: double-click, replace its text, Enter. Rows count from 1."""
        cell = self._cell(row, column)
        cell.dblclick()
        editor = cell.locator("input")
        editor.fill(text)
        editor.press("Enter")
        expect(cell.locator("input")).to_have_count(0, timeout=LIMIT)

    def select_row(self, row: int) -> None:
        """Click into a row. Rows count from 1."""
        self._cell(row, "order").click()
        expect(self._rows().nth(row - 1)).to_have_class(re.compile("tt-selected"), timeout=LIMIT)

    def press_keys(self, *names: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        for name in names:
            self._page.keyboard.press(name)

    def open_sample(self, name: str) -> None:
        """Choose an entry of the list of samples."""
        self._of("sample").locator("input").click()
        self._page.get_by_role("option", name=name).click()

    def add_first_task_by_keyboard(self) -> None:
        """Add a task to an empty table without the mouse; the cursor then stands on its function path."""
        self._of("add_task").locator("button").focus()
        self._page.keyboard.press("Enter")
        expect(self._rows()).to_have_count(1)

    def type_row(self, row: int, cells: tuple[str, ...]) -> None:
        """Type the cells of a row on whose function path the cursor stands. Rows count from 1."""
        expect(self._cell(row, "funcPath")).to_have_class(re.compile("tabulator-range-selected"))
        self._page.keyboard.press("ArrowLeft")
        for column, text in zip(("order", "funcPath", "inputKeys", "kwargs", "outputKeys"), cells, strict=True):
            if text:
                self._page.keyboard.press("Enter")
                editor = self._cell(row, column).locator("input")
                expect(editor).to_be_focused()
                editor.fill(text)
                editor.press("Enter")
                expect(editor).to_have_count(0)
            if column != "outputKeys":
                self._page.keyboard.press("ArrowRight")

    def replace_by_typing(self, row: int, column: str, text: str) -> None:
        """Click a cell and type over it, key by key, as at a keyboard. Rows count from 1."""
        self._cell(row, column).click()
        for character in text:
            self._page.keyboard.press(KEYS.get(character, character))
            expect(self._cell(row, column).locator("input")).to_be_focused()
        self._page.keyboard.press("Enter")
        expect(self._cell(row, column).locator("input")).to_have_count(0)

    def paste(self, row: int, column: str, text: str) -> None:
        """Click a cell and paste a text there, as from a spreadsheet. Rows count from 1."""
        self._cell(row, column).click()
        self.paste_rows(text)

    def paste_rows(self, text: str) -> None:
        """Paste a text where the cursor is."""
        script = """(grid, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            grid.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
        self._of("grid").locator(".tt-grid").evaluate(script, text)

    def drop_file(self, path: Path) -> None:
        """Drop a file somewhere on the page."""
        script = """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
        self._page.evaluate(script, [path.name, path.read_text(encoding="utf-8")])

    def mend(self, offer: str) -> None:
        """Take an offer of the problem list."""
        self._of("problems").get_by_role("button", name=offer).first.click()

    def close_preflight(self) -> None:
        """Close what is told of the file that was just opened."""
        self._press("close_preflight")

    def go_live(self) -> None:
        """Switch the live mode on."""
        self._of("run_more").locator("button").first.click()
        self._of("live").locator("label").first.click()
        self._page.keyboard.press("Escape")

    def show_side(self, name: str) -> None:
        """Show one side of the selected task in the inspector."""
        self._of("inspector_tab").get_by_text(name, exact=True).click()

    def fill_form(self, name: str, text: str) -> None:
        """Type into a field of the task's form and leave it."""
        field = self._of(f"form_{name}").locator("input")
        field.fill(text)
        field.press("Enter")

    def upload(self, path: Path) -> None:
        """Choose a file for upload, and wait until it is open."""
        self.choose_file(path)
        expect(self.preflight).to_contain_text(path.name)

    def choose_file(self, path: Path) -> None:
        """Choose a file for upload, be it one that is refused."""
        self._of("upload").locator("input[type=file]").set_input_files(path)

    def download_json(self, folder: Path) -> Path:
        """Download the workflow and return the file."""
        return self._download("download_json", folder)

    def download_csv(self, folder: Path) -> Path:
        """Download the table and return the file."""
        return self._download("download_csv", folder)

    def open_share(self) -> None:
        """Open the list of further ways to hand the workflow on."""
        self._of("share").locator("button").first.click()

    def open_popover(self, key: str) -> None:
        """Open what a button of the bar unfolds."""
        self._of(key).locator("button").first.click()

    def place(self, key: str) -> tuple[int, int]:
        """Where a part of the page begins: pixels from the left and from the top."""
        box = self._of(key).bounding_box()
        assert box, f"{key} is not there"
        return round(box["x"]), round(box["y"])

    @property
    def save_message(self) -> Locator:
        """The field of the save form for what is new."""
        return self._of("save_message").locator("input")

    def download_python(self, folder: Path) -> Path:
        """Download the workflow as a Python class and return the file."""
        return self._download("download_python", folder)

    def download_mermaid(self, folder: Path) -> Path:
        """Download the graph in Mermaid's language and return the file."""
        return self._download("download_mermaid", folder)

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the page."""
        self._page.screenshot(path=path)

    def cells(self, column: str) -> Locator:
        """The cells of one column, from top to bottom."""
        return self._rows().locator(f'.tabulator-cell[tabulator-field="{column}"]')

    def state(self, row: int) -> Locator:
        """The cell that says the state of a row. Rows count from 1."""
        return self._cell(row, "state")

    @property
    def status(self) -> Locator:
        """Whether the table can run, or how far the run has come."""
        return self._of("status")

    @property
    def stop_button(self) -> Locator:
        """The button Stop."""
        return self._of("stop").locator("button")

    @property
    def stops(self) -> Locator:
        """The stops of the stepper."""
        return self._of("stepper").locator("button")

    @property
    def graph(self) -> Locator:
        """The graph; its attribute `data-states` says node -> state as drawn."""
        return self._of("graph").locator(".tt-graph")

    @property
    def figure_names(self) -> Locator:
        """The legend entries of the drawn figures."""
        return self._of("outputs").locator(".js-plotly-plot .legendtext")

    @property
    def outputs(self) -> Locator:
        """The part of the page that shows the run's values."""
        return self._of("outputs")

    @property
    def inspector(self) -> Locator:
        """The part of the page that shows the selected task."""
        return self._of("inspector")

    @property
    def problems(self) -> Locator:
        """The entries of the problem list."""
        return self._of("problems").locator("button")

    @property
    def marked_cells(self) -> Locator:
        """The cells with a wavy underline."""
        return self._of("grid").locator(".tabulator-cell .tt-error")

    @property
    def undo_button(self) -> Locator:
        """The button Undo."""
        return self._of("undo").locator("button")

    @property
    def run_button(self) -> Locator:
        """The button Run."""
        return self._of("run").locator("button")

    @property
    def preflight(self) -> Locator:
        """What the page says of the file that was just opened."""
        return self._of("preflight")

    @property
    def notice(self) -> Locator:
        """What the page says has just happened."""
        return self._page.get_by_test_id("stToast")

    @property
    def figure(self) -> Locator:
        """The first figure among the outputs."""
        return self._of("outputs").locator(".js-plotly-plot").first

    def wait_until_read(self, scripts: list[str]) -> None:
        """Wait until the page has asked for these script files."""
        script = """names => {
            const read = performance.getEntriesByType("resource").map((entry) => entry.name);
            return names.every((name) => read.some((address) => address.endsWith(`/${name}`)));
        }"""
        self._page.wait_for_function(script, arg=scripts, timeout=LIMIT)

    def drawings(self) -> int:
        """How often the server has told the tab by which state it is drawn."""
        return int(self._page.evaluate("() => window.tasktableTab.drawn"))

    def wait_until_found_again(self, before: int) -> None:
        """Wait until a server that has begun anew has drawn the tab, and once more with the state that it had."""
        script = """least => window.tasktableTab.drawn >= least
            && document.querySelector("[data-test-script-state]").dataset.testScriptState === "notRunning"
        """
        self._page.wait_for_function(script, arg=before + 2, timeout=LIMIT)

    def series(self, name: str) -> list[float | None]:
        """Return the y values of one line of the first figure, read from the figure as it is drawn."""
        script = "(plot, name) => Array.from(plot._fullData.find((trace) => trace.name === name).y)"
        values: list[float | None] = self.figure.evaluate(script, name)
        return values

    def wait_for_series(self, name: str, missing: int) -> None:
        """Wait until a line of the first figure begins with exactly so many missing values."""
        script = """([name, missing]) => {
            const plot = document.querySelector(".st-key-outputs .js-plotly-plot");
            const trace = (plot?._fullData ?? []).find((item) => item.name === name);
            const known = trace ? Array.from(trace.y).findIndex((value) => value !== null && !Number.isNaN(value)) : -1;
            return known === missing;
        }"""
        self._page.wait_for_function(script, arg=[name, missing], timeout=LIMIT)

    def _of(self, key: str) -> Locator:
        return self._page.locator(f".st-key-{key}")

    def _rows(self) -> Locator:
        return self._of("grid").locator(".tabulator-row")

    def _cell(self, row: int, column: str) -> Locator:
        return self._rows().nth(row - 1).locator(f'.tabulator-cell[tabulator-field="{column}"]')

    def _press(self, key: str) -> None:
        self._of(key).locator("button").click()

    def _download(self, key: str, folder: Path) -> Path:
        with self._page.expect_download() as waiting:
            self._of(key).locator("button").click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
