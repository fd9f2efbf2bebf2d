"""What a trading rule would have earned, beside buying and holding."""

from __future__ import annotations

from numbers import Real

import pandas as pd

from core.function import task


@task(title="Positions", tags=("strategy",), hints={"mode": {"choices": ("long_only", "long_short")}})
def get_positions(crossover: pd.Series, mode: str = "long_only") -> pd.Series:
    """How much of the capital is invested on each day, from a crossover.

    Args:
        crossover: series of +1, 0, -1 or NaN, already lagged: a row knows only the rows before it.
        mode: "long_only" holds the share at +1 and cash otherwise; "long_short" also sells it short at -1.

    Returns:
        Series with the same index: 1 invested, 0 cash (also where the crossover is unknown), -1 short.

    Raises:
        TypeError, ValueError: `crossover` is no series of +1, 0 and -1, or the mode is unknown.
    """
    if mode not in ("long_only", "long_short"):
        raise ValueError(f'mode must be "long_only" or "long_short", not {mode!r}')
    positions = _series("crossover", crossover).fillna(0.0)
    if not positions.isin([-1.0, 0.0, 1.0]).all():
        raise ValueError("crossover must hold only +1, 0, -1 or nothing; make it with technical.crossover")
    return positions.clip(lower=0.0) if mode == "long_only" else positions


@task(title="Daily returns", tags=("strategy",))
def get_daily_returns(prices: pd.Series) -> pd.Series:
    """Simple return from each row to the next: prices[t] / prices[t-1] - 1, as a fraction (0.01 is one percent).

    Returns a series with the index of `prices`, whose first row is NaN.
    Raises TypeError when `prices` is no series of numbers, ValueError when a price is missing or not above zero.
    """
    wrong = ~(_series("prices", prices) > 0)
    if wrong.any():
        raise ValueError(f"{wrong.sum()} prices are missing or not above zero, the first at row {wrong.argmax()}")
    return prices / prices.shift(1) - 1.0


@task(title="Strategy returns", tags=("strategy",), hints={"cost": {"minimum": 0, "maximum": 1}})
def get_strategy_returns(returns: pd.Series, positions: pd.Series, cost: float = 0.0) -> pd.Series:
    """What each day earned: its position times its return, less the cost of changing the position.

    A day's position must have been decided before that day: it is multiplied by the return of the same row. The
    crossover's lag of 1 sees to it.

    Args:
        returns: daily returns as fractions; a missing one counts as 0.
        positions: the position held during each day, with the same index; before the first day it was 0.
        cost: what turning over the whole capital once costs, as a fraction (0.001 is ten basis points).

    Returns:
        Series of fractions with the same index.

    Raises:
        TypeError, ValueError: no series of numbers, different indexes, or a cost that is not a number from 0 to 1.
    """
    _same_index(returns=returns, positions=positions)
    if isinstance(cost, bool) or not isinstance(cost, Real) or not 0 <= cost <= 1:
        raise ValueError(f"cost must be a fraction from 0 to 1, not {cost!r}")
    turnover = (positions - positions.shift(1, fill_value=0)).abs()
    return positions * returns.fillna(0.0) - cost * turnover


@task(title="Equity", tags=("strategy",), hints={"start": {"minimum": 0}})
def get_equity(returns: pd.Series, start: float = 1.0) -> pd.Series:
    """How a capital grows when every return is reinvested: start * (1 + r[0]) * ... * (1 + r[t]).

    Args:
        returns: daily returns as fractions; a missing one counts as 0.
        start: the capital before the first day, above 0.

    Returns:
        Series in the unit of `start`, with the index of `returns`.

    Raises:
        TypeError, ValueError: `returns` is no series of numbers, or `start` is not a number above 0.
    """
    if isinstance(start, bool) or not isinstance(start, Real) or not 0 < start < float("inf"):
        raise ValueError(f"start must be a number above 0, not {start!r}")
    return start * (1.0 + _series("returns", returns).fillna(0.0)).cumprod()


