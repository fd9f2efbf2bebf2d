"""A workflow's table as HTML for a notebook. Every text is escaped."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from core.table import COLUMNS, cell_text, ordered

if TYPE_CHECKING:
    from core.workflow import Workflow

COLOURS = {"error": "#d33", "warning": "#b80", "note": "#888"}
MAX_ROWS = 200


def table_html(workflow: Workflow) -> str:
    """Return the name, the table in run order with problems in their cells, and the problems that have none."""
    found = defaultdict(list)
    for problem in workflow.problems:
        found[problem.task, problem.column].append(problem)
    rows = []
    tasks = ordered(workflow.tasks)
    for task in tasks[:MAX_ROWS]:
        cells = []
        for column in COLUMNS:
            text = escape(cell_text(task, column))
            problems = found[task.id, column]
            if problems:
                colour = COLOURS[problems[0].severity]
                title = escape("; ".join(map(str, problems)), quote=True)
                text = (
                    f'<span style="text-decoration: underline wavy {colour}" title="{title}">{text or "&nbsp;"}</span>'
                )
            cells.append(f'<td style="text-align: left">{text}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    if len(tasks) > MAX_ROWS:
        rows.append(f'<tr><td colspan="{len(COLUMNS)}">... and {len(tasks) - MAX_ROWS:,} more</td></tr>')
    head = "".join(f'<th style="text-align: left">{column}</th>' for column in COLUMNS)
    general = "".join(f"<p>{escape(str(problem))}</p>" for problem in found[None, None])
    caption = escape(workflow.name or "Workflow")
    return (
        f"<div><p><strong>{caption}</strong></p><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{general}</div>"
    )
