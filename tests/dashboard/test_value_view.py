"""Every kind of value as the page shows it; whatever it is, nothing raises and nothing of it is taken for markup."""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.errors import ArtifactError
from core.value import output, question
from core.value import table as value_table
from core.value.answer import Answer, Question
from core.value.holder import Holder, InMemory
from core.value.page import Query
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import UndrawnError
from dashboard.widgets.value.download import content

MARKUP = "![x](http://127.0.0.1:9/y.png)<b>*a*</b>:red[b]"


class Sent:
    """Holds a value on the other side of a wire: questions and answers go over it as bytes."""

    def __init__(self, value: Any) -> None:
        self._holder = InMemory(value)
        self.kind = self._holder.kind

    def ask(self, question: Question) -> Answer:
        return Answer.from_bytes(self._holder.ask(json.loads(json.dumps(question))).to_bytes())


HOLDERS: dict[str, Callable[[Any], Holder]] = {"held": InMemory, "sent": Sent}


@pytest.fixture(params=HOLDERS, autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test draws values that are held in memory, and once more values of which only answers are sent."""
    chosen.append(HOLDERS[request.param])
    yield
    chosen.pop()


once = pytest.mark.parametrize("way", ["held"], indirect=True)  # what is tested asks no holder
chosen: list[Callable[[Any], Holder]] = []


def holder_of(value: Any) -> Holder:
    return chosen[-1](value)


def drawn(value: Any, name: str = "x") -> AppTest:
    """Draw one value and return the page, on which nothing has gone wrong."""
    return sound(tried(value, name))


def tried(value: Any, name: str = "x") -> AppTest:
    """Draw one value and return the page."""

    def page(holder, name):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.widgets.value_view import value_view

        value_view(holder, "value", name)

    return AppTest.from_function(page, args=(holder_of(value), name), default_timeout=30).run()


def sound(at: AppTest) -> AppTest:
    assert not at.exception
    assert [warning.value for warning in at.warning] == []
    return at


def warnings(at: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in at.warning]


def part(name: str) -> str:
    return keys.part(keys.value("value", "x"), name)


def captions(at: AppTest) -> str:
    return "\n".join(caption.value for caption in at.caption)


def table(at: AppTest) -> pd.DataFrame:
    (found,) = at.dataframe
    shown: pd.DataFrame = found.value
    return shown


def labels(at: AppTest, kind: str) -> list[str]:
    return [element.proto.label for element in at.get(kind)]


# Frames


@pytest.fixture
def frame() -> pd.DataFrame:
    numbers = np.arange(240)
    return pd.DataFrame(
        {
            "n": numbers * 7 % 240,
            "t": [f"name {number}" for number in numbers],
            "d": pd.date_range("2020-01-01", periods=240),
        },
        index=pd.Index(numbers + 1000, name="id"),
    )


def test_of_a_frame_only_one_page_is_sent(frame: pd.DataFrame) -> None:
    at = drawn(frame)
    assert "240 rows × 3 columns" in captions(at)
    assert table(at).index.tolist() == list(range(1000, 1050))
    assert table(at)["n"].tolist() == frame["n"].tolist()[:50]
    assert "1–50 of 240" in captions(at)
    sound(at.number_input(key=part("page")).set_value(5).run())
    assert table(at).index.tolist() == list(range(1200, 1240))
    assert "201–240 of 240" in captions(at)


def test_a_larger_page_begins_at_the_first_row(frame: pd.DataFrame) -> None:
    at = drawn(frame)
    at.number_input(key=part("page")).set_value(5).run()
    sound(at.selectbox(key=part("size")).set_value(100).run())
    assert table(at).index.tolist() == list(range(1000, 1100))
    assert at.number_input(key=part("page")).value == 1
    assert at.number_input(key=part("page")).max == 3


@pytest.mark.parametrize("descending", [False, True])
def test_sorting_sorts_all_rows_and_goes_to_the_first_page(frame: pd.DataFrame, descending: bool) -> None:
    at = drawn(frame)
    assert at.checkbox(key=part("descending")).disabled
    at.number_input(key=part("page")).set_value(3).run()
    at.selectbox(key=part("sort")).set_value(0).run()
    if descending:
        at.checkbox(key=part("descending")).check().run()
    sound(at)
    expected = sorted(frame["n"].tolist(), reverse=descending)[:50]
    assert table(at)["n"].tolist() == expected
    assert "1–50 of 240" in captions(at)


def test_filters_hold_together_and_on_all_rows(frame: pd.DataFrame) -> None:
    at = drawn(frame)
    at.multiselect(key=part("filter")).set_value([0, 1]).run()
    at.number_input(key=part("filter-number-0-from")).set_value(100.0).run()
    at.number_input(key=part("filter-number-0-to")).set_value(120.0).run()
    sound(at.text_input(key=part("filter-text-1")).set_value("NAME 1").run())
    expected = frame[(frame["n"] >= 100) & (frame["n"] <= 120) & frame["t"].str.contains("name 1")]
    assert table(at).index.tolist() == expected.index.tolist()
    assert 0 < len(expected) < 50
    assert f"1–{len(expected)} of {len(expected)} found in 240" in captions(at)
    sound(at.text_input(key=part("filter-text-1")).set_value("nowhere").run())
    assert table(at).empty
    assert "none of 240 rows" in captions(at)
    sound(at.multiselect(key=part("filter")).set_value([]).run())
    assert "1–50 of 240" in captions(at)


def test_days_are_filtered_by_days(frame: pd.DataFrame) -> None:
    at = drawn(frame)
    at.multiselect(key=part("filter")).set_value([2]).run()
    sound(at.date_input(key=part("filter-moment-2-from")).set_value(frame["d"].iloc[230].date()).run())
    assert table(at).index.tolist() == list(range(1230, 1240))


def test_statistics_of_the_columns_are_computed_once(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    real = value_table.profiles
    monkeypatch.setattr(value_table, "profiles", lambda value: counted.append(len(value)) or real(value))
    at = drawn(frame)
    assert counted == []
    sound(at.segmented_control(key=part("view")).set_value("Statistics").run())
    shown = table(at).set_index("Column")
    assert shown.loc["n", ["Type", "Missing", "Distinct", "Lowest", "Highest", "Mean"]].tolist() == [
        "int64", 0, "240", "0", "239", "119.5",
    ]  # fmt: skip
    assert shown.loc["d", ["Lowest", "Highest"]].tolist() == ["2020-01-01", "2020-08-27"]
    assert list(shown.loc["n", "Distribution"]) == [12] * 20
    sound(at.segmented_control(key=part("view")).set_value("Rows").run())
    sound(at.segmented_control(key=part("view")).set_value("Statistics").run())
    assert counted == [240]


def test_a_sample_is_said() -> None:
    at = drawn(pd.DataFrame({"a": np.arange(300_000)}))
    sound(at.segmented_control(key=part("view")).set_value("Statistics").run())
    assert "of 100,000 evenly spaced rows" in captions(at)
    assert table(at)["Distinct"].tolist() == ["≥ 100,000"]


def test_another_frame_in_the_same_place_takes_over_what_still_holds() -> None:
    values = [pd.DataFrame(np.zeros((120, 3))), pd.DataFrame(np.ones((60, 1)))]
    at = drawn(values[0])
    at.selectbox(key=part("sort")).set_value(2).run()
    at.multiselect(key=part("filter")).set_value([2]).run()
    at.number_input(key=part("page")).set_value(3).run()
    at.args = (holder_of(values[1]), "x")
    sound(at.run())
    assert table(at).shape[1] == 1
    assert "51–60 of 60" in captions(at)
    assert at.selectbox(key=part("sort")).value is None


class Silent:
    """Something without words, order, hash or size."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no order")

    def __sizeof__(self) -> int:
        raise RuntimeError("no size")


