"""What the tests store."""

from __future__ import annotations

import json
from typing import Any

from core.record import Event, RunRecord
from core.store import Store, VersionRecord


def content(description: str = "", **inputs: Any) -> str:
    """A workflow file's text."""
    return json.dumps(
        {
            "format": "tasktable.workflow",
            "version": 1,
            "name": "Crossover",
            "description": description,
            "inputs": inputs,
            "tasks": [],
        }
    )


def saved(store: Store, count: int, name: str = "Crossover") -> list[VersionRecord]:
    """A workflow with so many versions."""
    versions = [store.add_workflow(name, content(number=1), message="message 1")]
    for number in range(2, count + 1):
        versions.append(
            store.save(versions[0].workflow_id, content(number=number), number - 1, message=f"message {number}")
        )
    return versions


def begun(store: Store, run_id: str, version: VersionRecord | None = None, **changed: Any) -> int:
    """A run of a version, or of a table that was not saved."""
    fields: dict[str, Any] = {
        "workflow_id": version.workflow_id if version else None,
        "version": version.number if version else None,
        "name": "Crossover",
        "content": version.content if version else content(),
        "functions": {"sample.f": "abc"},
        "environment": {"python": "3.12.1", "pandas": "3.0.0"},
    }
    return store.begin_run(run_id, **{**fields, **changed})


def artifact(digest: str, number: Any = None) -> dict[str, Any]:
    """An artifact as an event tells of it."""
    kind = "other" if number is None else "number"
    return {"digest": digest, "codec": "json", "size": 3, "kind": kind, "summary": {"type": "int", "number": number}}


def task(task_id: str, at: float, state: str = "done", **fields: Any) -> Event:
    """The event of a task."""
    return {"kind": "task", "at": at, "task": task_id, "state": state, **fields}


QUEUED: Event = {"kind": "queued", "at": 1.0, "position": 2}
BEGAN: Event = {"kind": "began", "at": 2.0}
ENDED: Event = {"kind": "ended", "at": 9.0, "state": "done", "reason": ""}


def told(run_id: str, *events: Event) -> RunRecord:
    """The record of a run after these events."""
    return RunRecord(run_id).after_all(events)
