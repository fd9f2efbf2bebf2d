"""Executors: tasks at once, in threads and in processes, and processes that end before their task does."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from core import Workflow
from core.executors import Report, opened
from core.executors.processes import describe_death
from core.record import RunState
from core.result import State
from core.schedule.order import segments
from tests.core.scheduling import Office, row, table

ROOT = Path(__file__).parents[2]
EXECUTORS = ("inline", "threads", "processes")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data")


@pytest.fixture
def meeting(tmp_path: Path) -> str:
    """A folder in which calls meet."""
    folder = tmp_path / "meeting"
    folder.mkdir()
    return str(folder)


def meet(order: int, name: str, folder: str, count: int, reads: tuple[str, ...] = ()) -> list[Any]:
    return row(order, "meet", (f"name_{name}", *reads), {"path": folder, "count": count}, name)


def names(*letters: str) -> dict[str, str]:
    return {f"name_{letter}": letter for letter in letters}


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_rows_of_one_order_run_at_once(office: Office, meeting: str, executor: str) -> None:
    workflow = table(*(meet(0, letter, meeting, 4) for letter in "pqrs"), **names(*"pqrs"))
    found = office.run(workflow, executor=executor, workers=4)
    assert found.state is RunState.DONE, found.tasks
    logs = {task_id: task.log.splitlines() for task_id, task in found.tasks.items()}
    for task_id, letter in zip(("t1", "t2", "t3", "t4"), "pqrs", strict=True):
        assert logs[task_id][0] == f"{letter} came"
        assert logs[task_id][1].endswith(f"UserWarning: {letter} warned")
        assert logs[task_id][-1] == f"WARNING acme: {letter} logged"


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_no_more_than_the_workers_run_at_once(office: Office, executor: str) -> None:
    rows = [row(0, "constant", (), {"number": number}, f"k{number}") for number in range(9)]
    found = office.run(table(*rows), executor=executor, workers=3)
    running = most = 0
    for event in found.events:
        running += 1 if event["state"] == "running" else -1
        most = max(most, running)
    assert found.state is RunState.DONE
    assert 1 <= most <= 3


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_an_order_waits_for_the_one_before(office: Office, executor: str) -> None:
    rows = [row(number % 3, "constant", (), {"number": number}, f"k{number}") for number in range(9)]
    workflow = table(*rows)
    found = office.run(workflow, executor=executor, workers=4)
    orders = {task.id: task.order for task in workflow.tasks}
    told = [orders[event["task"]] for event in found.events]
    assert told == sorted(told)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_pipelined_run_begins_a_later_order_early(office: Office, meeting: str, executor: str) -> None:
    rows = [meet(0, "p", meeting, 2), row(0, "identity", "name_q", {}, "q0"), meet(1, "q", meeting, 2)]
    rows[2][2] = "q0"
    workflow = table(*rows, **names("p", "q"))
    assert office.run(workflow, executor=executor, pipelined=True).state is RunState.DONE


def test_a_row_waits_for_an_earlier_row_of_its_order(office: Office) -> None:
    workflow = table(row(0, "scale", "a", {}, "b"), row(0, "scale", "b", {}, "c"), row(0, "scale", "c", {}, "d"), a=1)
    for executor in EXECUTORS:
        found = office.run(workflow, executor=executor, workers=3, everything_anew=True)
        assert found.value("t3", "d") == 8
        assert found.called == ["t1", "t2", "t3"]


@pytest.mark.parametrize("pipelined", [False, True])
def test_a_task_that_reads_the_registry_runs_alone(pipelined: bool) -> None:
    workflow = table(
        row(0, "constant", (), {}, "x"),
        row(1, "constant", (), {}, "y"),
        row(1, "look", "__data__", {}, "z"),
        row(1, "constant", (), {}, "v"),
        row(2, "constant", (), {}, "w"),
        row(3, "constant", (), {}, "u"),
    )
    expected = [[0, 1], [2], [3, 4, 5]] if pipelined else [[0], [1], [2], [3], [4], [5]]
    assert [list(part) for part in segments(workflow.plan, 6, pipelined)] == expected
    assert [list(part) for part in segments(workflow.plan, 3, pipelined)][-1] == [2]
    assert list(segments(workflow.plan, 0, pipelined)) == []


def test_a_task_of_a_process_runs_in_another(office: Office) -> None:
    workflow = table(row(0, "process", (), {}, "x"), row(0, "process", "a", {}, "y"), a=1)
    found = office.run(workflow, executor="processes")
    assert len({found.value("t1", "x"), found.value("t2", "y"), os.getpid()}) == 3
    assert office.run(workflow, executor="threads", everything_anew=True).value("t1", "x") == os.getpid()


def deadly(function: str, **kwargs: Any) -> Workflow:
    return table(
        row(0, function, "a", kwargs, "x"),
        row(0, "scale", "a", {}, "y"),
        row(1, "scale", "x", {}, "z"),
        row(1, "scale", "y", {}, "w"),
        a=1,
    )


@pytest.mark.parametrize(
    ("function", "kwargs", "error"),
    [
        ("signalled", {"number": int(signal.SIGSEGV)}, "its process was ended by SIGSEGV"),
        ("signalled", {"number": int(signal.SIGTERM)}, "its process was ended by SIGTERM"),
        (
            "signalled",
            {"number": int(signal.SIGKILL)},
            "its process was ended by SIGKILL, as happens when the machine runs out of memory",
        ),
        (
            "signalled",
            {"number": int(signal.SIGXCPU)},
            "its process used more processor time than it may (SIGXCPU)",
        ),
        ("exit_at_once", {"code": 0}, "its process exited with code 0 without a result"),
        ("exit_at_once", {"code": 7}, "its process exited with code 7 without a result"),
        ("sleep_too_long", {}, "took longer than 0.3 s"),
    ],
)
def test_a_process_that_ends_fails_its_task_and_no_other(
    office: Office, function: str, kwargs: Any, error: str
) -> None:
    found = office.run(deadly(function, **kwargs), executor="processes")
    assert found.tasks["t1"].error == error
    assert found.states == {"t1": "failed", "t2": "done", "t3": "skipped", "t4": "done"}
    assert found.state is RunState.FAILED
    assert found.tasks["t1"].log.strip() == ("leaving" if function == "exit_at_once" else "")


def test_an_unknown_signal_has_words_too() -> None:
    assert describe_death(60) == "its process was ended by signal 60"


def test_no_process_can_be_started(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    found = office.run(table(row(0, "scale", "a", {}, "x"), a=1), executor="processes")
    assert found.tasks["t1"].error == "no process could be started for it: Resource temporarily unavailable"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_task_that_forks_and_returns_twice_is_done_once(office: Office, executor: str) -> None:
    workflow = table(row(0, "fork_and_return", "a", {}, "x"), row(1, "scale", "x", {}, "y"), a=1)
    found = office.run(workflow, executor=executor)
    assert (found.state, found.value("t2", "y")) == (RunState.DONE, 2)
    assert found.called == ["t1", "t2"]


def test_a_process_leaves_without_the_farewells_of_its_parent(office: Office, tmp_path: Path) -> None:
    farewell = tmp_path / "farewell"
    leave = atexit.register(farewell.touch)
    try:
        assert office.run(table(row(0, "scale", "a", {}, "x"), a=1), executor="processes").state is RunState.DONE
        assert not farewell.exists()
    finally:
        atexit.unregister(leave)


def test_no_process_is_left_when_the_engine_stops(office: Office) -> None:
    workflow = table(*(row(0, "sleep_too_long", name, {}, f"x_{name}") for name in "pq"), p=1, q=2)

    def stop(event: Any) -> None:
        if event["state"] == "running":
            raise KeyboardInterrupt

    before = psutil.Process().children()
    with pytest.raises(KeyboardInterrupt):
        office.run(workflow, executor="processes", emit=stop)
    assert psutil.Process().children() == before


def test_a_value_that_cannot_leave_its_process_is_computed_in_the_run_s(office: Office) -> None:
    workflow = table(row(0, "lock", (), {}, "x"), row(0, "process", (), {}, "p"), row(1, "kind", "x", {}, "y"))
    found = office.run(workflow, executor="processes")
    assert found.value("t3", "y") == "lock"
    assert "called again in the process of the run" in found.tasks["t1"].log
    assert found.called.count("t1") == 2
    assert found.reasons["t1"].endswith("called twice, because its value could not leave the process of the first call")
    assert found.tasks["t1"].outputs["x"].digest == ""


def test_a_value_that_only_exists_in_the_run_s_process_is_read_by_others(office: Office) -> None:
    workflow = table(
        row(0, "numbers", "n", {}, "x"), row(1, "listed", "x", {}, "y"), row(1, "listed", "x", {}, "z"), n=3
    )
    found = office.run(workflow, executor="processes")
    assert found.value("t2", "y") == found.value("t3", "z") == [0, 1, 2]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_value_that_can_be_read_only_once_is_computed_for_each_reader(office: Office, executor: str) -> None:
    readers = [row(1, "listed", "x", {"more": more}, f"y{more}") for more in range(5)]
    workflow = table(row(0, "numbers", "n", {}, "x"), *readers, row(2, "look", "__data__", {}, "keys"), n=3)
    found = office.run(workflow, executor=executor)
    assert [found.value(f"t{more + 2}", f"y{more}") for more in range(5)] == [
        [0, 1, 2, *range(more)] for more in range(5)
    ]
    assert found.value("t7", "keys") == ["n", "x", *(f"y{more}" for more in range(5))]
    assert found.called.count("t2") == 1


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_a_task_does_to_what_cannot_be_stored_no_other_sees(office: Office, executor: str) -> None:
    readers = [row(1, "append_under_lock", "x", {"item": item}, f"y{item}") for item in (2, 3, 4)]
    found = office.run(table(row(0, "items_under_lock", (), {}, "x"), *readers), executor=executor)
    assert [found.value(f"t{item}", f"y{item}") for item in (2, 3, 4)] == [[1, 2], [1, 3], [1, 4]]


def test_a_value_that_is_known_not_to_leave_its_process_is_computed_once(office: Office) -> None:
    workflow = table(row(0, "lock", (), {}, "x"), row(0, "process", (), {}, "p"), row(1, "kind", "x", {}, "y"))
    office.run(workflow, executor="processes")
    found = office.run(workflow, executor="processes")
    assert (found.called.count("t1"), found.states["t1"]) == (1, "done")
    assert "twice" not in found.reasons["t1"]
    assert found.value("t3", "y") == "lock"


def test_a_time_limit_holds_beside_what_is_computed_in_the_run_s_process(office: Office) -> None:
    """It is over by its own clock, not when the process of the run has time to look."""
    slow, rows = row(0, "slow_lock", (), {"seconds": 1.5}, "x"), [row(0, "nap", (), {"seconds": 60}, "y")]
    for _ in range(2):
        found = office.run(table(slow, *rows), executor="processes", workers=2)
        assert found.tasks["t2"].error == "took longer than 0.5 s"
        assert found.tasks["t2"].seconds < 1.0
        assert found.states["t1"] == "done"


def test_a_frame_crosses_processes_unharmed(office: Office) -> None:
    workflow = table(row(0, "frame", "n", {}, "f"), row(1, "spoil", "f", {}, "x"), row(1, "total", "f", {}, "y"), n=4)
    found = office.run(workflow, executor="processes")
    assert (found.value("t2", "x"), found.value("t3", "y")) == (600, 6)


@pytest.mark.parametrize("executor", ["inline", "threads"])
def test_two_runs_that_need_the_same_task_compute_it_once(office: Office, tmp_path: Path, executor: str) -> None:
    path = tmp_path / "calls"
    workflow = table(row(0, "noted", "a", {"path": str(path)}, "x"), row(1, "scale", "x", {}, "y"), a=1)
    threads = [threading.Thread(target=office.run, args=(workflow,), kwargs={"executor": executor}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "x\n"


RACER = """
import sys
from pathlib import Path
from tests.core.managed_work import wait_for
from tests.core.scheduling import Office, row, table

