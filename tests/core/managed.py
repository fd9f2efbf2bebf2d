"""Managed runs for tests: tables of hostile work, a runner that is closed in the end, and a look for what was left."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from core.catalog import Catalog
from core.record import Event, RunRecord
from core.request import Limits, RunRequest
from core.runner import Runner
from core.runner.mark import MARK, folder_mark
from core.settings import Settings
from core.workflow import Workflow

WORK = "tests.core.hostile_work"
DEADLINE = 30.0


def table(*rows: Sequence[Any]) -> str:
    """Return a workflow file: rows of order, function's name, input keys, kwargs, output keys."""
    named = [[order, f"{WORK}.{name}", *rest] for order, name, *rest in rows]
    return Workflow(named, {}, catalog=Catalog()).to_json()


def request(run: str, *rows: Sequence[Any], **options: Any) -> RunRequest:
    return RunRequest(run, table(*rows), **options)


def settings(folder: Path, **changes: Any) -> Settings:
    return Settings(**{"function_modules": (WORK,), "data": folder / "data", **changes})


@contextmanager
def running(chosen: Settings, on_event: Callable[[str, Event], None] | None = None) -> Iterator[Runner]:
    """A runner; after it, no process of its own is left."""
    runner = Runner(chosen, on_event)
    try:
        yield runner
    finally:
        runner.close()
    assert left_over(chosen.data) == []


def run(runner: Runner, name: str, *rows: Sequence[Any], **options: Any) -> RunRecord:
    """Run a table to its end."""
    runner.submit(request(name, *rows, **options))
    record = runner.wait(name, DEADLINE)
    assert record.state.is_over
    return record


def until(condition: Callable[[], Any]) -> Any:
    """Return what the condition gives as soon as that is true."""
    deadline = time.monotonic() + DEADLINE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.005)
    return found


def left_over(data: Path) -> list[str]:
    """Return the processes that a runner of this data folder has started and that are still there."""
    beginning = f"{MARK}={folder_mark(data)}".encode()
    return [str(process) for process in psutil.process_iter() if _carries(process.pid, beginning)]


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def noted(path: Path) -> list[int]:
    """Return the process ids that work has noted in a file."""
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def states(record: RunRecord) -> list[str]:
    return [str(task.state) for task in record.tasks.values()]


def limits(**changes: Any) -> Limits:
    return Limits(**changes)


def journal(chosen: Settings, run_id: str) -> list[Mapping[str, Any]]:
    text = (chosen.data / "runs" / run_id / "events.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def supervisor(chosen: Settings) -> psutil.Process:
    """Return the process that the data folder's runner has started."""
    beginning = f"{MARK}={folder_mark(chosen.data)}".encode()
    alive = [process for process in psutil.process_iter() if _carries(process.pid, beginning)]
    pids = {process.pid for process in alive}
    found = [process for process in alive if _parent(process) not in {None, *pids}]
    assert len(found) == 1, found
    return found[0]


def _parent(process: psutil.Process) -> int | None:
    """The number of the process that has started another one; None if that has ended since it was found."""
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return None


def keeper(chosen: Settings) -> psutil.Process:
    """Return the process that keeps the only run under way."""
    return until(lambda: supervisor(chosen).children())[0]


def worker(chosen: Settings) -> psutil.Process:
    """Return the process that executes the only run under way."""
    return until(lambda: keeper(chosen).children())[0]


def _carries(pid: int, beginning: bytes) -> bool:
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return pid != os.getpid() and any(variable.startswith(beginning) for variable in variables)
