"""A server that is killed, and started again: what a person had open and what had finished come back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from core import Catalog, Workflow
from tests.browser import slow
from tests.browser.server import free_port, start
from tests.browser.workbench_page import LIMIT, WorkbenchPage


class Server:
    """One that can be killed and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self._data, self._port = data, free_port()
        self.begin()

    def begin(self) -> None:
        """Start it."""
        self.address, self._process = start(self._data, slow.__name__, self._port)

    def kill(self) -> None:
        """Kill it, without a word, and wait until everything that it had started is gone."""
        started = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.communicate(timeout=20)
        _, left = psutil.wait_procs(started, timeout=20)
        assert left == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of this test's own."""
    made = Server(tmp_path / "own")
    yield made
    made.kill()


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[[], WorkbenchPage]]:
    """Opens the workbench in a tab."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page: Page = context.new_page()

    def open_it() -> WorkbenchPage:
        workbench = WorkbenchPage(page, server.address)
        workbench.open()
        return workbench

    yield open_it
    context.close()


def test_after_a_restart_the_draft_its_values_and_undo_come_back(
    server: Server, opened: Callable[[], WorkbenchPage]
) -> None:
    workbench = opened()
    workbench.set_cell(10, "kwargs", '{"lag": 2}')
    workbench.run()
    expect(workbench.state(11)).to_contain_text("done", timeout=LIMIT)
    workbench.select_row(10)
    server.kill()
    server.begin()
    workbench.reload()
    expect(workbench.cells("kwargs").nth(9)).to_have_text('{"lag": 2}', timeout=LIMIT)
    expect(workbench.state(11)).to_contain_text("done")
    expect(workbench.figure_names).to_have_text(["Price", "Long SMA", "Short SMA", "Crossover"])
    expect(workbench.inspector).to_contain_text("crossover")
    expect(workbench.input_field("longWindow")).to_have_value("50")
    workbench.undo()
    expect(workbench.cells("kwargs").nth(9)).to_have_text('{"lag": 1}')
    expect(workbench.state(10)).to_contain_text("stale")


def test_a_tab_that_stays_open_over_a_restart_goes_on_with_what_is_done_next(
    server: Server, opened: Callable[[], WorkbenchPage]
) -> None:
    workbench = opened()
    workbench.set_cell(10, "kwargs", '{"lag": 2}')
    expect(workbench.undo_button).to_be_enabled()
    before = workbench.drawings()
    server.kill()
    server.begin()
    workbench.wait_until_found_again(before)
    workbench.set_input("longWindow", "60")
    workbench.run()
    expect(workbench.state(11)).to_contain_text("done", timeout=LIMIT)
    expect(workbench.cells("kwargs").nth(9)).to_have_text('{"lag": 2}')
    workbench.reload()
    expect(workbench.input_field("longWindow")).to_have_value("60")
    expect(workbench.cells("kwargs").nth(9)).to_have_text('{"lag": 2}')


def test_a_run_that_the_server_took_with_it_is_told_and_goes_on(
    server: Server, opened: Callable[[], WorkbenchPage], tmp_path: Path
) -> None:
    gate, file = tmp_path / "gate", tmp_path / "slow.json"
    rows = [
        [0, f"{slow.__name__}.same", "a", {}, "first"],
        [1, f"{slow.__name__}.after_file", "first", {"path": str(gate)}, "second"],
    ]
    Workflow(rows, {"a": 1}, name="slow", catalog=Catalog.from_modules([slow.__name__])).to_json(file)
    workbench = opened()
    workbench.upload(file)
    expect(workbench.cells("order")).to_have_count(2)
    workbench.run()
    expect(workbench.state(2)).to_contain_text("running")
    server.kill()
    server.begin()
    workbench.reload()
    expect(workbench.state(1)).to_contain_text(re.compile("done|reused"), timeout=LIMIT)
    expect(workbench.state(2)).to_have_text("")
    gate.touch()
    workbench.run()
    expect(workbench.state(1)).to_contain_text("reused")
    expect(workbench.state(2)).to_contain_text("done")
