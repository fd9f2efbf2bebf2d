"""A frame or a series on the page: its first and its last rows, what its columns hold, and numbers as a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from core.compare.same import is_missing
from core.compare.text import count
from core.errors import ArtifactError
from core.report.line import line
from core.report.markup import table, text
from core.value import question
from core.value.answer import Answer
from core.value.excerpt import number_text, short
from core.value.output import kind_of
from core.value.page import Query, kind_of_column
from core.value.question import Question

if TYPE_CHECKING:
    import pandas as pd

Ask: TypeAlias = Callable[[Question], Answer]

MAX_ROWS = 30
FIRST, LAST = 12, 6
MAX_COLUMNS = 20
POINTS = 600
FEWEST = 10
SHORT = 32
HEAD = ("column", "type", "missing", "distinct", "lowest", "highest", "mean")
FLUSH_RIGHT = (False, False, True, True, True, True, True)


def frame(key: str, ask: Ask) -> tuple[str, str]:
    """Return what a frame is, in words, and its HTML. Raises ArtifactError if the value does not answer."""
    head = _asked(ask, question.head(key)).data
    about = f"{count(head['rows'], 'row')}, {count(head['columns'], 'column')}"
    html, told = _rows(key, ask, head["rows"], head["columns"])
    if told:
        found = _asked(ask, question.statistics(key)).data
        html += f"<h4>What the columns hold</h4>{_statistics(found['columns'])}{_sampled(found['sampled'])}"
    return f"{about}{told}", html


def series(key: str, ask: Ask) -> tuple[str, str]:
    """Return what a series is, in words, and its HTML: numbers also as a line. Raises ArtifactError."""
    head = _asked(ask, question.head(key)).data
    facts = _asked(ask, question.statistics(key)).data["facts"]
    html, told = _rows(key, ask, head["rows"], 1)
    if head["kinds"] == ["number"] and head["rows"] >= FEWEST:
        points: Any = _asked(ask, question.line(POINTS)).frame
        html = line(points["x"], points["y"], key) + html
    words = " · ".join(map(str, facts)) if head["rows"] else ""
    return f"{count(head['rows'], 'row')}{told}", f'<p class="quiet">{text(words)}</p>{html}'


def frame_html(*parts: pd.DataFrame, between: int = 0) -> str:
    """Return frames of the same columns, with their index, as one table; `between`: how many rows lie between them."""
    import pandas as pd

    drawn = [part.reset_index(names=_level_names(part)) for part in parts]
    places = range(len(drawn[0].columns))
    both = [
        pd.concat([part.iloc[:, place] for part in drawn]) if drawn[1:] else drawn[0].iloc[:, place] for place in places
    ]
    numbers = [kind_of_column(column) == "number" for column in both]
    lines: list[Sequence[str]] = list(zip(*map(_cells, both), strict=True))
    if between:
        lines.insert(len(drawn[0]), f"{count(between, 'row')} between these")
    return table([text(str(name).strip(), 80) for name in drawn[0].columns], lines, numbers, "values")


def _rows(key: str, ask: Ask, rows: int, columns: int) -> tuple[str, str]:
    """Return the rows as HTML, and in words which they are, "" if they are all."""
    is_whole = rows <= MAX_ROWS
    parts = [_part(key, ask, 0, MAX_ROWS if is_whole else FIRST)]
    if not is_whole:
        parts.append(_part(key, ask, rows - LAST, LAST))
    told = "" if is_whole else f"the first {FIRST} and the last {LAST} rows"
    if columns > MAX_COLUMNS:
        told += f"{' and ' if told else ''}the first {MAX_COLUMNS} columns"
    between = 0 if is_whole else rows - FIRST - LAST
    return frame_html(*parts, between=between), f"; shown are {told}" if told else ""


def _part(key: str, ask: Ask, first: int, size: int) -> pd.DataFrame:
    found: Any = _asked(ask, question.rows(Query(), first, size, key)).frame
    part: pd.DataFrame = found.iloc[:, :MAX_COLUMNS]
    return part


def _asked(ask: Ask, wanted: Question) -> Answer:
    found = ask(wanted)
    if found.reason:
        raise ArtifactError(found.reason)
    return found


def _statistics(columns: Sequence[dict[str, Any]]) -> str:
    names = ("name", "type", "missing", "distinct", "lowest", "highest", "mean")
    rows = [
        [
            f'<span class="still">{text("–" if column[name] is None else _number(column[name]), 80)}</span>'
            for name in names
        ]
        for column in columns[:MAX_COLUMNS]
    ]
    return table(HEAD, rows, FLUSH_RIGHT, "values")


def _sampled(rows: int) -> str:
    return f'<p class="quiet">Distinct values are counted in {rows:,} evenly spaced rows.</p>' if rows else ""


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _level_names(frame: pd.DataFrame) -> list[str]:
    """Return names for the levels of the index that no column has; what has no name is spaces, one more each."""
    taken, found = set(frame.columns), []
    for name in frame.index.names:
        label = "" if name is None else str(name)
        while label in taken:
            label += " "
        taken.add(label)
        found.append(label)
    return found


def _cells(column: pd.Series[Any]) -> list[str]:
    """Return the cells as HTML; moments without their time if all of them are days."""
    is_days = all(map(_is_day, column))
    return [_cell(value, is_days) for value in column]


def _is_day(value: Any) -> bool:
    is_moment = type(value).__name__ == "Timestamp"
    return is_missing(value) or (is_moment and value == value.normalize() and value.tzinfo is None)


def _cell(value: Any, is_day: bool) -> str:
    if is_missing(value):
        return '<span class="quiet">–</span>'
    if is_day:
        return f'<span class="still">{text(value.date())}</span>'
    words = number_text(value) if kind_of(value) == "number" else short(value)
    return f'<span class="still">{text(words)}</span>' if len(words) <= SHORT else text(words)
