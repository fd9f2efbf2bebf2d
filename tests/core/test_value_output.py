"""Every kind of value as files: what they hold reads back equal, and what cannot be written is said."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from core.literal import decode
from core.value.output import describe, guarded, kind_of, write_values
from tests.core.sameness import is_same


class Silent:
    """Something whose `repr` and `str` raise."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class Other:
    """Something without an open format."""

    def __repr__(self) -> str:
        return "<something else>"


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A figure of a plotting library that writes pictures."""
    module = ModuleType("matplotlib.figure")

    class Figure:
        def savefig(self, path: Path) -> None:
            path.write_bytes(b"\x89PNG")

    Figure.__module__ = module.__name__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Figure()


def written(value: Any, folder: Path, key: str = "value") -> tuple[list[str], str]:
    """Write one value; return the names of its files and the complaint."""
    ((name, files, complaint),) = write_values({key: value}, folder)
    assert name == key
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    return files, complaint


def lines(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


KINDS: list[tuple[Any, str]] = [
    (go.Figure(), "figure"),
    (pd.DataFrame(), "frame"),
    (pd.Series([1]), "series"),
    (np.zeros(2), "array"),
    (True, "number"),
    (1, "number"),
    (0.5, "number"),
    (1j, "number"),
    (np.float64(1), "number"),
    ("", "text"),
    ([], "data"),
    ({}, "data"),
    ((), "data"),
    (set(), "data"),
    (frozenset(), "data"),
    (None, "nothing"),
    (b"", "other"),
    (Other(), "other"),
    (Silent(), "other"),
    (pd.Timestamp(0), "other"),
    (go.Figure, "other"),
]


@pytest.mark.parametrize(("value", "kind"), KINDS, ids=lambda item: type(item).__name__)
def test_kind(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


def test_a_picture_becomes_png(drawing: Any, tmp_path: Path) -> None:
    assert kind_of(drawing) == "image"
    assert written(drawing, tmp_path) == (["value.png"], "")
    assert (tmp_path / "value.png").read_bytes() == b"\x89PNG"


def test_a_figure_becomes_a_page_that_needs_nothing_else_and_its_json(tmp_path: Path) -> None:
    title = '</script><script src="http://127.0.0.1:9/x.js"></script>'
    figure = go.Figure(go.Scatter(x=[1, 2], y=[3.0, None], name="line"), layout={"title": {"text": title}})
    assert written(figure, tmp_path) == (["value.html", "value.json"], "")
    page = (tmp_path / "value.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*?\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page) == []
    assert "Plotly.newPlot" in page
    assert len(page) > 1_000_000
    again = json.loads((tmp_path / "value.json").read_text(encoding="utf-8"))
    assert go.Figure(again) == figure


FRAMES: dict[str, pd.DataFrame] = {
    "numbers": pd.DataFrame({"a": [1, -2], "b": [0.5, float("nan")], "c": [True, False]}),
    "text": pd.DataFrame({"a": ["x", 'quote " and, comma'], "b": ["ä", "line\nline"]}),
    "moments": pd.DataFrame({"a": pd.to_datetime(["2020-01-01T00:00:00.000000", "2021-02-03T04:05:06.000007"])}),
    "zoned": pd.DataFrame({"a": pd.to_datetime(["2020-07-01T12:00", "2020-12-01T12:00"]).tz_localize("Europe/Berlin")}),
    "durations": pd.DataFrame({"a": pd.to_timedelta([1, 2], unit="h")}),
    "dates as index": pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020-01-01", periods=2, name="day", freq=None)),
    "named index": pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="who")),
    "levels": pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["p", "q"])),
    "categories": pd.DataFrame({"a": pd.Categorical(["x", "y"])}),
    "nullable": pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
    "empty": pd.DataFrame({"a": pd.Series([], dtype="float64")}),
    "formulas": pd.DataFrame({"=a": ["=1+1", "@x"]}, index=pd.Index(["+b", "-c"], name="=d")),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_reads_back_equal_from_parquet(name: str, tmp_path: Path) -> None:
    assert written(FRAMES[name], tmp_path) == (["value.csv", "value.parquet"], "")
    assert_frame_equal(pd.read_parquet(tmp_path / "value.parquet"), FRAMES[name], check_freq=False)


@pytest.mark.parametrize("name", ["numbers", "text", "named index", "dates as index", "moments"])
def test_a_frame_reads_back_equal_from_csv(name: str, tmp_path: Path) -> None:
    frame = FRAMES[name]
    written(frame, tmp_path)
    dates = [str(column) for column in frame if frame[column].dtype.kind == "M"]
    again = pd.read_csv(tmp_path / "value.csv", index_col=0, parse_dates=dates)
    if frame.index.dtype.kind == "M":
        again.index = pd.to_datetime(again.index)
    assert_frame_equal(again, frame, check_freq=False, check_dtype=not dates, check_names=frame.index.name is not None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_text_like_a_formula_is_quoted_in_csv_and_only_there(start: str, tmp_path: Path) -> None:
    text = f"{start}1+1"
    frame = pd.DataFrame({text: [text, "plain"]}, index=pd.Index([text, "plain"], name=text))
    written(frame, tmp_path)
    assert lines(tmp_path / "value.csv") == [[f"'{text}"] * 2, [f"'{text}"] * 2, ["plain", "plain"]]
    assert_frame_equal(pd.read_parquet(tmp_path / "value.parquet"), frame)


def test_formulas_are_quoted_in_every_level_and_kind_of_text(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        [["=a", "=b"]],
        columns=pd.MultiIndex.from_tuples([("=c", "x"), ("=c", "@d")], names=["=e", "f"]),
        index=pd.MultiIndex.from_tuples([("+g", 1)], names=["-h", "i"]),
    ).astype({("=c", "x"): "category"})
    written(frame, tmp_path)
    assert lines(tmp_path / "value.csv") == [
        ["'=e", "", "'=c", "'=c"],
        ["f", "", "x", "'@d"],
        ["'-h", "i", "", ""],
        ["'+g", "1", "'=a", "'=b"],
    ]


def test_a_line_end_in_a_cell_does_not_start_a_row(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x\r=1+1", "x\n=1+1", "x\r\n=1+1"]})
    written(frame, tmp_path)
    assert [line[1] for line in lines(tmp_path / "value.csv")] == ["a", *frame["a"]]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"whole": [-1], "broken": [-0.5], "mixed": pd.array([-2], dtype=object)}, index=[-3])
    written(frame, tmp_path)
    assert lines(tmp_path / "value.csv")[1] == ["-3", "-1", "-0.5", "-2"]


def test_guarding_leaves_the_frame_itself_as_it_was() -> None:
    frame = pd.DataFrame({"=a": ["=1"]}, index=pd.Index(["=i"], name="=n"))
    before = frame.copy(deep=True)
    assert guarded(frame).iloc[0, 0] == "'=1"
    assert_frame_equal(frame, before)


HALF_WRITTEN: dict[str, tuple[Any, list[str]]] = {
    "mixed types": (pd.DataFrame({"a": [1, "x"]}), ["value.csv"]),
    "a name twice": (pd.DataFrame([[1, 2]], columns=["a", "a"]), ["value.csv"]),
    "numbers too long": (pd.DataFrame({"a": [10**30]}), ["value.csv"]),
    "complex numbers": (pd.Series([1j]), ["value.csv"]),
    "sparse": (pd.Series(pd.arrays.SparseArray([0, 1])), ["value.csv"]),
    "half a character": (pd.DataFrame({"a": pd.Series(["\ud800"], dtype=object)}), []),
    "cells without words": (pd.DataFrame({"a": [Silent()]}), []),
}


@pytest.mark.parametrize("name", HALF_WRITTEN)
def test_what_one_format_cannot_hold_is_kept_in_the_other_and_said(name: str, tmp_path: Path) -> None:
    value, kept = HALF_WRITTEN[name]
    files, complaint = written(value, tmp_path)
    assert files == kept
    assert complaint.startswith("no parquet: " if kept else "no csv: ")
    assert "no parquet: " in complaint
    assert len(complaint) < 500


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([1.5, -2.0], name="price"),
        pd.Series(["=a", "b"], name="=text"),
        pd.Series([1, 2], name="n", index=pd.date_range("2020", periods=2, freq=None)),
        pd.Series([], dtype="float64", name="none"),
    ],
    ids=lambda series: series.name,
)
def test_a_series_reads_back_equal(series: Any, tmp_path: Path) -> None:
    assert written(series, tmp_path) == (["value.csv", "value.parquet"], "")
    frame = pd.read_parquet(tmp_path / "value.parquet")
    assert_series_equal(frame[series.name], series, check_freq=False)
    assert len(lines(tmp_path / "value.csv")) == len(series) + 1


@pytest.mark.parametrize("name", [None, 7, ("a", "b")])
def test_a_series_without_a_name_gets_one(name: Any, tmp_path: Path) -> None:
    assert written(pd.Series([1], name=name), tmp_path) == (["value.csv", "value.parquet"], "")
    assert list(pd.read_parquet(tmp_path / "value.parquet")) == ["value"]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array([1.5, np.nan]),
        np.array(3),
        np.zeros((0, 2)),
        np.array(["a", "bc"]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        np.array([1j, True]),
    ],
    ids=lambda array: str(array.dtype),
)
def test_an_array_reads_back_equal(array: Any, tmp_path: Path) -> None:
    assert written(array, tmp_path) == (["value.npy"], "")
    again = np.load(tmp_path / "value.npy", allow_pickle=False)
    assert (again.dtype, again.shape, again.tobytes()) == (array.dtype, array.shape, array.tobytes())


LITERALS: list[Any] = [
    0,
    -1,
    10**400,
    0.1,
    -0.0,
    float("nan"),
    float("-inf"),
    True,
    None,
    1 + 2j,
    "",
    'text\nwith lines, "quotes", =signs and ünïcode',
    [1, [2, [3]]],
    {"a": {"b": (1, {2, 3})}, "c": None},
    {1: "a", (2, 3): "b"},
    {"$tuple": 1},
    {},
    (),
    frozenset({1}),
    b"\x00\xff",
    Decimal("1.10"),
    dt.datetime(2020, 1, 2, 3, 4, 5, 6),
    dt.date(2020, 1, 2),
    dt.timedelta(days=-1, microseconds=1),
    pd.Timestamp("2020-01-01T00:00:00.123456789"),
    np.float64(0.1),
    np.int8(-3),
]


@pytest.mark.parametrize("value", LITERALS, ids=lambda value: f"{type(value).__name__} {str(value)[:20]!r}")
def test_plain_values_read_back_the_same_from_json(value: Any, tmp_path: Path) -> None:
    assert written(value, tmp_path) == (["value.json"], "")
    assert is_same(decode(json.loads((tmp_path / "value.json").read_text(encoding="utf-8"))), value)


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
DESCRIBED: dict[str, tuple[Any, str]] = {
    "something else": (Other(), "<something else>"),
    "without words": (Silent(), "(its repr raises RuntimeError)"),
    "something else inside": ({"a": [Other()]}, "{'a': [<something else>]}"),
    "a list in itself": (ENDLESS, "[[...]]"),
    "a number too long": (10**5000, "(its repr raises ValueError)"),
    "half a character": ("\ud800", r"'\ud800'"),
    "a function": (describe, "<function describe at 0x"),
    "a class": (Other, "<class "),
    "an array of objects": (np.array([Other()]), "array([<something else>], dtype=object)"),
    "a masked array": (np.ma.array([1, 2], mask=[False, True]), "masked_array("),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_has_no_open_format_is_described(name: str, tmp_path: Path) -> None:
    value, begin = DESCRIBED[name]
    assert written(value, tmp_path) == (["value.txt"], "")
    kind, _, text = (tmp_path / "value.txt").read_text(encoding="utf-8").partition("\n")
    assert kind == f"{type(value).__module__}.{type(value).__qualname__}"
    assert text.startswith(begin)


def test_a_description_is_short_and_whole() -> None:
    class Long:
        def __repr__(self) -> str:
            return "\ud800" + "x" * 9_000

    text = describe(Long())
    assert len(text) < 2_200
    assert text.endswith("x...\n")
    assert "\\ud800x" in text


def test_keys_that_differ_only_in_case_do_not_overwrite_each_other(tmp_path: Path) -> None:
    values = {"sum": 1, "Sum": 2, "SUM": 3, "other": 4}
    found = {key: files for key, files, _ in write_values(values, tmp_path)}
    assert len({file.lower() for files in found.values() for file in files}) == 4
    assert {key: json.loads((tmp_path / files[0]).read_text()) for key, files in found.items()} == values


def test_the_folder_is_made_with_its_parents_and_may_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    for number in (1, 2):
        assert written(number, folder) == (["value.json"], "")
        assert json.loads((folder / "value.json").read_text()) == number


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OSError, match="file"):
            list(write_values({"a": 1}, folder))


def test_one_value_that_cannot_be_written_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "taken.json").mkdir()
    found = list(write_values({"taken": 1, "数" * 100: 2, "free": 3}, tmp_path))
    assert [files for _, files, _ in found] == [[], [], ["free.json"]]
    assert "Is a directory" in found[0][2]
    assert "File name too long" in found[1][2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["free.json", "taken.json"]


def test_half_a_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: Any, path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", stop)
    files, complaint = written(pd.DataFrame({"a": [1]}), tmp_path)
    assert files == ["value.csv"]
    assert "No space left" in complaint


@pytest.mark.parametrize("key", ["../x", "/elsewhere/x", "a/b", "..", "\udc80", "a\0b", "x" * 300])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "out"
    ((name, files, complaint),) = write_values({key: 1}, folder)
    assert (name, complaint) == (key, "")
    assert {path.name for path in folder.iterdir()} == set(files)
    assert list(tmp_path.iterdir()) == [folder]
