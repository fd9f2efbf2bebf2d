"""Work that fights the processes which run it: the run ends in words, what was finished stays, nothing is left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.record import RunRecord, RunState
from core.request import Limits
from core.runner import Runner
from tests.core import managed
from tests.core.managed import is_alive, noted, running, settings, states, until

MEGABYTE = 1024**2
BEFORE = (0, "number", (), {}, "a")
AFTER = (2, "add", "x", {}, "y")
BESIDE = (3, "add", "a", {"right": 5}, "z")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(settings(tmp_path_factory.mktemp("shared"))) as made:
        yield made


def run(runner: Runner, name: str, function: str, kwargs: dict[str, Any], **options: Any) -> RunRecord:
    """Run the function between one task that comes before it, one that reads it, and one that does not."""
    return managed.run(runner, name, BEFORE, (1, function, (), kwargs, "x"), AFTER, BESIDE, **options)


def expect_blamed(record: RunRecord, words: str) -> None:
    assert record.state is RunState.FAILED
    assert [state.replace("reused", "done") for state in states(record)] == ["done", "failed", "skipped", "done"]
    assert words in record.tasks["t2"].error
    assert words in record.reason


def test_a_task_that_closes_the_pipe_to_its_keeper_is_told_so(runner: Runner) -> None:
    record = managed.run(runner, "closes", BEFORE, (1, "close_everything", (), {}, "x"), AFTER, BESIDE)
    expect_blamed(record, "lost its connection to its keeper while running `close_everything`")


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("leave", "code 0"),
        ("crash", "SIGSEGV"),
        ("kill_itself", "SIGKILL"),
        ("take_memory", "used more than 4 GB"),
        ("slow", "took longer than 0.3 s"),
    ],
)
def test_a_task_that_ends_its_process_fails_alone(runner: Runner, function: str, words: str, executor: Any) -> None:
    expect_blamed(run(runner, f"{function}-{executor}".replace("_", "-"), function, {}, executor=executor), words)


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("close_all_files", ("lost its connection to its keeper", "without a result")),
        ("kill_group", ("SIGKILL",)),
        ("patch_everything", ("lost its connection to its keeper", "without a result")),
        ("interrupt", ("KeyboardInterrupt",)),
        ("lie", ("RuntimeError",)),
        ("fail_loudly", ("SystemExit",)),
        ("recurse", ("RecursionError",)),
        ("flood_everything", ("wrote too much", "SIGKILL")),
    ],
)
def test_a_task_that_breaks_what_runs_it_fails_alone(
    runner: Runner, function: str, words: tuple[str, ...], executor: Any
) -> None:
    name = f"{function}-breaks-{executor}".replace("_", "-")
    record = run(
        runner,
        name,
        function,
        {} if function != "interrupt" else {"kind": "keyboard"},
        executor=executor,
        everything_anew=True,
    )
    expect_blamed(record, next((text for text in words if text in record.tasks["t2"].error), words[0]))


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize(
    ("function", "kwargs"),
    [
        ("write_everywhere", {}),
        ("write_everywhere", {"last": 300}),
        ("change_surroundings", {"folder": "/"}),
        ("remove_surroundings", {}),
        ("start_threads", {}),
        ("replace_streams", {"kind": "closed"}),
        ("replace_streams", {"kind": "none"}),
        ("replace_streams", {"kind": "text"}),
        ("replace_streams", {"kind": "broken"}),
        ("keep_the_pipe", {}),
    ],
    ids=str,
)
def test_what_a_task_changes_around_itself_ends_with_it(
    runner: Runner, tmp_path: Path, function: str, kwargs: dict[str, Any], executor: Any
) -> None:
    paths = {"remove_surroundings": {"folder": str(tmp_path / "gone")}, "keep_the_pipe": {"pids": str(tmp_path / "p")}}
    row = (1, function, (), {**kwargs, **paths.get(function, {})}, "x")
    rows = [BEFORE, row, (2, "replace_streams", (), {"kind": "not at all"}, "y"), BESIDE]
    record = managed.run(runner, uuid4().hex, *rows, executor=executor, everything_anew=True)
    assert states(record) == ["done"] * 4
    assert record.tasks["t3"].log == "before\n"
    assert not any(map(is_alive, noted(tmp_path / "p")))


def test_a_task_that_kills_its_keeper_interrupts_its_run_and_no_other(runner: Runner) -> None:
    record = run(runner, "regicide", "kill_parent", {})
    assert (record.state, record.reason) == (RunState.INTERRUPTED, "the process that kept the run was ended")
    assert run(runner, "after-regicide", "number", {}).state is RunState.DONE


def test_a_task_that_kills_the_process_above_its_own_is_known(runner: Runner) -> None:
    expect_blamed(run(runner, "patricide", "kill_parent", {}, executor="processes"), "SIGKILL")


def test_the_sentence_names_the_function(runner: Runner) -> None:
    record = run(runner, "named", "leave", {"code": 3})
    assert record.tasks["t2"].error == "exited by itself with code 3 while running `leave`"
    record = run(runner, "memory", "take_memory", {"gigabytes": 2.5}, limits=Limits(memory=2 * 1024**3))
    assert record.tasks["t2"].error.startswith("used more than 2 GB while running `take_memory`")


def test_two_tasks_at_once_of_which_one_crashes(runner: Runner, tmp_path: Path) -> None:
    rows = [
        BEFORE,
        (1, "sleep", "a", {"seconds": 0.5}, "s"),
        (1, "crash", (), {}, "x"),
        AFTER,
        (2, "add", "s", {}, "z"),
    ]
    record = managed.run(runner, "two", *rows, executor="threads")
    found = {name: str(task.state) for name, task in record.tasks.items() if name != "t1"}
    assert found == {"t2": "done", "t3": "failed", "t4": "skipped", "t5": "done"}
    assert "SIGSEGV" in record.tasks["t3"].error


def test_every_task_may_crash(runner: Runner) -> None:
    record = managed.run(runner, "all", *[(0, "leave", (), {"code": code}, f"x{code}") for code in range(5)])
    assert states(record) == ["failed"] * 5
    assert record.reason.startswith("5 tasks failed")


def test_nothing_is_called_twice_because_another_task_crashed(runner: Runner, tmp_path: Path) -> None:
    rows = [BEFORE, (1, "note", "a", {"path": str(tmp_path / "calls")}, "n"), (2, "crash", (), {}, "x")]
    record = managed.run(runner, "once", *rows, (3, "add", "n", {}, "m"), everything_anew=True)
    assert states(record) == ["done", "done", "failed", "done"]  # done, although something was kept
    assert len(noted(tmp_path / "calls")) == 1


def test_processor_time_is_limited(runner: Runner) -> None:
    record = run(runner, "cpu", "compute_for_ever", {}, limits=Limits(cpu=1.0))
    expect_blamed(record, "used more than 1 s of processor time while running `compute_for_ever`")


def test_memory_of_all_processes_together_is_limited(runner: Runner) -> None:
    kwargs = {"megabytes": 100, "processes": 4}
    record = run(runner, "tree", "take_memory_with_others", kwargs, limits=Limits(memory=250 * MEGABYTE))
    expect_blamed(record, "used more than 250 MB while running `take_memory_with_others`")


def test_the_size_of_a_file_is_limited(runner: Runner, tmp_path: Path) -> None:
    kwargs = {"path": str(tmp_path / "large"), "megabytes": 20}
    expect_blamed(run(runner, "file", "write_file", kwargs, limits=Limits(file_size=5 * MEGABYTE)), "File too large")
    assert (tmp_path / "large").stat().st_size <= 5 * MEGABYTE


def test_what_a_run_stores_is_limited(runner: Runner) -> None:
    record = run(runner, "output", "large", {"megabytes": 3}, limits=Limits(output_size=2 * MEGABYTE))
    assert (record.state, record.reason) == (RunState.FAILED, "stored more than 2 MB of values")
    assert states(record)[1] == "done"


def test_the_time_of_a_run_is_limited(runner: Runner) -> None:
    record = run(runner, "clock", "never_give_up", {}, limits=Limits(seconds=0.5))
    assert (record.state, record.reason) == (RunState.FAILED, "took longer than 0.5 s")
    assert record.tasks["t2"].error == "took longer than 0.5 s"


def test_no_limit_is_no_limit(runner: Runner) -> None:
    none = Limits(memory=0, cpu=0, seconds=0, file_size=0, output_size=0, text=0, processes=0)
    assert managed.run(runner, "free", BEFORE, BESIDE, limits=none).state is RunState.DONE


def test_a_fork_bomb_is_ended(runner: Runner) -> None:
    record = run(runner, "bomb", "fork_many", {"most": 128}, limits=Limits(processes=20))
    expect_blamed(record, "started more than 20 processes while running `fork_many`")


@pytest.mark.parametrize("function", ["print_for_ever", "write_for_ever"])
def test_endless_printing_fills_nothing(tmp_path: Path, function: str) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        record = run(runner, "prints", function, {}, limits=replace(Limits(), seconds=1.0, text=1000))
        assert record.state is RunState.FAILED
        assert len(record.tasks["t2"].log) <= 1100
    assert sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()) < MEGABYTE


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize("function", ["speak_and_leave", "speak_and_die"])
def test_nothing_that_a_task_said_is_lost_with_its_process(tmp_path: Path, function: str, executor: Any) -> None:
    words = ["first\n", "my-", "secret", "-key\n", "and my-", "last"]
    with running(settings(tmp_path, quandl_key="my-secret-key")) as runner:
        record = run(runner, "said", function, {"words": words}, executor=executor)
    assert record.tasks["t2"].state == "failed"
    assert record.tasks["t2"].log == "first\n***\nand my-last"


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_what_a_task_says_is_seen_while_it_is_silent_again(runner: Runner, tmp_path: Path, executor: Any) -> None:
    gate, name = tmp_path / "gate", f"heard-{executor}"
    kwargs = {"words": ["one", "two", "three"], "path": str(gate)}
    runner.submit(managed.request(name, (0, "speak_and_wait", (), kwargs, "x"), executor=executor))
    until(lambda: (found := runner.record(name)) and found.tasks and found.tasks["t1"].log == "one\ntwo\nthree\n")
    gate.touch()
    record = runner.wait(name, managed.DEADLINE)
    assert (record.state, record.tasks["t1"].log) == (RunState.DONE, "one\ntwo\nthree\n")


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_what_is_said_past_python_is_heard_too_and_in_its_place(tmp_path: Path, executor: Any) -> None:
    with running(settings(tmp_path, quandl_key="my-secret-key")) as runner:
        record = run(runner, "past", "speak_past_python", {"word": "my-secret-key"}, executor=executor)
    assert record.state is RunState.DONE
    assert record.tasks["t2"].log == "begins\n***\ncareful\ngoes on\nheld back by C\n"


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_program_that_is_left_talking_holds_nothing_up(tmp_path: Path, executor: Any) -> None:
    pids = tmp_path / "pids"
    with running(settings(tmp_path)) as runner:
        limits = Limits(text=1000)
        record = run(runner, "talks", "leave_talking", {"pids": str(pids)}, executor=executor, limits=limits)
    assert record.state is RunState.DONE
    assert record.tasks["t2"].log.startswith("y\ny\n")
    assert len(record.tasks["t2"].log) <= 1100
    assert not any(map(is_alive, noted(pids)))


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_what_a_program_says_is_seen_while_it_runs(runner: Runner, tmp_path: Path, executor: Any) -> None:
    gate, name = tmp_path / "gate", f"program-{executor}"
    runner.submit(managed.request(name, (0, "speak_in_a_program", (), {"path": str(gate)}, "x"), executor=executor))
    until(lambda: (found := runner.record(name)) and found.tasks and found.tasks["t1"].log == "heard\n")
    gate.touch()
    assert runner.wait(name, managed.DEADLINE).tasks["t1"].log == "heard\n"


def test_what_a_task_said_before_it_was_stopped_is_kept(runner: Runner, tmp_path: Path) -> None:
    rows = (0, "speak_and_wait", (), {"words": ["one", "two"], "path": str(tmp_path / "never")}, "x")
    runner.submit(managed.request("hushed", rows))
    until((tmp_path / "never.said").exists)
    runner.stop("hushed")
    record = runner.wait("hushed", managed.DEADLINE)
    assert record.state is RunState.STOPPED
    assert record.tasks["t1"].log == "one\ntwo\n"


def test_a_loop_that_swallows_everything_is_stopped(runner: Runner, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    runner.submit(managed.request("stubborn", BEFORE, (1, "never_give_up", (), {"pids": str(pids)}, "x"), AFTER))
    pid = until(lambda: noted(pids))[0]
    runner.stop("stubborn")
    record = runner.wait("stubborn", managed.DEADLINE)
    assert (record.state, record.reason) == (RunState.STOPPED, "stopped")
    assert states(record)[0] in ("done", "reused")
    assert not is_alive(pid)


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_what_has_left_its_session_ends_with_the_run(runner: Runner, tmp_path: Path, seconds: float) -> None:
    pids = tmp_path / "pids"
    row = (1, "leave_behind", (), {"pids": str(pids), "seconds": seconds}, "x")
    runner.submit(managed.request(f"left-{seconds:.0f}", BEFORE, row, AFTER))
    until(lambda: len(noted(pids)) >= 4)
    if seconds:
        runner.stop("left-60")
    record = runner.wait(f"left-{seconds:.0f}", managed.DEADLINE)
    assert record.state is (RunState.STOPPED if seconds else RunState.FAILED)  # "left" + 1 is none
    assert not any(map(is_alive, noted(pids)))


def test_a_stopped_run_goes_on_with_what_is_missing(runner: Runner, tmp_path: Path) -> None:
    gate, calls = tmp_path / "gate", tmp_path / "calls"
    rows = [
        (0, "number", (), {}, "a"),
        (1, "note", "a", {"path": str(calls)}, "n"),
        (2, "wait_for_file", "n", {"path": str(gate)}, "w"),
    ]
    runner.submit(managed.request("resumed", *rows))
    until(lambda: (found := runner.record("resumed")) and len(found.tasks) == 3)
    runner.stop("resumed")
    assert runner.wait("resumed", managed.DEADLINE).state is RunState.STOPPED
    gate.touch()
    record = managed.run(runner, "resumed", *rows)
    assert record.state is RunState.DONE
    assert states(record)[1:] == ["reused", "done"]
    assert len(noted(calls)) == 1


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize("name", ["leave_a_child", "overstay"])
def test_what_a_broken_task_has_started_ends_with_it_and_keeps_nobody_from_its_work(
    runner: Runner, tmp_path: Path, name: str, executor: Any
) -> None:
    """The rows do the same work: one waits for the other to end with it."""
    pids, gate, id_ = tmp_path / "pids", tmp_path / "gate", f"{name.replace('_', '-')}-{executor}"
    same = [(0, name, (), {"pids": str(pids)}, key) for key in ("x", "y")]
    last = (1, "wait_for_file", "z", {"path": str(gate)}, "w")
    request = managed.request(id_, *same, (0, "number", (), {}, "z"), last, executor=executor, workers=2)
    runner.submit(request)

    def has_both_failed() -> bool:
        record = runner.record(id_)
        return bool(record and states(record).count("failed") == 2 and states(record)[-1] == "running")

    until(has_both_failed)
    until(lambda: noted(pids) and not any(map(is_alive, noted(pids))))
    gate.touch()
    assert runner.wait(id_, managed.DEADLINE).state is RunState.FAILED