WILD: dict[str, pd.DataFrame] = {
    "levels": pd.DataFrame(
        np.zeros((2, 2)),
        index=pd.MultiIndex.from_tuples([("a", 1), ("b", None)], names=["p", "p"]),
        columns=pd.MultiIndex.from_tuples([("x", 1), ("x", 1)]),
    ),
    "names twice": pd.DataFrame([[1, 2]], columns=["a", "a"], index=pd.Index([0], name="a")),
    "names that are no texts": pd.DataFrame([[1, 2, 3]], columns=[None, 1.5, ("t", 2)]),
    "mixed": pd.DataFrame({"a": [1, "x", None, Silent(), [1], {"b": 2}]}),
    "huge cells": pd.DataFrame({"a": ["x" * 10**6] * 60}),
    "zoned": pd.DataFrame({"a": pd.date_range("2020", periods=2, tz="Europe/Berlin")}),
    "periods": pd.DataFrame({"a": pd.period_range("2020", periods=2, freq="Q")}),
    "categories": pd.DataFrame({"a": pd.Categorical(["x", None])}),
    "complex": pd.DataFrame({"a": [1j, 2]}),
    "durations": pd.DataFrame({"a": pd.to_timedelta([1, 2], unit="h")}),
    "intervals": pd.DataFrame({"a": pd.interval_range(0, 2)}),
    "large numbers": pd.DataFrame({"a": [2**63 - 1, -(2**63)], "b": pd.Series([10**30, 1], dtype=object)}),
    "half a character": pd.DataFrame({"a": pd.Series(["\ud800", "x"], dtype=object)}),
    "infinite": pd.DataFrame({"a": [np.inf, -np.inf, np.nan]}),
    "many columns": pd.DataFrame(np.zeros((2, 150))),
    "no rows": pd.DataFrame({"a": []}),
    "no columns": pd.DataFrame(index=range(3)),
    "nothing": pd.DataFrame(),
    "markup": pd.DataFrame({MARKUP: [MARKUP]}, index=pd.Index([MARKUP], name=MARKUP)),
}


