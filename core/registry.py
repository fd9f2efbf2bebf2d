"""What the tasks of a run have left: every output, and the values at this moment.

A position counts tasks in run order. A task that reads `__data__` may change the values itself; what it did is kept as
its edits, so that going back and forth repeats it, and what it removed is let go everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.check import is_valid_key
from core.dataflow import DATA_KEY, OUTSIDE
from core.plan import Plan

FREED: Any = object()


def spread(keys: Sequence[str], value: Any) -> tuple[tuple[Any, ...], str]:
    """Return the values for the output keys that a returned value holds, and "" or why it does not fit them."""
    is_many = isinstance(value, tuple) or (len(keys) > 1 and isinstance(value, list))
    items = tuple(value) if is_many else (value,)
    if keys and len(items) != len(keys):
        got = f"{len(items)} values" if is_many else f"one {type(value).__name__}"
        several = f"{len(keys)} output keys ({', '.join(keys)})"
        return (), f"it returned {got} for {several if len(keys) > 1 else f'the one output key {keys[0]}'}"
    return items, ""


def misnamed(values: Mapping[Any, Any], before: Mapping[Any, Any]) -> str:
    """Return why a task may not have put into the values what was not there before; "" if it may."""
    wrong = (key for key in values if key not in before and not (isinstance(key, str) and is_valid_key(key)))
    return next((f"it wrote {key!r:.60} into {DATA_KEY}, which is no name of a key" for key in wrong), "")


class Registry:
    """The inputs, the outputs of every task, and the values that show.

    Attributes:
        inputs: the run's own copies.
        values: key -> value at this moment; always the same dictionary, because tasks may be given it.
        outputs: for each position what its task returned: the value for one output key, a tuple for none or several,
            FREED if it has not run, failed, or was let go.
    """

    def __init__(self, plan: Plan, inputs: dict[str, Any]) -> None:
        self._plan = plan
        self.inputs = inputs
        self.values = dict(inputs)
        self.outputs: list[Any] = [FREED] * len(plan.tasks)
        self._edits: dict[int, dict[str, Any]] = {}

    def arguments(self, position: int) -> list[Any]:
        """The arguments of a task whose turn it is: the values as they stand. Raises KeyError."""
        values, keys = self.values, self._plan.tasks[position].input_keys
        return [{DATA_KEY: values} if key == DATA_KEY else values[key] for key in keys]

    def exact_arguments(self, position: int) -> list[Any]:
        """The arguments as the task would read them in its turn, wherever the run stands now. Raises KeyError."""
        reads = self.reads(position)
        gone = [key for key, value in reads if value is FREED and key != DATA_KEY]
        if gone:
            raise KeyError(gone[0])
        return [{DATA_KEY: self.values} if key == DATA_KEY else value for key, value in reads]

    def reads(self, position: int) -> list[tuple[str, Any]]:
        """Return each key and the value that the task reads, from its one writer; FREED where there is none."""
        keys, sources = self._plan.tasks[position].input_keys, self._plan.sources[position]
        return [
            (key, self.inputs.get(key, FREED) if source == OUTSIDE else self.kept(source).get(key, FREED))
            for key, source in zip(keys, sources, strict=True)
        ]

    def write(self, position: int, value: Any) -> str:
        """Spread a returned value over the task's output keys; return "" or why it does not fit them."""
        keys = self._plan.tasks[position].output_keys
        items, misfit = spread(keys, value)
        if misfit:
            return misfit
        self.outputs[position] = items[0] if len(keys) == 1 else items[: len(keys)]
        self.values.update(zip(keys, items, strict=False))
        return ""

    def forget(self, position: int) -> None:
        """Let go of all that a task has written."""
        self.outputs[position] = FREED

    def rebuild(self, positions: Iterable[int]) -> None:
        """Make the values what they are after the tasks at these positions."""
        self.values.clear()
        self.values.update(self.inputs)
        for position in positions:
            self.show(position)

    def show(self, position: int) -> None:
        """Put into the values what a task wrote, and repeat what it did to them itself."""
        self.values.update(self.kept(position))
        for key, value in self._edits.get(position, {}).items():
            if value is FREED:
                self.values.pop(key, None)
            else:
                self.values[key] = value

    def kept(self, position: int) -> dict[str, Any]:
        """Return key -> value of what a task wrote, without what was let go."""
        keys, kept = self._plan.tasks[position].output_keys, self.outputs[position]
        if kept is FREED:
            return {}
        pairs = zip(keys, (kept,) if len(keys) == 1 else kept, strict=bool(keys))
        return {key: value for key, value in pairs if value is not FREED}

    def is_whole(self, position: int) -> bool:
        """True if a task has run and nothing of what it wrote was let go."""
        keys = self._plan.tasks[position].output_keys
        return self.outputs[position] is not FREED and len(self.kept(position)) == len(set(keys))

    def drop(self, position: int, key: str) -> None:
        """Let go of one value that a task wrote."""
        kept = self.kept(position)
        if kept:
            keys = self._plan.tasks[position].output_keys
            items = tuple(FREED if name == key else kept.get(name, FREED) for name in keys)
            self.outputs[position] = items[0] if len(items) == 1 else items

    def before_edits(self, position: int) -> dict[str, Any]:
        """A copy of the values, without what this task itself did to them when it ran before."""
        edits = self._edits.get(position, {})
        return {key: value for key, value in self.values.items() if key not in edits}

    def keep_edits(self, position: int, before: Mapping[str, Any]) -> None:
        """After a task that may have changed the values itself: keep that, and forget everywhere what it removed."""
        values, own_keys = self.values, self._plan.tasks[position].output_keys
        removed = (before.keys() | self._edits.get(position, {}).keys()) - values.keys()
        for key in removed:
            self.inputs.pop(key, None)
            for edits in self._edits.values():
                edits.pop(key, None)
            for writer, task in enumerate(self._plan.tasks[:position]):
                if key in task.output_keys:
                    self.drop(writer, key)
        written = {key: value for key, value in values.items() if key not in own_keys}
        changed = {key: value for key, value in written.items() if before.get(key, FREED) is not value}
        self._edits[position] = {**dict.fromkeys(removed, FREED), **changed}