if __name__ == "__main__":
    start, calls, data = sys.argv[1:]
    wait_for(start)
    office = Office(Path(data))
    workflow = table(row(0, "noted", "a", {"path": calls}, "x"), row(1, "scale", "x", {}, "y"), a=1)
    sys.exit(office.run(workflow, executor="processes").value("t2", "y") != 2)
"""


def test_two_programs_that_need_the_same_task_compute_it_once(tmp_path: Path) -> None:
    start, calls = tmp_path / "start", tmp_path / "calls"
    command = [sys.executable, "-c", RACER, str(start), str(calls), str(tmp_path / "data")]
    racers = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    start.touch()
    assert [racer.wait(60) for racer in racers] == [0, 0]
    assert calls.read_text() == "x\n"


def test_a_report_crosses_a_process_border_as_it_is(office: Office) -> None:
    artifact = office.artifacts.put([1, 2])
    report = Report(State.DONE, "r", (artifact,), 0.5, "why", "e", "tb", "log", {3: "gone"}, ("k",), ("l",))
    assert Report.from_json(report.to_json()) == report
    assert report.is_stored


class Failing:
    """A job with a bug of the engine in it."""

    name = "t1"
    time_limit = None

    def __call__(self, tell: Any) -> Report:  # noqa: ARG002
        raise RuntimeError("a bug")


@pytest.mark.parametrize("executor", ["inline", "threads"])
def test_a_bug_of_the_engine_is_loud(executor: Any) -> None:
    def run() -> None:
        with opened(executor, 1, lambda _: None) as pool:
            pool.start(0, Failing())
            pool.finished()

    with pytest.raises(RuntimeError, match="a bug"):
        run()
