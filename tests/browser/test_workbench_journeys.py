"""A day at the workbench in a real browser: build by keyboard, break and mend, undo, load anew, upload."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from dashboard.components.ahead import scripts
from sample_workflows.analyses import Analysis1
from tests.browser.workbench_page import WorkbenchPage

TASKS = 11
ANALYSIS_1 = [
    ("0", "sample_workflows.prices.get_prices", "ticker", "", "data"),
    ("1", "sample_workflows.prices.to_datetime", "data, dateCol", "", "dates"),
    ("1", "sample_workflows.prices.get_column", "data", '{"column": "Close"}', "price"),
    ("2", "sample_workflows.charts.plot", "dates, price", '{"xlabel": "Date"}', "fig"),
]
BROKEN = [
    (3, "funcPath", "sample_workflows.prices.get_colum", "Use get_column"),
    (3, "inputKeys", "dat", "Read data"),
    (1, "order", "9", "Order this table by its data"),
    (3, "kwargs", '{"colum": "Close"}', "Call it column"),
    (1, "inputKeys", "share", "Declare share as an input"),
]


def test_analysis_1_is_built_from_an_empty_table_by_keyboard_alone(workbench: WorkbenchPage) -> None:
    workbench.open_sample("New, empty")
    expect(workbench.cells("order")).to_have_count(0)
    workbench.add_first_task_by_keyboard()
    for row, cells in enumerate(ANALYSIS_1, 1):
        if row > 1:
            workbench.press_keys("Control+Enter")
        expect(workbench.cells("order")).to_have_count(row)
        workbench.type_row(row, cells)
    expect(workbench.cells("outputKeys")).to_have_text(["data", "dates", "price", "fig"])
    expect(workbench.cells("kwargs")).to_have_text(["{}", "{}", '{"column": "Close"}', '{"xlabel": "Date"}'])
    expect(workbench.problems.filter(has_text="no task writes")).to_have_count(2)
    workbench.mend("Declare ticker as an input")
    expect(workbench.problems.filter(has_text="no task writes")).to_have_count(1)
    workbench.mend("Declare dateCol as an input")
    expect(workbench.problems.filter(has_text="no task writes")).to_have_count(0)
    workbench.set_input("ticker", "WIKI/JPM")
    workbench.set_input("dateCol", "Date")
    expect(workbench.input_field("ticker")).to_have_value("WIKI/JPM")
    workbench.run()
    expect(workbench.figure).to_be_visible()
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(4)


def test_what_is_broken_in_five_ways_is_mended_by_offers_and_undone(workbench: WorkbenchPage) -> None:
    for row, column, text, offer in BROKEN:
        workbench.set_cell(row, column, text)
        expect(workbench.marked_cells.first).to_be_visible()
        expect(workbench.run_button).to_be_disabled()
        workbench.mend(offer)
        expect(workbench.marked_cells).to_have_count(0)
        expect(workbench.run_button).to_be_enabled()
        workbench.undo()
        expect(workbench.marked_cells.first).to_be_visible()
        workbench.undo()
        expect(workbench.marked_cells).to_have_count(0)


def test_undo_goes_all_the_way_back_over_every_change(workbench: WorkbenchPage, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    Analysis1.create().to_dataframe().to_csv(file)
    workbench.set_input("longWindow", "60")
    workbench.set_cell(1, "outputKeys", "elsewhere")
    workbench.upload(file)
    expect(workbench.cells("order")).to_have_count(4)
    expect(workbench.preflight).to_contain_text("These inputs have no value yet: ticker, dateCol")
    workbench.undo()
    expect(workbench.cells("outputKeys").first).to_have_text("elsewhere")
    workbench.undo()
    expect(workbench.cells("outputKeys").first).to_have_text("data")
    workbench.undo()
    expect(workbench.input_field("longWindow")).to_have_value("50")
    workbench.redo()
    expect(workbench.input_field("longWindow")).to_have_value("60")
    workbench.redo()
    expect(workbench.cells("outputKeys").first).to_have_text("elsewhere")
    workbench.redo()
    expect(workbench.cells("order")).to_have_count(4)


def test_a_page_that_is_loaded_anew_goes_on_where_it_was(workbench: WorkbenchPage) -> None:
    workbench.set_input("longWindow", "60")
    workbench.run()
    workbench.wait_for_series("Long SMA", missing=59)
    workbench.back()
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(10)
    workbench.reload()
    expect(workbench.input_field("longWindow")).to_have_value("60")
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(10)
    workbench.step()
    workbench.wait_for_series("Long SMA", missing=59)


def test_quotes_and_every_other_character_can_be_typed_in_a_cell(workbench: WorkbenchPage) -> None:
    workbench.replace_by_typing(3, "kwargs", """{"column": 'Cl"(o)&se'}""")
    expect(workbench.cells("kwargs").nth(2)).to_have_text(r"""{"column": "Cl\"(o)&se"}""")
    expect(workbench.problems).to_have_count(0)


def test_live_mode_runs_after_every_valid_change(workbench: WorkbenchPage) -> None:
    workbench.go_live()
    expect(workbench.figure_names).to_have_count(4)
    workbench.set_input("longWindow", "55")
    workbench.wait_for_series("Long SMA", missing=54)
    expect(workbench.cells("state").filter(has_text="reused")).to_have_count(8)


def test_the_form_of_a_task_edits_its_row(workbench: WorkbenchPage) -> None:
    workbench.select_row(10)
    workbench.show_side("Task")
    workbench.fill_form("kwarg_lag", "2")
    expect(workbench.cells("kwargs").nth(9)).to_contain_text('{"lag": 2}')
    workbench.fill_form("outputs", "sign")
    expect(workbench.cells("outputKeys").nth(9)).to_have_text("sign")
    expect(workbench.problems.filter(has_text="no task writes 'crossover'")).to_have_count(1)


def test_a_block_from_a_spreadsheet_is_pasted_over_cells_and_below_the_last_row(workbench: WorkbenchPage) -> None:
    workbench.paste(11, "outputKeys", "figure\n")
    expect(workbench.cells("outputKeys").nth(10)).to_have_text("figure")
    workbench.paste(11, "order", "6\tsample_workflows.charts.plot\tdates, price\t{}\tone\n7\tabs\tone\t{}\ttwo\n")
    expect(workbench.cells("outputKeys")).to_have_count(TASKS + 1)
    expect(workbench.cells("inputKeys").nth(10)).to_have_text("datesprice")
    expect(workbench.cells("outputKeys").nth(11)).to_have_text("two")
    expect(workbench.problems.filter(has_text="'abs' is not the dotted path of a function")).to_have_count(1)
    workbench.undo()
    expect(workbench.cells("outputKeys")).to_have_count(TASKS)
    expect(workbench.cells("outputKeys").nth(10)).to_have_text("figure")


def test_a_file_that_is_dropped_on_the_page_is_opened(workbench: WorkbenchPage, tmp_path: Path) -> None:
    file = tmp_path / "dropped.json"
    Analysis1.create().to_json(file)
    workbench.drop_file(file)
    expect(workbench.preflight).to_contain_text("dropped.json is open")
    expect(workbench.cells("order")).to_have_count(4)


def test_a_figure_is_in_sight_after_a_run_on_a_small_screen_and_nothing_has_moved(
    workbench: WorkbenchPage, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    parts = ("grid", "graph", "inputs", "stepper", "inspector")
    before = [workbench.place(part) for part in parts]
    workbench.run()
    expect(workbench.figure).to_be_in_viewport(ratio=0.6)
    assert [workbench.place(part) for part in parts] == before
    workbench.set_input("longWindow", "60")
    expect(workbench.cells("state").filter(has_text="stale")).to_have_count(3)
    assert [workbench.place(part) for part in parts] == before


def test_what_draws_figures_and_tables_is_read_before_there_are_any(workbench: WorkbenchPage) -> None:
    assert [name.split(".")[0] for name in scripts()] == ["PlotlyChart", "DataFrame"]
    workbench.wait_until_read(scripts())
    expect(workbench.figure_names).to_have_count(0)


def test_ctrl_s_opens_the_save_form_and_what_is_typed_then_is_the_message(workbench: WorkbenchPage) -> None:
    workbench.select_row(3)
    workbench.press_keys("Control+s")
    expect(workbench.save_message).to_be_focused()
    workbench.press_keys("w", "h", "y")
    expect(workbench.save_message).to_have_value("why")
    expect(workbench.cells("order").nth(2)).to_have_text("1")


def test_ctrl_enter_in_a_field_runs_with_what_was_typed(workbench: WorkbenchPage) -> None:
    workbench.input_field("longWindow").fill("60")
    workbench.press_keys("Control+Enter")
    workbench.wait_for_series("Long SMA", missing=59)
    expect(workbench.status).to_contain_text("0 to run, 11 reused")


def test_what_a_run_will_do_is_said_before_it(workbench: WorkbenchPage) -> None:
    workbench.set_input("ticker", "WIKI/BAC")
    expect(workbench.status).to_contain_text("11 to run")
    workbench.run()
    expect(workbench.status).to_contain_text("0 to run, 11 reused")
    workbench.set_input("longWindow", "60")
    expect(workbench.status).to_contain_text("3 to run, 8 reused")
