"""The windows of the crossover swept: a map of what each pair would have earned, and any cell opens its run."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import Workflow
from tests.browser.sweep_page import RUNS_LIMIT, SweepPage
from tests.browser.workbench_page import WorkbenchPage

FOURTH = Path(__file__).parents[2] / "sample_workflows" / "analysis_4.json"


@pytest.fixture
def sweep(workbench: WorkbenchPage, page: Page, address: str) -> SweepPage:
    """The page of sweeps, with the fourth analysis open."""
    workbench.upload(FOURTH)
    expect(workbench.preflight).to_be_visible()
    opened = SweepPage(page, address)
    opened.open()
    return opened


def earned(short: int, long: int) -> float:
    """What the strategy returns with these windows, by the library."""
    workflow = Workflow.from_json(FOURTH)
    return float(workflow.run({"shortWindow": short, "longWindow": long})["summary"].loc["Return", "Strategy"])


def test_six_pairs_of_windows_are_swept_seen_as_a_map_and_one_is_opened(
    sweep: SweepPage, workbench: WorkbenchPage
) -> None:
    sweep.vary(0, "input shortWindow", "10, 15")
    sweep.vary(1, "input longWindow", "30 to 50 step 10")
    expect(sweep.amount).to_contain_text("6 runs of 114 tasks")
    sweep.run()
    expect(sweep.progress).to_contain_text("6 done", timeout=RUNS_LIMIT)
    expect(sweep.map).to_be_visible()
    cells = sweep.cells()
    assert [len(row) for row in cells] == [3, 3]
    assert cells == [[pytest.approx(earned(short, long)) for long in (30, 40, 50)] for short in (10, 15)]
    sweep.click_cell(2, 0)
    expect(sweep.input("shortWindow")).to_have_value("10")
    expect(sweep.input("longWindow")).to_have_value("50")
    expect(workbench.state(19)).to_contain_text("done")
    expect(workbench.figure).to_be_visible()


def test_a_sweep_goes_on_while_its_page_is_left_and_loaded_anew_and_its_rows_open_and_compare(
    sweep: SweepPage, workbench: WorkbenchPage, page: Page
) -> None:
    sweep.vary(0, "input shortWindow", "5 to 9")
    sweep.run()
    expect(sweep.progress).to_contain_text("of 5 runs")
    page.get_by_role("link", name="Functions").click()
    expect(page.get_by_text("Functions that a task may name")).to_be_visible()
    sweep.open()
    sweep.reload()
    expect(sweep.title).to_contain_text("4 Did the crossover make money?")
    expect(sweep.values(0)).to_have_value("5 to 9")
    expect(sweep.progress).to_contain_text("5 done", timeout=RUNS_LIMIT)
    expect(sweep.map).to_be_visible()
    sweep.tick_row(0)
    sweep.tick_row(3)
    expect(sweep.compare_button).to_contain_text("2 ticked")
    sweep.compare()
    expect(page.locator(".st-key-compare_summary")).to_be_visible()
    sweep.open()
    expect(sweep.map).to_be_visible()
    sweep.click_row(1)
    expect(sweep.input("shortWindow")).to_have_value("6")


def test_a_sweep_is_stopped_and_goes_on(sweep: SweepPage, workbench: WorkbenchPage) -> None:
    sweep.vary(0, "input longWindow", "30 to 80")
    sweep.run()
    expect(sweep.progress).to_contain_text("of 51 runs")
    sweep.stop()
    expect(sweep.progress).to_contain_text("not run to the end", timeout=RUNS_LIMIT)
    sweep.go_on()
    expect(sweep.progress).to_contain_text("runs")
    sweep.stop()
    expect(sweep.progress).to_contain_text("not run to the end", timeout=RUNS_LIMIT)