@pytest.mark.parametrize("name", WILD)
def test_every_frame_can_be_looked_at_sorted_filtered_and_summed_up(name: str) -> None:
    frame = WILD[name]
    at = drawn(frame)
    assert table(at).shape == (min(len(frame), 50), min(len(frame.columns), 100))
    if len(frame.columns):
        at.multiselect(key=part("filter")).set_value([0]).run()
        sound(at.selectbox(key=part("sort")).set_value(0).run())
        assert len(table(at)) == min(len(frame), 50)
    sound(at.segmented_control(key=part("view")).set_value("Statistics").run())
    assert len(table(at)) == min(len(frame.columns), 100)


@once
@pytest.mark.parametrize("name", WILD)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_every_frame_can_be_saved(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(output.to_bytes(WILD[name], suffix))
    if suffix == "parquet":
        assert pd.read_parquet(path).shape == (
            len(WILD[name]) if len(WILD[name].columns) else 0,
            len(WILD[name].columns),
        )
    else:
        assert path.read_bytes().count(b"\r\n") >= len(WILD[name])


def test_names_of_users_are_no_markup() -> None:
    at = drawn(WILD["markup"])
    at.multiselect(key=part("filter")).set_value([0]).run()
    label = at.text_input(key=part("filter-text-0")).label
    assert "![" not in label
    assert "**" not in label
    assert table(at).index.name == MARKUP
    assert list(table(at)) == [f"{MARKUP} (2)"]


def test_files_are_made_when_they_are_asked_for(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(value: Any, suffix: str, most: int | None) -> bytes:
        raise AssertionError(f"{suffix} of {type(value)} was made")

    monkeypatch.setattr("core.value.answer.to_bytes", refuse)
    assert labels(drawn(frame), "download_button") == ["CSV", "Parquet"]
    assert labels(drawn(frame["n"]), "download_button") == ["CSV", "Parquet"]
    assert labels(drawn(go.Figure()), "download_button") == ["HTML", "JSON"]
    assert labels(drawn(np.zeros(3)), "download_button") == ["NPY"]


# Series


def line(at: AppTest) -> tuple[list[Any], list[float]]:
    """The places and the values of the one line that is drawn, as they are sent."""
    (found,) = at.get("plotly_chart")
    (trace,) = json.loads(found.proto.spec)["data"]
    return sent(trace["x"]), sent(trace["y"])


def sent(values: Any) -> list[Any]:
    if isinstance(values, dict):
        return list(np.frombuffer(b64decode(values["bdata"]), dtype=values["dtype"]).tolist())
    return list(values)


def test_numbers_are_a_line_over_their_dates_with_statistics() -> None:
    days = pd.date_range("2020-01-01", periods=3)
    at = drawn(pd.Series([1.0, np.nan, 2.5], index=days, name="price"))
    places, values = line(at)
    assert [day[:10] for day in places] == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert (values[0], values[2]) == (1.0, 2.5)
    assert captions(at) == "3 values  ·  float64  ·  1 missing  ·  2 distinct  ·  1 to 2\\.5  ·  mean 1\\.75"
    sound(at.segmented_control(key=part("view")).set_value("Rows").run())
    assert table(at).index.tolist() == list(days)
    assert list(table(at)) == ["price"]


@pytest.mark.parametrize(
    ("index", "places"),
    [
        (["b", "a"], [0, 1]),
        ([5, 9], [5, 9]),
        (pd.period_range("2020-01", periods=2, freq="M"), ["2020-01-01", "2020-02-01"]),
    ],
)
def test_without_dates_a_line_goes_over_numbers_or_positions(index: Any, places: list[Any]) -> None:
    drawn_places, _ = line(drawn(pd.Series([1, 2], index=index)))
    assert [str(place)[:10] for place in drawn_places] == [str(place) for place in places]


def test_a_long_line_is_thinned_and_keeps_its_extremes() -> None:
    values = np.zeros(100_000)
    values[54_321], values[98_765] = 9.0, -9.0
    at = drawn(pd.Series(values))
    _, drawn_values = line(at)
    assert len(drawn_values) < 5_000
    assert (min(drawn_values), max(drawn_values)) == (-9.0, 9.0)
    assert "of 100,000 points" in captions(at)


def test_flags_are_counted() -> None:
    at = drawn(pd.Series([True, False, None, True], dtype="boolean"))
    assert [(metric.label, metric.value, metric.delta) for metric in at.metric] == [
        ("True", "2", "50.0%"),
        ("False", "1", "25.0%"),
        ("Missing", "1", "25.0%"),
    ]


@pytest.mark.parametrize(
    "series",
    [
        pd.Series(["a", None, "b"]),
        pd.Series(pd.date_range("2020", periods=3)),
        pd.Series([1j, 2, 3]),
        pd.Series([Silent(), 1, None]),
        pd.Series(pd.Categorical(["a", "b", "a"])),
        pd.Series([], dtype="float64"),
        pd.Index(["a", "b"]),
        pd.MultiIndex.from_tuples([("a", 1)]),
    ],
    ids=lambda series: f"{type(series).__name__} of {series.dtype}",
)
def test_other_series_are_rows(series: Any) -> None:
    at = drawn(series)
    assert f"{len(series):,} values" in captions(at)
    assert len(table(at)) == len(series)
    assert not at.get("plotly_chart")


# Figures and pictures


def test_a_figure_has_its_tools_and_a_picture_of_its_name() -> None:
    at = drawn(go.Figure(go.Scatter(y=[1, 2])), name="my_fig")
    (found,) = at.get("plotly_chart")
    config = json.loads(found.proto.config)
    assert config["toImageButtonOptions"] == {"format": "png", "filename": "my_fig", "scale": 2}
    assert config["displaylogo"] is False


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(),
        go.Figure(go.Scatter(x=pd.date_range("2020", periods=3), y=np.arange(3.0)), {"title": {"text": MARKUP}}),
        go.Figure(go.Bar(x=["a", "b"], y=[1, None]), {"template": None}),
        go.Figure(go.Surface(z=np.zeros((3, 3))), {"template": "plotly_dark"}),
        go.Figure([go.Scatter(y=[1])], frames=[go.Frame(data=[go.Scatter(y=[2])], name="later")]),
    ],
    ids=["empty", "line", "no template", "surface", "frames"],
)
def test_a_figure_looks_as_it_was_made(figure: go.Figure) -> None:
    (found,) = drawn(figure).get("plotly_chart")
    assert json.loads(found.proto.spec) == json.loads(figure.to_json())
    assert found.proto.theme == "streamlit"


