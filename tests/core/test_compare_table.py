"""What differs between two tables: rows matched by id, moved rows told from rows merely in another place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compare.environment import compare_environments
from core.compare.inputs import compare_inputs
from core.compare.table import CellChange, compare_tables, longest_ascent
from core.compare.text import Change
from core.table import read_rows
from core.task import Task


def task(id_: str, order: int = 0, path: str = "m.f", writes: Any = ("x",), **changes: Any) -> Task:
    return replace(Task(id_, order, path, ("a",), {}, tuple(writes)), **changes)


OLD = (task("t1"), task("t2", 1, "m.g", ("y",), kwargs={"window": 50}), task("t3", 2, "m.h", ("z",)))


def test_a_table_is_equal_to_itself() -> None:
    found = compare_tables(OLD, OLD)
    assert found.is_equal
    assert found.summary == "the tables are equal"


def test_each_argument_of_kwargs_is_a_change_of_its_own() -> None:
    new = (OLD[0], replace(OLD[1], kwargs={"window": 60, "min_periods": 1}), OLD[2])
    found = compare_tables(OLD, new)
    assert found.cells == (
        CellChange("t2", "kwargs", "window", "50", "60"),
        CellChange("t2", "kwargs", "min_periods", None, "1"),
    )
    assert found.summary == "2 cells changed"


@pytest.mark.parametrize(
    ("old", "new"), [(1, 1.0), (1, True), ((1,), [1]), ("1", 1), (0.0, -0.0), ({"a": 1}, {"a": 2}), (None, "null")]
)
def test_values_that_are_written_differently_differ(old: Any, new: Any) -> None:
    found = compare_tables([task("t1", kwargs={"k": old})], [task("t1", kwargs={"k": new})])
    assert len(found.cells) == 1


def test_nan_equals_nan_and_the_order_of_arguments_does_not_count() -> None:
    old, new = task("t1", kwargs={"a": float("nan"), "b": 1}), task("t1", kwargs={"b": 1, "a": float("nan")})
    assert compare_tables([old], [new]).is_equal


@pytest.mark.parametrize(
    ("changes", "column", "old", "new"),
    [
        ({"function_path": "m.k"}, "funcPath", "m.f", "m.k"),
        ({"input_keys": ("a", "b")}, "inputKeys", "a", "a, b"),
        ({"output_keys": ("w",)}, "outputKeys", "x", "w"),
        ({"note": "why"}, "note", "", "why"),
    ],
)
def test_every_column_is_compared(changes: Any, column: str, old: str, new: str) -> None:
    (found,) = compare_tables([task("t1")], [replace(task("t1"), **changes)]).cells
    assert (found.column, found.old, found.new) == (column, old, new)


def test_added_and_removed_tasks() -> None:
    found = compare_tables(OLD, (*OLD[1:], task("t9", 3, "m.k", ("w",))))
    assert [item.id for item in found.added] == ["t9"]
    assert [item.id for item in found.removed] == ["t1"]
    assert found.summary == "1 task added, 1 task removed"


def test_another_order_is_a_move_and_no_changed_cell() -> None:
    found = compare_tables(OLD, (replace(OLD[0], order=5), *OLD[1:]))
    assert found.moved == (CellChange("t1", "order", "", "0", "5"),)
    assert not found.cells
    assert not found.reordered


def test_a_row_in_another_place_of_the_same_order_is_merely_reordered() -> None:
    rows = [task(f"t{number}", 1, f"m.f{number}", (f"x{number}",)) for number in range(5)]
    found = compare_tables(rows, [rows[4], *rows[:4]])
    assert found.reordered == ("t4",)
    assert not found.moved
    assert found.summary == "1 row in another place"


def test_the_place_of_rows_of_different_orders_does_not_count() -> None:
    assert compare_tables(OLD, OLD[::-1]).is_equal


def test_rows_with_other_ids_are_matched_by_function_and_outputs_and_that_is_said() -> None:
    new = tuple(replace(item, id=f"n{item.id}") for item in OLD)
    found = compare_tables(OLD, new)
    assert found.is_equal
    assert found.renamed == (("t1", "nt1"), ("t2", "nt2"), ("t3", "nt3"))
    assert found.summary == "the tables are equal (3 rows matched by function and outputs)"


def test_numbered_rows_with_one_row_inserted_on_top_differ_in_that_row_only() -> None:
    rows = [[n, f"m.f{n}", "a", {}, f"x{n}"] for n in range(6)]
    old, new = read_rows(rows), read_rows([[0, "m.first", "a", {}, "first"], *rows])
    found = compare_tables(old, new)
    assert [item.function_path for item in found.added] == ["m.first"]
    assert not found.cells
    assert not found.removed


def test_a_row_that_became_something_else_is_still_known_by_its_id() -> None:
    found = compare_tables([task("t1")], [task("t1", 0, "m.other", ("w",))])
    assert [change.column for change in found.cells] == ["funcPath", "outputKeys"]
    assert not found.added


def test_cells_that_cannot_be_read_are_compared_as_they_came() -> None:
    old, new = read_rows([["first", "m.f", "a", "{", "x"]]), read_rows([["second", "m.f", "a", "{", "x"]])
    (found,) = compare_tables(old, new).moved
    assert (found.old, found.new) == ("first", "second")
    assert compare_tables(old, old).is_equal


def test_values_without_an_exact_form_are_compared_by_what_they_say() -> None:
    assert compare_tables([task("t1", kwargs={"k": print})], [task("t1", kwargs={"k": print})]).is_equal
    assert not compare_tables([task("t1", kwargs={"k": print})], [task("t1", kwargs={"k": input})]).is_equal


@given(st.lists(st.integers(0, 20), unique=True))
def test_the_longest_ascent_ascends_and_a_sorted_list_is_its_own(values: list[int]) -> None:
    found = longest_ascent(values)
    assert found == sorted(found)
    assert [value for value in values if value in found] == found
    assert longest_ascent(sorted(values)) == sorted(values)


TASKS = st.lists(
    st.builds(
        task,
        st.sampled_from([f"t{n}" for n in range(8)]),
        st.integers(0, 3),
        st.sampled_from(["m.f", "m.g", ""]),
        st.sampled_from([("x",), ("y",), ()]),
        kwargs=st.dictionaries(st.sampled_from("kl"), st.integers(0, 2)),
    ),
    unique_by=lambda item: item.id,
)


@given(TASKS, TASKS)
def test_every_row_of_both_tables_is_accounted_for(old: list[Task], new: list[Task]) -> None:
    found = compare_tables(old, new)
    assert len(old) - len(found.removed) == len(new) - len(found.added)
    back = compare_tables(new, old)
    assert len(back.added) == len(found.removed)
    assert found.is_equal or not compare_tables(old, old).cells


def test_large_tables_are_compared() -> None:
    old = [task(f"t{n}", n // 100, f"m.f{n}", (f"x{n}",)) for n in range(20_000)]
    assert len(compare_tables(old, old[:100][::-1] + old[100:]).reordered) == 99


def test_inputs_are_compared_by_their_exact_texts() -> None:
    found = compare_inputs({"a": 1, "b": float("nan"), "c": "x"}, {"a": 1.0, "b": float("nan"), "d": (1,)})
    assert found == (Change("a", "1", "1.0"), Change("c", '"x"', None), Change("d", None, "(1,)"))


def test_the_environment_is_compared() -> None:
    found = compare_environments(
        {"python": "3.11", "pandas": "3.1"}, {"python": "3.12", "pandas": "3.1"}, {"m.f": "aa"}, {"m.f": "bb"}
    )
    assert found.packages == (Change("python", "3.11", "3.12"),)
    assert found.edited == ("m.f",)
    assert found.summary == "1 version differs, 1 function edited"
    assert compare_environments({"python": "3"}, {"python": "3"}).is_equal
