"""What became of each run of a sweep: its state, why it failed, and every number among its outputs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core import State, TasktableError
from core.artifact import Artifact
from core.compare.run import RunSide
from core.compare.scalar import MAX_SCALARS, scalars
from core.record import RunRecord, RunState
from core.sweep import Variant
from core.task import NOTHING
from dashboard.server.backend import backend
from dashboard.sweeping import Sweep

WAITING, NOT_RUN, UNREAD = "waiting", "not run", "being read"
UNTRUSTED = "pickle"
MOST_KEPT = 8
_kept: dict[str, dict[int, Outcome]] = {}


@dataclass(frozen=True)
class Outcome:
    """One variant.

    Attributes:
        state: that of its run, or "waiting", "not run", "being read".
        error: why it has failed.
        numbers: name -> number.
        seconds: how long its run took; None if it is not over.
    """

    state: str
    error: str = ""
    numbers: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    seconds: float | None = None

    @property
    def is_over(self) -> bool:
        """True if its run has ended, so that it can be opened."""
        return self.seconds is not None


def outcomes(sweep: Sweep, patience: float) -> list[Outcome]:
    """Return the outcome of each variant; reading what is not known yet ends after so many seconds."""
    end = time.monotonic() + patience
    known = _known(sweep)
    progress = backend().sweeper.progress(sweep.id)
    waiting = frozenset(progress.waiting) if progress else frozenset()
    under_way = progress.under_way if progress else frozenset()
    refused = progress.refused if progress else {}
    is_still = progress is None or progress.is_over
    found = []
    for number, variant in enumerate(sweep.variants):
        outcome = known.get(number)
        if outcome is None and number in waiting:
            outcome = Outcome(WAITING)
        elif outcome is None and number in refused:
            outcome = Outcome(str(RunState.FAILED), refused[number])
        elif outcome is None and time.monotonic() > end:
            outcome = Outcome(UNREAD)
        elif outcome is None:
            outcome = _outcome(variant, sweep.run_ids[number])
            if number in under_way:
                # Until it is handed over, its record is that of the time before, when it was stopped or had failed.
                outcome = Outcome(str(RunState.RUNNING)) if outcome.is_over else outcome
            elif outcome.is_over or (is_still and outcome.state == NOT_RUN):
                known[number] = outcome
        found.append(outcome)
    return found


def forget(sweep: Sweep) -> None:
    """Read again what is not done, since it may run again."""
    known = _known(sweep)
    for number in [number for number, outcome in known.items() if outcome.state != RunState.DONE]:
        del known[number]


def _known(sweep: Sweep) -> dict[int, Outcome]:
    found = _kept.pop(sweep.id, None)
    _kept[sweep.id] = {} if found is None else found
    while len(_kept) > MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    return _kept[sweep.id]


def _outcome(variant: Variant, run_id: str) -> Outcome:
    record = _record(run_id)
    if record is None:
        return Outcome(NOT_RUN)
    if not record.state.is_over:
        return Outcome(str(record.state))
    seconds = max(0.0, record.ended - record.began) if record.began else 0.0
    return Outcome(str(record.state), _error(record), _numbers(variant, record), seconds)


def _record(run_id: str) -> RunRecord | None:
    try:
        return backend().runner.record(run_id) or backend().store.run(run_id).record
    except TasktableError:
        return None


def _error(record: RunRecord) -> str:
    for task_id, task in record.tasks.items():
        if task.state is State.FAILED:
            return f"task {task_id}: {task.error or task.reason}"
    return "" if record.state is RunState.DONE else record.reason


def _numbers(variant: Variant, record: RunRecord) -> dict[str, float]:
    side = RunSide(variant.workflow.tasks, variant.workflow.inputs, record)
    row = scalars({"run": side}, _read).iloc[0]
    return {str(name): float(value) for name, value in row.items()}


def _read(artifact: Artifact) -> Any:
    """Return a small value. Raises ArtifactError if it is large, or gone, or may not be read here."""
    length = artifact.summary.get("length") or artifact.summary.get("rows") or 0
    if artifact.codec == UNTRUSTED or length > MAX_SCALARS:
        return None
    return backend().artifacts.get(artifact)
