"""Edits of a table: what each does, and that no operation, however odd, harms the table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Task
from core.cell import MAX_ORDER
from core.edit import MAX_TEXT, OPERATIONS, Tasks, apply, with_cell
from core.errors import EditError
from core.table import ATTRIBUTES, COLUMNS, MAX_TASKS, cell_text, read_rows, to_rows

THREE = read_rows([[0, "m.a", "x", {}, "y"], [5, "m.b", ("x", "y"), {"k": 1}, "z"], [5, "m.c", "z", {}, ()]])


def ids(tasks: Tasks) -> list[str]:
    return [task.id for task in tasks]


def table(count: int) -> Tasks:
    return tuple(Task(f"t{number}", number, "m.f") for number in range(1, count + 1))


SETS: list[tuple[str, str, Any]] = [
    ("order", "7", 7),
    ("order", " 7.0 ", 7),
    ("order", "-3", -3),
    ("funcPath", "m.other", "m.other"),
    ("funcPath", "", ""),
    ("inputKeys", "a", ("a",)),
    ("inputKeys", "a, b", ("a", "b")),
    ("inputKeys", "('a', 'b')", ("a", "b")),
    ("inputKeys", "", ()),
    ("outputKeys", '["a"]', ("a",)),
    ("kwargs", '{"a": {"$tuple": [1]}}', {"a": (1,)}),
    ("kwargs", "{'a': (1,)}", {"a": (1,)}),
    ("kwargs", "", {}),
    ("note", "why", "why"),
]


@pytest.mark.parametrize(("column", "text", "value"), SETS)
def test_set_reads_the_text_of_one_cell(column: str, text: str, value: Any) -> None:
    result = apply(THREE, {"op": "set", "id": "t2", "column": column, "text": text})
    assert getattr(result[1], ATTRIBUTES[column]) == value
    assert (result[0], result[2]) == (THREE[0], THREE[2])
    assert [cell_text(result[1], other) for other in ATTRIBUTES if other != column] == [
        cell_text(THREE[1], other) for other in ATTRIBUTES if other != column
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [("order", "soon"), ("order", ""), ("inputKeys", "[1]"), ("outputKeys", "(("), ("kwargs", "{"), ("kwargs", "5")],
)
def test_a_cell_that_cannot_be_read_keeps_the_typed_text_until_it_can(column: str, text: str) -> None:
    typed = apply(THREE, {"op": "set", "id": "t2", "column": column, "text": text})
    assert cell_text(typed[1], column) == text
    assert list(typed[1].unread) == [column]
    other = apply(typed, {"op": "set", "id": "t2", "column": "note", "text": "hm"})
    assert cell_text(other[1], column) == text
    mended = apply(typed, {"op": "set", "id": "t2", "column": column, "text": cell_text(THREE[1], column)})
    assert mended == THREE


def test_with_cell_takes_values_as_well_as_text() -> None:
    assert with_cell(THREE[0], "inputKeys", ["a", "b"]).input_keys == ("a", "b")
    assert with_cell(THREE[0], "kwargs", {"a": 1}).kwargs == {"a": 1}
    assert with_cell(THREE[0], "order", 1.5).unread["order"].raw == 1.5


PASTES: list[tuple[str, str, list[list[str]], list[list[str]]]] = [
    ("t1", "order", [["9"]], [["9", "m.a"], ["5", "m.b"], ["5", "m.c"]]),
    ("t1", "order", [["8", "n.a"], ["9", "n.b"]], [["8", "n.a"], ["9", "n.b"], ["5", "m.c"]]),
    ("t2", "funcPath", [["n.b"], ["n.c"]], [["0", "m.a"], ["5", "n.b"], ["5", "n.c"]]),
    ("t3", "order", [["6"], ["7"]], [["0", "m.a"], ["5", "m.b"], ["6", "m.c"], ["7", ""]]),
    (
        "t3",
        "funcPath",
        [["n.c"], ["n.d"], ["n.e"]],
        [["0", "m.a"], ["5", "m.b"], ["5", "n.c"], ["6", "n.d"], ["7", "n.e"]],
    ),
    ("t2", "order", [["6"], [], ["7"]], [["0", "m.a"], ["6", "m.b"], ["5", "m.c"], ["7", ""]]),
    ("t1", "order", [], [["0", "m.a"], ["5", "m.b"], ["5", "m.c"]]),
]


@pytest.mark.parametrize(("start", "column", "cells", "expected"), PASTES)
def test_paste_fills_right_and_down_and_appends_rows(
    start: str, column: str, cells: list[list[str]], expected: list[list[str]]
) -> None:
    result = apply(THREE, {"op": "paste", "id": start, "column": column, "cells": cells})
    assert [[cell_text(task, name) for name in ("order", "funcPath")] for task in result] == expected
    assert ids(result)[:3] == ids(THREE)
    assert len(set(ids(result))) == len(result)


def test_paste_beyond_the_last_column_is_cut() -> None:
    line = ["a", "{}", "b", "a note", "lost", "lost too"]
    result = apply(THREE, {"op": "paste", "id": "t1", "column": "inputKeys", "cells": [line]})
    assert [cell_text(result[0], column) for column in ATTRIBUTES] == ["0", "m.a", "a", "{}", "b", "a note"]
    result = apply(THREE, {"op": "paste", "id": "t1", "column": "note", "cells": [["a note", "lost"]]})
    assert [cell_text(result[0], column) for column in ATTRIBUTES] == ["0", "m.a", "x", "{}", "y", "a note"]


def test_a_whole_table_pasted_into_its_first_cell_is_the_table() -> None:
    cells = [[cell_text(task, column) for column in COLUMNS] for task in THREE]
    result = apply(table(1), {"op": "paste", "id": "t1", "column": "order", "cells": cells})
    assert result == THREE


HEADER = ["Output keys", "id", "func_path", "ORDER", "remark"]


@pytest.mark.parametrize("before", [(), THREE])
def test_rows_that_are_pasted_into_no_cell_come_at_the_end(before: tuple[Task, ...]) -> None:
    result = apply(before, {"op": "paste", "id": None, "cells": [["1", "m.f", "a", "{}", "b", "a note"], ["2"]]})
    assert result[: len(before)] == before
    written = [[cell_text(task, column) for column in ATTRIBUTES] for task in result[len(before) :]]
    assert written == [["1", "m.f", "a", "{}", "b", "a note"], ["2", "", "", "{}", "", ""]]


def test_a_first_line_with_the_names_of_the_columns_says_where_the_cells_belong() -> None:
    result = apply((), {"op": "paste", "id": None, "cells": [HEADER, ["x, y", "t9", "m.f", "4", "lost"], ["z"]]})
    written = [[task.id, *(cell_text(task, column) for column in COLUMNS)] for task in result]
    assert written == [["t1", "4", "m.f", "", "{}", "x, y"], ["t2", "5", "", "", "{}", "z"]]


def test_nothing_pasted_into_no_cell_is_nothing() -> None:
    assert apply(THREE, {"op": "paste", "id": None, "cells": []}) == THREE
    assert apply((), {"op": "paste", "id": None, "cells": [HEADER]}) == ()


@pytest.mark.parametrize(("after", "place", "order"), [("t1", 1, 0), ("t2", 2, 5), ("t3", 3, 6), (None, 3, 6)])
def test_add_puts_an_empty_row_below(after: str | None, place: int, order: int) -> None:
    result = apply(THREE, {"op": "add", "after": after})
    assert result[place] == Task("t4", order, "")
    assert (*result[:place], *result[place + 1 :]) == THREE


def test_add_begins_an_empty_table() -> None:
    assert apply((), {"op": "add"}) == (Task("t1", 0, ""),)


def test_no_edit_gives_a_row_an_order_that_no_file_may_have() -> None:
    last = (Task("t1", MAX_ORDER, "m.f"),)
    added = apply(last, {"op": "add"})
    pasted = apply(last, {"op": "paste", "id": "t1", "column": "note", "cells": [[""], [""]]})
    assert [task.order for task in (*added, *pasted)] == [MAX_ORDER] * 4


@pytest.mark.parametrize(
    ("gone", "left"), [(["t2"], ["t1", "t3"]), (["t3", "t1", "t3"], ["t2"]), (["t1", "t2", "t3"], [])]
)
def test_delete(gone: list[str], left: list[str]) -> None:
    assert ids(apply(THREE, {"op": "delete", "ids": gone})) == left


@pytest.mark.parametrize(
    ("chosen", "order"),
    [
        (["t1"], ["t1", "t4", "t2", "t3"]),
        (["t3", "t1"], ["t1", "t2", "t3", "t4", "t5"]),
        (["t2", "t2"], ["t1", "t2", "t4", "t3"]),
    ],
)
def test_duplicate_puts_copies_below_the_last_in_table_order(chosen: list[str], order: list[str]) -> None:
    result = apply(THREE, {"op": "duplicate", "ids": chosen})
    assert ids(result) == order
    paths = [task.function_path for task in result if task.id not in ids(THREE)]
    assert paths == [task.function_path for task in THREE if task.id in chosen]


@pytest.mark.parametrize(
    ("chosen", "after", "order"),
    [
        (["t1"], "t2", ["t2", "t1", "t3"]),
        (["t3"], None, ["t3", "t1", "t2"]),
        (["t3", "t1"], "t2", ["t2", "t1", "t3"]),
        (["t2"], "t1", ["t1", "t2", "t3"]),
        (["t1", "t2", "t3"], None, ["t1", "t2", "t3"]),
    ],
)
def test_move_keeps_the_order_among_the_moved(chosen: list[str], after: str | None, order: list[str]) -> None:
    result = apply(THREE, {"op": "move", "ids": chosen, "after": after})
    assert ids(result) == order
    assert sorted(ids(result)) == ids(THREE)


HOSTILE: list[tuple[Any, str]] = [
    (None, "there is no edit of type NoneType"),
    ([], "there is no edit of type NoneType"),
    ("set", "there is no edit"),
    ({}, "there is no edit"),
    ({"op": "drop"}, "there is no edit 'drop'; known are set, paste, add, delete, duplicate, move"),
    ({"op": "__class__"}, "there is no edit '__class__'"),
    ({"op": ["set"]}, "there is no edit of type list"),
    ({"op": 10**5000}, "there is no edit of type int"),
    ({"op": "x" * 9_000}, "there is no edit"),
    ({"op": "set"}, "there is no row of type NoneType"),
    ({"op": "set", "id": "t9", "column": "order", "text": "1"}, "there is no row 't9' in the table any more"),
    ({"op": "set", "id": ["t1"], "column": "order", "text": "1"}, "there is no row of type list"),
    ({"op": "set", "id": 10**5000, "column": "order", "text": "1"}, "there is no row of type int"),
    ({"op": "set", "id": "t1", "column": "id", "text": "t2"}, "there is no column 'id'"),
    ({"op": "set", "id": "t1", "column": "unread", "text": "t2"}, "there is no column 'unread'"),
    ({"op": "set", "id": "t1", "column": {}, "text": "t2"}, "there is no column of type dict"),
    ({"op": "set", "id": "t1", "column": "order"}, "a cell must be text"),
    ({"op": "set", "id": "t1", "column": "order", "text": 1}, "a cell must be text"),
    ({"op": "set", "id": "t1", "column": "kwargs", "text": {"a": 1}}, "a cell must be text"),
    ({"op": "set", "id": "t1", "column": "note", "text": "x" * (MAX_TEXT + 1)}, "at most 100,000 characters"),
    ({"op": "set", "id": "t1", "column": "note", "text": "\ud800"}, "half a character"),
    ({"op": "set", "id": "t1", "column": "note", "text": "a\0"}, "a NUL"),
    ({"op": "paste", "id": "t1", "column": "order"}, "must be a list of lists"),
    ({"op": "paste", "id": "t1", "column": "order", "cells": "abc"}, "must be a list of lists"),
    ({"op": "paste", "id": "t1", "column": "order", "cells": ["abc"]}, "must be a list of lists"),
    ({"op": "paste", "id": "t1", "column": "order", "cells": [[1]]}, "a cell must be text"),
    ({"op": "paste", "id": "t9", "column": "order", "cells": [["1"]]}, "there is no row 't9'"),
    ({"op": "paste", "id": "t1", "column": "state", "cells": [["1"]]}, "there is no column 'state'"),
    ({"op": "paste", "id": "t1", "column": "order", "cells": [["1"]] * (MAX_TASKS + 1)}, "more than 20,000 rows"),
    ({"op": "add", "after": "t9"}, "there is no row 't9'"),
    ({"op": "add", "after": 1}, "there is no row of type int"),
    ({"op": "delete"}, "the edit names no rows"),
    ({"op": "delete", "ids": []}, "the edit names no rows"),
    ({"op": "delete", "ids": "t1"}, "the edit names no rows"),
    ({"op": "delete", "ids": ["t1", "t9"]}, "there is no row 't9'"),
    ({"op": "delete", "ids": [["t1"]]}, "there is no row of type list"),
    ({"op": "duplicate", "ids": [None]}, "there is no row of type NoneType"),
    ({"op": "duplicate", "ids": {"t1": 1}}, "the edit names no rows"),
    ({"op": "move", "ids": ["t1"], "after": "t9"}, "there is no row 't9'"),
    ({"op": "move", "ids": ["t1"], "after": "t1"}, "there is no row 't1'"),
    ({"op": "move", "after": "t1"}, "the edit names no rows"),
]


@pytest.mark.parametrize(("operation", "reason"), HOSTILE, ids=lambda item: str(type(item).__name__))
def test_an_operation_that_makes_no_sense_is_refused_in_one_sentence(operation: Any, reason: str) -> None:
    with pytest.raises(EditError) as refused:
        apply(THREE, operation)
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 200


def test_no_edit_makes_a_table_of_more_rows_than_it_may_have() -> None:
    full = table(MAX_TASKS)
    too_many: list[dict[str, Any]] = [
        {"op": "add"},
        {"op": "duplicate", "ids": ["t1"]},
        {"op": "paste", "id": f"t{MAX_TASKS}", "column": "note", "cells": [["a"], ["b"]]},
    ]
    for operation in too_many:
        with pytest.raises(EditError, match="more than 20,000 rows"):
            apply(full, operation)
    fitting: list[dict[str, Any]] = [
        {"op": "paste", "id": f"t{MAX_TASKS - 1}", "column": "note", "cells": [["a"], ["b"]]},
        {"op": "move", "ids": ids(full)[::-1], "after": None},
        {"op": "set", "id": "t1", "column": "note", "text": "a"},
    ]
    for operation in fitting:
        assert len(apply(full, operation)) == MAX_TASKS
    assert apply(full, {"op": "delete", "ids": ids(full)}) == ()


TEXTS = st.sampled_from(["", "1", "soon", "a, b", "{", '{"a": 1}', "m.f", "é", "\ud800"]) | st.text(max_size=5)
IDS = st.sampled_from(["t1", "t2", "t3", "t4", "t5", "t9"]) | st.none() | st.integers()
SOME_IDS = st.lists(IDS, max_size=3) | IDS
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
COLUMN = st.sampled_from([*ATTRIBUTES, "id", "state"])
SENSIBLE = st.fixed_dictionaries(
    {"op": st.sampled_from([*OPERATIONS, *OPERATIONS, "drop"])},
    optional={
        "id": IDS,
        "ids": SOME_IDS,
        "after": IDS,
        "column": COLUMN,
        "text": TEXTS,
        "cells": st.lists(st.lists(TEXTS, max_size=7), max_size=4),
    },
)
ODD = st.dictionaries(st.sampled_from(["op", "id", "ids", "after", "column", "text", "cells"]), ANYTHING)


@given(st.lists(SENSIBLE | ODD | ANYTHING, max_size=12))
def test_any_sequence_of_operations_leaves_a_table_with_unique_ids(operations: list[Any]) -> None:
    tasks = THREE
    for operation in operations:
        before = tasks
        try:
            tasks = apply(tasks, operation)
        except EditError:
            assert tasks is before
        assert len(set(ids(tasks))) == len(tasks)
        if not isinstance(operation, dict) or operation.get("op") != "delete":
            assert set(ids(before)) <= set(ids(tasks))
        assert read_rows(to_rows(tasks)) == tasks
