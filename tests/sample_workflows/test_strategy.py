"""What a rule earned: against plain loops, and without looking ahead."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_workflows import strategy, technical

NAN = math.nan
PRICE = st.floats(1.0, 1000.0)
RETURNS = st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=40)


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, index=[10 * place for place in range(len(values))], dtype=float)


@pytest.mark.parametrize(
    ("mode", "expected"), [("long_only", [0.0, 0.0, 1.0, 0.0, 1.0]), ("long_short", [0.0, -1.0, 1.0, 0.0, 1.0])]
)
def test_positions_by_mode(mode: str, expected: list[float]) -> None:
    positions = strategy.get_positions(series([NAN, -1.0, 1.0, 0.0, 1.0]), mode=mode)
    assert list(positions) == expected
    assert list(positions.index) == [0, 10, 20, 30, 40]


def test_positions_are_long_only_unless_told() -> None:
    assert list(strategy.get_positions(series([-1.0, 1.0]))) == [0.0, 1.0]


@given(st.lists(PRICE, min_size=1, max_size=40))
def test_daily_returns_by_loop(prices: list[float]) -> None:
    returns = strategy.get_daily_returns(series(prices))
    expected = [NAN] + [after / before - 1 for before, after in pairwise(prices)]
    np.testing.assert_allclose(returns, expected)


@pytest.mark.parametrize(("prices", "row"), [([1.0, NAN, 2.0], 1), ([0.0, 1.0], 0), ([1.0, 2.0, -3.0], 2)])
def test_a_price_that_is_none_is_refused(prices: list[float], row: int) -> None:
    with pytest.raises(ValueError, match=f"1 prices are missing or not above zero, the first at row {row}"):
        strategy.get_daily_returns(series(prices))


@given(
    st.lists(st.tuples(st.floats(-0.5, 0.5), st.sampled_from([-1.0, 0.0, 1.0])), min_size=1, max_size=40),
    st.floats(0.0, 0.05),
)
def test_strategy_returns_by_loop(days: list[tuple[float, float]], cost: float) -> None:
    held, expected = 0.0, []
    for earned, position in days:
        expected.append(position * earned - cost * abs(position - held))
        held = position
    returns, positions = series([day[0] for day in days]), series([day[1] for day in days])
    np.testing.assert_allclose(strategy.get_strategy_returns(returns, positions, cost=cost), expected, atol=1e-15)


def test_a_day_without_a_return_earns_nothing_but_may_cost() -> None:
    earned = strategy.get_strategy_returns(series([NAN, 0.1]), series([1.0, 1.0]), cost=0.01)
    assert list(earned) == [-0.01, 0.1]


@given(RETURNS, st.floats(0.1, 1e6))
def test_equity_by_loop(returns: list[float], start: float) -> None:
    capital, expected = start, []
    for earned in returns:
        capital *= 1 + earned
        expected.append(capital)
    np.testing.assert_allclose(strategy.get_equity(series(returns), start=start), expected)


def test_equity_stands_still_where_the_return_is_unknown() -> None:
    assert list(strategy.get_equity(series([NAN, 0.5, NAN, -0.5]))) == [1.0, 1.5, 1.5, 0.75]


@given(RETURNS)
def test_drawdown_by_loop(returns: list[float]) -> None:
    equity = strategy.get_equity(series(returns))
    expected = [value / max(equity.iloc[: place + 1]) - 1 for place, value in enumerate(equity)]
    drawdown = strategy.get_drawdown(equity)
    np.testing.assert_allclose(drawdown, expected)
    assert (drawdown <= 0).all()


def test_a_summary_by_hand() -> None:
    market = [NAN, 0.10, -0.20, 0.05, 0.30]
    positions = series([0.0, 1.0, 1.0, 0.0, 1.0])
    earned = strategy.get_strategy_returns(series(market), positions)
    table = strategy.summarize(earned, series(market), positions, periods=8)
    growth = {"Strategy": 1.1 * 0.8 * 1.3, "Buy and hold": 1.1 * 0.8 * 1.05 * 1.3}
    daily = {"Strategy": [0.10, -0.20, 0.0, 0.30], "Buy and hold": market[1:]}
    trades = {"Strategy": 2.0, "Buy and hold": 1.0}
    assert list(table.columns) == ["Strategy", "Buy and hold"]
    for name, returns in daily.items():
        mean, deviation = statistics.mean(returns), statistics.stdev(returns)
        expected = {
            "Return": growth[name] - 1,
            "Annual return": growth[name] ** 2 - 1,  # four days are half a year of eight
            "Annual volatility": deviation * math.sqrt(8),
            "Sharpe": mean / deviation * math.sqrt(8),
            "Worst drawdown": 0.8 - 1,
            "Trades": trades[name],
        }
        assert table[name].to_dict() == pytest.approx(expected)


def test_a_loss_from_the_start_is_a_drawdown() -> None:
    falling = series([-0.1, 0.0, 0.0])
    table = strategy.summarize(falling, falling, series([1.0, 1.0, 1.0]))
    assert table.loc["Worst drawdown", "Strategy"] == pytest.approx(-0.1)


def test_without_volatility_there_is_no_sharpe_ratio() -> None:
    nothing = series([0.0, 0.0, 0.0])
    table = strategy.summarize(nothing, nothing, nothing)
    assert table.loc["Sharpe"].isna().all()
    assert table.loc["Trades"].to_dict() == {"Strategy": 0.0, "Buy and hold": 1.0}


@pytest.mark.parametrize(
    ("positions", "trades"), [([1, 1, 1], 1), ([0, 1, -1], 2), ([1, 0, 1], 2), ([0, 0, 0], 0), ([-1, 0, 0], 1)]
)
def test_trades_count_entries(positions: list[float], trades: int) -> None:
    returns = series([0.1, -0.1, 0.2])
    assert strategy.summarize(returns, returns, series(positions)).loc["Trades", "Strategy"] == trades


def test_a_ruined_strategy_has_lost_everything() -> None:
    ruin = series([0.1, -1.0, 0.5])
    table = strategy.summarize(ruin, ruin, series([1.0, 1.0, 1.0]))
    assert table.loc[["Return", "Annual return", "Worst drawdown"], "Strategy"].to_list() == [-1.0, -1.0, -1.0]


def follow(prices: list[float], lag: int = 1) -> tuple[list[float], list[float]]:
    """Positions and returns of the rule of the fourth analysis, with short windows."""
    data = series(prices)
    short, long = technical.simple_moving_average(data, 2), technical.simple_moving_average(data, 4)
    positions = strategy.get_positions(technical.crossover(short, long, lag=lag), mode="long_short")
    returns = strategy.get_strategy_returns(strategy.get_daily_returns(data), positions, cost=0.001)
    return list(positions), list(returns)


@given(st.lists(PRICE, min_size=6, max_size=30), st.data())
def test_the_rule_does_not_look_ahead(prices: list[float], data: st.DataObject) -> None:
    day = data.draw(st.integers(0, len(prices) - 1), label="day")
    future = data.draw(st.lists(PRICE, min_size=len(prices) - day, max_size=len(prices) - day), label="other prices")
    positions, returns = follow(prices)
    other_positions, other_returns = follow(prices[:day] + future)
    assert positions[: day + 1] == other_positions[: day + 1], "a position knew the price of its own day or a later one"
    assert returns[:day] == other_returns[:day], "a return knew a later price"


def test_without_a_lag_the_rule_would_look_ahead() -> None:
    prices, other = [10.0, 10.0, 10.0, 10.0, 20.0], [10.0, 10.0, 10.0, 10.0, 5.0]
    assert follow(prices, lag=0)[0][4] != follow(other, lag=0)[0][4]
    assert follow(prices, lag=1)[0][4] == follow(other, lag=1)[0][4]


A, B = series([0.1, 0.2]), pd.Series([0.1, 0.2])
REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: strategy.get_positions(A * 10), ValueError, r"crossover must hold only \+1, 0, -1"),
    (lambda: strategy.get_positions(A, mode="short"), ValueError, 'mode must be "long_only" or "long_short"'),
    (lambda: strategy.get_positions([1.0]), TypeError, "crossover must be a series of numbers, not list"),
    (lambda: strategy.get_daily_returns(pd.Series(["a"])), TypeError, "prices must be a series of numbers"),
    (lambda: strategy.get_strategy_returns(A, B), ValueError, "must have the same index"),
    (lambda: strategy.get_strategy_returns(A, A, cost=-0.1), ValueError, "cost must be a fraction from 0 to 1"),
    (lambda: strategy.get_strategy_returns(A, A, cost=1.1), ValueError, "cost must be a fraction"),
    (lambda: strategy.get_strategy_returns(A, A, cost=NAN), ValueError, "cost must be a fraction"),
    (lambda: strategy.get_strategy_returns(A, A, cost="0"), ValueError, "cost must be a fraction"),
    (lambda: strategy.get_equity(A, start=0.0), ValueError, "start must be a number above 0"),
    (lambda: strategy.get_equity(None), TypeError, "returns must be a series of numbers"),
    (lambda: strategy.get_drawdown("x"), TypeError, "equity must be a series of numbers"),
    (lambda: strategy.summarize(A, B, A), ValueError, "benchmark_returns has 2 rows"),
    (lambda: strategy.summarize(A, A, A, periods=0), ValueError, "periods must be a number above 0"),
    (lambda: strategy.summarize(A[:1], A[:1], A[:1]), ValueError, "at least two returns are needed"),
    (lambda: strategy.summarize(A[:0], A[:0], A[:0]), ValueError, "at least two returns are needed"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_arguments_that_make_no_sense_are_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_nothing_changes_its_arguments() -> None:
    crossover, prices = series([NAN, 1.0, -1.0]), series([1.0, 2.0, 1.5])
    before = crossover.copy(deep=True), prices.copy(deep=True)
    positions, returns = strategy.get_positions(crossover), strategy.get_daily_returns(prices)
    kept = positions.copy(deep=True), returns.copy(deep=True)
    strategy.summarize(strategy.get_strategy_returns(returns, positions, 0.1), returns, positions)
    strategy.get_drawdown(strategy.get_equity(returns))
    for value, copy in zip((crossover, prices, positions, returns), (*before, *kept), strict=True):
        assert value.equals(copy)
