"""A run that follows another says of each task why it runs or why it does not."""

from __future__ import annotations

from typing import Any

import pytest

from core import Workflow
from core.catalog import Catalog
from core.reason import KEPT

CATALOG = Catalog.from_modules(["tests.core.functions"])
F = "tests.core.functions."
ROWS: list[list[Any]] = [
    [0, F + "identity", "a", {}, "x"],
    [1, F + "identity", "b", {}, "y"],
    [2, F + "add", ("x", "y"), {}, "z"],
]


def reasons(rows: list[list[Any]], inputs: dict[str, Any]) -> list[str]:
    """The reasons of a run of `rows` that follows one of ROWS with a=1, b=2."""
    first = Workflow(ROWS, {"a": 1, "b": 2}, catalog=CATALOG).start().finish()
    second = Workflow(rows, inputs, catalog=CATALOG).start()
    second.adopt(first)
    return [result.reason for result in second.finish().results.values()]


@pytest.mark.parametrize(
    ("rows", "inputs", "expected"),
    [
        (ROWS, {"a": 1, "b": 2}, [KEPT, KEPT, KEPT]),
        (ROWS, {"a": 5, "b": 2}, ["input a 1 -> 5", KEPT, "x comes from t1, which runs too"]),
        (
            [*ROWS[:2], [2, F + "add", ("y", "x"), {}, "z"]],
            {"a": 1, "b": 2},
            [KEPT, KEPT, "reads (x, y) -> (y, x)"],
        ),
        (
            [[0, F + "identity", (), {"value": 7}, "x"], *ROWS[1:]],
            {"a": 1, "b": 2},
            ["kwarg value (nothing) -> 7; reads (a) -> ()", KEPT, "x comes from t1, which runs too"],
        ),
        ([*ROWS, [3, F + "identity", "z", {}, "w"]], {"a": 1, "b": 2}, [KEPT, KEPT, KEPT, "it is new in the table"]),
    ],
)
def test_the_reason_names_what_changed(rows: list[list[Any]], inputs: dict[str, Any], expected: list[str]) -> None:
    assert reasons(rows, inputs) == expected


def test_a_first_run_has_nothing_to_compare_with() -> None:
    run = Workflow(ROWS, {"a": 1, "b": 2}, catalog=CATALOG).start().finish()
    assert {result.reason for result in run.results.values()} == {""}
