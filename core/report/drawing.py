"""A workflow's graph as one SVG: tasks in layers from top to bottom, with what they write; inputs on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.graph import without_keys
from core.layout import BEND, place, routed
from core.report.markup import text

if TYPE_CHECKING:
    import networkx as nx

    from core.workflow import Workflow

MAX_NODES = 400
COLUMN, LAYER, EDGE = 196.0, 92.0, 12.0
WIDTH, HEIGHT, INPUT_HEIGHT = 176.0, 46.0, 28.0
MAX_LABEL = 24


def drawing(workflow: Workflow, states: Mapping[str, str]) -> str:
    """Return the graph as SVG, tasks coloured by their state (task id -> state); a sentence if it is too large."""
    graph = _graph(workflow)
    if not len(graph):
        return '<p class="quiet">The table has no tasks.</p>'
    if len(graph) > MAX_NODES:
        return f'<p class="quiet">The graph has {len(graph):,} nodes, too many to be drawn here.</p>'
    led = routed(graph)
    points = {node: (row * COLUMN, layer * LAYER) for node, (layer, row) in place(led).items()}
    left = min(x for x, _ in points.values()) - WIDTH / 2 - EDGE
    right = max(x for x, _ in points.values()) + WIDTH / 2 + EDGE
    bottom = max(y for _, y in points.values()) + HEIGHT / 2 + EDGE
    top = -HEIGHT / 2 - EDGE
    edges = "".join(_edge(led, points, start, end) for start, end in led.edges)
    nodes = "".join(_node(data, points[node], states.get(node[5:], "")) for node, data in graph.nodes(data=True))
    box = f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"
    return (
        f'<div class="scroll"><svg class="graph" viewBox="{box}" width="{right - left:.0f}" role="img" '
        f'aria-label="The graph of the tasks"><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" '
        f'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.6 L8 4 L0 7.4 z"/></marker></defs>'
        f"{edges}{nodes}</svg></div>"
    )


def _graph(workflow: Workflow) -> nx.DiGraph[str]:
    """Return tasks, and the inputs that they read."""
    whole = workflow.to_graph()
    graph = without_keys(whole)
    for task in workflow.tasks:
        graph.nodes[f"task:{task.id}"]["writes"] = ", ".join(task.output_keys)
    inputs = [(node, data) for node, data in whole.nodes(data=True) if data["kind"] == "input"]
    graph.add_nodes_from(inputs)
    graph.add_edges_from((node, reader) for node, _ in inputs for reader in whole.succ[node])
    return graph


def _node(data: Mapping[str, object], point: tuple[float, float], state: str) -> str:
    x, y = point
    label = str(data["label"])
    if data["kind"] != "task":
        title = f"<title>input {text(label)}</title>"
        shape = _box(x, y, INPUT_HEIGHT, INPUT_HEIGHT / 2)
        return f'<g class="input">{title}{shape}<text x="{x:.1f}" y="{y + 4:.1f}">{_cut(label)}</text></g>'
    title = f"<title>order {text(data['order'])}: {text(data['function_path'])}{', ' + state if state else ''}</title>"
    writes = str(data.get("writes", ""))
    lines = [(label, "", y + (-3 if writes else 4.5))]
    if writes:
        lines.append((f"→ {writes}", ' class="writes"', y + 14))
    words = "".join(f'<text{css} x="{x:.1f}" y="{line:.1f}">{_cut(word)}</text>' for word, css, line in lines)
    return f'<g class="task {text(state)}">{title}{_box(x, y, HEIGHT, 7)}{words}</g>'


def _box(x: float, y: float, height: float, radius: float) -> str:
    return (
        f'<rect x="{x - WIDTH / 2:.1f}" y="{y - height / 2:.1f}" width="{WIDTH:.0f}" '
        f'height="{height:.0f}" rx="{radius:.0f}"/>'
    )


def _cut(label: str) -> str:
    return text(label, MAX_LABEL)


def _edge(graph: nx.DiGraph[str], points: Mapping[str, tuple[float, float]], start: str, end: str) -> str:
    (x1, y1), (x2, y2) = points[start], points[end]
    y1 += _half(graph, start)
    y2 -= _half(graph, end)
    bow = (y2 - y1) / 2
    tip = "" if graph.nodes[end]["kind"] == BEND else ' marker-end="url(#tip)"'
    return (
        f'<path class="edge" d="M{x1:.1f} {y1:.1f} C{x1:.1f} {y1 + bow:.1f} {x2:.1f} {y2 - bow:.1f} '
        f'{x2:.1f} {y2:.1f}"{tip}/>'
    )


def _half(graph: nx.DiGraph[str], node: str) -> float:
    kind = graph.nodes[node]["kind"]
    return 0.0 if kind == BEND else (HEIGHT if kind == "task" else INPUT_HEIGHT) / 2
