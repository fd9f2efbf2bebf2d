"""What differs between two values, whatever they are. Everything is bounded, and nothing raises."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from core.compare.array import compare_arrays
from core.compare.difference import EQUAL, ValueDifference
from core.compare.figure import compare_figures
from core.compare.frame import compare_frames
from core.compare.image import compare_images
from core.compare.lines import compare_texts
from core.compare.nested import compare_data
from core.compare.number import compare_numbers
from core.compare.same import is_same
from core.compare.series import compare_series
from core.value.output import describe, kind_of

NAMES = {"other": "something else", "nothing": "nothing", "data": "nested data"}


def compare_values(old: Any, new: Any) -> ValueDifference:
    """Return what differs between two values; see `ValueDifference`. Never raises for a value's sake."""
    try:
        kinds = kind_of(old), kind_of(new)
        if kinds[0] != kinds[1]:
            return ValueDifference("different", False, f"was {_name(old, kinds[0])}, is {_name(new, kinds[1])}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return COMPARISONS[kinds[0]](old, new)
    except Exception as error:  # a value's own methods may raise anything
        return unreadable(f"they cannot be compared: {type(error).__name__}")


def unreadable(reason: str) -> ValueDifference:
    """Return the answer for values of which one cannot be read."""
    return ValueDifference("unreadable", False, reason, is_exact=False)


def _name(value: Any, kind: str) -> str:
    name = NAMES.get(kind, f"a {kind}")
    return name if kind == "nothing" else f"{name} ({type(value).__name__})"


def _compare_nothing(_old: Any, _new: Any) -> ValueDifference:
    return ValueDifference("nothing", True, EQUAL)


def _compare_others(old: Any, new: Any) -> ValueDifference:
    if type(old) is not type(new):
        summary = f"was a {type(old).__name__}, is a {type(new).__name__}"
        return ValueDifference("other", False, summary, compare_texts(describe(old), describe(new)).details)
    if is_same(old, new):
        return ValueDifference("other", True, EQUAL)
    found = compare_texts(describe(old), describe(new))
    summary = "they differ" if not found.is_equal else f"two {type(old).__name__} that do not say that they are equal"
    return ValueDifference("other", False, summary, found.details, is_exact=not found.is_equal)


COMPARISONS: Mapping[str, Callable[[Any, Any], ValueDifference]] = {
    "nothing": _compare_nothing,
    "number": compare_numbers,
    "text": compare_texts,
    "data": lambda old, new: compare_data(old, new, compare_values),
    "frame": compare_frames,
    "series": compare_series,
    "array": compare_arrays,
    "figure": compare_figures,
    "image": compare_images,
    "other": _compare_others,
}
