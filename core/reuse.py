"""Which outcomes of one run hold for another plan: the same function, kwargs and inputs, all the way up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import LiteralError
from core.function import MARK, Marking
from core.literal import to_text
from core.plan import Plan


def same_work(new: Plan, new_inputs: Mapping[str, Any], old: Plan, old_inputs: Mapping[str, Any]) -> dict[int, int]:
    """Return position in `new` -> position in `old`, for the tasks whose outputs must be equal.

    Of several tasks of `old` that did the same work, the one with the same id is named if there is one. A task that
    reads the registry itself, and every task after it, is not among them: what it does is unknown. Nor is a task whose
    author says that its result may never be reused.
    """
    numbers: dict[Hashable, int] = {}
    done = list(enumerate(_numbers(old, old_inputs, numbers)))
    known = {number: position for position, number in done}
    twins = {(number, old.tasks[position].id): position for position, number in done}
    found = enumerate(_numbers(new, new_inputs, numbers))
    return {
        position: twins.get((number, new.tasks[position].id), known[number])
        for position, number in found
        if number in known
    }


def _numbers(plan: Plan, inputs: Mapping[str, Any], numbers: dict[Hashable, int]) -> list[int]:
    """Return a number for each task, equal for equal work; `numbers` says which were given out already."""
    given = {name: _identity(value) for name, value in inputs.items()}
    result: list[int] = []
    for position, task in enumerate(plan.tasks):
        if DATA_KEY in task.input_keys:
            break
        reads = tuple(
            given[key] if source == OUTSIDE else (result[source], plan.tasks[source].output_keys.index(key))
            for key, source in zip(task.input_keys, plan.sources[position], strict=True)
        )
        kwargs = tuple([(name, _identity(value)) for name, value in task.kwargs.items()])
        function = plan.calls[position][0]
        work = (function, reads, kwargs, len(task.output_keys)) if _may_be_reused(function) else object()
        result.append(numbers.setdefault(work, len(numbers)))
    return result


def _may_be_reused(function: Callable[..., Any]) -> bool:
    marking = getattr(function, MARK, None)
    return not isinstance(marking, Marking) or marking.cache != "never"


def _identity(value: Any) -> Hashable:
    """Equal for values that are written alike; a value that cannot be written is equal only to itself."""
    try:
        return to_text(value)
    except LiteralError:
        return id(value)
