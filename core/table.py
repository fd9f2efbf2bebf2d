"""Rows, data frames and CSV <-> tasks. The only place that knows how files, grids and frames spell the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.cell import (
    MAX_ORDER,
    is_missing,
    keys_text,
    raw_text,
    read_keys,
    read_kwargs,
    read_note,
    read_order,
    read_path,
)
from core.errors import FormatError, LiteralError
from core.task import NOTHING, Task, Unread

if TYPE_CHECKING:
    import pandas as pd

ORDER, FUNC_PATH, INPUT_KEYS, KWARGS, OUTPUT_KEYS = "order", "funcPath", "inputKeys", "kwargs", "outputKeys"
COLUMNS = (ORDER, FUNC_PATH, INPUT_KEYS, KWARGS, OUTPUT_KEYS)
ID, NOTE = "id", "note"
ATTRIBUTES = {
    ORDER: "order",
    FUNC_PATH: "function_path",
    INPUT_KEYS: "input_keys",
    KWARGS: "kwargs",
    OUTPUT_KEYS: "output_keys",
    NOTE: "note",
}
MAX_TASKS = 20_000
TASK_ID = r"[A-Za-z0-9_-]{1,64}"

Row = Sequence[Any] | Mapping[str, Any] | Task


def read_rows(rows: Iterable[Row], what: str = "TASKS", most: int | None = MAX_TASKS) -> tuple[Task, ...]:
    """Return one task per row: five cells in the order of `COLUMNS`, or a mapping from column names to cells.

    A cell that cannot be read does not stop the rest: the task keeps it in `unread`, and the checks report it.
    Raises FormatError for something that is no row at all, for two rows with one id, for more than `most` rows.
    """
    tasks: list[Task] = []
    for index, row in enumerate(rows):
        if index == most:
            raise FormatError(f"{what} has more than {most:,} rows")
        tasks.append(row if type(row) is Task else _read_row(row, f"t{index + 1}", what, index))
    _refuse_equal_ids(tasks, what)
    return tuple(tasks)


def to_rows(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Return one mapping per task, with its id, the five columns and its note; unread cells as they came."""
    return [{ID: task.id, **{column: cell(task, column) for column in ATTRIBUTES}} for task in tasks]


def cell(task: Task, column: str) -> Any:
    """Return what stands in one cell: its value, or what came if it could not be read."""
    return task.unread[column].raw if column in task.unread else getattr(task, ATTRIBUTES[column])


def cell_text(task: Task, column: str) -> str:
    """Return the text of one cell, which `read_rows` reads back to the same."""
    if column in task.unread:
        return raw_text(task.unread[column].raw)
    value = getattr(task, ATTRIBUTES[column])
    if column in (INPUT_KEYS, OUTPUT_KEYS):
        return keys_text(value)
    if column == KWARGS:
        from core.notation import spell

        try:
            return spell(dict(value)) if value else "{}"
        except LiteralError:
            return repr(dict(value))
    return str(value)


def ordered(tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks in run order: by ascending order, rows of one order as they stand in the table."""
    return sorted(tasks, key=lambda task: task.order)


def to_dataframe(tasks: Iterable[Task]) -> pd.DataFrame:
    """Return a frame of the five columns in run order: keys as tuples, kwargs as dictionaries."""
    import pandas as pd

    rows = [[cell(task, column) for column in COLUMNS] for task in ordered(tasks)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).infer_objects()


def from_dataframe(frame: pd.DataFrame) -> tuple[Task, ...]:
    """Return the tasks of a frame that has the columns of `COLUMNS`; its index and further columns do not count."""
    header = match_header([str(name) for name in frame.columns], "the frame")
    columns = {name: frame.iloc[:, position].tolist() for name, position in header.items()}
    return read_rows(
        ({name: values[index] for name, values in columns.items()} for index in range(len(frame))), "the frame"
    )


def match_header(names: Sequence[str], what: str) -> dict[str, int]:
    """Return column name -> position for the names that are known, whatever their case and underscores."""
    known = {_folded(name): name for name in (ID, *COLUMNS, NOTE)}
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        column = known.get(_folded(name))
        if column is None:
            continue
        if column in found:
            raise FormatError(f"{what} has the column {column} twice")
        found[column] = position
    missing = [name for name in (ORDER, FUNC_PATH) if name not in found]
    if missing:
        raise FormatError(f"{what} has no column {' and no column '.join(missing)}; expected are {', '.join(COLUMNS)}")
    return found


def read_cell(column: str, raw: Any) -> Any:
    """Return the value of one cell as `Task` holds it, or `Unread` with the reason."""
    return READERS[column](raw)


def _folded(name: str) -> str:
    return name.strip().replace("_", "").replace(" ", "").lower()


def _read_row(row: Any, default_id: str, what: str, index: int) -> Task:
    if type(row) in (list, tuple) and len(row) == len(COLUMNS):
        order, path, reads, kwargs, writes = row
        if type(order) is int and -MAX_ORDER <= order <= MAX_ORDER and type(path) is str and kwargs == {}:
            reads, writes = read_keys(reads), read_keys(writes)
            if type(reads) is tuple is type(writes):
                return Task(default_id, order, path, reads, {}, writes)
    where = f"{what}[{index}]"
    if isinstance(row, Mapping):
        cells = row
    elif isinstance(row, list | tuple) and len(row) == len(COLUMNS):
        cells = dict(zip(COLUMNS, row, strict=True))
    elif isinstance(row, list | tuple):
        raise FormatError(f"{where} has {len(row)} cells, expected {len(COLUMNS)}: {', '.join(COLUMNS)}")
    else:
        raise FormatError(f"{where} is a {type(row).__name__}, expected a row: {', '.join(COLUMNS)}")
    values: dict[str, Any] = {}
    unread: dict[str, Unread] = {}
    for column, attribute in ATTRIBUTES.items():
        value = READERS[column](cells.get(column))
        if type(value) is Unread:
            unread[column], value = value, EMPTY[column]
        values[attribute] = value
    return Task(id=_read_id(cells.get(ID), default_id, where), unread=unread or NOTHING, **values)


def _read_id(raw: Any, default: str, where: str) -> str:
    if is_missing(raw):
        return default
    if not isinstance(raw, str) or not re.fullmatch(TASK_ID, raw, re.ASCII):
        raise FormatError(f"{where} has the id {str(raw)[:60]!r}; an id is 1 to 64 letters, digits, '_' and '-'")
    return raw


def _refuse_equal_ids(tasks: Sequence[Task], what: str) -> None:
    if len({task.id for task in tasks}) == len(tasks):
        return
    first: dict[str, int] = {}
    for index, task in enumerate(tasks):
        if task.id in first:
            raise FormatError(f"{what}[{index}] has the id {task.id!r}, as has {what}[{first[task.id]}]")
        first[task.id] = index


READERS = {
    ORDER: read_order,
    FUNC_PATH: read_path,
    INPUT_KEYS: read_keys,
    KWARGS: read_kwargs,
    OUTPUT_KEYS: read_keys,
    NOTE: read_note,
}
EMPTY: Mapping[str, Any] = {ORDER: 0, FUNC_PATH: "", INPUT_KEYS: (), KWARGS: {}, OUTPUT_KEYS: (), NOTE: ""}
