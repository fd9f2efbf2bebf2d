"""The grid in a real browser: rows picked as wholes, and what is done to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import Workflow
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


def test_the_buttons_under_the_table_are_for_all_picked_rows_and_say_so(
    workbench: WorkbenchPage, grid: GridPart
) -> None:
    grid.toggle(2)
    grid.toggle(5)
    grid.toggle(9)
    expect(grid.duplicate_button).to_contain_text("Duplicate 3")
    expect(grid.delete_button).to_contain_text("Delete 3")
    grid.delete_button.click()
    expect(workbench.cells("order")).to_have_count(TASKS - 3)
    expect(grid.delete_button).not_to_contain_text("3")
    workbench.undo()
    expect(workbench.cells("order")).to_have_count(TASKS)
    workbench.select_row(3)
    workbench.press_keys("Shift+ArrowDown")
    expect(grid.duplicate_button).to_contain_text("Duplicate 2")
    grid.duplicate_button.click()
    expect(workbench.cells("order")).to_have_count(TASKS + 2)


def test_names_and_keys_are_shown_whole_in_a_narrow_window(
    workbench: WorkbenchPage, grid: GridPart, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    workbench.reload()
    expect(workbench.cells("order")).to_have_count(TASKS)
    assert grid.cut() == []
    assert "downturnDates" in workbench.cells("inputKeys").nth(TASKS - 1).get_attribute("title")  # type: ignore[operator]


def test_a_column_keeps_the_width_that_it_was_dragged_to_until_its_edge_is_double_clicked(
    workbench: WorkbenchPage, grid: GridPart
) -> None:
    before = grid.widths()
    grid.drag_edge("kwargs", 50)
    dragged = grid.widths()
    assert dragged["kwargs"] == before["kwargs"] + 50
    assert sum(dragged.values()) == sum(before.values())
    workbench.set_cell(1, "outputKeys", "prices")
    assert grid.widths() == dragged
    workbench.undo()
    workbench.reload()
    expect(workbench.cells("order")).to_have_count(TASKS)
    assert grid.widths() == dragged
    grid.press_edge_twice("kwargs")
    assert grid.widths() == before


def test_tab_in_a_cell_goes_on_to_the_next_one_and_from_the_last_to_the_next_row(
    workbench: WorkbenchPage, grid: GridPart
) -> None:
    workbench.select_row(1)
    for text in ("0", "sample_workflows.prices.get_prices", "ticker", "{}", "table", "4"):
        grid.type(text)
        workbench.press_keys("Tab")
    expect(workbench.cells("outputKeys").first).to_have_text("table")
    expect(workbench.cells("order").nth(1)).to_have_text("4")
    expect(workbench.cells("order").first).to_have_text("0")
    workbench.press_keys("Control+z", "Control+z")
    expect(workbench.cells("outputKeys").first).to_have_text("data")
    expect(workbench.cells("order").nth(1)).to_have_text("1")


def test_all_rows_are_deleted_and_brought_back_by_the_keyboard_alone(workbench: WorkbenchPage, grid: GridPart) -> None:
    grid.press_number(1)
    grid.press_number(TASKS, "Shift")
    workbench.press_keys("Delete")
    expect(workbench.cells("order")).to_have_count(0)
    workbench.press_keys("Control+z")
    expect(workbench.cells("order")).to_have_count(TASKS)
    workbench.press_keys("Control+Shift+z")
    expect(workbench.cells("order")).to_have_count(0)
    workbench.press_keys("Control+z")
    expect(workbench.cells("order")).to_have_count(TASKS)


def test_a_block_of_a_spreadsheet_is_pasted_undone_and_done_again_with_the_cursor_where_it_was(
    workbench: WorkbenchPage, grid: GridPart
) -> None:
    lines = [f'{row}\tsample_workflows.charts.plot\tk{row}\t"{{""xlabel"": ""{row}""}}"\tout{row}' for row in range(20)]
    workbench.paste(10, "order", "\r\n".join([*lines, "7\tshort", ""]))
    expect(workbench.cells("order")).to_have_count(30)
    expect(workbench.cells("kwargs").nth(9)).to_have_text('{"xlabel": "0"}')
    expect(workbench.cells("outputKeys").nth(28)).to_have_text("out19")
    expect(workbench.cells("funcPath").nth(29)).to_have_text("short")
    workbench.press_keys("Control+z")
    expect(workbench.cells("order")).to_have_count(TASKS)
    workbench.press_keys("Control+Shift+z")
    expect(workbench.cells("order")).to_have_count(30)
    workbench.press_keys("Control+z")
    expect(workbench.cells("order")).to_have_count(TASKS)
    grid.type("12")
    workbench.press_keys("Enter")
    expect(workbench.cells("order").nth(9)).to_have_text("12")


def test_rows_of_a_spreadsheet_begin_an_empty_table(workbench: WorkbenchPage) -> None:
    workbench.open_sample("New, empty")
    expect(workbench.cells("order")).to_have_count(0)
    workbench.paste_rows("order\tfuncPath\toutputKeys\r\n3\tsample_workflows.prices.get_prices\tdata\r\n4\t\tmore")
    expect(workbench.cells("outputKeys")).to_have_text(["data", "more"])
    expect(workbench.cells("order")).to_have_text(["3", "4"])
    workbench.undo()
    expect(workbench.cells("order")).to_have_count(0)


def test_enter_on_what_cannot_be_edited_does_nothing(workbench: WorkbenchPage) -> None:
    workbench.state(2).click()
    workbench.press_keys("Enter", "F2", "ArrowLeft", "Enter")
    expect(workbench.cells("outputKeys").nth(1).locator("input")).to_be_focused()
    workbench.press_keys("Escape")


@pytest.fixture
def gates(workbench: WorkbenchPage, tmp_path: Path) -> list[Path]:
    """The files for which the last two of 41 tasks wait, which are open on the page."""
    found = [tmp_path / "first", tmp_path / "second"]
    rows: list[list[object]] = [[n, "tests.browser.slow.same", f"k{n}", {}, f"k{n + 1}"] for n in range(39)]
    for n, gate in enumerate(found, 39):
        rows.append([n, "tests.browser.slow.after_file", (f"k{n}",), {"path": str(gate)}, f"k{n + 1}"])
    file = tmp_path / "long.json"
    Workflow(rows, {"k0": 1}, name="long").to_json(file)
    workbench.upload(file)
    expect(workbench.cells("outputKeys").first).to_have_text("k1")
    return found


def test_a_row_that_runs_comes_into_sight(workbench: WorkbenchPage, grid: GridPart, gates: list[Path]) -> None:
    workbench.run()
    expect(workbench.cells("outputKeys").filter(has_text="k40")).to_be_in_viewport()
    expect(grid.running).to_be_in_viewport()
    assert grid.first_in_sight() > 10
    for gate in gates:
        gate.touch()
    expect(workbench.graph).to_have_attribute("data-states", re.compile('"task:t41":"done"'))


def test_a_row_that_runs_does_not_come_into_sight_while_somebody_scrolls(
    workbench: WorkbenchPage, grid: GridPart, gates: list[Path]
) -> None:
    workbench.run()
    expect(grid.running).to_be_in_viewport()
    grid.turn_wheel(-10_000)
    expect(workbench.cells("outputKeys").first).to_be_in_viewport()
    gates[0].touch()
    expect(workbench.graph).to_have_attribute("data-states", re.compile('"task:t41":"running"'))
    assert grid.first_in_sight() < 4
    gates[1].touch()
    expect(workbench.graph).to_have_attribute("data-states", re.compile('"task:t41":"done"'))


def test_a_click_beside_the_nodes_selects_nothing(workbench: WorkbenchPage, page: Page) -> None:
    graph = GraphPart(page)
    graph.click("task:t3")
    expect(graph.selected_row).to_contain_text("get_column")
    graph.click_beside()
    expect(graph.selected_row).to_have_count(0)
    expect(graph.drawing).to_have_attribute("data-faded", "0")
    expect(workbench.inspector).to_contain_text("Select a task")


def test_only_the_key_that_is_wrong_is_marked(workbench: WorkbenchPage, grid: GridPart) -> None:
    workbench.set_cell(2, "inputKeys", "data, dateColumn")
    expect(grid.marked_keys(2)).to_have_text(["dateColumn"])
    workbench.undo()
    expect(grid.marked_keys(2)).to_have_count(0)
