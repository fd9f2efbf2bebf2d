"""Runs of other programs on the same data folder: listed as their journals tell, settled when nobody works on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import psutil
import pytest

from core import Catalog, Workflow
from core.errors import StoreError
from core.record import RunRecord
from core.runner import Runner
from core.runner.journal import RunFolder, append_once
from core.runner.recovery import settle
from core.settings import Settings
from core.store import RunSummary
from dashboard import services
from dashboard.reading import shelf, timeline
from dashboard.reading.timeline import Wish
from dashboard.server import backend as room
from dashboard.server import elsewhere
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.core import hostile_work, managed
from tests.core.managed import until
from tests.dashboard.pages import saved

ROOT = Path(__file__).parents[2]
SLEEPING = [[0, f"{hostile_work.__name__}.{name}", (), {}, key] for name, key in (("number", "n"), ("sleep", "s"))]
SERVER = """
import sys
from uuid import uuid4
from core import Workflow
from core.beginning import begin
from core.request import RunRequest
from core.settings import Settings
from dashboard.server.backend import backend
room = backend()
workflow = Workflow.from_json(sys.argv[1], catalog=room.catalog())
request = RunRequest(uuid4().hex, workflow.to_json())
begin(room.store, room.runner, request, workflow, workflow_id=sys.argv[2], version=1)
sys.stdin.read()
"""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Backend]:
    """A server with a store of its own, on a data folder that others use too."""
    made = Backend.open(Settings(data=tmp_path / "data", function_modules=(hostile_work.__name__,)))
    room.use(made)
    yield made
    made.close()
    until(lambda: managed.left_over(made.settings.data) == [])


def workflow() -> Workflow:
    """A table with a task that ends at once, and one that takes a minute."""
    return Workflow(SLEEPING, {}, name="sleep", catalog=Catalog.from_modules([hostile_work.__name__]))


@contextmanager
def started(made: Backend, *command: str) -> Iterator[psutil.Process]:
    """Another program on the same data folder."""
    variables = {"TASKTABLE_DATA": str(made.settings.data), "TASKTABLE_FUNCTIONS": hostile_work.__name__}
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.kill()


def listed(workflow_id: str | None = None) -> list[str]:
    """What History shows of each run: its state, and how many of its tasks have run."""
    found = [entry for entry in timeline.timeline(Wish(workflow_id), 0).entries if isinstance(entry, RunSummary)]
    counted = [(run, timeline.counts(run)) for run in found]
    return [f"{run.state}, {counts.ran} ran" for run, counts in counted if counts]


def test_a_run_of_the_command_is_listed_as_it_goes_on_and_is_over_when_that_is_killed(
    real: Backend, tmp_path: Path
) -> None:
    file = tmp_path / "sleep.json"
    workflow().to_json(file)
    with started(real, "-m", "core.cli", "run", str(file)) as command:
        until(lambda: listed() == ["running, 1 ran"])
        command.kill()
        until(lambda: listed() == ["interrupted, 1 ran"])


def test_a_run_of_another_server_is_over_when_that_is_killed(real: Backend) -> None:
    workflow_id = saved(workflow(), "first")
    with started(real, "-c", SERVER, workflow().to_json(), workflow_id) as server:
        until(lambda: listed(workflow_id) == ["running, 1 ran"])
        server.kill()
        until(lambda: shelf.shelf(shelf.Wish(), 0).records[0].last_run_state == "interrupted")
    assert listed(workflow_id) == ["interrupted, 1 ran"]


def test_a_run_whose_processes_were_all_killed_is_over_wherever_it_is_looked_at(real: Backend) -> None:
    workflow_id = saved(workflow(), "first")
    with started(real, "-c", SERVER, workflow().to_json(), workflow_id) as server:
        until(lambda: listed(workflow_id) == ["running, 1 ran"])
        (run,) = real.store.runs()
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            process.suspend()
        for process in processes:
            process.kill()
    known = until(lambda: (found := real.runner.record(run.id)) and found.state.is_over and found)
    assert known.state == "interrupted"
    session = Session(workflow())
    assert services.open_run(session, run.id)
    services.delete_run(session, run.id)
    assert real.store.runs() == []


# How it is looked


@pytest.fixture
def work() -> Iterator[ExitStack]:
    """What another program holds as long as it works on a run."""
    with ExitStack() as held:
        yield held


@pytest.fixture
def unfinished(backend: Backend, work: ExitStack) -> Iterator[str]:
    """A run that another program works on: it is queued in the store, its journal says that it has begun."""
    run_id = uuid4().hex
    folder = RunFolder(backend.settings.data, run_id)
    lock = folder.lock()
    assert lock is not None
    work.callback(os.close, lock)
    append_once(folder, {"kind": "began", "at": 1.0})
    backend.store.begin_run(
        run_id, workflow_id=None, version=None, name="work", content="{}", functions={}, environment={}
    )
    yield run_id
    backend.store.delete_run(run_id)


@pytest.fixture
def read(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the runs whose journals were read; the runner reads them as it does in use."""
    found: list[str] = []
    runner = Runner(backend.settings)

    def look(run_id: str) -> RunRecord | None:
        found.append(run_id)
        return runner.record(run_id)

    monkeypatch.setattr(backend.runner, "record", look)
    monkeypatch.setattr(backend.recorder, "_read", look)
    return found


