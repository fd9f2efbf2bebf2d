"""Offers mend what they are offered for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Workflow
from core.catalog import Catalog
from core.repair import order_by_data, repairs
from core.table import read_rows

CATALOG = Catalog.from_modules(["tests.core.functions"])
F = "tests.core.functions."


def mended(workflow: Workflow, label: str) -> Workflow:
    """The workflow after the one offer with this label."""
    offers = [offer for problem in workflow.problems for offer in repairs(problem, workflow) if offer.label == label]
    assert offers, [offer.label for problem in workflow.problems for offer in repairs(problem, workflow)]
    return offers[0].apply(workflow)


@pytest.mark.parametrize(
    ("rows", "inputs", "label"),
    [
        ([[0, F + "identit", "a", {}, "x"]], {"a": 1}, "Use identity"),
        ([[0, F + "identity", "pric", {}, "x"]], {"price": 1}, "Read price"),
        ([[0, F + "identity", "a", {}, "x"]], {}, "Declare a as an input"),
        (
            [[0, F + "identity", "x", {}, "y"], [1, F + "identity", "a", {}, "x"]],
            {"a": 1},
            "Order this table by its data",
        ),
        ([[0, F + "identity", "a", {}, "x"]], {"a": 1, "b": 2}, "Remove the input b"),
        ([[0, F + "identity", "a", {"valu": 1}, "x"]], {"a": 1}, "Remove valu from kwargs"),
        ([[0, F + "identity", "a", {"value": 1}, "x"]], {"a": 1}, "Remove value from kwargs"),
    ],
)
def test_an_offer_mends_its_table(rows: list[Any], inputs: dict[str, Any], label: str) -> None:
    broken = Workflow(rows, inputs, catalog=CATALOG)
    assert broken.problems
    assert mended(broken, label).problems == ()


def test_what_only_the_author_can_know_has_no_offer() -> None:
    cyclic = Workflow([[0, F + "identity", "b", {}, "a"], [1, F + "identity", "a", {}, "b"]], {}, catalog=CATALOG)
    kinds = {problem.kind: repairs(problem, cyclic) for problem in cyclic.problems}
    assert kinds == {"cycle": []}


def test_a_table_with_a_cycle_cannot_be_ordered() -> None:
    assert order_by_data(read_rows([[0, "f", "b", {}, "a"], [1, "f", "a", {}, "b"]])) is None


def test_rows_keep_their_sequence_and_ids_when_they_are_ordered() -> None:
    rows = read_rows([[5, "f", "y", {}, "z"], [5, "f", "x", {}, "y"], [9, "f", (), {}, "x"], [1, "f", (), {}, "w"]])
    found = order_by_data(rows)
    assert found is not None
    assert [(task.id, task.order) for task in found] == [("t4", 0), ("t3", 0), ("t2", 1), ("t1", 2)]


@given(st.permutations(range(8)), st.integers(0, 7))
def test_a_shuffled_chain_is_put_in_order(sequence: list[int], rewritten: int) -> None:
    links = [[sequence[i], "f", f"k{i}", {}, f"k{i + 1}"] for i in range(8)]
    tasks = read_rows([*links, [99, "f", f"k{rewritten}", {}, "last"]])
    found = order_by_data(tasks)
    assert found is not None
    written: set[str] = {"k0"}
    for task in found:
        assert written.issuperset(task.input_keys)
        written.update(task.output_keys)
