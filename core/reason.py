"""Why a task runs, in words: what differs from the run before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import LiteralError
from core.literal import to_text
from core.plan import Plan
from core.task import Task

MAX_TEXT = 40
MISSING = object()
KEPT = "same function, kwargs and inputs as in the run before"


def why_it_runs(
    new: Plan, new_inputs: Mapping[str, Any], old: Plan, old_inputs: Mapping[str, Any], kept: Collection[int]
) -> dict[int, str]:
    """Return position -> reason, for every task of `new` whose position is not among `kept`."""
    former = {task.id: task for task in old.tasks}
    reasons: dict[int, str] = {}
    for position in range(len(new.tasks)):
        if position not in kept:
            found = differences(position, new, new_inputs, former, old_inputs, kept)
            reasons[position] = "; ".join(found) or "no result was kept"
    return reasons


def differences(
    position: int,
    new: Plan,
    new_inputs: Mapping[str, Any],
    former: Mapping[str, Task],
    old_inputs: Mapping[str, Any],
    kept: Collection[int],
) -> list[str]:
    """Return what differs for one task of `new` from the task of the same id among the `former` ones, in words."""
    task = new.tasks[position]
    if task.id not in former:
        return ["it is new in the table"]
    reads = dict(zip(task.input_keys, new.sources[position], strict=True))
    ran = {key: source for key, source in reads.items() if source != OUTSIDE and source not in kept}
    return [
        *_changed_cells(task, former[task.id]),
        *_changed_inputs([key for key, source in reads.items() if source == OUTSIDE], new_inputs, old_inputs),
        *(f"{key} comes from {new.tasks[source].id}, which runs too" for key, source in ran.items()),
    ]


def _changed_cells(task: Task, former: Task) -> Iterator[str]:
    if task.function_path != former.function_path:
        yield f"function {former.function_path} -> {task.function_path}"
    for name in dict.fromkeys([*former.kwargs, *task.kwargs]):
        before, after = _text(former.kwargs.get(name, MISSING)), _text(task.kwargs.get(name, MISSING))
        if before != after:
            yield f"kwarg {name} {before} -> {after}"
    if task.input_keys != former.input_keys:
        yield f"reads ({', '.join(former.input_keys)}) -> ({', '.join(task.input_keys)})"
    if len(task.output_keys) != len(former.output_keys):
        yield f"writes ({', '.join(former.output_keys)}) -> ({', '.join(task.output_keys)})"


def _changed_inputs(keys: Iterable[str], new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[str]:
    for key in keys:
        before, after = _text(old.get(key, MISSING)), _text(new.get(key, MISSING))
        if key == DATA_KEY:
            yield f"it reads {DATA_KEY}, so it is never reused"
        elif before != after:
            yield f"input {key} {before} -> {after}"


def _text(value: Any) -> str:
    if value is MISSING:
        return "(nothing)"
    try:
        text = to_text(value)
    except LiteralError:
        text = type(value).__name__
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 3]}..."
