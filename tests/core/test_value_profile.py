"""Statistics of columns, against what NumPy and plain Python say of the same values."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.value.page import MAX_COLUMNS
from core.value.profile import BINS, SAMPLE, Profile, profile, profiles, sample

FLOATS = st.lists(st.floats(-1e12, 1e12) | st.just(float("nan")), max_size=60)


def of(values: Any, **options: Any) -> Profile:
    return profile(pd.Series(values, **options), "x")


@settings(deadline=None)
@given(FLOATS)
def test_numbers(values: list[float]) -> None:
    found = of(values, dtype="float64")
    known = np.array([value for value in values if not math.isnan(value)])
    assert (found.rows, found.missing, found.sampled) == (len(values), len(values) - len(known), 0)
    assert found.distinct == len({*known.tolist()})
    if not len(known):
        assert (found.lowest, found.highest, found.mean, found.bars) == (None, None, None, ())
        return
    assert (found.lowest, found.highest) == (known.min(), known.max())
    assert found.mean == pytest.approx(np.mean(known), rel=1e-9, abs=1e-3)
    assert sum(found.bars) == len(known)


@settings(deadline=None)
@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=60))
def test_bars_count_the_values_in_equal_ranges(values: list[int]) -> None:
    lowest, highest = min(values), max(values)
    expected = [0] * BINS
    for value in values:
        place = 0.5 if lowest == highest else (value - lowest) / (highest - lowest)
        expected[min(BINS - 1, int(place * BINS))] += 1
    found = of(values).bars
    assert len(found) == BINS
    # A value on the border between two ranges may be counted on either side of it.
    assert np.abs(np.cumsum(found) - np.cumsum(expected)).max() <= max(Counter(values).values()) * 2
    assert sum(found) == len(values)


def test_bars_of_known_numbers() -> None:
    assert of(range(40)).bars == (2,) * BINS
    assert of([0.0] * 3 + [1.0]).bars == (3, *(0,) * (BINS - 2), 1)


@given(st.lists(st.sampled_from(["a", "B", "", "zz", None]), max_size=40))
def test_texts(values: list[str | None]) -> None:
    found = of(values, dtype=object)
    known = [value for value in values if value is not None]
    assert found.distinct == len(set(known))
    assert (found.lowest, found.highest) == ((min(known), max(known)) if known else (None, None))
    assert found.mean is None
    counts = sorted(Counter(known).values(), reverse=True)
    assert list(found.bars) == (counts if counts and counts[0] > 1 else [])


def test_flags_have_the_share_that_is_true_as_mean() -> None:
    found = of([True, False, True, None], dtype="boolean")
    assert (found.missing, found.distinct, found.bars) == (1, 2, (2, 1))
    assert found.mean == pytest.approx(2 / 3)


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_moments(zone: str | None) -> None:
    days = pd.date_range("2020-01-01", periods=41, tz=zone)
    found = of([*days[::-1], pd.NaT], dtype=days.dtype)
    assert (found.lowest, found.highest, found.mean) == (days[0], days[-1], days[20])
    assert (found.missing, found.distinct, sum(found.bars)) == (1, 41, 41)


def test_durations() -> None:
    found = of(pd.to_timedelta([1, 2, 6], unit="h"))
    assert (found.lowest, found.highest, found.mean) == tuple(pd.Timedelta(hours=hours) for hours in (1, 6, 3))
    assert sum(found.bars) == 3


class Stubborn:
    """Something that can be neither compared nor put into a set."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no")


UNORDERED: dict[str, tuple[Any, int | None]] = {
    "mixed types": (pd.Series([1, "a", None]), 2),
    "dictionaries": (pd.Series([{1: 1}, {}, None]), None),
    "without comparison": (pd.Series([Stubborn(), Stubborn(), None]), None),
    "complex": (pd.Series([1j, 2, None]), 2),
    "categories": (pd.Series(pd.Categorical(["b", "a", None])), 2),
}


@pytest.mark.parametrize("name", UNORDERED)
def test_values_without_an_order_have_no_lowest_and_highest(name: str) -> None:
    column, distinct = UNORDERED[name]
    found = profile(column, "x")
    assert (found.rows, found.missing, found.distinct) == (3, 1, distinct)
    assert (found.lowest, found.highest, found.mean) == (None, None, None)


def test_decimals_have_an_order_but_no_mean() -> None:
    found = of([Decimal("1.5"), Decimal("-2")])
    assert (found.lowest, found.highest, found.mean) == (Decimal("-2"), Decimal("1.5"), None)


EXTREMES: dict[str, tuple[Any, float, float, tuple[int, ...]]] = {
    "infinite": ([-np.inf, 1.0, np.inf], -np.inf, np.inf, (0,) * 10 + (1,) + (0,) * 9),
    "too far apart": ([-1.7e308, 1.7e308], -1.7e308, 1.7e308, (2,)),
    "too close together": ([1.0, np.nextafter(1.0, 2.0)], 1.0, float(np.nextafter(1.0, 2.0)), (2,)),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_numbers(name: str) -> None:
    values, lowest, highest, bars = EXTREMES[name]
    found = of(values)
    assert (found.lowest, found.highest, found.bars) == (lowest, highest, bars)


def test_of_many_rows_a_sample_is_looked_at_for_what_is_slow_and_that_is_said() -> None:
    values = np.random.default_rng(1).normal(size=3 * SAMPLE)
    values[:7] = np.nan
    found = of(values)
    known = values[7:]
    assert (found.rows, found.missing) == (3 * SAMPLE, 7)
    assert (found.lowest, found.highest) == (known.min(), known.max())
    assert found.mean == pytest.approx(np.mean(known))
    assert SAMPLE / 2 < found.sampled <= SAMPLE
    assert found.distinct == sum(found.bars) == found.sampled


@given(st.integers(0, 300), st.integers(1, 100))
def test_a_sample_is_evenly_spaced_and_at_most_as_long_as_asked(count: int, most: int) -> None:
    rows = sample(pd.Series(range(count)), most).tolist()
    assert len(rows) <= most
    assert rows[:1] == [0][:count]
    assert len({later - earlier for earlier, later in pairwise(rows)}) <= 1
    assert len(rows) > most / 2 or rows == list(range(count))


def test_every_column_of_a_frame_has_one_under_a_name_of_its_own() -> None:
    frame = pd.DataFrame([[1, "a", 2.5]], columns=["n", "t", "n"])
    assert [(found.name, found.type) for found in profiles(frame)] == [
        ("n", "int64"),
        ("t", "str" if pd.__version__ >= "3" else "object"),
        ("n (2)", "float64"),
    ]
    wide = pd.DataFrame(np.zeros((2, MAX_COLUMNS + 5)))
    assert len(profiles(wide)) == MAX_COLUMNS
    assert profiles(pd.DataFrame()) == []


def test_the_mean_of_known_numbers_is_the_one_of_the_standard_library() -> None:
    values = [0.1, 0.2, 0.3, 1e6]
    assert of(values).mean == pytest.approx(statistics.fmean(values), rel=1e-15)
    assert of([dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 3)]).mean == dt.datetime(2020, 1, 2)


def test_values_that_cannot_be_told_apart_by_a_hash_are_not_counted() -> None:
    found = profile(pd.Series([[number] for number in range(20_000)]), "lists")
    assert (found.distinct, found.bars) == (None, ())
