"""Looking at values: pages, order, filters, files, and from a value to its task."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from playwright.sync_api import Browser, Page, expect

from sample_workflows.analyses import Analysis3
from tests.browser.value_part import ValuePart
from tests.browser.workbench_page import WorkbenchPage

SERIES = ["Price", "Long SMA", "Short SMA", "Crossover"]


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    """What the first task of the analysis writes."""
    workflow = Analysis3.create()
    found: pd.DataFrame = workflow.run(dict(workflow.inputs))["data"]
    return found


@pytest.fixture
def value(workbench: WorkbenchPage, page: Page) -> ValuePart:
    """The frame, looked at in the inspector."""
    workbench.run()
    expect(workbench.figure_names).to_have_text(SERIES)
    workbench.select_row(1)
    found = ValuePart(page, "value", "data")
    found.table.scroll_into_view_if_needed()
    return found


def test_a_frame_is_paged_sorted_and_filtered_where_it_lies(
    value: ValuePart, prices: pd.DataFrame, asked: list[str]
) -> None:
    expect(value.pages).to_contain_text(f"1–50 of {len(prices):,}")
    expect(value.cell(0, 1)).to_have_text(prices["Date"].iloc[0])
    value.go_to_page(3)
    expect(value.pages).to_contain_text("101–150 of")
    expect(value.cell(0, 1)).to_have_text(prices["Date"].iloc[100])

    value.sort_by("Close")
    expect(value.cell(0, 1)).to_have_text(prices.sort_values("Close", kind="stable")["Date"].iloc[0])
    expect(value.pages).to_contain_text("1–50 of")
    value.descend()
    expect(value.cell(0, 1)).to_have_text(prices["Date"].loc[prices["Close"].idxmax()])

    value.filter_by("Date", "contains", "2008-0")
    some = prices[prices["Date"].str.contains("2008-0", regex=False)]
    assert 50 < len(some) < len(prices)
    expect(value.pages).to_contain_text(f"1–50 of {len(some):,} found in {len(prices):,}")
    expect(value.cell(0, 1)).to_have_text(some["Date"].loc[some["Close"].idxmax()])

    value.show("Statistics")
    expect(value.whole).to_contain_text("Distribution: numbers and dates from lowest to highest")
    assert asked == []


def test_the_files_of_a_frame_read_back_as_the_whole_value(
    value: ValuePart, prices: pd.DataFrame, tmp_path: Path
) -> None:
    value.filter_by("Date", "contains", "2008-0")
    expect(value.pages).to_contain_text("found in")
    saved = value.save("csv", tmp_path)
    assert saved.name == "data.csv"
    assert_frame_equal(pd.read_csv(saved, index_col=0), prices)
    saved = value.save("parquet", tmp_path)
    assert saved.name == "data.parquet"
    assert_frame_equal(pd.read_parquet(saved), prices)


def test_the_table_offers_no_download_and_no_search_of_one_page(value: ValuePart) -> None:
    value.table.hover()
    expect(value.tools.filter(has=value.whole.page.get_by_label("Fullscreen"))).to_be_visible()
    for name in ("Download as CSV", "Search"):
        tool = value.tools.filter(has=value.whole.page.get_by_label(name))
        expect(tool).to_have_count(1)
        expect(tool).to_be_hidden()


def test_the_page_of_a_figure_needs_no_network(
    workbench: WorkbenchPage, page: Page, browser: Browser, tmp_path: Path
) -> None:
    workbench.run()
    expect(workbench.figure_names).to_have_text(SERIES)
    saved = ValuePart(page, "output", "fig").save("html", tmp_path)
    assert saved.name == "fig.html"
    context = browser.new_context(offline=True)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(saved.as_uri())
    expect(opened.locator(".js-plotly-plot .legendtext")).to_have_text(SERIES)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_a_value_leads_to_the_task_that_wrote_it(workbench: WorkbenchPage, page: Page) -> None:
    workbench.run()
    expect(workbench.figure_names).to_have_text(SERIES)
    workbench.outputs.get_by_role("button", name="Inspect").click()
    expect(page.locator(".st-key-grid .tabulator-row.tt-selected")).to_contain_text("plot")
    expect(workbench.inspector).to_contain_text("sample_workflows.charts.plot")
