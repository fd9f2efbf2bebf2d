"""Inside the process that runs the tasks of one request: limits, execution, the last word."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from core.errors import TasktableError
from core.record import Event, RunState
from core.request import RunRequest
from core.runner.limit import set_limits
from core.runner.setup import Room, silence

NICENESS = 5


def work(request: RunRequest, failed: Mapping[str, str], room: Room, pipe: int) -> None:
    """Run the request, telling every event through the pipe, the final state last. `failed`: see `execute`.

    To be called in a process of its own, which should end right after it.
    """
    os.setsid()
    os.nice(NICENESS)
    with suppress(OSError):  # when the system runs out of memory, this is what it should end first
        Path("/proc/self/oom_score_adj").write_text("500")
    silence()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    set_limits(request.limits)
    emit = _Line(pipe)
    try:
        state, reason = _run(request, failed, room, emit)
    except TasktableError as error:
        state, reason = RunState.FAILED, str(error)
    except BaseException as error:  # not a task's: those end as events
        state, reason = RunState.FAILED, f"the runner itself failed: {type(error).__name__}: {error}"
        emit({"kind": "bug", "traceback": traceback.format_exc()})
    emit({"kind": "final", "state": state, "reason": reason})


def _run(
    request: RunRequest, failed: Mapping[str, str], room: Room, emit: Callable[[Event], None]
) -> tuple[RunState, str]:
    from core.artifact_folder import ArtifactFolder
    from core.cache import DiskCache
    from core.schedule import execute
    from core.workflow import Workflow

    workflow = Workflow.from_json(request.workflow, room.catalog)
    plan = workflow.plan
    inputs = workflow.complete_inputs({})
    emit({"kind": "plan", "functions": {task.id: task.function_path.rpartition(".")[2] for task in plan.tasks}})
    artifacts = ArtifactFolder(room.setup.data / "artifacts")
    state = execute(
        plan,
        room.catalog,
        inputs,
        cache=DiskCache(room.setup.data, artifacts),
        artifacts=artifacts,
        emit=emit,
        run=request.id,
        executor=request.executor,
        workers=request.workers,
        to_order=request.to_order,
        only=request.only,
        anew=request.anew,
        everything_anew=request.everything_anew,
        pipelined=request.pipelined,
        previous=Workflow.from_json(request.previous, room.catalog) if request.previous else None,
        failed=failed,
        limits=request.limits,
        secrets=room.setup.secrets,
    )
    return state, ""


class _Line:
    """Writes events to the pipe, one JSON line each, from whatever thread."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._turn = Lock()

    def __call__(self, event: Mapping[str, Any]) -> None:
        rest = memoryview((json.dumps(event, separators=(",", ":")) + "\n").encode())
        with self._turn:
            while rest:
                rest = rest[os.write(self._pipe, rest) :]
