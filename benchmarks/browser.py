"""`make bench-browser`: how long a person waits at the workbench, measured inside a real browser.

Each figure is the median of several, from the key press or click to the first frame in which the page shows the answer,
with the share of its bound. It informs: the exit code is 0 whether the bounds hold or not.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import text_table
from core import Workflow
from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.browser.server import running_server
from tests.browser.workbench_page import WorkbenchPage

REPEATS = 9
CHAIN = "sample_workflows.technical.exponential_moving_average"
# Notes the time of the next key press or click, and of the first frame after it in which the condition holds.
WATCH = """([event, condition]) => {
    const holds = new Function(`return ${condition}`);
    const times = (window.waited = {});
    addEventListener(event, () => { times.start = performance.now(); }, { capture: true, once: true });
    const look = () => {
        if (times.start && holds()) times.end = performance.now();
        else requestAnimationFrame(look);
    };
    look();
}"""
INSIDE = "[...document.querySelectorAll('.st-key-graph *')].map((e) => e.shadowRoot?.querySelector('.tt-graph'))"
GRAPH = f"{INSIDE}.find(Boolean)"
STEPPED = "/done|reused/.test(document.querySelector('.st-key-inspector strong')?.textContent)"
EDITED = (
    "(document.querySelectorAll('.st-key-problems button').length > 0) === {broken}"
    f" && Object.values(JSON.parse({GRAPH}.dataset.states)).includes('broken') === {{broken}}"
)


def main() -> None:
    """Print the table."""
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        workbench = WorkbenchPage(page, address)
        workbench.open()
        lines = [("first page interactive", *_waits(_open_times(browser.new_page, address), 2500))]
        for count, bound in ((10, 250), (300, 600)):
            _open_chain(workbench, count)
            lines.append((f"Enter in a cell to problems and graph, {count} tasks", *_waits(_edits(page), bound)))
        workbench.open_sample("3 Moving averages")
        expect(workbench.cells("order")).to_have_count(11)
        lines.append(("Step to inspector", *_waits(_steps(page, workbench), 250)))
        browser.close()
    print(text_table(("what", "median ms", "bound ms", "share"), lines))


def _waits(times: list[float], bound: int) -> tuple[str, str, str]:
    median = statistics.median(times)
    return f"{median:.0f}", f"{bound}", f"{median / bound:.2f}"


def _open_times(new_page: Callable[[], Page], address: str) -> list[float]:
    times = []
    for _ in range(3):
        page = new_page()
        start = time.perf_counter()
        WorkbenchPage(page, address).open()
        times.append((time.perf_counter() - start) * 1000)
        page.close()
    return times


def _open_chain(workbench: WorkbenchPage, count: int) -> None:
    rows = [[index, CHAIN, f"k{index}", {"span": 3}, f"k{index + 1}"] for index in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.json"
        Workflow(rows, {"k0": 1}).to_json(file)
        workbench.upload(file)
        expect(workbench.graph).to_have_attribute("data-states", re.compile(f'"task:t{count}"'))
    workbench.close_preflight()
    expect(workbench.preflight).to_have_count(0)


def _edits(page: Page) -> list[float]:
    cell = page.locator(".st-key-grid .tabulator-row").nth(2).locator('[tabulator-field="outputKeys"]')
    times = []
    for index in range(REPEATS):
        is_broken = index % 2 == 0
        cell.dblclick()
        editor = cell.locator("input")
        editor.fill("elsewhere" if is_broken else "k3")
        times.append(
            _waited(page, "keydown", EDITED.format(broken=str(is_broken).lower()), partial(editor.press, "Enter"))
        )
    return times


def _steps(page: Page, workbench: WorkbenchPage) -> list[float]:
    workbench.select_row(1)
    button = page.locator(".st-key-step button")
    times = []
    for _ in range(REPEATS):
        times.append(_waited(page, "pointerdown", STEPPED, button.click))
        workbench.restart()
        expect(workbench.inspector).to_contain_text("not run")
    return times


def _waited(page: Page, event: str, condition: str, act: Callable[[], None]) -> float:
    page.evaluate(WATCH, [event, condition])
    act()
    page.wait_for_function("() => window.waited.end > 0")
    found: float = page.evaluate("() => window.waited.end - window.waited.start")
    return found


if __name__ == "__main__":
    main()
