"""A task that takes too long or breaks its process is called again, as often as its author allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.record import RunRecord, RunState
from core.request import Limits
from core.runner import Runner
from core.settings import Settings
from tests.core import managed
from tests.core.managed import running, settings, states, until

EXECUTORS = ["inline", "threads", "processes"]
WORDS = {
    "hang": "took longer than 0.5 s",
    "leave": "exited (by itself )?with code 1( without a result)?",
    "crash": "was ended by SIGSEGV",
    "interrupt": "KeyboardInterrupt",
    "raise": "ConnectionError: try again",
}
BEFORE = (0, "number", (), {}, "a")


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def runner(chosen: Settings) -> Iterator[Runner]:
    with running(chosen) as made:
        yield made


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def count(path: Path) -> int:
    return len(path.read_text().split()) if path.exists() else 0


def stumble(path: Path, *ways: str) -> tuple[Any, ...]:
    return (1, "stumble", (), {"path": str(path), "ways": list(ways)}, "x")


def run(runner: Runner, name: str, calls: Path, *ways: str, **options: Any) -> RunRecord:
    """Run it between one task that comes before it, one that reads it, and one that does not."""
    rows = (BEFORE, stumble(calls, *ways), (2, "add", "x", {}, "y"), (3, "add", "a", {"right": 5}, "z"))
    return managed.run(runner, name, *rows, **options)


def expect_log(log: str, *ways: str, last: str) -> None:
    """Everything that was said in all attempts is there once, in its order, and how each of them failed."""
    lines = [
        f"call {number}\n\\(attempt {number} of 3 failed: .*{WORDS[way]}.*\\)\n" for number, way in enumerate(ways, 1)
    ]
    assert re.fullmatch("".join(lines) + last, log), log


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    "ways",
    [
        ("hang", "hang"),
        ("leave", "leave"),
        ("hang", "crash"),
        ("raise", "hang"),
        ("leave", "raise"),
        ("interrupt", "raise"),
    ],
    ids="-".join,
)
def test_it_is_called_until_it_returns(runner: Runner, calls: Path, ways: tuple[str, ...], executor: Any) -> None:
    record = run(runner, f"{'-'.join(ways)}-{executor}", calls, *ways, executor=executor, everything_anew=True)
    assert (record.state, states(record)) == (RunState.DONE, ["done"] * 4)
    assert record.tasks["t2"].reason.endswith("; called 3 times, because it failed before")
    expect_log(record.tasks["t2"].log, *ways, last="call 3\n")
    assert count(calls) == 3


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("ways", [("hang", "hang", "hang"), ("raise", "hang", "leave"), ("leave", "crash", "raise")])
def test_it_is_not_called_more_often_than_its_author_allows(
    runner: Runner, calls: Path, ways: tuple[str, ...], executor: Any
) -> None:
    record = run(runner, f"all-{'-'.join(ways)}-{executor}", calls, *ways, executor=executor)
    assert record.state is RunState.FAILED
    assert [state.replace("reused", "done") for state in states(record)] == ["done", "failed", "skipped", "done"]
    assert re.search(WORDS[ways[-1]], record.tasks["t2"].error)
    expect_log(record.tasks["t2"].log, *ways[:-1], last="call 3\n")
    assert count(calls) == 3


@pytest.mark.parametrize("executor", EXECUTORS)
def test_each_attempt_is_told_and_has_its_whole_time(
    runner: Runner, chosen: Settings, calls: Path, executor: Any
) -> None:
    run(runner, f"told-{executor}", calls, "hang", "hang", executor=executor)
    events = [event for event in managed.journal(chosen, f"told-{executor}") if event.get("task") == "t2"]
    begun = [event["reason"].partition("; ")[2] for event in events if event.get("state") == "running"]
    assert begun == ["", "attempt 2 of 3", "attempt 3 of 3"]
    waits = [event for event in events if event.get("state") == "waiting"]
    assert [event["reason"] for event in waits] == [
        f"attempt {number} of 3 failed: took longer than 0.5 s" for number in (1, 2)
    ]
    assert all(event["seconds"] >= 0.5 for event in waits)


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_all_others_go_first(runner: Runner, chosen: Settings, tmp_path: Path, executor: Any) -> None:
    others = [(1, "note", "a", {"path": str(tmp_path / name)}, name) for name in "pq"]
    rows = [BEFORE, stumble(tmp_path / "calls", "leave"), *others]
    name = f"order-{executor}"
    assert managed.run(runner, name, *rows, executor=executor, workers=1).state is RunState.DONE
    events = managed.journal(chosen, name)
    done = [event["task"] for event in events if event["kind"] == "task" and event["state"] == "done"]
    assert done[-3:] == ["t3", "t4", "t2"]


def test_what_is_under_way_beside_it_is_disturbed_only_once(runner: Runner, tmp_path: Path) -> None:
    calls, other = tmp_path / "calls", tmp_path / "other"
    beside = (1, "note_and_sleep", (), {"path": str(other), "seconds": 1.0}, "y")
    record = managed.run(runner, "beside", stumble(calls, "hang", "hang"), beside, executor="threads")
    assert (states(record), count(calls), count(other)) == (["done", "done"], 3, 2)
    assert "called" not in record.tasks["t2"].reason


def test_two_that_take_too_long_at_once_are_both_called_again(runner: Runner, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    rows = stumble(first, "hang"), (*stumble(second, "hang", "leave")[:4], "y")
    record = managed.run(runner, "both", *rows, executor="threads")
    assert (states(record), count(first), count(second)) == (["done", "done"], 2, 3)


def test_a_stopped_run_ends_at_once_and_counts_anew_when_it_goes_on(runner: Runner, calls: Path) -> None:
    row = (0, "stumble_slowly", (), {"path": str(calls), "ways": ["leave", "hang", "leave", "leave"]}, "x")
    runner.submit(managed.request("stopped", row))
    until(lambda: count(calls) == 2)
    runner.stop("stopped")
    assert runner.wait("stopped", managed.DEADLINE).state is RunState.STOPPED
    assert count(calls) == 2
    record = managed.run(runner, "stopped", row)
    assert (record.state, count(calls)) == (RunState.DONE, 5)
    assert record.tasks["t1"].reason.endswith("; called 3 times, because it failed before")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_time_of_the_run_is_not_longer_for_it(runner: Runner, calls: Path, executor: Any) -> None:
    options = {"executor": executor, "limits": Limits(seconds=0.9)}
    record = run(runner, f"clock-{executor}", calls, "hang", "hang", "hang", **options)
    assert (record.state, record.reason) == (RunState.FAILED, "took longer than 0.9 s")
    assert count(calls) <= 2
