"""Keys mean the same in the fields of the page as in its table."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.graph_part import GraphPart
from tests.browser.grid_part import GridPart
from tests.browser.workbench_page import WorkbenchPage

TASKS = 11


def test_what_a_field_has_taken_is_undone_by_the_same_keys_as_an_edit_of_the_table(
    workbench: WorkbenchPage, page: Page
) -> None:
    workbench.set_input("shortWindow", "20")
    workbench.set_input("longWindow", "60")
    expect(workbench.undo_button).to_be_enabled()
    workbench.press_keys("Control+z")
    expect(workbench.input_field("longWindow")).to_have_value("50")
    expect(workbench.input_field("shortWindow")).to_have_value("20")
    workbench.press_keys("Control+z")
    expect(workbench.input_field("shortWindow")).to_have_value("15")
    workbench.press_keys("Control+Shift+z")
    expect(workbench.input_field("shortWindow")).to_have_value("20")

    workbench.input_field("ticker").press_sequentially("XY")
    workbench.press_keys("Control+z")
    expect(workbench.input_field("ticker")).to_have_value("WIKI/JPM")
    expect(workbench.input_field("shortWindow")).to_have_value("20")
    workbench.press_keys("Enter")

    workbench.select_row(10)
    workbench.show_side("Task")
    note = page.locator(".st-key-form_note textarea")
    note.fill("why")
    note.press("Control+Enter")
    expect(workbench.cells("outputKeys")).to_have_count(TASKS)
    workbench.show_side("Why")
    expect(workbench.inspector).to_contain_text("It has not run yet.")
    workbench.show_side("Why")
    expect(workbench.inspector).to_contain_text("It has not run yet.")
    workbench.show_side("Task")
    expect(note).to_have_value("why")

    workbench.select_row(1)
    workbench.press_keys("Control+a")
    expect(GridPart(page).picked).to_have_count(TASKS)
    workbench.press_keys("Escape")
    workbench.show_side("Value")
    workbench.press_keys("?")
    expect(page.get_by_text("what is new, Enter")).to_be_visible()
    workbench.press_keys("Escape")

    graph = GraphPart(page)
    graph.search("what?")
    expect(graph.matches).to_have_text("0 found")
    expect(page.get_by_text("what is new, Enter")).to_be_hidden()
