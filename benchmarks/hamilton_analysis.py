"""Analysis 3 as a module of Hamilton: one function per value, named after it; a parameter is a value or an input."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from benchmarks import work
from sample_workflows import prices, technical


def data(ticker: str) -> pd.DataFrame:
    """Daily prices."""
    return work.slow_prices(ticker)


def dates(data: pd.DataFrame, date_col: str) -> pd.Series:
    """The day of each row."""
    return prices.to_datetime(data, date_col)


def price(data: pd.DataFrame) -> pd.Series:
    """The closing price of each row."""
    return prices.get_column(data, column="Close")


def start_mask(dates: pd.Series, start: str) -> pd.Series:
    """True from the first day on."""
    return prices.get_date_mask(dates, start, side="start")


def end_mask(dates: pd.Series, end: str) -> pd.Series:
    """True up to the last day."""
    return prices.get_date_mask(dates, end, side="end")


def downturn_dates(dates: pd.Series, start_mask: pd.Series, end_mask: pd.Series) -> pd.Series:
    """The days of the downturn."""
    return prices.apply_mask(dates, start_mask, end_mask)


def downturn_price(price: pd.Series, start_mask: pd.Series, end_mask: pd.Series) -> pd.Series:
    """The prices of the downturn."""
    return prices.apply_mask(price, start_mask, end_mask)


def long_sma(downturn_price: pd.Series, long_window: int) -> pd.Series:
    """The long moving average."""
    return technical.simple_moving_average(downturn_price, long_window)


def short_sma(downturn_price: pd.Series, short_window: int) -> pd.Series:
    """The short moving average."""
    return technical.simple_moving_average(downturn_price, short_window)


def crossover(short_sma: pd.Series, long_sma: pd.Series) -> pd.Series:
    """Where the short average crosses the long one."""
    return technical.crossover(short_sma, long_sma, lag=1)


def fig(
    downturn_dates: pd.Series,
    downturn_price: pd.Series,
    long_sma: pd.Series,
    short_sma: pd.Series,
    crossover: pd.Series,
    title: str,
) -> go.Figure:
    """What all of it looks like."""
    labels = ("Price", "Long SMA", "Short SMA", "Crossover")
    columns = (downturn_price, long_sma, short_sma, crossover)
    return work.timed_plot(downturn_dates, *columns, xlabel=title, ylabels=labels, right_axis=("Crossover",))
