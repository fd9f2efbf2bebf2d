"""What a run takes over from an earlier one: everything that must be equal, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import Catalog, Run, State, Task, TaskError, Workflow
from core.reuse import same_work
from tests.core import work

MODULE = work.__name__
CATALOG = Catalog.from_modules([MODULE])
INPUTS = {"a": 3, "b": 5}
READS = {"constant": 0, "scale": 1, "split": 1, "add": 2}
KWARG = {"constant": "number", "scale": "factor", "add": "offset"}


@pytest.fixture(autouse=True)
def called() -> list[str]:
    """The names of the functions that were called in this test."""
    work.calls.clear()
    return work.calls


def row(order: int, function: str, reads: Any = (), kwargs: Any = None, writes: Any = ()) -> list[Any]:
    return [order, f"{MODULE}.{function}", reads, kwargs or {}, writes]


def table(*rows: Any, catalog: Catalog = CATALOG, **inputs: Any) -> Workflow:
    return Workflow(rows, inputs or INPUTS, catalog=catalog)


def finished(workflow: Workflow, **options: Any) -> Run:
    return workflow.start(**options).finish()


def adopted(workflow: Workflow, previous: Run, **options: Any) -> Run:
    """A run of the workflow that has taken over the previous one's outcomes; forgets which calls those took."""
    run = workflow.start(**options)
    run.adopt(previous)
    work.calls.clear()
    return run


def states(run: Run) -> dict[str, str]:
    return {task_id: str(result.state) for task_id, result in run.results.items()}


BASE = [
    row(0, "scale", "a", {"factor": 2}, "c"),
    row(0, "scale", "b", {"factor": 3}, "d"),
    row(1, "split", "c", {}, ("e", "f")),
    row(2, "add", ("d", "f"), {}, "g"),
]


def changed(number: int, **cells: Any) -> Workflow:
    """The base with other cells in one row, counted from 1."""
    tasks = list(table(*BASE).tasks)
    tasks[number - 1] = replace(tasks[number - 1], **cells)
    return table(*tasks)


CHANGES: list[tuple[str, Callable[[], Workflow], list[str]]] = [
    ("nothing", lambda: table(*BASE), []),
    ("an early kwarg", lambda: changed(1, kwargs={"factor": 4}), ["scale", "split", "add"]),
    ("a late kwarg", lambda: changed(4, kwargs={"offset": 1}), ["add"]),
    ("a kwarg's type", lambda: changed(1, kwargs={"factor": 2.0}), ["scale", "split", "add"]),
    ("a kwarg spelled out", lambda: changed(4, kwargs={"offset": 0}), ["add"]),
    ("a function", lambda: changed(2, function_path=f"{MODULE}.ask", kwargs={}), ["ask", "add"]),
    ("an input", lambda: table(*BASE, a=3, b=6), ["scale", "add"]),
    ("an input's type", lambda: table(*BASE, a=3, b=5.0), ["scale", "add"]),
    ("an input that nobody reads", lambda: table(*BASE, a=3, b=5, c2=1), []),
    ("a note", lambda: changed(1, note="why"), []),
    ("an order", lambda: changed(4, order=7), []),
    ("an id", lambda: changed(3, id="other"), []),
    ("the rows' order", lambda: table(*BASE[::-1]), []),
    ("an inserted row", lambda: table(*BASE, row(3, "scale", "g", {}, "h")), ["scale"]),
    ("a row above", lambda: table(row(-1, "constant", (), {}, "z"), *BASE), ["constant"]),
    ("a row that overwrites", lambda: table(*BASE, row(1, "constant", (), {}, "d")), ["constant", "add"]),
    ("a deleted row", lambda: table(*BASE[:3]), []),
    ("the argument order", lambda: changed(4, input_keys=("f", "d")), ["add"]),
    ("the other half of a pair", lambda: changed(4, input_keys=("d", "e")), ["add"]),
    ("fewer output keys", lambda: changed(3, output_keys=("pair", "f")), []),
]


@pytest.mark.parametrize(("_what", "make", "calls"), CHANGES, ids=[what for what, _, _ in CHANGES])
def test_a_change_calls_only_what_it_touches(
    _what: str, make: Callable[[], Workflow], calls: list[str], called: list[str]
) -> None:
    workflow = make()
    assert workflow.plan_or_none, workflow.problems
    run = adopted(workflow, finished(table(*BASE))).finish()
    assert called == calls
    assert dict(run.values) == dict(finished(make()).values)
    assert list(states(run).values()).count("reused") == len(workflow.tasks) - len(calls)


def test_renaming_a_key_everywhere_calls_nothing(called: list[str]) -> None:
    renamed = [[x if x != "c" else "renamed" for x in line] for line in BASE]
    run = adopted(table(*renamed), finished(table(*BASE))).finish()
    assert called == []
    assert {"renamed", "e", "f", "g"} <= set(run.values)
    assert "c" not in run.values


