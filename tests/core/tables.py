"""Short ways to write tables down in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core import Catalog, Problem, Workflow
from tests.core import functions

MODULE = functions.__name__
CATALOG = Catalog.from_modules([MODULE])


def row(order: Any, function: str, reads: Any = (), kwargs: Any = None, writes: Any = ()) -> list[Any]:
    """A row whose function is one of `tests.core.functions`."""
    return [order, f"{MODULE}.{function}", reads, {} if kwargs is None else kwargs, writes]


def table(*rows: Sequence[Any], inputs: Mapping[str, Any] | None = None) -> Workflow:
    return Workflow(rows, inputs, catalog=CATALOG)


def trusted(*rows: Sequence[Any], inputs: Mapping[str, Any] | None = None) -> Workflow:
    return Workflow(rows, inputs, catalog=Catalog.trusted())


def chain(length: int) -> list[list[Any]]:
    """Rows that each add 1: k0 -> k1 -> ... -> k<length>."""
    return [row(number, "increment", f"k{number}", {}, f"k{number + 1}") for number in range(length)]


def kinds(workflow: Workflow) -> list[str]:
    return [problem.kind for problem in workflow.problems]


def only_problem(workflow: Workflow) -> Problem:
    assert len(workflow.problems) == 1, workflow.problems
    return workflow.problems[0]
