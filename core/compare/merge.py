"""Two edits of one table put together: what only one side changed is taken, what both changed is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, NamedTuple

from core.compare.text import text_of
from core.table import ATTRIBUTES, KWARGS, cell_text
from core.task import NOTHING, Task, Unread

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing that both sides changed, differently. The merged table has it as `mine`.

    Attributes:
        task: id of the task; "" for the workflow's inputs and for the places of rows.
        column: as files spell it; "" for the row as a whole, "place" for where rows stand, "inputs" for an input.
        argument: name of the keyword argument or of the input, else "".
        base, mine, theirs: exact texts; None where it is not there. A row that one side removed and the other changed
            is kept as it was changed.
    """

    task: str
    column: str
    argument: str = ""
    base: str | None = None
    mine: str | None = None
    theirs: str | None = None


@dataclass(frozen=True)
class Merge:
    """Two edits put together.

    Attributes:
        tasks: the merged table.
        collisions: what could not be merged, in the order of the table.
        renamed: id that a row added by me had -> id that it has now, because they added another row with that id.
    """

    tasks: tuple[Task, ...]
    collisions: tuple[Collision, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class _Cell(NamedTuple):
    """What stands in one place, with a text that is equal for equal values."""

    text: str | None
    value: Any


_NO_CELL = _Cell(None, ABSENT)


def merge(base: Sequence[Task], mine: Sequence[Task], theirs: Sequence[Task]) -> Merge:
    """Return `mine` with what `theirs` did to `base`, per cell and per keyword argument; rows are known by id."""
    mine, renamed = _with_free_ids(base, mine, theirs)
    old, left, right = ({task.id: task for task in tasks} for tasks in (base, mine, theirs))
    collisions: list[Collision] = []
    merged: dict[str, Task] = {}
    for task_id in dict.fromkeys([*left, *right, *old]):
        found = _row(old.get(task_id), left.get(task_id), right.get(task_id), collisions)
        if found is not None:
            merged[task_id] = found
    places, place_collisions = _places(list(old), list(left), list(right), merged)
    return Merge(tuple(merged[task_id] for task_id in places), (*collisions, *place_collisions), renamed)


def merge_inputs(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Collision, ...]]:
    """Return the merged inputs (name -> default value), and those that both sides changed, differently."""
    collisions: list[Collision] = []
    return _mapping(base, mine, theirs, Collision("", "inputs"), collisions), tuple(collisions)


def _with_free_ids(
    base: Sequence[Task], mine: Sequence[Task], theirs: Sequence[Task]
) -> tuple[list[Task], tuple[tuple[str, str], ...]]:
    """Return my rows; those that I added under an id that they gave to another row get a new one."""
    known, added = {task.id for task in base}, {task.id: task for task in theirs}
    taken = {task.id for tasks in (base, mine, theirs) for task in tasks}
    free = (f"t{number}" for number in count(len(taken) + 1) if f"t{number}" not in taken)
    new_ids = {
        task.id: next(free)
        for task in mine
        if task.id not in known and task.id in added and not _is_same(task, added[task.id])
    }
    return [replace(task, id=new_ids.get(task.id, task.id)) for task in mine], tuple(new_ids.items())


def _is_same(left: Task, right: Task) -> bool:
    return all(_cell(left, column).text == _cell(right, column).text for column in ATTRIBUTES)


def _row(base: Task | None, mine: Task | None, theirs: Task | None, collisions: list[Collision]) -> Task | None:
    if mine is not None and theirs is not None:
        return _cells(base, mine, theirs, collisions)
    kept = mine or theirs
    if base is None or kept is None:
        return kept
    if _is_same(base, kept):
        return None
    texts = [None if task is None else _line(task) for task in (base, mine, theirs)]
    collisions.append(Collision(kept.id, "", "", *texts))
    return kept


def _line(task: Task) -> str:
    return " | ".join(cell_text(task, column) for column in ATTRIBUTES)


def _cells(base: Task | None, mine: Task, theirs: Task, collisions: list[Collision]) -> Task:
    changes: dict[str, Any] = {}
    unread: dict[str, Unread] = {}
    for column, attribute in ATTRIBUTES.items():
        sides = [task for task in (base, mine, theirs) if task is not None]
        if base is not None and column == KWARGS and not any(column in task.unread for task in sides):
            place = Collision(mine.id, column)
            changes[attribute] = _mapping(base.kwargs, mine.kwargs, theirs.kwargs, place, collisions)
            continue
        before = _cell(base, column) if base is not None else _cell(mine, column)
        place = Collision(mine.id, column)
        value = _choice(before, _cell(mine, column), _cell(theirs, column), place, collisions).value
        if isinstance(value, tuple) and value and isinstance(value[0], Unread):
            unread[column], value = value
        changes[attribute] = value
    return replace(mine, unread=unread or NOTHING, **changes)


def _cell(task: Task, column: str) -> _Cell:
    value = getattr(task, ATTRIBUTES[column])
    return _Cell(cell_text(task, column), (task.unread[column], value) if column in task.unread else value)


def _mapping(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    place: Collision,
    collisions: list[Collision],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name in dict.fromkeys([*mine, *theirs, *base]):
        sides = [_Cell(text_of(side[name]), side[name]) if name in side else _NO_CELL for side in (base, mine, theirs)]
        chosen = _choice(sides[0], sides[1], sides[2], replace(place, argument=name), collisions)
        if chosen is not _NO_CELL:
            result[name] = chosen.value
    return result


def _choice(base: _Cell, mine: _Cell, theirs: _Cell, place: Collision, collisions: list[Collision]) -> _Cell:
    if theirs.text in (base.text, mine.text):
        return mine
    if mine.text == base.text:
        return theirs
    collisions.append(replace(place, base=base.text, mine=mine.text, theirs=theirs.text))
    return mine


def _places(
    base: list[str], mine: list[str], theirs: list[str], merged: Mapping[str, Task]
) -> tuple[list[str], list[Collision]]:
    """Return the ids of the merged rows as they stand: in the places of the side that moved rows, mine if both did."""
    everywhere = set(base) & set(mine) & set(theirs)
    common = [[task_id for task_id in side if task_id in everywhere] for side in (base, mine, theirs)]
    collisions = []
    first, second = mine, theirs
    if common[1] == common[0] != common[2]:
        first, second = theirs, mine
    elif common[1] != common[0] != common[2] != common[1]:
        collisions.append(Collision("", "place", "", *(", ".join(ids) for ids in common)))
    stay = [task_id for task_id in first if task_id in merged]
    present = set(stay)
    followers: dict[str, list[str]] = defaultdict(list)
    last = ""
    for task_id in second:
        if task_id in present:
            last = task_id
        elif task_id in merged:
            followers[last].append(task_id)
    return [*followers[""], *(found for task_id in stay for found in (task_id, *followers[task_id]))], collisions
