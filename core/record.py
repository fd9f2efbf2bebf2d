"""What is known of one managed run: its events, one after another, folded into a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.artifact import Artifact
from core.capture import MAX_TEXT
from core.result import State
from core.task import NOTHING

Event = Mapping[str, Any]


class RunState(StrEnum):
    """What is known of a run as a whole."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        """True if no process works on it."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """What became of one task of a run.

    Attributes:
        state: see `State`.
        seconds: wall-clock time of the call; of a reused one, of the call that made the result.
        began: seconds since 1970 at which it started, for a task that was called; else 0.0.
        reason: why it ran, was reused, was skipped or failed, in words.
        error: what went wrong, in one sentence, for a failed task.
        traceback: the function's own lines of the traceback.
        log: what it printed, warned and logged.
        outputs: key -> what it wrote.
        result: names this very outcome; tasks that read it are keyed by it.
        number: how many events the run had when this outcome came to be; a reader with a smaller one is out of date.
    """

    state: State
    seconds: float = 0.0
    began: float = 0.0
    reason: str = ""
    error: str = ""
    traceback: str = ""
    log: str = ""
    outputs: Mapping[str, Artifact] = field(default_factory=lambda: NOTHING)
    result: str = ""
    number: int = 0

    @property
    def is_finished(self) -> bool:
        """True if its outputs are there."""
        return self.state in (State.DONE, State.REUSED)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One managed run, as far as its events tell.

    Attributes:
        id: names the run; letters, digits and `-`.
        state: see `RunState`.
        reason: why it ended as it did, in words.
        position: its place in the queue, from 1; 0 when it is not queued.
        queued, began, ended: seconds since 1970; 0.0 as long as it has not happened.
        tasks: task id -> what became of it, in the order in which they were first heard of.
        is_partial: whether it was asked, the last time, for a part of its table only.
        count: number of events so far.
    """

    id: str
    state: RunState = RunState.QUEUED
    reason: str = ""
    position: int = 0
    queued: float = 0.0
    began: float = 0.0
    ended: float = 0.0
    tasks: Mapping[str, TaskRecord] = field(default_factory=lambda: NOTHING)
    is_partial: bool = False
    count: int = 0

    def after(self, event: Event) -> RunRecord:
        """Return the record after one more event.

        Every event has `kind` and `at` (seconds since 1970). The kinds and what else they have:
        "queued" `position`; "began" `partial` (False if it is not there); "task" `task`, `state`, and any attribute of
        `TaskRecord` but `began` and `number`; "log" `task`, `text`; "ended" `state`, `reason`.
        """
        return replace(FOLDS[event["kind"]](self, event), count=self.count + 1)

    def after_all(self, events: Iterable[Event]) -> RunRecord:
        """Return the record after several events."""
        record = self
        for event in events:
            record = record.after(event)
        return record


def _queued(record: RunRecord, event: Event) -> RunRecord:
    first = record.queued or event["at"]
    return replace(record, state=RunState.QUEUED, position=event["position"], queued=first, ended=0.0, reason="")


def _began(record: RunRecord, event: Event) -> RunRecord:
    is_partial = bool(event.get("partial"))
    return replace(record, state=RunState.RUNNING, position=0, began=record.began or event["at"], is_partial=is_partial)


def _task(record: RunRecord, event: Event) -> RunRecord:
    state = State(event["state"])
    former = record.tasks.get(event["task"])
    texts = {name: event[name] for name in ("reason", "error", "traceback", "log", "result") if name in event}
    outputs = {key: Artifact.from_json(data) for key, data in event.get("outputs", {}).items()}
    began = event["at"] if state is State.RUNNING else former.began if former and state is not State.REUSED else 0.0
    if former and "log" not in texts and former.state is State.RUNNING:
        texts["log"] = former.log
    if former and state is State.RUNNING:
        texts["result"] = former.result  # until it is known whether another outcome comes of it
    is_same = bool(former and former.result and former.result == texts.get("result"))
    if former and is_same and record.is_partial and state is State.REUSED and former.state is State.DONE:
        return record  # the run goes on a step further; what it has done itself stays done
    number = former.number if former and is_same else record.count + 1
    found = TaskRecord(state, event.get("seconds", 0.0), began, outputs=outputs, number=number, **texts)
    return replace(record, tasks={**record.tasks, event["task"]: found})


def _log(record: RunRecord, event: Event) -> RunRecord:
    former = record.tasks.get(event["task"], TaskRecord(State.RUNNING, began=event["at"]))
    changed = replace(former, log=(former.log + event["text"])[:MAX_TEXT])
    return replace(record, tasks={**record.tasks, event["task"]: changed})


def _ended(record: RunRecord, event: Event) -> RunRecord:
    """No task runs any more: one that was called and did not end has failed, for the reason that the run ended.

    If it was not for the task's sake that the run ended, the task waits again.
    """
    reason, state = event.get("reason", ""), RunState(event["state"])
    end: dict[str, Any] = {"state": State.FAILED, "error": reason or "the run ended while it was running"}
    if state in (RunState.STOPPED, RunState.INTERRUPTED):
        end = {"state": State.WAITING, "reason": f"it was under way when the run was {state}"}
    tasks = {
        task_id: replace(task, **end, seconds=event["at"] - task.began) if task.state is State.RUNNING else task
        for task_id, task in record.tasks.items()
    }
    return replace(record, state=state, reason=reason, position=0, ended=event["at"], tasks=tasks)


FOLDS = {"queued": _queued, "began": _began, "task": _task, "log": _log, "ended": _ended}
