"""Where the nodes of a workflow's graph are drawn: in layers, with few crossings, the same place every time.

After Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures", IEEE
Transactions on Systems, Man, and Cybernetics 11 (1981): long edges get a node in every layer that they pass, the nodes
of a layer are sorted by the mean place of their neighbours, and then moved towards them without changing places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

BEND = "bend"
SORTING_SWEEPS = 8
MOVING_SWEEPS = 12
BENDS_PER_NODE = 4
STRAIGHT = 8.0
STEP = 16


def routed(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Return the graph with its long edges led through nodes of kind "bend", one in every layer that they pass.

    Edges that start at one node share their bends. A graph gets at most `BENDS_PER_NODE` bends for each node; the
    edges that would need the most go without. Attributes of an edge stay on its last piece.
    """
    levels = sorted({data["level"] for _, data in graph.nodes(data=True)})
    columns = {level: column for column, level in enumerate(levels)}
    column = {node: columns[data["level"]] for node, data in graph.nodes(data=True)}
    spans = {
        node: max((column[end] for end in ends), default=0) - column[node] - 1 for node, ends in graph.succ.items()
    }
    left = BENDS_PER_NODE * len(graph)
    numbers = count()
    result = graph.copy()
    for start in sorted(graph, key=spans.__getitem__):
        left -= max(spans[start], 0)
        if left < 0:
            break
        chain = [start, *(f"bend:{next(numbers)}" for _ in range(spans[start]))]
        for number, bend in enumerate(chain[1:], 1):
            result.add_node(bend, kind=BEND, level=levels[column[start] + number])
            result.add_edge(chain[number - 1], bend)
        for end, data in graph.succ[start].items():
            if column[end] > column[start] + 1:
                result.remove_edge(start, end)
                result.add_edge(chain[column[end] - column[start] - 1], end, **data)
    return result


def place(graph: nx.DiGraph[str]) -> dict[str, tuple[float, float]]:
    """Return node -> (layer, row), from the nodes' `level`: whole layers from 0, rows around 0 and at least 1 apart.

    A bend needs half the room of other nodes.
    """
    by_level: dict[int, list[str]] = defaultdict(list)
    for node, data in graph.nodes(data=True):
        by_level[data["level"]].append(node)
    columns = [by_level[level] for level in sorted(by_level)]
    rows = {node: row - (len(nodes) - 1) / 2 for nodes in columns for row, node in enumerate(nodes)}
    for sweep in range(SORTING_SWEEPS):
        neighbours = graph.succ if sweep % 2 else graph.pred
        for nodes in reversed(columns) if sweep % 2 else columns:
            wish = {node: _mean([rows[other] for other in neighbours[node]], rows[node]) for node in nodes}
            nodes.sort(key=wish.__getitem__)
            rows.update((node, row - (len(nodes) - 1) / 2) for row, node in enumerate(nodes))
    bends = {node for node, data in graph.nodes(data=True) if data.get("kind") == BEND}
    for sweep in range(MOVING_SWEEPS):
        for nodes in reversed(columns) if sweep % 2 else columns:
            _move(nodes, rows, graph, bends, sweep)
    middle = round((min(rows.values()) + max(rows.values())) / 2) if rows else 0
    return {node: (float(number), rows[node] - middle) for number, nodes in enumerate(columns) for node in nodes}


def _move(nodes: Sequence[str], rows: dict[str, float], graph: nx.DiGraph[str], bends: set[str], sweep: int) -> None:
    """Move the nodes of one layer towards their neighbours: bends first of all, so that long edges are straight."""
    wishes, weights = [], []
    for node in nodes:
        before, after = list(graph.pred[node]), list(graph.succ[node])
        is_last = sweep >= MOVING_SWEEPS - 2
        near = [*before, *after] if is_last else (after if sweep % 2 else before) or before or after
        strength = {other: STRAIGHT if node in bends and other in bends else 1.0 for other in near}
        total = sum(strength.values())
        wish = sum(rows[other] * value for other, value in strength.items()) / total if total else rows[node]
        wishes.append(wish)
        weights.append(total or 0.1)
    room = [0.25 if node in bends else 0.5 for node in nodes]
    offsets = [0.0]
    for first, second in pairwise(room):
        offsets.append(offsets[-1] + first + second)
    targets = [wish - offset for wish, offset in zip(wishes, offsets, strict=True)]
    for node, target, offset in zip(nodes, _ascending(targets, weights), offsets, strict=True):
        rows[node] = round(target * STEP) / STEP + offset


def _ascending(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the ascending numbers that are nearest to the values: isotonic regression by pooling neighbours."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            before = blocks.pop()
            total = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / total
            block = (mean, total, before[2] + block[2])
        blocks.append(block)
    return [mean for mean, _, count in blocks for _ in range(count)]


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
