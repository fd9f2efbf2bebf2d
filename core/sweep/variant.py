"""One workflow for each combination of values of one or two inputs or arguments."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from core.dataflow import DATA_KEY, OUTSIDE, Dataflow, trace
from core.errors import LiteralError, SweepError
from core.literal import to_text
from core.notation import spell
from core.suggest import closest
from core.sweep.span import parse_values
from core.workflow import Workflow

if TYPE_CHECKING:
    import pandas as pd

MAX_AXES = 2
MAX_VARIANTS = 2_500

Target = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Axis:
    """What is varied: the name of an input, or the id of a task and the name of one of its kwargs; and its values."""

    target: Target
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The input's name, or `task.argument`."""
        return self.target if isinstance(self.target, str) else ".".join(self.target)


@dataclass(frozen=True)
class Variant:
    """One combination.

    Attributes:
        workflow: the workflow with these values.
        values: name of the axis -> value.
        place: number of the value on each axis, from 0.
    """

    workflow: Workflow
    values: Mapping[str, Any]
    place: tuple[int, ...]

    @property
    def label(self) -> str:
        """The values in one line: "short = 5, long = 30"."""
        return ", ".join(f"{name} = {_shown(value)}" for name, value in self.values.items())


class Count(NamedTuple):
    """How much a sweep is: its runs, all their tasks, and how many of these are to be called, none of them twice."""

    runs: int
    tasks: int
    distinct: int


def current_value(workflow: Workflow, target: Target) -> Any:
    """Return the value that an axis would replace; of an argument that is not set its default, or None.

    Raises SweepError if there is no such input or task.
    """
    if isinstance(target, str):
        if target not in workflow.inputs:
            raise SweepError(
                f"there is no input {target[:60]!r}{_hint(target, list(workflow.inputs), 'the inputs are')}"
            )
        return workflow.inputs[target]
    task_id, name = target
    task = next((task for task in workflow.tasks if task.id == task_id), None)
    if task is None:
        raise SweepError(f"there is no task {task_id[:60]!r}; it was perhaps removed from the table")
    if name in task.kwargs:
        return task.kwargs[name]
    function = workflow.catalog.find(task.function_path)
    return function.defaults.get(name) if function else None


def read_axis(workflow: Workflow, target: Target, text: str) -> Axis:
    """Return the axis for values as they are typed; see `parse_values`. Where a text stands now, texts are read."""
    return Axis(target, parse_values(text, is_text=isinstance(current_value(workflow, target), str)))


def expand(workflow: Workflow, axes: Sequence[Axis]) -> list[Variant]:
    """Return one variant for each combination of values, those of the last axis changing fastest.

    A value that stands twice on an axis counts once. Raises SweepError for no axis or more than two, for an unknown
    input or task, for one that is varied twice, for an axis without values, and for more than 2,500 variants.
    """
    _check(workflow, axes)
    values = [_distinct(axis.values) for axis in axes]
    if (number := math.prod(map(len, values))) > MAX_VARIANTS:
        product = " × ".join(f"{len(some):,}" for some in values)
        raise SweepError(f"that is {product} = {number:,} runs; at most {MAX_VARIANTS:,} are made, take larger steps")
    places: list[tuple[int, ...]] = [()]
    for some in values:
        places = [(*place, index) for place in places for index in range(len(some))]
    return [
        _variant(workflow, axes, [some[index] for some, index in zip(values, place, strict=True)], place)
        for place in places
    ]


def count_tasks(variants: Sequence[Variant]) -> Count:
    """Return how many tasks the variants are, and how many are left if no work is done twice.

    A task whose function's results are never kept counts each time, and so does what depends on it.
    """
    known: dict[Hashable, int] = {}
    tasks = 0
    flow: Dataflow | None = None
    for variant in variants:
        workflow = variant.workflow
        # Only inputs and kwargs vary, so that what reads whose output is the same for all.
        flow = trace(workflow.tasks) if flow is None else replace(flow, tasks=_in_order(flow, workflow))
        _number(workflow, flow, known)
        tasks += len(workflow.tasks)
    return Count(len(variants), tasks, len(known))


