"""Two edits of one table put together: nothing that only one side did is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.compare.merge import Collision, merge, merge_inputs
from core.edit import apply
from core.table import ATTRIBUTES, cell_text, read_rows
from core.task import Task

BASE = read_rows([[n, f"m.f{n}", "a", {"k": n, "l": 0}, f"x{n}"] for n in range(4)])


def with_change(tasks: tuple[Task, ...], row: int, **changes: Any) -> tuple[Task, ...]:
    return (*tasks[:row], replace(tasks[row], **changes), *tasks[row + 1 :])


def test_changes_of_different_cells_of_one_row_are_both_kept() -> None:
    found = merge(BASE, with_change(BASE, 1, order=7), with_change(BASE, 1, output_keys=("y",)))
    assert (found.tasks[1].order, found.tasks[1].output_keys) == (7, ("y",))
    assert not found.collisions


def test_changes_of_different_arguments_of_one_cell_are_both_kept() -> None:
    mine, theirs = with_change(BASE, 1, kwargs={"k": 5, "l": 0}), with_change(BASE, 1, kwargs={"k": 1, "m": 2})
    found = merge(BASE, mine, theirs)
    assert found.tasks[1].kwargs == {"k": 5, "m": 2}
    assert not found.collisions


def test_one_cell_changed_by_both_is_mine_and_a_collision() -> None:
    found = merge(BASE, with_change(BASE, 1, kwargs={"k": 5}), with_change(BASE, 1, kwargs={"k": 6, "l": 0}))
    assert found.tasks[1].kwargs == {"k": 5}
    assert found.collisions == (Collision("t2", "kwargs", "k", "1", "5", "6"),)


def test_the_same_change_by_both_is_no_collision() -> None:
    changed = with_change(BASE, 0, function_path="m.new")
    assert merge(BASE, changed, changed) == replace(merge(BASE, changed, changed), collisions=(), tasks=changed)


def test_a_row_removed_by_one_goes_and_one_changed_by_the_other_stays() -> None:
    assert merge(BASE, BASE, BASE[1:]).tasks == BASE[1:]
    assert merge(BASE, BASE[1:], BASE).tasks == BASE[1:]
    for sides in ((BASE[1:], with_change(BASE, 0, order=9)), (with_change(BASE, 0, order=9), BASE[1:])):
        found = merge(BASE, *sides)
        assert {task.id: task.order for task in found.tasks}["t1"] == 9
        assert [(item.task, item.column) for item in found.collisions] == [("t1", "")]


def test_rows_added_by_both_are_both_there_where_they_were_put() -> None:
    mine = (*BASE[:1], Task("new-a", 0, "m.a"), *BASE[1:])
    theirs = (*BASE[:3], Task("new-b", 2, "m.b"), *BASE[3:])
    assert [task.id for task in merge(BASE, mine, theirs).tasks] == ["t1", "new-a", "t2", "t3", "new-b", "t4"]


def test_different_rows_added_under_one_id_are_both_kept_and_mine_is_renamed() -> None:
    mine, theirs = (*BASE, Task("t5", 9, "m.mine")), (*BASE, Task("t5", 9, "m.theirs"))
    found = merge(BASE, mine, theirs)
    assert {task.function_path for task in found.tasks} >= {"m.mine", "m.theirs"}
    assert len({task.id for task in found.tasks}) == 6
    assert found.renamed == (("t5", "t6"),)


def test_rows_moved_by_them_are_where_they_put_them() -> None:
    assert [task.id for task in merge(BASE, BASE, BASE[::-1]).tasks] == ["t4", "t3", "t2", "t1"]


def test_rows_moved_by_both_differently_collide() -> None:
    found = merge(BASE, (BASE[1], BASE[0], *BASE[2:]), BASE[::-1])
    assert [task.id for task in found.tasks] == ["t2", "t1", "t3", "t4"]
    assert [item.column for item in found.collisions] == ["place"]


def test_a_cell_that_cannot_be_read_is_kept_as_it_was_typed() -> None:
    theirs = apply(BASE, {"op": "set", "id": "t1", "column": "order", "text": "first"})
    found = merge(BASE, with_change(BASE, 0, note="n"), theirs)
    assert found.tasks[0].unread["order"].raw == "first"
    assert found.tasks[0].note == "n"
    assert merge(BASE, theirs, theirs).tasks == theirs


def test_inputs_are_merged_by_name() -> None:
    merged, collisions = merge_inputs({"a": 1, "b": 2}, {"a": 5, "b": 2, "c": 3}, {"a": 1})
    assert merged == {"a": 5, "c": 3}
    assert not collisions
    assert merge_inputs({"a": 1}, {"a": 2}, {"a": 3})[1] == (Collision("", "inputs", "a", "1", "2", "3"),)


IDS = st.sampled_from([f"t{n}" for n in range(1, 7)])
OPERATIONS = st.lists(
    st.one_of(
        st.builds(lambda i, n: {"op": "set", "id": i, "column": "order", "text": str(n)}, IDS, st.integers(0, 5)),
        st.builds(lambda i, n: {"op": "set", "id": i, "column": "kwargs", "text": f'{{"k": {n}}}'}, IDS, IDS),
        st.builds(lambda i, n: {"op": "set", "id": i, "column": "outputKeys", "text": n}, IDS, IDS),
        st.builds(lambda i: {"op": "delete", "ids": [i]}, IDS),
        st.builds(lambda i: {"op": "duplicate", "ids": [i]}, IDS),
        st.builds(lambda i, a: {"op": "move", "ids": [i], "after": a}, IDS, IDS),
    ),
    max_size=6,
)


def edited(tasks: tuple[Task, ...], operations: list[dict[str, Any]]) -> tuple[Task, ...]:
    for operation in operations:
        named = [operation.get("id"), operation.get("after"), *operation.get("ids", [])]
        if {name for name in named if name} <= {task.id for task in tasks} and operation.get("after") not in (
            operation.get("ids") or [None]
        )[:1]:
            tasks = apply(tasks, operation)
    return tasks


def cells(tasks: tuple[Task, ...]) -> dict[tuple[str, str], str]:
    return {(task.id, column): cell_text(task, column) for task in tasks for column in ATTRIBUTES}


@given(OPERATIONS, OPERATIONS)
def test_no_edit_is_lost(my_edits: list[dict[str, Any]], their_edits: list[dict[str, Any]]) -> None:
    mine, theirs = edited(BASE, my_edits), edited(BASE, their_edits)
    found = merge(BASE, mine, theirs)
    renamed = dict(found.renamed)
    merged, base = cells(found.tasks), cells(BASE)
    told = {(item.task, item.column) for item in found.collisions}
    for (task_id, column), text in cells(mine).items():
        if base.get((task_id, column)) != text:
            assert merged[renamed.get(task_id, task_id), column] == text or column == "kwargs"
    for (task_id, column), text in cells(theirs).items():
        if base.get((task_id, column)) != text:
            assert merged.get((task_id, column)) == text or (task_id, column) in told or column == "kwargs"
    assert len({task.id for task in found.tasks}) == len(found.tasks)


@given(OPERATIONS)
def test_merging_with_an_untouched_side_gives_the_other_side(operations: list[dict[str, Any]]) -> None:
    changed = edited(BASE, operations)
    for found in (merge(BASE, changed, BASE), merge(BASE, BASE, changed), merge(BASE, changed, changed)):
        assert found.tasks == changed
        assert not found.collisions