def test_a_figure_that_cannot_be_sent_is_described() -> None:
    figure = go.Figure(go.Scatter(y=[1], customdata=[object()]))
    at = tried(figure)
    assert not at.exception
    assert warnings(at) == ["It cannot be drawn (TypeError)."]
    assert "plotly" in captions(at)


def test_a_figure_of_matplotlib_is_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("matplotlib.figure")

    class Figure:
        closed = False

        def savefig(self, path: Path) -> None:
            assert path.suffix == ".png"  # without one, Matplotlib adds it and writes another file
            Image.new("RGB", (3, 2)).save(path)

    Figure.__module__ = module.__name__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    at = drawn(Figure())
    assert len(at.get("image")) == 1
    assert labels(at, "download_button") == ["PNG"]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "CMYK", "I;16", "F"])
def test_pictures_of_every_mode(mode: str) -> None:
    at = drawn(Image.new(mode, (40, 30)))
    assert len(at.get("image")) == 1
    assert f"40 × 30 pixels, {mode}" in captions(at)
    assert Image.open(BytesIO(output.to_bytes(Image.new(mode, (40, 30)), "png"))).size == (40, 30)


# Arrays


def test_a_table_of_numbers_has_pages_and_can_be_sorted() -> None:
    array = np.arange(300).reshape(100, 3)
    at = drawn(array)
    assert "array of 100 × 3  ·  int64  ·  0 to 299  ·  mean 149.5" in captions(at).replace("\\", "")
    at.selectbox(key=part("sort")).set_value(1).run()
    sound(at.checkbox(key=part("descending")).check().run())
    assert table(at).iloc[0].tolist() == [297, 298, 299]
    sound(at.number_input(key=part("page")).set_value(2).run())
    assert table(at).iloc[-1].tolist() == [0, 1, 2]


