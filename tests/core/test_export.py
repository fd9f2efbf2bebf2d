"""A workflow as Python: the class it becomes declares the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import REQUIRED, Workflow
from core.catalog import Catalog
from core.errors import LiteralError
from core.export import class_name, to_python
from core.literal import to_text

SAMPLES = sorted((Path(__file__).parents[2] / "sample_workflows").glob("*.json"))
CATALOG = Catalog.from_modules(["tests.core.functions"])
F = "tests.core.functions."


def declared(text: str) -> Workflow:
    """The workflow that a module's text declares."""
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - that it runs is what is tested
    classes = [v for v in names.values() if isinstance(v, type) and issubclass(v, Workflow) and v is not Workflow]
    return classes[0].create()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_becomes_a_class_that_writes_the_same_file(path: Path) -> None:
    workflow = Workflow.from_json(path)
    assert declared(to_python(workflow)).to_json() == path.read_text(encoding="utf-8")


VALUES = [
    None,
    True,
    5,
    -0.5,
    float("nan"),
    float("-inf"),
    'it\'s "quoted"\n\\',
    b"\x00",
    (1,),
    (),
    [[], {}],
    {"$a": 1},
    {(1, 2): {3}},
    frozenset({1}),
    dt.date(2007, 1, 1),
    dt.datetime(2007, 1, 1, 9, tzinfo=dt.UTC),
    dt.timedelta(days=1),
    Decimal("0.10"),
    Decimal("NaN"),
    complex(1, float("inf")),
    pd.Timestamp("2007-01-01", tz="Europe/Berlin"),
    pd.NaT,
    REQUIRED,
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_value_comes_back(value: object) -> None:
    workflow = Workflow([[0, F + "identity", "a", {}, "x"]], {"a": value}, name="1 it", catalog=CATALOG)
    assert to_text(declared(to_python(workflow)).inputs["a"]) == to_text(value)


@example(name="True", description="")
@given(st.text(), st.text())
def test_no_name_or_description_breaks_out_of_the_text(name: str, description: str) -> None:
    workflow = Workflow([[0, F + "identity", "a", {}, "x"]], {"a": 1}, name, description.strip(), catalog=CATALOG)
    compile(to_python(workflow), "module", "exec")


def test_a_table_without_declared_inputs_declares_none() -> None:
    workflow = Workflow([[0, F + "identity", "a", {}, "x"]], name="n", catalog=CATALOG)
    assert "INPUTS" not in to_python(workflow)


def test_a_cell_that_cannot_be_read_has_no_place_in_python() -> None:
    workflow = Workflow([["first", F + "identity", "a", {}, "x"]], catalog=CATALOG)
    with pytest.raises(LiteralError, match="task t1, order: the order must be a whole number"):
        to_python(workflow)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("3 Moving averages", "Workflow3MovingAverages"), ("crossover", "Crossover"), ("", "Workflow"), ("é", "Workflow")],
)
def test_the_class_is_named_after_the_workflow(name: str, expected: str) -> None:
    assert class_name(name) == expected
