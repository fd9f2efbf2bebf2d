"""Edits of a table: pure functions from tasks to tasks. An operation is data, as a grid in a browser sends it.

{"op": "set", "id": ID, "column": COLUMN, "text": TEXT}      one cell, as typed
{"op": "paste", "id": ID, "column": COLUMN, "cells": [[TEXT, ...], ...]}   a block, from this cell right and down
{"op": "paste", "id": None, "cells": [[TEXT, ...], ...]}     rows at the end; a first line may name the columns
{"op": "add", "after": ID or None}                           an empty row; at the end without `after`
{"op": "delete" | "duplicate", "ids": [ID, ...]}
{"op": "move", "ids": [ID, ...], "after": ID or None}        to the top without `after`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from core.cell import MAX_ORDER
from core.errors import EditError, FormatError
from core.json_text import LONE_SURROGATE
from core.table import ATTRIBUTES, COLUMNS, EMPTY, MAX_TASKS, NOTE, match_header, read_cell
from core.task import NOTHING, Task, Unread

Tasks = tuple[Task, ...]
MAX_TEXT = 100_000


def apply(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    """Return the table after one operation. Raises EditError, and changes nothing, if it makes no sense."""
    name = operation.get("op") if isinstance(operation, Mapping) else None
    edit = OPERATIONS.get(name) if isinstance(name, str) else None
    if edit is None:
        raise EditError(f"there is no edit {_short(name)}; known are {', '.join(OPERATIONS)}")
    result = edit(tasks, operation)
    if len(result) > MAX_TASKS:
        raise EditError(f"the table would have more than {MAX_TASKS:,} rows")
    return result


def with_cell(task: Task, column: str, raw: Any) -> Task:
    """Return the task with another value in one cell; one that cannot be read is kept in `unread`."""
    value = read_cell(column, raw)
    unread = {name: cell for name, cell in task.unread.items() if name != column}
    if isinstance(value, Unread):
        unread[column], value = value, EMPTY[column]
    changes: dict[str, Any] = {ATTRIBUTES[column]: value}
    return replace(task, unread=unread or NOTHING, **changes)


def _set(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    row, column, text = _row(tasks, operation.get("id")), _column(operation), _text(operation.get("text"))
    return (*tasks[:row], with_cell(tasks[row], column, text), *tasks[row + 1 :])


def _paste(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    cells = operation.get("cells")
    if not isinstance(cells, list) or not all(isinstance(line, list) for line in cells):
        raise EditError("a pasted block must be a list of lists")
    if operation.get("id") is None:
        top, (columns, cells) = len(tasks), _headed(cells)
    else:
        top, columns = _row(tasks, operation.get("id")), (*COLUMNS, NOTE)
        columns = columns[columns.index(_column(operation)) :]
    if top + len(cells) > MAX_TASKS:
        raise EditError(f"the table would have more than {MAX_TASKS:,} rows")
    result = list(tasks)
    new = _new_ids(tasks)
    for offset, line in enumerate(cells):
        if top + offset == len(result):
            result.append(Task(next(new), min(result[-1].order + 1, MAX_ORDER) if result else 0, ""))
        for column, text in zip(columns, line, strict=False):
            if column in ATTRIBUTES:
                result[top + offset] = with_cell(result[top + offset], column, _text(text))
    return tuple(result)


def _headed(cells: list[list[Any]]) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Return the column of each place of a line, "" for none, and the lines without the one that names the columns."""
    try:
        names = match_header([_text(text) for text in cells[0]] if cells else [], "the block")
    except FormatError:
        return (*COLUMNS, NOTE), cells
    places = {place: name for name, place in names.items()}
    return tuple(places.get(place, "") for place in range(len(cells[0]))), cells[1:]


def _add(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    after = operation.get("after")
    row = len(tasks) if after is None else _row(tasks, after) + 1
    order = min(tasks[row - 1].order + (row == len(tasks)), MAX_ORDER) if tasks else 0
    return (*tasks[:row], Task(next(_new_ids(tasks)), order, ""), *tasks[row:])


def _delete(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    ids = _ids(tasks, operation)
    return tuple(task for task in tasks if task.id not in ids)


def _duplicate(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    ids = _ids(tasks, operation)
    new = _new_ids(tasks)
    last = max(row for row, task in enumerate(tasks) if task.id in ids) + 1
    copies = tuple(replace(task, id=next(new)) for task in tasks if task.id in ids)
    return (*tasks[:last], *copies, *tasks[last:])


def _move(tasks: Tasks, operation: Mapping[str, Any]) -> Tasks:
    ids, after = _ids(tasks, operation), operation.get("after")
    rest = tuple(task for task in tasks if task.id not in ids)
    row = 0 if after is None else _row(rest, after) + 1
    return (*rest[:row], *(task for task in tasks if task.id in ids), *rest[row:])


def _row(tasks: Sequence[Task], task_id: Any) -> int:
    for row, task in enumerate(tasks):
        if task.id == task_id:
            return row
    raise EditError(f"there is no row {_short(task_id)} in the table any more")


def _ids(tasks: Sequence[Task], operation: Mapping[str, Any]) -> set[str]:
    ids = operation.get("ids")
    if not isinstance(ids, list) or not ids:
        raise EditError("the edit names no rows")
    known = {task.id for task in tasks}
    for task_id in ids:
        if not isinstance(task_id, str) or task_id not in known:
            _row(tasks, task_id)
    return set(ids)


def _column(operation: Mapping[str, Any]) -> str:
    column = operation.get("column")
    if not isinstance(column, str) or column not in ATTRIBUTES:
        raise EditError(f"there is no column {_short(column)}")
    return column


def _text(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise EditError(f"a cell must be text of at most {MAX_TEXT:,} characters")
    if "\0" in text or (not text.isascii() and re.search(LONE_SURROGATE, text)):
        raise EditError("a cell cannot hold a NUL or half a character")
    return text


def _short(value: Any) -> str:
    return repr(value[:40]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _new_ids(tasks: Sequence[Task]) -> Iterator[str]:
    used = {task.id for task in tasks}
    return (name for number in count(len(tasks) + 1) if (name := f"t{number}") not in used)


OPERATIONS: Mapping[str, Callable[[Tasks, Mapping[str, Any]], Tasks]] = {
    "set": _set,
    "paste": _paste,
    "add": _add,
    "delete": _delete,
    "duplicate": _duplicate,
    "move": _move,
}