def test_of_three_dimensions_the_last_goes_across_and_the_others_down() -> None:
    at = drawn(np.arange(24.0).reshape(2, 3, 4))
    assert table(at).index.names == ["axis 0", "axis 1"]
    assert table(at).loc[(1, 2)].tolist() == [20.0, 21.0, 22.0, 23.0]
    assert len(table(at)) == 6


def test_an_array_of_colours_is_a_picture() -> None:
    at = drawn(np.zeros((4, 5, 3), dtype="uint8"))
    assert len(at.get("image")) == 1


ARRAYS: dict[str, tuple[Any, str]] = {
    "cube": (np.arange(24.0).reshape(2, 3, 4), "array of 2 × 3 × 4  ·  float64  ·  0 to 23  ·  mean 11.5"),
    "flat cube": (np.zeros((2, 0, 4)), "array of 2 × 0 × 4  ·  float64"),
    "cube of nothing": (np.zeros((2, 3, 0)), "array of 2 × 3 × 0  ·  float64"),
    "four dimensions": (np.zeros((2, 3, 4, 200)), "the first 100 columns shown"),
    "scalar": (np.array(3), "array of no dimension  ·  int64  ·  3 to 3  ·  mean 3"),
    "objects": (np.array([Silent(), None], dtype=object), "array of 2  ·  object"),
    "records": (np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), "array of 1"),
    "masked": (np.ma.array([1, 2], mask=[False, True]), "array of 2"),
    "empty": (np.zeros((0, 3)), "array of 0 × 3  ·  float64"),
    "missing": (np.array([np.nan]), "float64  ·  nan to nan"),
    "wide": (np.zeros((2, 500)), "the first 100 columns shown"),
    "complex": (np.array([1j]), "array of 1  ·  complex128"),
    "days": (np.array(["2020-01-01"], dtype="datetime64[D]"), "array of 1"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_every_array_can_be_looked_at(name: str) -> None:
    array, caption = ARRAYS[name]
    assert caption in captions(drawn(array)).replace("\\", "")


@pytest.mark.parametrize("name", ["objects", "masked"])
def test_an_array_without_an_open_format_offers_no_file(name: str) -> None:
    assert labels(drawn(ARRAYS[name][0]), "download_button") == []


# Numbers, texts, data, anything


@pytest.mark.parametrize(
    ("value", "shown", "exact"),
    [
        (1234567.8912345, "1,234,568", "1234567\\.8912345"),
        (1234567, "1,234,567", ""),
        (np.int8(-3), "\\-3", ""),
        (True, "True", ""),
        (Decimal("0.10"), "0\\.10", ""),
    ],
)
def test_numbers_have_separators_and_all_their_digits(value: Any, shown: str, exact: str) -> None:
    at = drawn(value)
    assert at.metric[0].value.replace("\\,", ",") == shown
    assert captions(at) == exact


def test_of_a_long_text_the_beginning_is_shown_as_it_stands() -> None:
    at = drawn(MARKUP * 2_000)
    assert at.code[0].value == (MARKUP * 2_000)[:20_000]
    assert "the first 20,000 characters shown" in captions(at)


@pytest.mark.parametrize("text", ["", MARKUP, "\ud800", "\x00", "```\n# x\n```"])
def test_texts_are_shown_as_they_stand(text: str) -> None:
    at = drawn(text)
    assert [code.value for code in at.code] == ([text.replace("\ud800", "\\ud800")] if text else [])


def test_data_are_a_tree() -> None:
    at = drawn({"a": [1, {"b": None}], 2: (MARKUP,)})
    assert json.loads(at.json[0].value) == {"a": [1, {"b": None}], "2": [MARKUP]}
    assert captions(at) == "dict of 2"


def test_of_much_data_a_part_is_shown_and_said() -> None:
    at = drawn(list(range(10**6)))
    assert len(json.loads(at.json[0].value)) == 2_000
    assert captions(at).replace("\\", "") == "list of 1,000,000, shown in part"


def test_bytes_are_shown_by_their_size_and_beginning() -> None:
    at = drawn(b"\x00\xff" * 5_000)
    assert captions(at) == "10,000 bytes, the first 256 bytes shown"
    assert at.code[0].value.startswith("000000  00 ff 00 ff")
    assert len(at.code[0].value.splitlines()) == 16


class Markup:
    """Something that describes itself by markup, at length."""

    def __repr__(self) -> str:
        return MARKUP * 10_000


def test_anything_else_is_its_type_its_size_and_its_own_words() -> None:
    at = drawn(Markup())
    assert at.code[0].value.startswith(MARKUP)
    assert len(at.code[0].value) < 3_000
    assert "Markup" in captions(at)
    assert "bytes by itself" in captions(at)


@pytest.mark.parametrize("value", [Silent(), type("A", (), {"__module__": None})(), print, Markup, iter([]), ...])
def test_nothing_is_too_strange(value: Any) -> None:
    assert len(drawn(value).code) == 1


class Pretender:
    """Something that says it is a frame."""

    __module__ = "pandas"


def test_what_only_says_that_it_is_a_frame_is_described() -> None:
    Pretender.__name__ = "DataFrame"
    at = tried(Pretender())
    assert not at.exception
    assert warnings(at) == ["It cannot be drawn (TypeError)."]


def test_none_is_said() -> None:
    assert captions(drawn(None)) == "None"


# At a glance


def glanced(value: Any, name: str = "x") -> AppTest:
    def page(holder, name):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.widgets.value.preview import preview

        preview(holder, "value", name)

    return sound(AppTest.from_function(page, args=(holder_of(value), name), default_timeout=30).run())


@pytest.mark.parametrize(
    ("value", "rows", "lines", "said"),
    [
        (pd.DataFrame({"n": range(30)}), [10], 0, "the first 10 of 30 rows"),
        (pd.DataFrame({"n": range(10)}), [10], 0, ""),
        (pd.Series(["x"] * 30), [10], 0, "the first 10 of 30 rows"),
        (pd.Series(range(30)), [], 1, ""),
        (pd.Series(range(3)), [3], 0, ""),
        (pd.Series(range(9_000)), [], 1, "drawn from 3,600 of 9,000 points, the lowest and highest of every stretch"),
        (pd.Index(["a", "b"]), [2], 0, ""),
        (go.Figure(), [], 1, ""),
    ],
    ids=["frame", "short frame", "texts", "numbers", "few numbers", "many numbers", "index", "figure"],
)
def test_at_a_glance_a_value_is_small(value: Any, rows: list[int], lines: int, said: str) -> None:
    at = glanced(value)
    assert [len(found.value) for found in at.dataframe] == rows
    assert len(at.get("plotly_chart")) == lines
    assert captions(at) == said


# Answers that are missing or odd


class Odd:
    """Holds nothing; gives the answers that it was given, or raises."""

    def __init__(self, kind: str, found: Callable[[Question], Answer]) -> None:
        self.kind, self.ask = kind, found


def shown(kind: str, found: Callable[[Question], Answer]) -> AppTest:
    chosen.append(lambda _: Odd(kind, found))
    try:
        at = tried(None)
    finally:
        chosen.pop()
    assert not at.exception
    return at


KINDS = ("frame", "series", "array", "figure", "image", "number", "text", "data", "nothing", "other", "unheard of")


@once
@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_can_answer_the_page_says_why(kind: str) -> None:
    def fail(_: Question) -> Answer:
        raise ArtifactError(f"the artifact is gone {MARKUP}")

    at = shown(kind, fail)
    assert [warning.value for warning in at.warning] == [plain(f"the artifact is gone {MARKUP}")]


@once
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_is_only_a_reason_is_said(kind: str) -> None:
    at = shown(kind, lambda _: Answer({"reason": MARKUP}))
    assert [warning.value for warning in at.warning] == [plain(MARKUP)]
    assert not at.code


@once
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": MARKUP},
        {"kind": "number", "rows": MARKUP, "names": MARKUP, "kinds": 3, "files": 7, "shape": MARKUP},
    ],
    ids=["empty", "kind", "types"],
)
def test_an_odd_answer_is_not_drawn(kind: str, data: dict[str, Any]) -> None:
    at = shown(kind, lambda _: Answer(data, content=b"odd"))
    assert at.warning
    assert MARKUP not in "".join(warning.value for warning in at.warning) + captions(at)


