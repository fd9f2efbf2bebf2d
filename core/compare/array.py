"""What differs between two arrays of numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.compare.difference import EQUAL, ValueDifference
from core.compare.same import is_same
from core.compare.text import Change
from core.value.excerpt import number_text, short

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MAX_ITEMS = 20_000_000
MAX_OBJECTS = 1_000_000
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ArrayDifference:
    """Two arrays.

    Attributes:
        shapes, types: old and new.
        items: how many items were compared; 0 if the shapes differ.
        changed: how many of them differ.
        largest: the largest absolute difference of numbers; None if there is none.
        first: the first changed items: position as text, old and new.
        means: mean of the numbers before and after; None for anything but numbers.
    """

    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    types: tuple[str, str]
    items: int
    changed: int
    largest: float | None
    first: tuple[Change, ...]
    means: tuple[float, float] | None


def compare_arrays(old: Array, new: Array) -> ValueDifference:
    """Return what differs between two arrays; of more than 20 million items (a million objects) some are sampled."""
    import numpy as np

    shapes, types = (old.shape, new.shape), (str(old.dtype), str(new.dtype))
    parts: list[str] = []
    is_exact, items, changed = True, 0, 0
    first: tuple[Change, ...] = ()
    largest = None
    if shapes[0] == shapes[1]:
        left, right, is_exact, step = _sampled(old, new)
        flags = _differs(left, right)
        places = np.flatnonzero(flags)
        items, changed = left.size, len(places)
        largest = _largest(left[flags], right[flags])
        first = tuple(
            Change(_place(place * step, old.shape), short(left[place]), short(right[place]))
            for place in places[:MAX_SHOWN]
        )
    else:
        parts.append(f"shape {_shape(shapes[0])} -> {_shape(shapes[1])}")
    if types[0] != types[1]:
        parts.append(f"type {types[0]} -> {types[1]}")
    if type(old) is not type(new):
        parts.append(f"a {type(new).__name__} instead of a {type(old).__name__}")
    if changed:
        most = "" if largest is None else f", by at most {number_text(largest)}"
        parts.append(f"{changed:,} of {items:,} items changed{most}")
    details = ArrayDifference(shapes, types, items, changed, largest, first, _means(old, new))
    text = ", ".join(parts)
    if not is_exact:
        text = f"{text or 'no difference'}, as far as {items:,} evenly spaced items tell"
    return ValueDifference("array", not text, text or EQUAL, details, is_exact)


def _sampled(old: Array, new: Array) -> tuple[Array, Array, bool, int]:
    most = MAX_OBJECTS if old.dtype.hasobject or new.dtype.hasobject else MAX_ITEMS
    left, right = old.reshape(-1), new.reshape(-1)
    if left.size <= most:
        return left, right, True, 1
    step = -(-left.size // most)
    return left[::step], right[::step], False, step


def _differs(left: Array, right: Array) -> Array:
    """Return for each item whether it differs; NaN and NaT equal themselves, and so do masked items."""
    import numpy as np

    if left.dtype.names and left.dtype.names == right.dtype.names:
        fields = [
            _differs(left[name].reshape(len(left), -1), right[name].reshape(len(right), -1))
            for name in left.dtype.names
        ]
        differing: Array = np.logical_or.reduce([field.reshape(len(left), -1).any(axis=1) for field in fields])
        return differing
    if left.dtype.hasobject or right.dtype.hasobject or left.dtype.names or right.dtype.names:
        pairs = zip(left.reshape(-1).tolist(), right.reshape(-1).tolist(), strict=True)
        return np.fromiter((not is_same(a, b) for a, b in pairs), dtype=bool, count=left.size).reshape(left.shape)
    masks = [np.ma.getmaskarray(side) for side in (left, right)]
    left, right = np.ma.getdata(left), np.ma.getdata(right)
    with np.errstate(all="ignore"):
        try:
            flags: Array = np.asarray(left != right)
        except (TypeError, ValueError):  # types that have no common comparison
            flags = np.ones(left.shape, dtype=bool)
        flags = np.broadcast_to(flags, left.shape) & ~(_missing(left) & _missing(right))
    return (flags & ~(masks[0] & masks[1])) | (masks[0] ^ masks[1])


def _missing(items: Array) -> Array:
    import numpy as np

    if items.dtype.kind in "mM":
        return np.isnat(items)
    return np.isnan(items) if items.dtype.kind in "fc" else np.zeros(items.shape, dtype=bool)


def _largest(left: Array, right: Array) -> float | None:
    import numpy as np

    if not {left.dtype.kind, right.dtype.kind} <= set("iufc"):
        return None
    kind = "c16" if "c" in (left.dtype.kind, right.dtype.kind) else "f8"
    with np.errstate(all="ignore"):
        gaps = np.abs(np.ma.getdata(right).astype(kind) - np.ma.getdata(left).astype(kind))
    gaps = gaps[np.isfinite(gaps)]
    return float(gaps.max()) if gaps.size else None


def _means(old: Array, new: Array) -> tuple[float, float] | None:
    import numpy as np

    if not {old.dtype.kind, new.dtype.kind} <= set("biuf") or not (old.size and new.size):
        return None
    with np.errstate(all="ignore"):
        return float(old.mean(dtype="f8")), float(new.mean(dtype="f8"))


def _place(place: int, shape: tuple[int, ...]) -> str:
    import numpy as np

    return "[" + ", ".join(str(int(part)) for part in np.unravel_index(place, shape)) + "]"


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "one item"
