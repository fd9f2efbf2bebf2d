"""A checked table made ready to run: functions resolved, tasks ordered, every read bound to its one writer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from core.catalog import Catalog
from core.check import check
from core.dataflow import DATA_KEY, OUTSIDE, Dataflow, trace
from core.errors import WorkflowError
from core.literal import is_immutable
from core.task import Problem, Task


class More(NamedTuple):
    """What a call has besides one input key.

    Attributes:
        gather: values -> tuple of arguments, unless there is exactly one.
        kwargs: the keyword arguments.
        is_plain: False if the task reads the registry itself, or if its kwargs must be copied for each call.
    """

    gather: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None
    kwargs: Mapping[str, Any]
    is_plain: bool


# One task, ready to be called: the function; the input key, if there is just one; the output key, if there is just one;
# and None if the call is just `function(values[key])`. A bare tuple: unpacking one is what the engine does most.
Call = tuple[Callable[..., Any], str | None, str | None, More | None]


class Stage(NamedTuple):
    """The tasks of one order: positions from `start` up to, not including, `stop`."""

    order: int
    start: int
    stop: int


@dataclass(frozen=True)
class Plan:
    """A table that can run. Positions count tasks in run order.

    Attributes:
        tasks: in run order.
        sources: for each task, per input key, the position of the task that wrote the value read, or OUTSIDE.
        calls: what is called for each task.
        stages: the tasks of one order after another.
        superseded: position -> (position of an earlier task, key) for the values that it overwrites.
    """

    tasks: tuple[Task, ...]
    sources: tuple[tuple[int, ...], ...]
    calls: tuple[Call, ...]
    stages: tuple[Stage, ...]
    superseded: Mapping[int, Sequence[tuple[int, str]]]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Task id -> position."""
        return {task.id: position for position, task in enumerate(self.tasks)}

    @cached_property
    def readers(self) -> dict[int, list[int]]:
        """Position -> positions of the tasks that read one of its outputs, ascending."""
        readers: dict[int, list[int]] = defaultdict(list)
        for position, sources in enumerate(self.sources):
            for source in dict.fromkeys(sources):
                if source != OUTSIDE:
                    readers[source].append(position)
        return readers

    def dependants(self, position: int) -> list[int]:
        """Return the positions of all tasks that depend on this one, directly or not, ascending."""
        found: set[int] = set()
        waiting = [position]
        while waiting:
            new = [reader for reader in self.readers.get(waiting.pop(), ()) if reader not in found]
            found.update(new)
            waiting.extend(new)
        return sorted(found)


def prepare(
    tasks: Sequence[Task], inputs: Mapping[str, Any] | None, catalog: Catalog
) -> tuple[tuple[Problem, ...], Plan | None]:
    """Check a table and plan it. Returns every problem, and the plan unless one of them is an error."""
    flow = trace(tasks)
    problems = check(flow, inputs, catalog)
    if problems and problems[0].severity == "error":
        return problems, None
    return problems, _plan(flow, catalog)


def make_plan(tasks: Sequence[Task], inputs: Mapping[str, Any] | None, catalog: Catalog) -> Plan:
    """Return the plan of a table. Raises WorkflowError, with every problem, if it cannot run."""
    problems, plan = prepare(tasks, inputs, catalog)
    if plan is None:
        raise WorkflowError(problems)
    return plan


def _plan(flow: Dataflow, catalog: Catalog) -> Plan:
    functions = {path: catalog[path].call for path in {task.function_path for task in flow.tasks}}
    calls = tuple([_call(functions[task.function_path], task) for task in flow.tasks])
    superseded: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for key, earlier, later in flow.rewrites:
        superseded[later].append((earlier, key))
    return Plan(flow.tasks, flow.sources, calls, _stages(flow.tasks), superseded)


def _call(function: Callable[..., Any], task: Task) -> Call:
    reads, writes, kwargs = task.input_keys, task.output_keys, task.kwargs
    only_write = writes[0] if len(writes) == 1 else None
    if len(reads) == 1 and not kwargs and reads[0] != DATA_KEY:
        return function, reads[0], only_write, None
    is_plain = DATA_KEY not in reads and all(map(is_immutable, kwargs.values()))
    if len(reads) == 1:
        return function, reads[0], only_write, More(None, kwargs, is_plain)
    gather = itemgetter(*reads) if reads else _nothing
    return function, None, only_write, More(gather, kwargs, is_plain)


def _nothing(_values: Mapping[str, Any]) -> tuple[Any, ...]:
    return ()


def _stages(tasks: Sequence[Task]) -> tuple[Stage, ...]:
    orders = [task.order for task in tasks]
    starts = [position for position, order in enumerate(orders) if position == 0 or order != orders[position - 1]]
    return tuple([Stage(orders[start], start, stop) for start, stop in pairwise([*starts, len(orders)])])