def test_a_picture_that_no_page_can_hold_is_not_decoded() -> None:
    size = (60_000).to_bytes(4, "big") * 2
    content = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + size + bytes(30)
    at = shown("image", lambda _: Answer({"caption": "", "files": {}}, content=content))
    assert warnings(at) == ["The picture is too large to be drawn here."]


def test_a_file_too_large_to_be_sent_cannot_be_asked_for_and_says_why() -> None:
    head = holder_of(np.zeros((3, 1))).ask(question.head()).data
    rows = holder_of(np.zeros((3, 1))).ask(question.rows(Query(), 0, 50))
    told = {**head, "files": {"npy": f"too large {MARKUP}"}}
    at = shown("array", lambda asking: Answer(told) if asking["ask"] == "head" else rows)
    (button,) = at.get("download_button")
    assert button.proto.disabled
    assert button.proto.help == plain(f"too large {MARKUP}")


def test_a_file_that_turns_out_too_large_is_none() -> None:
    with pytest.raises(UndrawnError, match="more than 8"):
        content(Odd("frame", lambda _: Answer({"reason": "more than 8 MB"})), "csv")


def test_a_value_that_was_not_stored_is_its_type_its_words_and_the_reason() -> None:
    def page(summary):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.widgets.value_view import unstored_view

        unstored_view(summary)

    summary = {"type": f"a.{MARKUP}", "text": f"<it {MARKUP}>", "reason": f"it holds a lock {MARKUP}"}
    at = AppTest.from_function(page, args=(summary,), default_timeout=30).run()
    assert not at.exception
    assert [warning.value for warning in at.warning] == [plain(summary["reason"])]
    assert captions(at) == plain(summary["type"])
    assert [code.value for code in at.code] == [summary["text"]]
    at = AppTest.from_function(page, args=({},), default_timeout=30).run()
    assert warnings(at) == ["It could not be stored."]
