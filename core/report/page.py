"""The page itself: what a run gave on top, below it how that came about."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.compare.run import final_outputs
from core.compare.text import count, text_of
from core.record import RunRecord, RunState, TaskRecord
from core.report.drawing import drawing
from core.report.markup import breakable, paragraphs, table, text
from core.report.result import Part, Source, parts
from core.result import State
from core.table import COLUMNS, cell_text, ordered
from core.task import NOTHING, Task

if TYPE_CHECKING:
    from core.workflow import Workflow

FOLDER = Path(__file__).parent
MAX_TASKS = 1_000
MAX_CELL = 300
MAX_FAILED = 20
ENDS = {
    RunState.FAILED: "This run failed.",
    RunState.STOPPED: "This run was stopped.",
    RunState.INTERRUPTED: "This run was interrupted.",
    RunState.RUNNING: "This run is not over yet.",
    RunState.QUEUED: "This run has not begun yet.",
}


def report(
    title: str,
    note: str,
    workflow: Workflow,
    record: RunRecord,
    source: Source,
    environment: Mapping[str, str] = NOTHING,
) -> str:
    """Return a run as one HTML page that asks no address for anything and can be opened from a disk.

    Args:
        title: stands on top; the workflow's name if it is empty.
        note: free text of one or more paragraphs.
        workflow: the table that ran; its inputs hold the values it ran with.
        record: what became of it.
        source: where the values come from.
        environment: "python" and packages -> version.
    """
    name = title.strip() or workflow.name.strip() or "Report of a run"
    found = parts(final_outputs(workflow.tasks, record), source)
    body = "".join(
        [
            f"<header><h1>{text(name, 300)}</h1>{_facts(workflow, record, name)}{_failure(workflow, record)}",
            f'<div class="note">{paragraphs(note)}</div>' if note.strip() else "",
            f"</header><main>{_results(found)}",
            f"<h2>Inputs</h2>{_inputs(workflow)}",
            f"<h2>Tasks</h2>{_tasks(workflow, record)}",
            f"<h2>Graph</h2>{drawing(workflow, {key: str(task.state) for key, task in record.tasks.items()})}",
            f"<h2>Versions</h2>{_versions(workflow, environment)}</main>",
            "<footer>Made by Tasktable. This page needs no network.</footer>",
        ]
    )
    return _page(name, body, [part for part in found if part.figure])


def _page(title: str, body: str, figures: list[Part]) -> str:
    """Return the document. Its scripts are named by digest, so that no other can run; nothing may be fetched."""
    scripts = [_plotly(), _file("page.js")] if figures else []
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]
    if any(part.needs_compiler for part in figures):
        digests.append("'unsafe-eval'")
    allowed = " ".join(digests) or "'none'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    data = "".join(
        f'<script type="application/json" id="figure-{number}">{part.figure}</script>\n'
        for number, part in enumerate(figures)
    )
    code = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title, 300)}</title>\n<style>\n{_file('page.css')}</style>\n</head>\n"
        f"<body>\n{body}\n{data}{code}</body>\n</html>\n"
    )


@cache
def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """Return the script of the installed plotly, found without importing it: the engine draws nothing."""
    from importlib import resources

    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _facts(workflow: Workflow, record: RunRecord, title: str) -> str:
    called = sum(task.state is State.DONE for task in record.tasks.values())
    reused = sum(task.state is State.REUSED for task in record.tasks.values())
    facts = [
        workflow.name if workflow.name.strip() != title else "",
        _moment(record.began or record.queued),
        str(record.state),
        _duration(record.ended - record.began) if record.ended and record.began else "",
        f"{count(called, 'task')} called, {reused:,} reused",
    ]
    line = " · ".join(text(fact, 300) for fact in facts if fact)
    about = f"<p>{text(workflow.description)}</p>" if workflow.description.strip() else ""
    return f'<p class="facts">{line}</p>{about}'


def _failure(workflow: Workflow, record: RunRecord) -> str:
    """Return what went wrong: how the run ended, what each failed task has said, and what is not there for that."""
    known = {task.id: task for task in workflow.tasks}
    failed = [
        f"<p>{_place(known, key)} failed: {text(task.error)}</p>" for key, task in record.tasks.items() if task.error
    ]
    if record.state in (RunState.DONE, RunState.PAUSED) and not failed:
        return ""
    reason = "" if failed and record.state is RunState.FAILED else record.reason
    head = f"<p><strong>{ENDS.get(record.state, 'Tasks of this run failed.')}</strong> {text(reason)}</p>"
    return f'<div class="alarm">{head}{"".join(failed[:MAX_FAILED])}{_missing(workflow, record)}</div>'


def _place(known: Mapping[str, Task], task_id: str) -> str:
    task = known.get(task_id)
    return f"Task {text(task_id)}" + (f" (order {task.order}), {breakable(task.function_path)}," if task else "")


def _missing(workflow: Workflow, record: RunRecord) -> str:
    """Return which values the run was to give and has not."""
    there = {key for task in record.tasks.values() for key in task.outputs}
    lost = [key for task in ordered(workflow.tasks) for key in task.output_keys if key not in there]
    if not lost:
        return ""
    more = f" and {len(lost) - MAX_FAILED:,} more" if len(lost) > MAX_FAILED else ""
    return f"<p>Not there for that: {', '.join(map(text, lost[:MAX_FAILED]))}{more}.</p>"


def _results(found: list[Part]) -> str:
    if not found:
        return '<h2>Results</h2><p class="quiet">There is no result yet.</p>'
    cards = "".join(part.html for part in found if part.kind == "number")
    others = "".join(part.html for part in found if part.kind != "number")
    return "<h2>Results</h2>" + (f'<div class="cards">{cards}</div>' if cards else "") + others


def _inputs(workflow: Workflow) -> str:
    if not workflow.inputs:
        return '<p class="quiet">The workflow has no inputs.</p>'
    rows = [[text(name), f"<code>{text(text_of(value))}</code>"] for name, value in workflow.inputs.items()]
    return table(["input", "value"], rows, css="plain")


def _tasks(workflow: Workflow, record: RunRecord) -> str:
    tasks = ordered(workflow.tasks)
    rows = []
    for task in tasks[:MAX_TASKS]:
        found = record.tasks.get(task.id, TaskRecord(State.WAITING))
        cells = [f"<code>{breakable(cell_text(task, column), MAX_CELL)}</code>" for column in COLUMNS[1:]]
        state = f'<span class="state {found.state}" title="{text(found.reason)}">{found.state}</span>'
        time = _duration(found.seconds) if found.is_finished else ""
        rows.append([text(task.order), *cells, state, time])
    more = f'<p class="quiet">… and {len(tasks) - MAX_TASKS:,} more.</p>' if len(tasks) > MAX_TASKS else ""
    return table([*COLUMNS, "state", "time"], rows, [True, *[False] * 5, True], "tasks") + more


def _versions(workflow: Workflow, environment: Mapping[str, str]) -> str:
    packages = " · ".join(f"{text(name)} {text(version)}" for name, version in environment.items())
    digests = {**workflow.digests(), **workflow.functions}
    codes = [[f"<code>{breakable(path)}</code>", f"<code>{text(digest)}</code>"] for path, digest in digests.items()]
    return (f"<p>{packages}</p>" if packages else "") + (
        f"<h3>Code</h3>{table(['function', 'digest of its code'], codes, css='plain')}" if codes else ""
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC") if seconds else ""


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:,.0f} min"
