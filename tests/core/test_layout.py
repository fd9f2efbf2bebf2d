"""Where a graph's nodes are drawn: every node at a place of its own, data flowing one way, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Workflow
from core.layout import BEND, BENDS_PER_NODE, place, routed
from sample_workflows import analyses
from tests.core.tables import chain, row, table

BROKEN: dict[str, list[Any]] = {
    "a cycle": [row(0, "identity", "b", {}, "a"), row(1, "identity", "a", {}, "b")],
    "a cycle in one order": [row(0, "identity", "b", {}, "a"), row(0, "identity", "a", {}, "b")],
    "a row that reads itself": [row(0, "identity", "a", {}, "a")],
    "a key twice in a row": [row(0, "identity", "a", {}, ("b", "b"))],
    "cells that cannot be read": [{"order": "x", "funcPath": 5, "inputKeys": 5, "kwargs": 5, "outputKeys": 5}],
    "no reads and no writes": [row(0, "one"), row(0, "one")],
    "nothing at all": [],
}
VALID: dict[str, Workflow] = {
    **{name: getattr(analyses, name).create() for name in ("Analysis1", "Analysis2", "Analysis3", "Analysis4")},
    "one order": table(
        row(0, "identity", "a", {}, "b"), row(0, "identity", "b", {}, "c"), row(0, "add", ("a", "c"), {}, "d")
    ),
    "an order within an order": table(
        row(0, "identity", "a", {}, "b"),
        row(0, "identity", "b", {}, "c"),
        row(0, "identity", "z", {}, "y"),
        row(3, "add", ("c", "y"), {}, "d"),
    ),
    "an input read late and then early": table(
        row(0, "identity", "a", {}, "b"), row(0, "add", ("b", "z"), {}, "c"), row(0, "identity", "z", {}, "d")
    ),
    "a key overwritten": table(row(0, "identity", "a", {}, "a"), row(1, "identity", "a", {}, "a"), inputs={"a": 1}),
    "an input read at the end": table(*chain(3), row(9, "add", ("k3", "late"), {}, "end")),
}


def check(workflow: Workflow) -> dict[str, tuple[float, float]]:
    """Lay out a table, routed as well; every node has a place, and no other node is there."""
    for graph in (routed(workflow.to_graph()), workflow.to_graph()):
        places = place(graph)
        assert set(places) == set(graph)
        assert len(set(places.values())) == len(places)
        assert all(layer.is_integer() for layer, _ in places.values())
    return places


@pytest.mark.parametrize("name", VALID)
def test_every_edge_of_a_valid_table_goes_to_a_later_layer(name: str) -> None:
    assert VALID[name].plan_or_none, VALID[name].problems
    places = check(VALID[name])
    for start, end in VALID[name].to_graph().edges:
        assert places[start][0] < places[end][0], (start, end)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_laid_out_too(name: str) -> None:
    check(table(*BROKEN[name]))


@pytest.mark.parametrize("name", VALID)
def test_the_same_table_looks_the_same_every_time(name: str) -> None:
    assert place(VALID[name].to_graph()) == place(VALID[name].to_graph())


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("change", [lambda graph: graph, routed], ids=["as it is", "routed"])
def test_layers_have_no_gaps_and_nodes_have_room(name: str, change: Any) -> None:
    graph = change(VALID[name].to_graph())
    layers: dict[float, list[tuple[float, float]]] = {}
    for node, (layer, at) in place(graph).items():
        layers.setdefault(layer, []).append((at, 0.25 if graph.nodes[node]["kind"] == BEND else 0.5))
    assert sorted(layers) == [float(number) for number in range(len(layers))]
    for nodes in layers.values():
        for (at, room), (other, other_room) in pairwise(sorted(nodes)):
            assert other - at >= room + other_room


@pytest.mark.parametrize("name", VALID)
def test_routing_leads_every_edge_from_layer_to_layer(name: str) -> None:
    graph = VALID[name].to_graph()
    result = routed(graph)
    places = place(result)
    assert {node for node, data in result.nodes(data=True) if data["kind"] != BEND} == set(graph)
    assert all(places[end][0] - places[start][0] == 1 for start, end in result.edges)
    bends = {node for node in result if node not in graph}
    reached = {
        (start, end)
        for start in graph
        for end in graph
        if start != end and nx.has_path(result.subgraph({start, end, *bends}), start, end)
    }
    assert reached == set(graph.edges)


def test_routing_leaves_the_graph_itself_and_a_short_one_alone() -> None:
    graph = VALID["Analysis4"].to_graph()
    before = graph.copy()
    assert len(routed(graph)) > len(graph)
    assert nx.utils.graphs_equal(graph, before)
    short = table(*chain(3)).to_graph()
    assert nx.utils.graphs_equal(routed(short), short)


def test_routing_keeps_the_attributes_of_an_edge_on_its_last_piece() -> None:
    graph = table(
        row(0, "identity", "a", {}, "b"), row(5, "identity", "z", {}, "y"), row(9, "add", ("a", "b"))
    ).to_graph()
    graph.edges["input:a", "task:t3"]["color"] = "red"
    ends = [end for _, end, data in routed(graph).edges(data=True) if data.get("color") == "red"]
    assert ends == ["task:t3"]


def test_routing_makes_only_so_many_bends() -> None:
    rows = [row(number, "identity", f"k{number}", {}, f"k{number + 1}") for number in range(60)]
    graph = table(*rows, *[row(60, "identity", f"k{number}") for number in range(60)]).to_graph()
    assert len(graph) < len(routed(graph)) <= len(graph) * (1 + BENDS_PER_NODE)


def test_orders_stay_apart() -> None:
    places = check(VALID["an order within an order"])
    assert max(places[f"task:t{number}"][0] for number in (1, 2, 3)) < places["task:t4"][0]


def test_two_chains_side_by_side_do_not_cross() -> None:
    first = [row(number, "identity", f"a{number}", {}, f"a{number + 1}") for number in range(4)]
    second = [row(number, "identity", f"b{number}", {}, f"b{number + 1}") for number in range(4)]
    mixed = [line for pair in zip(first, second[::-1], strict=True) for line in pair]
    workflow = table(*mixed)
    places = check(workflow)
    edges = [(places[start], places[end]) for start, end in workflow.to_graph().edges]
    for (layer, at), (_, to) in edges:
        for (other_layer, other_at), (_, other_to) in edges:
            if layer == other_layer and at < other_at:
                assert to <= other_to


WIDE: dict[str, Callable[[int], list[Any]]] = {
    "long": chain,
    "wide": lambda count: [row(0, "identity", "a", {}, f"k{number}") for number in range(count)],
    "square": lambda count: [
        row(number % 30, "add", (f"k{number - 30}" if number >= 30 else "a", "b"), {}, f"k{number}")
        for number in range(count)
    ],
}


@pytest.mark.parametrize("shape", WIDE)
@pytest.mark.parametrize("count", [300, 3_000])
def test_large_tables_are_laid_out(shape: str, count: int) -> None:
    workflow = table(*WIDE[shape](count))
    places = check(workflow)
    assert sum(node.startswith("task:") for node in places) == count


KEYS = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(KEYS, max_size=3), st.lists(KEYS, max_size=2)), max_size=8))
def test_any_table_is_laid_out_and_a_valid_one_flows_one_way(rows: list[Any]) -> None:
    workflow = table(*[row(order, "spread", tuple(reads), {}, tuple(writes)) for order, reads, writes in rows])
    places = check(workflow)
    graph = workflow.to_graph()
    assert all(places[start][0] < places[end][0] for start, end in graph.edges), list(graph.edges)
