"""What differs between two values of every kind: told in one sentence, bounded, and never raising."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.compare import array, column, frame, lines, nested
from core.compare.value import compare_values
from tests.core.functions import Thing

DAYS = pd.date_range("2007-01-01", periods=5, tz="Europe/Berlin")


class Hostile:
    """Raises whatever it is asked."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __bool__(self) -> bool:
        raise RuntimeError("no")


def sample_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": [1.0, np.nan, 3.0, 4.0, 5.0],
            "whole": [1, 2, 3, 4, 5],
            "text": ["a", None, "c", "d", "e"],
            "kind": pd.Categorical(list("aabba")),
            "moment": DAYS,
            "maybe": pd.array([1, None, 3, 4, 5], dtype="Int64"),
            "object": [{"a": 1}, [1, float("nan")], None, (1,), "x"],
        },
        index=DAYS,
    )


def sample_figure() -> go.Figure:
    figure = go.Figure(go.Scatter(x=pd.date_range("2020", periods=100), y=np.arange(100.0), name="Price"))
    figure.add_trace(go.Bar(x=["a", "b"], y=[1, 2], name="Bars"))
    return figure.update_layout(title="Title")


EVERYTHING = [
    None,
    1,
    True,
    2.5,
    float("nan"),
    float("inf"),
    1 + 2j,
    10**5000,
    Decimal("NaN"),
    Fraction(1, 3),
    np.float32(1.5),
    "text",
    "",
    b"\x00",
    dt.date(2007, 1, 1),
    pd.NaT,
    pd.Timestamp("2007", tz="UTC"),
    [],
    [1, [2, {"a": float("nan")}]],
    {"frame": sample_frame(), "array": np.arange(3)},
    {float("nan"), 1},
    sample_frame(),
    pd.DataFrame(),
    pd.DataFrame([[1, 2]], columns=["a", "a"]),
    sample_frame().set_index(["kind", "whole"]),
    sample_frame()["number"],
    pd.Series([], dtype=object),
    pd.Index([1, 1]),
    pd.MultiIndex.from_tuples([(1, "a"), (1, "b")]),
    np.array([np.nan, 1.0]),
    np.array(5),
    np.zeros(2, dtype="i4,f8"),
    np.array([{"a": 1}, None], dtype=object),
    np.ma.masked_array([1, 2], [0, 1]),
    np.array(["2007-01-01", "NaT"], dtype="M8[D]"),
    sample_figure(),
    Image.new("RGB", (3, 2), "red"),
    Image.new("1", (3, 2)),
]


@pytest.mark.parametrize("value", EVERYTHING, ids=lambda value: type(value).__name__)
def test_a_value_is_equal_to_its_copy(value: Any) -> None:
    import copy

    found = compare_values(value, copy.deepcopy(value))
    assert found.is_equal, found.summary
    assert found.is_exact
    assert found.summary == "they are equal"


@pytest.mark.parametrize("old", EVERYTHING, ids=lambda value: type(value).__name__)
def test_two_different_values_are_never_equal(old: Any) -> None:
    for new in EVERYTHING:
        if new is not old:
            found = compare_values(old, new)
            assert not found.is_equal
            assert found.summary
            assert "\n" not in found.summary
            assert len(found.summary) < 600


@pytest.mark.parametrize("value", [Hostile(), [Hostile()], {"a": Hostile()}, pd.Series([Hostile()], dtype=object)])
def test_a_value_that_raises_is_only_different(value: Any) -> None:
    other = type(value)([Hostile()]) if isinstance(value, list) else Hostile()
    assert not compare_values(value, other).is_equal
    assert compare_values(value, value).summary


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        (100, 150, "100 -> 150 (+50, +50%)"),
        (-2.0, -3.0, "-2 -> -3 (-1, -50%)"),
        (0, 5, "0 -> 5 (+5)"),
        (1, 1.0, "the same number 1, as float instead of int"),
        (True, False, "True -> False"),
        (np.int8(100), np.int8(-100), "100 -> -100 (-200, -200%)"),
        (Decimal("0.1"), 0.2, "0.1 -> 0.2 (+0.1, +100%)"),
        (1.0, float("nan"), "1 -> nan"),
        (float("inf"), float("-inf"), "inf -> -inf (-inf)"),
        (2**63, 2**63 + 1, "9,223,372,036,854,775,808 -> 9,223,372,036,854,775,809 (+1, +1.0842e-17%)"),
    ],
)
def test_numbers_have_a_difference_and_a_percentage(old: Any, new: Any, summary: str) -> None:
    assert compare_values(old, new).summary == summary


