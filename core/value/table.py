"""What is drawn of a frame, a series or an array: its columns, a page of its rows, its statistics, its line."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from core.value import statistic
from core.value.excerpt import number_text, short
from core.value.kind import as_series, describe, kind_of, whole
from core.value.output import files
from core.value.page import MAX_COLUMNS, Choose, Query, envelope, headings, kind_of_column, names_of, page, part
from core.value.picture import is_picture
from core.value.profile import profile, profiles
from core.value.wire import Answer

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 500


def head(value: Any, name: str, most: int | None) -> Answer:
    """Return the size of a value, the names and kinds of its columns, and the kinds of its files."""
    data = {"kind": kind_of(value), **(_array(value) if kind_of(value) == "array" else {"rows": len(value)})}
    if "text" not in data and not data.get("is_picture"):
        frame = frame_of(value, name)
        _, names = names_of(frame)
        data["columns"] = len(frame.columns)
        data["names"] = names
        data["kinds"] = [kind_of_column(frame.iloc[:, position]) for position in range(len(names))]
    return Answer({**data, "files": files(value, most)})


def rows(value: Any, query: Query, first: int, size: int, name: str, choose: Choose | None = None) -> Answer:
    """Return one page of the rows that a query asks for, where it begins, and how many were found."""
    frame = frame_of(value, name)
    found, first, shown = part(frame, query, max(0, first), min(max(1, size), MAX_ROWS), choose)
    return Answer({"rows": len(frame), "found": found, "first": first}, page(shown))


def statistics(value: Any, name: str) -> Answer:
    """Return the statistics of every column, of a series also as a few words, of flags also counted."""
    if kind_of(value) != "series":
        found = profiles(frame_of(value, name))
        return Answer(
            {"columns": list(map(statistic.line, found)), "sampled": max((p.sampled for p in found), default=0)}
        )
    series = as_series(value)
    one = profile(series, name)
    data: dict[str, Any] = {"rows": one.rows, "facts": statistic.facts(one), "columns": [statistic.line(one)]}
    if kind_of_column(series) == "flag":
        true = int(series.sum())
        data["counts"] = {"True": true, "False": one.rows - one.missing - true, "Missing": one.missing}
    return Answer({**data, "sampled": one.sampled})


def line(value: Any, points: int) -> Answer:
    """Return numbers over their dates, if their index has such, else over their numbers or positions."""
    import pandas as pd

    series = as_series(value)
    values = series.to_numpy(dtype="float64", na_value=float("nan"))
    shown = envelope(values, max(4, points))
    frame = pd.DataFrame({"x": _places(series.index, shown), "y": values[shown]})
    return Answer({"rows": len(series), "points": len(shown)}, frame)


def frame_of(value: Any, name: str) -> pd.DataFrame:
    """Return a value as a frame, without copying its cells: of an array the columns that are shown.

    Of an array with more than two dimensions the last one goes across, and all others one after the other down.
    """
    import pandas as pd

    match kind_of(value):
        case "series":
            series = as_series(value)
            frame: pd.DataFrame = series.to_frame(headings([series.name])[0] or name)
        case "array" if value.ndim > 2:
            lines = value.reshape(prod(value.shape[:-1]), value.shape[-1])
            frame = pd.DataFrame(lines[:, :MAX_COLUMNS], _places_of_lines(value.shape), copy=False)
        case "array":
            frame = pd.DataFrame(value[:, :MAX_COLUMNS] if value.ndim == 2 else value, copy=False)
        case _:
            frame = value
    return frame


def _places_of_lines(shape: tuple[int, ...]) -> pd.MultiIndex:
    import pandas as pd

    names = [f"axis {axis}" for axis in range(len(shape) - 1)]
    return pd.MultiIndex.from_product([range(length) for length in shape[:-1]], names=names)


def _array(array: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"shape": list(array.shape), "dtype": short(str(array.dtype)), "range": _range(array)}
    if is_picture(array):
        return {**data, "is_picture": True}
    if array.ndim == 0:
        return {**data, "text": describe(array).partition("\n")[2]}
    return {**data, "rows": len(array) if array.ndim == 1 else prod(array.shape[:-1])}


def _range(array: Any) -> list[str]:
    """Return the lowest and the highest number of an array and their mean, missing ones not counted."""
    import numpy as np

    if array.dtype.kind not in "iufb" or not array.size:
        return []
    if hasattr(array, "mask"):
        found = (array.min(), array.max(), array.mean())
    else:
        with np.errstate(all="ignore"):
            found = _measure(array)
    return [whole(number_text(number)) for number in found]


def _measure(array: Any) -> tuple[Any, Any, Any]:
    import numpy as np

    if array.dtype.kind != "f":
        return array.min(), array.max(), array.mean()
    lowest = np.fmin.reduce(array, axis=None)
    if np.isnan(lowest):
        return (float("nan"),) * 3
    mean = array.mean()
    return lowest, np.fmax.reduce(array, axis=None), array.mean(where=~np.isnan(array)) if np.isnan(mean) else mean


def _places(index: pd.Index[Any], shown: Any) -> Any:
    import pandas as pd
    from pandas.api import types

    if isinstance(index, pd.PeriodIndex):
        return index[shown].to_timestamp()
    if types.is_datetime64_any_dtype(index.dtype):
        return index[shown]
    return _numbers(index[shown]) if types.is_any_real_numeric_dtype(index.dtype) else shown


def _numbers(index: pd.Index[Any]) -> Any:
    import numpy as np

    return index.to_numpy() if isinstance(index.dtype, np.dtype) else index.to_numpy("float64", na_value=float("nan"))
