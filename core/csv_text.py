"""Tasks as CSV text, read as people really have it and written so that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from core.errors import FormatError
from core.json_text import as_text
from core.table import COLUMNS, ID, MAX_TASKS, NOTE, ORDER, cell_text, match_header, read_rows
from core.task import Task

DELIMITERS = (",", ";", "\t")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def loads(content: str | bytes, what: str = "the file") -> tuple[Task, ...]:
    """Return the tasks of a CSV whose first line names the columns; an index and further columns do not count.

    Raises FormatError, saying what is wrong and where, when it is no such CSV.
    """
    text = as_text(content, what)
    lines = _lines(text, what)
    header = match_header(next(lines, []), what)
    rows = ({name: _cell(line, position) for name, position in header.items()} for line in lines)
    return read_rows(rows, what)


def dumps(tasks: Sequence[Task]) -> str:
    """Return the tasks as CSV in table order: the five columns, and `id` and `note` only where they say something."""
    columns = [
        *([ID] if any(task.id != f"t{index}" for index, task in enumerate(tasks, 1)) else []),
        *COLUMNS,
        *([NOTE] if any(task.note for task in tasks) else []),
    ]
    rows = ([task.id if column == ID else _guarded(task, column) for column in columns] for task in tasks)
    return "".join(map(_line, [columns, *rows]))


def guard(text: str) -> str:
    """Return `text` so that a spreadsheet shows it as text: one that begins like a formula gets a leading quote."""
    return GUARD + text if text.lstrip(GUARD).startswith(FORMULA_STARTS) else text


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    # The writer quotes a cell for the characters of its own line end only, and readers end a line at either.
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def _guarded(task: Task, column: str) -> str:
    text = cell_text(task, column)
    return text if column == ORDER and ORDER not in task.unread else guard(text)


def _lines(text: str, what: str) -> Iterator[list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = 0
    count = 0
    try:
        for line in reader:
            if not any(line):
                continue
            width = width or len(line)
            if len(line) > width:
                raise FormatError(
                    f"{what} has {len(line)} cells in line {reader.line_num}, more than its {width} columns"
                )
            count += 1
            if count > MAX_TASKS + 1:
                raise FormatError(f"{what} has more than {MAX_TASKS:,} rows")
            yield line
    except csv.Error as error:
        raise FormatError(f"{what} is not CSV: {error} (line {reader.line_num})") from None


def _cell(line: list[str], position: int) -> str:
    text = line[position] if position < len(line) else ""
    return text[1:] if text.startswith(GUARD) and text.lstrip(GUARD).startswith(FORMULA_STARTS) else text
