"""Values of every kind, each made anew, and the hostile text that some of them hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

HOSTILE = "![x](http://127.0.0.1:9/y.png) <img src=x> :material/home: $x^2$"


class Silent:
    """Something whose `repr` and `str` raise."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class Other:
    """Something without a kind of its own."""

    def __repr__(self) -> str:
        return f"<other {HOSTILE}>"


def _indexed(index: Any) -> pd.Series[Any]:
    return pd.Series(np.arange(float(len(index))), index=index)


VALUES: dict[str, Callable[[], Any]] = {
    "figure": lambda: go.Figure(go.Scatter(x=[1, 2], y=[3, 4], name="line")),
    "frame": lambda: pd.DataFrame({"price": [1.5, 2.5], "day": pd.to_datetime(["2020-01-01", "2020-01-02"])}),
    "series": lambda: pd.Series([1.5, 2.5], name="price"),
    "texts": lambda: pd.Series(["a", "b"]),
    "array": lambda: np.arange(6).reshape(2, 3),
    "whole number": lambda: 1234,
    "number": lambda: 0.5,
    "flag": lambda: True,
    "complex": lambda: 1 + 2j,
    "text": lambda: "some words",
    "list": lambda: [1, "two", None],
    "dictionary": lambda: {"a": {"b": (1, 2)}},
    "set": lambda: {1, 2},
    "nothing": lambda: None,
    "bytes": lambda: b"\x00bytes",
    "moment": lambda: pd.Timestamp("2020-01-02"),
    "date": lambda: dt.date(2020, 1, 2),
    "decimal": lambda: Decimal("1.10"),
    "other": Other,
    # Odd ones, each of which something in between once refused.
    "number too long": lambda: 10**5000,
    "not a number": lambda: float("nan"),
    "half a character": lambda: "half \ud800 a character",
    "half a character inside": lambda: {"\ud800": ["\udfff"]},
    "without words": Silent,
    "without words inside": lambda: [Silent()],
    "cells without words": lambda: pd.DataFrame({"a": [Silent()]}),
    "cells of objects": lambda: pd.Series([object(), 1]),
    "a name twice": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "names of several types": lambda: pd.DataFrame({1: [1], "a": [2], None: [3]}),
    "levels": lambda: pd.DataFrame({("a", "b"): [1]}, index=pd.MultiIndex.from_tuples([("x", 1)])),
    "large numbers": lambda: pd.DataFrame({"a": [10**30]}),
    "half characters": lambda: pd.DataFrame({"a": pd.Series(["\ud800"], dtype=object)}),
    "mixed cells": lambda: pd.DataFrame({"a": [True, "x", None]}),
    "nested cells": lambda: pd.DataFrame({"a": [{"b": [1]}], "c": [(1, 2)]}),
    "no rows": lambda: pd.DataFrame({"a": []}),
    "no columns": lambda: pd.DataFrame(index=[1, 2]),
    "no values": lambda: pd.Series([], dtype="float64"),
    "nullable": lambda: pd.Series([1, None], dtype="Int64"),
    "nullable flags": lambda: pd.Series([True, None], dtype="boolean"),
    "sparse": lambda: pd.Series(pd.arrays.SparseArray([0, 1])),
    "complex numbers": lambda: pd.Series([1j]),
    "categories": lambda: pd.Series(pd.Categorical(["a", "b"])),
    "zoned": lambda: pd.Series(pd.date_range("2020", periods=2, tz="Europe/Berlin")),
    "periods": lambda: _indexed(pd.period_range("2020", periods=2)),
    "intervals": lambda: _indexed(pd.interval_range(0, 2)),
    "durations": lambda: _indexed(pd.to_timedelta([1, 2], unit="h")),
    "two levels": lambda: _indexed(pd.MultiIndex.from_tuples([("x", 1), ("y", 2)])),
    "equal places": lambda: _indexed(pd.Index(["a", "a"])),
    "index": lambda: pd.date_range("2020", periods=3),
    "structured array": lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    "short floats": lambda: np.array([1.5], dtype="f2"),
    "long floats": lambda: np.array([1.5], dtype="longdouble"),
    "array of objects": lambda: np.array([object(), 1]),
    "array of texts": lambda: np.array(["a", "b"]),
    "array of moments": lambda: np.array(["2020-01-01"], dtype="M8[D]"),
    "array of one": lambda: np.array(1),
    "array of three dimensions": lambda: np.zeros((2, 2, 2)),
    "array of nothing": lambda: np.zeros((0, 3)),
    "masked array": lambda: np.ma.array([1, 2], mask=[False, True]),
    # Large ones.
    "long frame": lambda: pd.DataFrame({"n": range(30_000)}),
    "wide frame": lambda: pd.DataFrame(np.zeros((2, 3_000))),
    "long series": lambda: pd.Series(np.arange(50_000.0)),
    "long array": lambda: np.zeros((30_000, 2)),
    "wide array": lambda: np.zeros((2, 3_000)),
    "long text": lambda: "x" * 50_000,
    "long list": lambda: list(range(30_000)),
    "long list inside": lambda: [list(range(30_000))],
    # Hostile ones.
    "hostile text": lambda: HOSTILE,
    "hostile list": lambda: [HOSTILE],
    "hostile key": lambda: {HOSTILE: 1},
    "hostile cell": lambda: pd.DataFrame({"a": [HOSTILE]}),
    "hostile column": lambda: pd.DataFrame({HOSTILE: [1]}),
    "hostile name": lambda: pd.Series([1, 2], name=HOSTILE),
    "hostile category": lambda: pd.Series(pd.Categorical([HOSTILE])),
    "hostile field": lambda: np.array([(1,)], dtype=[(HOSTILE, "i4")]),
    "hostile words": Other,
    "hostile class": type(HOSTILE, (), {}),
}
