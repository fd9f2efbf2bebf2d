"""The events of a run, one after another, make its record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.artifact import Artifact
from core.record import Event, RunRecord, RunState
from core.result import State

FRAME = Artifact("a" * 64, "arrow", 100, "frame", {"rows": 3})


def task(state: str, **more: Any) -> Event:
    return {"kind": "task", "at": 2.0, "task": "t1", "state": state, **more}


def record(*events: Event) -> RunRecord:
    return RunRecord("r").after_all(events)


BEGAN: Event = {"kind": "began", "at": 1.0}
DONE = task("done", seconds=0.5, result="x", outputs={"b": FRAME.to_json()})


def test_a_run_waits_begins_and_ends() -> None:
    queued: Event = {"kind": "queued", "at": 0.5, "position": 2}
    found = record(queued)
    assert (found.state, found.position, found.queued, found.state.is_over) == (RunState.QUEUED, 2, 0.5, False)
    found = record(queued, BEGAN)
    assert (found.state, found.position, found.began) == (RunState.RUNNING, 0, 1.0)
    found = record(queued, BEGAN, {"kind": "ended", "at": 3.0, "state": "done", "reason": ""})
    assert (found.state, found.ended, found.count, found.state.is_over) == (RunState.DONE, 3.0, 3, True)


def test_a_task_runs_prints_and_is_done() -> None:
    found = record(BEGAN, task("running"), {"kind": "log", "at": 2.1, "task": "t1", "text": "hello"}, DONE).tasks["t1"]
    assert (found.state, found.seconds, found.began, found.log) == (State.DONE, 0.5, 2.0, "hello")
    assert found.outputs == {"b": FRAME}
    assert found.is_finished


def test_a_task_that_runs_when_the_run_ends_has_failed_with_its_reason() -> None:
    found = record(BEGAN, task("running"), {"kind": "ended", "at": 3.0, "state": "failed", "reason": "no memory left"})
    assert (found.tasks["t1"].state, found.tasks["t1"].error) == (State.FAILED, "no memory left")


@pytest.mark.parametrize(("partial", "state"), [(True, State.DONE), (False, State.REUSED)])
def test_what_a_run_has_done_stays_done_while_it_is_stepped_through(partial: bool, state: State) -> None:
    again: Event = {"kind": "began", "at": 4.0, "partial": partial}
    assert record(BEGAN, DONE, again, task("reused", result="x")).tasks["t1"].state is state


def test_an_outcome_keeps_its_number_as_long_as_it_is_the_same() -> None:
    first = record(BEGAN, DONE)
    again = first.after(task("reused", result="x"))
    other = again.after(task("done", result="y"))
    assert (first.tasks["t1"].number, again.tasks["t1"].number, other.tasks["t1"].number) == (2, 2, 4)


def test_an_outcome_that_is_computed_again_and_the_same_keeps_its_number() -> None:
    found = record(BEGAN, DONE, task("running"), DONE)
    assert found.tasks["t1"].number == 2
    assert record(BEGAN, DONE, task("running"), task("done", result="y")).tasks["t1"].number == 4


@pytest.mark.parametrize("state", ["stopped", "interrupted"])
def test_a_task_is_not_blamed_for_a_run_that_was_cut_off(state: str) -> None:
    ended: Event = {"kind": "ended", "at": 3.0, "state": state, "reason": "the server ended"}
    found = record(BEGAN, task("running"), ended).tasks["t1"]
    assert (found.state, found.error) == ("waiting", "")
    assert found.reason == f"it was under way when the run was {state}"


def test_a_record_does_not_change_when_another_event_comes() -> None:
    before = record(BEGAN)
    before.after(DONE)
    assert before.tasks == {}


def test_an_artifact_comes_back_from_json() -> None:
    assert Artifact.from_json(json.loads(json.dumps(FRAME.to_json()))) == FRAME
    assert not Artifact("", "", 0, "other", {"reason": "a lock"}).is_stored
