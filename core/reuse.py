"""Which outcomes of one run hold for another plan: the same function, kwargs and inputs, all the way up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import LiteralError
from core.literal import to_text
from core.plan import Plan


def same_work(new: Plan, new_inputs: Mapping[str, Any], old: Plan, old_inputs: Mapping[str, Any]) -> dict[int, int]:
    """Return position in `new` -> position in `old`, for the tasks whose outputs must be equal.

    A task that reads the registry itself, and every task after it, is not among them: what it does is unknown.
    """
    numbers: dict[Hashable, int] = {}
    known = {number: position for position, number in enumerate(_numbers(old, old_inputs, numbers))}
    found = enumerate(_numbers(new, new_inputs, numbers))
    return {position: known[number] for position, number in found if number in known}


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
        work = (plan.calls[position][0], reads, _identity(dict(task.kwargs)), len(task.output_keys))
        result.append(numbers.setdefault(work, len(numbers)))
    return result


def _identity(value: Any) -> Hashable:
    """Equal for values that are written alike; a value that cannot be written is equal only to itself."""
    try:
        return to_text(value)
    except LiteralError:
        return id(value)
