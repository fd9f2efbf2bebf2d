"""What a value is to a viewer: its kind, and its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def kind_of(value: Any) -> str:
    """Return what a value is to a viewer: figure, frame, series, array, image, number, text, data, nothing or other."""
    kind = type(value)
    lineage = {f"{_root(base)}.{base.__name__}" for base in kind.__mro__}
    for name, found in KINDS:
        if name in lineage:
            return found
    if _root(kind) == "matplotlib" and hasattr(value, "savefig"):
        return "image"
    return "nothing" if value is None else "other"


KINDS = (
    ("plotly.BaseFigure", "figure"),
    ("pandas.DataFrame", "frame"),
    ("pandas.Series", "series"),
    ("pandas.Index", "series"),
    ("numpy.ndarray", "array"),
    ("PIL.Image", "image"),
    ("builtins.str", "text"),
    *((f"builtins.{name}", "data") for name in ("dict", "list", "tuple", "set", "frozenset")),
    *((f"builtins.{name}", "number") for name in ("int", "float", "complex")),
    *((name, "number") for name in ("numpy.number", "numpy.bool", "decimal.Decimal", "fractions.Fraction")),
)


def as_series(value: Any) -> pd.Series[Any]:
    """Return a series as it is, and an index of pandas as a series."""
    series: pd.Series[Any] = value if hasattr(value, "iloc") else value.to_series(index=range(len(value)))
    return series


def describe(value: Any, most: int = 2_000) -> str:
    """Return the type of a value and the beginning of its `repr`, whatever that does."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"(its repr raises {type(error).__name__})"
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    return whole(f"{kind}\n{text if len(text) <= most else text[:most] + '...'}\n")


def whole(text: str) -> str:
    """Return the text with every half character (a lone surrogate) spelled out, so that it can be sent and written."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _root(kind: type) -> str:
    return str(kind.__module__).partition(".")[0]
