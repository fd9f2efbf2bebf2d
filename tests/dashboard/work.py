"""Functions that the tables of the dashboard's tests name, and short ways to write such tables down."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from core import Catalog, Workflow
from core.function import task
from dashboard.state import Session

calls: list[str] = []


@task(title="Twice as much", tags=("arithmetic",))
def double(value: int) -> int:
    """Return twice the value."""
    calls.append("double")
    return 2 * value


def add(left: int, right: int, offset: int = 0) -> int:
    calls.append("add")
    return left + right + offset


def fail(value: Any) -> Any:
    raise ValueError(f"no good: {value}")


def same(value: Any) -> Any:
    calls.append("same")
    return value


def count_calls(value: int) -> int:
    """Return what is another number each time, as a function that is not reproducible does."""
    calls.append("count_calls")
    return value + calls.count("count_calls")


@task(cache="never")
def ticket(value: int) -> int:
    """Return what is another number each time, and what no other run may use."""
    return count_calls(value)


def append(values: list[Any]) -> list[Any]:
    """Return the values and one more; careless: it changes its argument."""
    values.append(0)
    return values


def between(
    values: Any,
    *,
    since: dt.date = dt.date(2008, 1, 1),
    ends: Literal["both", "none"] = "both",
    more: dict[str, int] | None = None,
) -> Any:
    """Return what lies between two days, or would, if it did anything."""
    return values, since, ends, more


def picture(title: str) -> Any:
    """Return a figure with a title."""
    import plotly.graph_objects as go

    return go.Figure(layout={"title": title})


def numbers(value: int, kind: str) -> Any:
    """Return ten numbers that depend on the value, as a frame, a series, an index, an array or a figure."""
    import numpy as np
    import pandas as pd
    import plotly.graph_objects as go

    series = pd.Series(np.arange(10.0) * value, pd.date_range("2024-01-01", periods=10), name="n")
    made = {"frame": series.to_frame(), "series": series, "array": series.to_numpy(), "index": pd.Index(series)}
    return go.Figure(go.Scatter(y=series)) if kind == "figure" else made[kind]


def row(order: Any, function: str, reads: Any = (), kwargs: Any = None, writes: Any = ()) -> list[Any]:
    """A row whose function is one of this module."""
    return [order, f"{__name__}.{function}", reads, kwargs or {}, writes]


def session_of(*rows: Any, **inputs: Any) -> Session:
    """A session with these rows as its draft; `a` is 1 where no inputs are given."""
    return Session(Workflow(rows, inputs or {"a": 1}, name="work", catalog=Catalog.from_modules([__name__])))
