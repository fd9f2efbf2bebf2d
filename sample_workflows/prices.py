"""Share prices: where they come from, and how columns and periods are picked from them."""

from __future__ import annotations

import datetime as dt
import difflib
from functools import reduce
from operator import and_
from pathlib import Path
from typing import TypeVar

import pandas as pd

from core.function import task
from sample_workflows import quandl_client

_PRICES = Path(__file__).with_name("data") / "us_shares_daily.csv.gz"
_DATABASE = "WIKI/"
_Values = TypeVar("_Values", pd.Series, pd.DataFrame)


@task(
    title="Embedded daily prices",
    tags=("prices", "source"),
    hints={"ticker": {"description": 'one of 20 US shares, as "JPM" or "WIKI/JPM"'}},
)
def get_prices(ticker: str) -> pd.DataFrame:
    """Daily prices of one US share from the file that comes with the package; asks no network.

    Args:
        ticker: the share's symbol, with or without the prefix "WIKI/": "WIKI/JPM" or "JPM".

    Returns:
        One row per trading day from 1990-01-02 to 2022-12-28, oldest first, with the columns `Date` (ISO text) and
        `Close` (closing price in US dollars, adjusted for splits and dividends).

    Raises:
        TypeError: the ticker is not text.
        LookupError: the file does not have this share; the message lists those that it has.
    """
    if not isinstance(ticker, str):
        raise TypeError(f'ticker must be text such as "WIKI/JPM", not {type(ticker).__name__}')
    symbol = ticker.removeprefix(_DATABASE)
    symbols = list(pd.read_csv(_PRICES, nrows=0).columns.drop("Date"))
    if symbol not in symbols:
        raise LookupError(f"there is no share {_short(ticker)} here.{_close(symbol.upper(), symbols)}")
    return pd.read_csv(_PRICES, usecols=["Date", symbol]).rename(columns={symbol: "Close"})


@task(
    title="Quandl dataset",
    tags=("prices", "source"),
    cache=86400,
    hints={"ticker": {"description": 'a Quandl code, "DATABASE/DATASET", such as "WIKI/JPM"'}},
)
def get_quandl_data(ticker: str) -> pd.DataFrame:
    """One dataset from the Quandl API; key, address and time-out come from the server's settings.

    Args:
        ticker: Quandl's code, "DATABASE/DATASET" in capitals, such as "WIKI/JPM"; "WIKI/JPM.4" asks for column 4 only.

    Returns:
        The dataset, oldest row first, numbered from 0: first its date column (`Date`, datetime64), then its other
        columns. The `Close` of "WIKI" is not adjusted for splits and dividends; `Adj. Close` is.

    Raises:
        TypeError, ValueError: the ticker is no Quandl code, or the answer cannot be understood.
        PermissionError: the key is wrong, missing, or not subscribed to this dataset.
        LookupError: Quandl has no such dataset, or it is empty.
        TimeoutError: no answer in time.
        ConnectionError: the server cannot be reached, is out of order, or wants fewer questions.
    """
    return quandl_client.fetch(ticker)


@task(title="Column as dates", tags=("prices",))
def to_datetime(data: pd.DataFrame, column: str) -> pd.Series:
    """One column of a frame as a series of datetime64, with the frame's index.

    Raises LookupError for a column that the frame does not have, TypeError for a column of numbers, ValueError for
    text that is no date.
    """
    values = get_column(data, column)
    if pd.api.types.is_numeric_dtype(values):
        raise TypeError(f"column {_short(column)} holds numbers, not dates; choose another column")
    try:
        return pd.to_datetime(values)
    except (ValueError, TypeError) as error:
        raise ValueError(f"column {_short(column)} cannot be read as dates: {_first_line(error)}") from error


@task(title="Column", tags=("prices",))
def get_column(data: pd.DataFrame, column: str) -> pd.Series:
    """One column of a frame as a series, with the frame's index and the column's name.

    Raises TypeError when `data` is not a frame, LookupError for a column that it does not have, ValueError for a name
    that several columns share.
    """
    if not isinstance(data, pd.DataFrame):
        raise TypeError(f"data must be a data frame, not {type(data).__name__}")
    names = [str(name) for name in data.columns]
    if not isinstance(column, str) or column not in data.columns:
        raise LookupError(f"there is no column {_short(column)} here.{_close(str(column), names)}")
    if names.count(column) > 1:
        raise ValueError(f"{names.count(column)} columns are called {_short(column)}; give them different names")
    return data[column]


@task(title="Dates from or up to", tags=("prices", "period"), hints={"side": {"choices": ("start", "end")}})
def get_date_mask(dates: pd.Series, date: str | dt.date, side: str = "start") -> pd.Series:
    """Which of the dates lie on one side of a given date; that date itself always does.

    Args:
        dates: series of datetime64, as `to_datetime` returns it.
        date: where the period starts or ends: ISO text such as "2007-01-31", a date, or a point in time. A date
            without a time means its first moment.
        side: "start" keeps dates >= date, "end" keeps dates <= date.

    Returns:
        Series of booleans with the index of `dates`; False where a date is missing.

    Raises:
        TypeError: `dates` are not datetime64, or `date` is nothing that says a date.
        ValueError: the text is no ISO date, the side is unknown, or only one of the two has a time zone.
    """
    if not isinstance(dates, pd.Series) or not pd.api.types.is_datetime64_any_dtype(dates):
        raise TypeError("dates must be a series of datetime64; make one with to_datetime")
    if side not in ("start", "end"):
        raise ValueError(f'side must be "start" or "end", not {_short(side)}')
    moment = _moment(date)
    if (dates.dt.tz is None) != (moment.tz is None):
        zones = f"the dates have {dates.dt.tz or 'no time zone'}, the given date has {moment.tz or 'none'}"
        raise ValueError(f"either both or neither need a time zone: {zones}")
    return dates >= moment if side == "start" else dates <= moment


@task(title="Keep where masks hold", tags=("prices", "period"))
def apply_mask(values: _Values, *masks: pd.Series) -> _Values:
    """The rows of a series or frame for which every mask is True; they keep their index.

    Raises TypeError when a mask is not a series of booleans or there is none, ValueError when a mask's rows are not
    the rows of `values`.
    """
    if not isinstance(values, pd.Series | pd.DataFrame):
        raise TypeError(f"values must be a series or a data frame, not {type(values).__name__}")
    if not masks:
        raise TypeError("at least one mask is needed; make one with get_date_mask")
    for number, mask in enumerate(masks, start=1):
        if not isinstance(mask, pd.Series) or not pd.api.types.is_bool_dtype(mask):
            raise TypeError(f"mask {number} must be a series of booleans; make one with get_date_mask")
        if len(mask) != len(values):
            raise ValueError(f"mask {number} has {len(mask)} rows, the values have {len(values)}; they must match")
        if not mask.index.equals(values.index):
            raise ValueError(f"mask {number} has another index than the values; make both from the same data")
    return values[reduce(and_, masks)]


def _moment(date: object) -> pd.Timestamp:
    if not isinstance(date, str | dt.date) or pd.isna(date):
        raise TypeError(f'date must be text such as "2007-01-31", a date or a timestamp, not {_short(date)}')
    try:
        if isinstance(date, str):
            dt.datetime.fromisoformat(date)  # pandas alone would guess at "01/02/2007" and take "now"
        return pd.Timestamp(date)
    except ValueError as error:
        raise ValueError(f'date must be written like "2007-01-31", not {_short(date)}') from error


def _close(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name[:100], names, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"{hint} There are: {', '.join(names)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
