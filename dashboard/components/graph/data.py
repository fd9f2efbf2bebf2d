"""What the browser needs to draw a workflow: pyvis's nodes and edges, where they lie, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.function import shown
from core.graph import without_keys
from core.layout import BEND, place, routed

if TYPE_CHECKING:
    import networkx as nx

    from core import Workflow

MAX_TASKS_WITH_KEYS = 300
MAX_TASK_LABEL, MAX_KEY_LABEL, MAX_KWARGS = 32, 28, 300
SHAPES = {"task": "box", "key": "ellipse", "input": "ellipse"}
LABELS = {"task": MAX_TASK_LABEL, "key": MAX_KEY_LABEL, "input": MAX_KEY_LABEL}

Places = dict[str, tuple[float, float]]
Edges = list[dict[str, Any]]
Structure = tuple[tuple[tuple[str, int], ...], tuple[tuple[str, str, str], ...]]


def drawing(workflow: Workflow, states: Mapping[str, str]) -> dict[str, Any]:
    """Return the nodes of a workflow, broken or not, and its two views.

    `nodes` are what can be drawn, each with its state. `views` say where and with which edges: "tasks" without keys,
    its edges labelled with them, and "keys" with keys, which a table of more than `MAX_TASKS_WITH_KEYS` has not. The
    places of a view name bends too: nodes that only lead a long edge around others.
    """
    graph = workflow.to_graph()
    bare = without_keys(graph)
    views = {"tasks": _view(bare)}
    if len(workflow.tasks) <= MAX_TASKS_WITH_KEYS:
        views["keys"] = _view(graph)
    drawn = graph if "keys" in views else bare
    about = _About(workflow, graph)
    nodes = [_node(node, data, about, states) for node, data in graph.nodes(data=True) if node in drawn]
    return {"name": workflow.name, "nodes": nodes, "views": views}


def _node(node: str, data: Mapping[str, Any], about: _About, states: Mapping[str, str]) -> dict[str, Any]:
    from pyvis.node import Node

    kind = data["kind"]
    task = about.task_of(node)
    state = "input" if kind == "input" else states.get(task, "waiting")
    shown_state = "broken" if data.get("problems") else state
    more = {"order": data["order"], "words": about.words(node)} if kind == "task" else {}
    drawn: dict[str, Any] = Node(
        node,
        SHAPES[kind],
        _clipped(data["label"], LABELS[kind]),
        kind=kind,
        task=task,
        state=shown_state,
        about=about.text(node, state),
        **more,
    ).options
    return drawn


class _About:
    """What is said of the nodes of one graph, as plain text."""

    def __init__(self, workflow: Workflow, graph: nx.DiGraph[str]) -> None:
        self._workflow = workflow
        self._graph = graph

    def task_of(self, node: str) -> str:
        """The task that is selected with a node: the writer of a key, none for an input."""
        start = node if node.startswith("task:") else next(iter(self._graph.pred[node]), "")
        return start.removeprefix("task:")

    def words(self, node: str) -> str:
        """What a task can be found by besides its label: its path, and its keys."""
        near = (*self._graph.pred[node], *self._graph.succ[node])
        return " ".join([self._graph.nodes[node]["function_path"], *(self._label(other) for other in near)])

    def text(self, node: str, state: str) -> str:
        """What is shown when the pointer rests on a node."""
        data = self._graph.nodes[node]
        if data["kind"] == "task":
            lines = self._of_task(data, state)
        else:
            writers = [f"written by {self._label(other)}" for other in self._graph.pred[node]]
            readers = [self._label(other) for other in self._graph.succ[node]]
            more = f" and {len(readers) - 8} more" if len(readers) > 8 else ""
            origin = writers or ["an input"]
            lines = [data["label"], *origin, f"read by {', '.join(readers[:8])}{more}" if readers else "never read"]
        return "\n".join([*lines, *data.get("problems", ())])

    def _of_task(self, data: Mapping[str, Any], state: str) -> list[str]:
        path = data["function_path"]
        function = self._workflow.catalog.find(path)
        kwargs = ", ".join(f"{name}={value!r}" for name, value in data["kwargs"].items())
        words = {"waiting": "not run yet"}
        lines = [
            f"{path or '(no function)'}{shown(function.signature) if function else ''}",
            f"kwargs: {kwargs[:MAX_KWARGS]}{'…' if len(kwargs) > MAX_KWARGS else ''}" if kwargs else "",
            f"order {data['order']}, {words.get(state, state)}",
        ]
        return [line for line in lines if line]

    def _label(self, node: str) -> str:
        return str(self._graph.nodes[node]["label"])


def _view(graph: nx.DiGraph[str]) -> dict[str, Any]:
    edges = tuple((start, end, ", ".join(data.get("keys", ()))) for start, end, data in graph.edges(data=True))
    levels = tuple((node, data["level"]) for node, data in graph.nodes(data=True))
    places, drawn = _laid_out((levels, edges))
    return {"places": places, "edges": drawn}


@lru_cache(maxsize=64)
def _laid_out(structure: Structure) -> tuple[Places, Edges]:
    """Return the places and edges of a view; a structure that was laid out lately, by anyone, is not laid out anew."""
    import networkx as nx
    from pyvis.edge import Edge

    levels, edges = structure
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((node, {"level": level}) for node, level in levels)
    graph.add_edges_from((start, end, {"label": label}) for start, end, label in edges)
    graph = _label_once(routed(graph))
    drawn = [
        Edge(start, end, graph.nodes[end].get("kind") != BEND, **_labelled(data)).options
        for start, end, data in graph.edges(data=True)
    ]
    return place(graph), drawn


def _label_once(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Return the graph with the label that all branches of a long edge share on the middle of its stem."""
    stems: dict[str, list[str]] = {}
    for node, data in graph.nodes(data=True):
        if data.get("kind") == BEND:
            before = next(iter(graph.pred[node]))
            stems[node] = [*stems.pop(before, [before]), node]
    for stem in stems.values():
        ends = [(bend, end) for bend in stem[1:] for end in graph.succ[bend] if end not in stem]
        labels = {graph.edges[edge].get("label", "") for edge in ends}
        if len(labels) == 1:
            for edge in ends:
                graph.edges[edge]["label"] = ""
            middle = len(stem) // 2
            graph.edges[stem[middle - 1], stem[middle]]["label"] = labels.pop()
    return graph


def _labelled(data: Mapping[str, Any]) -> dict[str, str]:
    return {"label": _clipped(data["label"], MAX_TASK_LABEL)} if data.get("label") else {}


def _clipped(label: str, most: int) -> str:
    plain = "".join(char if char.isprintable() else " " for char in label)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
