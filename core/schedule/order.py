"""Which tasks may be under way together, and which tasks one needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.dataflow import DATA_KEY, OUTSIDE
from core.plan import Plan


def segments(plan: Plan, stop: int, is_pipelined: bool) -> Iterator[range]:
    """Yield the positions that may be under way together: of one order, or of all if pipelined.

    A task that reads the registry is alone.
    """
    borders = {0, stop}
    if not is_pipelined:
        borders.update(stage.start for stage in plan.stages)
    for position, task in enumerate(plan.tasks):
        if DATA_KEY in task.input_keys:
            borders.update((position, position + 1))
    cuts = sorted(border for border in borders if border <= stop)
    yield from (range(start, end) for start, end in pairwise(cuts))


def ancestors(plan: Plan, position: int) -> list[int]:
    """Return the positions of all tasks that a task depends on, ascending.

    These are all before it if one of them reads the registry: what that one does may concern any of the others.
    """
    if any(DATA_KEY in task.input_keys for task in plan.tasks[: position + 1]):
        return list(range(position))
    found: set[int] = set()
    waiting: list[Iterable[int]] = [plan.sources[position]]
    while waiting:
        for source in waiting.pop():
            if source != OUTSIDE and source not in found:
                found.add(source)
                waiting.append(plan.sources[source])
    return sorted(found)
