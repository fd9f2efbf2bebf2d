"""Whatever is edited, a managed run gives what a fresh one gives, and what the library gives, whatever the executor."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import Run, Task, TaskError, Workflow
from tests.core.sameness import is_same
from tests.core.scheduling import CATALOG, MODULE, Office

INPUTS = ("a", "b")
KEYS = ("a", "b", "k", "l", "m")
READS = {
    "constant": 0,
    "combine": 2,
    "halves": 1,
    "pair": 1,
    "identity": 1,
    "spoil_all": 1,
    "drop": 1,
    "scale": 1,
    "split": 1,
}
WRITES = {"split": (2, 2, 1), "halves": (2,), "pair": (1, 2), "drop": (0,)}
REGISTRY = ("put", "forget", "look", "see")
numbers = st.integers(-3, 3)
values = numbers | st.lists(numbers, max_size=2) | st.sampled_from([1.0, True, "x", (1, 2), None])


@st.composite
def kwargs(draw: st.DrawFn, function: str) -> dict[str, Any]:
    makers: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "constant": st.fixed_dictionaries({"number": values}),
        "scale": st.fixed_dictionaries({}, optional={"factor": st.integers(1, 3)}),
        "combine": st.fixed_dictionaries({}, optional={"offset": numbers}),
        "put": st.fixed_dictionaries({"key": st.sampled_from(KEYS), "value": values}),
        "forget": st.fixed_dictionaries({"key": st.sampled_from(KEYS)}),
        "see": st.fixed_dictionaries({"key": st.sampled_from(KEYS)}),
    }
    return draw(makers.get(function, st.just({})))


@st.composite
def rows(draw: st.DrawFn, registry: bool) -> Task:
    names = [*READS, *REGISTRY] if registry else list(READS)
    if registry:
        names.remove("spoil_all")  # the library shares what a task changes in place
    function = draw(st.sampled_from(names))
    is_look = function in REGISTRY
    reads = ("__data__",) if is_look else tuple(draw(st.sampled_from(KEYS)) for _ in range(READS[function]))
    count = draw(st.sampled_from(WRITES.get(function, (0, 1) if is_look else (1, 1, 1, 2))))
    writes = draw(st.lists(st.sampled_from(KEYS), min_size=count, max_size=count, unique=True))
    order = draw(st.integers(0, 3))
    return Task("new", order, f"{MODULE}.{function}", reads, draw(kwargs(function)), tuple(writes))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether values survive a crash of the machine is not asked here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


Edit = Callable[[Workflow], Workflow]


def inserted(task: Task, place: int) -> Edit:
    def edit(workflow: Workflow) -> Workflow:
        tasks = list(workflow.tasks)
        taken = {task.id for task in tasks}
        name = next(f"r{number}" for number in range(99) if f"r{number}" not in taken)
        there = {*INPUTS, "__data__", *(key for old in tasks if old.order < task.order for key in old.output_keys)}
        reads = tuple(key if key in there else INPUTS[number % 2] for number, key in enumerate(task.input_keys))
        tasks.insert(place % (len(tasks) + 1), replace(task, id=name, input_keys=reads))
        return workflow.replace(tasks=tasks)

    return edit


def deleted(place: int) -> Edit:
    return lambda workflow: workflow.replace(
        tasks=[task for number, task in enumerate(workflow.tasks) if number != place % len(workflow.tasks)]
    )


def renamed(old: str, new: str) -> Edit:
    """Swap two keys everywhere."""

    def swap(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple({old: new, new: old}.get(key, key) for key in keys)

    def edit(workflow: Workflow) -> Workflow:
        tasks = [
            replace(task, input_keys=swap(task.input_keys), output_keys=swap(task.output_keys))
            for task in workflow.tasks
        ]
        return workflow.replace(tasks=tasks)

    return edit


def moved(place: int, to: int, order: int) -> Edit:
    def edit(workflow: Workflow) -> Workflow:
        tasks = list(workflow.tasks)
        task = tasks.pop(place % len(tasks))
        tasks.insert(to % (len(tasks) + 1), replace(task, order=order))
        return workflow.replace(tasks=tasks)

    return edit


def with_kwargs(place: int, task: Task) -> Edit:
    """Another call in one row, with the same keys where the function allows it."""

    def edit(workflow: Workflow) -> Workflow:
        tasks = list(workflow.tasks)
        old = tasks[place % len(tasks)]
        kwargs = task.kwargs if task.function_path == old.function_path else {}
        tasks[place % len(tasks)] = replace(old, kwargs=kwargs)
        return workflow.replace(tasks=tasks)

    return edit


def reading(place: int, keys: tuple[str, ...]) -> Edit:
    """Other keys to read in one row."""

    def edit(workflow: Workflow) -> Workflow:
        tasks = list(workflow.tasks)
        old = tasks[place % len(tasks)]
        if "__data__" not in old.input_keys:
            tasks[place % len(tasks)] = replace(old, input_keys=keys[: len(old.input_keys)])
        return workflow.replace(tasks=tasks)

    return edit


def doubled(place: int, key: str) -> Edit:
    """The same call once more at the end, reading its keys the other way round, or what was written beside them."""

    def edit(workflow: Workflow) -> Workflow:
        pairs = [task for task in workflow.tasks if len(set(task.input_keys)) == 2]
        tasks = pairs if pairs and place % 2 else workflow.tasks
        task = tasks[place % len(tasks)]
        beside = {
            one: other
            for writer in workflow.tasks
            for one, other in zip(writer.output_keys, reversed(writer.output_keys), strict=True)
        }
        reads = task.input_keys[::-1]
        if reads == task.input_keys:
            reads = tuple(beside.get(read, read) for read in reads)
        twin = replace(task, order=9, input_keys=reads, output_keys=(key,) if len(task.output_keys) == 1 else ())
        return inserted(twin, len(workflow.tasks))(workflow)

    return edit


def given_input(name: str, value: Any) -> Edit:
    return lambda workflow: workflow.replace(inputs={**workflow.inputs, name: value})


def edits(registry: bool) -> st.SearchStrategy[Edit]:
    place = st.integers(0, 9)
    return st.one_of(
        st.builds(inserted, rows(registry), place),
        st.builds(deleted, place),
        st.builds(renamed, st.sampled_from(KEYS[2:]), st.sampled_from(KEYS[2:])),
        st.builds(moved, place, place, st.integers(0, 3)),
        st.builds(reading, place, st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS))),
        st.builds(doubled, place, st.sampled_from(KEYS)),
        st.builds(with_kwargs, place, rows(registry)),
        st.builds(given_input, st.sampled_from(INPUTS), values),
    )


@st.composite
def histories(draw: st.DrawFn, registry: bool) -> list[Workflow]:
    """Tables that follow from each other by edits; those that could not run are left out."""
    workflow = Workflow([], {"a": draw(numbers), "b": draw(st.lists(numbers, max_size=2))}, catalog=CATALOG)
    for task in draw(st.lists(rows(registry), min_size=6, max_size=12)):
        workflow = _valid(inserted(task, len(workflow.tasks)), workflow)
    found = [workflow]
    for edit in draw(st.lists(edits(registry), min_size=3, max_size=6)):
        found.append(_valid(edit, found[-1]))
    return [workflow for workflow in found if workflow.tasks]


def _valid(edit: Edit, workflow: Workflow) -> Workflow:
    """Return the edited table if it can run, else the table as it was."""
    try:
        new = edit(workflow)
    except (ZeroDivisionError, IndexError):  # of an empty table
        return workflow
    return new if new.plan_or_none else workflow


def in_memory(workflow: Workflow, isolated: bool) -> Run:
    run = workflow.start(isolated=isolated)
    try:
        run.finish()
    except TaskError:
        return run
    return run


def compare(office: Office, workflow: Workflow, expected: Run, **options: Any) -> None:
    """A managed run must come to what the run in memory has come to."""
    found = office.run(workflow, **options)
    for task in workflow.tasks:
        record, result = found.tasks[task.id], expected.results[task.id]
        assert str(record.state).replace("reused", "done") == result.state, (task, record)
        if result.error is not None:
            assert record.error == result.error.reason
    actual: Mapping[str, Mapping[str, Any]] = found.values(workflow)
    for task in workflow.tasks:
        outputs = dict(expected.outputs(task.id)) if expected.results[task.id].state == "done" else {}
        kept = {key: value for key, value in actual.get(task.id, {}).items() if key in outputs}
        assert is_same(kept, {key: outputs[key] for key in kept}), (task, kept, outputs)
        assert outputs.keys() <= kept.keys()


@pytest.mark.parametrize(("executor", "examples"), [("inline", 40), ("threads", 20), ("processes", 5)])
@pytest.mark.parametrize("registry", [False, True], ids=["careless", "registry"])
def test_a_run_after_edits_equals_a_fresh_one(executor: str, examples: int, registry: bool) -> None:
    @settings(max_examples=examples)
    @given(histories(registry), st.booleans())
    def check(history: list[Workflow], pipelined: bool) -> None:
        with tempfile.TemporaryDirectory() as folder:
            office = Office(Path(folder))
            for workflow in history:
                expected = in_memory(workflow, isolated=not registry)
                compare(office, workflow, expected, executor=executor, pipelined=pipelined, workers=3)

    check()


@pytest.mark.parametrize("registry", [False, True], ids=["careless", "registry"])
def test_a_run_in_steps_equals_one_at_once(registry: bool) -> None:
    @settings(max_examples=25)
    @given(histories(registry))
    def check(history: list[Workflow]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            office = Office(Path(folder))
            for number, workflow in enumerate(history):
                for order in range(3):
                    office.run(workflow, run=f"r{number}", to_order=order)
                compare(office, workflow, in_memory(workflow, isolated=not registry), run=f"r{number}")

    check()


@settings(max_examples=25)
@given(histories(False), st.integers(0, 9), st.booleans())
def test_a_run_with_damaged_values_equals_a_fresh_one(history: list[Workflow], place: int, is_gone: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        for workflow in history:
            found = office.run(workflow)
            artifacts = [artifact for task in found.tasks.values() for artifact in task.outputs.values()]
            damaged = [artifact for number, artifact in enumerate(artifacts) if (number + place) % 3]
            office.damage(damaged, None if is_gone else b"?")
            expected = in_memory(workflow, isolated=True)
            changed = office.run(workflow, anew=[task.id for task in workflow.tasks if task.order % 2])
            for task in workflow.tasks:
                result, record = expected.results[task.id], changed.tasks[task.id]
                assert str(record.state).replace("reused", "done") == result.state
                if record.state == "done":
                    assert is_same(
                        {key: changed.value(task.id, key) for key in task.output_keys}, dict(expected.outputs(task.id))
                    )