def test_a_failed_task_is_called_again_and_its_dependants_too(called: list[str]) -> None:
    rows = [row(0, "scale", "a", {}, "c"), row(0, "fail", "a", {}, "d"), row(1, "add", ("c", "d"), {}, "e")]
    previous = table(*rows).start()
    with pytest.raises(TaskError):
        previous.finish()
    run = adopted(table(*rows), previous)
    with pytest.raises(TaskError):
        run.finish()
    assert called == []
    assert states(run) == {"t1": "reused", "t2": "failed", "t3": "skipped"}


def test_what_never_may_be_reused_is_called_again(called: list[str]) -> None:
    rows = [row(0, "scale", "a", {}, "c"), row(0, "ask", "a", {}, "now"), row(1, "scale", "now", {}, "later")]
    adopted(table(*rows), finished(table(*rows))).finish()
    assert called == ["ask", "scale"]


def test_tasks_from_a_look_at_the_registry_on_are_never_reused(called: list[str]) -> None:
    rows = [
        row(0, "scale", "a", {}, "c"),
        row(1, "look", "__data__", {}, "count"),
        row(2, "scale", "a", {"factor": 9}, "d"),
    ]
    run = adopted(table(*rows), finished(table(*rows))).finish()
    assert called == ["look", "scale"]
    assert states(run) == {"t1": "reused", "t2": "done", "t3": "done"}


def test_values_without_a_literal_form_are_equal_only_to_themselves(called: list[str]) -> None:
    trusted = Catalog.trusted()
    first, second = object(), object()

    def make(*kwargs: Any) -> Workflow:
        rows = [row(n, "constant", (), {"number": value}, f"k{n}") for n, value in enumerate(kwargs)]
        return table(*rows, catalog=trusted)

    previous = finished(make(first, second))
    adopted(make(first, second), previous).finish()
    assert called == []
    for workflow in [make(object(), object()) for _ in range(20)]:
        adopted(workflow, previous).finish()
        assert called == ["constant", "constant"]


def test_equal_work_is_matched_with_the_task_of_the_same_id() -> None:
    rows = [row(0, "scale", "a", {}, f"k{number}") for number in range(4)]
    old, new = table(*rows).plan, table(*rows, row(1, "scale", "a", {}, "more")).plan
    assert same_work(new, INPUTS, old, INPUTS) == {0: 0, 1: 1, 2: 2, 3: 3, 4: 3}


def test_the_moment_stays_where_the_earlier_run_stood(called: list[str]) -> None:
    previous = table(*BASE).start()
    previous.step_to(1)
    run = adopted(table(*BASE), previous)
    assert (run.order, run.next_order) == (1, 2)
    assert dict(run.values) == dict(previous.values)
    assert [result.state for result in run.step()] == [State.DONE]
    assert called == ["add"]


def test_the_moment_goes_back_to_before_what_has_changed() -> None:
    run = adopted(changed(3, input_keys=("d",)), finished(table(*BASE)))
    assert (run.order, run.next_order) == (0, 1)
    assert list(run.values) == ["a", "b", "c", "d"]
    assert states(run) == {"t1": "reused", "t2": "reused"}


SHARED = [
    row(0, "items", "a", {}, "values"),
    row(1, "length", "values", {}, "before"),
    row(2, "sort_in_place", "values", {}, "reversed"),
    row(3, "length", ("values", "reversed"), {}, "after"),
]


@pytest.mark.parametrize(
    ("isolated", "values", "after"),
    [(True, [0, 1, 2], "[0, 1, 2] [2, 1, 0]"), (False, [2, 1, 0], "[2, 1, 0] [2, 1, 0]")],
)
def test_only_an_isolated_task_cannot_change_what_others_see(isolated: bool, values: Any, after: str) -> None:
    run = finished(table(*SHARED), isolated=isolated)
    assert (run.values["values"], run.values["before"], run.values["after"]) == (values, "[0, 1, 2] None", after)


def test_an_isolated_run_leaves_the_run_that_it_takes_over_as_it_was() -> None:
    previous = finished(table(*SHARED[:2]), isolated=True)
    run = adopted(table(*SHARED), previous, isolated=True).finish()
    assert states(run) == {"t1": "reused", "t2": "reused", "t3": "done", "t4": "done"}
    assert previous.values["values"] == run.values["values"] == [0, 1, 2]
    assert run.values["reversed"] == [2, 1, 0]


def test_an_isolated_task_that_runs_again_gets_what_it_got_before() -> None:
    run = finished(table(*SHARED), isolated=True)
    for _ in range(3):
        run.run_task("t3")
        assert run.values["reversed"] == [2, 1, 0]


NUMBERS = st.integers(-3, 3)


