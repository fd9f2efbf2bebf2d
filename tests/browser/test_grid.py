"""The grid in a real browser: rows picked as wholes, and what is done to them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.graph_part import GraphPart
from tests.browser.grid_part import GridPart
from tests.browser.workbench_page import WorkbenchPage

TASKS = 11


@pytest.fixture
def grid(workbench: WorkbenchPage, page: Page) -> GridPart:
    return GridPart(page)


def test_rows_are_picked_one_by_one_and_deleted_together(workbench: WorkbenchPage, grid: GridPart) -> None:
    grid.toggle(2)
    grid.toggle(5)
    grid.toggle(9)
    grid.toggle(5)
    expect(grid.picked).to_have_count(2)
    expect(grid.count).to_have_text("2 rows")
    workbench.press_keys("Delete")
    expect(workbench.cells("outputKeys")).to_have_count(TASKS - 2)
    expect(grid.picked).to_have_count(0)
    expect(grid.count).to_be_hidden()
    workbench.undo()
    expect(workbench.cells("outputKeys")).to_have_count(TASKS)


def test_a_stretch_of_rows_is_picked_by_its_numbers_and_copied(workbench: WorkbenchPage, grid: GridPart) -> None:
    grid.press_number(3)
    grid.press_number(5, "Shift")
    expect(grid.picked).to_have_count(3)
    expected = [workbench.cells("order").nth(row).inner_text() for row in (2, 3, 4)]
    lines = grid.copied().split("\n")
    assert [line.split("\t")[0] for line in lines] == expected
    assert all(len(line.split("\t")) == 5 for line in lines)
    assert "sample_workflows.prices.get_column" in lines[0]
    workbench.press_keys("Escape")
    expect(grid.picked).to_have_count(0)


def test_picked_rows_are_duplicated_from_the_bar_and_a_cell_lets_them_go(
    workbench: WorkbenchPage, grid: GridPart
) -> None:
    workbench.select_row(1)
    workbench.press_keys("Shift+Space")
    expect(grid.picked).to_have_count(1)
    grid.toggle(2)
    grid.press("Duplicate the picked rows")
    expect(workbench.cells("order")).to_have_count(TASKS + 2)
    workbench.select_row(4)
    expect(grid.picked).to_have_count(0)


def test_a_click_beside_the_nodes_selects_nothing(workbench: WorkbenchPage, page: Page) -> None:
    graph = GraphPart(page)
    graph.click("task:t3")
    expect(graph.selected_row).to_contain_text("get_column")
    graph.click_beside()
    expect(graph.selected_row).to_have_count(0)
    expect(graph.drawing).to_have_attribute("data-faded", "0")
    expect(workbench.inspector).to_contain_text("Select a task")
