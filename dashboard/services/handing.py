"""Handing a run on: as a report, a notebook, a Python class or a bundle; running it again exactly."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from html import escape
from typing import Any
from uuid import uuid4

from core import TasktableError, Workflow, WorkflowError
from core.artifact import Artifact
from core.beginning import begin
from core.bundle import write_bundle
from core.compare.environment import EnvironmentDifference, compare_environments
from core.compare.run import final_outputs
from core.environment import environment
from core.errors import ArtifactError
from core.export import to_python
from core.notebook import to_notebook
from core.record import RunRecord
from core.report import Source, report
from core.request import Limits, RunRequest
from core.store import StoredRun
from core.value import question
from core.value.answer import Answer
from core.value.excerpt import size_text
from dashboard.reading import facts
from dashboard.reading.side import record_of
from dashboard.reading.stored import SMALL, UNTRUSTED, Stored
from dashboard.server.backend import backend
from dashboard.state import Session

MOST_HANDED = 100 * 1024**2


def file_stem(name: str) -> str:
    """Return a file name for a workflow of this name, without its ending."""
    return "".join(char if char.isalnum() else "_" for char in name).strip("_")[:80] or "workflow"


def report_of(run_id: str) -> str:
    """Return the report of a run as one HTML page; if it cannot be made, a page that says why."""
    try:
        run = backend().store.run(run_id)
        return report(
            run.name, run.note, _workflow(run), record_of(run), Source(_value, _ask, _picture), run.environment
        )
    except TasktableError as error:
        return f"<!doctype html><meta charset='utf-8'><p>The report cannot be made: {escape(str(error))}</p>\n"


def notebook_of(workflow: Workflow) -> str:
    """Return a workflow as a notebook; if it has no such form, a notebook that says why."""
    try:
        return to_notebook(workflow)
    except TasktableError as error:
        text = f"This workflow cannot be written as a notebook: {error}"
        cell = {"cell_type": "raw", "id": "why", "metadata": {}, "source": text}
        return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def python_of(workflow: Workflow) -> str:
    """Return a workflow as a Python module, or why it has no such form."""
    try:
        return to_python(workflow)
    except TasktableError as error:
        return f"# This workflow cannot be written as Python: {error}\n"


def bundle_of(run_id: str, chosen: Collection[str] = ()) -> bytes:
    """Return a run with its values as one file; values beyond a hundred megabytes are told as left out.

    `chosen`: the keys of the values that are wanted; all if none is named.
    """
    run = backend().store.run(run_id)
    record = record_of(run)
    artifacts = _handed(_workflow(run), record, chosen)
    read = _reader(MOST_HANDED)
    return write_bundle(run.content, record, artifacts, read, run.name, run.note, run.environment)


def handed(run_id: str) -> tuple[str, Workflow]:
    """Return a file name for a run, without its ending, and the workflow that ran. Raises TasktableError."""
    run = backend().store.run(run_id)
    return f"{file_stem(run.name)}_run_{run.number}", _workflow(run)


def differences_here(run_id: str) -> EnvironmentDifference:
    """Return what differs between where a run ran and here: versions, and functions that were edited or are gone.

    Raises TasktableError if there is no such run.
    """
    run = backend().store.run(run_id)
    return compare_environments(run.environment, environment(), run.functions, _workflow(run).digests())


def run_again(session: Session, run_id: str) -> str | None:
    """Run the same table with the same inputs, reusing nothing; return the new run's id, None if it was not begun."""
    try:
        run = backend().store.run(run_id)
        return _begin(session, run.content, run.workflow_id, run.version, f"Run {run.number} again, exactly.")
    except TasktableError as error:
        session.say("error", f"It was not run again: {error}")
        return None


def run_version(session: Session, workflow_id: str, number: int) -> str | None:
    """Run a version as it was saved; return the run's id, None if it was not begun."""
    try:
        version = backend().store.version(workflow_id, number)
        return _begin(session, version.content, workflow_id, number, "", anew=False)
    except TasktableError as error:
        session.say("error", f"It was not run: {error}")
        return None


def _begin(
    session: Session, content: str, workflow_id: str | None, number: int | None, note: str, anew: bool = True
) -> str:
    workflow = Workflow.from_json(content, catalog=facts.catalog())
    if workflow.plan_or_none is None:
        raise WorkflowError(workflow.problems)
    workflow.complete_inputs({})
    room, run_id = backend(), uuid4().hex
    settings = room.settings
    request = RunRequest(
        id=run_id,
        workflow=content,
        everything_anew=anew,
        executor=settings.executor,
        workers=settings.workers,
        user=session.token,
        limits=Limits.of(settings),
    )
    begin(
        room.store,
        room.runner,
        request,
        workflow,
        workflow_id=workflow_id,
        version=number,
        author=session.author,
        note=note,
    )
    room.runner.wait(run_id, room.patience)
    return run_id


def _workflow(run: StoredRun) -> Workflow:
    return Workflow.from_json(run.content, catalog=facts.catalog())


def _value(artifact: Artifact) -> Any:
    """Return a value for a page. Raises ArtifactError for one that is too large for it, or that only code can open."""
    if artifact.size <= SMALL and artifact.codec != UNTRUSTED:
        return backend().artifacts.get(artifact)
    if artifact.kind == "figure":
        return _figure(Answer.from_bytes(backend().runner.ask(artifact, dict(question.figure()))))
    why = "only code can open it" if artifact.codec == UNTRUSTED else f"it takes {size_text(artifact.size)}"
    raise ArtifactError(f"it is left out, because {why}; open the run to see it")


def _ask(artifact: Artifact, wanted: question.Question) -> Answer:
    return Stored(artifact).ask(wanted)


def _figure(found: Answer) -> Any:
    from plotly.graph_objects import Figure

    if found.reason:
        raise ArtifactError(found.reason)
    return Figure(json.loads(found.content))


def _picture(artifact: Artifact) -> bytes | None:
    path = backend().artifacts.preview(artifact)
    return path.read_bytes() if path else None


def values_of(run_id: str) -> dict[str, int]:
    """Return key -> size in bytes of the stored values of a run, in the order in which they were written."""
    run = backend().store.run(run_id)
    return {key: artifact.size for key, artifact in _stored(record_of(run))}


def _stored(record: RunRecord) -> list[tuple[str, Artifact]]:
    every = (output for task in record.tasks.values() for output in task.outputs.items())
    return [(key, artifact) for key, artifact in every if artifact.is_stored]


def _handed(workflow: Workflow, record: RunRecord, chosen: Collection[str]) -> list[Artifact]:
    """Return the chosen values of a run, or all, those that it ends with first, then the smaller ones."""
    final = final_outputs(workflow.tasks, record)
    every = [artifact for key, artifact in _stored(record) if not chosen or key in chosen]
    last = {artifact.digest for artifact in final.values()}
    ranked = sorted(every, key=lambda artifact: (artifact.digest not in last, artifact.size))
    return list({(artifact.digest, artifact.codec): artifact for artifact in ranked}.values())


def _reader(most: int) -> Callable[[Artifact], bytes]:
    """Return what reads the files of values, until they take more than so many bytes together."""
    left = most

    def read(artifact: Artifact) -> bytes:
        nonlocal left
        path = backend().artifacts.path(artifact)
        size = path.stat().st_size
        if size > left:
            raise ArtifactError(f"the bundle would take more than {size_text(most)}")
        left -= size
        return path.read_bytes()

    return read
