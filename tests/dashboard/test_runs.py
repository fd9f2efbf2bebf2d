"""Running, stepping, stopping and going back, on a session without a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core import REQUIRED, Catalog, Workflow
from core.described import describe, from_description
from core.errors import RunnerError
from core.record import RunRecord, RunState, TaskRecord
from core.request import RunRequest
from core.result import State
from core.schedule.call import SAME_WORK
from dashboard import services
from dashboard.reading import facts, results, rows
from dashboard.reading.foresight import foresight
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.dashboard import work
from tests.dashboard.moves import CHANGES, FAILING, ROWS, cell, outputs, put, read, states, written
from tests.dashboard.work import row, session_of


def test_nothing_runs_by_itself(session: Session, called: list[str]) -> None:
    CHANGES["a copied row"](session)
    assert rows.grid_rows(session)
    assert results.stops(session)
    assert (called, states(session), outputs(session)) == ([], {}, {})
    assert not results.is_current(session)


def test_run_all_runs_everything(session: Session, called: list[str]) -> None:
    services.run_all(session)
    assert called == ["double", "double", "same", "add"]
    assert outputs(session) == {"b": 2, "c": 4, "d": 1, "e": 6}
    assert set(states(session).values()) == {"done"}
    assert results.is_current(session)
    assert session.notice is None


@pytest.mark.parametrize(
    ("ended", "known", "left"),
    [({}, {}, None), ({"t1": 2.0}, {}, 6.0), ({"t1": 2.0, "t2": 4.0}, {}, 6.0), ({"t1": 2.0}, {"t2": 10.0}, 14.0)],
)
def test_what_was_never_called_is_expected_to_take_as_long_as_the_others(
    session: Session, monkeypatch: pytest.MonkeyPatch, ended: dict[str, float], known: dict[str, float], left: float
) -> None:
    services.run_all(session)
    found = {task_id: TaskRecord(State.DONE, seconds) for task_id, seconds in ended.items()}
    monkeypatch.setattr(results, "record", lambda _session: RunRecord("a", RunState.RUNNING, tasks=found))
    session.durations = known
    assert results.progress(session) == (len(ended), 4, left)


def test_a_run_that_does_nothing_but_wait_for_others_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    services.run_all(session)
    tasks = {"t1": TaskRecord(State.DONE, 1.0), "t2": TaskRecord(State.WAITING, reason=SAME_WORK)}
    for more, expected in (({}, True), ({"t3": TaskRecord(State.RUNNING)}, False)):
        known = RunRecord("a", RunState.RUNNING, tasks={**tasks, **more})
        monkeypatch.setattr(results, "record", lambda _session, known=known: known)
        assert results.is_waiting_for_others(session) is expected


def test_step_back_and_look_at_move_by_orders_and_call_nothing_twice(session: Session, called: list[str]) -> None:
    for order, keys in ((0, "b"), (1, "bcd"), (2, "bcde"), (2, "bcde")):
        services.step(session)
        assert (results.current_order(session), "".join(outputs(session))) == (order, keys)
    assert len(called) == 4
    for before, keys in ((1, "bcd"), (0, "b"), (None, ""), (None, "")):
        services.back(session)
        assert (results.current_order(session), "".join(outputs(session))) == (before, keys)
    for order, keys in ((2, "bcde"), (0, "b"), (1, "bcd")):
        services.look_at(session, order)
        assert (results.current_order(session), "".join(outputs(session))) == (order, keys)
    assert len(called) == 4


def test_restart_forgets_the_run_and_what_is_kept_is_reused(session: Session, called: list[str]) -> None:
    services.run_all(session)
    services.restart(session)
    assert (states(session), outputs(session), results.current_order(session)) == ({}, {}, None)
    services.run_all(session)
    assert len(called) == 4
    assert set(states(session).values()) == {"reused"}
    services.run_anew(session)
    assert len(called) == 8
    assert set(states(session).values()) == {"done"}


def test_run_again_calls_nothing_and_says_so(session: Session, called: list[str]) -> None:
    services.run_all(session)
    services.run_all(session)
    assert len(called) == 4
    assert set(states(session).values()) == {"reused"}


def test_after_a_change_what_it_touches_is_stale_and_only_that_runs(session: Session, called: list[str]) -> None:
    services.run_all(session)
    put(session, 2, "funcPath", f"{work.__name__}.same")
    assert states(session) == {"t1": "done", "t2": "stale", "t3": "done", "t4": "stale"}
    assert not results.is_current(session)
    assert outputs(session)["e"] == 6
    called.clear()
    services.run_all(session)
    assert called == ["same", "add"]
    assert states(session) == {"t1": "reused", "t2": "done", "t3": "reused", "t4": "done"}
    assert outputs(session)["e"] == 4


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda session: services.set_input(session, "a", 5), ["t1", "t2", "t3", "t4"]),
        (lambda session: services.set_cell(session, "t4", "kwargs", {}), ["t4"]),
        (lambda session: services.rename(session, "other"), []),
        (lambda session: put(session, 1, "note", "why"), []),
        (lambda session: services.edit(session, {"op": "move", "ids": ["t4"], "after": None}), []),
        (lambda session: services.edit(session, {"op": "add", "after": "t4"}), []),
        (lambda session: services.edit(session, {"op": "duplicate", "ids": ["t1"]}), []),
        (lambda session: services.edit(session, {"op": "delete", "ids": ["t4"]}), []),
    ],
)
def test_only_what_a_change_touches_is_stale(session: Session, change: Any, stale: list[str]) -> None:
    services.run_all(session)
    change(session)
    assert [task_id for task_id, state in states(session).items() if state == "stale"] == stale
    assert {result.reason for result in results.states(session).values() if result.state == "stale"} <= {
        "the table or an input changed"
    }
    services.undo(session)
    assert set(states(session).values()) == {"done"}


def test_rows_that_do_the_same_do_not_make_each_other_stale() -> None:
    session = session_of(*[row(0, "double", "a", {}, key) for key in "bcd"])
    services.run_all(session)
    put(session, 2, "note", "why")
    assert states(session) == {"t1": "done", "t2": "reused", "t3": "reused"}


def test_an_invalid_draft_does_not_run_and_the_old_run_stays_in_view(session: Session, called: list[str]) -> None:
    services.run_all(session)
    run = session.run
    put(session, 2, "funcPath", "no.such")
    assert facts.error_count(session) == 1
    assert states(session) == {"t1": "done", "t2": "stale", "t3": "done", "t4": "stale"}
    for move in (services.run_all, lambda session: services.look_at(session, 0)):
        session.notice = None
        move(session)
        assert session.run is run
        assert session.notice is not None
        assert session.notice.kind == "error"
        assert "'no.such' is not in the catalog" in session.notice.text
    assert outputs(session) == {"b": 2, "c": 4, "d": 1, "e": 6}
    assert written(session, "t4") == {"e": 6}
    assert len(called) == 4


def test_what_a_broken_row_is_read_by_is_stale_as_it_would_be_in_a_sound_table(session: Session) -> None:
    services.run_all(session)
    put(session, 4, "funcPath", "no.such")
    assert states(session) == {"t1": "done", "t2": "done", "t3": "done", "t4": "stale"}
    services.set_input(session, "a", 2)
    assert set(states(session).values()) == {"stale"}
    services.undo(session)
    put(session, 1, "outputKeys", "other")
    assert states(session) == {"t1": "stale", "t2": "stale", "t3": "done", "t4": "stale"}


def test_an_equal_input_of_another_type_is_another_one_in_a_broken_table_too(session: Session) -> None:
    services.run_all(session)
    put(session, 4, "funcPath", "no.such")
    services.set_input(session, "a", 1.0)
    assert set(states(session).values()) == {"stale"}


def test_a_run_is_of_the_code_as_it_is_now(backend: Backend) -> None:
    session = session_of(*ROWS)
    former = session.draft.catalog
    services.run_all(session)
    assert session.draft.catalog is backend.catalog() is not former
    services.follow_code(session)
    assert set(states(session).values()) == {"done"}


def test_an_input_without_a_value_is_told(session: Session, called: list[str]) -> None:
    services.set_input(session, "a", REQUIRED)
    services.run_all(session)
    assert session.notice
    assert "this input has no value: a" in session.notice.text
    assert (session.run, called) == (None, [])


def test_a_failing_task_is_selected_and_told_and_its_dependants_are_skipped() -> None:
    session = session_of(*FAILING)
    services.run_all(session)
    assert states(session) == {"t1": "done", "t2": "failed", "t3": "skipped"}
    assert session.selected == "t2"
    assert session.notice
    assert session.notice.kind == "error"
    assert "Row 2 (order 1)" in session.notice.text
    assert "ValueError: no good: 1" in session.notice.text
    assert "work.py" in results.states(session)["t2"].traceback
    assert outputs(session) == {"b": 2}
    assert written(session, "t2") == {}
    assert read(session, "t2") == {"a": 1}


def test_after_a_failure_the_mended_task_runs_and_the_rest_is_kept(called: list[str]) -> None:
    session = session_of(*FAILING)
    services.run_all(session)
    called.clear()
    put(session, 2, "funcPath", f"{work.__name__}.same")
    assert states(session)["t2"] == "stale"
    services.run_all(session)
    assert called == ["same", "same"]
    assert states(session) == {"t1": "reused", "t2": "done", "t3": "done"}


def test_a_task_cannot_change_what_others_see() -> None:
    session = session_of(row(0, "same", "a", {}, "b"), row(1, "append", "b", {}, "c"), a=[1])
    services.run_all(session)
    assert outputs(session) == {"b": [1], "c": [1, 0]}
    assert session.draft.inputs["a"] == [1]
    assert read(session, "t2") == {"b": [1]}


def test_stepping_goes_on_after_a_change_where_it_still_holds(session: Session, called: list[str]) -> None:
    services.step(session)
    services.step(session)
    called.clear()
    services.set_cell(session, "t4", "kwargs", {"offset": 5})
    assert results.current_order(session) == 1
    services.step(session)
    assert called == ["add"]
    put(session, 2, "funcPath", f"{work.__name__}.same")
    called.clear()
    services.step(session)
    assert called == ["same"]
    assert (results.current_order(session), list(outputs(session))) == (1, ["b", "c", "d"])


# What is shown


def test_grid_rows_show_cells_as_text_states_and_times(session: Session) -> None:
    services.look_at(session, 1)
    lines = rows.grid_rows(session)
    assert [
        lines[3][column] for column in ("id", "order", "funcPath", "inputKeys", "kwargs", "outputKeys", "note")
    ] == [
        "t4",
        "2",
        f"{work.__name__}.add",
        "c, d",
        '{"offset": 1}',
        "e",
        "",
    ]
    assert [line["state"] for line in lines] == ["done", "done", "done", "waiting"]
    assert [line["time"].endswith(" ms") for line in lines] == [True, True, True, False]


def test_grid_rows_put_every_problem_at_its_column() -> None:
    session = session_of(
        ["soon", "no.such", "a", {}, "b"],
        row(1, "add", "zzz", {"ofset": 1}, ("c", "c")),
        row(2, "same", "a", "{", "1x"),
    )
    problems = [line["problems"] for line in rows.grid_rows(session)]
    assert [sorted(found) for found in problems] == [
        ["funcPath", "order", "outputKeys"],
        ["inputKeys", "kwargs", "outputKeys"],
        ["kwargs", "outputKeys"],
    ]
    text = "add takes no keyword argument 'ofset'\ndid you mean offset?"
    assert problems[1]["kwargs"] == [{"severity": "error", "text": text, "subject": "ofset"}]
    assert {item["severity"] for item in problems[1]["inputKeys"]} == {"error"}
    assert cell(session, 1, "order") == "soon"
    assert cell(session, 3, "kwargs") == "{"
    listed = [item for found in problems for items in found.values() for item in items]
    assert len(listed) == sum(problem.column is not None for problem in session.draft.problems)
    assert facts.error_count(session) == sum(item["severity"] == "error" for item in listed)


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], ["waiting", "waiting", "waiting"]),
        ([services.step], ["done", "waiting", "waiting"]),
        ([services.run_all], ["done", "done", "done"]),
        ([services.run_all, services.run_all], ["reused", "reused", "reused"]),
        ([services.run_all, services.back], ["done", "done", "waiting"]),
        ([services.run_all, lambda session: put(session, 2, "inputKeys", "a")], ["done", "stale", "stale"]),
        ([services.run_all, CHANGES["an added row"]], ["waiting", "done", "done"]),
    ],
)
def test_stops_say_the_state_of_each_order(session: Session, moves: list[Any], expected: list[str]) -> None:
    for move in moves:
        move(session)
    assert [(stop.order, stop.state) for stop in results.stops(session)] == list(enumerate(expected))


def test_stops_of_a_failed_run() -> None:
    session = session_of(*FAILING, row(1, "same", "b", {}, "c"))
    services.run_all(session)
    assert [stop.state for stop in results.stops(session)] == ["done", "failed", "skipped"]


def test_the_run_stands_nowhere_when_its_order_has_gone(session: Session) -> None:
    services.run_all(session)
    services.edit(session, {"op": "delete", "ids": ["t4"]})
    assert results.current_order(session) is None


def test_values_by_task_also_where_a_later_one_overwrote_them() -> None:
    session = session_of(row(0, "double", "a", {}, "b"), row(1, "double", "b", {}, "b"))
    services.run_all(session)
    assert written(session, "t1") == {"b": 2}
    assert written(session, "t2") == {"b": 4}
    assert read(session, "t2") == {"b": 2}
    assert outputs(session) == {"b": 4}
    assert (written(session, "t9"), read(session, "t9")) == ({}, {})


def test_the_keys_that_are_known(session: Session) -> None:
    assert facts.known_keys(session) == ["a", "b", "c", "d", "e"]


def test_a_stop_says_how_long_its_order_took() -> None:
    session = Session(facts.load_sample(facts.FIRST_SAMPLE))
    assert {stop.seconds for stop in results.stops(session)} == {0.0}
    services.run_all(session)
    assert all(stop.seconds > 0 for stop in results.stops(session))
    services.run_all(session)
    assert {(stop.state, stop.seconds) for stop in results.stops(session)} == {("reused", 0.0)}


def test_only_the_chosen_task_runs_and_what_read_its_former_result_is_stale(
    session: Session, called: list[str]
) -> None:
    services.run_all(session)
    called.clear()
    services.select(session, "t2")
    services.run_only(session)
    assert called == ["double"]
    assert states(session) == {"t1": "done", "t2": "done", "t3": "done", "t4": "stale"}
    assert results.why(session, session.draft.tasks[3]) == "Its result is from before: row 2 ran again."
    services.run_all(session)
    assert called == ["double", "add"]
    assert states(session) == {"t1": "reused", "t2": "reused", "t3": "reused", "t4": "done"}


def test_a_task_alone_says_which_values_it_misses(session: Session, called: list[str]) -> None:
    services.select(session, "t4")
    services.run_only(session)
    assert called == []
    assert session.notice
    assert "c, d" in session.notice.text


def test_a_task_that_was_run_ahead_shows_and_the_others_do_not(session: Session) -> None:
    services.step(session)
    services.select(session, "t2")
    services.run_only(session)
    assert states(session) == {"t1": "done", "t2": "done"}
    assert results.current_order(session) == 0


def test_the_forecast_says_what_would_be_called_whoever_has_run_it_before(session: Session) -> None:
    assert foresight(session) == (4, 0)
    services.look_at(session, 1)
    assert foresight(session) == (1, 3)
    another = session_of(*ROWS)
    assert foresight(another) == (1, 3)
    services.set_input(another, "a", 7)
    assert foresight(another) == (4, 0)
    put(another, 1, "funcPath", "no.such")
    assert foresight(another) is None


def test_another_session_reuses_what_is_kept_and_says_from_which_run(session: Session, called: list[str]) -> None:
    services.run_all(session)
    called.clear()
    another = session_of(*ROWS)
    services.run_all(another)
    assert called == []
    assert set(states(another).values()) == {"reused"}
    assert "reused" in results.why(another, another.draft.tasks[0])


def test_a_run_is_recorded_with_all_that_is_needed_to_run_it_again(session: Session, backend: Backend) -> None:
    services.run_all(session)
    assert session.run
    backend.recorder.notice(session.run.id)
    backend.recorder.close()
    stored = backend.store.run(session.run.id)
    assert (stored.name, stored.functions) == ("work", session.draft.digests())
    assert stored.environment["python"]
    assert Workflow.from_json(stored.content, catalog=session.draft.catalog).tasks == session.draft.tasks
    assert {task_id: str(found.state) for task_id, found in stored.record.tasks.items()} == states(session)


def test_a_stopped_run_says_so_and_run_goes_on(session: Session, backend: Backend) -> None:
    services.look_at(session, 1)
    assert session.run
    backend.runner.stop(session.run.id)
    session.is_awaited = True
    services.settle(session)
    assert session.notice
    assert "was stopped" in session.notice.text
    services.run_all(session)
    assert states(session) == {"t1": "reused", "t2": "reused", "t3": "reused", "t4": "done"}


def test_edited_code_makes_stale_what_it_touches(backend: Backend) -> None:
    described = describe(Catalog.from_modules([work.__name__]))
    session = session_of(*ROWS)
    services.run_all(session)
    assert session.run
    session.draft = session.draft.replace(catalog=from_description(described))
    session.run = replace(session.run, draft=session.draft)
    assert set(states(session).values()) == {"done"}
    edited = [{**item, "digest": "0" * 16} if item["path"].endswith(".same") else item for item in described]
    backend.runner.catalog_now = from_description(edited, session.draft.catalog)
    services.follow_code(session)
    assert states(session) == {"t1": "done", "t2": "done", "t3": "stale", "t4": "stale"}
    assert session.past == []


def test_how_tasks_run_is_chosen_for_each_session(session: Session, backend: Backend) -> None:
    services.run_all(session)
    session.executor, session.is_pipelined = "threads", True
    services.run_anew(session)
    runner: Any = backend.runner
    assert [(request.executor, request.pipelined) for request in runner.requests] == [
        ("inline", False),
        ("threads", True),
    ]
    assert outputs(session) == {"b": 2, "c": 4, "d": 1, "e": 6}


def test_a_run_that_is_refused_leaves_no_entry_in_the_history(
    session: Session, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_request: RunRequest) -> None:
        raise RunnerError("the run cannot be written; the disk is full: free some space")

    before = [run.id for run in backend.store.runs(limit=1)]
    monkeypatch.setattr(backend.runner, "submit", refuse)
    services.run_all(session)
    assert session.notice is not None
    assert session.notice.text == "the run cannot be written; the disk is full: free some space"
    assert session.run is None
    assert [run.id for run in backend.store.runs(limit=1)] == before
