"""Runs that take their time: looked at while they go on, stopped, resumed, and beside another person's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core import Catalog, Workflow
from tests.browser import slow
from tests.browser.workbench_page import WorkbenchPage

CATALOG = Catalog.from_modules([slow.__name__])


def table(folder: Path, name: str, *rows: list[object]) -> Path:
    """The file of a workflow whose input `a` is 1."""
    lines = [[order, f"{slow.__name__}.{function}", *rest] for order, function, *rest in rows]
    file = folder / f"{name}.json"
    Workflow(lines, {"a": 1}, name=name, catalog=CATALOG).to_json(file)
    return file


@pytest.fixture
def other(browser: Browser, address: str) -> Iterator[WorkbenchPage]:
    """Another person's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    opened = WorkbenchPage(context.new_page(), address)
    opened.open()
    yield opened
    context.close()


def test_states_are_live_while_a_run_goes_on_and_the_first_result_can_be_looked_at(
    workbench: WorkbenchPage, tmp_path: Path
) -> None:
    gates = [tmp_path / "first", tmp_path / "second"]
    rows = [
        [n, "after_file", "a" if n == 0 else f"k{n - 1}", {"path": str(gate)}, f"k{n}"] for n, gate in enumerate(gates)
    ]
    workbench.upload(table(tmp_path, "slow", *rows))
    workbench.run()
    expect(workbench.state(1)).to_contain_text("running")
    expect(workbench.status).to_contain_text("0 of 2")
    expect(workbench.stop_button).to_be_enabled()
    expect(workbench.run_button).to_be_disabled()
    gates[0].touch()
    expect(workbench.state(1)).to_contain_text("done")
    expect(workbench.state(2)).to_contain_text("running")
    expect(workbench.status).to_contain_text("1 of 2")
    workbench.select_row(1)
    expect(workbench.inspector).to_contain_text("k0")
    gates[1].touch()
    expect(workbench.state(2)).to_contain_text("done")
    expect(workbench.status).to_contain_text("to run")


def test_what_a_task_prints_is_seen_while_it_runs(workbench: WorkbenchPage, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    workbench.upload(table(tmp_path, "slow", [0, "after_file", "a", {"path": str(gate)}, "k"]))
    workbench.select_row(1)
    workbench.show_side("Log")
    workbench.run()
    expect(workbench.inspector).to_contain_text("waiting for the file")
    gate.touch()
    expect(workbench.state(1)).to_contain_text("done")


def test_a_run_is_stopped_in_the_middle_and_goes_on_from_there(workbench: WorkbenchPage, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    rows = [[0, "same", "a", {}, "first"], [1, "after_file", "first", {"path": str(gate)}, "second"]]
    workbench.upload(table(tmp_path, "slow", *rows))
    workbench.run()
    expect(workbench.state(2)).to_contain_text("running")
    workbench.stop()
    expect(workbench.notice).to_contain_text("was stopped")
    expect(workbench.state(1)).to_contain_text("done")
    expect(workbench.state(2)).to_have_text("")
    gate.touch()
    workbench.run()
    expect(workbench.state(1)).to_contain_text("reused")
    expect(workbench.state(2)).to_contain_text("done")


def test_a_page_loaded_anew_finds_the_run_that_goes_on(workbench: WorkbenchPage, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    workbench.upload(table(tmp_path, "slow", [0, "after_file", "a", {"path": str(gate)}, "k"]))
    workbench.run()
    expect(workbench.state(1)).to_contain_text("running")
    workbench.reload()
    expect(workbench.state(1)).to_contain_text("running")
    gate.touch()
    expect(workbench.state(1)).to_contain_text("done")


def test_one_person_works_while_the_run_of_another_burns_a_processor(
    workbench: WorkbenchPage, other: WorkbenchPage, tmp_path: Path
) -> None:
    other.upload(table(tmp_path, "burn", [0, "burn", "a", {}, "k"]))
    other.run()
    expect(other.state(1)).to_contain_text("running")
    workbench.run()
    expect(workbench.state(11)).to_contain_text("done")
    expect(other.state(1)).to_contain_text("running")
    other.stop()
    expect(other.notice).to_contain_text("was stopped")
