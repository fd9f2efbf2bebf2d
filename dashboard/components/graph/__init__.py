"""The graph of a workflow: pyvis's nodes and edges, drawn by the vis-network that comes with pyvis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.layout import place
from dashboard.components.bundle import module_text

if TYPE_CHECKING:
    import networkx as nx

FOLDER = Path(__file__).parent
LIBRARY = Path("lib") / "vis-9.1.2" / "vis-network.min.js"
MAX_LABEL = 26
SHAPES = {"task": "box", "key": "ellipse", "input": "ellipse"}


@cache
def _component() -> Any:
    import pyvis

    return st.components.v2.component(
        "tasktable_graph",
        html='<div class="tt-graph"><div class="tt-canvas"></div><div class="tt-legend"></div></div>',
        css=(FOLDER / "graph.css").read_text(encoding="utf-8"),
        js=module_text(Path(pyvis.__file__).parent / LIBRARY, FOLDER / "graph.js"),
    )


def graph(
    workflow_graph: nx.DiGraph[str],
    states: Mapping[str, str],
    *,
    selected: str | None,
    height: int,
    key: str,
    on_select: Callable[[], None],
) -> None:
    """Draw the graph.

    Args:
        workflow_graph: what `Workflow.to_graph` returns.
        states: task id -> state.
        selected: id of the selected task.
        height: in pixels.
        key: the widget's key; `st.session_state[key].select` is the id of a task when `on_select` is called.
        on_select: called when a task was clicked, or a key, which selects the task that writes it.
    """
    nodes, edges = _drawn(workflow_graph, states)
    data = {"nodes": nodes, "edges": edges, "selected": selected and f"task:{selected}", "height": height}
    _component()(data=data, key=key, height=height, on_select_change=on_select)


def _drawn(graph: nx.DiGraph[str], states: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    from pyvis.network import Network

    network = Network(directed=True)
    places = place(graph)
    for node, data in graph.nodes(data=True):
        task_id = node.removeprefix("task:") if data["kind"] == "task" else next(iter(graph.pred[node]), "")[5:]
        state = states.get(task_id, "waiting") if data["kind"] != "input" else "input"
        layer, row = places[node]
        network.add_node(
            node,
            label=_label(data),
            shape=SHAPES[data["kind"]],
            kind=data["kind"],
            state="broken" if data.get("problems") else state,
            task=task_id,
            about=_about(data, state),
            layer=layer,
            row=row,
        )
    for start, end in graph.edges:
        network.add_edge(start, end, id=f"{start} {end}")
    return network.nodes, network.edges


def _label(data: Mapping[str, Any]) -> str:
    label = str(data["label"])
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"


def _about(data: Mapping[str, Any], state: str) -> str:
    if data["kind"] != "task":
        return str(data["label"])
    kwargs = ", ".join(f"{name}={value!r}" for name, value in data["kwargs"].items())
    lines = [f"order {data['order']}: {data['function_path']}({kwargs[:300]})", state, *data["problems"]]
    return "\n".join(lines)
