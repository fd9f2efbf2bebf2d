"""What the browser is given to draw: both views, states, what is said of a node, and never more than it can draw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core import Workflow
from core.graph import without_keys
from core.layout import BEND
from dashboard.components.graph.data import MAX_KEY_LABEL, MAX_TASK_LABEL, MAX_TASKS_WITH_KEYS, drawing
from sample_workflows import analyses
from tests.core.tables import chain, row, table

CROSSOVER = analyses.Analysis3.create()


def nodes(workflow: Workflow, **states: str) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in drawing(workflow, states)["nodes"]}


def test_every_node_has_a_place_in_the_view_with_keys_and_every_task_in_the_one_without() -> None:
    found = drawing(CROSSOVER, {})
    ids = {node["id"] for node in found["nodes"]}
    assert ids == set(CROSSOVER.to_graph())
    with_keys, without = (
        {node for node in found["views"][name]["places"] if not node.startswith("bend:")} for name in ("keys", "tasks")
    )
    assert with_keys == ids
    assert without == {f"task:{task.id}" for task in CROSSOVER.tasks}


def test_edges_lead_to_places_and_only_those_that_reach_a_node_have_an_arrow() -> None:
    for view in drawing(CROSSOVER, {})["views"].values():
        assert {edge[end] for edge in view["edges"] for end in ("from", "to")} == set(view["places"])
        for edge in view["edges"]:
            assert ("arrows" in edge) is not edge["to"].startswith(BEND)


def test_without_keys_an_edge_is_labelled_once_with_what_it_hands_over() -> None:
    view = drawing(CROSSOVER, {})["views"]["tasks"]
    labels = [edge["label"] for edge in view["edges"] if edge.get("label")]
    assert set(labels) == {key for task in CROSSOVER.tasks for key in task.output_keys} - {"fig"}
    assert labels.count("longSma") == labels.count("shortSma") == 2


def test_without_keys_two_keys_between_the_same_tasks_are_one_edge() -> None:
    workflow = table(row(0, "pair", (), {}, ("a", "b")), row(1, "add", ("a", "b"), {}, "c"), inputs={})
    edges = without_keys(workflow.to_graph()).edges(data="keys")
    assert list(edges) == [("task:t1", "task:t2", ["a", "b"])]


def test_states_are_those_of_the_tasks_and_keys_have_their_writers() -> None:
    found = nodes(table(*chain(2)), t1="done")
    assert {node: data["state"] for node, data in found.items()} == {
        "task:t1": "done",
        "input:k0": "input",
        "key:k1@t1": "done",
        "task:t2": "waiting",
        "key:k2@t2": "waiting",
    }
    assert found["key:k1@t1"]["task"] == "t1"
    assert found["input:k0"]["task"] == ""


UNANSWERED = {
    "never produced": [row(0, "increment", "missing", {}, "a")],
    "read too early": [row(0, "increment", "missing", {}, "a"), row(1, "one", (), {}, "missing")],
    "needed by its own writer": [row(0, "identity", "missing", {}, "missing")],
}


@pytest.mark.parametrize("name", UNANSWERED)
@pytest.mark.parametrize("declared", [{"fine": 1}, {"fine": 1, "missing": 2}], ids=["missing", "declared"])
def test_an_input_that_nothing_answers_is_a_problem_in_both_views(name: str, declared: dict[str, int]) -> None:
    workflow = table(*UNANSWERED[name], row(2, "increment", "fine", {}, "b"), inputs=declared)
    is_broken = "missing" not in declared
    found = nodes(workflow, t1="done")
    assert found["input:fine"]["state"] == "input"
    assert found["input:missing"]["state"] == ("broken" if is_broken else "input")
    assert found["task:t1"]["state"] == ("broken" if is_broken else "done")
    assert ("input:missing" in drawing(workflow, {})["views"]["tasks"]["places"]) is is_broken
    assert "input:fine" not in drawing(workflow, {})["views"]["tasks"]["places"]


def test_what_is_said_of_a_task_is_its_signature_its_kwargs_its_state_and_its_problems() -> None:
    workflow = table(row(3, "increment", "a", {"by": 2}, "b"), row(4, "nothing_of_the_kind", "b"), inputs={"a": 1})
    good, bad = (nodes(workflow, t1="stale")[f"task:t{number}"]["about"] for number in (1, 2))
    path, kwargs, state = good.splitlines()
    assert path.startswith("tests.core.functions.increment(")
    assert (kwargs, state) == ("kwargs: by=2", "order 3, stale")
    assert "is not in the catalog" in bad


def test_labels_are_short_and_printable() -> None:
    path = "m.\u202ereversed\n" + "x" * 60
    found = nodes(Workflow([[0, path, "k" * 60, {}, "a\u0000b"]], {"k" * 60: 1}))
    task, read, written = (found[node]["label"] for node in ("task:t1", "input:" + "k" * 60, "key:a\u0000b@t1"))
    assert task.startswith(" reversed x")
    assert len(task) == MAX_TASK_LABEL
    assert len(read) == MAX_KEY_LABEL
    assert written == "a b"


@pytest.mark.parametrize("count", [0, 1, MAX_TASKS_WITH_KEYS, MAX_TASKS_WITH_KEYS + 1, 3_000])
def test_a_large_table_comes_without_its_keys_and_any_table_as_json(count: int) -> None:
    found = drawing(table(*chain(count)), {})
    assert ("keys" in found["views"]) is (count <= MAX_TASKS_WITH_KEYS)
    assert sum(node["kind"] == "task" for node in found["nodes"]) == count
    assert len(json.dumps(found)) < 20_000 + 1_200 * count
