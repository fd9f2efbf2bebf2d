"""Saving the draft as a version, and what to do when somebody else has saved meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from core import TasktableError, Workflow
from core.compare.choice import Union, unite
from core.store import SaveConflict, UnknownRecordError, VersionRecord
from dashboard.reading import facts, results, stand
from dashboard.server.backend import backend
from dashboard.state import Conflict, Session

UNNAMED = "Untitled"
MAX_AUTHOR, MAX_MESSAGE = 200, 2_000


def save(session: Session, message: str = "", author: str | None = None) -> None:
    """Save the draft: as a new workflow, or as the next version of the one that it is of.

    If somebody else has saved meanwhile, nothing is saved and `session.conflict` holds what they saved. A draft that
    cannot run is saved as well.
    """
    if author is not None:
        session.author = " ".join(author.split())[:MAX_AUTHOR]
    if session.workflow_id is None or session.version is None:
        _save_new(session, message)
    elif stand.is_changed(session) or stand.is_gone(session):
        _append(session, session.version, message)
    else:
        session.say("info", f"Nothing to save: this is version {session.version} as it stands.")


def save_on_top(session: Session) -> None:
    """Save the draft as the version after the one that somebody else has saved; theirs stays in the history."""
    conflict = _conflict(session)
    if conflict:
        _append(session, conflict.latest.number, conflict.message)


def save_copy(session: Session) -> None:
    """Save the draft as a new workflow; the one that it was of stays as somebody else has saved it."""
    conflict = _conflict(session)
    if conflict:
        name = f"{session.draft.name[:180] or UNNAMED} (copy)"
        session.change(session.draft.replace(name=name))
        _save_new(session, conflict.message)


def merge(session: Session, chosen: Collection[int] = ()) -> None:
    """Put what somebody else has saved into the draft; undo brings the draft as it was back.

    `chosen` are the numbers of the collisions at which theirs holds; at the others mine does.
    """
    conflict = _conflict(session)
    if conflict is None:
        return
    found = union(session, chosen)
    if found is None:
        session.say("error", "There is no common version to merge from. Save on top of it, or keep a copy.")
        return
    session.change(found.workflow)
    session.belong(conflict.latest.workflow_id, conflict.latest.number)
    if session.selected not in {task.id for task in session.draft.tasks}:
        session.selected = None
    session.say("success", f"Merged with version {conflict.latest.number}. Look at it, then save it.")


def union(session: Session, chosen: Collection[int] = ()) -> Union | None:
    """Return the draft merged with what somebody else has saved; None without a common version, or without one."""
    sides = sides_of(session)
    if sides is None or sides[0] is None:
        return None
    return unite(sides[0], session.draft, sides[1], chosen)


def sides_of(session: Session) -> tuple[Workflow | None, Workflow] | None:
    """Return the common version, if there is one, and what somebody else has saved; None if nobody has."""
    conflict = _conflict(session)
    if conflict is None:
        return None
    try:
        return _read(conflict.base) if conflict.base else None, _read(conflict.latest)
    except TasktableError:
        return None  # a version that another program has written: it can be saved over or left, not merged


def leave_conflict(session: Session) -> None:
    """Decide later: the draft stays as it is, and is not saved."""
    session.conflict = None


def _read(version: VersionRecord) -> Workflow:
    return Workflow.from_json(version.content, catalog=facts.catalog())


def _conflict(session: Session) -> Conflict | None:
    """Return the conflict, if it is one of the workflow that is open."""
    conflict = session.conflict
    if conflict is not None and conflict.latest.workflow_id != session.workflow_id:
        session.conflict = conflict = None
    return conflict


def _save_new(session: Session, message: str) -> None:
    try:
        name = session.draft.name.strip() or UNNAMED
        saved = backend().store.add_workflow(name, session.draft.to_json(), session.author, message.strip())
    except TasktableError as error:
        session.say("error", f"Not saved: {error}")
        return
    session.belong(saved.workflow_id, saved.number)
    session.say("success", f"Saved as a new workflow, {name}.")
    _place_run(session, saved)


def _append(session: Session, based_on: int, message: str) -> None:
    before = stand.saved_name(session)
    try:
        content = session.draft.to_json()
        saved = backend().store.save(str(session.workflow_id), content, based_on, session.author, message.strip())
    except SaveConflict as conflict:
        session.conflict = Conflict(conflict.latest, conflict.base, message)
        session.say("info", f"Not saved yet: version {conflict.latest.number} was saved meanwhile.")
    except UnknownRecordError:
        session.belong(None, None)
        session.say("error", "Not saved: the workflow was deleted meanwhile. Save again to keep this as a new one.")
    except TasktableError as error:
        session.say("error", f"Not saved: {error}")
    else:
        session.rebase(saved.number)
        _place_run(session, saved)
        session.say("success", f"Saved as version {saved.number}.")
        _rename(session, before)


def _rename(session: Session, before: str | None) -> None:
    """Let the library call the workflow as the draft does, if its name was changed in the draft."""
    name = session.draft.name.strip()
    if before is None or name in ("", before):
        return
    try:
        backend().store.rename_workflow(str(session.workflow_id), name)
    except TasktableError as error:
        session.say("error", f"Version {session.version} is saved, but the library has the former name: {error}")


def _place_run(session: Session, saved: VersionRecord) -> None:
    """Let the history show the run of this very draft, which was begun before it was saved, as one of the version."""
    if session.run is None or not results.is_current(session):
        return
    try:
        backend().store.place_run(session.run.id, saved.workflow_id, saved.number)
    except TasktableError as error:
        session.say("info", f"Version {saved.number} is saved; its run is not listed with it: {error}")
