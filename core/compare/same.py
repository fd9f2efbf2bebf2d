"""Whether two cells or leaves hold the same: NaN is itself, 1 and 1.0 and True are three values."""

from __future__ import annotations

from typing import Any

PLAIN = (str, int, bool, bytes, type(None))


def is_same(old: Any, new: Any) -> bool:
    """True if two values are of one type and equal, part by part. What cannot be compared is not the same."""
    if old is new:
        return True
    kind = type(old)
    if kind is not type(new):
        return False
    if kind in PLAIN:
        return bool(old == new)
    try:
        return _is_same(old, new)
    except Exception:  # a value's own comparison may raise anything
        return False


def _is_same(old: Any, new: Any) -> bool:
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(is_same, old, new))
    if isinstance(old, dict):
        return len(old) == len(new) and all(key in new and is_same(item, new[key]) for key, item in old.items())
    answer = old == new
    if getattr(answer, "shape", ()):
        return bool(old.shape == new.shape and answer.all())
    return bool(answer) or (is_nan(old) and is_nan(new))


def is_nan(value: Any) -> bool:
    """True for a value that does not even equal itself."""
    return bool(value != value)  # noqa: PLR0124 - that is what is asked


def is_missing(value: Any) -> bool:
    """True for None, NaN, NaT and NA."""
    if value is None:
        return True
    kind = type(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return True
    try:
        return kind.__name__ in ("float", "float32", "float64", "float16", "Decimal") and is_nan(value)
    except Exception:
        return False
