"""The public face: declared in Python, or read as data."""

from __future__ import annotations

from typing import Any

import pytest

from core import REQUIRED, Catalog, Run, Workflow, WorkflowError
from tests.core.tables import CATALOG, MODULE, row, table


class Declared(Workflow):
    """What it is for.

    In detail.
    """

    NAME = "A name"
    INPUTS = {"a": 1, "b": REQUIRED}
    TASKS = [
        row(1, "add", ("c", "b"), {}, "d"),
        row(0, "increment", "a", {"by": 2}, "c"),
    ]


class Bare(Workflow):
    TASKS = [row(0, "increment", "a", {}, "b"), [1, "builtins.len", "text", {}, "n"]]


class Broken(Workflow):
    TASKS = [row(0, "add", "a", {}, "b"), [1, "nowhere.f", "b", {}, "c"]]


def test_class_declares_name_description_inputs_and_tasks() -> None:
    workflow = Declared.create()
    assert isinstance(workflow, Declared)
    assert (workflow.name, workflow.description) == ("A name", "What it is for.\n\nIn detail.")
    assert workflow.inputs == {"a": 1, "b": REQUIRED}
    assert workflow.problems == ()
    assert workflow.run({"b": 10}) == {"a": 1, "b": 10, "c": 3, "d": 13}
    assert workflow.run({"b": 10, "a": 2})["d"] == 14


def test_class_that_says_little_is_named_after_itself_and_its_inputs_are_inferred() -> None:
    workflow = Bare.create()
    assert (workflow.name, workflow.description) == ("Bare", "")
    assert workflow.inputs == {"a": REQUIRED, "text": REQUIRED}
    assert workflow.run({"a": 1, "text": "abc"})["n"] == 3


def test_inferred_inputs_come_in_run_order_without_the_registry() -> None:
    rows = [
        row(2, "add", ("z", "y"), {}, "w"),
        row(1, "add", ("x", "z"), {}, "y"),
        row(0, "registry", "__data__", {}, "k"),
    ]
    assert list(table(*rows).inputs) == ["x", "z"]


def test_create_raises_with_every_problem() -> None:
    with pytest.raises(WorkflowError) as caught:
        Broken.create()
    assert [problem.kind for problem in caught.value.problems] == ["missing-argument", "unknown-function"]


def test_create_may_be_given_a_catalog() -> None:
    assert Declared.create(CATALOG).run({"b": 1})["d"] == 4
    with pytest.raises(WorkflowError, match=r"builtins\.len"):
        Bare.create(CATALOG)


def test_data_is_limited_to_the_default_catalog() -> None:
    read = Workflow.from_json(Bare.create().to_json())
    assert {p.kind for p in read.problems if p.severity == "error"} == {"unknown-function"}
    assert Workflow.from_json(Bare.create().to_json(), Catalog.trusted()).plan_or_none is not None


def test_start_runs_nothing(calls: list[Any]) -> None:
    run = table(row(0, "count", "a", {}, "b")).start({"a": 1})
    assert isinstance(run, Run)
    assert calls == []


def test_default_kwargs_tells_the_defaults_of_the_tables_functions() -> None:
    workflow = table(
        row(0, "increment", "a", {}, "b"), row(1, "keyword_only", "b", {"scale": 2}, "c"), [2, "gone.f", (), {}, ()]
    )
    assert workflow.default_kwargs() == {f"{MODULE}.increment": {"by": 1}, f"{MODULE}.keyword_only": {"offset": 0}}


def test_replace_returns_a_changed_copy() -> None:
    workflow = Declared.create()
    other = workflow.replace(name="Other", inputs=None)
    assert (other.name, other.declared_inputs, other.tasks) == ("Other", None, workflow.tasks)
    assert other.catalog is workflow.catalog
    assert workflow.name == "A name"
    with pytest.raises(TypeError):
        workflow.replace(owner="me")


def test_repr_tells_name_size_and_state() -> None:
    assert repr(Declared.create()) == "<Workflow 'A name': 2 tasks, valid>"
    assert repr(Workflow(Broken.TASKS, name="B", catalog=Catalog.trusted())) == "<Workflow 'B': 2 tasks, 2 errors>"


def test_frame_csv_and_json_describe_the_same_table() -> None:
    workflow = Declared.create()
    frame = workflow.to_dataframe()
    for again in (
        Workflow.from_dataframe(frame, workflow.inputs, catalog=CATALOG),
        Workflow.from_csv(workflow.to_csv(), workflow.inputs, CATALOG),
        Workflow.from_json(workflow.to_json(), CATALOG),
    ):
        assert again.to_dataframe().equals(frame)
        assert again.run({"b": 10}) == workflow.run({"b": 10})
