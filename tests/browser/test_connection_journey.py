"""A connection that is lost and comes back: what a person had open and the run under way are still there."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, WebSocketRoute, expect

from core import Catalog, Workflow
from tests.browser import slow
from tests.browser.workbench_page import LIMIT, WorkbenchPage


class Wire:
    """The connection between the page and its server, which can be cut."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.route_web_socket("**/_stcore/stream", self._join)

    def cut(self) -> None:
        """Lose the connection, at both ends."""
        self._server.close()
        self._client.close(code=1001)

    def _join(self, client: WebSocketRoute) -> None:
        self.count += 1
        self._client, self._server = client, client.connect_to_server()


def test_a_connection_that_is_lost_brings_back_the_draft_the_selection_and_the_run(
    page: Page, address: str, tmp_path: Path
) -> None:
    gate, file = tmp_path / "gate", tmp_path / "slow.json"
    rows = [
        [0, f"{slow.__name__}.same", "a", {}, "first"],
        [1, f"{slow.__name__}.after_file", "first", {"path": str(gate)}, "second"],
    ]
    Workflow(rows, {"a": 1}, name="slow", catalog=Catalog.from_modules([slow.__name__])).to_json(file)
    wire = Wire(page)
    workbench = WorkbenchPage(page, address)
    workbench.open()
    workbench.upload(file)
    expect(workbench.cells("order")).to_have_count(2)
    workbench.set_cell(1, "order", "-1")
    workbench.select_row(2)
    workbench.run()
    expect(workbench.state(2)).to_contain_text("running")
    wire.cut()
    gate.touch()
    expect(workbench.state(2)).to_contain_text("done", timeout=LIMIT)
    assert wire.count == 2
    expect(workbench.cells("order").nth(0)).to_have_text("-1")
    expect(workbench.inspector).to_contain_text("after_file")
    workbench.undo()
    expect(workbench.cells("order").nth(0)).to_have_text("0")
