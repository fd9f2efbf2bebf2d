"""Two tables beside each other, each with what it has changed of the one that both come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from core import Workflow
from core.compare.table import compare_tables
from core.table import COLUMNS, NOTE, cell_text
from core.task import Task
from dashboard.widgets.markup import safe

Mark = Literal["added", "changed", "removed"]


def both_tables(base: Workflow, theirs: Workflow, mine: Workflow) -> None:
    """Draw theirs on the left and mine on the right; what they have removed is struck out."""
    left, right = st.columns(2, gap="small")
    for column, title, side in ((left, "Theirs", theirs), (right, "Yours", mine)):
        with column:
            st.html(f'<div class="tt-both"><b>{title}</b>{table(base, side)}</div>')


def table(base: Workflow, side: Workflow) -> str:
    """Return a table as HTML, with the cells marked that are not those of the base."""
    found = compare_tables(base.tasks, side.tasks)
    columns = (*COLUMNS, NOTE) if any(task.note for task in (*base.tasks, *side.tasks)) else COLUMNS
    marks: dict[tuple[str, str], Mark] = {(each.task, each.column): "changed" for each in (*found.cells, *found.moved)}
    marks |= {(task.id, column): "added" for task in found.added for column in columns}
    marks |= {(task.id, column): "removed" for task in found.removed for column in columns}
    head = "".join(f"<th>{column}</th>" for column in columns)
    rows = "".join(_row(task, columns, marks) for task in (*side.tasks, *found.removed))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(task: Task, columns: Sequence[str], marks: Mapping[tuple[str, str], Mark]) -> str:
    texts = ((marks.get((task.id, column), "same"), _breakable(cell_text(task, column))) for column in columns)
    cells = "".join(f'<td class="tt-{mark}">{text}</td>' for mark, text in texts)
    return f"<tr>{cells}</tr>"


def _breakable(text: str) -> str:
    return safe(text).replace(".", ".<wbr>").replace("_", "_<wbr>")
