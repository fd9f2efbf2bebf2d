"""What differs between two tables: tasks added, removed, moved, rows merely in another place, and cells changed."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.compare.text import Change, changes, count, texts_of
from core.table import ATTRIBUTES, KWARGS, ORDER, cell_text
from core.task import Task


class Pair(NamedTuple):
    """A row of the old table and the row of the new one that it became."""

    old: Task
    new: Task


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell, or one argument of `kwargs`, with its exact texts.

    Attributes:
        task: id of the task in the new table.
        column: as files spell it.
        argument: name of the keyword argument; "" for any other column, and for kwargs that cannot be read.
        old, new: None for an argument that is not there.
    """

    task: str
    column: str
    argument: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class TableDifference:
    """What was done to a table.

    Attributes:
        added: tasks that only the new table has.
        removed: tasks that only the old table has.
        moved: tasks whose order changed, as changes of the column "order".
        reordered: ids of tasks of the same order that stand in another place among those that both tables have.
        cells: every other cell that differs.
        renamed: id in the old table -> id in the new one, for rows that were matched by function path and output keys
            because their ids differ.
    """

    added: tuple[Task, ...] = ()
    removed: tuple[Task, ...] = ()
    moved: tuple[CellChange, ...] = ()
    reordered: tuple[str, ...] = ()
    cells: tuple[CellChange, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def is_equal(self) -> bool:
        """True if both tables say the same; other ids for the same rows do not count."""
        return not (self.added or self.removed or self.moved or self.reordered or self.cells)

    @property
    def summary(self) -> str:
        """One line: "2 cells changed, 1 task added"."""
        parts = [
            (len(self.cells), "cell", "changed"),
            (len(self.added), "task", "added"),
            (len(self.removed), "task", "removed"),
            (len(self.moved), "task", "moved to another order"),
            (len(self.reordered), "row", "in another place"),
        ]
        text = ", ".join(f"{count(number, noun)} {verb}" for number, noun, verb in parts if number)
        matched = f" ({count(len(self.renamed), 'row')} matched by function and outputs)" if self.renamed else ""
        return (text or "the tables are equal") + matched


def compare_tables(old: Sequence[Task], new: Sequence[Task]) -> TableDifference:
    """Return what differs between two tables. Never fails: cells that cannot be read are compared as they came.

    Rows are matched by id if they still have the same function path or the same output keys; of the rest, those with
    equal function path and output keys are matched; what is left then is matched by id alone.
    """
    pairs = match(old, new)
    kept_old, kept_new = {pair.old.id for pair in pairs}, {pair.new.id for pair in pairs}
    found = [change for pair in pairs for change in _changed_cells(pair)]
    return TableDifference(
        added=tuple(task for task in new if task.id not in kept_new),
        removed=tuple(task for task in old if task.id not in kept_old),
        moved=tuple(change for change in found if change.column == ORDER),
        reordered=_reordered(pairs, new),
        cells=tuple(change for change in found if change.column != ORDER),
        renamed=tuple((pair.old.id, pair.new.id) for pair in pairs if pair.old.id != pair.new.id),
    )


def match(old: Sequence[Task], new: Sequence[Task]) -> list[Pair]:
    """Return the rows that both tables have, in the order of the old one; see `compare_tables` for how."""
    by_id = {task.id: task for task in new}
    same = [Pair(task, by_id[task.id]) for task in old if task.id in by_id]
    pairs = [p for p in same if p.old.function_path == p.new.function_path or p.old.output_keys == p.new.output_keys]
    for key in (_work, _role, _id):
        taken_old, taken_new = {pair.old.id for pair in pairs}, {pair.new.id for pair in pairs}
        rest_old = [task for task in old if task.id not in taken_old]
        rest_new = [task for task in new if task.id not in taken_new]
        pairs += _matched_by(key, rest_old, rest_new)
    rows = {task.id: row for row, task in enumerate(old)}
    return sorted(pairs, key=lambda pair: rows[pair.old.id])


def _work(task: Task) -> Hashable:
    return tuple(cell_text(task, column) for column in ATTRIBUTES if column != ORDER)


def _role(task: Task) -> Hashable:
    """Equal for rows that could be the same one; None for rows that say too little."""
    return (task.function_path, task.output_keys) if task.function_path else None


def _id(task: Task) -> Hashable:
    return task.id


def _matched_by(key: Callable[[Task], Hashable], old: Sequence[Task], new: Sequence[Task]) -> Iterator[Pair]:
    """Yield the rows with equal keys, the first with the first."""
    waiting: dict[Hashable, list[Task]] = defaultdict(list)
    for task in reversed(new):
        waiting[key(task)].append(task)
    for task in old:
        found = key(task)
        if found is not None and waiting[found]:
            yield Pair(task, waiting[found].pop())


def _changed_cells(pair: Pair) -> Iterator[CellChange]:
    old, new = pair
    for column in ATTRIBUTES:
        is_read = column not in old.unread and column not in new.unread
        if column == KWARGS and is_read:
            found = changes(texts_of(old.kwargs), texts_of(new.kwargs))
            yield from (CellChange(new.id, column, change.name, change.old, change.new) for change in found)
        elif is_read and getattr(old, ATTRIBUTES[column]) == getattr(new, ATTRIBUTES[column]):
            continue
        elif (change := Change(column, cell_text(old, column), cell_text(new, column))) and change.old != change.new:
            yield CellChange(new.id, column, "", change.old, change.new)


def _reordered(pairs: Sequence[Pair], new: Sequence[Task]) -> tuple[str, ...]:
    """Return the fewest rows that must be taken out so that the others of each order stand as they stood."""
    rows = {task.id: row for row, task in enumerate(new)}
    by_order: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        if pair.old.order == pair.new.order:
            by_order[pair.new.order].append(rows[pair.new.id])
    misplaced = {row for places in by_order.values() for row in set(places) - set(longest_ascent(places))}
    return tuple(new[row].id for row in sorted(misplaced))


def longest_ascent(values: Sequence[int]) -> list[int]:
    """Return a longest ascending subsequence of different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        tails[place : place + 1] = [value]
        before.append(ends[place - 1] if place else -1)
        ends[place : place + 1] = [index]
    found: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(values[index])
        index = before[index]
    return found[::-1]