@task(title="Drawdown", tags=("strategy",))
def get_drawdown(equity: pd.Series) -> pd.Series:
    """How far the equity is below its highest value so far, as a fraction of it: 0 at a new high, -0.2 a fifth below.

    Returns a series with the index of `equity`. Raises TypeError when `equity` is no series of numbers.

    Source: M. Magdon-Ismail, A. Atiya, Maximum drawdown, Risk Magazine 17(10), 2004.
    """
    return _series("equity", equity) / equity.cummax() - 1.0


@task(title="Summary", tags=("strategy",), hints={"periods": {"minimum": 1, "description": "days in a year"}})
def summarize(
    strategy_returns: pd.Series, benchmark_returns: pd.Series, positions: pd.Series, periods: int = 252
) -> pd.DataFrame:
    """The strategy and buying and holding, side by side.

    Args:
        strategy_returns, benchmark_returns: daily returns as fractions, with the same index. Days whose benchmark
            return is missing, as the first is, do not count for means and years.
        positions: the position held during each day, with the same index.
        periods: how many rows make a year, above 0.

    Returns:
        Frame with the columns "Strategy" and "Buy and hold", indexed by measure: "Return" (over the whole time),
        "Annual return" (compound), "Annual volatility" and "Worst drawdown" as fractions; "Sharpe" (annual, with a
        risk-free rate of zero; NaN without volatility); "Trades" (how often a position was entered).

    Raises:
        TypeError, ValueError: no series of numbers, different indexes, fewer than two known returns, or a wrong
            number of periods.

    Source: W. F. Sharpe, The Sharpe ratio, Journal of Portfolio Management 21(1), 1994.
    """
    _same_index(strategy_returns=strategy_returns, benchmark_returns=benchmark_returns, positions=positions)
    if isinstance(periods, bool) or not isinstance(periods, Real) or not 0 < periods < float("inf"):
        raise ValueError(f"periods must be a number above 0, not {periods!r}")
    known = benchmark_returns.notna()
    if known.sum() < 2:
        raise ValueError("at least two returns are needed for a summary; choose a longer period")
    entered = (positions != positions.shift(1, fill_value=0)) & (positions != 0)
    columns = {
        "Strategy": [*_measures(strategy_returns, known, periods), float(entered.sum())],
        "Buy and hold": [*_measures(benchmark_returns, known, periods), 1.0],
    }
    names = ["Return", "Annual return", "Annual volatility", "Sharpe", "Worst drawdown", "Trades"]
    return pd.DataFrame(columns, index=pd.Index(names, name="Measure"))


def _measures(returns: pd.Series, known: pd.Series, periods: float) -> list[float]:
    """Return, annual return, annual volatility, Sharpe ratio, worst drawdown."""
    equity = get_equity(returns)
    growth = float(equity.iloc[-1])
    annual = growth ** (periods / int(known.sum())) - 1.0 if growth > 0 else -1.0
    mean, deviation = float(returns[known].mean()), float(returns[known].std())
    sharpe = mean / deviation * periods**0.5 if deviation > 0 else float("nan")
    worst = float((equity / equity.cummax().clip(lower=1.0) - 1.0).min())  # the capital of 1 at the start counts too
    return [growth - 1.0, annual, deviation * periods**0.5, sharpe, worst]


def _same_index(**series: pd.Series) -> None:
    first, *others = [_series(name, values) for name, values in series.items()]
    if not all(first.index.equals(other.index) for other in others):
        lengths = ", ".join(f"{name} has {len(values)} rows" for name, values in series.items())
        raise ValueError(f"the series must have the same index; make them from the same data ({lengths})")


def _series(name: str, values: pd.Series) -> pd.Series:
    if not isinstance(values, pd.Series) or not pd.api.types.is_numeric_dtype(values):
        raise TypeError(f"{name} must be a series of numbers, not {getattr(values, 'dtype', type(values).__name__)}")
    return values
