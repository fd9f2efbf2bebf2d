"""What differs between two data frames or two series: rows, columns, types, cells and statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.compare.align import Matching, match_columns, match_rows
from core.compare.column import differs, is_slow, largest_difference
from core.compare.difference import EQUAL, ValueDifference
from core.compare.text import Change, count
from core.value.excerpt import short
from core.value.output import as_series
from core.value.page import MAX_COLUMNS, headings
from core.value.profile import Profile, profile

if TYPE_CHECKING:
    import pandas as pd

    from core.compare.align import Positions

MAX_CELLS = 50_000_000
MAX_SLOW_CELLS = 2_000_000
MAX_COMPARED_COLUMNS = 2_000
MAX_NAMES = 50
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """A column that both frames have.

    Attributes:
        name: as text.
        changed: number of cells that differ, among the rows that both have.
        largest: the largest absolute difference of numbers; None if there is none.
        old, new: the statistics of the whole columns; None beyond the first hundred columns.
    """

    name: str
    changed: int
    largest: float | None
    old: Profile | None
    new: Profile | None


@dataclass(frozen=True)
class FrameDifference:
    """Two frames.

    Attributes:
        rows, columns: how many there were and are.
        rows_added, rows_removed: how many, by the index's labels if each occurs once, else by position.
        added_labels, removed_labels: the first of these rows.
        columns_added, columns_removed: names of columns, the first fifty.
        is_by_label: whether rows were matched by label.
        is_reordered: True if the rows, or the columns, that both have stand in another order.
        types: columns, levels of the index and names of the index whose type or name differs.
        cells: how many cells both have and were compared.
        changed: how many of them differ.
        columns_compared: what differs in each column that both have.
        first: the first changed cells: `row`, `column`, `old`, `new` as texts.
        sampled: 0, or the number of evenly spaced rows that were compared.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    rows_added: int
    rows_removed: int
    added_labels: tuple[str, ...]
    removed_labels: tuple[str, ...]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    is_by_label: bool
    is_reordered: bool
    types: tuple[Change, ...]
    cells: int
    changed: int
    columns_compared: tuple[ColumnDifference, ...]
    first: pd.DataFrame
    sampled: int

    def statistics(self) -> pd.DataFrame:
        """Return one row for each column that both have: changes, and range and mean before and after."""
        import pandas as pd

        rows = [
            [column.name, column.changed, column.largest, *_numbers(column.old), *_numbers(column.new)]
            for column in self.columns_compared
        ]
        names = ["missing", "lowest", "mean", "highest"]
        headings = ["column", "cells changed", "largest difference", *names, *(f"new {name}" for name in names)]
        return pd.DataFrame(rows, columns=headings)


def compare_frames(old: pd.DataFrame, new: pd.DataFrame) -> ValueDifference:
    """Return what differs between two frames. Above 50 million cells (2 million of objects) rows are sampled."""
    rows, columns = match_rows(old.index, new.index), match_columns(old.columns, new.columns)
    width = min(len(columns.old), MAX_COMPARED_COLUMNS)
    left, right, sampled = _sample(old, new, rows, width)
    found = []
    changes: list[tuple[str, Positions]] = []
    names = headings(old.columns[columns.old[:width]])
    for number in range(width):
        before, after = old.iloc[:, columns.old[number]], new.iloc[:, columns.new[number]]
        flags = differs(before.iloc[left], after.iloc[right])
        largest = largest_difference(before.iloc[left], after.iloc[right]) if flags.any() else None
        is_told = number < MAX_COLUMNS
        told = [profile(column, names[number]) if is_told else None for column in (before, after)]
        found.append(ColumnDifference(names[number], int(flags.sum()), largest, *told))
        if found[-1].changed and sum(len(some) for _, some in changes) < MAX_SHOWN:
            changes.append((names[number], flags.nonzero()[0][:MAX_SHOWN]))
    details = FrameDifference(
        rows=(len(old), len(new)),
        columns=(len(old.columns), len(new.columns)),
        rows_added=len(rows.added),
        rows_removed=len(rows.removed),
        added_labels=_labels(new.index, rows.added),
        removed_labels=_labels(old.index, rows.removed),
        columns_added=_labels(new.columns, columns.added),
        columns_removed=_labels(old.columns, columns.removed),
        is_by_label=rows.is_by_label,
        is_reordered=rows.is_reordered or columns.is_reordered,
        types=_types(old, new, columns),
        cells=len(left) * width,
        changed=sum(column.changed for column in found),
        columns_compared=tuple(found),
        first=_first(old, new, columns, (left, right), dict(zip(names, range(width), strict=True)), changes),
        sampled=sampled,
    )
    is_exact = not sampled and width == len(columns.old)
    text = _summary(details, is_exact)
    return ValueDifference("frame", not text, text or EQUAL, details, is_exact)


