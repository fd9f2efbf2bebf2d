"""Indicators against plain loops over numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_workflows import technical

NAN = math.nan
PRICES = st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=60)
WINDOWS = st.integers(1, 12)


def series(values: list[float]) -> pd.Series:
    """With an index that is not 0, 1, 2, so that a result by position shows."""
    return pd.Series(values, index=[10 * place for place in range(len(values))], dtype=float)


def assert_values(result: pd.Series, values: pd.Series, expected: list[float]) -> None:
    assert result.index.equals(values.index)
    np.testing.assert_allclose(result.to_numpy(), expected, rtol=1e-9, atol=1e-7)


def mean_by_loop(values: list[float], window: int) -> list[float]:
    return [
        NAN if end < window else math.fsum(values[end - window : end]) / window for end in range(1, len(values) + 1)
    ]


def ema_by_loop(values: list[float], span: int) -> list[float]:
    weight, averages = 2 / (span + 1), [values[0]]
    for value in values[1:]:
        averages.append(weight * value + (1 - weight) * averages[-1])
    return averages


def rsi_by_loop(values: list[float], window: int) -> list[float]:
    """Wilder's own worksheet: RS from two averages, RSI = 100 - 100 / (1 + RS)."""
    moves = [after - before for before, after in pairwise(values)]
    result = [NAN] * min(window, len(values))
    gain = loss = 0.0
    for number, move in enumerate(moves, start=1):
        up, down = max(move, 0.0), max(-move, 0.0)
        if number <= window:
            gain, loss = gain + up / window, loss + down / window
        else:
            gain, loss = (gain * (window - 1) + up) / window, (loss * (window - 1) + down) / window
        if number >= window:
            flat = gain == loss == 0.0
            result.append(50.0 if flat else 100.0 if loss == 0.0 else 100.0 - 100.0 / (1.0 + gain / loss))
    return result


@given(PRICES, WINDOWS)
def test_simple_average_is_the_mean_of_a_window(values: list[float], window: int) -> None:
    data = series(values)
    assert_values(technical.simple_moving_average(data, window), data, mean_by_loop(values, window))


@given(PRICES, WINDOWS)
def test_exponential_average_follows_its_recursion(values: list[float], span: int) -> None:
    data = series(values)
    assert_values(technical.exponential_moving_average(data, span), data, ema_by_loop(values, span))


@given(PRICES, st.integers(1, 5), st.integers(1, 5), WINDOWS)
def test_macd_is_made_of_exponential_averages(values: list[float], fast: int, more: int, signal: int) -> None:
    data = series(values)
    pairs = zip(ema_by_loop(values, fast), ema_by_loop(values, fast + more), strict=True)
    expected = [quick - lazy for quick, lazy in pairs]
    line, average, histogram = technical.macd(data, fast, fast + more, signal)
    assert_values(line, data, expected)
    assert_values(average, data, ema_by_loop(expected, signal))
    assert_values(histogram, data, [a - b for a, b in zip(expected, ema_by_loop(expected, signal), strict=True)])


def test_bollinger_bands_are_standard_deviations_away() -> None:
    values = [3.0, 5.0, 4.0, 9.0, 2.0, 2.0, 7.5]
    data = series(values)
    middle, upper, lower = technical.bollinger_bands(data, window=3, width=1.5)
    spread = [NAN, NAN] + [1.5 * float(np.std(values[end - 3 : end])) for end in range(3, 8)]
    means = mean_by_loop(values, 3)
    assert_values(middle, data, means)
    assert_values(upper, data, [mean + distance for mean, distance in zip(means, spread, strict=True)])
    assert_values(lower, data, [mean - distance for mean, distance in zip(means, spread, strict=True)])


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), WINDOWS)
def test_relative_strength_follows_wilder(values: list[int], window: int) -> None:
    data = series([float(value) for value in values])
    result = technical.relative_strength_index(data, window)
    assert_values(result, data, rsi_by_loop([float(value) for value in values], window))
    assert result.dropna().between(0.0, 100.0).all()


