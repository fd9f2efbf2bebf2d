"""Rows, data frames and CSV <-> tasks. The only place that knows how files, grids and frames spell the columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.errors import FormatError, LiteralError
from core.literal import to_text
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
MAX_ORDER = 1_000_000_000
MAX_KEYS = 1_000
WHOLE_NUMBER = r"[+-]?\d{1,10}(?:\.0{0,20})?"
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
        return _raw_text(task.unread[column].raw)
    value = getattr(task, ATTRIBUTES[column])
    if column in (INPUT_KEYS, OUTPUT_KEYS):
        return _keys_text(value)
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
            reads, writes = _read_keys(reads), _read_keys(writes)
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
    if _is_missing(raw):
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


def _is_missing(raw: Any) -> bool:
    """True for an empty cell: None, "", NaN, NaT or NA."""
    kind = type(raw)
    if raw is None or (kind is str and not raw):
        return True
    if isinstance(raw, float):
        return math.isnan(raw)
    return kind.__name__ in ("NaTType", "NAType")


def _read_order(raw: Any) -> int | Unread:
    kind = type(raw)
    if kind is int:
        return raw if abs(raw) <= MAX_ORDER else Unread(raw, f"the order must lie within ±{MAX_ORDER:,}")
    if _is_missing(raw):
        return Unread(raw, "the order is empty, expected a whole number")
    if kind is str and re.fullmatch(WHOLE_NUMBER, raw.strip(" "), re.ASCII):
        return _read_order(int(float(raw)))
    if kind is not bool and hasattr(raw, "__float__") and kind.__module__ in ("builtins", "numpy", "decimal"):
        try:
            number = float(raw)
        except (TypeError, ValueError):
            number = math.nan
        if number.is_integer():
            return _read_order(int(number))
    return Unread(raw, f"the order must be a whole number, not {_short(raw)}")


def _read_path(raw: Any) -> str | Unread:
    if type(raw) is str:
        return raw
    if _is_missing(raw):
        return ""
    return Unread(raw, f"the function path must be text, not {_short(raw)}")


def _read_keys(raw: Any) -> tuple[str, ...] | Unread:
    kind = type(raw)
    if kind is str and raw.isidentifier():
        return (raw,)
    if kind is tuple or kind is list:
        if len(raw) > MAX_KEYS:
            return Unread(raw, f"more than {MAX_KEYS:,} keys in one cell")
        for key in raw:
            if type(key) is not str:
                return Unread(raw, f"every key must be text, not {_short(key)}")
        return tuple(raw)
    if kind is str:
        return _read_keys_text(raw)
    if _is_missing(raw):
        return ()
    return Unread(raw, f"the keys must be names, not {_short(raw)}")


def _read_keys_text(raw: str) -> tuple[str, ...] | Unread:
    text = raw.strip(" ")
    if text[:1] in ("(", "[", '"', "'", "{"):
        from core.notation import parse

        try:
            keys = parse(text)
        except LiteralError as error:
            return Unread(raw, f"the keys cannot be read: {error}")
        if type(keys) is str:
            return (keys,)
        result = _read_keys(keys) if type(keys) in (tuple, list) else Unread(raw, "the keys must be a list of names")
        return Unread(raw, result.reason) if isinstance(result, Unread) else result
    if "," in text:
        return _read_keys(tuple(part.strip(" ") for part in text.removesuffix(",").split(",")))
    return (text,) if text else ()


def _read_kwargs(raw: Any) -> Mapping[str, Any] | Unread:
    value = raw
    if type(raw) is str:
        if not raw.strip():
            return {}
        from core.notation import parse

        try:
            value = parse(raw)
        except LiteralError as error:
            return Unread(raw, f"the kwargs cannot be read: {error}")
    elif _is_missing(raw):
        return {}
    if not isinstance(value, Mapping):
        return Unread(raw, f"the kwargs must be a JSON object such as {{}}, not {_short(value)}")
    if len(value) > MAX_KEYS:
        return Unread(raw, f"more than {MAX_KEYS:,} names in one cell")
    for name in value:
        if type(name) is not str:
            return Unread(raw, f"every name in kwargs must be text, not {_short(name)}")
    return dict(value)


def _read_note(raw: Any) -> str | Unread:
    if type(raw) is str:
        return raw
    return "" if _is_missing(raw) else Unread(raw, f"the note must be text, not {_short(raw)}")


def _short(value: Any) -> str:
    if type(value) is int and value.bit_length() > 200:
        return "a very long number"
    text = (
        repr(value) if type(value) in (str, int, float, bool, tuple, list, dict, type(None)) else type(value).__name__
    )
    return text if len(text) <= 60 else f"{text[:57]}..."


def _keys_text(keys: tuple[str, ...]) -> str:
    text = ", ".join(keys)
    return text if _read_keys_text(text) == keys else to_text(list(keys))


def _raw_text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    try:
        return to_text(raw)
    except LiteralError:
        return repr(raw)


READERS = {
    ORDER: _read_order,
    FUNC_PATH: _read_path,
    INPUT_KEYS: _read_keys,
    KWARGS: _read_kwargs,
    OUTPUT_KEYS: _read_keys,
    NOTE: _read_note,
}
EMPTY: Mapping[str, Any] = {ORDER: 0, FUNC_PATH: "", INPUT_KEYS: (), KWARGS: {}, OUTPUT_KEYS: (), NOTE: ""}