def frame_of(value: Any) -> pd.DataFrame:
    """Return a series, or an index of pandas, as a frame with one column."""
    series = as_series(value)
    return series.to_frame(short(series.name) if series.name is not None else "value")


def _sample(old: pd.DataFrame, new: pd.DataFrame, rows: Matching, width: int) -> tuple[Positions, Positions, int]:
    dtypes = [dtype for frame in (old, new) for dtype in frame.dtypes.iloc[:MAX_COMPARED_COLUMNS]]
    most = max((MAX_SLOW_CELLS if any(map(is_slow, dtypes)) else MAX_CELLS) // max(width, 1), 1)
    if len(rows.old) <= most:
        return rows.old, rows.new, 0
    step = -(-len(rows.old) // most)
    return rows.old[::step], rows.new[::step], len(rows.old[::step])


def _types(old: pd.DataFrame, new: pd.DataFrame, columns: Matching) -> tuple[Change, ...]:
    names = headings(old.columns[columns.old[:MAX_COMPARED_COLUMNS]])
    pairs = [
        (name, _type(old.dtypes.iloc[before]), _type(new.dtypes.iloc[after]))
        for name, before, after in zip(names, columns.old, columns.new, strict=False)
    ]
    for what, left, right in (("index", old.index, new.index), ("columns", old.columns, new.columns)):
        pairs.append((f"the names of the {what}", short(list(left.names)), short(list(right.names))))
        if what == "index":
            pairs.append(("the index", _index_type(left), _index_type(right)))
    return tuple(Change(name, before, after) for name, before, after in pairs if before != after)


def _type(dtype: Any) -> str:
    """Return a type as text; of categories their number, order and the first of them as well."""
    if not hasattr(dtype, "categories"):
        return str(dtype)
    some = ", ".join(short(label, 40) for label in dtype.categories[:MAX_NAMES])
    return f"category of {len(dtype.categories)}{', ordered' if dtype.ordered else ''}: {some}"


def _index_type(index: pd.Index[Any]) -> str:
    return ", ".join(_type(index.get_level_values(level).dtype) for level in range(index.nlevels))


def _labels(labels: pd.Index[Any], positions: Positions) -> tuple[str, ...]:
    return tuple(_label(label) for label in labels[positions[:MAX_NAMES]])


def _label(label: Any) -> str:
    return " / ".join(short(part, 80) for part in (label if isinstance(label, tuple) else (label,)))


def _first(
    old: pd.DataFrame,
    new: pd.DataFrame,
    columns: Matching,
    rows: tuple[Positions, Positions],
    places: dict[str, int],
    changes: Sequence[tuple[str, Positions]],
) -> pd.DataFrame:
    import pandas as pd

    left, right = rows
    cells = sorted((int(row), places[name], name) for name, found in changes for row in found)[:MAX_SHOWN]
    shown = [
        (
            _label(new.index[right[row]]),
            name,
            short(old.iat[left[row], columns.old[place]]),
            short(new.iat[right[row], columns.new[place]]),
        )
        for row, place, name in cells
    ]
    return pd.DataFrame(shown, columns=["row", "column", "old", "new"], dtype=str)


def _numbers(found: Profile | None) -> list[float | None]:
    if found is None:
        return [None] * 4
    return [found.missing, *(_float(value) for value in (found.lowest, found.mean, found.highest))]


def _float(value: Any) -> float | None:
    try:
        return None if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _summary(found: FrameDifference, is_exact: bool) -> str:
    parts = [
        f"{count(found.changed, 'cell')} of {found.cells:,} changed" if found.changed else "",
        f"{count(found.rows_added, 'row')} added" if found.rows_added else "",
        f"{count(found.rows_removed, 'row')} removed" if found.rows_removed else "",
        _changed_columns(found.columns_added, "added"),
        _changed_columns(found.columns_removed, "removed"),
        f"another type or name of {_some([change.name for change in found.types])}" if found.types else "",
        "in another order" if found.is_reordered else "",
    ]
    text = ", ".join(part for part in parts if part)
    if is_exact:
        return text
    seen = f"{found.sampled:,} evenly spaced rows" if found.sampled else f"{len(found.columns_compared):,} columns"
    return f"{text or 'no difference'}, as far as {seen} tell"


def _changed_columns(names: tuple[str, ...], verb: str) -> str:
    return f"{'column' if len(names) == 1 else 'columns'} {_some(names)} {verb}" if names else ""


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}{', …' if names[3:] else ''}"
