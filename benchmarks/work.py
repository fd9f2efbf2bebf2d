"""Functions of the measured managed runs: slow ones, and ones that keep a processor busy."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

NAP = 0.5
loaded: list[str] = []
drawn: list[float] = []


def slow_prices(ticker: str) -> Any:
    """Return daily prices, after half a second; the ticker is noted in `loaded`."""
    from sample_workflows.prices import get_prices

    loaded.append(ticker)
    time.sleep(0.5)
    return get_prices(ticker)


def timed_plot(
    x: pd.Series, *ys: pd.Series, xlabel: str, ylabels: Sequence[str], right_axis: Sequence[str]
) -> go.Figure:
    """Return a line chart; how many seconds it took is noted in `drawn`."""
    from sample_workflows.charts import plot

    began = time.perf_counter()
    figure = plot(x, *ys, xlabel=xlabel, ylabels=ylabels, right_axis=right_axis)
    drawn.append(time.perf_counter() - began)
    return figure


def nap(number: int) -> int:
    """Sleep for half a second."""
    time.sleep(NAP)
    return number


def count(number: int) -> int:
    """Keep one processor busy with plain Python."""
    total = 0
    for step in range(4_000_000):
        total += step & number
    return total


def waves(number: int) -> float:
    """Keep one processor busy inside NumPy, on one thread, with little memory."""
    import numpy as np

    values = np.linspace(0.0, float(number + 1), 100_000)
    for _ in range(150):
        values = np.sin(values) + np.cos(values)
    return float(values.sum())


def wide_frame(rows: int) -> pd.DataFrame:
    """Return a frame of so many rows by 4 floats."""
    import numpy as np
    import pandas as pd

    return pd.DataFrame(np.random.default_rng(0).random((rows, 4)), columns=list("abcd"))


def mean(frame: pd.DataFrame) -> float:
    """Return the mean of the first column."""
    return float(frame["a"].mean())
