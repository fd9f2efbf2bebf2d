"""Putting another workflow in place of the draft."""

from __future__ import annotations

from core import Workflow
from dashboard.reading import results
from dashboard.state import Session


def open_draft(session: Session, draft: Workflow, workflow_id: str | None = None, version: int | None = None) -> None:
    """Open a workflow as the draft; undo brings the former one back. A run of that one goes on, which is told."""
    name, is_left = session.draft.name, results.is_running(session)
    session.open(draft, workflow_id, version)
    if is_left:
        session.say("info", f"The run of {name} goes on. Undo, or the History, leads back to it.")