def grid(variants: Sequence[Variant], scalars: Sequence[float | None]) -> pd.DataFrame:
    """Return a chosen number of each variant as rows of the first axis and columns of the second, NaN where it is None.

    With one axis there is one column. `scalars` has one number for each variant, in the same order.
    """
    import pandas as pd

    names = list(variants[0].values) if variants else []
    labels: list[dict[int, Any]] = [{} for _ in names]
    numbers: dict[tuple[int, ...], float] = {}
    for variant, number in zip(variants, scalars, strict=True):
        numbers[variant.place] = math.nan if number is None else float(number)
        for known, place, value in zip(labels, variant.place, variant.values.values(), strict=True):
            known[place] = _label(value)
    if not names:
        return pd.DataFrame()
    if len(names) == 1:
        index = pd.Index([label for _, label in sorted(labels[0].items(), key=_place)], name=names[0])
        return pd.DataFrame({"value": [number for _, number in sorted(numbers.items())]}, index=index)
    rows, columns = (dict(sorted(known.items(), key=_place)) for known in labels)
    cells = [[numbers.get((row, column), math.nan) for column in columns] for row in rows]
    return pd.DataFrame(
        cells,
        index=pd.Index(list(rows.values()), name=names[0]),
        columns=pd.Index(list(columns.values()), name=names[1]),
    )


def _place(item: tuple[int, Any]) -> int:
    return item[0]


def _check(workflow: Workflow, axes: Sequence[Axis]) -> None:
    if not 1 <= len(axes) <= MAX_AXES:
        raise SweepError(f"a sweep varies one or two inputs or arguments, not {len(axes)}")
    if len({axis.target for axis in axes}) < len(axes):
        raise SweepError(f"{axes[0].name} is varied twice")
    for axis in axes:
        current_value(workflow, axis.target)
        if not axis.values:
            raise SweepError(f"{axis.name} has no values; give some, for example 5, 10, 20 or 5 to 20 step 5")


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({_identity(value): value for value in values}.values())


def _identity(value: Any) -> Hashable:
    try:
        return to_text(value)
    except LiteralError:
        return id(value)


def _variant(workflow: Workflow, axes: Sequence[Axis], values: Sequence[Any], place: tuple[int, ...]) -> Variant:
    inputs, tasks = dict(workflow.inputs), {task.id: task for task in workflow.tasks}
    for axis, value in zip(axes, values, strict=True):
        if isinstance(axis.target, str):
            inputs[axis.target] = value
        else:
            task_id, name = axis.target
            tasks[task_id] = replace(tasks[task_id], kwargs={**tasks[task_id].kwargs, name: value})
    named = {axis.name: value for axis, value in zip(axes, values, strict=True)}
    is_given = any(isinstance(axis.target, str) for axis in axes)
    changes = {"inputs": inputs} if is_given else {}
    return Variant(workflow.replace(tasks=tasks.values(), **changes), named, place)


def _in_order(flow: Dataflow, workflow: Workflow) -> tuple[Any, ...]:
    return tuple([workflow.tasks[row] for row in flow.rows])


def _number(workflow: Workflow, flow: Dataflow, known: dict[Hashable, int]) -> None:
    """Give each task a number, equal for equal work; `known` holds the numbers that were given out."""
    numbers: list[int] = []
    for task, sources in zip(flow.tasks, flow.sources, strict=True):
        reads = tuple(
            [
                _identity(workflow.inputs.get(key))
                if source == OUTSIDE
                else (numbers[source], flow.tasks[source].output_keys.index(key))
                for key, source in zip(task.input_keys, sources, strict=True)
            ]
        )
        kwargs = frozenset([(name, _identity(value)) for name, value in task.kwargs.items()])
        function = workflow.catalog.find(task.function_path)
        is_kept = function is not None and function.marking.cache != "never" and DATA_KEY not in task.input_keys
        work = (task.function_path, reads, kwargs, len(task.output_keys)) if is_kept else object()
        numbers.append(known.setdefault(work, len(known)))


def _label(value: Any) -> Any:
    return value if isinstance(value, str | int | float | date) else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, str | date):
        return str(value)
    try:
        return spell(value)
    except LiteralError:
        return type(value).__name__


def _hint(name: str, names: Sequence[str], known: str) -> str:
    near = closest(name, names)
    return f"; did you mean {near[0]}?" if near else f"; {known} {', '.join(names) or 'none'}"
