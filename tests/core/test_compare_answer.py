"""Differences of two values, as they are sent: every kind survives the way as bytes, with what matters in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from core.compare.answer import answer_comparison
from core.value.answer import Answer


def sent(old: Any, new: Any) -> Answer:
    return Answer.from_bytes(answer_comparison(old, new).to_bytes())


def test_numbers_come_with_difference_and_percent() -> None:
    found = sent(2.0, 2.5).data
    assert (found["kind"], found["is_equal"]) == ("number", False)
    assert found["details"] == {"old": "2", "new": "2.5", "difference": "+0.5", "percent": "+25%"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (float("nan"), 1.0),
        (1.0, float("inf")),
        (True, 2),
        (1j, 2j),
        (Fraction(1, 3), Fraction(2, 3)),
        (0, 10**400),
        (np.int8(120), np.int8(-120)),
    ],
)
def test_any_two_numbers_can_be_sent(old: Any, new: Any) -> None:
    assert not sent(old, new).data["is_equal"]


def test_frames_come_with_statistics_and_the_first_changed_cells() -> None:
    old = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    new = pd.DataFrame({"a": [1, 5, 3, 4], "c": [1.0, 2.0, float("nan"), 4.0]})
    details = sent(old, new).data["details"]
    assert (details["rows"], details["columns_added"], details["columns_removed"]) == ([3, 4], ["c"], ["b"])
    assert details["first"] == [["1", "a", "2", "5"]]
    [line] = details["statistics"]
    assert (line["column"], line["cells changed"], line["mean"], line["new mean"]) == ("a", 1, 2.0, 3.25)


def test_series_come_over_each_other() -> None:
    dates = pd.date_range("2024-01-01", periods=4)
    found = sent(pd.Series([1.0, 2.0, 3.0], dates[:3]), pd.Series([1.0, 9.0, 4.0], dates[1:]))
    assert found.frame is not None
    assert list(found.frame.columns) == ["old", "new"]
    assert list(found.frame.index) == list(dates)
    assert found.frame["new"].tolist()[1:] == [1.0, 9.0, 4.0]


def test_series_of_texts_have_no_line() -> None:
    found = sent(pd.Series(["a", "b"]), pd.Series(["a", "c"]))
    assert found.frame is None
    assert found.data["details"]["first"] == [["1", "value", "b", "c"]]


def test_an_empty_and_a_nested_index_can_be_sent() -> None:
    nested = pd.MultiIndex.from_product([["x", "y"], [1, 2]])
    assert sent(pd.Series([], dtype=float), pd.Series([1.0])).data["details"]["rows"] == [0, 1]
    assert not sent(pd.Series([1.0, 2.0, 3.0, 4.0], nested), pd.Series([1.0, 2.0, 3.0, 5.0], nested)).data["is_equal"]


def test_texts_come_as_a_diff() -> None:
    assert sent("a\nb", "a\nc").data["details"]["lines"] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]


def test_nested_data_come_path_by_path() -> None:
    details = sent({"a": {"b": 1}, "c": 2}, {"a": {"b": 3}, "d": 4}).data["details"]
    assert details["changes"] == [["a.b", "1", "3"], ["c", "2", None], ["d", None, "4"]]


def test_figures_come_with_what_was_changed_in_them() -> None:
    old, new = (go.Figure(go.Scatter(y=[1, 2, last], name="line")) for last in (3, 4))
    details = sent(old, new).data["details"]
    assert (details["traces"], details["changed_traces"]) == ([1, 1], [0])


def test_arrays_and_pictures_come_with_the_size_of_the_difference() -> None:
    details = sent(np.array([1.0, 2.0]), np.array([1.0, 4.0])).data["details"]
    assert (details["changed"], details["largest"], details["means"]) == (1, 2.0, [1.5, 2.5])
    details = sent(Image.new("L", (2, 2)), Image.new("L", (2, 2), 10)).data["details"]
    assert (details["share"], details["largest"]) == (1.0, 10)


def test_values_of_two_kinds_are_told_apart() -> None:
    found = sent(1, "1").data
    assert (found["kind"], found["summary"], found["details"]) == (
        "different",
        "was a number (int), is a text (str)",
        {},
    )


def test_a_value_that_raises_is_unreadable() -> None:
    class Trap:
        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        def __repr__(self) -> str:
            raise RuntimeError

        __hash__ = None  # type: ignore[assignment]

    assert sent(Trap(), Trap()).data["kind"] in ("other", "unreadable")


def test_equal_values_are_equal() -> None:
    frame = pd.DataFrame({"a": [1.0, float("nan")]})
    found = sent(frame, frame.copy()).data
    assert (found["is_equal"], found["details"]["changed"], found["details"]["first"]) == (True, 0, [])
