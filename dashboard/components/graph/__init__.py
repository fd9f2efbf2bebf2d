"""The graph of a workflow: pyvis's nodes and edges, drawn by the vis-network that comes with pyvis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from core import Workflow
from dashboard.components.bundle import Part
from dashboard.components.graph.data import drawing

FOLDER = Path(__file__).parent
LIBRARY = Path("lib") / "vis-9.1.2" / "vis-network.min.js"
SCRIPTS = (
    "look.js",
    "view.js",
    "spread.js",
    "sight.js",
    "picture.js",
    "controls.js",
    "change.js",
    "pulse.js",
    "graph.js",
)
HTML = """
<div class="tt-graph">
  <div class="tt-bar" role="toolbar" aria-label="Graph"></div>
  <div class="tt-canvas"><div class="tt-skeleton" role="status" aria-label="The graph is loading"></div></div>
  <div class="tt-legend" role="list" aria-label="What the colours mean"></div>
</div>
"""


@cache
def part() -> Part:
    """Return what draws a graph."""
    import pyvis

    return Part(
        name="graph",
        html=HTML,
        library=Path(pyvis.__file__).parent / LIBRARY,
        scripts=tuple(FOLDER / name for name in SCRIPTS),
        styles=(FOLDER / "graph.css",),
    )


def graph(
    workflow: Workflow,
    states: Mapping[str, str],
    *,
    selected: str | None,
    height: int,
    key: str,
    on_select: Callable[[], None],
    text: Mapping[str, str] | None = None,
) -> None:
    """Draw the graph.

    Args:
        workflow: what is drawn, valid or not.
        states: task id -> state.
        selected: id of the selected task.
        height: in pixels.
        key: the widget's key; `st.session_state[key].select` is the id of a task when `on_select` is called, and
            `.text` is "mermaid" or "dot" in the pass after the user asked for the graph in that language.
        on_select: called when a task was clicked, or a key, which selects the task that writes it.
        text: the graph in the language that the user asked for: `{"language", "content"}`.
    """
    data = {**drawing(workflow, states), "selected": selected, "height": height, "text": text}
    part().draw(data, key=key, height=height, on_select_change=on_select, on_text_change=lambda: None)
