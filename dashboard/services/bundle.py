"""Taking in a bundle: its workflow, and its run and values to be looked at. Nothing of it is executed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from core import State, TasktableError, Workflow
from core.artifact import Artifact
from core.bundle import Bundle, read_bundle
from core.preflight import preflight
from core.record import RunRecord, RunState, TaskRecord
from dashboard import facts
from dashboard.backend import backend
from dashboard.services.history import open_run
from dashboard.state import Session

SUFFIX = ".zip"
MISSING = "It did not come along in the bundle."


def upload_bundle(session: Session, name: str, content: bytes) -> bool:
    """Open a bundle's workflow as the draft, looked at as its run has left it; undo brings the former draft back.

    Returns False, and says why, if it is none or cannot be kept; everything is as it was then.
    """
    try:
        bundle = read_bundle(content, name)
        run_id = keep_run(session, bundle)
        workflow = Workflow.from_json(bundle.workflow_text, catalog=facts.catalog())
    except TasktableError as error:
        session.say("error", f"{name} was not opened: {error}")
        return False
    if run_id is None:
        session.change(workflow)
        session.belong(None, None)
        session.run, session.selected, session.has_opened = None, None, True
    elif not open_run(session, run_id):
        return False
    session.preflight = (f"{name} is open. Nothing has run here.", *told(bundle), *preflight(workflow))
    return True


def keep_bundle(session: Session, name: str, content: bytes) -> None:
    """Save a bundle's workflow in the library and its run in the history; what is open stays open."""
    try:
        bundle = read_bundle(content, name)
        title = (bundle.workflow.name or bundle.title or name.removesuffix(SUFFIX))[:200]
        text = Workflow.from_json(bundle.workflow_text, catalog=facts.catalog()).to_json()
        saved = backend().store.add_workflow(title, text, session.author, f"Uploaded: {name}"[:2_000])
        keep_run(session, bundle, saved.workflow_id)
    except TasktableError as error:
        session.say("error", f"{name} was not kept: {error}")
        return
    session.say("success", f"{title} is in the library{', with its run' if bundle.record else ''}.")


def told(bundle: Bundle) -> list[str]:
    """Return one sentence each: what the sender says, which values came along and which did not."""
    found = [f"The sender says: {bundle.note}"] if bundle.note.strip() else []
    if bundle.record is not None:
        found.append(
            f"It has a run with {len(bundle.artifacts)} values; it is kept as a run of its own in the history."
        )
    if bundle.left_out:
        reasons = "; ".join(dict.fromkeys(item.reason for item in bundle.left_out))
        found.append(f"{len(bundle.left_out)} values were left out by the sender: {reasons[:500]}.")
    return found


def keep_run(session: Session, bundle: Bundle, workflow_id: str | None = None) -> str | None:
    """Keep a bundle's values and its run, as a new one; return its id, None without a run. Raises TasktableError."""
    if bundle.record is None:
        return None
    room, run_id = backend(), uuid4().hex
    for digest, content in bundle.contents.items():
        room.artifacts.take(digest, content)
    room.store.begin_run(
        run_id,
        workflow_id=workflow_id,
        version=1 if workflow_id else None,
        name=bundle.workflow.name or bundle.title,
        content=bundle.workflow_text,
        functions=bundle.workflow.functions,
        environment=bundle.environment,
        author=session.author,
    )
    # A person has brought the values here, where they may not be computable: such a note keeps them.
    room.store.note("run", run_id, f"From a bundle. {bundle.note}".strip()[:2_000])
    room.store.record_run(_record(bundle, bundle.record, run_id))
    return run_id


def _record(bundle: Bundle, record: RunRecord, run_id: str) -> RunRecord:
    """Return the run as one that is over here, with no value but those that came along.

    What a record says of a value is not believed: one that names other bytes, or the same bytes as a pickle, would
    have them opened as such.
    """
    came = {artifact.digest: artifact for artifact in bundle.artifacts}
    tasks = {task_id: _task(task, came) for task_id, task in record.tasks.items()}
    known = replace(record, id=run_id, tasks=tasks, count=len(tasks) + 1)
    if record.state.is_over:
        return known
    return replace(
        known, state=RunState.INTERRUPTED, reason="It was under way when it was handed on.", ended=time.time()
    )


def _task(task: TaskRecord, came: Mapping[str, Artifact]) -> TaskRecord:
    outputs = {key: _value(artifact, came) for key, artifact in task.outputs.items()}
    if task.state is State.RUNNING:
        return replace(task, state=State.FAILED, error="It was running when it was handed on.", outputs={})
    return replace(task, outputs=outputs)


def _value(artifact: Artifact, came: Mapping[str, Artifact]) -> Artifact:
    summary = {name: told for name, told in artifact.summary.items() if name != "preview"}
    picture = came.get(str(artifact.summary.get("preview", "")))
    if picture is not None and picture.codec == "png":
        summary["preview"] = picture.digest
    known = came.get(artifact.digest)
    if known is not None and (known.codec, known.size) == (artifact.codec, artifact.size):
        return replace(artifact, summary=summary)
    return Artifact("", "", 0, artifact.kind, {**summary, "reason": MISSING})
