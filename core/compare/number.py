"""What differs between two numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.compare.difference import EQUAL, ValueDifference
from core.compare.same import is_nan, is_same
from core.value.excerpt import number_text, short

MAX_TEXT = 60


@dataclass(frozen=True, slots=True)
class NumberDifference:
    """Two numbers.

    Attributes:
        old, new: the numbers.
        difference: new less old; None if there is none, for example for a number and a flag.
        percent: the difference as a percentage of the old number's size; None if the old one is 0 or not finite.
    """

    old: Any
    new: Any
    difference: Any = None
    percent: float | None = None


def compare_numbers(old: Any, new: Any) -> ValueDifference:
    """Return what differs between two numbers of any type."""
    details = NumberDifference(old, new, _difference(old, new), _percent(old, new))
    if is_same(old, new):
        return ValueDifference("number", True, EQUAL, details)
    if type(old) is not type(new) and _is_equal(old, new):
        types = f"as {type(new).__name__} instead of {type(old).__name__}"
        return ValueDifference("number", False, f"the same number {_text(new)}, {types}", details)
    parts = [f"{_text(old)} -> {_text(new)}"]
    if details.difference is not None:
        percent = "" if details.percent is None else f", {_signed(details.percent)}%"
        parts.append(f" ({_signed(details.difference)}{percent})")
    return ValueDifference("number", False, "".join(parts), details)


def _text(number: Any) -> str:
    return short(number_text(number), MAX_TEXT)


def _signed(number: Any) -> str:
    text = _text(number)
    try:
        return f"+{text}" if number > 0 else text
    except TypeError:  # complex numbers have no order
        return text


def _is_equal(old: Any, new: Any) -> bool:
    try:
        return bool(old == new or (is_nan(old) and is_nan(new)))
    except Exception:
        return False


def _difference(old: Any, new: Any) -> Any:
    if isinstance(old, bool) or isinstance(new, bool) or "bool" in type(old).__name__ + type(new).__name__:
        return None
    found = _outcome(lambda: _plain(new) - _plain(old))
    if found is None:
        found = _outcome(lambda: float(new) - float(old))
    return found


def _outcome(change: Callable[[], Any]) -> Any:
    """Return a difference; None if there is none, for mixed types, too large numbers, or NaN."""
    try:
        found = change()
        return None if is_nan(found) else found
    except Exception:  # a number may be of any type
        return None


def _plain(number: Any) -> Any:
    """Return a number of numpy as one of Python, whose whole numbers do not overflow."""
    return number.item() if hasattr(number, "item") else number


def _percent(old: Any, new: Any) -> float | None:
    difference = _difference(old, new)
    try:
        base = abs(_plain(old))
        percent = float(difference) / float(base) * 100 if difference is not None and base else math.nan
    except Exception:
        return None
    return percent if math.isfinite(percent) else None
