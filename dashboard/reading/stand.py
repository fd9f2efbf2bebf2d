"""How the draft stands to what is saved: a draft, a version, or a version that was changed."""

from __future__ import annotations

from functools import lru_cache
from weakref import WeakKeyDictionary

from core import Catalog, TasktableError, Workflow
from core.store import UnknownRecordError
from core.workflow_file import WorkflowFile, dumps
from dashboard.server.backend import backend
from dashboard.state import Session

DRAFT, CHANGED = "draft", ", changed"
_texts: WeakKeyDictionary[Workflow, str | None] = WeakKeyDictionary()


def stand(session: Session) -> str:
    """Return "draft", "version 3" or "version 3, changed"."""
    if session.workflow_id is None or session.version is None:
        return DRAFT
    return f"version {session.version}{CHANGED if is_changed(session) else ''}"


def is_changed(session: Session) -> bool:
    """True if the draft says something else than the version that it is based on, or if that cannot be read."""
    saved = _saved(session)
    return saved is None or _text(session.draft) != saved[1]


def is_gone(session: Session) -> bool:
    """True if the workflow that the draft is of was deleted meanwhile."""
    try:
        backend().store.workflow(str(session.workflow_id))
    except UnknownRecordError:
        return True
    except TasktableError:
        return False
    return False


def saved_name(session: Session) -> str | None:
    """Return the name that the version has which the draft is based on; None if it cannot be read."""
    saved = _saved(session)
    return saved[0] if saved else None


def _saved(session: Session) -> tuple[str, str | None] | None:
    if session.workflow_id is None or session.version is None:
        return None
    try:
        return _version(session.workflow_id, session.version)
    except TasktableError:
        return None


@lru_cache(maxsize=256)
def _version(workflow_id: str, number: int) -> tuple[str, str | None]:
    """Return name and table of a version; versions never change. Raises TasktableError."""
    found = Workflow.from_json(backend().store.version(workflow_id, number).content, catalog=Catalog())
    return found.name, _text(found)


def _text(workflow: Workflow) -> str | None:
    """Return what a workflow says, without the digests of the functions; None if no file can hold it."""
    if workflow not in _texts:
        try:
            file = WorkflowFile(workflow.tasks, workflow.declared_inputs, workflow.name, workflow.description, {})
            _texts[workflow] = dumps(file)
        except TasktableError:
            _texts[workflow] = None
    return _texts[workflow]
