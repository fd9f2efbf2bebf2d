"""Managed runs where the system has neither /proc, nor subreapers, nor Linux's own calls, as on macOS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.artifact_folder import ArtifactFolder
from core.record import RunState
from core.request import Limits
from core.runner import Runner
from tests.core import managed
from tests.core.managed import is_alive, left_over, noted, running, settings, states, until

ELSEWHERE = """
import os
import core.process as process

process.IS_LINUX = process.LISTS_CHILDREN = False
process._libc = None
for name in ("pipe2", "waitid", "sched_getaffinity", "memfd_create"):
    delattr(os, name)
"""
BEFORE = (0, "number", (), {}, "a")
BESIDE = (2, "add", "a", {"right": 5}, "z")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """A runner whose processes find themselves elsewhere, because Python imports a module of this name at its start."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sitecustomize.py").write_text(ELSEWHERE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with running(settings(folder, function_modules=(managed.WORK, "tests.core.system_work"))) as made:
            made.catalog()
            yield made


@pytest.fixture
def data(runner: Runner) -> Path:
    return runner._settings.data


def run(runner: Runner, function: str, kwargs: dict[str, Any], **options: Any) -> Any:
    rows = [BEFORE, (1, function, (), kwargs, "x"), BESIDE]
    return managed.run(runner, uuid4().hex, *rows, everything_anew=True, **options)


def test_the_processes_believe_to_be_elsewhere(runner: Runner, data: Path) -> None:
    text = managed.table((0, "number", (), {}, "x")).replace(
        f"{managed.WORK}.number", "tests.core.system_work.is_linux"
    )
    runner.submit(managed.RunRequest("where", text))
    record = runner.wait("where", managed.DEADLINE)
    assert ArtifactFolder(data / "artifacts").get(record.tasks["t1"].outputs["x"]) is False


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_run_is_done(runner: Runner, executor: Any) -> None:
    assert run(runner, "number", {}, executor=executor).state is RunState.DONE


@pytest.mark.parametrize("executor", ["inline", "processes"])
@pytest.mark.parametrize(
    ("function", "words"),
    [("leave", "code 0"), ("crash", "SIGSEGV"), ("kill_itself", "SIGKILL"), ("slow", "took longer than 0.3 s")],
)
def test_a_task_that_ends_its_process_fails_alone(runner: Runner, function: str, words: str, executor: Any) -> None:
    record = run(runner, function, {}, executor=executor)
    assert states(record) == ["done", "failed", "done"]
    assert words in record.tasks["t2"].error


def test_memory_is_limited(runner: Runner) -> None:
    kwargs = {"megabytes": 100, "processes": 4}
    record = run(runner, "take_memory_with_others", kwargs, limits=Limits(memory=250 * 1024**2))
    assert "used more than 250 MB" in record.tasks["t2"].error


def test_the_number_of_processes_is_limited(runner: Runner) -> None:
    record = run(runner, "fork_many", {"most": 64}, limits=Limits(processes=10))
    assert "started more than 10 processes" in record.tasks["t2"].error


def test_what_has_left_its_session_ends_with_the_run(runner: Runner, data: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    run(runner, "keep_the_pipe", {"pids": str(pids)})
    until(lambda: not any(map(is_alive, noted(pids))))
    run(runner, "orphan", {"pids": str(tmp_path / "orphans")})
    until(lambda: not any(map(is_alive, noted(tmp_path / "orphans"))))
    assert noted(tmp_path / "orphans")
    until(lambda: len(left_over(data)) == 1)


def test_a_loop_that_swallows_everything_is_stopped(runner: Runner, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    runner.submit(managed.request("stubborn", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
    pid = until(lambda: noted(pids))[0]
    runner.stop("stubborn")
    assert runner.wait("stubborn", managed.DEADLINE).state is RunState.STOPPED
    assert not is_alive(pid)


def test_the_worker_of_a_killed_keeper_ends(runner: Runner, data: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    runner.submit(managed.request("orphaned", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
    pid = until(lambda: noted(pids))[0]
    managed.keeper(runner._settings).kill()
    assert runner.wait("orphaned", managed.DEADLINE).state is RunState.INTERRUPTED
    until(lambda: not is_alive(pid) and len(left_over(data)) == 1)
