"""One page of a frame: its rows filtered and sorted, its cells such that any table can draw them."""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from core.value.excerpt import MAX_CELL, MAX_EXACT, short, unused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MAX_COLUMNS = 100
MAX_HEADING = 80
MAX_CHARACTERS = 1_500_000  # of all texts on a page, which is sent as a whole
MIN_CELL = 20

Kind = Literal["number", "moment", "flag", "text"]


@dataclass(frozen=True)
class Condition:
    """What a column must hold: a text somewhere in it, or a value in a range whose ends count.

    Attributes:
        column: position of the column.
        text: what its cells must contain, in capitals or not; "" is contained in all.
        lowest, highest: numbers or days; None is no limit.
    """

    column: int
    text: str = ""
    lowest: float | date | None = None
    highest: float | date | None = None

    @property
    def is_empty(self) -> bool:
        """True if every row meets it."""
        return not self.text and self.lowest is None and self.highest is None


@dataclass(frozen=True)
class Query:
    """Which rows, and in which order.

    Attributes:
        conditions: all must be met.
        column: position of the column to sort by; None leaves the rows as they are.
        descending: the largest first. Missing values come last either way.
    """

    conditions: tuple[Condition, ...] = ()
    column: int | None = None
    descending: bool = False

    @property
    def asks(self) -> bool:
        """True if it leaves out a row or changes their order."""
        return self.column is not None or any(not condition.is_empty for condition in self.conditions)


Choose: TypeAlias = "Callable[[pd.DataFrame, Query], np.ndarray[Any, Any]]"


def kind_of_column(column: pd.Series[Any]) -> Kind:
    """Return how a column is compared: as numbers, as moments in time, as flags, or as texts."""
    from pandas.api import types

    dtype = column.dtype
    if types.is_bool_dtype(dtype):
        return "flag"
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return "number"
    return "moment" if types.is_datetime64_any_dtype(dtype) else "text"


