"""The graph of a table, whole or broken, and its texts, in which no name can become syntax."""

from __future__ import annotations

import re
from typing import Any

import networkx as nx
import pytest

from core import Workflow
from tests.core.tables import CATALOG, MODULE, chain, row, table

CHAIN = [row(0, "increment", "a", {"by": 2}, "b"), row(1, "add", ("a", "b"), {}, "c"), row(3, "identity", "c", {}, "c")]


def test_graph_has_tasks_keys_and_inputs() -> None:
    graph = table(*CHAIN).to_graph()
    assert set(graph.edges) == {
        ("input:a", "task:t1"),
        ("task:t1", "key:b@t1"),
        ("input:a", "task:t2"),
        ("key:b@t1", "task:t2"),
        ("task:t2", "key:c@t2"),
        ("key:c@t2", "task:t3"),
        ("task:t3", "key:c@t3"),
    }
    assert graph.nodes["task:t1"] == {
        "kind": "task",
        "label": "increment",
        "order": 0,
        "level": 1,
        "function_path": f"{MODULE}.increment",
        "kwargs": {"by": 2},
        "problems": [],
    }
    assert graph.nodes["key:c@t3"] == {"kind": "key", "label": "c", "level": 6}
    assert graph.nodes["input:a"] == {"kind": "input", "label": "a", "level": 0}
    assert nx.is_directed_acyclic_graph(graph)


def test_levels_ascend_along_every_edge_between_orders() -> None:
    graph = table(*chain(20)).to_graph()
    assert all(graph.nodes[start]["level"] < graph.nodes[end]["level"] for start, end in graph.edges)


BROKEN: dict[str, list[Any]] = {
    "cycle": [row(0, "identity", "b", {}, "a"), row(0, "identity", "a", {}, "b")],
    "reads itself": [row(0, "identity", "a", {}, "a")],
    "unknown function": [[0, "nowhere.at.all", "a", {}, "b"]],
    "no function": [[0, "", "a", {}, "b"]],
    "nothing could be read": [{"order": "x", "funcPath": 5, "inputKeys": 5, "kwargs": 5, "outputKeys": 5}],
    "written twice in a row": [row(0, "identity", "a", {}, ("b", "b"))],
    "empty": [],
    "reads the registry": [row(0, "registry", "__data__", {}, "keys")],
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_table_is_drawn_too(name: str) -> None:
    workflow = table(*BROKEN[name])
    graph = workflow.to_graph()
    assert [node for node, data in graph.nodes(data=True) if data["kind"] == "task"] == [
        f"task:{task.id}" for task in workflow.tasks
    ]
    errors = {problem.message for problem in workflow.problems if problem.severity == "error" and problem.task}
    assert {message for _, data in graph.nodes(data=True) for message in data.get("problems", ())} == errors
    assert ("red" in workflow.to_dot()) is ("broken" in workflow.to_mermaid()) is bool(errors)


HOSTILE = [
    'a"]; evil [label="x',
    "a --> b",
    "a\n  evil --> b",
    "a\\",
    'a\\"',
    "<script>alert(1)</script>",
    "a\r\nb",
    "]) --> evil",
    "#quot;",
    "%%{init: {}}%%",
    "end",
    "a\u2028b",
    "a\u202eb",
    "`x`",
    "click n0 callback",
    "{a|b}",
    "\ud800",
]


def of_names(name: str) -> Workflow:
    rows: list[Any] = [[0, f"m.{name}", (name,), {}, (f"{name}2",)], [1, name, (f"{name}2", "x"), {}, ()]]
    return Workflow(rows, {name: 1, "x": 2}, catalog=CATALOG)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_name_cannot_become_syntax_of_dot(name: str) -> None:
    text = of_names(name).to_dot()
    strings = re.compile(r'"(?:[^"\\]|\\.)*"')
    for line in text.splitlines()[3:-1]:
        assert re.fullmatch(
            r"  n\d+ \[label=S, shape=(box|ellipse|parallelogram)(, color=S)?\];|  n\d+ -> n\d+;",
            strings.sub("S", line),
        ), line
    assert text.splitlines()[:3] == ["digraph workflow {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    assert text.endswith("}\n")


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_name_cannot_become_syntax_of_mermaid(name: str) -> None:
    lines = of_names(name).to_mermaid().splitlines()
    label = r"(?:[\w .-]|#\d+;)*"
    node = rf'  n\d+(\["{label}"\]|\(\["{label}"\]\)|\[/"{label}"/\])'
    edge = r"  n\d+ --> n\d+|  classDef broken stroke:#d00|  class n\d+(,n\d+)* broken"
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert re.fullmatch(f"{node}|{edge}", line), line


def test_texts_of_a_plain_table() -> None:
    workflow = table(row(0, "one", (), {}, "x_1"), row(1, "identity", "x_1"))
    assert workflow.to_mermaid() == (
        'flowchart LR\n  n0["0 one"]\n  n1(["x_1"])\n  n2["1 identity"]\n  n0 --> n1\n  n1 --> n2\n'
    )
    assert '  n1 [label="x_1", shape=ellipse];' in workflow.to_dot()
