"""Tables to start from, short ways to change a session and to look at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.value.holder import Holder, InMemory
from dashboard import services
from dashboard.reading import facts, results, rows
from dashboard.reading.stored import Stored
from dashboard.server.backend import backend
from dashboard.state import Session
from tests.dashboard.work import row

ROWS = [
    row(0, "double", "a", {}, "b"),
    row(1, "double", "b", {}, "c"),
    row(1, "same", "a", {}, "d"),
    row(2, "add", ("c", "d"), {"offset": 1}, "e"),
]
FAILING = [row(0, "double", "a", {}, "b"), row(1, "fail", "a", {}, "x"), row(2, "same", "x", {}, "y")]


def states(session: Session) -> dict[str, str]:
    """Task id -> state."""
    return {task_id: str(result.state) for task_id, result in results.states(session).items()}


def outputs(session: Session) -> dict[str, Any]:
    """Key -> the latest value itself."""
    return opened({key: Stored(artifact) for key, (artifact, _) in results.output_artifacts(session).items()})


def written(session: Session, task_id: str) -> dict[str, Any]:
    """Key -> value that a task wrote."""
    return opened(results.written_values(session, task_id))


def read(session: Session, task_id: str) -> dict[str, Any]:
    """Key -> value that a task read."""
    return opened(results.read_values(session, task_id))


def opened(holders: Mapping[str, Holder]) -> dict[str, Any]:
    """Key -> the value itself."""
    return {key: _value(holder) for key, holder in holders.items()}


def _value(holder: Holder) -> Any:
    if isinstance(holder, Stored):
        return backend().artifacts.get(holder.artifact, trusted=True)
    assert isinstance(holder, InMemory)
    return holder._value


def cell(session: Session, number: int, column: str) -> str:
    """The text of a cell."""
    text: str = rows.grid_rows(session)[number - 1][column]
    return text


def put(session: Session, number: int, column: str, text: str) -> None:
    """Type a text into a cell."""
    services.edit(session, {"op": "set", "id": f"t{number}", "column": column, "text": text})


CHANGES: dict[str, Callable[[Session], None]] = {
    "a cell": lambda session: put(session, 1, "note", "why"),
    "a cell's value": lambda session: services.set_cell(session, "t4", "kwargs", {"offset": 2}),
    "an unreadable cell": lambda session: put(session, 1, "order", "soon"),
    "a paste": lambda session: services.edit(
        session, {"op": "paste", "id": "t4", "column": "order", "cells": [["5"], ["6"]]}
    ),
    "an added row": lambda session: services.edit(session, {"op": "add", "after": "t1"}),
    "a deleted row": lambda session: services.edit(session, {"op": "delete", "ids": ["t1", "t2"]}),
    "a copied row": lambda session: services.edit(session, {"op": "duplicate", "ids": ["t1"]}),
    "a moved row": lambda session: services.edit(session, {"op": "move", "ids": ["t1"], "after": "t4"}),
    "an input": lambda session: services.set_input(session, "a", 2),
    "a name": lambda session: services.rename(session, "other"),
    "a sample": lambda session: services.open_sample(session, "analysis_2"),
    "an upload": lambda session: services.upload(session, "a.json", facts.load_sample("analysis_1").to_json().encode()),
}
