"""What differs between two series, and both side by side, ready to be drawn over each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.compare.align import match_rows
from core.compare.difference import ValueDifference
from core.compare.frame import FrameDifference, compare_frames, frame_of
from core.compare.same import is_nan
from core.value.output import as_series
from core.value.page import envelope, kind_of_column

if TYPE_CHECKING:
    import pandas as pd

MAX_POINTS = 4_000


@dataclass(frozen=True)
class SeriesDifference:
    """Two series.

    Attributes:
        frame: what differs, as for frames of one column.
        overlay: columns `old` and `new`, by label, NaN where there is none; None unless both are numbers. At most about
            16,000 rows whose lines look like those of all.
    """

    frame: FrameDifference
    overlay: pd.DataFrame | None


def compare_series(old: Any, new: Any) -> ValueDifference:
    """Return what differs between two series or indexes of pandas."""
    left, right = as_series(old), as_series(new)
    found = compare_frames(frame_of(left).set_axis(["value"], axis=1), frame_of(right).set_axis(["value"], axis=1))
    details = SeriesDifference(found.details, overlay(left, right))
    is_equal, summary = found.is_equal, found.summary
    if not is_same_name(left.name, right.name):
        told = f"its name is {right.name!r} instead of {left.name!r}"
        is_equal, summary = False, told if is_equal else f"{summary}; {told}"
    elif type(old) is not type(new):
        is_equal, summary = False, f"a {type(new).__name__} instead of a {type(old).__name__}; {summary}"
    return ValueDifference("series", is_equal, summary, details, found.is_exact)


def is_same_name(old: Any, new: Any) -> bool:
    """True if two names of series are the same; a missing one is itself."""
    return type(old) is type(new) and bool(old == new or is_nan(old))


def overlay(old: pd.Series[Any], new: pd.Series[Any]) -> pd.DataFrame | None:
    """Return two series of numbers side by side, rows matched as `compare_frames` does."""
    import numpy as np
    import pandas as pd

    if {kind_of_column(old), kind_of_column(new)} - {"number", "flag"}:
        return None
    rows = match_rows(old.index, new.index)
    labels = old.index if rows.is_by_label or len(old) >= len(new) else new.index
    left, right = (column.to_numpy(dtype="float64", na_value=np.nan) for column in (old, new))
    if rows.is_by_label and len(rows.added):
        labels = old.index.append(new.index[rows.added])
    pair = np.full((len(labels), 2), np.nan)
    pair[: len(left), 0] = left
    pair[rows.old, 1] = right[rows.new]
    pair[len(left) :, 1] = right[rows.added]
    order = _order(labels) if rows.is_by_label and len(rows.added) else np.arange(len(labels))
    pair = pair[order]
    some = np.union1d(envelope(pair[:, 0], MAX_POINTS), envelope(pair[:, 1], MAX_POINTS)) if len(pair) else order
    return pd.DataFrame(pair[some], index=labels[order][some], columns=["old", "new"])


def _order(labels: pd.Index[Any]) -> Any:
    import numpy as np

    try:
        return np.argsort(labels, kind="stable")
    except Exception:  # labels of several types have no order
        return np.arange(len(labels))
