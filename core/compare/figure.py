"""What differs between two Plotly figures: which parts of their traces and layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.compare.array import compare_arrays
from core.compare.difference import EQUAL, ValueDifference
from core.compare.nested import compare_data
from core.compare.text import Change, count

MAX_PLAIN = 20


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """Two figures.

    Attributes:
        traces: how many there were and are.
        changed_traces: positions of the traces that differ.
        changes: path in the figure's JSON (`data[0].y`, `layout.title.text`) -> old and new in short.
    """

    traces: tuple[int, int]
    changed_traces: tuple[int, ...]
    changes: tuple[Change, ...]


def compare_figures(old: Any, new: Any) -> ValueDifference:
    """Return what differs between two figures, from their JSON form; data that was encoded is decoded first."""
    left, right = (_plain(figure.to_plotly_json()) for figure in (old, new))
    found = compare_data(left, right, _compare_leaves)
    changes = found.details.changes
    paths = [change.name for change in changes if change.name.startswith("data[")]
    traces = sorted({int(path[5 : path.index("]")]) for path in paths})
    counts = len(left.get("data", ())), len(right.get("data", ()))
    details = FigureDifference(counts, tuple(traces), changes)
    parts = [f"{counts[0]} -> {count(counts[1], 'trace')}"] if counts[0] != counts[1] else []
    if in_both := [number for number in traces if number < min(counts)]:
        names = ", ".join(_name(right["data"][number], number) for number in in_both[:3])
        parts.append(f"{count(len(in_both), 'trace')} changed: {names}{', …' if in_both[3:] else ''}")
    if layout := [change.name for change in changes if change.name.startswith("layout")]:
        parts.append(f"{', '.join(layout[:3])}{', …' if layout[3:] else ''} changed")
    if not parts and not found.is_equal:
        parts.append(found.summary)
    return ValueDifference("figure", found.is_equal, "; ".join(parts) or EQUAL, details, found.is_exact)


def _compare_leaves(old: Any, new: Any) -> ValueDifference:
    if hasattr(old, "dtype") and hasattr(new, "dtype"):
        return compare_arrays(old, new)
    return ValueDifference("other", bool(old == new), "")


def _plain(part: Any) -> Any:
    """Return a part of a figure with every long list of points as an array, however it was written."""
    if isinstance(part, dict):
        if set(part) <= {"dtype", "bdata", "shape"} and {"dtype", "bdata"} <= set(part):
            return _decoded(part)
        return {key: _plain(item) for key, item in part.items()}
    if hasattr(part, "__array__"):
        return _array(part)
    if isinstance(part, list | tuple):
        is_data = len(part) > MAX_PLAIN and not any(isinstance(item, dict | list | tuple) for item in part)
        return _array(part) if is_data else [_plain(item) for item in part]
    return part


def _array(items: Any) -> Any:
    import numpy as np

    array = np.asarray(items)
    if array.dtype.kind == "M":
        return np.datetime_as_string(array).astype(object)
    if array.dtype.kind in "iufb":
        return array.astype("f8")
    return np.asarray(
        [item.isoformat() if hasattr(item, "isoformat") else item for item in array.tolist()], dtype=object
    )


def _decoded(part: dict[str, Any]) -> Any:
    import base64

    import numpy as np

    array = np.frombuffer(base64.b64decode(part["bdata"]), dtype=np.dtype(part["dtype"]))
    shape = [int(size) for size in str(part.get("shape", "")).split(",") if size.strip()]
    return array.reshape(shape).astype("f8") if shape else array.astype("f8")


def _name(trace: Any, number: int) -> str:
    name = trace.get("name") if isinstance(trace, dict) else None
    return str(name)[:60] if name else f"number {number + 1}"
