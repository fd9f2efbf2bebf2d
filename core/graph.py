"""A table as a networkx graph: task nodes, and one key node for every value that is read or written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from core.dataflow import DATA_KEY, OUTSIDE, Dataflow, trace
from core.task import Problem, Task

if TYPE_CHECKING:
    import networkx as nx

UNANSWERED = ("never-produced", "read-too-early", "cycle")


def build(tasks: Sequence[Task], problems: Iterable[Problem] = ()) -> nx.DiGraph[str]:
    """Return the graph of a table, valid or not.

    Nodes are `task:<id>` (kind "task"), `key:<key>@<id of its writer>` (kind "key"; two tasks that write one key make
    two nodes) and `input:<key>` (kind "input"). Edges go from a key to the tasks that read it, and from a task to the
    keys it writes. Attributes of task nodes: label, order, function_path, kwargs, level, problems (messages of errors).
    The node of an input that nothing answers has `problems` too.
    """
    import networkx as nx

    flow, problems = trace(tasks), tuple(problems)
    errors: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        if problem.severity == "error" and problem.task is not None:
            errors[problem.task].append(problem.message)
    unanswered = {(item.task, item.subject): item.message for item in problems if item.kind in UNANSWERED}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for task, sources, level in zip(flow.tasks, flow.sources, _levels(flow), strict=True):
        node = f"task:{task.id}"
        graph.add_node(
            node,
            kind="task",
            label=task.function_path.rpartition(".")[2] or "(no function)",
            order=task.order,
            level=level,
            function_path=task.function_path,
            kwargs=dict(task.kwargs),
            problems=errors[task.id],
        )
        for key, source in zip(task.input_keys, sources, strict=True):
            if key == DATA_KEY:
                continue
            if source == OUTSIDE:
                known = graph.nodes.get(f"input:{key}", {"level": level})
                graph.add_node(f"input:{key}", kind="input", label=key, level=min(level - 1, known["level"]))
                graph.add_edge(f"input:{key}", node)
                message = unanswered.get((task.id, key)) or unanswered.get((task.id, ""))
                if message and (key in flow.first_writer or (task.id, key) in unanswered):
                    graph.nodes[f"input:{key}"]["problems"] = [message]
            else:
                graph.add_edge(f"key:{key}@{flow.tasks[source].id}", node)
        for key in task.output_keys:
            graph.add_node(f"key:{key}@{task.id}", kind="key", label=key, level=level + 1)
            graph.add_edge(node, f"key:{key}@{task.id}")
    return graph


def without_keys(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Return the tasks of a graph, and the inputs that nothing answers.

    Edges lead from a task to the tasks that read what it writes; their attribute `keys` says which keys.
    """
    import networkx as nx

    bare: nx.DiGraph[str] = nx.DiGraph()
    bare.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if data["kind"] == "task")
    for node, data in graph.nodes(data=True):
        if data["kind"] == "task":
            continue
        starts = list(graph.pred[node])
        if data.get("problems"):
            bare.add_node(node, **data)
            starts = [node]
        for start, end in product(starts, graph.succ[node]):
            keys = bare.edges[start, end]["keys"] if bare.has_edge(start, end) else []
            bare.add_edge(start, end, keys=[*keys, data["label"]])
    return bare


def _levels(flow: Dataflow) -> list[int]:
    """Return a layer for each task: odd, later than those of lower orders and of the tasks that it reads from."""
    levels: list[int] = []
    first = last = -1
    for position, (task, sources) in enumerate(zip(flow.tasks, flow.sources, strict=True)):
        if position == 0 or task.order != flow.tasks[position - 1].order:
            first = last + 2
        levels.append(max([first, *(levels[source] + 2 for source in sources if source != OUTSIDE)]))
        last = max(last, levels[-1])
    return levels
