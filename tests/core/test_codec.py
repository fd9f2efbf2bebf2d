"""Every value comes back from its file exactly as it was, or the reason why it cannot be stored is said."""

from __future__ import annotations

import datetime as dt
import fractions
import functools
import io
import json
import pickle
import socket
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal
from PIL import Image
from plotly.subplots import make_subplots

from core.codec import decode, encode
from core.codec.figure import _text
from core.errors import ArtifactError, UnstorableError
from tests.core.sameness import is_same

ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
BERLIN = ZoneInfo("Europe/Berlin")


SHARED: list[int] = [1]


class Custom:
    """A value of a type that no open format knows."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Custom) and other.number == self.number

    __hash__ = None  # type: ignore[assignment]


def back(value: Any, path: Path) -> tuple[str, Any]:
    codec = encode(value, path)
    return codec, decode(codec, path, trusted=codec == "pickle")


def assert_same(left: Any, right: Any) -> None:
    assert type(left) is type(right)
    if isinstance(left, pd.DataFrame):
        assert_frame_equal(left, right, check_exact=True, check_index_type="exact", check_column_type="exact")
        assert left.attrs == right.attrs
        assert left.flags == right.flags
    elif isinstance(left, pd.Series):
        assert_series_equal(left, right, check_exact=True, check_index_type="exact")
        assert left.attrs == right.attrs
    else:
        assert_index_equal(left, right, exact=True, check_exact=True)
        assert getattr(left, "freq", None) == getattr(right, "freq", None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "value"


# Plain values


@pytest.mark.parametrize(
    ("value", "codec"),
    [
        (None, "json"),
        (True, "json"),
        (-0.0, "json"),
        (float("nan"), "json"),
        (10**3000, "json"),
        (10**5000, "pickle"),
        (1 + 2j, "json"),
        (Decimal("1.00"), "json"),
        (fractions.Fraction(1, 3), "pickle"),
        (np.float64(1.5), "json"),
        (np.float32(0.1), "json"),
        (np.int8(-3), "json"),
        (np.bool_(True), "json"),
        (np.datetime64("2020-01-01", "D"), "json"),
        (np.longdouble("0.1"), "pickle"),
        (np.complex64(1j), "pickle"),
        (np.str_("a"), "pickle"),
        ("", "text"),
        ("naïve\r\n\0", "text"),
        ("\ud800", "pickle"),
        (b"", "bytes"),
        (b"\r\n\xff", "bytes"),
        (bytearray(b"x"), "pickle"),
        ({"a": [1, (2.5, {3})], 4: dt.date(2020, 2, 29)}, "json"),
        ([1, 1.0, True], "json"),
        (dt.datetime(2020, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), "json"),
        (dt.datetime(2020, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1), "here")), "pickle"),
        (pd.Timestamp("2020-01-01", tz=ZoneInfo("UTC")), "pickle"),
        (pd.Timestamp("2020-01-01T00:00:00.000000001", tz="Europe/Berlin"), "json"),
        (pd.Timedelta(1, unit="ns"), "json"),
        (pd.NaT, "json"),
        (pd.NA, "json"),
        (functools.reduce(lambda inner, _: [inner], range(100), []), "pickle"),
        ([np.array(1)], "pickle"),
        (Custom(3), "pickle"),
        (Custom, "pickle"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_comes_back_with_its_type(value: Any, codec: str, path: Path) -> None:
    found, again = back(value, path)
    assert found == codec
    assert is_same(value, again)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.binary()
        | st.decimals()
        | st.datetimes(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    )
)
@ONE_FILE
def test_any_plain_value_comes_back(tmp_path: Path, value: Any) -> None:
    assert is_same(value, back(value, tmp_path / "value")[1])


def test_list_at_two_places_stays_one_list(path: Path) -> None:
    row = [0]
    again = back([row, row], path)[1]
    again[0].append(1)
    assert again == [[0, 1], [0, 1]]
    again = back([[0], [0]], path)[1]
    again[0].append(1)
    assert again == [[0, 1], [0]]


def test_value_that_says_the_same_very_often_stays_small(path: Path) -> None:
    nested: Any = (1,)
    for _ in range(60):
        nested = (nested, nested)
    for value in (nested, ["x" * 10_000_000] * 1000):
        assert encode(value, path) == "pickle"
        assert path.stat().st_size < 20_000_000
    assert encode([("a", 1)] * 3, path) == "json"


def test_value_that_holds_itself_comes_back(path: Path) -> None:
    value: list[Any] = [1]
    value.append(value)
    codec, again = back(value, path)
    assert codec == "pickle"
    assert again[1] is again


# What cannot be stored


class Failing:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __reduce__(self) -> Any:
        raise self.error


class NotReadable:
    def __setstate__(self, state: Any) -> None:
        raise RuntimeError("no way back")

    def __getstate__(self) -> Any:
        return {"a": 1}


class WordlessError(Exception):
    def __str__(self) -> str:
        raise SystemExit


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (threading.Lock, "cannot pickle '_thread.lock'"),
        (lambda: (number for number in ()), "cannot pickle 'generator'"),
        (lambda: {"deep": [threading.Lock()]}, "builtins.dict cannot be stored"),
        (lambda: Failing(ValueError("not me")), "ValueError: not me"),
        (lambda: Failing(SystemExit(3)), "SystemExit: 3"),
        (lambda: Failing(GeneratorExit()), "GeneratorExit"),
        (lambda: Failing(OSError(28, "no space")), "OSError"),
        (lambda: Failing(WordlessError()), "WordlessError"),
        (NotReadable, "not be read again: RuntimeError: no way back"),
        (lambda: pd.Series([threading.Lock()]), "cannot pickle"),
    ],
)
def test_reason_is_told_for_what_cannot_be_stored(make: Any, reason: str, path: Path) -> None:
    with pytest.raises(UnstorableError) as caught:
        encode(make(), path)
    assert reason in str(caught.value)


def test_open_files_and_sockets_cannot_be_stored(path: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("content")
    with (tmp_path / "text").open() as text, (tmp_path / "text").open("rb") as content, socket.socket() as plug:
        for value in (text, content, plug, {"file": text}):
            with pytest.raises(UnstorableError):
                encode(value, path)
    assert back(io.StringIO("x"), path)[1].read() == "x"


def test_interrupt_is_no_reason(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        encode(Failing(KeyboardInterrupt()), path)


def test_full_disk_is_not_the_values_fault() -> None:
    for value in (Custom(1), "text", {"a": 1}, np.zeros(3), pd.DataFrame({"a": [1]})):
        with pytest.raises(OSError, match="No space left"):
            encode(value, Path("/dev/full"))


# Trust


def test_pickle_is_opened_only_if_trusted(path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return (exec, ("raise SystemError('opened')",))

    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ArtifactError, match="opened only where"):
        decode("pickle", path)
    for codec in ("json", "arrow", "npy", "figure", "png"):
        with pytest.raises(ArtifactError):
            decode(codec, path, trusted=True)
    with pytest.raises(ArtifactError, match="SystemError: opened"):
        decode("pickle", path, trusted=True)


@pytest.mark.parametrize("codec", ["", "gzip", "Pickle", "../x"])
def test_unknown_codec_is_refused(codec: str, path: Path) -> None:
    path.write_bytes(b"x")
    with pytest.raises(ArtifactError, match="known are"):
        decode(codec, path)


@pytest.mark.parametrize(
    "value",
    [{"a": [1, 2]}, "né", np.arange(3), pd.DataFrame({"a": ["x", None], "b": pd.Categorical(["u", "v"])}), go.Figure()],
)
def test_damaged_file_is_an_error_or_another_value_but_never_a_crash(value: Any, path: Path) -> None:
    codec = encode(value, path)
    content = path.read_bytes()
    damaged = [content[:size] for size in range(0, len(content), max(1, len(content) // 60))]
    for place in range(0, len(content), max(1, len(content) // 200)):
        damaged.append(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
    refused = 0
    for wrong in damaged:
        path.write_bytes(wrong)
        try:
            decode(codec, path)
        except ArtifactError:
            refused += 1
    assert refused > len(damaged) / 4


# Tables


def tables() -> list[Any]:
    dates = pd.date_range("2020-03-28", periods=3, tz="Europe/Berlin")
    numbers = pd.DataFrame({"a": [1.5, np.nan, -0.0], "b": [1, 2, 3]})
    noted = numbers.set_flags(allows_duplicate_labels=False)
    noted.attrs = {"source": "here", "when": dt.date(2020, 1, 1)}
    return [
        numbers,
        noted,
        pd.DataFrame(),
        pd.DataFrame(index=[3, 1]),
        pd.DataFrame(index=pd.RangeIndex(5)),
        pd.DataFrame(columns=["a", "b"]),
        numbers.iloc[1:],
        numbers[::2],
        pd.DataFrame([[1, "x"], [2, "y"]], columns=["a", "a"], index=["i", "i"]),
        pd.DataFrame([[1, 2]], columns=[0, 1.5]),
        pd.DataFrame([[1, 2]], columns=pd.Index([1, "1"], name=("a", 2))),
        pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])),
        pd.DataFrame([[1, 2]], columns=dates[:2]),
        pd.DataFrame(np.arange(12, dtype=np.int16).reshape(4, 3)),
        pd.DataFrame({str(number): [number] for number in range(120)}),
        pd.DataFrame({"a": pd.date_range("2020", periods=3), "b": dates, "c": dates - dates[0]}),
        pd.DataFrame({"x": [True, False], "y": np.array([1, 2], np.uint8), "z": np.array([1, 2], np.float16)}),
        pd.DataFrame({"o": pd.Series(["a", None], dtype=object), "n": pd.Series(["a", np.nan], dtype=object)}),
        pd.DataFrame({"d": pd.Series([dt.date(2020, 1, 1), None], dtype=object), "b": pd.Series([True, None])}),
        numbers.set_index("b"),
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_product([["x"], dates[:2]], names=["k", "t"])),
        numbers.groupby(["a", "b"], dropna=False).size(),
        pd.Series([1, 2], name=("a", 1)),
        pd.Series([], dtype=object),
        pd.Series([None, None], dtype=object),
        pd.Series([pd.NA, "a"], dtype=object),
        pd.Series([1, 2], index=pd.date_range("2020", periods=2, freq="B"), name=3),
        pd.Series(["a", "b", None], dtype="category"),
        pd.Series(pd.Categorical(["b", None], ["c", "b", "a"], ordered=True)),
        pd.Series(pd.cut([1, 2, 3, np.nan], 2)),
        pd.Series(pd.qcut(range(10), 3)),
        pd.Series([pd.Timestamp("2020-01-01"), pd.NaT]).astype("category"),
        *(pd.Series(["a", None, "é"], dtype=name) for name in ("string[python]", "string[pyarrow]", "str")),
        *(pd.Series([1, None, 0], dtype=name) for name in ("Int64", "UInt8", "Float32", "boolean")),
        *(pd.Series([1, None, 0], dtype=f"{name}[pyarrow]") for name in ("int64", "double", "bool")),
        pd.Series(["a", None], dtype="string[pyarrow]").iloc[1:],
        pd.Series(pd.period_range("2020-01", periods=3, freq="M")),
        pd.Series(pd.period_range("2020-01", periods=3, freq="W-FRI")),
        pd.Series(pd.arrays.IntervalArray.from_breaks(dates, closed="left")),
        pd.Series(pd.to_datetime(["1700-01-01", None]).as_unit("s")),
        pd.Series(pd.to_timedelta([1, None], unit="s").as_unit("ms")),
        pd.Series([1, "a"], dtype=object),
        pd.Series([None, float("nan"), "a"], dtype=object),
        pd.Series([(1, 2), (3, 4)]),
        pd.Series([[1], {"a": 2}, [], {}]),
        pd.Series([1, 2], dtype=object),
        pd.Series([1.5, float("nan"), "a"], dtype=object),
        pd.Series([np.float32(1), np.int64(2), Decimal("1.0"), Decimal("1.00")], dtype=object),
        pd.Series([pd.Timestamp(0), pd.NaT, pd.NA], dtype=object),
        pd.RangeIndex(2, 20, 3, name="r"),
        pd.Index([1.5, 2], name="f"),
        pd.Index(["a", None], dtype=object),
        pd.Index([], dtype=object),
        pd.date_range("2020", periods=4, freq="QE-NOV", tz="UTC"),
        pd.timedelta_range("1h", periods=3, freq="90min"),
        pd.CategoricalIndex(["a", "b", "a"], ordered=True, name="c"),
        pd.interval_range(0, 5, name="i"),
        pd.period_range("2020", periods=2, freq="D"),
        pd.MultiIndex.from_product([[1, 2], ["a", "b"]])[:3],
        pd.MultiIndex.from_product([pd.cut([1, 2, 3], 2), pd.RangeIndex(2)]),
        pd.MultiIndex.from_arrays([[1, None], pd.Categorical(["a", "b"])], names=[None, "x"]),
    ]


@pytest.mark.parametrize("table", tables(), ids=lambda table: type(table).__name__)
def test_table_comes_back_with_its_types_and_labels(table: Any, path: Path) -> None:
    codec, again = back(table, path)
    assert codec == "arrow"
    assert_same(table, again)


@pytest.mark.parametrize(
    "table",
    [
        pd.Series([1, Custom(2)]),
        pd.Series([[1]] * 2 + [SHARED, SHARED]),
        pd.Series([1, "a"] * 60_000),
        pd.Series(["\ud800"], dtype=object),
        pd.Series([1 + 2j]),
        pd.Series(pd.arrays.FloatingArray(np.array([np.nan, 1.0, 2.0]), np.array([False, True, False]))),
        pd.Series([0, 0, 1], dtype="Sparse[int]"),
        pd.Series(np.array([1, 2], dtype=">i4")),
        pd.Series([1, 2], name=Decimal),
        pd.date_range("2020", periods=3, freq=pd.offsets.CustomBusinessDay(holidays=["2020-01-02"])),
        pd.Series(pd.to_datetime(["2020-01-01"]).tz_localize(dt.timezone(dt.timedelta(hours=1), "x"))),
    ],
)
def test_table_that_arrow_would_change_is_pickled(table: Any, path: Path) -> None:
    codec, again = back(table, path)
    assert codec == "pickle"
    if isinstance(table, pd.Series):
        assert_series_equal(table, again)
        assert [type(item) for item in table] == [type(item) for item in again]
    else:
        assert_index_equal(table, again)


class Frame(pd.DataFrame):
    """A frame of a type of its own."""


def test_frame_of_another_type_keeps_its_type(path: Path) -> None:
    assert type(back(Frame({"a": [1]}), path)[1]) is Frame


CELLS = {
    "float64": st.floats(),
    "float32": st.floats(width=32),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint8": st.integers(0, 255),
    "bool": st.booleans(),
    "object": st.none() | st.text() | st.integers() | st.floats() | st.tuples(st.booleans()),
    "str": st.none() | st.text(st.characters(codec="utf-8")),
    "string": st.none() | st.text(st.characters(codec="utf-8")),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "boolean": st.none() | st.booleans(),
    "category": st.none() | st.sampled_from(["a", "b", "c"]),
    "datetime64[ns]": st.none() | st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)),
    "datetime64[us, Europe/Berlin]": st.none() | st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)),
    "timedelta64[us]": st.none() | st.timedeltas(dt.timedelta(-99), dt.timedelta(99)),
}


@st.composite
def columns(draw: st.DrawFn, rows: int) -> pd.Series[Any]:
    dtype = draw(st.sampled_from(sorted(CELLS)))
    cells = draw(st.lists(CELLS[dtype], min_size=rows, max_size=rows))
    if dtype.startswith("datetime"):
        cells = [pd.NaT if cell is None else pd.Timestamp(cell, tz="UTC" if "," in dtype else None) for cell in cells]
        made = pd.to_datetime(pd.Series(cells, dtype="datetime64[us, UTC]" if "," in dtype else "datetime64[us]"))
        return made.astype(dtype)
    return pd.Series(cells, dtype=dtype)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    rows, width = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    parts = [draw(columns(rows)) for _ in range(width)]
    frame = pd.DataFrame(dict(enumerate(parts)), index=range(rows))
    label = st.text() | st.integers() | st.none() | st.booleans() | st.tuples(st.text(), st.integers())
    frame.columns = pd.Index(draw(st.lists(label, min_size=width, max_size=width)), dtype=object, tupleize_cols=False)
    if width and draw(st.booleans()):
        frame.index = pd.Index(draw(columns(rows)))
    frame.index.name = draw(label)
    return frame


@given(frames())
@ONE_FILE
def test_any_frame_comes_back(tmp_path: Path, frame: pd.DataFrame) -> None:
    codec, again = back(frame, tmp_path / "value")
    assert_same(frame, again)
    for place in range(frame.shape[1]):
        pair = (frame.iloc[:, place], again.iloc[:, place])
        assert pair[0].isna().tolist() == pair[1].isna().tolist()
        if frame.dtypes.iloc[place].kind == "O":
            assert is_same(pair[0].tolist(), pair[1].tolist())
        if frame.dtypes.iloc[place].kind == "f" and codec == "arrow":
            assert pair[0].to_numpy().tobytes() == pair[1].to_numpy().tobytes()


@pytest.mark.parametrize("rows", [5, 300_000])
def test_change_of_what_was_read_reaches_neither_the_file_nor_another_reader(rows: int, path: Path) -> None:
    frame = pd.DataFrame({"x": np.arange(rows, dtype=float), "y": np.arange(rows), "t": pd.Timestamp(0), "s": "a"})
    codec = encode(frame, path)
    before = path.read_bytes()
    first, second, third, single = (decode(codec, path) for _ in range(4))
    first["x"] *= 2
    first.iloc[0, 0] = -1
    first.loc[1, "y"] = 7
    first["s"] = first["s"] + "b"
    first.insert(0, "new", 1)
    del first["new"]
    second["y"].array[:] = 0
    second["t"] += pd.Timedelta(days=1)
    np.asarray(decode(codec, path)["x"]).copy().sort()
    column = third.pop("x")
    del third
    column *= 3
    column.iloc[0] = 5
    series = single["x"].rename("z")
    del single
    series += 1
    assert first.shape == frame.shape
    assert path.read_bytes() == before
    assert_same(frame, decode(codec, path))


def test_arrays_behind_a_series_may_be_changed_in_place(path: Path) -> None:
    codec = encode(pd.Series(np.arange(300_000.0)), path)
    changed, other = decode(codec, path), decode(codec, path)
    changed.iloc[0] = -1
    values = np.array(changed, copy=None)
    assert values[0] == -1
    assert other.iloc[0] == 0
    array_codec = encode(np.arange(300_000.0), path)
    array, twin = decode(array_codec, path), decode(array_codec, path)
    array[::-1].sort()
    array *= 2
    assert array[0] == 599_998
    assert twin[0] == 0
    assert decode(array_codec, path)[0] == 0


def test_large_columns_are_mapped_and_not_copied(path: Path) -> None:
    codec = encode(
        pd.DataFrame({"x": np.arange(300_000.0), "t": pd.date_range("2020", periods=300_000, freq="s")}), path
    )
    frame = decode(codec, path)
    for name in frame:
        values = frame[name].array.to_numpy(copy=False)
        while isinstance(values.base, np.ndarray):
            values = values.base
        assert type(values.base).__name__ in ("mmap", "memoryview")


# Arrays


@given(
    hnp.arrays(
        hnp.scalar_dtypes() | hnp.unicode_string_dtypes() | hnp.array_dtypes(),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
@ONE_FILE
def test_any_array_comes_back(tmp_path: Path, array: Any) -> None:
    for value in (array, np.asfortranarray(array), array[..., ::-1] if array.ndim else array):
        codec, again = back(value, tmp_path / "value")
        assert codec == "npy"
        assert type(again) is np.ndarray
        assert (again.dtype, again.shape) == (value.dtype, value.shape)
        assert again.tobytes() == value.tobytes()
        assert again.flags.writeable
        assert again.flags.f_contiguous or not value.flags.f_contiguous


@pytest.mark.parametrize(
    "array",
    [
        np.array([1, "a", None], dtype=object),
        np.ma.array([1, 2], mask=[True, False]),
        np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        np.array([(1, 2.0)], dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)),
        np.array([1], dtype=np.dtype("i4", metadata={"a": 1})),
        np.array(["a", "bc"], dtype=np.dtypes.StringDType()),
    ],
    ids=lambda array: f"{type(array).__name__} {array.dtype}",
)
def test_array_that_a_file_would_change_is_pickled(array: Any, path: Path) -> None:
    codec, again = back(array, path)
    assert codec == "pickle"
    assert type(again) is type(array)
    assert again.dtype == array.dtype
    assert again.dtype.metadata == array.dtype.metadata
    assert again.tolist() == array.tolist()


# Figures and pictures


def figures() -> Iterator[go.Figure]:
    moments = pd.date_range("2020", periods=3)
    yield go.Figure()
    yield go.Figure(go.Scatter(x=moments, y=[1, 2.5, float("nan")]))
    yield go.Figure(go.Bar(x=["a", "b"], y=np.array([1, 2])), layout={"title": "A", "xaxis_range": (0, 1)})
    yield go.Figure(go.Scatter(x=[dt.datetime(2020, 1, 1), dt.date(2020, 1, 2)], y=np.array([1.5, np.inf])))
    yield go.Figure(go.Scatter(x=np.array([dt.datetime(2020, 1, 1), None, "a"], dtype=object), y=(1, None)))
    yield go.Figure(go.Heatmap(z=np.arange(6.0).reshape(2, 3), text=[["a", None, "c"]] * 2))
    yield go.Figure(go.Scatter(y=np.array([2**40, 2**50]), customdata=pd.DataFrame({"a": ["x"], "b": [1]})))
    yield go.Figure(go.Scatter(y=pd.Series([1, None], dtype="Int64"), x=pd.Series(["a", "b"], dtype="category")))
    yield go.Figure(go.Scatter(y=np.array([True, False]), x=np.array(["a", "b"])))
    yield go.Figure(frames=[go.Frame(data=[go.Scatter(y=np.array([1, 2]))], name="f")])
    yield go.Figure(layout={"template": None})
    yield go.Figure(layout={"template": "plotly_dark"})


MIDNIGHT = "T00:00:00.000000"


@pytest.mark.parametrize("figure", list(figures()))
def test_figure_comes_back_equal(figure: go.Figure, path: Path) -> None:
    codec, again = back(figure, path)
    assert codec == "figure"
    assert type(again) is go.Figure
    assert _text(again) == _text(figure)
    assert json.loads(again.to_json()) == json.loads(figure.to_json())
    for mine, its in zip(figure.data, again.data, strict=True):
        assert type(mine.y) is type(its.y)
        assert getattr(mine.y, "dtype", None) == getattr(its.y, "dtype", None)


@pytest.mark.parametrize("figure", list(figures()))
def test_file_of_a_figure_is_what_plotly_draws(figure: go.Figure, path: Path) -> None:
    from plotly.io import from_json, to_json

    encode(figure, path)
    its = figure.to_json().replace(MIDNIGHT, "")
    assert json.loads(to_json(from_json(path.read_text()))) == json.loads(to_json(from_json(its)))


@pytest.mark.parametrize(
    ("times", "drawn"),
    [
        (["2020-01-01", "NaT"], ["2020-01-01", "NaT"]),
        (["2020-01-01", "2020-01-01T12:30"], ["2020-01-01T00:00", "2020-01-01T12:30"]),
    ],
)
def test_days_are_drawn_as_days_and_come_back_as_the_times_that_they_were(
    times: list[str], drawn: list[str], path: Path
) -> None:
    moments = np.array(times, "M8[m]")
    _, again = back(go.Figure([go.Scatter(x=moments), go.Scatter(x=moments)]), path)
    written = json.loads(path.read_text())
    assert [trace["x"] for trace in written["data"]] == [drawn, drawn]
    for trace in again.data:
        assert trace.x.dtype == moments.dtype
        assert np.array_equal(trace.x, moments, equal_nan=True)


def test_figure_with_several_plots_can_be_added_to(path: Path) -> None:
    figure = make_subplots(2, 2, specs=[[{}, None], [{"colspan": 2, "secondary_y": True}, None]])
    again = back(figure, path)[1]
    for each in (figure, again):
        each.add_trace(go.Scatter(y=[1]), row=2, col=1, secondary_y=True)
    assert again == figure


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_picture_comes_back_equal(mode: str, path: Path) -> None:
    picture = Image.effect_noise((20, 10), 90).convert(mode)
    codec, again = back(picture, path)
    assert codec == "png"
    assert again == picture
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("mode", ["F", "CMYK", "I", "HSV"])
def test_picture_that_a_png_would_change_is_pickled(mode: str, path: Path) -> None:
    picture = Image.effect_noise((20, 10), 90).convert("RGB").convert("L" if mode in "FI" else "RGB").convert(mode)
    codec, again = back(picture, path)
    assert codec == "pickle"
    assert again == picture


def test_function_and_class_of_a_notebook_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type("Local", (), {"__module__": "__main__", "value": lambda _: 5})
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    assert back(kind(), path)[1].value() == 5
    assert back(lambda number: number + 1, path)[1](1) == 2