@pytest.mark.parametrize(("old", "new"), [([None], [float("nan")]), ([1], [True]), ((1,), [1]), ([0.0], [0])])
def test_parts_of_two_types_differ(old: Any, new: Any) -> None:
    assert not compare_values({"a": old}, {"a": new}).is_equal


def test_missing_cells_of_a_frame_equal_each_other() -> None:
    cells = [pd.Series([None, 1], dtype=object), pd.Series([float("nan"), 1], dtype=object)]
    assert compare_values(*cells).is_equal


def test_values_of_two_kinds_are_named() -> None:
    assert compare_values(1, "a").summary == "was a number (int), is a text (str)"
    assert compare_values(None, [1]).summary == "was nothing, is nested data (list)"


def test_texts_are_a_diff_with_the_place_of_the_first_difference() -> None:
    text = "".join(f"line {number}\n" for number in range(100))
    found = compare_values(text, text.replace("line 50\n", "line fifty\n"))
    assert found.summary == "1 line added, 1 line removed; the first difference is in line 51, at character 6"
    assert found.details.lines[0] == "@@ -48,7 +48,7 @@"
    assert [line for line in found.details.lines if line[0] in "+-"] == ["-line 50", "+line fifty"]


def test_a_difference_far_to_the_right_of_a_long_line_is_shown() -> None:
    found = compare_values("x" * 100_000 + "old", "x" * 100_000 + "new")
    assert found.details.lines[1].endswith("xold")
    assert found.details.lines[2].endswith("xnew")
    assert max(map(len, found.details.lines)) < lines.MAX_LINE + 10


def test_texts_that_differ_everywhere_are_compared_in_part() -> None:
    found = compare_values("ab\n" * 50_000 + "x", "x" + "ba\n" * 50_000)
    assert not found.is_exact
    assert not found.is_equal
    assert len(found.details.lines) <= 2 * lines.MAX_LINES + 10


@given(st.text(), st.text())
def test_texts_are_equal_only_if_they_are(old: str, new: str) -> None:
    assert compare_values(old, new).is_equal == (old == new)


def test_nested_data_is_compared_path_by_path() -> None:
    old = {"a": [1, 2, {"b": 1}], "gone": 1, "same": (1, float("nan")), "with space": 1}
    new = {"a": [1, 2.0, {"b": 2}], "came": 1, "same": (1, float("nan")), "with space": 2}
    found = compare_values(old, new)
    assert [str(change) for change in found.details.changes] == [
        "a[1]: 2 (int) -> 2.0 (float)",
        "a[2].b: 1 -> 2",
        "gone removed: 1",
        "['with space']: 1 -> 2",
        "came added: 1",
    ]
    assert found.summary == "3 values changed, 1 value added, 1 value removed"


def test_a_frame_inside_data_is_compared_as_a_frame() -> None:
    found = compare_values({"f": pd.DataFrame({"a": range(50)})}, {"f": pd.DataFrame({"a": [*range(49), 0]})})
    assert "1 cell of 50 changed" in found.details.changes[0].new


def test_nested_data_without_end_is_compared_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    old: list[Any] = []
    new: list[Any] = []
    old.append(old)
    new.append(new)
    assert not compare_values(old, new).is_exact
    monkeypatch.setattr(nested, "MAX_VISITS", 100)
    found = compare_values(list(range(1000)), list(range(1000)))
    assert not found.is_exact
    assert not found.is_equal
    assert found.summary == "no difference in the part that was compared"


def test_changes_of_data_are_counted_but_not_all_listed() -> None:
    found = compare_values([0] * 10_000, [1] * 10_000 + [2] * 10_000)
    assert (found.details.changed, found.details.added) == (10_000, 10_000)
    assert len(found.details.changes) == nested.MAX_CHANGES


def test_frames_are_matched_by_label_and_column() -> None:
    old = sample_frame()
    new = old.copy()
    new.loc[DAYS[3], "number"] = 6.0
    new.loc[DAYS[1], "text"] = "b"
    new = new.iloc[1:].assign(more=1).drop(columns="whole")
    found = compare_values(old, new)
    assert found.summary == "2 cells of 24 changed, 1 row removed, column more added, column whole removed"
    assert found.details.first.to_dict("list") == {
        "row": [str(DAYS[1]), str(DAYS[3])],
        "column": ["text", "number"],
        "old": ["None" if old["text"].iloc[1] is None else "nan", "4.0"],
        "new": ["b", "6.0"],
    }
    number = found.details.columns_compared[0]
    assert (number.changed, number.largest, number.old.mean, number.new.highest) == (1, 2.0, 3.25, 6.0)
    assert found.details.statistics().loc[0, "largest difference"] == 2.0


