"""What the tasks of a managed run have left, and which of it a task reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from core.artifact import Artifact
from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import LiteralError
from core.plan import Plan
from core.work_key import input_identity

Identity = tuple[str, int] | str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one task has left.

    Attributes:
        result: names it.
        outputs: the values of the output keys, then those of the keys under `changed`.
        changed, removed: what the task did to the registry itself.
        values: index of an output -> the value, for those that could not be stored.
    """

    result: str
    outputs: tuple[Artifact, ...]
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    values: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """One value that there is.

    Attributes:
        identity: equal for values that must be equal: (result, index of the output), or of an input its identity.
        artifact: where it lies; None if `value` is the value itself.
        writer: position of the task that wrote it, or OUTSIDE.
    """

    identity: Identity
    artifact: Artifact | None
    value: Any
    writer: int


class Moment:
    """The outcomes so far. `outcomes[position]` is None for a task that has not run, has failed or was skipped."""

    def __init__(self, plan: Plan, inputs: Mapping[str, Any]) -> None:
        self.plan = plan
        self.outcomes: list[Outcome | None] = [None] * len(plan.tasks)
        self._inputs = {key: Held(_identity(value), None, value, OUTSIDE) for key, value in inputs.items()}
        self._editors = tuple(n for n, task in enumerate(plan.tasks) if DATA_KEY in task.input_keys)

    def reads(self, position: int) -> list[tuple[str, Held | None]]:
        """Return each input key of a task but `__data__`, and the value that it reads; None if there is none."""
        keys, sources = self.plan.tasks[position].input_keys, self.plan.sources[position]
        return [
            (key, self._held(key, position, source))
            for key, source in zip(keys, sources, strict=True)
            if key != DATA_KEY
        ]

    def registry(self, position: int) -> dict[str, Held]:
        """Return every value that there is before a task."""
        values = dict(self._inputs)
        for writer, outcome in enumerate(self.outcomes[:position]):
            if outcome is None:
                continue
            for index, key in enumerate((*self.plan.tasks[writer].output_keys, *outcome.changed)):
                values[key] = _output(outcome, index, writer)
            for key in outcome.removed:
                values.pop(key, None)
        return values

    def is_removed(self, key: str, position: int) -> bool:
        """True if a task that reads the registry has taken the key away before `position`."""
        return any(
            (outcome := self.outcomes[editor]) and key in outcome.removed
            for editor in self._editors
            if editor < position
        )

    def _held(self, key: str, position: int, source: int) -> Held | None:
        for editor in reversed(self._editors):
            if not source < editor < position or (outcome := self.outcomes[editor]) is None:
                continue
            if key in outcome.removed:
                return None
            if key in outcome.changed:
                index = len(self.plan.tasks[editor].output_keys) + outcome.changed.index(key)
                return _output(outcome, index, editor)
        if source == OUTSIDE:
            return self._inputs.get(key)
        outcome = self.outcomes[source]
        return None if outcome is None else _output(outcome, self.plan.tasks[source].output_keys.index(key), source)


def identities(reads: Sequence[tuple[str, Held | None]]) -> list[Identity]:
    """Return what identifies the values that are read. Raises LookupError if one is not there."""
    found = [held.identity for _, held in reads if held is not None]
    if len(found) < len(reads):
        raise LookupError
    return found


def _output(outcome: Outcome, index: int, writer: int) -> Held:
    artifact = outcome.outputs[index]
    identity = (outcome.result, index)
    if artifact.is_stored:
        return Held(identity, artifact, None, writer)
    return Held(identity, None, outcome.values.get(index), writer)


def _identity(value: Any) -> str:
    """A value that cannot be written is equal only to itself."""
    try:
        return input_identity(value)
    except LiteralError:
        return uuid4().hex
