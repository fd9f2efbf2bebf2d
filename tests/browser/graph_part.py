"""The graph of the workbench as a person uses it. Verbs are public; assertions belong to the tests."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class GraphPart:
    """The graph on an open workbench. Nodes are named as in `Workflow.to_graph`."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def drawing(self) -> Locator:
        """The graph; `data-nodes`, `data-faded`, `data-found` and `data-states` say what is drawn."""
        return self._page.locator(".st-key-graph .tt-graph")

    @property
    def canvas(self) -> Locator:
        """What a screen reader meets."""
        return self.drawing.get_by_role("img")

    @property
    def selected_row(self) -> Locator:
        """The row of the grid that is selected."""
        return self._page.locator(".st-key-grid .tabulator-row.tt-selected")

    @property
    def matches(self) -> Locator:
        """How many nodes a search has found, in words."""
        return self.drawing.locator("output")

    @property
    def tooltip(self) -> Locator:
        """What is said of the node under the pointer."""
        return self.drawing.locator(".vis-tooltip")

    @property
    def note(self) -> Locator:
        """What is said of the tasks that are out of sight."""
        return self.drawing.locator(".tt-sight")

    def states(self) -> dict[str, str]:
        """Return node -> state as drawn."""
        found: dict[str, str] = json.loads(self.drawing.get_attribute("data-states") or "{}")
        return found

    def labels(self) -> list[str]:
        """Return the labels of the edges that have one."""
        script = "host => host.graph.view.edges.map(edge => edge.label).filter(Boolean)"
        found: list[str] = self.drawing.evaluate(script)
        return sorted(found)

    def place(self, node: str) -> dict[str, float]:
        """Return where a node lies in the drawing, however it is zoomed."""
        found: dict[str, float] = self.drawing.evaluate("(host, id) => host.graph.network.getPosition(id)", node)
        return found

    def click(self, node: str) -> None:
        """Click on a node."""
        self._page.mouse.click(*self._position(node))

    def click_beside(self) -> None:
        """Click where no node is: into a corner."""
        self.canvas.click(position={"x": 4, "y": 4})

    def hover(self, node: str) -> None:
        """Rest the pointer on a node."""
        self._page.mouse.move(*self._position(node))

    def drag(self, node: str, across: int, down: int) -> None:
        """Drag a node by so many pixels."""
        x, y = self._position(node)
        self._page.mouse.move(x, y)
        self._page.mouse.down()
        self._page.mouse.move(x + across, y + down, steps=5)
        self._page.mouse.up()

    def search(self, text: str) -> None:
        """Type into the search field, key by key."""
        self._field().press_sequentially(text)

    def next_match(self) -> None:
        """Press Enter in the search field."""
        self._field().press("Enter")

    def leave_search(self) -> None:
        """Press Escape in the search field."""
        self._field().press("Escape")

    def toggle_keys(self) -> None:
        """Hide the keys, or show them again."""
        self._press("Keys")

    def turn(self) -> None:
        """Draw in the other direction."""
        self._press("Turn")

    def fit(self) -> None:
        """Show all that is drawn."""
        self._press("Fit")

    def scale(self) -> float:
        """How large the graph is drawn; from 0.73 on, names are at least 10 pixels high."""
        found: float = self.drawing.evaluate("host => host.graph.network.getScale()")
        return found

    def in_sight(self) -> list[str]:
        """Return the tasks that are in sight as wholes."""
        script = "host => host.graph.sight.inSight(host.graph.inOrder())"
        found: list[str] = self.drawing.evaluate(script)
        return found

    def wait_until_in_sight(self, node: str) -> None:
        """Wait until a task is in sight as a whole."""
        script = "([host, id]) => host.graph.sight.inSight([id]).length === 1"
        self._page.wait_for_function(script, arg=[self.drawing.element_handle(), node])

    def fold(self) -> None:
        """Fold the orders that were unfolded."""
        self._press("Fold")

    def export(self, kind: str, folder: Path) -> Path:
        """Export the graph as one of the menu's kinds and return the file."""
        self._press("Export")
        with self._page.expect_download() as waiting:
            self.drawing.get_by_role("menuitem", name=kind).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def _field(self) -> Locator:
        return self.drawing.get_by_role("searchbox")

    def _press(self, name: str) -> None:
        self.drawing.get_by_role("button", name=f"{name}:").click()

    def _position(self, node: str) -> tuple[float, float]:
        expect(self.canvas).to_be_visible()
        self.drawing.scroll_into_view_if_needed()
        self.drawing.evaluate("(host, id) => host.graph.sight.bring(id)", node)
        found = self.drawing.evaluate("(host, id) => host.graph.positionOf(id)", node)
        return found["x"], found["y"]