def part(
    frame: pd.DataFrame, query: Query, first: int, size: int, choose: Choose | None = None
) -> tuple[int, int, pd.DataFrame]:
    """Return how many rows a query finds, the position among them at which the page begins, and its rows.

    The page has at most `size` rows and begins at `first`, or is the last one if there are not so many rows. Without a
    condition and an order no other row is touched. `choose` stands in for `select`, if it knows its answer already.
    """
    positions = (choose or select)(frame, query) if query.asks else None
    count = len(frame) if positions is None else len(positions)
    first = min(first, max(0, (count - 1) // size * size))
    shown: Any = slice(first, first + size)
    return count, first, frame.iloc[shown if positions is None else positions[shown]]


def select(frame: pd.DataFrame, query: Query) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the positions of the rows that the query asks for, in its order."""
    import numpy as np

    positions: Any = None
    for condition in query.conditions:
        if not condition.is_empty:
            met = _meets(_some(frame, condition.column, positions), condition)
            positions = np.flatnonzero(met) if positions is None else positions[met]
    if query.column is not None:
        order = _order(_some(frame, query.column, positions), query.descending)
        positions = order if positions is None else positions[order]
    found: np.ndarray[Any, np.dtype[np.int64]] = np.arange(len(frame)) if positions is None else positions
    return found


def _some(frame: pd.DataFrame, column: int, positions: Any) -> pd.Series[Any]:
    """Return the cells of a column at some positions, or, without copying them, all."""
    some: pd.Series[Any] = frame.iloc[:, column] if positions is None else frame.iloc[positions, column]
    return some


def page(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame, which should be small, with cells, names and an index that can be drawn: what is not a number,
    a flag, a moment or a text becomes text, long texts are cut, equal names are numbered."""
    import pandas as pd

    levels, names = names_of(frame)
    cells = max(1, len(frame) * (len(levels) + len(names)))
    most = max(MIN_CELL, min(MAX_CELL, MAX_CHARACTERS // cells))
    columns = {name: drawable(frame.iloc[:, position], most) for position, name in enumerate(names)}
    return pd.DataFrame(columns, index=_index(frame.index, levels, most), columns=pd.Index(names, dtype=str))


def names_of(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return a text for each level of the index and for each of the columns that are shown, all different."""
    levels = frame.index.nlevels
    names = headings([*frame.index.names, *frame.columns[:MAX_COLUMNS]])
    return names[:levels], names[levels:]


def headings(labels: Iterable[Any]) -> list[str]:
    """Return one text for each label, all different."""
    result: dict[str, None] = {}
    for label in labels:
        parts = label if isinstance(label, tuple) else (label,)
        text = " / ".join(short(part, MAX_HEADING) for part in parts if part is not None and part != "")
        result[unused(text, result)] = None
    return list(result)


def drawable(column: pd.Series[Any], most: int = MAX_CELL) -> Any:
    """Return a column's values in a form that any table can draw, texts of at most `most` characters."""
    from pandas.api import types

    dtype = column.dtype
    try:
        if types.is_bool_dtype(dtype):
            return column.astype("boolean").array
        if types.is_integer_dtype(dtype):
            return _whole_numbers(column, most)
        if types.is_float_dtype(dtype):
            return column.to_numpy(dtype="float64", na_value=float("nan"))
        if types.is_datetime64_any_dtype(dtype):
            return column.array
    except (TypeError, ValueError, OverflowError):
        pass
    return _texts(column, most)


def envelope(values: np.ndarray[Any, Any], most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the positions of at most about `most` values whose line looks like that of all: of each equal stretch of
    values the lowest and the highest, and the first and the last of all."""
    import numpy as np

    if len(values) <= most:
        return np.arange(len(values))
    width = -(-len(values) // (most // 2))
    count = -(-len(values) // width)
    stretches = np.full(count * width, np.nan)
    stretches[: len(values)] = values
    starts, missing = np.arange(count) * width, np.isnan(stretches)
    lowest = np.where(missing, np.inf, stretches).reshape(count, width).argmin(axis=1)
    highest = np.where(missing, -np.inf, stretches).reshape(count, width).argmax(axis=1)
    return np.unique(np.concatenate([[0], starts + lowest, starts + highest, [len(values) - 1]]))


def _meets(column: pd.Series[Any], condition: Condition) -> np.ndarray[Any, np.dtype[np.bool_]]:
    import numpy as np

    kind = kind_of_column(column)
    if condition.text or kind in ("text", "flag"):
        return _contains(column, condition.text)
    lowest, highest = condition.lowest, condition.highest
    result = np.ones(len(column), dtype=bool)
    if lowest is not None:
        result &= _known(column >= (_midnight(column, lowest) if kind == "moment" else lowest))
    if highest is not None:
        # The whole of the last day counts.
        result &= _known(column < _midnight(column, highest, 1) if kind == "moment" else column <= highest)
    return result


def _known(answers: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    result: np.ndarray[Any, np.dtype[np.bool_]] = answers.astype("boolean").to_numpy(dtype=bool, na_value=False)
    return result


def _midnight(column: pd.Series[Any], day: Any, later: int = 0) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(day).tz_localize(getattr(column.dtype, "tz", None)) + pd.Timedelta(days=later)


def _contains(column: pd.Series[Any], text: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return _known(column.str.contains(text, case=False, regex=False))
    wanted = text.casefold()
    texts = (cell if type(cell) is str else short(cell) for cell in column)
    return np.fromiter((wanted in text.casefold() for text in texts), dtype=bool, count=len(column))


def _order(column: pd.Series[Any], descending: bool) -> np.ndarray[Any, np.dtype[np.int64]]:
    import pandas as pd

    plain = column.reset_index(drop=True)
    options: dict[str, Any] = {"ascending": not descending, "kind": "stable", "na_position": "last"}
    try:
        ordered = plain.sort_values(**options)
    except Exception:  # cells of several types have no order, and a cell's own comparison may raise anything
        missing = plain.isna()
        ordered = pd.Series(list(map(short, plain)), dtype=object).mask(missing).sort_values(**options)
    positions: np.ndarray[Any, np.dtype[np.int64]] = ordered.index.to_numpy()
    return positions


def _whole_numbers(column: pd.Series[Any], most: int) -> Any:
    import numpy as np

    numbers = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.astype("Int64").array
    known: Any = numbers if isinstance(numbers, np.ndarray) else numbers.dropna()
    is_exact = not len(known) or (known.min() >= -MAX_EXACT and known.max() <= MAX_EXACT)
    return numbers if is_exact else _texts(column, most)


def _texts(column: Any, most: int) -> Any:
    import pandas as pd

    cells = [None if _is_missing(cell) else short(cell, most) for cell in column]
    return pd.array(cells, dtype=pd.StringDtype("python"))


def _is_missing(cell: Any) -> bool:
    import pandas as pd

    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float | complex) and cmath.isnan(cell))


def _index(index: pd.Index[Any], names: list[str], most: int) -> pd.Index[Any]:
    import pandas as pd

    if index.nlevels == 1:
        single: pd.Index[Any] = pd.Index(drawable(index.to_series(), most), name=names[0] or None)
        return single
    levels = [drawable(index.get_level_values(level).to_series(), most) for level in range(index.nlevels)]
    return pd.MultiIndex.from_arrays(levels, names=names)
