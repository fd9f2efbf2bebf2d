"""Attempts compared two by two and all together; one run again exactly; its report opened without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.compare_page import ComparePage
from tests.browser.history_page import HistoryPages
from tests.browser.workbench_page import LIMIT, WorkbenchPage

ATTEMPTS = ((15, 50, "as the samples have it"), (10, 60, "shorter against longer"), (20, 100, "slow"))


@pytest.fixture
def kept(page: Page, address: str) -> HistoryPages:
    return HistoryPages(page, address)


@pytest.fixture
def compare(page: Page, address: str) -> ComparePage:
    return ComparePage(page, address)


@pytest.fixture
def attempts(workbench: WorkbenchPage, kept: HistoryPages) -> None:
    """Three saved attempts at the crossover, each with a run."""
    for number, (short, long, message) in enumerate(ATTEMPTS, 1):
        workbench.set_input("shortWindow", str(short))
        workbench.set_input("longWindow", str(long))
        kept.save(message, author="Ann" if number == 1 else "")
        expect(kept.stand).to_have_text(f"version {number}")
        workbench.run()
        workbench.wait_for_series("Long SMA", missing=long - 1)


@pytest.mark.usefixtures("attempts")
def test_three_attempts_are_compared_two_by_two_and_all_together(
    kept: HistoryPages, compare: ComparePage, asked: list[str]
) -> None:
    kept.open_history()
    runs = kept.rows.filter(has_text="done")
    kept.tick(runs.nth(2))
    kept.tick(runs.nth(1))
    kept.compare_button.click()

    expect(compare.summary).to_contain_text("2 inputs changed; 7 of 11 outputs equal")
    expect(compare.causes).to_contain_text("shortWindow")
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow")).to_contain_text("60")
    expect(compare.causes).to_contain_text("Table the same")
    expect(compare.output("fig")).to_contain_text("3 traces changed")
    assert compare.traces("fig") == ["Price", "Long SMA", "Short SMA", "Crossover"] * 2
    left, right = compare.zoom("fig")
    assert left == right
    assert left[0] > "2007-06"
    compare.lay_over("fig")
    expect(compare.output("fig").locator(".legendtext")).to_have_count(8)
    assert len(compare.traces("longSma")) == 2

    compare.swap()
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow")).to_contain_text("50", timeout=LIMIT)
    expect(compare.causes.get_by_role("row").filter(has_text="shortWindow").get_by_role("cell").nth(1)).to_have_text(
        "10"
    )

    compare.open()
    compare.choose("new", "version 3")
    expect(compare.sides).to_contain_text("with the values of run")
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow")).to_contain_text("100")

    compare.choose("old", "version 1")
    expect(compare.sides).to_contain_text("version 1")
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow").get_by_role("cell").nth(1)).to_have_text(
        "50"
    )
    compare.choose("new", "version 2")
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow").get_by_role("cell").nth(2)).to_have_text(
        "60"
    )
    compare.choose("new", "version 3")
    expect(compare.causes.get_by_role("row").filter(has_text="longWindow")).to_contain_text("100")
    expect(compare.refused).to_have_count(0)

    compare.add("version 2")
    expect(compare.together).to_contain_text("3 together")
    expect(compare.together.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(3)
    compare.plot_as("Scatter plot")
    expect(compare.together.locator(".js-plotly-plot .scatterlayer .point")).to_have_count(3)
    assert asked == []


@pytest.mark.usefixtures("attempts")
def test_a_run_is_run_again_exactly_and_handed_on_as_a_report_and_as_a_bundle(
    browser: Browser, workbench: WorkbenchPage, compare: ComparePage, tmp_path: Path, asked: list[str]
) -> None:
    compare.open()
    compare.run_again()
    expect(compare.summary).to_contain_text("The same table, inputs and code; every one of 11 outputs is equal.")

    report = compare.download("report", tmp_path)
    context = browser.new_context(offline=True)
    page = context.new_page()
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else elsewhere.append(request.url),
    )
    page.goto(report.as_uri())
    expect(page.locator(".js-plotly-plot .legendtext")).to_have_text(["Price", "Long SMA", "Short SMA", "Crossover"])
    assert page.locator(".js-plotly-plot .scatterlayer path.js-line").count() == 4
    expect(page.locator("table").filter(has_text="longWindow").first).to_contain_text("60")
    context.close()
    assert elsewhere == []
    assert asked == []

    bundle = compare.download("bundle", tmp_path)
    workbench.open()
    workbench.open_sample("New, empty")
    expect(workbench.cells("order")).to_have_count(0)
    workbench.choose_file(bundle)
    expect(workbench.preflight).to_contain_text("Nothing has run here")
    workbench.wait_for_series("Long SMA", missing=59)
    expect(workbench.cells("order")).to_have_count(11)
    assert asked == []
