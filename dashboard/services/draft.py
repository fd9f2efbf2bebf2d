"""Opening and editing the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core import REQUIRED, TasktableError, Workflow
from core.edit import apply, with_cell
from core.errors import LiteralError
from core.literal import to_text
from core.preflight import preflight
from core.repair import Repair
from core.workflow_file import MAX_NAME
from dashboard.reading import facts, kept
from dashboard.server.backend import backend
from dashboard.services import bundle
from dashboard.services.opening import open_draft
from dashboard.services.uploaded import read_workflow
from dashboard.state import Session, find, new_token

_refused: set[str] = set()  # tokens of the tabs whose latest state the store has not taken


def open_sample(session: Session, stem: str) -> None:
    """Open a sample as the draft; undo brings the former draft back."""
    if stem in facts.samples():
        open_draft(session, facts.load_sample(stem))


def upload(session: Session, name: str, content: bytes) -> None:
    """Open an uploaded file as the draft; one that cannot be read leaves everything as it was and says why."""
    if name.lower().endswith(bundle.SUFFIX):
        bundle.upload_bundle(session, name, content)
        return
    try:
        workflow = read_workflow(name, content)
    except TasktableError as error:
        session.say("error", f"{name} was not opened: {error}")
        return
    open_draft(session, workflow)
    session.preflight = (f"{name} is open. Nothing has run yet.", *preflight(workflow))


def edit(session: Session, operation: Mapping[str, Any]) -> None:
    """Apply one operation of the grid to the draft."""
    try:
        tasks = apply(session.draft.tasks, operation)
    except TasktableError as error:
        session.say("error", str(error))
        return
    if tasks != session.draft.tasks:
        before = {task.id for task in session.draft.tasks}
        session.change(session.draft.replace(tasks=tasks))
        new = [task.id for task in tasks if task.id not in before]
        select(session, new[0] if new else session.selected)


def edit_all(session: Session, operations: Any) -> None:
    """Apply what the grid has sent, once each, in order; operations that were applied before are passed over."""
    for operation in operations if isinstance(operations, list) else ():
        number = operation.get("number") if isinstance(operation, dict) else None
        if type(number) is int and number > session.last_edit:
            session.last_edit = number
            HISTORY.get(str(operation.get("op")), edit)(session, operation)


HISTORY: Mapping[str, Callable[[Session, Mapping[str, Any]], None]] = {
    "undo": lambda session, _: undo(session),
    "redo": lambda session, _: redo(session),
}


def set_cell(session: Session, task_id: str, column: str, value: Any) -> None:
    """Put a value, not its text, into one cell of the draft."""
    tasks = tuple(with_cell(task, column, value) if task.id == task_id else task for task in session.draft.tasks)
    if tasks != session.draft.tasks:
        session.change(session.draft.replace(tasks=tasks))


def repair(session: Session, offer: Repair) -> None:
    """Change the draft as an offer says."""
    session.change(offer.apply(session.draft))


def rename(session: Session, name: str) -> None:
    """Give the draft another name."""
    if name.strip() and name != session.draft.name:
        session.change(session.draft.replace(name=name.strip()[:MAX_NAME]))


def set_input(session: Session, name: str, value: Any) -> None:
    """Give an input of the draft another value; what is no input of it stays none."""
    if name in session.draft.inputs and _differ(session.draft.inputs.get(name, REQUIRED), value):
        session.change(session.draft.replace(inputs={**session.draft.inputs, name: value}))


def undo(session: Session) -> None:
    """Go back to the draft before the last change."""
    if session.past:
        session.future.append(session.draft)
        session.go_to(session.past.pop())
        select(session, session.selected)


def redo(session: Session) -> None:
    """Take the last undo back."""
    if session.future:
        session.past.append(session.draft)
        session.go_to(session.future.pop())
        select(session, session.selected)


def select(session: Session, task_id: Any) -> None:
    """Select a task everywhere; what is no task's id selects nothing."""
    known = [task.id for task in session.draft.tasks]
    session.selected = task_id if task_id in known else None


def new_workflow(session: Session) -> None:
    """Open an empty workflow as the draft."""
    open_draft(session, Workflow(inputs={}, name="New workflow", catalog=facts.catalog()))


def follow_code(session: Session) -> None:
    """Let the draft name the functions as they are now: their code may have been edited since."""
    backend().look_again()
    if session.draft.catalog is not facts.catalog():
        session.draft = session.draft.replace(catalog=facts.catalog())


def resume(session: Session, token: str) -> Session:
    """Return a copy of the state that a browser tab had before it was loaded anew, or this one if it is gone.

    A copy, because a tab that was duplicated finds the same state, and two tabs must not share one. What was opened
    since then, by a link for example, is opened over it. The token is a new one, so that the tab notes it. A tab that
    asks once more, because it has not heard of that yet, has this state already.
    """
    if token == session.resumed:
        return session
    former = find(token) or _read(token)
    if former is None:
        return replace(session, token=new_token(), resumed=token, last_edit=0)
    found = replace(former, token=new_token(), resumed=token, last_edit=0, notice=session.notice, kept=None)
    found.past, found.future, found.left, found.pages = [*former.past], [*former.future], {**former.left}, {}
    if session.has_opened:
        found.change(session.draft)
        found.belong(session.workflow_id, session.version)
        found.run, found.selected, found.preflight = session.run, session.selected, session.preflight
    found.has_opened = False
    return found


def keep(session: Session) -> None:
    """Write down what the tab has open, if that has changed, so that it outlives the server."""
    mark = (session.draft, session.run, session.selected, session.is_live, session.version, session.author)
    if mark == session.kept or backend().store.is_read_only:
        return
    try:
        backend().store.put_draft(session.token, kept.to_text(session))
    except TasktableError as error:
        if session.token not in _refused:  # it is tried at every pass, and told once
            session.say("error", f"What you see is not kept for a restart of the server: {error}")
        _refused.add(session.token)
        return
    session.kept = mark
    _refused.discard(session.token)


def _read(token: str) -> Session | None:
    try:
        found = backend().store.draft(token)
        return kept.from_text(found.content, facts.catalog()) if found else None
    except (TasktableError, LookupError, TypeError):
        return None  # what an older program has written: the tab begins anew


def close_preflight(session: Session) -> None:
    """Hide what was told about the file that was opened."""
    session.preflight = ()


def _differ(old: Any, new: Any) -> bool:
    try:
        return to_text(old) != to_text(new)
    except LiteralError:
        return True
