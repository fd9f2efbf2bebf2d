"""Which task reads whose output: run order, and for every read its one writer. Linear in the number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.task import Task

DATA_KEY = "__data__"
OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Dataflow:
    """The tasks in run order, and where each read comes from. A position counts tasks in run order, from 0.

    Attributes:
        tasks: sorted by order; rows of one order keep table order.
        rows: for each of them its row in the table, counted from 0.
        sources: for each of them, per input key, the position of the task that wrote the value read, or OUTSIDE.
        outside: the positions that read something from OUTSIDE.
        first_writer: output key -> position of the first task that writes it.
        rewrites: (key, position of the earlier writer, position of the later one), for keys written more than once.
    """

    tasks: tuple[Task, ...]
    rows: tuple[int, ...]
    sources: tuple[tuple[int, ...], ...]
    outside: tuple[int, ...]
    first_writer: Mapping[str, int]
    rewrites: tuple[tuple[str, int, int], ...]


def final_keys(tasks: Sequence[Task]) -> list[str]:
    """Return the keys that no task reads after they were written last, in run order."""
    final: dict[str, None] = {}
    for task in trace(tasks).tasks:
        for key in task.input_keys:
            final.pop(key, None)
        final.update(dict.fromkeys(task.output_keys))
    return list(final)


def trace(tasks: Sequence[Task]) -> Dataflow:
    """Return the dataflow of a table. Never fails: a broken table has reads from OUTSIDE that no input answers."""
    rows = sorted(range(len(tasks)), key=[task.order for task in tasks].__getitem__)
    in_order = tuple([tasks[row] for row in rows])
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    sources: list[tuple[int, ...]] = []
    outside: list[int] = []
    rewrites: list[tuple[str, int, int]] = []
    for position, task in enumerate(in_order):
        keys = task.input_keys
        read = (last.get(keys[0], OUTSIDE),) if len(keys) == 1 else tuple([last.get(key, OUTSIDE) for key in keys])
        if OUTSIDE in read:
            outside.append(position)
        sources.append(read)
        for key in task.output_keys:
            if key in last:
                rewrites.append((key, last[key], position))
            else:
                first[key] = position
            last[key] = position
    return Dataflow(in_order, tuple(rows), tuple(sources), tuple(outside), first, tuple(rewrites))
