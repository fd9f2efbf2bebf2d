"""A column of objects of Python as an array of Arrow: texts, flags and dates as such, mixed ones as JSON text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from core import literal
from core.codec.plain import is_exact
from core.errors import LiteralError

if TYPE_CHECKING:
    import pyarrow as pa

MOST_MIXED = 100_000
MISSING = {"NoneType": "None", "NAType": "NA", "NaTType": "NaT", "float": "nan"}


def encode(values: Any) -> tuple[pa.Array, dict[str, Any]]:
    """Objects of one type that Arrow knows, with at most one kind of missing value; others as JSON text.

    Raises LiteralError if they would not come back exactly.
    """
    import datetime as dt

    import pyarrow as pa

    arrow = {str: pa.large_string(), bool: pa.bool_(), dt.date: pa.date32(), bytes: pa.large_binary()}
    items = values.tolist()
    found = set(map(type, items))
    kinds = found & set(arrow)
    missing = {kind.__name__ for kind in found - kinds}
    kind = next(iter(kinds), str)
    word = MISSING.get(next(iter(missing), "NoneType"), "")
    has_numbers = word == "nan" and any(type(item) is float and not math.isnan(item) for item in items)
    if len(kinds) > 1 or len(missing) > 1 or not word or has_numbers:
        return _encode_mixed(items)
    items = [item if type(item) is kind else None for item in items]
    return pa.array(items, type=arrow[kind]), {"missing": word}


def _encode_mixed(items: list[Any]) -> tuple[pa.Array, dict[str, Any]]:
    """Objects of several types, each as JSON text; not very many, because a pickle takes a tenth of the time."""
    import pyarrow as pa

    if len(items) > MOST_MIXED or not is_exact(items):
        raise LiteralError("a column of objects of several types has no exact form in a file")
    return pa.array([literal.to_text(item) for item in items], pa.large_string()), {"missing": "mixed"}


def decode(array: pa.Array, note: dict[str, Any]) -> Any:
    """Return the objects that `encode` was given. Raises ValueError, KeyError, TypeError."""
    import numpy as np
    import pandas as pd

    items = array.to_pylist()
    if note["missing"] == "mixed":
        items = [literal.decode(json.loads(item)) for item in items]
    elif note["missing"] != "None":
        missing = {"NA": pd.NA, "NaT": pd.NaT, "nan": np.nan}[note["missing"]]
        items = [missing if item is None else item for item in items]
    result = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):  # a slice would take lists apart
        result[place] = item
    return result