def test_rows_without_unique_labels_are_matched_by_position() -> None:
    old = pd.DataFrame({"a": [1, 2, 3]}, index=[0, 0, 1])
    found = compare_values(old, pd.DataFrame({"a": [1, 5]}, index=[0, 0]))
    assert not found.details.is_by_label
    assert found.summary == "1 cell of 2 changed, 1 row removed"


@pytest.mark.parametrize(
    ("change", "summary"),
    [
        (lambda frame: frame[::-1], "in another order"),
        (lambda frame: frame[frame.columns[::-1]], "in another order"),
        (lambda frame: frame.astype({"whole": "float64"}), "another type or name of whole"),
        (lambda frame: frame.astype({"kind": object}), "another type or name of kind"),
        (lambda frame: frame.assign(moment=DAYS.tz_convert("UTC")), "another type or name of moment"),
        (lambda frame: frame.rename_axis("day"), "another type or name of the names of the index"),
        (lambda frame: frame.assign(kind=frame["kind"].cat.as_ordered()), "another type or name of kind"),
        (lambda frame: frame.assign(moment=DAYS.tz_localize(None)), "5 cells of 35 changed, another type or name of"),
    ],
)
def test_orders_types_zones_and_categories_are_told(change: Any, summary: str) -> None:
    found = compare_values(sample_frame(), change(sample_frame()))
    assert found.summary.startswith(summary)
    assert not found.is_equal


def test_frames_with_equal_column_names_are_matched_in_turn() -> None:
    found = compare_values(pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame([[1, 3]], columns=["a", "a"]))
    assert found.summary == "1 cell of 2 changed"
    assert found.details.first["column"].tolist() == ["a (2)"]


def test_large_frames_are_sampled_and_no_equality_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "MAX_CELLS", 1_000)
    old = pd.DataFrame(np.zeros((10_000, 2)))
    found = compare_values(old, old.copy())
    assert not found.is_equal
    assert not found.is_exact
    assert found.summary == "no difference, as far as 500 evenly spaced rows tell"


def test_categories_are_compared_by_what_they_stand_for() -> None:
    old = pd.Series(pd.Categorical(["a", "b", None, "a"]))
    new = pd.Series(pd.Categorical(["a", "c", None, None], categories=["c", "a"]))
    assert column.differs(old, new).tolist() == [False, True, False, True]
    assert column.differs(old, old.astype(object)).tolist() == [False] * 4
    numbers = pd.Series(pd.Categorical([1, 2, None]))
    assert column.differs(numbers, pd.Series([1.0, 3.0, np.nan])).tolist() == [False, True, False]


def test_columns_of_lists_are_compared_in_no_time() -> None:
    old = pd.DataFrame({"lists": [[number] for number in range(30_000)]})
    new = old.copy()
    new.at[7, "lists"] = [0]
    assert compare_values(old, new).summary == "1 cell of 30,000 changed"


def test_the_first_changed_cells_are_few() -> None:
    old = pd.DataFrame(np.zeros((1_000, 50)))
    assert len(compare_values(old, old + 1).details.first) == frame.MAX_SHOWN


NUMBERS = st.lists(st.floats() | st.none(), max_size=8)


@given(NUMBERS, NUMBERS)
def test_cells_differ_one_by_one_as_they_differ_together(old: list[Any], new: list[Any]) -> None:
    size = min(len(old), len(new))
    pairs = [pd.Series(side[:size], dtype=float) for side in (old, new)]
    objects = [side.astype(object) for side in pairs]
    assert column.differs(*pairs).tolist() == column.differs(*objects).tolist()


def test_series_are_laid_over_each_other_by_label() -> None:
    old = pd.Series([1.0, 2.0, 3.0], index=DAYS[:3], name="price")
    new = pd.Series([5.0, 2.0, 4.0], index=DAYS[[3, 1, 2]], name="price")
    found = compare_values(old, new)
    assert found.summary == "1 cell of 2 changed, 1 row added, 1 row removed"
    overlay = found.details.overlay
    assert overlay.index.tolist() == list(DAYS[:4])
    np.testing.assert_array_equal(overlay["old"], [1.0, 2.0, 3.0, np.nan])
    np.testing.assert_array_equal(overlay["new"], [np.nan, 2.0, 4.0, 5.0])


