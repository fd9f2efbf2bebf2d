"""Every process of the runner may be killed at any moment: nothing finished is lost, nothing is left over."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from core.artifact_folder import ArtifactFolder
from core.record import Event, RunRecord, RunState
from core.runner import Runner, client, connection, mark
from core.settings import Settings
from tests.core import managed
from tests.core.managed import is_alive, left_over, noted, running, settings, states, until

SECONDS = 0.05
COUNT = 8
CLIENT = """
import sys
from pathlib import Path
from core.request import RunRequest
from core.runner import Runner, mark
from tests.core import managed

chosen = managed.settings(Path(sys.argv[1]))
runner = Runner(chosen)
runner.submit(RunRequest("chain", sys.argv[2]))
sys.stdout.write("submitted\\n")
sys.stdout.flush()
runner.wait("chain")
sys.stdout.write("over\\n")
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not answer is given up sooner than in use."""
    monkeypatch.setattr(connection, "PATIENCE_WITH_ORDER", 3.0)
    monkeypatch.setattr(client, "PATIENCE", 3.0)


def chain() -> str:
    """A row of tasks, each of which takes a moment, and reads what the one before it wrote."""
    rows = [(0, "number", (), {}, "v0")]
    rows += [(n, "sleep", f"v{n - 1}", {"seconds": SECONDS}, f"v{n}") for n in range(1, COUNT)]
    return managed.table(*rows)


def expect_kept(chosen: Settings, record: RunRecord) -> None:
    """Every task that was told to have finished has its value on disk."""
    artifacts = ArtifactFolder(chosen.data / "artifacts")
    for number, task in enumerate(record.tasks.values()):
        if task.is_finished:
            assert artifacts.get(task.outputs[f"v{number}"]) == 1


def expect_resumable(chosen: Settings, former: RunRecord) -> None:
    finished = sum(task.is_finished for task in former.tasks.values())
    with running(chosen) as runner:
        runner.submit(managed.RunRequest("chain", chain()))
        record = runner.wait("chain", managed.DEADLINE)
    assert record.state is RunState.DONE
    assert states(record)[:finished] == ["reused"] * finished
    assert states(record).count("failed") == 0


def pause(seed: int) -> None:
    """Any moment of the run."""
    time.sleep(random.Random(seed).uniform(0.0, 0.5))  # noqa: S311


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_worker_fails_the_task_that_was_running(tmp_path: Path, seed: int) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        runner.catalog()
        runner.submit(managed.RunRequest("chain", chain()))
        kept = managed.keeper(chosen)
        pause(seed)
        with suppress(psutil.NoSuchProcess):
            for child in kept.children():
                child.kill()
        record = runner.wait("chain", managed.DEADLINE)
    assert record.state in (RunState.DONE, RunState.FAILED)
    assert states(record).count("failed") == (record.state is RunState.FAILED)
    expect_kept(chosen, record)
    expect_resumable(chosen, record)


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_keeper_interrupts_the_run(tmp_path: Path, seed: int) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        runner.catalog()
        runner.submit(managed.RunRequest("chain", chain()))
        kept = managed.keeper(chosen)
        pause(seed)
        with suppress(psutil.NoSuchProcess):
            kept.kill()
        record = runner.wait("chain", managed.DEADLINE)
        assert record.state in (RunState.DONE, RunState.INTERRUPTED)
        until(lambda: len(left_over(chosen.data)) == 1)
        assert runner.recover() == []
        assert record == Runner(chosen).record("chain")
    expect_kept(chosen, record)
    expect_resumable(chosen, record)


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_supervisor_interrupts_its_runs_and_is_replaced(tmp_path: Path, seed: int) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        runner.catalog()
        runner.submit(managed.RunRequest("chain", chain()))
        pause(seed)
        managed.supervisor(chosen).kill()
        record = runner.wait("chain", managed.DEADLINE)
        assert record.state in (RunState.DONE, RunState.INTERRUPTED)
        assert record == Runner(chosen).record("chain")
        expect_kept(chosen, record)
        runner.submit(managed.RunRequest("chain", chain()))
        assert runner.wait("chain", managed.DEADLINE).state is RunState.DONE
    assert runner.recover() == []


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_client_takes_everything_with_it(tmp_path: Path, seed: int) -> None:
    chosen = settings(tmp_path)
    command = [sys.executable, "-c", CLIENT, str(tmp_path), chain()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        assert client.stdout.readline() == "submitted\n"
        pause(seed)
        client.kill()
    until(lambda: not left_over(chosen.data))
    later = Runner(chosen)
    record = later.record("chain")
    assert record
    assert record.state in (RunState.DONE, RunState.INTERRUPTED)
    assert later.recover() == []
    expect_kept(chosen, record)
    expect_resumable(chosen, record)


def test_all_killed_at_once_is_put_in_order_by_the_next_client(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    text = managed.table(
        (0, "number", (), {}, "v0"), (1, "leave_behind", (), {"pids": str(pids), "seconds": 60.0}, "x")
    )
    command = [sys.executable, "-c", CLIENT, str(tmp_path), text]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        assert client.stdout.readline() == "submitted\n"
        until(lambda: len(noted(pids)) >= 4)
        own = [managed.supervisor(chosen), managed.keeper(chosen), psutil.Process(client.pid)]
        for process in own:
            process.send_signal(signal.SIGSTOP)
        for process in own:
            process.kill()
    until(lambda: not any(is_alive(process.pid) for process in own))
    with running(chosen) as runner:
        until(lambda: runner.recover() == ["chain"])
        record = runner.record("chain")
        assert record
        assert (record.state, states(record)) == (RunState.INTERRUPTED, ["done", "waiting"])
        runner.catalog()
        until(lambda: len(left_over(chosen.data)) == 1)
    for pid in noted(pids)[-1:]:  # it was started with an environment of its own: nothing tells whose it was
        psutil.Process(pid).kill()


def test_a_closed_runner_interrupts_what_is_under_way_and_what_waits(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path, runs_at_once=1), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("runs", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        runner.submit(managed.request("waits", (0, "number", (), {}, "x")))
        until(lambda: noted(pids))
    for name in ("runs", "waits"):
        record = Runner(chosen).record(name)
        assert record
        assert record.state is RunState.INTERRUPTED
    assert Runner(chosen).recover() == []


def test_a_supervisor_asked_to_end_ends_its_runs(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("runs", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        until(lambda: noted(pids))
        managed.supervisor(chosen).terminate()
        assert runner.wait("runs", managed.DEADLINE).state is RunState.INTERRUPTED


def test_a_keeper_that_is_asked_to_end_says_that_it_was(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("runs", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        until(lambda: noted(pids))
        managed.keeper(chosen).terminate()
        record = runner.wait("runs", managed.DEADLINE)
    assert (record.state, record.reason) == (RunState.INTERRUPTED, "it was ended from outside")


def test_a_frozen_keeper_can_be_stopped(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("frozen", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        pid = until(lambda: noted(pids))[0]
        managed.keeper(chosen).suspend()
        runner.submit(managed.request("beside", (0, "number", (), {}, "x")))
        runner.stop("frozen")
        record = runner.wait("frozen", managed.DEADLINE)
        assert (record.state, record.reason) == (RunState.STOPPED, "stopped")
        assert record == Runner(chosen).record("frozen")
        assert not is_alive(pid)
        assert runner.wait("beside", managed.DEADLINE).state is RunState.DONE
        until(lambda: len(left_over(chosen.data)) == 1)


def test_a_frozen_keeper_ends_when_the_time_of_its_run_is_over(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    row = (0, "never_give_up", (), {"pids": str(pids)}, "x")
    with running(chosen) as runner:
        runner.submit(managed.request("frozen", row, limits=managed.limits(seconds=1.0)))
        until(lambda: noted(pids))
        managed.keeper(chosen).suspend()
        record = runner.wait("frozen", managed.DEADLINE)
        assert (record.state, record.reason) == (RunState.FAILED, "took longer than 1 s")
        until(lambda: len(left_over(chosen.data)) == 1)


@pytest.mark.usefixtures("hasty")
def test_a_run_that_does_not_end_keeps_no_other_waiting_when_the_supervisor_is_gone(tmp_path: Path) -> None:
    chosen = settings(tmp_path, runs_at_once=2, runs_per_user=2)
    paths = {name: tmp_path / name for name in ("first", "second")}
    heard: list[str] = []

    def hear(run_id: str, event: Event) -> None:
        if event["kind"] == "ended":
            heard.append(run_id)

    with running(chosen, hear) as runner:
        for name, path in paths.items():
            runner.submit(managed.request(name, (0, "never_give_up", (), {"pids": str(path)}, "x")))
        until(lambda: all(map(noted, paths.values())))
        first = next(one for one in managed.supervisor(chosen).children() if noted(paths["first"])[0] in below(one))
        first.suspend()
        managed.supervisor(chosen).kill()
        records = [runner.wait(name, managed.DEADLINE) for name in paths]
        assert [record.state for record in records] == [RunState.INTERRUPTED] * 2
        assert heard == ["second", "first"]
        until(lambda: left_over(chosen.data) == [])


@pytest.mark.usefixtures("hasty")
def test_a_frozen_supervisor_is_replaced_at_the_next_order(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("runs", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        until(lambda: noted(pids))
        frozen = managed.supervisor(chosen)
        frozen.suspend()
        runner.stop("runs")
        assert runner.wait("runs", 0.0).state is RunState.INTERRUPTED
        assert not is_alive(frozen.pid)
        assert managed.run(runner, "next", (0, "number", (), {}, "x")).state is RunState.DONE
        assert not any(map(is_alive, noted(pids)))


@pytest.mark.usefixtures("hasty")
def test_a_long_request_to_a_frozen_supervisor_reaches_the_next_one(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        runner.catalog()
        managed.supervisor(chosen).suspend()
        assert managed.run(runner, "long", (0, "number", (), {}, "x"), user="u" * 2_000_000).state is RunState.DONE


@pytest.mark.usefixtures("hasty")
def test_a_closed_runner_leaves_no_frozen_supervisor(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    with running(chosen) as runner:
        runner.submit(managed.request("runs", (0, "never_give_up", (), {"pids": str(pids)}, "x")))
        until(lambda: noted(pids))
        managed.keeper(chosen).suspend()
        managed.supervisor(chosen).suspend()
    record = Runner(chosen).record("runs")
    assert record
    assert record.state is RunState.INTERRUPTED


def test_a_frozen_supervisor_whose_client_was_killed_is_swept_away_by_the_next(tmp_path: Path) -> None:
    chosen, pids = settings(tmp_path), tmp_path / "pids"
    text = managed.table((0, "never_give_up", (), {"pids": str(pids)}, "x"))
    command = [sys.executable, "-c", CLIENT, str(tmp_path), text]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        until(lambda: noted(pids))
        frozen = managed.supervisor(chosen)
        frozen.suspend()
        until(lambda: frozen.status() == psutil.STATUS_STOPPED)
        assert mark.gone(chosen.data) == []
        client.kill()
    until(lambda: len(mark.gone(chosen.data)) == 1)
    with running(chosen) as runner:
        runner.catalog()
        until(lambda: not is_alive(frozen.pid) and len(left_over(chosen.data)) == 1)
        until(lambda: runner.recover() == ["chain"])


def below(process: psutil.Process) -> list[int]:
    return [child.pid for child in process.children(recursive=True)]
