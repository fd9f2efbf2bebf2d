"""A managed run: what is called, what is reused, what every task sees, and what becomes of failures."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import TaskError, Workflow
from core.cache import NullCache
from core.errors import ArtifactError, UnknownTaskError
from core.function import task
from core.record import RunState
from core.request import Limits
from core.schedule.lookup import AGAIN, DATA, GONE, IN_THIS_RUN, NEVER, NO_RESULT, UNSTORED
from tests.core.scheduling import MODULE, Office, row, table

BASE = [
    row(0, "scale", "a", {"factor": 2}, "c"),
    row(0, "scale", "b", {"factor": 3}, "d"),
    row(1, "split", "c", {}, ("e", "f")),
    row(2, "add", ("d", "f"), {}, "g"),
]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data")


def base(*more: Any, **inputs: Any) -> Workflow:
    return table(*BASE, *more, **{"a": 3, "b": 5, **inputs})


def changed(workflow: Workflow, number: int, **cells: Any) -> Workflow:
    """The table with other cells in one row, counted from 1."""
    tasks = list(workflow.tasks)
    tasks[number - 1] = replace(tasks[number - 1], **cells)
    return workflow.replace(tasks=tasks)


def test_a_run_computes_what_the_library_computes(office: Office) -> None:
    found = office.run(base())
    assert found.state is RunState.DONE
    assert found.states == dict.fromkeys(("t1", "t2", "t3", "t4"), "done")
    assert found.values(base()) == {"t1": {"c": 6}, "t2": {"d": 15}, "t3": {"e": 7, "f": 5}, "t4": {"g": 25}}
    assert base().run()["g"] == 25


def test_every_task_is_told_when_it_begins_and_when_it_ends(office: Office) -> None:
    events = office.run(base()).events
    assert [(event["task"], event["state"]) for event in events] == [
        (task, state) for task in ("t1", "t2", "t3", "t4") for state in ("running", "done")
    ]
    times = [event["at"] for event in events]
    assert times == sorted(times)


def test_what_is_told_as_done_is_on_the_disk(office: Office) -> None:
    seen: list[bool] = []

    def look(event: Any) -> None:
        if event["state"] == "done":
            seen.extend(path.is_file() for path in (office.artifacts.root.glob("*/*")))
            for data in event["outputs"].values():
                assert (office.artifacts.root / data["digest"][:2] / data["digest"]).stat().st_size == data["size"]

    office.run(base(), emit=look)
    assert seen
    assert office.run(base()).called == []


def test_a_second_run_calls_nothing_and_says_where_its_results_come_from(office: Office) -> None:
    first = office.run(base())
    found = office.run(base())
    assert (found.called, found.state) == ([], RunState.DONE)
    assert set(found.states.values()) == {"reused"}
    assert set(found.reasons.values()) == {"reused from run run 1"}
    assert found.values(base()) == first.values(base())
    assert [task.seconds for task in found.tasks.values()] == [task.seconds for task in first.tasks.values()]
    assert [task.result for task in found.tasks.values()] == [task.result for task in first.tasks.values()]


def test_a_later_request_of_the_same_run_says_so(office: Office) -> None:
    office.run(base(), run="r")
    assert set(office.run(base(), run="r").reasons.values()) == {IN_THIS_RUN}


CHANGES: list[tuple[str, Any, list[str]]] = [
    ("a late kwarg", lambda: changed(base(), 4, kwargs={"offset": 1}), ["t4"]),
    ("an early kwarg", lambda: changed(base(), 1, kwargs={"factor": 4}), ["t1", "t3", "t4"]),
    ("a kwarg's type", lambda: changed(base(), 1, kwargs={"factor": 2.0}), ["t1", "t3", "t4"]),
    ("an input", lambda: base(b=6), ["t2", "t4"]),
    ("an id, a note and an order", lambda: changed(base(), 4, id="other", note="why", order=9), []),
    ("the rows' order", lambda: base().replace(tasks=base().tasks[::-1]), []),
    ("a row above", lambda: base(row(-1, "constant", (), {}, "z")), ["t5"]),
    ("a row that overwrites", lambda: base(row(1, "constant", (), {}, "d")), ["t5", "t4"]),
    ("the argument order", lambda: changed(base(), 4, input_keys=("f", "d")), ["t4"]),
    ("the other half of a pair", lambda: changed(base(), 4, input_keys=("d", "e")), ["t4"]),
    ("a deleted row", lambda: base().replace(tasks=base().tasks[:3]), []),
]


@pytest.mark.parametrize(("_what", "make", "calls"), CHANGES, ids=[what for what, _, _ in CHANGES])
def test_a_change_calls_only_what_it_touches(office: Office, _what: str, make: Any, calls: list[str]) -> None:
    office.run(base())
    assert office.forecast(make()) == (len(calls), len(make().tasks) - len(calls))
    found = office.run(make())
    assert found.called == calls
    assert found.values(make()) == Office(office.root / "fresh").run(make()).values(make())


def test_equal_work_in_one_run_is_done_once(office: Office) -> None:
    found = office.run(table(row(0, "drawn", "a", {}, "x"), row(0, "drawn", "a", {}, "y"), a=1))
    assert found.states == {"t1": "done", "t2": "reused"}
    assert found.value("t1", "x") == found.value("t2", "y")


# Steps


def test_a_run_stops_after_an_order_and_goes_on(office: Office) -> None:
    first = office.run(base(), run="r", to_order=1)
    assert (first.state, first.called) == (RunState.PAUSED, ["t1", "t2", "t3"])
    assert office.run(base(), run="r", to_order=-5).state is RunState.PAUSED
    second = office.run(base(), run="r")
    assert (second.state, second.called) == (RunState.DONE, ["t4"])
    assert office.run(base(), run="r", to_order=2).state is RunState.DONE


def test_what_may_never_be_reused_is_kept_for_the_steps_of_its_run(office: Office) -> None:
    workflow = table(
        row(0, "ticket", (), {}, "x"), row(1, "identity", "x", {}, "y"), row(2, "see", "__data__", {"key": "y"}, "z")
    )
    one = office.run(workflow, run="r", to_order=0)
    two = office.run(workflow, run="r")
    assert two.called == ["t2", "t3"]
    assert one.value("t1", "x") == two.value("t2", "y") == two.value("t3", "z")
    assert office.run(workflow, run="r").called == []
    other = office.run(workflow, run="other")
    assert other.called == ["t1", "t2", "t3"]
    assert other.value("t1", "x") != one.value("t1", "x")
    assert (other.reasons["t1"], other.reasons["t3"]) == (NEVER, DATA)


# One task


def test_one_task_is_called_with_kept_values(office: Office) -> None:
    workflow = table(row(0, "drawn", (), {}, "x"), row(1, "drawn", "x", {}, "y"), row(2, "identity", "y", {}, "z"))
    first = office.run(workflow, run="r")
    found = office.run(workflow, run="r", only="t2")
    assert (found.called, found.state) == (["t2"], RunState.PAUSED)
    assert found.reasons == {"t2": AGAIN}
    assert found.value("t2", "y") != first.value("t2", "y")
    assert found.tasks["t2"].result != first.tasks["t2"].result
    rest = office.run(workflow, run="r")
    assert rest.called == ["t3"]
    assert rest.value("t3", "z") == found.value("t2", "y")


def test_the_last_task_called_alone_leaves_the_run_done(office: Office) -> None:
    office.run(base(), run="r")
    assert office.run(base(), run="r", only="t4").state is RunState.DONE


def test_one_task_without_its_values_fails_and_names_them(office: Office) -> None:
    found = office.run(base(), only="t4")
    assert (found.state, found.called) == (RunState.FAILED, [])
    assert found.tasks["t4"].error == "task t4 cannot run yet, these values are missing: d, f"


def test_one_task_that_is_not_there(office: Office) -> None:
    with pytest.raises(UnknownTaskError, match="there is no task 't9'"):
        office.run(base(), only="t9")


def test_one_task_behind_a_value_that_was_not_stored(office: Office) -> None:
    workflow = table(row(0, "lock", (), {}, "x"), row(1, "kind", "x", {}, "y"), row(2, "identity", "y", {}, "z"))
    office.run(workflow, run="r")
    found = office.run(workflow, run="r", only="t3")
    assert found.called == ["t1", "t2", "t3"]
    assert found.value("t3", "z") == "lock"


# Reasons


def test_the_first_run_says_that_there_is_no_result_yet(office: Office) -> None:
    assert set(office.run(base()).reasons.values()) == {NO_RESULT}


def test_a_run_says_what_differs_from_the_run_before(office: Office) -> None:
    before = Workflow.from_json(base().to_json(), base().catalog)
    office.run(before)
    found = office.run(changed(base(b=6), 3, kwargs={}), previous=before)
    assert found.reasons["t2"] == "input b 5 -> 6"
    assert found.reasons["t4"] == "d comes from t2, which runs too"
    found = office.run(changed(base(), 4, kwargs={"offset": 7}), previous=before)
    assert found.reasons["t4"] == "kwarg offset (nothing) -> 7"


def test_a_run_says_that_a_function_was_edited(office: Office) -> None:
    before = Workflow.from_json(base().to_json(), base().catalog)
    functions = {**before.functions, f"{MODULE}.add": "0" * 16}
    before = Workflow(before.tasks, before.inputs, catalog=before.catalog, functions=functions)
    found = office.run(base(), previous=before)
    assert found.reasons["t4"].startswith("function edited; ")
    assert found.reasons["t1"] == NO_RESULT


def test_a_task_called_again_anyway_gives_a_new_outcome_to_those_after_it(office: Office) -> None:
    workflow = table(row(0, "drawn", (), {}, "x"), row(1, "identity", "x", {}, "y"), row(1, "constant", (), {}, "z"))
    first = office.run(workflow)
    found = office.run(workflow, anew=("t1",))
    assert found.called == ["t1", "t2"]
    assert found.reasons["t1"] == AGAIN
    assert found.value("t2", "y") == found.value("t1", "x") != first.value("t1", "x")
    assert office.run(workflow).value("t2", "y") == found.value("t2", "y")
    assert office.run(workflow, everything_anew=True).called == ["t1", "t2", "t3"]


def test_a_result_is_reused_for_as_long_as_its_author_allows(office: Office) -> None:
    workflow = table(row(0, "quote", (), {}, "x"), row(1, "identity", "x", {}, "y"))
    first = office.run(workflow, run="r")
    assert office.run(workflow).called == []
    kept = office.cache.find(_key(office, "quote"))
    assert kept
    office.cache.keep(replace(kept, created=kept.created - 61))
    assert office.run(workflow, run="r").called == [], "what a run has computed it keeps"
    found = office.run(workflow)
    assert found.called == ["t1", "t2"]
    assert found.reasons["t1"] == "its kept result is older than 60 s"
    assert found.value("t2", "y") == found.value("t1", "x") != first.value("t1", "x")


def test_the_forecast_of_a_run_that_goes_on_knows_what_only_that_run_may_reuse(office: Office) -> None:
    workflow = table(
        row(0, "ticket", (), {}, "x"),
        row(1, "identity", "x", {}, "y"),
        row(2, "look", "__data__", {}, "keys"),
        row(3, "identity", "keys", {}, "z"),
    )
    for order in range(3):
        assert len(office.run(workflow, run="r", to_order=order).called) == 1
        assert office.forecast(workflow, run="r") == (3 - order, 1 + order)
        assert office.forecast(workflow, run="r", to_order=order) == (0, 1 + order)
        assert office.forecast(workflow) == (4, 0)
    assert office.run(workflow, run="r").called == ["t4"]


def _key(office: Office, function: str) -> str:
    """The only key under which something of a function is kept."""
    keys = [
        path.stem for path in (office.root / "cache").glob("*/*.json") if f"{MODULE}.{function}" in path.read_text()
    ]
    assert len(keys) == 1
    return keys[0]


# Values


def test_a_careless_task_changes_nothing_for_others(office: Office) -> None:
    workflow = table(
        row(0, "items", "n", {}, "x"),
        row(1, "append_in_place", "x", {"item": 7}, "y"),
        row(1, "append_in_place", "list", {"item": 8}, "z"),
        row(2, "identity", "x", {}, "x2"),
        row(2, "identity", "list", {}, "list2"),
        row(2, "append_in_place", "y", {}, "y2"),
        n=2,
        list=[1],
    )
    expected = {"x": [0, 1], "y": [0, 1, 7], "z": [1, 8], "x2": [0, 1], "list2": [1], "y2": [0, 1, 7, 0]}
    for executor in ("inline", "threads", "processes", "inline"):
        found = office.run(workflow, executor=executor, everything_anew=True)
        assert {key: value for values in found.values(workflow).values() for key, value in values.items()} == expected


def test_a_careless_task_changes_no_kwargs(office: Office) -> None:
    workflow = table(row(0, "append_to_option", "a", {"options": []}, "x"), a=1)
    assert [office.run(workflow, everything_anew=True).value("t1", "x") for _ in range(2)] == [[1], [1]]


def test_a_frame_is_changed_for_nobody_else(office: Office) -> None:
    workflow = table(row(0, "frame", "n", {}, "f"), row(1, "spoil", "f", {}, "x"), row(2, "total", "f", {}, "y"), n=4)
    found = office.run(workflow)
    assert (found.value("t2", "x"), found.value("t3", "y")) == (600, 6)
    assert found.value("t1", "f")["number"].tolist() == [0, 1, 2, 3]


def test_what_is_read_twice_by_one_task_is_one_object(office: Office) -> None:
    workflow = table(row(0, "items", "n", {}, "x"), row(1, "both", ("x", "x"), {}, "y"), n=2)
    assert office.run(workflow).value("t2", "y") is True


def test_a_value_that_cannot_be_stored_is_used_within_the_run(office: Office) -> None:
    workflow = table(row(0, "lock", (), {}, "x"), row(1, "kind", "x", {}, "y"), row(1, "constant", (), {}, "z"))
    found = office.run(workflow)
    assert found.state is RunState.DONE
    assert found.value("t2", "y") == "lock"
    artifact = found.tasks["t1"].outputs["x"]
    assert (artifact.digest, artifact.is_stored) == ("", False)
    assert artifact.summary["reason"]
    again = office.run(workflow)
    assert again.called == ["t1", "t2"]
    assert again.reasons["t1"] == UNSTORED
    assert again.tasks["t1"].result != found.tasks["t1"].result


def test_a_task_that_is_half_stored_is_computed_again(office: Office) -> None:
    workflow = table(row(0, "half_stored", "a", {}, ("x", "y")), row(1, "identity", "x", {}, "z"), a=4)
    assert office.run(workflow).value("t2", "z") == 4
    assert office.run(workflow).called == ["t1", "t2"]


@pytest.mark.parametrize("content", [b"garbled", None], ids=["garbled", "missing"])
@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_stored_value_that_is_gone_is_computed_again(office: Office, content: bytes | None, executor: str) -> None:
    first = office.run(base())
    office.damage([artifact for task in first.tasks.values() for artifact in task.outputs.values()], content)
    found = office.run(changed(base(), 4, kwargs={"offset": 1}), executor=executor)
    assert found.state is RunState.DONE
    assert found.value("t4", "g") == 26
    assert sorted(found.called[-1:]) == ["t4"]
    assert set(found.called) == {"t1", "t2", "t3", "t4"}


VANISHING = table(
    row(0, "items", "n", {}, "x"),
    row(1, "append_in_place", "x", {}, "y"),
    row(2, "append_in_place", "y", {}, "z"),
    row(3, "identity", "x", {}, "w"),
    n=3,
)


def saboteur(office: Office, events: list[Any], times: int) -> Any:
    """Removes every stored value as soon as t2 is done, that many times."""

    def sabotage(event: Any) -> None:
        events.append(event)
        done = [event for event in events if (event["task"], event["state"]) == ("t2", "done")]
        if event in done and len(done) <= times:
            for path in office.artifacts.root.glob("*/*"):
                path.unlink()

    return sabotage


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_value_that_vanishes_in_the_middle_of_a_run_is_computed_again(office: Office, executor: str) -> None:
    events: list[Any] = []
    sabotage = saboteur(office, events, 1)
    assert office.run(VANISHING, emit=sabotage, executor=executor).state is RunState.DONE
    told = [(event["task"], event["state"], event.get("reason")) for event in events]
    assert [state for task, state, _ in told if task == "t3"] == ["running", "waiting", "running", "done"]
    assert [state for task, state, _ in told if task == "t2"][2:] == ["running", "waiting", "running", "done"]
    assert {reason for task, state, reason in told[4:] if task == "t2" and state == "running"} == {GONE}
    found = office.run(VANISHING)
    assert found.called == []
    assert found.values(VANISHING) == {
        "t1": {"x": [0, 1, 2]},
        "t2": {"y": [0, 1, 2, 0]},
        "t3": {"z": [0, 1, 2, 0, 0]},
        "t4": {"w": [0, 1, 2]},
    }


def test_a_value_that_vanishes_again_and_again_fails_the_task_that_needs_it(office: Office) -> None:
    events: list[Any] = []
    assert office.run(VANISHING, emit=saboteur(office, events, 99)).state is RunState.FAILED
    error = next(event["error"] for event in events if event["state"] == "failed")
    assert error == "the kept value of y cannot be read, so it is computed again: a stored value is not there any more"


def test_without_a_cache_everything_is_called(office: Office) -> None:
    office.run(base())
    assert office.run(base(), cache=NullCache()).called == ["t1", "t2", "t3", "t4"]


# Failures


FAILING = [
    row(0, "fail", "a", {}, "x"),
    row(0, "scale", "a", {}, "y"),
    row(1, "scale", "x", {}, "x2"),
    row(1, "scale", "y", {}, "y2"),
    row(2, "add", ("x2", "y2"), {}, "z"),
]


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_failure_skips_what_depends_on_it_and_nothing_else(office: Office, executor: str) -> None:
    workflow = table(*FAILING, a=3)
    found = office.run(workflow, executor=executor)
    assert found.state is RunState.FAILED
    assert found.states == {"t1": "failed", "t2": "done", "t3": "skipped", "t4": "done", "t5": "skipped"}
    assert found.reasons["t3"] == "task t1 gave it no value"
    assert found.reasons["t5"] == "task t3 gave it no value"
    failure = found.tasks["t1"]
    assert failure.error == "ValueError: no good: 3"
    assert failure.traceback.startswith("Traceback (most recent call last):\n")
    assert "managed_work.py" in failure.traceback
    assert "core/schedule" not in failure.traceback
    assert office.run(workflow).called == ["t1"]


def test_a_failure_is_told_as_the_library_tells_it(office: Office) -> None:
    run = table(*FAILING, a=3).start()
    with pytest.raises(TaskError) as caught:
        run.finish()
    failure = office.run(table(*FAILING, a=3)).tasks["t1"]
    assert failure.error == caught.value.reason
    assert failure.traceback == caught.value.traceback_text


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
@pytest.mark.parametrize(
    ("function", "kwargs", "writes", "error"),
    [
        ("leave", {}, "x", "SystemExit: 3"),
        ("cancel", {}, "x", "GeneratorExit: not an Exception"),
        ("split", {}, "x", "it returned 2 values for the one output key x"),
        ("split", {}, ("x", "y", "z"), "it returned 2 values for 3 output keys (x, y, z)"),
        ("scale", {}, ("x", "y"), "it returned one int for 2 output keys (x, y)"),
        ("exhaust", {}, "x", "used more than 2 GB while running `exhaust`"),
    ],
)
def test_a_task_fails_in_words(
    office: Office, executor: str, function: str, kwargs: Any, writes: Any, error: str
) -> None:
    workflow = table(row(0, function, "a", kwargs, writes), row(1, "constant", (), {}, "k"), a=3)
    found = office.run(workflow, executor=executor, limits=Limits(memory=2 * 1024**3))
    assert found.tasks["t1"].error == error
    assert found.states == {"t1": "failed", "t2": "done"}


def test_a_task_that_ended_an_earlier_worker_is_not_called(office: Office) -> None:
    found = office.run(base(), failed={"t1": "used more than 2 GB"})
    assert found.states == {"t1": "failed", "t2": "done", "t3": "skipped", "t4": "skipped"}
    assert found.tasks["t1"].error == "used more than 2 GB"
    assert found.state is RunState.FAILED


def test_a_full_disk_fails_the_task_and_not_the_engine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(value: Any) -> Any:
        raise ArtifactError("the disk is full")

    monkeypatch.setattr(office.artifacts, "put", put)
    found = office.run(base())
    assert found.states == {"t1": "failed", "t2": "failed", "t3": "skipped", "t4": "skipped"}
    assert found.tasks["t1"].error == "the disk is full"


def test_a_cache_that_cannot_be_used_fails_the_task_and_not_the_engine(office: Office) -> None:
    office.root.mkdir()
    (office.root / "locks").write_text("in the way")
    found = office.run(base())
    assert found.state is RunState.FAILED
    assert found.tasks["t1"].error


def test_secrets_are_in_no_error(office: Office) -> None:
    found = office.run(table(row(0, "fail_with_secret", "a", {}, "x"), a="hunter+2 "), secrets=("hunter+2 ",))
    assert found.tasks["t1"].error == "ValueError: https://server/?key=***"
    assert "hunter" not in str(found.events)


@pytest.mark.parametrize("secret", ["hunter2", 'hunter"2', "hunter\\2", "hunter\u00e9", "hunter'2"])
def test_secrets_are_in_nothing_that_is_told_or_kept_of_a_value(office: Office, secret: str) -> None:
    workflow = table(row(0, "identity", "a", {}, "x"), a=f"the key is {secret}")
    for _ in range(2):
        found = office.run(workflow, secrets=(secret,))
        assert "the key is ***" in found.tasks["t1"].outputs["x"].summary["text"]
        assert "hunter" not in str(found.events)
    kept = [path.read_text() for path in (office.root / "cache").rglob("*.json")]
    assert kept
    assert "hunter" not in "".join(kept)


# Marks


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_task_is_called_again_as_often_as_its_author_allows(office: Office, tmp_path: Path, executor: str) -> None:
    kwargs = {"path": str(tmp_path / "calls"), "failures": 2}
    found = office.run(table(row(0, "flaky", "a", kwargs, "x"), a=[1]), executor=executor)
    assert found.state is RunState.DONE
    assert found.value("t1", "x") == [1, "tried"], "every call gets its own argument"
    assert found.tasks["t1"].reason == f"{NO_RESULT}; called 3 times, because it failed before"
    assert found.tasks["t1"].log == (
        "(attempt 1 of 3 failed: ConnectionError: try again)\n(attempt 2 of 3 failed: ConnectionError: try again)\n"
    )


def test_a_task_that_goes_on_failing_fails(office: Office, tmp_path: Path) -> None:
    kwargs = {"path": str(tmp_path / "calls"), "failures": 9}
    found = office.run(table(row(0, "flaky", "a", kwargs, "x"), a=[1]))
    assert found.tasks["t1"].error == "ConnectionError: try again"
    assert (tmp_path / "calls").read_text().split() == ["x"] * 3


def test_whoever_watches_the_worker_is_told_the_time_limit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    workflow = table(row(0, "sleep_too_long", "a", {}, "x"), row(1, "scale", "x", {}, "y"), a=1)
    found = [event for event in office.run(workflow).events if event["state"] == "running"]
    assert [event.get("limit") for event in found] == [0.3, None]


@pytest.mark.parametrize("mark", [{"retries": -1}, {"retries": True}, {"retries": 1.5}, {"time_limit": 0}])
def test_a_mark_that_makes_no_sense_is_refused(mark: Any) -> None:
    with pytest.raises(ValueError, match="must be a"):
        task(**mark)


# The registry


def test_what_a_task_does_to_the_registry_is_seen_by_those_after_it(office: Office) -> None:
    workflow = table(
        row(0, "scale", "a", {}, "x"),
        row(1, "put", "__data__", {"key": "x", "value": [5]}, ()),
        row(2, "identity", "x", {}, "y"),
        row(2, "look", "__data__", {}, "keys"),
        a=1,
    )
    found = office.run(workflow)
    assert (found.value("t3", "y"), found.value("t4", "keys")) == ([5], ["a", "x", "y"])
    assert found.value("t1", "x") == 2
    assert found.value("t2", "x") == [5]
    assert office.run(workflow).called == ["t2", "t3", "t4"]


@pytest.mark.parametrize("key", [5, None, ("a", "b"), "../x", "no name", "\udc80", "__data__"])
def test_what_is_no_name_of_a_key_is_not_taken_from_the_registry(office: Office, key: Any) -> None:
    rows = [row(0, "put", "__data__", {"key": key, "value": 5}, ()), row(1, "look", "__data__", {}, "keys")]
    workflow = table(*rows, row(1, "scale", "a", {}, "x"), a=1)
    with pytest.raises(TaskError) as caught:
        workflow.run()
    found = office.run(workflow)
    expected = f"it wrote {key!r} into __data__, which is no name of a key"
    assert found.tasks["t1"].error == caught.value.reason == expected
    assert (found.value("t2", "keys"), found.value("t3", "x")) == (["a"], 2)


def test_a_reader_of_what_the_registry_lost_fails_as_in_the_library(office: Office) -> None:
    workflow = table(
        row(0, "scale", "a", {}, "x"),
        row(1, "forget", "__data__", {"key": "x"}, ()),
        row(2, "identity", "x", {}, "y"),
        row(2, "identity", "a", {}, "z"),
        row(3, "scale", "a", {}, "x"),
        row(4, "identity", "x", {}, "w"),
        a=1,
    )
    with pytest.raises(TaskError) as caught:
        workflow.run()
    found = office.run(workflow)
    assert found.tasks["t3"].error == caught.value.reason == "the value of x was removed by a task that reads __data__"
    assert (found.value("t4", "z"), found.value("t6", "w")) == (1, 2)


def test_those_whose_values_the_registry_kept_are_reused(office: Office) -> None:
    workflow = table(
        row(0, "scale", "a", {}, "x"),
        row(1, "forget", "__data__", {"key": "x"}, ()),
        row(2, "scale", "a", {"factor": 5}, "y"),
        row(3, "scale", "y", {}, "z"),
        a=1,
    )
    office.run(workflow)
    assert office.run(workflow).called == ["t2"]


def test_steps_of_one_run_keep_what_a_task_did_to_the_registry(office: Office) -> None:
    workflow = table(
        row(0, "scale", "a", {}, "x"),
        row(1, "put_and_tell", "__data__", {"key": "b", "value": 9}, ("p", "q")),
        row(2, "forget", "__data__", {"key": "x"}, ()),
        row(3, "look", "__data__", {}, "keys"),
        a=1,
    )
    for order in range(3):
        assert len(office.run(workflow, run="r", to_order=order).called) == 1
    found = office.run(workflow, run="r")
    assert found.called == ["t4"]
    assert sorted(found.value("t4", "keys")) == ["a", "b", "p", "q"]
    assert office.run(changed(workflow, 1, kwargs={"factor": 3}), run="r").called == ["t1", "t2", "t3", "t4"]


def test_a_task_that_fails_changes_nothing_in_the_registry(office: Office) -> None:
    workflow = table(row(0, "forget_and_fail", "__data__", {"key": "a"}, ()), row(1, "identity", "a", {}, "x"), a=1)
    found = office.run(workflow)
    assert found.states == {"t1": "failed", "t2": "done"}


@pytest.mark.parametrize("content", [b"garbled", None], ids=["garbled", "missing"])
def test_what_the_registry_was_given_is_computed_again_when_it_is_gone(office: Office, content: bytes | None) -> None:
    workflow = table(row(0, "put", "__data__", {"key": "a", "value": [5]}, ()), row(1, "identity", "a", {}, "x"), a=1)
    first = office.run(workflow, run="r", to_order=0)
    office.damage(first.tasks["t1"].outputs.values(), content)
    found = office.run(workflow, run="r")
    assert (found.state, found.value("t2", "x")) == (RunState.DONE, [5])


def test_what_the_registry_was_given_need_not_be_storable(office: Office) -> None:
    rows = [
        row(0, "lock", (), {}, "x"),
        row(1, "forget", "__data__", {"key": "a"}, ()),
        row(2, "kind", "x", {}, "y"),
        row(3, "look", "__data__", {}, "z"),
    ]
    for executor in ("inline", "threads", "processes"):
        found = office.run(table(*rows, a=1), executor=executor)
        assert (found.value("t3", "y"), found.value("t4", "z")) == ("lock", ["x", "y"])
