"""Technical indicators: moving averages and what is made from them."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from core.function import task

_WINDOW = {"minimum": 1, "description": "a whole number of rows"}


@task(title="Simple moving average", tags=("technical",), hints={"window": _WINDOW})
def simple_moving_average(values: pd.Series, window: int) -> pd.Series:
    """Mean of each row and the `window` - 1 rows before it.

    Args:
        values: series of numbers, oldest first.
        window: whole number of rows, at least 1.

    Returns:
        Series with the index and unit of `values`; NaN in the first `window` - 1 rows.

    Raises:
        TypeError, ValueError: `values` are not numbers, or the window is not a whole number of at least 1.

    Source: J. J. Murphy, Technical Analysis of the Financial Markets, 1999, chapter 9.
    """
    return _numbers("values", values).rolling(_whole("window", window)).mean()


@task(title="Exponential moving average", tags=("technical",), hints={"span": _WINDOW})
def exponential_moving_average(values: pd.Series, span: int) -> pd.Series:
    """Average in which each row weighs less the older it is: y[t] = a x[t] + (1 - a) y[t-1], a = 2 / (span + 1).

    Args:
        values: series of numbers, oldest first; the average starts at the first of them.
        span: whole number of rows, at least 1.

    Returns:
        Series with the index and unit of `values`.

    Raises:
        TypeError, ValueError: `values` are not numbers, or the span is not a whole number of at least 1.

    Source: J. J. Murphy, Technical Analysis of the Financial Markets, 1999, chapter 9.
    """
    return _numbers("values", values).ewm(span=_whole("span", span), adjust=False).mean()


@task(title="MACD", tags=("technical",), hints={"fast": _WINDOW, "slow": _WINDOW, "signal": _WINDOW})
def macd(values: pd.Series, fast: int = 12, slow: int = 26, signal: int = 9) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Moving average convergence divergence: how far a fast average is from a slow one.

    Args:
        values: series of numbers, oldest first.
        fast, slow, signal: spans of the exponential averages in rows; fast < slow.

    Returns:
        Three series with the index and unit of `values`: the line (fast average - slow average), the signal (average
        of the line) and the histogram (line - signal).

    Raises:
        TypeError, ValueError: `values` are not numbers, a span is not a whole number of at least 1, or fast >= slow.

    Source: G. Appel, Technical Analysis: Power Tools for Active Investors, 2005, chapter 8.
    """
    if _whole("fast", fast) >= _whole("slow", slow):
        raise ValueError(f"fast must be less than slow, but fast is {fast} and slow is {slow}")
    line = exponential_moving_average(values, fast) - exponential_moving_average(values, slow)
    average = exponential_moving_average(line, _whole("signal", signal))
    return line, average, line - average


@task(title="Bollinger bands", tags=("technical",), hints={"window": _WINDOW, "width": {"minimum": 0}})
def bollinger_bands(values: pd.Series, window: int = 20, width: float = 2.0) -> tuple[pd.Series, pd.Series, pd.Series]:
    """A moving average with a band of some standard deviations around it.

    Args:
        values: series of numbers, oldest first.
        window: whole number of rows, at least 1.
        width: how many population standard deviations of the window the bands are away from the middle, at least 0.

    Returns:
        Three series with the index and unit of `values`: middle, upper, lower; NaN in the first `window` - 1 rows.

    Raises:
        TypeError, ValueError: `values` are not numbers, the window is not a whole number of at least 1, or the width
            is not a number of at least 0.

    Source: J. Bollinger, Bollinger on Bollinger Bands, 2001, chapter 7.
    """
    if isinstance(width, bool) or not isinstance(width, Real) or not 0 <= width < float("inf"):
        raise ValueError(f"width must be a number of at least 0, not {width!r}")
    middle = simple_moving_average(values, window)
    distance = width * values.rolling(_whole("window", window)).std(ddof=0)
    return middle, middle + distance, middle - distance


@task(title="Relative strength index", tags=("technical",), hints={"window": _WINDOW})
def relative_strength_index(values: pd.Series, window: int = 14) -> pd.Series:
    """The share of gains in all moves, both averaged as Wilder does: 100 G / (G + L).

    The averages G of the gains and L of the losses start as the plain means of the first `window` moves; then
    y[t] = y[t-1] + (x[t] - y[t-1]) / window.

    Args:
        values: series of numbers without gaps, oldest first.
        window: whole number of rows, at least 1.

    Returns:
        Series from 0 to 100 with the index of `values`; NaN in the first `window` rows, 50 where nothing moved yet.

    Raises:
        TypeError, ValueError: `values` are not numbers, or the window is not a whole number of at least 1.

    Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978, section VI.
    """
    rows = _whole("window", window)
    moves = _numbers("values", values).diff()
    gain = _wilder_average(moves.clip(lower=0.0), rows)
    total = gain + _wilder_average(-moves.clip(upper=0.0), rows)
    return (100.0 * (gain / total)).mask(total == 0.0, 50.0)


@task(title="Crossover", tags=("technical",), hints={"lag": {"minimum": 0, "description": "rows to wait"}})
def crossover(short: pd.Series, long: pd.Series, lag: int = 1) -> pd.Series:
    """On which side of a long average a short one was: +1 above, -1 below, 0 equal.

    Args:
        short, long: two series of numbers with the same index.
        lag: by how many rows the sign comes later. With 1, the value of a row knows only the rows before it, so one
            can act on it on that very day.

    Returns:
        Series of floats with the same index; NaN where the sign is unknown.

    Raises:
        TypeError, ValueError: the series are not numbers, their indexes differ, or the lag is not a whole number of
            at least 0.

    Source: W. Brock, J. Lakonishok, B. LeBaron, Simple technical trading rules and the stochastic properties of stock
    returns, Journal of Finance 47, 1992.
    """
    if not _numbers("short", short).index.equals(_numbers("long", long).index):
        raise ValueError("short and long must have the same index; make both from the same values")
    difference = (short - long).astype(float)
    return pd.Series(np.sign(difference), index=difference.index).shift(_whole("lag", lag, minimum=0))


def _wilder_average(moves: pd.Series, window: int) -> pd.Series:
    start = moves.rolling(window).mean().iloc[: window + 1]  # the first move is unknown: only the last row has a mean
    seeded: pd.Series = pd.concat([start, moves.iloc[window + 1 :]])
    return seeded.ewm(alpha=1.0 / window, adjust=False).mean()


def _numbers(name: str, values: pd.Series) -> pd.Series:
    if not isinstance(values, pd.Series):
        raise TypeError(f"{name} must be a series of numbers, not {type(values).__name__}")
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise TypeError(f"{name} must be a series of numbers, not of {values.dtype}")
    return values


def _whole(name: str, number: float, minimum: int = 1) -> int:
    whole = isinstance(number, Real) and not isinstance(number, bool) and float(number).is_integer()
    if not whole or number < minimum:
        raise ValueError(f"{name} must be a whole number of at least {minimum}, not {number!r}")
    return int(number)
