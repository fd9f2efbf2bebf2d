"""Every value that a cell may hold survives every file exactly: type, zone, fold, unit, sign of zero, order of keys."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import REQUIRED, Catalog, Workflow
from core.errors import LiteralError
from core.literal import MAX_DEPTH, decode, encode, to_text
from core.notation import parse
from tests.core.functions import Pair, Thing
from tests.core.sameness import is_same

CATALOG = Catalog.from_modules(["tests.core.functions"])
BERLIN = ZoneInfo("Europe/Berlin")


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = wrap(value)
    return value


PLAIN: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    10**400,
    -(10**3000),
    0.1,
    -0.0,
    1e308,
    5e-324,
    float("nan"),
    float("inf"),
    float("-inf"),
    "",
    "Close",
    "a\nb\t\"'\\ \u2028 \U0001f600 é",
    "{}",
    "nan",
    [],
    (),
    {},
    set(),
    frozenset(),
    [[], [()], ({},)],
    (1,),
    (1, [2, (3, {"a": (4,)})]),
    {"a": {"b": [1.0, 1]}, "c": None},
    {1: "a", "1": "b", 2.5: "c", None: "d", (1, "x"): "e"},
    {(1, 2): {(3,): frozenset({4})}},
    {"$tuple": [1]},
    {"$x": 1},
    {"$x": 1, "b": 2},
    {"": {"$": {}}},
    {1, 2, 3},
    {"b"},
    frozenset({1, (2, 3), frozenset({"x"})}),
    [True, 1, 1.0],
    {"b": 1, "a": 2},
    b"",
    b"\x00\xff'\"",
    Decimal("1.10"),
    Decimal("-0"),
    Decimal("NaN"),
    Decimal("sNaN12"),
    Decimal("-Infinity"),
    Decimal("1E+400"),
    date(1, 1, 1),
    date(9999, 12, 31),
    time(0),
    time(23, 59, 59, 999999),
    time(1, 2, fold=1),
    time(1, tzinfo=UTC),
    time(1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    time(12, tzinfo=BERLIN),
    datetime(2020, 2, 29),
    datetime(2020, 2, 29, 1, 2, 3, 4),
    datetime(2020, 2, 29, fold=1),
    datetime(2020, 2, 29, tzinfo=UTC),
    datetime(2020, 2, 29, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(1900, 1, 1, tzinfo=timezone(timedelta(seconds=-4321))),
    datetime(2020, 7, 1, 12, tzinfo=BERLIN),
    datetime(1890, 1, 1, tzinfo=BERLIN),
    datetime(2020, 10, 25, 2, 30, tzinfo=BERLIN),
    datetime(2020, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
    datetime(2020, 3, 29, 2, 30, tzinfo=BERLIN),
    datetime(2020, 3, 29, 2, 30, tzinfo=BERLIN, fold=1),
    datetime(2020, 6, 1, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires")),
    datetime(2020, 6, 1, tzinfo=ZoneInfo("Etc/GMT+5")),
    timedelta(0),
    timedelta(days=-1, microseconds=1),
    timedelta.max,
    timedelta.min,
    complex(1, -2.5),
    complex(0, 0),
    complex(-0.0, -0.0),
    complex(0.0, -0.0),
    complex(-0.0, 2),
    complex(0.0, -2),
    complex(float("nan"), float("-inf")),
    complex(float("inf"), float("nan")),
    pd.NaT,
    np.bool_(True),
    np.bool_(False),
    np.int8(-128),
    np.int64(2**63 - 1),
    np.uint64(2**64 - 1),
    np.float16(0.1),
    np.float32(0.1),
    np.float64(0.1),
    np.float64("nan"),
    np.float64("-inf"),
    np.datetime64("2020-02-29"),
    np.datetime64("2020-02-29T01:02:03.000000001"),
    np.datetime64("NaT", "us"),
    np.timedelta64(5, "D"),
    np.timedelta64(-5, "ns"),
    pd.Timestamp("2020-02-29 01:02:03.000000001"),
    pd.Timestamp("2020-02-29 01:02:03.000000001", tz="America/New_York"),
    pd.Timestamp("2020-02-29", tz="UTC"),
    pd.Timestamp("2020-02-29T00:00:00+03:00"),
]
WITH_UNITS: list[Any] = [
    *(pd.Timestamp("2020-02-29 01:02:03").as_unit(unit) for unit in ("s", "ms", "us", "ns")),
    *(pd.Timestamp("2020-10-25 00:30", tz="UTC").tz_convert("Europe/Berlin").as_unit(unit) for unit in ("s", "ns")),
    pd.Timestamp("2020-10-25 01:30", tz="UTC").tz_convert("Europe/Berlin"),
    *(pd.Timedelta(-3, "h").as_unit(unit) for unit in ("s", "ms", "us", "ns")),
    pd.Timedelta(1, "ns"),
]
NOT_AS_PYTHON: list[Any] = [pd.NA]
EVERY = [*PLAIN, *WITH_UNITS, *NOT_AS_PYTHON]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    st.binary(max_size=8),
    st.decimals(),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC), st.timezones())),
    st.timedeltas(),
    st.complex_numbers(),
)
HASHABLE = st.one_of(st.none(), st.integers(), st.text("ab$", max_size=3), st.tuples(st.integers(), st.text("ab")))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.dictionaries(st.text("ab$", max_size=3), inner, max_size=3),
        st.sets(HASHABLE, max_size=3),
        st.frozensets(HASHABLE, max_size=3),
    ),
    max_leaves=8,
)


def table_with(value: Any) -> Workflow:
    row = [0, "tests.core.functions.any_keywords", (), {"value": value, "more": [value]}, "out"]
    return Workflow([row], {"given": value}, catalog=CATALOG)


def through_json_text(value: Any) -> Any:
    return decode(json.loads(to_text(value)))


def through_workflow_file(value: Any) -> Any:
    return Workflow.from_json(table_with(value).to_json(), CATALOG).tasks[0].kwargs["value"]


def through_inputs_of_file(value: Any) -> Any:
    return Workflow.from_json(table_with(value).to_json(), CATALOG).inputs["given"]


def through_csv(value: Any) -> Any:
    return Workflow.from_csv(table_with(value).to_csv(), catalog=CATALOG).tasks[0].kwargs["value"]


def through_frame(value: Any) -> Any:
    return Workflow.from_dataframe(table_with(value).to_dataframe(), catalog=CATALOG).tasks[0].kwargs["value"]


def through_csv_of_frame(value: Any) -> Any:
    text = table_with(value).to_dataframe().to_csv()
    return Workflow.from_csv(text, catalog=CATALOG).tasks[0].kwargs["value"]


def through_csv_of_frame_without_index(value: Any) -> Any:
    text = table_with(value).to_dataframe().to_csv(index=False)
    return Workflow.from_csv(text, catalog=CATALOG).tasks[0].kwargs["value"]


def through_repr(value: Any) -> Any:
    return parse(repr(value))


EXACT = [through_json_text, through_workflow_file, through_inputs_of_file, through_csv, through_frame]
AS_PYTHON = [through_csv_of_frame, through_csv_of_frame_without_index]


@pytest.mark.parametrize("way", EXACT)
@pytest.mark.parametrize("value", EVERY, ids=repr)
def test_value_survives_exactly(value: Any, way: Callable[[Any], Any]) -> None:
    result = way(value)
    assert is_same(result, value), f"{result!r} came back"


@pytest.mark.parametrize("way", AS_PYTHON)
@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_value_survives_as_a_python_literal(value: Any, way: Callable[[Any], Any]) -> None:
    result = way(value)
    assert is_same(result, value), f"{result!r} came back"


@pytest.mark.parametrize("value", WITH_UNITS, ids=repr)
def test_python_literal_keeps_the_moment_of_pandas_but_not_its_unit(value: Any) -> None:
    for way in (*AS_PYTHON, through_repr):
        assert is_same(way(value), value, exact_unit=False)


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_repr_is_read_as_the_value(value: Any) -> None:
    result = through_repr(value)
    assert is_same(result, value), f"{result!r} came back"


@given(VALUES)
def test_any_nest_of_values_survives_every_way(value: Any) -> None:
    for way in (*EXACT, *AS_PYTHON):
        result = way(value)
        assert is_same(result, value), f"{way.__name__}: {result!r} came back"


@pytest.mark.parametrize(
    "wrap", [lambda v: [v], lambda v: (v,), lambda v: {"a": v}, lambda v: {1: v}, lambda v: {"$a": v}]
)
def test_what_can_be_written_can_be_read_however_deep(wrap: Callable[[Any], Any]) -> None:
    deepest = nested(MAX_DEPTH - 2, wrap)
    assert through_workflow_file(deepest) == deepest
    with pytest.raises(LiteralError, match="deeper than"):
        encode(nested(MAX_DEPTH + 1, wrap))


def test_required_survives_as_the_very_constant() -> None:
    assert through_inputs_of_file(REQUIRED) is REQUIRED


def test_sets_are_written_in_one_order() -> None:
    names = [f"name{number}" for number in range(50)]
    assert (
        to_text(set(names))
        == to_text({*names[25:], *names[:25]})
        == to_text(frozenset(names)).replace("frozenset", "set")
    )


class Colour(IntEnum):
    RED = 1


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Thing(), "Thing"),
        (open, "builtin_function_or_method"),
        (print, "builtin_function_or_method"),
        (Colour.RED, "Colour"),
        (Text("a"), "Text"),
        (Pair(1, 2), "Pair"),
        (bytearray(b"a"), "bytearray"),
        (range(3), "range"),
        (np.array([1, 2]), "ndarray"),
        (np.array(1), "ndarray"),
        (np.complex128(1j), "complex128"),
        (np.str_("a"), "str_"),
        (np.longdouble(1), "longdouble"),
        (pd.Series([1]), "Series"),
        (pd.DataFrame(), "DataFrame"),
        (io.StringIO(), "StringIO"),
        (..., "ellipsis"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_without_exact_form_is_refused_saying_where(value: Any, name: str) -> None:
    with pytest.raises(LiteralError, match=rf"^kwargs\.a\[1\] is a {name}"):
        encode({"a": [0, value]}, "kwargs")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("\ud800", "value holds half a character"),
        ({"\ud800": 1}, "value key holds half a character"),
        (["\udfff"], r"value\[0\] holds half a character"),
        (10**4000, "more than 3,900 digits"),
    ],
)
def test_text_and_number_that_no_file_can_hold_is_refused(value: Any, message: str) -> None:
    with pytest.raises(LiteralError, match=message):
        encode(value)


def test_endless_nest_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(LiteralError, match="nested deeper"):
        encode(endless)


@pytest.mark.parametrize(
    "data",
    [
        {"$unknown": 1},
        {"$": 1},
        {"$tuple": 1},
        {"$tuple": "ab"},
        {"$tuple": {"a": 1}},
        {"$set": [[1]]},
        {"$set": [{"$tuple": [[1]]}]},
        {"$dict": [1]},
        {"$dict": ["ab"]},
        {"$dict": [[1, 2, 3]]},
        {"$dict": [{"a": 1, "b": 2}]},
        {"$dict": [[1, 2], [1, 3]]},
        {"$dict": [[[1], 2]]},
        {"$dict": {"a": 1}},
        {"$datetime": "yesterday"},
        {"$datetime": 5},
        {"$datetime": None},
        {"$datetime": "2020-01-01T00:00:00[Nowhere/Land]"},
        {"$datetime": "2020-01-01T00:00:00[../../etc/passwd]"},
        {"$datetime": "2020-01-01T00:00:00[ns]"},
        {"$datetime": "2020-13-01"},
        {"$date": "2020-02-30"},
        {"$date": ["2020-02-28"]},
        {"$time": "25:00"},
        {"$time": []},
        {"$timedelta": "1 day"},
        {"$timedelta": 1},
        {"$timedelta": "P9999999999DT0.000000S"},
        {"$decimal": "one"},
        {"$decimal": 1},
        {"$decimal": True},
        {"$bytes": "?"},
        {"$bytes": 3},
        {"$bytes": "é"},
        {"$float": "1.5"},
        {"$float": "NaN"},
        {"$float": 1},
        {"$float": []},
        {"$complex": [1.0]},
        {"$complex": ["1", "2"]},
        {"$complex": "1j"},
        {"$complex": [1.0, 2.0, 3.0]},
        {"$timestamp": "soon"},
        {"$timestamp": 0},
        {"$timestamp": "now[ns]"},
        {"$timestamp": "2020-01-01T00:00:00+00:00[Nowhere/Land]"},
        {"$pandasTimedelta": [1]},
        {"$pandasTimedelta": ["1", "ns"]},
        {"$pandasTimedelta": [1, "fortnight"]},
        {"$pandasTimedelta": [10**30, "s"]},
        {"$pandasMissing": "None"},
        {"$pandasMissing": []},
        {"$numpy": ["float64"]},
        {"$numpy": ["object", 1]},
        {"$numpy": [None, 1]},
        {"$numpy": ["str", "a"]},
        {"$numpy": ["int8", 1000]},
        {"$numpy": ["int8", [1]]},
        {"$numpy": ["f8,f8", 1]},
        {"$numpy": ["datetime64[fortnight]", 1]},
        {"$required": False},
        {"$required": 1},
        {"$eval": "1"},
    ],
    ids=json.dumps,
)
def test_wrong_tag_is_refused_saying_where(data: Any) -> None:
    with pytest.raises(LiteralError, match=r"^inputs\.a\[0\]"):
        decode({"a": [data]}, "inputs")


def test_decode_refuses_what_json_does_not_have() -> None:
    with pytest.raises(LiteralError, match="which JSON does not have"):
        decode({"a": (1,)})