@pytest.mark.parametrize(("left", "right"), [(2, 4), (4, 2), (3, 3), (0, 2)])
def test_series_without_unique_labels_are_laid_over_each_other_by_position(left: int, right: int) -> None:
    old, new = (pd.Series(np.arange(float(size)), index=[7] * size) for size in (left, right))
    overlay = compare_values(old, new).details.overlay
    assert overlay["old"].dropna().tolist() == old.tolist()
    assert overlay["new"].dropna().tolist() == new.tolist()


def test_long_series_are_laid_over_each_other_in_outline() -> None:
    old = pd.Series(np.zeros(1_000_000))
    new = old.copy()
    new[123_456] = 9.0
    overlay = compare_values(old, new).details.overlay
    assert len(overlay) < 20_000
    assert overlay.loc[123_456, "new"] == 9.0


def test_series_of_texts_have_no_overlay_and_names_count() -> None:
    found = compare_values(pd.Series(["a"], name="x"), pd.Series(["a"], name="y"))
    assert found.details.overlay is None
    assert found.summary == "its name is 'y' instead of 'x'"


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        (np.zeros(3), np.zeros((3, 1)), "shape 3 -> 3 × 1"),
        (np.arange(3), np.arange(3.0), "type int64 -> float64"),
        (np.array([np.nan, 1.0]), np.array([np.nan, 3.0]), "1 of 2 items changed, by at most 2"),
        (np.array([1, 2], "u1"), np.array([255, 2], "u1"), "1 of 2 items changed, by at most 254"),
        (np.zeros(2, "i4,f8"), np.array([(0, 1), (0, 0)], "i4,f8"), "1 of 2 items changed"),
        (np.ma.masked_array([1, 2], [0, 1]), np.ma.masked_array([1, 2], [0, 0]), "1 of 2 items changed, by at most 0"),
        (np.array(["a", "b"]), np.array(["a", "c"]), "1 of 2 items changed"),
    ],
)
def test_arrays(old: Any, new: Any, summary: str) -> None:
    assert compare_values(old, new).summary == summary


def test_changed_items_of_an_array_are_named_by_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    old = np.zeros((3, 4))
    new = old.copy()
    new[2, 1] = 5
    assert str(compare_values(old, new).details.first[0]) == "[2, 1]: 0.0 -> 5.0"
    monkeypatch.setattr(array, "MAX_ITEMS", 6)
    found = compare_values(old, old.copy())
    assert found.summary == "no difference, as far as 6 evenly spaced items tell"
    assert not found.is_equal


def test_a_figure_is_equal_to_itself_read_back_from_its_file() -> None:
    figure = sample_figure()
    assert compare_values(figure, plotly.io.from_json(figure.to_json())).is_equal


def test_figures_tell_which_traces_and_which_parts_of_the_layout_differ() -> None:
    changed = sample_figure().update_layout(title="Other")
    changed.data[0].y = np.arange(100.0) * 2
    found = compare_values(sample_figure(), changed)
    assert found.summary == "1 trace changed: Price; layout.title.text changed"
    assert [change.name for change in found.details.changes] == ["data[0].y", "layout.title.text"]
    assert "99 of 100 items changed" in found.details.changes[0].new


def test_a_figure_with_one_more_trace() -> None:
    found = compare_values(sample_figure(), sample_figure().add_trace(go.Scatter(y=[1])))
    assert found.summary == "2 -> 3 traces"


def test_pictures() -> None:
    old = Image.new("RGB", (10, 10))
    new = old.copy()
    new.putpixel((1, 1), (0, 0, 9))
    found = compare_values(old, new)
    assert found.summary == "1.0% of the points differ"
    assert (found.details.share, found.details.largest) == (0.01, 9)
    assert compare_values(old, Image.new("RGB", (5, 10))).summary == "10 × 10 -> 5 × 10 points"
    assert compare_values(old, old.convert("RGBA")).summary == "mode RGB -> RGBA"


def test_values_of_other_types_are_equal_if_they_say_so_and_else_compared_as_text() -> None:
    day = dt.datetime(2007, 1, 1)
    assert compare_values(day, dt.datetime(2007, 1, 1)).is_equal
    found = compare_values(day, dt.datetime(2008, 1, 1))
    assert found.summary == "they differ"
    assert "+datetime.datetime(2008, 1, 1, 0, 0)" in found.details.lines
    assert not compare_values(Thing(1), Thing(2)).is_equal
