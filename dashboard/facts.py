"""What is true of a session now, as the widgets show it. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import sample_workflows
from core import Catalog, State, Task, TaskResult, TasktableError, Workflow
from core.export import to_python
from core.function import POSITIONAL, Function, shown
from core.table import COLUMNS, NOTE, cell_text, ordered
from dashboard.state import Session

SAMPLES = Path(sample_workflows.__file__).parent
FIRST_SAMPLE = "analysis_3"
CALLED = ("done", "failed")
MAX_CHAT_ROWS, MAX_CHAT_WIDTH = 200, 60


def load_sample(stem: str) -> Workflow:
    """Return one sample workflow."""
    return Workflow.from_json(SAMPLES / f"{stem}.json")


@cache
def samples() -> dict[str, str]:
    """Return file stem -> name of every sample workflow."""
    return {path.stem: Workflow.from_json(path).name for path in sorted(SAMPLES.glob("*.json"))}


def forecast(session: Session) -> tuple[int, int]:
    """Return how many tasks Run would call, and how many it would take over from the latest run."""
    plan, run = session.draft.plan_or_none, session.run
    if plan is None:
        return 0, 0
    reused = len(run.holding(plan, session.draft.inputs)) if run else 0
    return len(plan.tasks) - reused, reused


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


def states(session: Session) -> dict[str, TaskResult]:
    """Return task id -> what is known of each of the draft's tasks now; what the table has left behind is stale."""
    run, plan = session.run, session.draft.plan_or_none
    if run is None:
        return {}
    if plan is run.plan:
        return dict(run.results)
    if plan is None:
        ran = {task_id: result.task for task_id, result in run.results.items()}
        holds = {task.id for task in session.draft.tasks if ran.get(task.id) is task}
    else:
        same = run.holding(plan, session.draft.inputs)
        holds = {plan.tasks[new].id for new, old in same.items() if plan.tasks[new].id == run.plan.tasks[old].id}
    known = {task.id for task in session.draft.tasks}
    return {
        task_id: result
        if task_id in holds
        else replace(result, state=State.STALE, reason="the table or an input changed")
        for task_id, result in run.results.items()
        if task_id in known
    }


def error_count(session: Session) -> int:
    """Return how many problems keep the draft from running."""
    return sum(problem.severity == "error" for problem in session.draft.problems)


def catalog() -> Catalog:
    """Return the functions that a table may name here."""
    return Catalog.default()


@cache
def function_choices() -> list[dict[str, str]]:
    """Return what the grid offers for function paths."""
    return [
        {"path": path, "title": function.title, "signature": shown(function.signature)}
        for path, function in sorted(catalog().items())
    ]


def argument_of(session: Session, name: str) -> tuple[str, Mapping[str, Any]]:
    """Return the annotation and the hints of the argument that an input fills first; "" and none if nobody reads it."""
    for task in ordered(session.draft.tasks):
        function = catalog().find(task.function_path)
        if function and name in task.input_keys:
            parameters = [p for p in function.signature.parameters.values() if p.kind in POSITIONAL]
            index = task.input_keys.index(name)
            if index < len(parameters):
                found = parameters[index]
                return str(found.annotation), function.marking.hints.get(found.name, {})
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


def grid_rows(session: Session) -> list[dict[str, Any]]:
    """Return the draft's rows as the grid draws them: cells as text, state, time and problems."""
    problems: dict[tuple[str | None, str | None], list[dict[str, str]]] = defaultdict(list)
    for problem in session.draft.problems:
        text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        problems[problem.task, problem.column].append({"severity": problem.severity, "text": text})
    results = states(session)
    return [
        {
            "id": task.id,
            **{column: cell_text(task, column) for column in (*COLUMNS, NOTE)},
            **_outcome(results.get(task.id)),
            "problems": {column: problems[task.id, column] for column in COLUMNS if (task.id, column) in problems},
        }
        for task in session.draft.tasks
    ]


def _outcome(result: TaskResult | None) -> dict[str, str]:
    if result is None:
        return {"state": "waiting", "time": ""}
    return {"state": str(result.state), "time": _time(result.seconds) if result.state in (*CALLED, "stale") else ""}


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


@dataclass(frozen=True)
class Stop:
    """One order of the draft, the state of its tasks as a whole, and how long those that were called took."""

    order: int
    state: str
    time: str = ""


def stops(session: Session) -> list[Stop]:
    """Return one stop per order of the draft."""
    results = states(session)
    found: dict[int, list[TaskResult | None]] = {}
    for task in ordered(session.draft.tasks):
        found.setdefault(task.order, []).append(results.get(task.id))
    return [_stop(order, outcomes) for order, outcomes in found.items()]


def _stop(order: int, outcomes: list[TaskResult | None]) -> Stop:
    states = {str(outcome.state) if outcome else "waiting" for outcome in outcomes}
    seconds = [outcome.seconds for outcome in outcomes if outcome and outcome.state in CALLED]
    worst = next(state for state in ("failed", "stale", "waiting", "skipped", "done", "reused") if state in states)
    return Stop(order, worst, _time(sum(seconds)) if seconds else "")


def current_order(session: Session) -> int | None:
    """Return the order after which the run stands, if it is one of the draft's."""
    order = session.run.order if session.run else None
    return order if order in {task.order for task in session.draft.tasks} else None


def why(session: Session, task: Task) -> str:
    """Return why a task ran, was reused, failed, or has not run."""
    result = states(session).get(task.id)
    if result is None:
        return "It has not run yet."
    texts = {
        State.DONE: result.reason or "It ran for the first time.",
        State.REUSED: f"Its result was reused: {result.reason}.",
        State.STALE: f"Its result is from before: {result.reason}.",
        State.SKIPPED: f"It was skipped: {result.reason}.",
        State.FAILED: f"It failed. {result.reason}",
    }
    return texts.get(result.state, "It has not run yet.")


def selected_task(session: Session) -> Task | None:
    """Return the selected task of the draft, or None."""
    return next((task for task in session.draft.tasks if task.id == session.selected), None)


def written_values(session: Session, task_id: str) -> dict[str, Any]:
    """Return key -> value of what a task wrote in the latest run."""
    run = session.run
    return dict(run.outputs(task_id)) if run and task_id in run.results else {}


def read_values(session: Session, task_id: str) -> dict[str, Any]:
    """Return key -> value of what a task read in the latest run, as far as it is there."""
    run = session.run
    return dict(run.reads(task_id)) if run and task_id in run.plan.positions else {}


def output_values(session: Session) -> dict[str, Any]:
    """Return key -> value of what the tasks of the latest run have written, in run order."""
    run = session.run
    return {key: value for key, value in run.values.items() if key not in run.inputs} if run else {}


def writer_of(session: Session, key: str) -> str | None:
    """Return the id of the draft's task that wrote the latest value of a key; None if there is none."""
    run = session.run
    known = {task.id for task in session.draft.tasks}
    writers = [task_id for task_id in run.results if key in run.outputs(task_id)] if run else []
    return writers[-1] if writers and writers[-1] in known else None


def final_keys(session: Session) -> list[str]:
    """Return the keys that the last order of the draft writes."""
    orders = [task.order for task in session.draft.tasks]
    return [key for task in session.draft.tasks if task.order == max(orders) for key in task.output_keys]


def is_current(session: Session) -> bool:
    """True if the run is one of the draft as it stands now."""
    return session.run is not None and session.run.plan is session.draft.plan_or_none
