"""Inside the process that runs the tasks of one request: limits, execution, the last word."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from core.capture import give_streams
from core.errors import TasktableError
from core.record import Event, RunState
from core.request import RunRequest
from core.retry import Former
from core.runner.limit import set_limits
from core.runner.setup import Room, silence
from core.secret import masked
from core.stream import HIGH

NICENESS = 5


def work(request: RunRequest, failed: Mapping[str, str], former: Mapping[str, Former], room: Room, pipe: int) -> None:
    """Run the request, telling every event through the pipe, the final state last. `failed`, `former`: see `execute`.

    To be called in a process of its own, which should end right after it.
    """
    os.setsid()
    os.nice(NICENESS)
    with suppress(OSError):  # when the system runs out of memory, this is what it should end first
        Path("/proc/self/oom_score_adj").write_text("500")
    silence()
    give_streams()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    set_limits(request.limits)
    emit = _Line(pipe)
    try:
        state, reason = _run(request, failed, former, room, emit)
    except TasktableError as error:
        state, reason = RunState.FAILED, str(error)
    except BaseException as error:  # what a task raises ends as an event; it has done something worse, or it is a bug
        texts = {"words": traceback.format_exception_only(type(error), error)[-1].strip()}
        texts["traceback"] = traceback.format_exc()
        emit({"kind": "bug", **{name: masked(text, room.setup.secrets) for name, text in texts.items()}})
        return
    emit({"kind": "final", "state": state, "reason": reason})


def _run(
    request: RunRequest,
    failed: Mapping[str, str],
    former: Mapping[str, Former],
    room: Room,
    emit: Callable[[Event], None],
) -> tuple[RunState, str]:
    from core.artifact_folder import ArtifactFolder
    from core.cache import DiskCache
    from core.schedule import execute
    from core.workflow import Workflow

    workflow = Workflow.from_json(request.workflow, room.catalog)
    plan = workflow.plan
    inputs = workflow.complete_inputs({})
    functions = {task.id: task.function_path.rpartition(".")[2] for task in plan.tasks}
    retries = {task.id: room.catalog[task.function_path].marking.retries for task in plan.tasks}
    emit({"kind": "plan", "functions": functions, "retries": retries})
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
        former=former,
        limits=request.limits,
        secrets=room.setup.secrets,
        is_current=room.is_current,
    )
    return state, ""


class _Line:
    """Writes events to the pipe, one JSON line each, from whatever thread.

    A task that writes into whatever is open garbles at most a line of its own, and finds nothing at a low number.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = fcntl.fcntl(pipe, fcntl.F_DUPFD_CLOEXEC, HIGH)
        os.close(pipe)
        self._turn = Lock()

    def __call__(self, event: Mapping[str, Any]) -> None:
        rest = memoryview(("\n" + json.dumps(event, separators=(",", ":")) + "\n").encode())
        with self._turn:
            while rest:
                rest = rest[os.write(self._pipe, rest) :]
