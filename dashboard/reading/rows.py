"""The draft's rows as the grid draws them: cells as text, state, time and problems."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from core import State
from core.record import TaskRecord
from core.table import COLUMNS, NOTE, cell_text
from dashboard.reading import results
from dashboard.state import Session


def grid_rows(session: Session) -> list[dict[str, Any]]:
    """Return one dictionary per row of the draft, in table order."""
    problems: dict[tuple[str | None, str | None], list[dict[str, str]]] = defaultdict(list)
    for problem in session.draft.problems:
        text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        said = {"severity": problem.severity, "text": text, "subject": problem.subject}
        problems[problem.task, problem.column].append(said)
    known = results.states(session)
    return [
        {
            "id": task.id,
            **{column: cell_text(task, column) for column in (*COLUMNS, NOTE)},
            **_outcome(known.get(task.id)),
            "problems": {column: problems[task.id, column] for column in COLUMNS if (task.id, column) in problems},
        }
        for task in session.draft.tasks
    ]


def _outcome(found: TaskRecord | None) -> dict[str, str]:
    if found is None:
        return {"state": "waiting", "time": ""}
    has_time = found.state in results.CALLED and found.state is not State.RUNNING
    return {"state": str(found.state), "time": time_text(found.seconds) if has_time else ""}


def time_text(seconds: float) -> str:
    """Return a time as short text."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
