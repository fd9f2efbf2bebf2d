"""Where the nodes of a workflow's graph are drawn: in layers, with few crossings, the same place every time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

SWEEPS = 4


def place(graph: nx.DiGraph[str]) -> dict[str, tuple[float, float]]:
    """Return node -> (layer, place in the layer), from the nodes' `level`: whole layers, places around 0 and 1 apart.

    Within a layer, nodes are sorted by the mean place of their neighbours, swept back and forth a few times: the
    barycentre method of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
    Structures", IEEE Transactions on Systems, Man, and Cybernetics 11 (1981).
    """
    columns: dict[int, list[str]] = defaultdict(list)
    for node, data in graph.nodes(data=True):
        columns[data["level"]].append(node)
    levels = sorted(columns)
    rows = {node: float(row) for nodes in columns.values() for row, node in enumerate(nodes)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbours = graph.pred if forward else graph.succ
        for level in levels if forward else reversed(levels):
            nodes = columns[level]
            wish = {
                node: sum(rows[other] for other in neighbours[node]) / len(neighbours[node])
                if neighbours[node]
                else rows[node]
                for node in nodes
            }
            nodes.sort(key=wish.__getitem__)
            rows.update((node, row - (len(nodes) - 1) / 2) for row, node in enumerate(nodes))
    return {node: (float(column), rows[node]) for column, level in enumerate(levels) for node in columns[level]}
