"""The main job in a real browser: open, run, change, step, download, upload."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.workbench_page import WorkbenchPage

SERIES = ["Price", "Long SMA", "Short SMA", "Crossover"]
TASKS = 11
FINISHED = re.compile("done|reused")
INVALID = [
    ("broken.json", b"{", "is not JSON"),
    ("other.json", b"{}", 'expected "format"'),
    ("table.csv", b"a,b\n1,2\n", "has no column order"),
    ("latin.csv", b"order,funcPath\n0,\xff\n", "is not UTF-8"),
]


def test_the_crossover_analysis_from_opening_to_handing_it_on(
    workbench: WorkbenchPage, tmp_path: Path, asked: list[str]
) -> None:
    expect(workbench.cells("order")).to_have_text(["0", "1", "1", "2", "2", "3", "3", "4", "4", "5", "6"])
    expect(workbench.stops).to_have_count(7)

    workbench.run()
    expect(workbench.figure_names).to_have_text(SERIES)
    workbench.wait_for_series("Long SMA", missing=49)
    before = workbench.series("Long SMA")

    workbench.set_input("longWindow", "60")
    expect(workbench.cells("state").filter(has_text="stale")).to_have_count(3)
    workbench.run()
    workbench.wait_for_series("Long SMA", missing=59)
    assert workbench.series("Long SMA") != before
    assert workbench.series("Short SMA")[14] is not None
    expect(workbench.cells("state").filter(has_text="reused")).to_have_count(TASKS - 3)
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(3)

    workbench.restart()
    expect(workbench.cells("state").filter(has_text=FINISHED)).to_have_count(0)
    for finished in (1, 3, 5, 7, 9, 10, 11):
        workbench.step()
        expect(workbench.cells("state").filter(has_text=FINISHED)).to_have_count(finished)
    expect(workbench.figure_names).to_have_text(SERIES)

    saved = workbench.download_json(tmp_path)
    rows = [workbench.cells(column).all_inner_texts() for column in ("order", "funcPath", "inputKeys", "outputKeys")]
    workbench.set_cell(1, "outputKeys", "elsewhere")
    expect(workbench.problems.filter(has_text="no task writes 'data'")).to_have_count(2)
    workbench.upload(saved)
    expect(workbench.preflight).to_contain_text("is open")
    expect(workbench.preflight).to_contain_text("It would call sample_workflows.prices.get_prices")
    expect(workbench.problems).to_have_count(0)
    for column, texts in zip(("order", "funcPath", "inputKeys", "outputKeys"), rows, strict=True):
        expect(workbench.cells(column)).to_have_text([text.replace("\n", "") for text in texts])
    again = workbench.download_json(tmp_path)
    assert json.loads(again.read_text()) == json.loads(saved.read_text())
    assert json.loads(again.read_text())["inputs"]["longWindow"] == 60
    assert asked == []


def test_an_invalid_edit_shows_its_problem_and_blocks_run_until_it_is_undone(workbench: WorkbenchPage) -> None:
    workbench.set_cell(3, "funcPath", "sample_workflows.prices.get_colum")
    expect(workbench.problems.first).to_contain_text("did you mean sample_workflows.prices.get_column")
    expect(workbench.marked_cells).to_have_count(1)
    expect(workbench.run_button).to_be_disabled()
    workbench.undo()
    expect(workbench.problems).to_have_count(0)
    expect(workbench.run_button).to_be_enabled()


def test_an_invalid_upload_leaves_what_is_open_and_says_why(workbench: WorkbenchPage, tmp_path: Path) -> None:
    workbench.set_input("longWindow", "61")
    expect(workbench.undo_button).to_be_enabled()
    for name, content, reason in INVALID:
        file = tmp_path / name
        file.write_bytes(content)
        workbench.choose_file(file)
        told = workbench.notice.filter(has_text=f"{name} was not opened")
        expect(told).to_contain_text(reason)
        expect(workbench.cells("order")).to_have_count(TASKS)
        expect(workbench.input_field("longWindow")).to_have_value("61")


def test_stepping_back_and_changing_an_input_runs_only_what_it_touches(workbench: WorkbenchPage) -> None:
    workbench.run()
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(TASKS)
    for shown in (10, 9, 7):
        workbench.back()
        expect(workbench.cells("state").filter(has_text="done")).to_have_count(shown)
    workbench.set_input("shortWindow", "10")
    workbench.step()
    expect(workbench.cells("state").filter(has_text="reused")).to_have_count(8)
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(1)


def test_text_from_a_table_is_shown_as_text(workbench: WorkbenchPage, asked: list[str]) -> None:
    hostile = '<img src="http://127.0.0.1:9/x.png" onerror="window.hacked=1">![x](http://127.0.0.1:9/y.png)'
    workbench.set_cell(1, "funcPath", hostile)
    expect(workbench.cells("funcPath").first).to_contain_text("onerror")
    expect(workbench.problems.first).to_contain_text("<img src=")
    assert asked == []


def test_a_click_in_the_table_selects_the_task_everywhere(workbench: WorkbenchPage) -> None:
    workbench.run()
    expect(workbench.figure_names).to_have_text(SERIES)
    workbench.select_row(10)
    expect(workbench.inspector).to_contain_text("sample_workflows.technical.crossover")
    expect(workbench.inspector).to_contain_text("756 values")
