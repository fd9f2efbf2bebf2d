"""Taking in a bundle: its workflow, and its run and values to be looked at. Nothing of it is executed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from core import State, TasktableError, Workflow
from core.artifact import Artifact
from core.bundle import Bundle, read_bundle, record_text
from core.preflight import preflight
from core.record import RunRecord, RunState, TaskRecord
from core.store import StoredRun, UnknownRecordError
from dashboard.reading import facts
from dashboard.server.backend import backend
from dashboard.services.history import open_run
from dashboard.services.opening import open_draft
from dashboard.state import Session

SUFFIX = ".zip"
MISSING = "It did not come along in the bundle."


def upload_bundle(session: Session, name: str, content: bytes) -> bool:
    """Open a bundle's workflow as the draft, looked at as its run has left it; undo brings the former draft back.

    A run that came with the same bundle before is opened as it is here. Returns False, and says why, if it is none or
    cannot be kept; everything is as it was then.
    """
    try:
        bundle = read_bundle(content, name)
        known = known_run(bundle)
        run_id = keep_run(session, bundle)
        workflow = Workflow.from_json(bundle.workflow_text, catalog=facts.catalog())
    except TasktableError as error:
        session.say("error", f"{name} was not opened: {error}")
        return False
    if run_id is None:
        open_draft(session, workflow)
    elif not open_run(session, run_id):
        return False
    opened = f"{name} is here already: run {known.number} is open." if known else f"{name} is open."
    session.preflight = (f"{opened} Nothing has run here.", *told(bundle, known is None), *preflight(workflow))
    return True


def keep_bundle(session: Session, name: str, content: bytes) -> None:
    """Save a bundle's workflow in the library and its run in the history; what is open stays open.

    What came with the same bundle before, and is still there, is told and not saved again.
    """
    try:
        bundle = read_bundle(content, name)
        known = known_run(bundle)
        if known and known.workflow_id and known.version:
            keep_run(session, bundle)
            session.say("info", f"{name} is here already: run {known.number} of {known.name}.")
            return
        title = (bundle.workflow.name or bundle.title or name.removesuffix(SUFFIX))[:200]
        text = Workflow.from_json(bundle.workflow_text, catalog=facts.catalog()).to_json()
        saved = backend().store.add_workflow(title, text, session.author, f"Uploaded: {name}"[:2_000])
        run_id = keep_run(session, bundle)
        if run_id:
            backend().store.place_run(run_id, saved.workflow_id, saved.number)
    except TasktableError as error:
        session.say("error", f"{name} was not kept: {error}")
        return
    session.say("success", f"{title} is in the library{', with its run' if bundle.record else ''}.")


def known_run(bundle: Bundle) -> StoredRun | None:
    """Return the run that the same bundle has brought before; None if there is none, or not any more."""
    if bundle.record is None:
        return None
    try:
        return backend().store.run(_run_id(bundle, bundle.record))
    except UnknownRecordError:
        return None


def _run_id(bundle: Bundle, record: RunRecord) -> str:
    """Return what names the run of a bundle here: the same for the same workflow, record and values."""
    parts = [bundle.workflow_text, record_text.dumps(record), *sorted(bundle.contents)]
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def told(bundle: Bundle, is_new: bool = True) -> list[str]:
    """Return one sentence each: what the sender says, which values came along and which did not."""
    found = [f"The sender says: {bundle.note}"] if bundle.note.strip() else []
    if bundle.record is not None and is_new:
        found.append(
            f"It has a run with {len(bundle.artifacts)} values; it is kept as a run of its own in the history."
        )
    if bundle.left_out:
        reasons = "; ".join(dict.fromkeys(item.reason for item in bundle.left_out))
        found.append(f"{len(bundle.left_out)} values were left out by the sender: {reasons[:500]}.")
    return found


def keep_run(session: Session, bundle: Bundle) -> str | None:
    """Keep a bundle's values and its run; return its id, None without a run. Raises TasktableError.

    Of one that was here before, the values are kept again that are not there any more.
    """
    if bundle.record is None:
        return None
    room, run_id = backend(), _run_id(bundle, bundle.record)
    for digest, content in bundle.contents.items():
        room.artifacts.take(digest, content)
    if known_run(bundle):
        return run_id
    room.store.begin_run(
        run_id,
        workflow_id=None,
        version=None,
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
