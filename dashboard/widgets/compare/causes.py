"""What was done differently: inputs, the table, the versions and the code, and how long it took."""

from __future__ import annotations

import streamlit as st

from core.compare.environment import EnvironmentDifference
from core.compare.run import RunDifference, TimeDifference
from core.compare.table import TableDifference
from core.compare.text import count
from core.table import cell_text
from core.task import Task
from dashboard import keys
from dashboard.reading.rows import time_text
from dashboard.reading.side import Side
from dashboard.widgets.compare.table import cell, is_now, table, was

ADDED, REMOVED, MOVED, CHANGED = (
    ":green-badge[added]",
    ":red-badge[removed]",
    ":blue-badge[moved]",
    ":orange-badge[changed]",
)
PLACE = ":gray-badge[in another place]"


def compare_causes(old: Side, new: Side, found: RunDifference) -> None:
    """Draw what differs around the outputs; what is equal is one word."""
    with st.container(key=keys.COMPARE_CAUSES):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _inputs(found)
        with right:
            if old.run is not None and new.run is not None:
                _environment(found.environment)
                _times(old, new, found.times)
        _table(found.table, {task.id: task for task in (*old.workflow.tasks, *new.workflow.tasks)})


def _title(text: str, equal: str = "") -> None:
    st.markdown(f"**{text}**" + (f" :gray[{equal}]" if equal else ""))


def _inputs(found: RunDifference) -> None:
    if not found.inputs:
        _title("Inputs", "the same")
        return
    _title("Inputs")
    table(["input", "before", "after"], [[cell(item.name), was(item.old), is_now(item.new)] for item in found.inputs])


def _table(found: TableDifference, tasks: dict[str, Task]) -> None:
    if found.is_equal:
        _title("Table", "the same")
        return
    _title("Table")
    rows = [[ADDED, _task(task), "", "", is_now(_row(task))] for task in found.added]
    rows += [[REMOVED, _task(task), "", was(_row(task)), ""] for task in found.removed]
    for mark, changes in ((CHANGED, found.cells), (MOVED, found.moved)):
        for change in changes:
            where = f"{change.column}: {change.argument}" if change.argument else change.column
            rows.append([mark, _named(change.task, tasks), cell(where), was(change.old), is_now(change.new)])
    rows += [[PLACE, _named(task_id, tasks), "", "", ""] for task_id in found.reordered]
    table(["", "task", "what", "before", "after"], rows)
    if found.renamed:
        st.caption(f"Matched by function and outputs, because their ids differ: {count(len(found.renamed), 'row')}.")


def _named(task_id: str, tasks: dict[str, Task]) -> str:
    return _task(tasks[task_id]) if task_id in tasks else cell(task_id)


def _task(task: Task) -> str:
    name = task.function_path.rpartition(".")[2] or "no function"
    return cell(f"{task.id} {name}")


def _row(task: Task) -> str:
    reads, kwargs, writes = (cell_text(task, column) for column in ("inputKeys", "kwargs", "outputKeys"))
    given = ", ".join(text for text in (reads, kwargs) if text and text != "{}")
    return f"order {task.order}: ({given}) → {writes or 'nothing'}"


def _environment(found: EnvironmentDifference) -> None:
    if found.is_equal:
        _title("Versions and code", "the same")
        return
    _title("Versions and code")
    rows = [[cell(item.name), was(item.old), is_now(item.new)] for item in found.packages]
    rows += [
        [f"{_function(item.name)} edited", was(_begin(item.old)), is_now(_begin(item.new))]
        for item in found.functions
        if item.old and item.new
    ]
    if rows:
        table(["what", "before", "after"], rows)
    alone = [item.name for item in found.functions if not (item.old and item.new)]
    if alone:
        st.caption(
            f"Called on one side only: {', '.join(_function(name) for name in alone[:12])}{', …' if alone[12:] else ''}"
        )


def _function(path: str) -> str:
    return cell(path.rpartition(".")[2])


def _begin(digest: str | None) -> str | None:
    return digest[:8] if digest else None


def _times(old: Side, new: Side, times: tuple[TimeDifference, ...]) -> None:
    known = [item for item in times if item.old is not None and item.new is not None]
    if not known:
        return
    before, after = (sum(getattr(item, side) for item in known) for side in ("old", "new"))
    with st.expander(f"Times of the calls: {time_text(before)} → {time_text(after)}"):
        ranked = sorted(known, key=lambda item: -abs(float(item.new or 0) - float(item.old or 0)))
        rows = [
            [
                cell(f"{item.new_task} {item.function_path.rpartition('.')[2]}"),
                time_text(item.old or 0),
                time_text(item.new or 0),
            ]
            for item in ranked
        ]
        table(["task", old.label, new.label], rows)
        st.caption("Of a result that was reused: of the call that made it.")
