"""Embedded prices, and picking columns and periods from a frame."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_workflows import prices

DATA = Path(prices.__file__).with_name("data")


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"Date": ["2007-01-02", "2007-01-03", "2007-01-04"], "Close": [1.0, 2.0, 3.0]})


@pytest.fixture
def dates() -> pd.Series:
    return pd.Series(pd.to_datetime(["2007-01-02", "2007-01-03", None, "2007-01-05"]), index=[7, 5, 3, 1])


def rows_of(symbol: str) -> list[tuple[str, float]]:
    with gzip.open(DATA / "us_shares_daily.csv.gz", "rt", newline="") as file:
        return [(row["Date"], float(row[symbol])) for row in csv.DictReader(file)]


@pytest.mark.parametrize("ticker", ["WIKI/JPM", "JPM"])
def test_prices_are_the_rows_of_the_file(ticker: str) -> None:
    data = prices.get_prices(ticker)
    assert list(data.columns) == ["Date", "Close"]
    assert data.index.equals(pd.RangeIndex(8313))
    assert data["Close"].dtype == np.float64
    assert list(data.itertuples(index=False, name=None)) == rows_of("JPM")


def test_every_share_has_a_price_on_every_day() -> None:
    header = pd.read_csv(DATA / "us_shares_daily.csv.gz", nrows=0).columns.drop("Date")
    assert len(header) == 20
    for symbol in header:
        assert (prices.get_prices(symbol)["Close"] > 0).all()


def test_prices_ask_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert len(prices.get_prices("KO")) == 8313


@pytest.mark.parametrize(
    "ticker",
    [
        "",
        "Date",
        "JPN",
        "jpm",
        "EOD/JPM",
        "WIKI/WIKI/JPM",
        "../data/LICENSE",
        "/etc/passwd",
        "JPM\n",
        "JPM,AAPL",
        "\uff2aPM",
    ],
)
def test_an_unknown_share_is_refused_with_the_list_of_shares(ticker: str) -> None:
    with pytest.raises(LookupError, match=r"There are: AAPL, AMD, BAC, .*, XOM"):
        prices.get_prices(ticker)


@pytest.mark.parametrize("ticker", ["WIKI/JPN", "jpm", "WIKI/jpm"])
def test_an_unknown_share_comes_with_a_close_match(ticker: str) -> None:
    with pytest.raises(LookupError, match="Did you mean"):
        prices.get_prices(ticker)


def test_a_long_ticker_gives_a_short_message() -> None:
    with pytest.raises(LookupError) as caught:
        prices.get_prices("J" * 1_000_000)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("ticker", [None, 5, ["JPM"], b"JPM"])
def test_a_ticker_that_is_no_text_is_refused(ticker: Any) -> None:
    with pytest.raises(TypeError, match="ticker must be text"):
        prices.get_prices(ticker)


def test_a_column_keeps_name_index_and_values(frame: pd.DataFrame) -> None:
    column = prices.get_column(frame.set_index(pd.Index([9, 8, 7])), "Close")
    assert (column.name, list(column.index), list(column)) == ("Close", [9, 8, 7], [1.0, 2.0, 3.0])


def test_an_unknown_column_is_refused_with_those_there_are(frame: pd.DataFrame) -> None:
    with pytest.raises(LookupError, match=r"no column 'Clos' here\. Did you mean Close\? There are: Date, Close"):
        prices.get_column(frame, "Clos")


def test_a_name_of_two_columns_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="2 columns are called 'Close'"):
        prices.get_column(pd.concat([frame, frame["Close"]], axis=1), "Close")


@pytest.mark.parametrize(("data", "column", "error"), [([1], "Close", TypeError), (pd.DataFrame(), ["a"], LookupError)])
def test_a_column_of_something_else_is_refused(data: Any, column: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        prices.get_column(data, column)


def test_text_becomes_dates(frame: pd.DataFrame) -> None:
    converted = prices.to_datetime(frame, "Date")
    assert [moment.date() for moment in converted] == [dt.date(2007, 1, day) for day in (2, 3, 4)]
    assert prices.to_datetime(frame.assign(Date=converted), "Date").equals(converted)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([1.0, 2.0, 3.0], TypeError, "numbers, not dates"),
        (["2007-01-02", "soon", "2007-01-04"], ValueError, "cannot be read as dates"),
        ([["2007-01-02"]] * 3, ValueError, "cannot be read as dates"),
    ],
)
def test_what_is_no_date_is_refused(frame: pd.DataFrame, values: list[Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        prices.to_datetime(frame.assign(Date=values), "Date")


@pytest.mark.parametrize(
    "date",
    [
        "2007-01-03",
        "20070103",
        "2007-01-03T00:00:00",
        dt.date(2007, 1, 3),
        dt.datetime(2007, 1, 3),
        pd.Timestamp(2007, 1, 3),
    ],
)
@pytest.mark.parametrize(
    ("side", "expected"), [("start", [False, True, False, True]), ("end", [True, True, False, False])]
)
def test_a_mask_holds_the_date_itself_and_one_side(
    dates: pd.Series, date: Any, side: str, expected: list[bool]
) -> None:
    mask = prices.get_date_mask(dates, date, side=side)
    assert (mask.dtype, list(mask), list(mask.index)) == (np.bool_, expected, [7, 5, 3, 1])


@given(days=st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), min_size=1), day=st.dates(dt.date(1990, 1, 1)))
def test_start_and_end_masks_agree_with_plain_comparison(days: list[dt.date], day: dt.date) -> None:
    series = pd.Series(pd.to_datetime(days))
    assert list(prices.get_date_mask(series, day)) == [other >= day for other in days]
    assert list(prices.get_date_mask(series, day.isoformat(), "end")) == [other <= day for other in days]


@pytest.mark.parametrize(
    ("date", "error"),
    [
        ("now", ValueError),
        ("01/02/2007", ValueError),
        ("2007-02-30", ValueError),
        ("", ValueError),
        (2007, TypeError),
        (None, TypeError),
        (pd.NaT, TypeError),
    ],
)
def test_what_says_no_clear_date_is_refused(dates: pd.Series, date: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match='"2007-01-31"'):
        prices.get_date_mask(dates, date)


@pytest.mark.parametrize(("zone", "date"), [("UTC", "2007-01-03"), (None, "2007-01-03T00:00:00+00:00")])
def test_only_one_time_zone_is_refused(dates: pd.Series, zone: str | None, date: str) -> None:
    with pytest.raises(ValueError, match="either both or neither need a time zone"):
        prices.get_date_mask(dates.dt.tz_localize(zone), date)


def test_two_time_zones_are_compared_as_moments(dates: pd.Series) -> None:
    mask = prices.get_date_mask(dates.dt.tz_localize("America/New_York"), "2007-01-03T06:00:00+01:00", "end")
    assert list(mask) == [True, True, False, False]


def test_a_mask_needs_dates_and_a_known_side(dates: pd.Series) -> None:
    with pytest.raises(TypeError, match="make one with to_datetime"):
        prices.get_date_mask(pd.Series(["2007-01-02"]), "2007-01-02")
    with pytest.raises(ValueError, match='side must be "start" or "end", not \'middle\''):
        prices.get_date_mask(dates, "2007-01-02", side="middle")


@given(st.lists(st.tuples(st.integers(), st.booleans(), st.booleans())))
def test_rows_are_kept_where_every_mask_holds(rows: list[tuple[int, bool, bool]]) -> None:
    index = [3 * position for position in range(len(rows))]
    values, first, second = (
        pd.Series([row[part] for row in rows], index=index, dtype=kind)
        for part, kind in ((0, object), (1, bool), (2, bool))
    )
    kept = prices.apply_mask(values, first, second)
    expected = {place: row[0] for place, row in zip(index, rows, strict=True) if row[1] and row[2]}
    assert kept.to_dict() == expected


def test_a_frame_stays_a_frame(frame: pd.DataFrame) -> None:
    kept = prices.apply_mask(frame, pd.Series([True, False, True]))
    assert isinstance(kept, pd.DataFrame)
    assert list(kept.index) == [0, 2]


@pytest.mark.parametrize(
    ("masks", "error", "message"),
    [
        ((), TypeError, "at least one mask"),
        ((pd.Series([True, False]),), ValueError, "mask 1 has 2 rows, the values have 3"),
        ((pd.Series([True] * 3), pd.Series([1, 0, 1])), TypeError, "mask 2 must be a series of booleans"),
        (([True, False, True],), TypeError, "mask 1 must be a series of booleans"),
        ((pd.Series([True] * 3, index=[1, 2, 3]),), ValueError, "mask 1 has another index"),
    ],
)
def test_masks_that_do_not_fit_are_refused(frame: pd.DataFrame, masks: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        prices.apply_mask(frame["Close"], *masks)


def test_nothing_changes_its_arguments(frame: pd.DataFrame, dates: pd.Series) -> None:
    before, dates_before = frame.copy(deep=True), dates.copy(deep=True)
    prices.to_datetime(frame, "Date")
    prices.get_column(frame, "Close")
    prices.apply_mask(dates, prices.get_date_mask(dates, "2007-01-03"))
    assert frame.equals(before)
    assert dates.equals(dates_before)