def state_of(backend: Backend, run_id: str) -> str:
    return str(backend.store.run(run_id).record.state)


def test_a_journal_is_read_only_when_it_has_changed(
    backend: Backend, unfinished: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "PAUSE", 0.0)
    for _ in range(3):
        backend.elsewhere.look()
        assert state_of(backend, unfinished) == "running"
    assert read == [unfinished]
    append_once(
        RunFolder(backend.settings.data, unfinished), {"kind": "ended", "at": 2.0, "state": "done", "reason": ""}
    )
    backend.elsewhere.look()
    assert state_of(backend, unfinished) == "done"
    backend.elsewhere.look()
    assert read == [unfinished] * 2


@pytest.mark.usefixtures("read")
def test_a_run_that_nobody_works_on_any_more_is_over_though_nothing_was_told_of_it(
    backend: Backend, unfinished: str, work: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "PAUSE", 0.0)
    backend.elsewhere.look()
    assert state_of(backend, unfinished) == "running"
    work.close()
    backend.elsewhere.look()
    assert state_of(backend, unfinished) == "interrupted"


def test_what_is_looked_at_again_at_once_is_as_it_was(backend: Backend, unfinished: str, read: list[str]) -> None:
    backend.elsewhere.look()
    append_once(
        RunFolder(backend.settings.data, unfinished), {"kind": "ended", "at": 2.0, "state": "done", "reason": ""}
    )
    backend.elsewhere.look()
    assert (state_of(backend, unfinished), read) == ("running", [unfinished])


def test_runs_of_this_server_and_runs_of_other_folders_are_left_alone(
    backend: Backend, unfinished: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "PAUSE", 0.0)
    monkeypatch.setattr(backend.runner, "works_on", lambda run_id: run_id == unfinished)
    backend.elsewhere.look()
    assert state_of(backend, unfinished) == "queued"
    monkeypatch.setattr(backend.runner, "works_on", lambda _run_id: False)
    RunFolder(backend.settings.data, unfinished).events.unlink()
    backend.elsewhere.look()
    assert (state_of(backend, unfinished), read) == ("queued", [])


def test_a_store_that_takes_its_time_keeps_no_page_waiting(
    backend: Backend, unfinished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = Event()
    monkeypatch.setattr(elsewhere, "PATIENCE", 0.01)
    monkeypatch.setattr(backend.recorder, "_read", lambda _run_id: is_free.wait(managed.DEADLINE) and None)
    backend.elsewhere.look()
    assert state_of(backend, unfinished) == "queued"
    is_free.set()


def test_a_store_that_cannot_be_read_is_told_of_by_the_list(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise StoreError("the disk is gone", "look for it")

    for verb in ("unfinished_runs", "runs"):
        monkeypatch.setattr(backend.store, verb, fail)
    assert "the disk is gone" in timeline.timeline(Wish(None), 0).problem


def test_an_end_that_cannot_be_written_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = RunFolder(tmp_path, "unwritable")
    folder.path.mkdir(parents=True)
    append_once(folder, {"kind": "began", "at": 1.0})
    (folder.path / "lock").mkdir()
    assert [settle(folder), settle(folder)] == [False, False]
    assert len(caplog.messages) == 1
