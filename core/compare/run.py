"""What differs between two runs: tables, inputs, environment, times, and outputs, by digest before any is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.artifact import Artifact
from core.compare.difference import EQUAL, ValueDifference
from core.compare.environment import EnvironmentDifference, compare_environments
from core.compare.inputs import compare_inputs
from core.compare.table import TableDifference, compare_tables, match
from core.compare.text import Change, count
from core.compare.value import compare_values, unreadable
from core.dataflow import final_keys, trace
from core.record import RunRecord
from core.task import NOTHING, Task


@dataclass(frozen=True)
class RunSide:
    """One run, as far as it is compared.

    Attributes:
        tasks: the table that ran.
        inputs: name -> the value it ran with.
        functions: function path -> digest of its code.
        environment: package -> version, "python" among them.
        record: what became of it.
    """

    tasks: tuple[Task, ...]
    inputs: Mapping[str, Any]
    record: RunRecord
    functions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)


class OutputState(StrEnum):
    """What can be said of an output of two runs without reading it."""

    EQUAL = "equal"
    DIFFERENT = "different"
    ADDED = "added"
    REMOVED = "removed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OutputDifference:
    """One key that at least one of two runs wrote.

    Attributes:
        key: its name.
        state: equal if both have the same bytes; unknown if one of them could not be stored.
        old, new: what was written last under this key; None where nothing was.
        is_final: True if no task of the newer table that has it reads it.
    """

    key: str
    state: OutputState
    old: Artifact | None
    new: Artifact | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class TimeDifference:
    """How long one task took in two runs: its id in each, and seconds; None where it was not called to its end."""

    old_task: str
    new_task: str
    function_path: str
    old: float | None
    new: float | None


@dataclass(frozen=True)
class RunDifference:
    """What differs between two runs; `times` and `outputs` name everything that both have, equal or not."""

    table: TableDifference
    inputs: tuple[Change, ...]
    environment: EnvironmentDifference
    times: tuple[TimeDifference, ...]
    outputs: tuple[OutputDifference, ...]

    @property
    def is_reproduced(self) -> bool:
        """True if there is an output and every one of them is equal."""
        return bool(self.outputs) and all(item.state is OutputState.EQUAL for item in self.outputs)

    @property
    def summary(self) -> str:
        """One sentence: what was done differently, and what came of it."""
        causes = [
            "" if self.table.is_equal else self.table.summary,
            f"{count(len(self.inputs), 'input')} changed" if self.inputs else "",
            "" if self.environment.is_equal else self.environment.summary,
        ]
        cause = ", ".join(text for text in causes if text) or "the same table, inputs and code"
        return f"{cause}; {_outcome(self.outputs)}"


def compare_runs(old: RunSide, new: RunSide) -> RunDifference:
    """Return what differs between two runs. No value is read: equal digests are equal values."""
    return RunDifference(
        table=compare_tables(old.tasks, new.tasks),
        inputs=compare_inputs(old.inputs, new.inputs),
        environment=compare_environments(old.environment, new.environment, old.functions, new.functions),
        times=tuple(
            TimeDifference(
                pair.old.id, pair.new.id, pair.new.function_path, _seconds(old, pair.old), _seconds(new, pair.new)
            )
            for pair in match(old.tasks, new.tasks)
        ),
        outputs=_compare_outputs(old, new),
    )


def compare_output(output: OutputDifference, read: Callable[[Artifact], Any]) -> ValueDifference:
    """Return how an output differs. Only what two digests do not tell is read; nothing raises for a value's sake."""
    if output.old is None or output.new is None:
        one = "the older" if output.new is None else "the newer"
        return ValueDifference("different", False, f"only {one} run has it")
    if output.state is OutputState.EQUAL:
        return ValueDifference(output.new.kind, True, EQUAL)
    values = []
    for side, artifact in (("older", output.old), ("newer", output.new)):
        if not artifact.is_stored:
            reason = str(artifact.summary.get("reason", "")) or "no reason was given"
            return unreadable(f"the value of the {side} run was not stored: {reason}")
        try:
            values.append(read(artifact))
        except Exception as error:  # a stored value may be gone or garbled, and decoding it may raise anything
            return unreadable(f"the value of the {side} run cannot be read: {str(error)[:300]}")
    return compare_values(values[0], values[1])


def final_outputs(tasks: Sequence[Task], record: RunRecord) -> dict[str, Artifact]:
    """Return key -> what was written last under it, for the keys that no task reads after that."""
    final = set(final_keys(tasks))
    return {key: artifact for key, artifact in outputs(tasks, record).items() if key in final}


def outputs(tasks: Sequence[Task], record: RunRecord) -> dict[str, Artifact]:
    """Return key -> what was written last under it, in run order."""
    found: dict[str, Artifact] = {}
    for task in trace(tasks).tasks:
        if task.id in record.tasks and record.tasks[task.id].is_finished:
            found.update(record.tasks[task.id].outputs)
    return found


def _compare_outputs(old: RunSide, new: RunSide) -> tuple[OutputDifference, ...]:
    before, after = outputs(old.tasks, old.record), outputs(new.tasks, new.record)
    old_final, new_final = set(final_keys(old.tasks)), set(final_keys(new.tasks))
    return tuple(
        OutputDifference(
            key,
            _state(before.get(key), after.get(key)),
            before.get(key),
            after.get(key),
            key in (new_final if key in after else old_final),
        )
        for key in dict.fromkeys([*after, *before])
    )


def _state(old: Artifact | None, new: Artifact | None) -> OutputState:
    if old is None:
        return OutputState.ADDED
    if new is None:
        return OutputState.REMOVED
    if not (old.is_stored and new.is_stored):
        return OutputState.UNKNOWN
    is_equal = (old.digest, old.codec) == (new.digest, new.codec)
    return OutputState.EQUAL if is_equal else OutputState.DIFFERENT


def _seconds(side: RunSide, task: Task) -> float | None:
    found = side.record.tasks.get(task.id)
    return found.seconds if found is not None and found.is_finished else None


def _outcome(outputs: Sequence[OutputDifference]) -> str:
    if not outputs:
        return "no run has an output"
    equal = sum(output.state is OutputState.EQUAL for output in outputs)
    if equal == len(outputs):
        return f"every one of {count(equal, 'output')} is equal" if equal > 1 else "the one output is equal"
    others = [output.key for output in outputs if output.state is not OutputState.EQUAL]
    return (
        f"{equal:,} of {count(len(outputs), 'output')} equal, not {', '.join(others[:5])}{', …' if others[5:] else ''}"
    )
