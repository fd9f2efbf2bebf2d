"""Opening what is saved, and what people add to it: names, tags, notes, stars; putting away and deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from core import TasktableError, Workflow
from core.preflight import preflight
from core.record import RunRecord
from core.store import StoredRun, UnknownRecordError, VersionRecord
from dashboard.attempt import Attempt
from dashboard.reading import facts
from dashboard.reading.side import record_of
from dashboard.server.backend import backend
from dashboard.services.opening import open_draft
from dashboard.services.uploaded import read_workflow
from dashboard.state import Session

Kind = Literal["workflow", "version", "run"]
MAX_TICKED = 40


def open_workflow(session: Session, workflow_id: str) -> bool:
    """Open the latest version of a saved workflow as the draft; undo brings the former draft back.

    Returns False, and says why, if there is no such workflow or it cannot be read; everything is as it was then.
    """
    return _opened(session, lambda: _latest(workflow_id))


def open_version(session: Session, workflow_id: str, number: int) -> bool:
    """Open a version as the draft, based on that version; returns as `open_workflow` does."""
    return _opened(session, lambda: backend().store.version(workflow_id, number))


def restore(session: Session, workflow_id: str, number: int) -> bool:
    """Open a version as a draft that follows on the latest one, so that saving makes it the next version.

    Undo brings the former draft back. Returns as `open_workflow` does.
    """
    if not open_version(session, workflow_id, number):
        return False
    try:
        latest = backend().store.workflow(workflow_id).latest
    except TasktableError as error:
        session.say("error", str(error))
        return False
    session.belong(workflow_id, latest)
    text = "" if latest == number else f" Save it to make it version {latest + 1}."
    session.say("success", f"Version {number} is the draft.{text}")
    return True


def open_run(session: Session, run_id: str, task: str = "") -> bool:
    """Open a run as it was: its table and inputs as the draft, looked at after its last order; nothing is computed.

    Undo brings the former draft back. Returns False, and says why, if there is no such run.
    """
    try:
        found = backend().store.run(run_id)
        workflow = Workflow.from_json(found.content, catalog=facts.catalog())
    except TasktableError as error:
        session.say("error", _sentence("The run was not opened", error))
        return False
    open_draft(session, workflow, *_home(found))
    if workflow.plan_or_none is None:
        session.say("error", "This table cannot run here now, so the values of the run cannot be shown in it.")
        return True
    session.run = Attempt(found.id, workflow, _last_order(record_of(found), workflow), is_past=True)
    known = {item.id for item in workflow.tasks}
    session.selected = task if task in known else None
    if task and task not in known:
        session.say("error", "The run has no such task.")
    return True


def duplicate(session: Session, workflow_id: str) -> None:
    """Save the latest version of a workflow as a workflow of its own."""
    store = backend().store
    try:
        record = store.workflow(workflow_id)
        content = _as_workflow(store.version(workflow_id, record.latest)).replace(name=f"{record.name[:180]} (copy)")
        made = store.add_workflow(content.name, content.to_json(), session.author, f"Copy of {record.name}"[:2_000])
        store.tag("workflow", made.workflow_id, record.tags)
    except TasktableError as error:
        session.say("error", _sentence("It was not duplicated", error))
        return
    session.say("success", f"{content.name} is in the library.")


def keep_upload(session: Session, name: str, content: bytes) -> None:
    """Save an uploaded workflow file in the library; nothing of it runs, and what is open stays open."""
    try:
        workflow = read_workflow(name, content)
        title = (workflow.name or name)[:200]
        backend().store.add_workflow(title, workflow.to_json(), session.author, f"Uploaded: {name}"[:2_000])
    except TasktableError as error:
        session.say("error", f"{name} was not kept: {error}")
        return
    count = len(preflight(workflow))
    session.say(
        "success", f"{title} is in the library." + (f" {count} things to know when you open it." if count else "")
    )


def archive(session: Session, workflow_id: str, on: bool = True) -> None:
    """Put a workflow away, or take it out again."""
    if _done(session, lambda: backend().store.archive_workflow(workflow_id, on)):
        session.say(
            "success", "It is archived; the library shows it on demand." if on else "It is in the library again."
        )


def rename_saved(session: Session, workflow_id: str, name: str) -> None:
    """Give a saved workflow another name."""
    if name.strip():
        _done(session, lambda: backend().store.rename_workflow(workflow_id, name.strip()))


def delete_workflow(session: Session, workflow_id: str, with_runs: bool = False) -> None:
    """Delete a workflow with its versions. If it is open, its draft stays, as one that is not saved."""
    if _done(session, lambda: backend().store.delete_workflow(workflow_id, with_runs)):
        if session.workflow_id == workflow_id:
            session.belong(None, None)
        session.say("success", "The workflow is deleted.")


def delete_run(session: Session, run_id: str) -> None:
    """Delete a run that is over with all that was recorded of it."""
    known = backend().runner.record(run_id)
    if known is not None and not known.state.is_over:
        session.say("error", "The run is under way. Stop it, or wait for its end.")
        return
    if _done(session, lambda: backend().store.delete_run(run_id)):
        if session.run and session.run.id == run_id:
            session.run = None
        session.ticked = tuple(ref for ref in session.ticked if ref != f"run:{run_id}")
        session.say("success", "The run is deleted.")


def star(session: Session, kind: Kind, name: str, on: bool) -> None:
    """Set or take away a star."""
    _done(session, lambda: backend().store.star(kind, name, on))


def tag(session: Session, kind: Kind, name: str, tags: Iterable[str]) -> None:
    """Replace the tags."""
    wanted = list(tags)
    _done(session, lambda: backend().store.tag(kind, name, wanted))


def note(session: Session, kind: Kind, name: str, text: str) -> None:
    """Replace the note."""
    _done(session, lambda: backend().store.note(kind, name, text))


def tick(session: Session, ref: str, on: bool) -> None:
    """Choose a version or a run to be compared, or not any more; the latest forty that were chosen count."""
    rest = [known for known in session.ticked if known != ref]
    session.ticked = tuple([*rest, ref][-MAX_TICKED:] if on else rest)


def untick(session: Session) -> None:
    """Choose nothing to be compared."""
    session.ticked = ()


def _opened(session: Session, find: Callable[[], VersionRecord]) -> bool:
    try:
        version = find()
        workflow = _as_workflow(version)
    except TasktableError as error:
        session.say("error", _sentence("It was not opened", error))
        return False
    open_draft(session, workflow, version.workflow_id, version.number)
    return True


def _latest(workflow_id: str) -> VersionRecord:
    store = backend().store
    return store.version(workflow_id, store.workflow(workflow_id).latest)


def _as_workflow(version: VersionRecord) -> Workflow:
    return Workflow.from_json(version.content, catalog=facts.catalog())


def _home(found: StoredRun) -> tuple[str | None, int | None]:
    """Return the workflow and the version that a run is of, if they are still there."""
    if found.workflow_id is None or found.version is None:
        return None, None
    try:
        backend().store.workflow(found.workflow_id)
    except UnknownRecordError:
        return None, None
    return found.workflow_id, found.version


def _last_order(record: RunRecord, workflow: Workflow) -> int | None:
    return max((task.order for task in workflow.tasks if task.id in record.tasks), default=None)


def _done(session: Session, act: Callable[[], Any]) -> bool:
    try:
        act()
    except TasktableError as error:
        session.say("error", str(error))
        return False
    return True


def _sentence(beginning: str, error: TasktableError) -> str:
    return f"{beginning}: {error}."
