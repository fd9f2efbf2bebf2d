"""A small picture of a workflow's graph, to know it by: SVG of boxes and lines, for light and for dark pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.workflow import Workflow

MAX_DRAWN = 150
RATIO = 0.45
MOST_STACKED = 24
LINE, BOX, BROKEN = "#8a94a6", "#4c7fe0", "#d9534f"


def graph_svg(workflow: Workflow, width: int = 160) -> str:
    """Return the picture, `width` pixels wide: one box per task, red for a broken one, and lines along the values.

    Works for a broken and for an empty table. Of a table of more than 150 tasks only their number per order is drawn.
    No text of the workflow is in it but its name, escaped, as the picture's title.
    """
    height = round(width * RATIO)
    body = _columns(workflow, width, height) if len(workflow.tasks) > MAX_DRAWN else _graph(workflow, width, height)
    name = "".join(char for char in workflow.name if char.isprintable())[:200]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escape(name)}</title>{body}</svg>"
    )


def _graph(workflow: Workflow, width: int, height: int) -> str:
    from core.graph import without_keys
    from core.layout import BEND, place, routed

    graph = routed(without_keys(workflow.to_graph()))
    if not graph:
        return ""
    points = _fitted(place(graph), width, height)
    size = _size(points, width, height)
    lines = (_line(points[start], points[end]) for start, end in graph.edges)
    boxes = (
        _box(*points[node], *size, BROKEN if data.get("problems") else BOX)
        for node, data in graph.nodes(data=True)
        if data["kind"] != BEND
    )
    return f'<g fill="none" stroke="{LINE}" stroke-width="1.2">{"".join(lines)}</g>{"".join(boxes)}'


def _fitted(places: Mapping[str, tuple[float, float]], width: int, height: int) -> dict[str, tuple[float, float]]:
    """Return the places in pixels, with a margin around them."""
    right = max(x for x, _ in places.values()) or 1.0
    rows = [y for _, y in places.values()]
    middle, spread = (min(rows) + max(rows)) / 2, max(max(rows) - min(rows), 2.0)
    margin = width / 12
    return {
        node: (
            round(margin + x / right * (width - 2 * margin), 1),
            round(height / 2 + (y - middle) / spread * (height - 1.6 * margin), 1),
        )
        for node, (x, y) in places.items()
    }


def _size(points: Mapping[str, tuple[float, float]], width: int, height: int) -> tuple[float, float]:
    """Return width and height of the boxes: as large as their number leaves room for."""
    layers = Counter(x for x, _ in points.values())
    wide = min(width / 9, width / (1.8 * len(layers)))
    return round(wide, 1), round(min(wide * 0.55, height / (1.5 * max(layers.values()))), 1)


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    middle = round((start[0] + end[0]) / 2, 1)
    return f'<path d="M{start[0]} {start[1]}C{middle} {start[1]} {middle} {end[1]} {end[0]} {end[1]}"/>'


def _box(x: float, y: float, wide: float, high: float, colour: str) -> str:
    left, top, round_by = round(x - wide / 2, 1), round(y - high / 2, 1), round(min(wide, high) / 4, 1)
    return f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" rx="{round_by}" fill="{colour}"/>'


def _columns(workflow: Workflow, width: int, height: int) -> str:
    """Return one column per order, as high as it has tasks; neighbours share one where there are many."""
    counts = [count for _, count in sorted(Counter(task.order for task in workflow.tasks).items())]
    per_column = -(-len(counts) // MOST_STACKED)
    sums = [sum(counts[start : start + per_column]) for start in range(0, len(counts), per_column)]
    step = width * 0.84 / len(sums)
    return "".join(
        _box(
            width * 0.08 + (number + 0.5) * step, height / 2, round(step * 0.7, 1), round(height * 0.8 * share, 1), BOX
        )
        for number, share in enumerate(count / max(sums) for count in sums)
    )