@pytest.mark.parametrize(("values", "expected"), [([1, 2, 3, 4], 100.0), ([4, 3, 2, 1], 0.0), ([2, 2, 2, 2], 50.0)])
def test_relative_strength_at_its_ends(values: list[float], expected: float) -> None:
    assert list(technical.relative_strength_index(series(values), 2).iloc[2:]) == [expected, expected]


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        (0, [NAN, 1.0, -1.0, 0.0, 1.0]),
        (1, [NAN, NAN, 1.0, -1.0, 0.0]),
        (3, [NAN, NAN, NAN, NAN, 1.0]),
        (9, [NAN, NAN, NAN, NAN, NAN]),
    ],
)
def test_crossover_is_the_side_some_rows_ago(lag: int, expected: list[float]) -> None:
    short, long = series([NAN, 2.0, 1.0, 3.0, 9.0]), series([1.0, 1.0, 2.0, 3.0, 8.5])
    result = technical.crossover(short, long, lag=lag)
    assert result.dtype == np.float64
    assert_values(result, short, expected)


def test_crossover_waits_one_row_unless_told() -> None:
    short = series([1.0, 3.0])
    assert_values(technical.crossover(short, series([2.0, 2.0])), short, [NAN, -1.0])


def test_crossover_of_whole_numbers() -> None:
    assert list(technical.crossover(pd.Series([1, 3]), pd.Series([2, 2]), lag=0)) == [-1.0, 1.0]


def test_crossover_of_other_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="must have the same index"):
        technical.crossover(series([1.0, 2.0]), pd.Series([1.0, 2.0]))


ANY = series([1.0, 2.0, 3.0])
CALLS: list[tuple[str, Callable[[Any], Any]]] = [
    ("window", lambda bad: technical.simple_moving_average(ANY, bad)),
    ("span", lambda bad: technical.exponential_moving_average(ANY, bad)),
    ("fast", lambda bad: technical.macd(ANY, fast=bad)),
    ("slow", lambda bad: technical.macd(ANY, slow=bad)),
    ("signal", lambda bad: technical.macd(ANY, signal=bad)),
    ("window", lambda bad: technical.bollinger_bands(ANY, window=bad)),
    ("window", lambda bad: technical.relative_strength_index(ANY, window=bad)),
    ("lag", lambda bad: technical.crossover(ANY, ANY, lag=bad)),
]


@pytest.mark.parametrize("bad", [-1, 2.5, True, "3", None, NAN, math.inf])
@pytest.mark.parametrize(("name", "call"), CALLS)
def test_a_window_that_is_no_whole_number_is_refused(name: str, call: Callable[[Any], Any], bad: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least [01], not"):
        call(bad)


@pytest.mark.parametrize(("name", "call"), CALLS[:-1])
def test_a_window_of_nothing_is_refused(name: str, call: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1, not 0"):
        call(0)


@pytest.mark.parametrize("window", [2.0, np.int64(2), np.float64(2.0)])
def test_a_whole_number_may_come_as_another_type(window: Any) -> None:
    assert technical.simple_moving_average(ANY, window).equals(technical.simple_moving_average(ANY, 2))


@pytest.mark.parametrize("fast", [26, 30])
def test_a_fast_average_must_be_faster(fast: int) -> None:
    with pytest.raises(ValueError, match=f"fast must be less than slow, but fast is {fast} and slow is 26"):
        technical.macd(ANY, fast=fast)


@pytest.mark.parametrize("width", [-0.1, NAN, math.inf, True, "2", None])
def test_a_band_of_no_width_is_refused(width: Any) -> None:
    with pytest.raises(ValueError, match="width must be a number of at least 0"):
        technical.bollinger_bands(ANY, 2, width)


@pytest.mark.parametrize("values", [[1.0, 2.0], "12", None, pd.Series(["a", "b"]), pd.Series([True, False])])
def test_what_is_no_series_of_numbers_is_refused(values: Any) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: technical.simple_moving_average(values, 2),
        lambda: technical.exponential_moving_average(values, 2),
        lambda: technical.macd(values),
        lambda: technical.bollinger_bands(values),
        lambda: technical.relative_strength_index(values),
        lambda: technical.crossover(values, ANY),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="must be a series of numbers, not"):
            call()


def test_nothing_changes_its_arguments() -> None:
    values = series([3.0, 1.0, 2.0, 5.0])
    before = values.copy(deep=True)
    technical.macd(values, 2, 3, 2)
    technical.bollinger_bands(values, 2)
    technical.relative_strength_index(values, 2)
    technical.crossover(values, values)
    assert values.equals(before)
