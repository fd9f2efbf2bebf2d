"""The outcome of one task in a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import TaskError
from core.task import Task


class State(StrEnum):
    """What is known of a task at this moment of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REUSED = "reused"
    STALE = "stale"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of one task.

    Attributes:
        task: the row.
        state: see `State`.
        seconds: wall-clock time of the call; 0.0 unless it was called.
        reason: why it ran, was reused, is skipped or stale, in words; "" where there is nothing to compare with.
        error: what went wrong, for a failed task.
        log: what it printed and warned, if the run captures that.
    """

    task: Task
    state: State
    seconds: float = 0.0
    reason: str = ""
    error: TaskError | None = None
    log: str = ""
