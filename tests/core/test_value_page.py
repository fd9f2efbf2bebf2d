"""Which rows of a frame are shown, in which order, and that every cell can be drawn."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.value.page import MAX_COLUMNS, Condition, Query, envelope, headings, kind_of_column, page, select

NUMBERS = st.lists(st.integers(-5, 5) | st.none(), max_size=30)


def rows(frame: pd.DataFrame, *conditions: Condition, column: int | None = None, descending: bool = False) -> list[int]:
    return select(frame, Query(conditions, column, descending)).tolist()


@given(NUMBERS, st.booleans())
def test_sorting_is_stable_and_puts_missing_values_last(values: list[int | None], descending: bool) -> None:
    frame = pd.DataFrame({"a": pd.array(values, dtype="Int64")})
    known = [place for place, value in enumerate(values) if value is not None]
    sign = -1 if descending else 1
    expected = sorted(known, key=lambda place: sign * (values[place] or 0))
    missing = [place for place, value in enumerate(values) if value is None]
    assert rows(frame, column=0, descending=descending) == expected + missing


@given(NUMBERS, st.integers(-6, 6) | st.none(), st.integers(-6, 6) | st.none())
def test_a_range_holds_its_ends_and_no_missing_value(
    values: list[int | None], lowest: int | None, highest: int | None
) -> None:
    frame = pd.DataFrame({"b": "x", "a": pd.Series(values, dtype="float64")})
    expected = [
        place
        for place, value in enumerate(values)
        if (lowest is None and highest is None)
        or (value is not None and (lowest is None or value >= lowest) and (highest is None or value <= highest))
    ]
    assert rows(frame, Condition(1, lowest=lowest, highest=highest)) == expected


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_a_text_is_found_in_capitals_or_not_and_as_it_stands(dtype: str) -> None:
    frame = pd.DataFrame({"a": pd.Series(["Alpha", "b.a", "beta", None, "ALPS"], dtype=dtype)})
    assert rows(frame, Condition(0, text="alp")) == [0, 4]
    assert rows(frame, Condition(0, text=".")) == [1]
    assert rows(frame, Condition(0, text="(")) == []


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_days_hold_all_their_hours(zone: str | None) -> None:
    hours = pd.date_range("2020-01-01", periods=72, freq="h", tz=zone)
    frame = pd.DataFrame({"t": [pd.NaT, *hours]}, dtype=hours.dtype)
    day = date(2020, 1, 2)
    assert rows(frame, Condition(0, lowest=day, highest=day)) == list(range(25, 49))
    assert rows(frame, Condition(0, highest=day)) == list(range(1, 49))


def test_conditions_and_order_work_together() -> None:
    frame = pd.DataFrame({"n": [3, 1, 2, 9], "t": ["x", "xy", "yx", "z"]})
    assert rows(frame, Condition(1, text="x"), Condition(0, lowest=2), column=0) == [2, 0]
    assert rows(frame, Condition(0), column=0, descending=True) == [3, 0, 2, 1]


class Stubborn:
    """Something that can be neither compared nor spelled."""

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_cells_without_an_order_are_sorted_as_texts() -> None:
    frame = pd.DataFrame({"a": ["b", 10, None, "a", 9], "s": [Stubborn() for _ in range(5)]})
    assert rows(frame, column=0) == [1, 4, 3, 0, 2]
    assert sorted(rows(frame, column=1)) == [0, 1, 2, 3, 4]
    assert rows(frame, Condition(1, text="stubborn")) == [0, 1, 2, 3, 4]


def test_equal_names_and_indexes_are_no_trouble() -> None:
    frame = pd.DataFrame([[1, 2], [3, 0]], columns=["a", "a"], index=["i", "i"])
    assert rows(frame, Condition(0, lowest=1), column=1) == [1, 0]


WILD: dict[str, Any] = {
    "mixed": [1, "x", None],
    "nested": [[1], {"a": 2}, Stubborn()],
    "zoned": pd.date_range("2020", periods=3, tz="Europe/Berlin"),
    "period": pd.period_range("2020", periods=3, freq="M"),
    "category": pd.Categorical(["a", None, "a"]),
    "categories of intervals": pd.cut(pd.Series([1, 2, 3]), 2),
    "complex": [1j, 2, None],
    "duration": pd.to_timedelta([1, 2, None], unit="h"),
    "interval": pd.interval_range(0, 3),
    "large": [2**63 - 1, 1, 2],
    "larger": pd.Series([10**30, 1, 2], dtype=object),
    "half": np.array([1, 2, 3], dtype="float16"),
    "long": np.array([1, 2, 3], dtype="longdouble"),
    "sparse": pd.arrays.SparseArray([0, 0, 1]),
    "nullable": pd.array([1, None, 3], dtype="Int64"),
    "flags": pd.array([True, None, False], dtype="boolean"),
    "texts": pd.Series(["x" * 100_000, "\ud800", "<b>=1+1"], dtype=object),
    "bytes": [b"\xff", bytearray(b"a"), None],
    "arrow": pd.array([[1], [], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
    "dates": [date(1, 1, 1), date(9999, 12, 31), None],
    "frames": [pd.DataFrame({"a": [1]})] * 3,
}


MISSING = {
    **{name: [2] for name in ("mixed", "complex", "duration", "bytes", "arrow", "dates")},
    **{name: [1] for name in ("category", "nullable", "flags")},
}


@pytest.mark.parametrize("name", WILD)
def test_every_column_can_be_drawn(name: str) -> None:
    frame = pd.DataFrame({name: WILD[name]})
    shown = page(frame)
    table = pa.Table.from_pandas(shown)
    assert table.num_rows == 3
    assert [place for place in range(3) if shown[name].isna().iloc[place]] == MISSING.get(name, [])
    assert max(len(str(cell)) for cell in shown[name]) < 600


def test_what_any_table_can_draw_stays_what_it_is() -> None:
    frame = pd.DataFrame(
        {"i": [1, -2], "f": [0.5, np.nan], "b": [True, False], "t": ["a", "b"], "d": pd.to_datetime(["2020", "2021"])}
    )
    shown = page(frame)
    assert [kind_of_column(shown[name]) for name in shown] == ["number", "number", "flag", "text", "moment"]
    for name in frame:
        assert shown[name].astype(object).fillna("-").tolist() == frame[name].astype(object).fillna("-").tolist()


def test_a_number_that_a_browser_cannot_hold_is_shown_with_all_its_digits() -> None:
    assert page(pd.DataFrame({"n": [2**60 + 1, -1]}))["n"].tolist() == ["1152921504606846977", "-1"]


INDEXES: dict[str, tuple[Any, list[str | None]]] = {
    "plain": (pd.RangeIndex(5, 7), [None]),
    "named like a column": (pd.Index(["x", "y"], name="a"), ["a"]),
    "levels": (pd.MultiIndex.from_tuples([("x", 1), ("y", None)], names=["p", "p"]), ["p", "p (2)"]),
    "mixed": (pd.Index([1, "x"], dtype=object), [None]),
    "periods": (pd.period_range("2020", periods=2, freq="D"), [None]),
}


@pytest.mark.parametrize("name", INDEXES)
def test_the_index_is_shown(name: str) -> None:
    index, names = INDEXES[name]
    shown = page(pd.DataFrame({"a": [1, 2]}, index=index))
    assert list(shown.index.names) == names
    assert list(shown) == ["a (2)" if name == "named like a column" else "a"]
    assert pa.Table.from_pandas(shown).num_rows == 2
    assert shown.index[0] == {"periods": "2020-01-01", "mixed": "1"}.get(name, index[0])


def test_names_are_texts_and_all_different() -> None:
    labels = ["a", "a", "a (2)", 1, "1", None, "", ("x", 2), "<b>", "\ud800", "y" * 200]
    found = headings(labels)
    assert found[:9] == ["a", "a (2)", "a (2) (2)", "1", "1 (2)", "", " (2)", "x / 2", "<b>"]
    assert found[9] == "\\ud800"
    assert len(found[10]) < 100
    assert len(set(found)) == len(labels)


def test_of_many_columns_the_first_are_shown() -> None:
    assert page(pd.DataFrame(np.zeros((1, MAX_COLUMNS + 1)))).shape == (1, MAX_COLUMNS)


@given(st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), min_size=1, max_size=400), st.integers(4, 60))
def test_a_thinned_line_keeps_its_ends_and_extremes(values: list[float], most: int) -> None:
    array = np.array(values)
    places = envelope(array, most)
    assert len(places) <= max(len(values) if len(values) <= most else 0, most + 2)
    assert (places[0], places[-1]) == (0, len(array) - 1)
    assert (np.diff(places) > 0).all()
    if not np.isnan(array).all():
        assert (np.nanmin(array[places]), np.nanmax(array[places])) == (np.nanmin(array), np.nanmax(array))
