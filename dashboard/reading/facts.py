"""What is true of a session's draft now, as the widgets show it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from inspect import Parameter
from pathlib import Path
from typing import Any

import sample_workflows
from core import REQUIRED, Catalog, Task, TasktableError, Workflow
from core.export import to_python
from core.function import POSITIONAL, Function, shown
from core.table import COLUMNS, cell_text, ordered
from dashboard.server.backend import backend
from dashboard.state import Session

SAMPLES = Path(sample_workflows.__file__).parent
FIRST_SAMPLE = "analysis_3"
MAX_CHAT_ROWS, MAX_CHAT_WIDTH = 200, 60


def load_sample(stem: str) -> Workflow:
    """Return one sample workflow."""
    return Workflow.from_json(SAMPLES / f"{stem}.json", catalog=catalog())


@cache
def samples() -> dict[str, str]:
    """Return file stem -> name of every sample workflow."""
    return {path.stem: Workflow.from_json(path, catalog=Catalog()).name for path in sorted(SAMPLES.glob("*.json"))}


def file_stem(session: Session) -> str:
    """Return a file name for the draft, without its ending."""
    return "".join(char if char.isalnum() else "_" for char in session.draft.name).strip("_")[:80] or "workflow"


def chat_text(session: Session) -> str:
    """Return the draft's table as aligned text."""
    rows = [COLUMNS, *([cell_text(task, column) for column in COLUMNS] for task in session.draft.tasks[:MAX_CHAT_ROWS])]
    widths = [min(MAX_CHAT_WIDTH, max(len(row[index]) for row in rows)) for index in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([session.draft.name, *lines])


def python_text(session: Session) -> str:
    """Return the draft as a Python module, or why it has no such form."""
    try:
        return to_python(session.draft)
    except TasktableError as error:
        return f"# This workflow cannot be written as Python: {error}\n"


def error_count(session: Session) -> int:
    """Return how many problems keep the draft from running."""
    return sum(problem.severity == "error" for problem in session.draft.problems)


def missing_inputs(session: Session) -> list[str]:
    """Return the inputs without which the draft cannot run."""
    return [name for name, value in session.draft.inputs.items() if value is REQUIRED]


def catalog() -> Catalog:
    """Return the functions that a table may name here."""
    return backend().catalog()


def function_choices() -> list[dict[str, str]]:
    """Return what the grid offers for function paths."""
    return [_choice(function) for _, function in sorted(catalog().items())]


@cache
def _choice(function: Function) -> dict[str, str]:
    return {"path": function.path, "title": function.title, "signature": shown(function.signature)}


def argument_of(session: Session, name: str) -> tuple[str, Mapping[str, Any]]:
    """Return the annotation and the hints of the argument that an input fills first; "" and none if nobody reads it."""
    for task in ordered(session.draft.tasks):
        function = catalog().find(task.function_path)
        if function and name in task.input_keys:
            parameters = [p for p in function.signature.parameters.values() if p.kind in POSITIONAL]
            index = task.input_keys.index(name)
            if index < len(parameters):
                found = parameters[index]
                text = "" if found.annotation is Parameter.empty else str(found.annotation)
                return text, function.marking.hints.get(found.name, {})
    return "", {}


def known_keys(session: Session) -> list[str]:
    """Return the draft's inputs and everything that its tasks write, in run order."""
    written = (key for task in ordered(session.draft.tasks) for key in task.output_keys)
    return list(dict.fromkeys([*session.draft.inputs, *written]))


def search_functions(text: str) -> list[Function]:
    """Return the functions whose path, title or tags hold the text."""
    wanted = text.strip().lower()
    return [
        function
        for _, function in sorted(catalog().items())
        if wanted in " ".join([function.path, function.title, *function.marking.tags]).lower()
    ]


def selected_task(session: Session) -> Task | None:
    """Return the selected task of the draft, or None."""
    return next((task for task in session.draft.tasks if task.id == session.selected), None)