@st.composite
def rows(draw: Any) -> list[Task]:
    """A small table that can run; keys may be overwritten."""
    keys, tasks, order = ["a", "b"], [], 0
    for number in range(draw(st.integers(1, 7))):
        function = draw(st.sampled_from(sorted(READS)))
        reads = tuple(draw(st.sampled_from(keys)) for _ in range(READS[function]))
        kwargs = {KWARG[function]: draw(NUMBERS)} if function in KWARG and draw(st.booleans()) else {}
        writes = tuple(draw(st.sampled_from([f"k{number}{half}", f"k{half}"])) for half in range(_width(function)))
        order += draw(st.integers(0, 1))
        tasks.append(Task(f"t{number}", order, f"{MODULE}.{function}", reads, kwargs, writes))
        keys += [key for key in writes if key not in keys]
    return tasks


def _width(function: str) -> int:
    return 2 if function == "split" else 1


@st.composite
def edits(draw: Any, tasks: list[Task]) -> tuple[list[Task], dict[str, int]]:
    """The table and its inputs after one change of any kind; the table may have become invalid by it."""
    tasks, inputs = list(tasks), dict(INPUTS)
    place = draw(st.integers(0, len(tasks) - 1))
    task = tasks[place]
    name = task.function_path.rpartition(".")[2]
    match draw(st.sampled_from(["kwarg", "function", "input", "reorder", "insert", "delete", "rename", "read"])):
        case "kwarg":
            assume(name in KWARG)
            tasks[place] = replace(task, kwargs={KWARG[name]: draw(NUMBERS)})
        case "function":
            other = draw(st.sampled_from([o for o in READS if (READS[o], _width(o)) == (READS[name], _width(name))]))
            tasks[place] = replace(task, function_path=f"{MODULE}.{other}", kwargs={})
        case "input":
            inputs[draw(st.sampled_from(["a", "b"]))] = draw(NUMBERS)
        case "reorder":
            tasks[place] = replace(task, order=draw(st.integers(0, 7)))
        case "insert":
            new = Task(
                "new", draw(st.integers(0, 7)), f"{MODULE}.scale", ("a",), {}, (draw(st.sampled_from(["n", "k0"])),)
            )
            tasks.insert(place, new)
        case "delete":
            del tasks[place]
        case "rename":
            old = draw(st.sampled_from(task.output_keys))
            tasks = [
                replace(t, input_keys=_renamed(t.input_keys, old), output_keys=_renamed(t.output_keys, old))
                for t in tasks
            ]
        case "read":
            tasks[place] = replace(task, input_keys=("a",) * len(task.input_keys))
    return tasks, inputs


def _renamed(keys: tuple[str, ...], old: str) -> tuple[str, ...]:
    return tuple("renamed" if key == old else key for key in keys)


def expressions(workflow: Workflow) -> Iterator[Hashable]:
    """For every task in run order, all that its outcome depends on, written out: a model to compare with."""
    values: dict[str, Hashable] = {key: ("input", value) for key, value in workflow.inputs.items()}
    for task in workflow.plan.tasks:
        reads = tuple(values[key] for key in task.input_keys)
        expression = (task.function_path, reads, tuple(task.kwargs.items()), len(task.output_keys))
        values.update({key: (expression, index) for index, key in enumerate(task.output_keys)})
        yield expression


@given(st.data(), rows())
def test_after_any_edit_a_run_that_takes_over_equals_a_fresh_one_at_every_moment(data: Any, tasks: list[Task]) -> None:
    assume(all(len(set(task.output_keys)) == len(task.output_keys) for task in tasks))
    old = table(*tasks)
    changed, inputs = data.draw(edits(tasks))
    new = table(*changed, **inputs)
    assume(new.plan_or_none is not None)
    previous = old.start()
    previous.step_to(data.draw(st.integers(-1, 7)))
    seen = dict(previous.values)
    fresh, run = new.start(), adopted(new, previous)
    assert run.order in (None, *(stage.order for stage in new.plan.stages))
    assert all(fresh.plan.positions[task_id] >= 0 for task_id in run.results)
    for stage in new.plan.stages:
        fresh.step_to(stage.order)
        run.step_to(stage.order)
        assert dict(run.values) == dict(fresh.values)
    assert run.done
    assert dict(previous.values) == seen


@given(st.data(), rows())
def test_after_any_edit_exactly_the_new_work_is_done(data: Any, tasks: list[Task]) -> None:
    assume(all(len(set(task.output_keys)) == len(task.output_keys) for task in tasks))
    old = table(*tasks)
    changed, inputs = data.draw(edits(tasks))
    new = table(*changed, **inputs)
    assume(new.plan_or_none is not None)
    known = set(expressions(old))
    run = adopted(new, finished(old)).finish()
    fresh = [expression for expression in expressions(new) if expression not in known]
    assert work.calls == [str(expression[0]).rpartition(".")[2] for expression in fresh]  # type: ignore[index]
    assert list(states(run).values()).count("done") == len(fresh)
