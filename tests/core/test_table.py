"""Rows and frames as people have them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import Task, Workflow
from core.cell import MAX_KEYS
from core.errors import FormatError
from core.table import COLUMNS, cell_text, from_dataframe, match_header, read_rows, to_dataframe, to_rows
from core.task import Unread


def one(**cells: Any) -> Task:
    return read_rows([{"order": 0, "funcPath": "m.f", **cells}])[0]


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        ("a", ("a",)),
        (" a ", ("a",)),
        ("a, b", ("a", "b")),
        ("a,b,", ("a", "b")),
        ("a,", ("a",)),
        ("('a', 'b')", ("a", "b")),
        ("('a',)", ("a",)),
        ("['a']", ("a",)),
        ('["a", "b"]', ("a", "b")),
        ('"a"', ("a",)),
        ("()", ()),
        ("[]", ()),
        ("", ()),
        ("  ", ()),
        (None, ()),
        (float("nan"), ()),
        (np.float64("nan"), ()),
        (pd.NA, ()),
        (["a", "b"], ("a", "b")),
        (("a",), ("a",)),
        ((), ()),
        ("a b", ("a b",)),
    ],
)
@pytest.mark.parametrize("column", ["inputKeys", "outputKeys"])
def test_keys_are_read_from(raw: Any, keys: tuple[str, ...], column: str) -> None:
    task = one(**{column: raw})
    assert (task.input_keys if column == "inputKeys" else task.output_keys) == keys
    assert task.unread == {}


@pytest.mark.parametrize(
    ("raw", "order"),
    [(3, 3), (-3, -3), (3.0, 3), ("3", 3), (" 3 ", 3), ("-3", -3), ("+3", 3), ("3.0", 3), ("3.", 3), (np.int64(3), 3),
     (np.float64(3), 3), (Decimal(3), 3), (10**9, 10**9)],
)  # fmt: skip
def test_order_is_read_from(raw: Any, order: int) -> None:
    task = one(order=raw)
    assert task.order == order
    assert type(task.order) is int
    assert task.unread == {}


@pytest.mark.parametrize(
    "raw",
    [None, "", "x", "1e3", "1.5", 1.5, float("nan"), float("inf"), True, "0x1", "१", [1], 10**9 + 1, "9" * 5000, 1j,
     Decimal("NaN"), Decimal("sNaN"), Decimal("1e99999"), np.array([1, 2]), pd.NaT, b"1", "1_000", "\n1"],
    ids=lambda raw: repr(raw)[:20],
)  # fmt: skip
def test_order_that_is_no_whole_number_is_kept_with_the_reason(raw: Any) -> None:
    task = one(order=raw)
    assert task.order == 0
    assert task.unread["order"].raw is raw
    assert "order" in task.unread["order"].reason
    assert len(task.unread["order"].reason) < 150


@pytest.mark.parametrize(
    ("raw", "kwargs"),
    [
        ({}, {}),
        ("{}", {}),
        ("", {}),
        (None, {}),
        (float("nan"), {}),
        ('{"a": [1, true, null]}', {"a": [1, True, None]}),
        ("{'a': (1, None)}", {"a": (1, None)}),
        ('{"a": {"$tuple": [1]}}', {"a": (1,)}),
        ({"a": {"$tuple": [1]}}, {"a": {"$tuple": [1]}}),
        ({"a": (1,)}, {"a": (1,)}),
    ],
)
def test_kwargs_are_read_from(raw: Any, kwargs: dict[str, Any]) -> None:
    task = one(kwargs=raw)
    assert task.kwargs == kwargs
    assert task.unread == {}


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        ("kwargs", "Close"),
        ("kwargs", "[1]"),
        ("kwargs", 5),
        ("kwargs", "{1: 2}"),
        ("kwargs", {f"k{number}": 1 for number in range(MAX_KEYS + 1)}),
        ("inputKeys", "('a', 1)"),
        ("inputKeys", "('a'"),
        ("inputKeys", "{'a': 1}"),
        ("inputKeys", [f"k{number}" for number in range(MAX_KEYS + 1)]),
        ("outputKeys", 1.5),
        ("outputKeys", {"a"}),
        ("funcPath", 3),
        ("note", 5),
    ],
)
def test_cell_that_cannot_be_read_is_kept_as_it_came(column: str, raw: Any) -> None:
    task = one(**{column: raw})
    assert isinstance(task.unread[column], Unread)
    assert task.unread[column].raw == raw
    assert to_rows([task])[0][column] == raw


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0, "m.f"]], r"TASKS\[0\] has 2 cells, expected 5: order, funcPath"),
        ([[0, "m.f", "a", {}, "b"], 5], r"TASKS\[1\] is a int, expected a row"),
        (["abcde"], r"TASKS\[0\] is a str, expected a row"),
        ([None], r"TASKS\[0\] is a NoneType"),
        ([{"id": "a", "order": 0}, {"id": "a", "order": 0}], r"TASKS\[1\] has the id 'a', as has TASKS\[0\]"),
        ([{"id": "t2", "order": 0}, [0, "m.f", (), {}, ()]], r"TASKS\[1\] has the id 't2'"),
        ([{"id": "a b", "order": 0}], r"TASKS\[0\] has the id 'a b'; an id is 1 to 64"),
        ([{"id": "a\n", "order": 0}], "has the id"),
        ([{"id": 5, "order": 0}], "has the id '5'"),
        ([{"id": "x" * 65, "order": 0}], "has the id"),
    ],
)
def test_what_is_no_row_is_refused_with_its_place(rows: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_rows(rows)


def test_too_many_rows_are_refused_before_they_are_read() -> None:
    def endless() -> Any:
        while True:
            yield [0, "m.f", (), {}, ()]

    with pytest.raises(FormatError, match="TASKS has more than 20,000 rows"):
        read_rows(endless())


@pytest.mark.parametrize(
    "keys", [(), ("a",), ("a", "b"), ("a b",), ("a,b",), ("",), (" a",), ("(x)",), ("'q'",), ("a", "")]
)
def test_text_of_keys_is_read_back(keys: tuple[str, ...]) -> None:
    task = Task("t1", 0, "m.f", keys)
    assert one(inputKeys=cell_text(task, "inputKeys")).input_keys == keys


def test_text_of_kwargs_without_exact_form_is_shown_as_python() -> None:
    assert cell_text(Task("t1", 0, "m.f", kwargs={"a": int}), "kwargs") == "{'a': <class 'int'>}"


TASKS = (
    Task("t1", 2, "m.f", ("a",), {"x": (1, [2])}, ("b", "c")),
    Task("t2", 0, "m.g"),
    Task("t3", 2, "m.h", (), {}, ("d",)),
)


def test_frame_has_the_five_columns_in_run_order() -> None:
    frame = to_dataframe(TASKS)
    assert tuple(frame.columns) == COLUMNS
    assert frame["order"].tolist() == [0, 2, 2]
    assert frame["order"].dtype == np.int64
    assert frame["funcPath"].tolist() == ["m.g", "m.f", "m.h"]
    assert frame["inputKeys"].tolist() == [(), ("a",), ()]
    assert frame["kwargs"].tolist() == [{}, {"x": (1, [2])}, {}]
    assert frame["outputKeys"].tolist() == [(), ("b", "c"), ("d",)]


def test_frame_of_a_class_table_round_trips() -> None:
    from_frame = from_dataframe(to_dataframe(TASKS))
    assert [(t.order, t.function_path, t.input_keys, t.kwargs, t.output_keys) for t in from_frame] == [
        (t.order, t.function_path, t.input_keys, t.kwargs, t.output_keys) for t in (TASKS[1], TASKS[0], TASKS[2])
    ]
    assert to_dataframe(from_frame).equals(to_dataframe(TASKS))


def test_frame_as_people_have_it() -> None:
    frame = pd.DataFrame(
        {
            "Kwargs": [None, "{'a': 1}", float("nan")],
            "ORDER": [1.0, 2.0, float("nan")],
            "func_path": ["m.f", "m.g", None],
            "input keys": ["a", ["b", "c"], pd.NA],
            "remark": ["x", "y", "z"],
        },
        index=["p", "q", "q"],
    )
    tasks = from_dataframe(frame)
    assert [task.id for task in tasks] == ["t1", "t2", "t3"]
    assert [task.order for task in tasks] == [1, 2, 0]
    assert [task.input_keys for task in tasks] == [("a",), ("b", "c"), ()]
    assert tasks[1].kwargs == {"a": 1}
    assert (tasks[2].function_path, set(tasks[2].unread)) == ("", {"order"})


def test_empty_frame_is_an_empty_table() -> None:
    assert from_dataframe(to_dataframe(())) == ()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["funcPath"], "the frame has no column order; expected are"),
        ([], "the frame has no column order and no column funcPath"),
        (["order", "Order", "funcPath"], "the frame has the column order twice"),
    ],
)
def test_header_without_what_is_needed_is_refused(names: list[str], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        match_header(names, "the frame")


def test_frame_does_not_share_its_dictionaries_with_the_table() -> None:
    kwargs = {"a": 1}
    frame = pd.DataFrame({"order": [0], "funcPath": ["m.f"], "kwargs": [kwargs]})
    workflow = Workflow.from_dataframe(frame)
    kwargs["b"] = 2
    assert workflow.tasks[0].kwargs == {"a": 1}
