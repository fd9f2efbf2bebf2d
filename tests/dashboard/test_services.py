"""Everything that a user can do, on a session without a browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from core import REQUIRED, State, TaskResult
from core.edit import MAX_TEXT
from dashboard import facts, services
from dashboard.state import MAX_HISTORY, Session
from tests.dashboard import work
from tests.dashboard.work import row, session_of

ROWS = [
    row(0, "double", "a", {}, "b"),
    row(1, "double", "b", {}, "c"),
    row(1, "same", "a", {}, "d"),
    row(2, "add", ("c", "d"), {"offset": 1}, "e"),
]
FAILING = [row(0, "double", "a", {}, "b"), row(1, "fail", "a", {}, "x"), row(2, "same", "x", {}, "y")]


@pytest.fixture(autouse=True)
def called() -> list[str]:
    """The names of the functions that were called in this test."""
    work.calls.clear()
    return work.calls


@pytest.fixture
def session() -> Session:
    return session_of(*ROWS)


def states(session: Session) -> dict[str, str]:
    return {task_id: str(result.state) for task_id, result in facts.states(session).items()}


def cell(session: Session, number: int, column: str) -> str:
    text: str = facts.grid_rows(session)[number - 1][column]
    return text


def put(session: Session, number: int, column: str, text: str) -> None:
    services.edit(session, {"op": "set", "id": f"t{number}", "column": column, "text": text})


# Opening


def test_samples_are_named() -> None:
    assert list(facts.samples()) == ["analysis_1", "analysis_2", "analysis_3", "analysis_4"]
    assert facts.load_sample(facts.FIRST_SAMPLE).name == facts.samples()[facts.FIRST_SAMPLE]
    assert all(facts.load_sample(stem).plan_or_none for stem in facts.samples())


def test_open_sample_shows_it_with_nothing_run_and_undo_brings_the_former_back(session: Session) -> None:
    former = session.draft
    services.run_all(session)
    services.select(session, "t1")
    services.open_sample(session, "analysis_1")
    assert session.draft.name == "1 Price against time"
    assert (session.run, session.selected) == (None, None)
    services.undo(session)
    assert session.draft is former


@pytest.mark.parametrize("stem", ["analysis_9", "../analysis_1", "", None])
def test_a_sample_that_does_not_exist_changes_nothing(session: Session, stem: Any) -> None:
    former = session.draft
    services.open_sample(session, stem)
    assert session.draft is former
    assert session.past == []


def test_upload_opens_json_with_its_name_and_inputs() -> None:
    session = Session(facts.load_sample("analysis_1"))
    sent = facts.load_sample("analysis_4")
    services.upload(session, "other.json", sent.to_json().encode())
    assert session.draft.tasks == sent.tasks
    assert (session.draft.name, session.draft.inputs) == (sent.name, sent.inputs)
    assert session.preflight[0] == "other.json is open. Nothing has run yet."
    assert session.notice is None
    assert session.run is None


@pytest.mark.parametrize("name", ["table.csv", "TABLE.CSV", "table.tsv"])
def test_upload_opens_a_table_and_names_it_after_the_file(name: str) -> None:
    session = Session(facts.load_sample("analysis_1"))
    text = facts.load_sample("analysis_2").to_csv()
    services.upload(session, name, text.encode())
    assert session.draft.name == name.partition(".")[0]
    assert session.draft.tasks == facts.load_sample("analysis_2").tasks
    assert dict(session.draft.inputs) == dict.fromkeys(["ticker", "dateCol", "start", "end"], REQUIRED)


def test_a_long_file_name_gives_a_name_that_can_be_saved() -> None:
    session = Session(facts.load_sample("analysis_1"))
    services.upload(session, "x" * 250 + ".csv", session.draft.to_csv().encode())
    saved = session.draft.to_json().encode()
    services.upload(session, "again.json", saved)
    assert session.notice is None
    assert session.draft.name == "x" * 200


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("a.json", b"{", "a.json was not opened: the text is not JSON"),
    ("a.json", b"{}", 'expected "format"'),
    ("a.json", b"[" * 100_000, "nested deeper"),
    ("a.json", b'{"format": "tasktable.workflow", "version": 2}', "format version 2"),
    ("a.json", b'{"format": "tasktable.workflow", "version": 1, "tasks": [], "owner": "me"}', "unknown field 'owner'"),
    ("a.json", b"\xff\xfe", "not UTF-8"),
    ("a.csv", b"a,b\n1,2\n", "no column order"),
    ("a.csv", b"", "no column order"),
    ("a.csv", b'order,funcPath\n0,"', "is not CSV"),
    ("a.csv", b"order,funcPath\n" + b"0,m.f\n" * 20_001, "more than 20,000 rows"),
    ("a.exe", b"MZ\x00", "NUL"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BAD_FILES)
def test_a_file_that_cannot_be_read_leaves_everything_and_says_why(
    session: Session, name: str, content: bytes, reason: str
) -> None:
    services.run_all(session)
    services.select(session, "t2")
    before = (session.draft, session.run, session.selected, list(session.past))
    services.upload(session, name, content)
    assert (session.draft, session.run, session.selected, session.past) == before
    assert session.notice
    assert session.notice.kind == "error"
    assert reason in session.notice.text
    assert len(session.notice.text) < 400


# Editing


def test_an_edit_changes_the_draft_and_undo_and_redo_go_back_and_forth(session: Session) -> None:
    put(session, 1, "outputKeys", "B")
    assert cell(session, 1, "outputKeys") == "B"
    services.undo(session)
    assert cell(session, 1, "outputKeys") == "b"
    services.redo(session)
    assert cell(session, 1, "outputKeys") == "B"


def test_an_edit_that_changes_nothing_is_no_step_of_the_history(session: Session) -> None:
    put(session, 1, "outputKeys", " b ")
    services.edit(session, {"op": "move", "ids": ["t1"], "after": None})
    services.set_cell(session, "t4", "kwargs", {"offset": 1})
    services.set_input(session, "a", 1)
    services.rename(session, "work")
    services.rename(session, "  ")
    assert session.past == []


def test_an_edit_that_makes_no_sense_is_told_and_changes_nothing(session: Session) -> None:
    former = session.draft
    for operation in ({"op": "delete", "ids": ["t9"]}, {"op": "explode"}, {}):
        session.notice = None
        services.edit(session, operation)
        assert session.draft is former
        assert session.notice is not None
        assert session.notice.kind == "error"


def test_a_new_row_is_selected_and_one_that_has_gone_is_not(session: Session) -> None:
    services.edit(session, {"op": "add", "after": "t2"})
    assert session.selected == "t5"
    services.edit(session, {"op": "duplicate", "ids": ["t1"]})
    assert session.selected == "t6"
    services.edit(session, {"op": "delete", "ids": ["t6"]})
    assert session.selected is None
    services.edit(session, {"op": "add", "after": session.selected})
    assert session.notice is None
    assert session.selected == "t6"
    services.undo(session)
    assert session.selected is None


def test_a_selected_row_stays_selected_when_others_change(session: Session) -> None:
    services.select(session, "t2")
    put(session, 1, "note", "why")
    services.edit(session, {"op": "delete", "ids": ["t4"]})
    services.edit(session, {"op": "move", "ids": ["t2"], "after": None})
    assert session.selected == "t2"


@pytest.mark.parametrize("task_id", ["t9", None, "", ["t1"], {"t1": 1}, 1])
def test_what_is_no_row_selects_nothing(session: Session, task_id: Any) -> None:
    services.select(session, "t1")
    assert facts.selected_task(session) == session.draft.tasks[0]
    services.select(session, task_id)
    assert session.selected is None
    assert facts.selected_task(session) is None


def note(number: Any, text: str) -> dict[str, Any]:
    return {"op": "set", "id": "t1", "column": "note", "text": text, "number": number}


DELIVERIES: list[tuple[str, list[Any], str, int]] = [
    ("in order", [[note(1, "a"), note(2, "b")]], "b", 2),
    ("one at a time", [[note(1, "a")], [note(2, "b")]], "b", 2),
    ("the same twice", [[note(1, "a"), note(2, "b")], [note(1, "a"), note(2, "b")]], "b", 2),
    ("with what was sent before", [[note(1, "a")], [note(1, "x"), note(2, "b")]], "b", 2),
    ("an older one late", [[note(2, "b")], [note(1, "a")]], "b", 2),
    ("an older one behind", [[note(2, "b"), note(1, "a")]], "b", 2),
    ("with a gap", [[note(1, "a"), note(7, "b")]], "b", 7),
    ("without numbers", [[note(None, "a"), note("1", "b"), note(True, "c"), note(1.0, "d")]], "", 0),
    ("numbers before the first", [[note(0, "a"), note(-1, "b")]], "", 0),
    ("no operations", [None, {}, "set", 5, [None, 1, "set", []]], "", 0),
    ("one refused between", [[note(1, "a"), note(2, "x" * (MAX_TEXT + 1)), note(3, "c")]], "c", 3),
]


@pytest.mark.parametrize(("_how", "deliveries", "text", "last"), DELIVERIES, ids=[item[0] for item in DELIVERIES])
def test_operations_of_the_grid_are_applied_once_and_in_order(
    session: Session, _how: str, deliveries: list[Any], text: str, last: int
) -> None:
    for operations in deliveries:
        services.edit_all(session, operations)
    assert (session.draft.tasks[0].note, session.last_edit) == (text, last)


def test_adding_rows_twice_by_repeated_delivery_adds_them_once(session: Session) -> None:
    operations = [{"op": "add", "after": None, "number": 1}, {"op": "add", "after": None, "number": 2}]
    for _ in range(3):
        services.edit_all(session, operations)
    assert len(session.draft.tasks) == 6


def test_the_grid_may_undo_and_redo(session: Session) -> None:
    services.edit_all(session, [note(1, "a"), note(2, "b"), {"op": "undo", "number": 3}])
    assert session.draft.tasks[0].note == "a"
    services.edit_all(session, [{"op": "redo", "number": 4}, {"op": "redo", "number": 4}])
    assert session.draft.tasks[0].note == "b"


CHANGES: dict[str, Callable[[Session], None]] = {
    "a cell": lambda session: put(session, 1, "note", "why"),
    "a cell's value": lambda session: services.set_cell(session, "t4", "kwargs", {"offset": 2}),
    "an unreadable cell": lambda session: put(session, 1, "order", "soon"),
    "a paste": lambda session: services.edit(
        session, {"op": "paste", "id": "t4", "column": "order", "cells": [["5"], ["6"]]}
    ),
    "an added row": lambda session: services.edit(session, {"op": "add", "after": "t1"}),
    "a deleted row": lambda session: services.edit(session, {"op": "delete", "ids": ["t1", "t2"]}),
    "a copied row": lambda session: services.edit(session, {"op": "duplicate", "ids": ["t1"]}),
    "a moved row": lambda session: services.edit(session, {"op": "move", "ids": ["t1"], "after": "t4"}),
    "an input": lambda session: services.set_input(session, "a", 2),
    "a name": lambda session: services.rename(session, "other"),
    "a sample": lambda session: services.open_sample(session, "analysis_2"),
    "an upload": lambda session: services.upload(session, "a.json", facts.load_sample("analysis_1").to_json().encode()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_can_be_undone_and_done_again(session: Session, name: str) -> None:
    before = session.draft
    CHANGES[name](session)
    after = session.draft
    assert after is not before
    assert len(session.past) == 1
    services.undo(session)
    assert session.draft is before
    services.undo(session)
    assert session.draft is before
    services.redo(session)
    assert session.draft is after
    services.redo(session)
    assert session.draft is after


def test_a_new_change_ends_what_could_be_done_again(session: Session) -> None:
    put(session, 1, "note", "a")
    services.undo(session)
    put(session, 1, "note", "b")
    services.redo(session)
    assert session.draft.tasks[0].note == "b"


def test_all_changes_together_are_undone_one_by_one(session: Session) -> None:
    seen = [session.draft]
    for change in CHANGES.values():
        change(session)
        if session.draft is not seen[-1]:
            seen.append(session.draft)
    assert len(seen) > 8
    for draft in seen[-2::-1]:
        services.undo(session)
        assert session.draft is draft
    for draft in seen[1:]:
        services.redo(session)
        assert session.draft is draft


def test_only_so_many_changes_are_remembered(session: Session) -> None:
    for number in range(MAX_HISTORY + 10):
        put(session, 1, "note", str(number))
    assert len(session.past) == MAX_HISTORY
    for _ in range(MAX_HISTORY + 10):
        services.undo(session)
    assert session.draft.tasks[0].note == "9"


@pytest.mark.parametrize(
    "value", [2, 0.5, True, "text", dt.date(2020, 1, 1), [1, [2]], {"a": (1,)}, None, REQUIRED, 1.0, float("nan")]
)
def test_an_input_takes_a_value_of_any_type(session: Session, value: Any) -> None:
    services.set_input(session, "a", value)
    assert session.draft.inputs["a"] is value
    services.set_input(session, "a", value)
    assert len(session.past) == 1


@pytest.mark.parametrize(("old", "new"), [([1], [True]), ([1], [1.0]), (0.0, -0.0), (1, True), ("1", 1)])
def test_an_input_tells_equal_values_of_other_types_apart(old: Any, new: Any) -> None:
    session = session_of(*ROWS, a=old)
    services.set_input(session, "a", new)
    assert session.draft.inputs["a"] is new


def test_a_name_is_trimmed_and_not_too_long(session: Session) -> None:
    services.rename(session, "  new name \n")
    assert session.draft.name == "new name"
    services.rename(session, "x" * 500)
    assert session.draft.name == "x" * 200


# Running


def test_nothing_runs_by_itself(session: Session, called: list[str]) -> None:
    CHANGES["a copied row"](session)
    assert facts.grid_rows(session)
    assert facts.stops(session)
    assert (called, states(session), facts.output_values(session)) == ([], {}, {})
    assert not facts.is_current(session)


def test_run_all_runs_everything_and_reports_each_task(session: Session, called: list[str]) -> None:
    events: list[TaskResult] = []
    services.run_all(session, events.append)
    assert called == ["double", "double", "same", "add"]
    assert facts.output_values(session) == {"b": 2, "c": 4, "d": 1, "e": 6}
    assert [(event.task.id, str(event.state)) for event in events] == [
        (f"t{number}", state) for number in (1, 2, 3, 4) for state in ("running", "done")
    ]
    assert set(states(session).values()) == {"done"}
    assert facts.is_current(session)
    assert session.notice is None


def test_step_back_and_look_at_move_by_orders_and_call_nothing_twice(session: Session, called: list[str]) -> None:
    for order, keys in ((0, "b"), (1, "bcd"), (2, "bcde"), (2, "bcde")):
        services.step(session)
        assert (facts.current_order(session), "".join(facts.output_values(session))) == (order, keys)
    assert len(called) == 4
    for before, keys in ((1, "bcd"), (0, "b"), (None, ""), (None, "")):
        services.back(session)
        assert (facts.current_order(session), "".join(facts.output_values(session))) == (before, keys)
    for order, keys in ((2, "bcde"), (0, "b"), (1, "bcd")):
        services.look_at(session, order)
        assert (facts.current_order(session), "".join(facts.output_values(session))) == (order, keys)
    assert len(called) == 4


def test_restart_forgets_the_run_and_all_its_values(session: Session, called: list[str]) -> None:
    services.run_all(session)
    services.restart(session)
    assert (states(session), facts.output_values(session), facts.current_order(session)) == ({}, {}, None)
    services.run_all(session)
    assert len(called) == 8


def test_run_again_calls_nothing_and_says_so(session: Session, called: list[str]) -> None:
    services.run_all(session)
    services.run_all(session)
    assert len(called) == 4
    assert set(states(session).values()) == {"reused"}


def test_after_a_change_what_it_touches_is_stale_and_only_that_runs(session: Session, called: list[str]) -> None:
    services.run_all(session)
    put(session, 2, "funcPath", f"{work.__name__}.same")
    assert states(session) == {"t1": "done", "t2": "stale", "t3": "done", "t4": "stale"}
    assert not facts.is_current(session)
    assert facts.output_values(session)["e"] == 6
    called.clear()
    services.run_all(session)
    assert called == ["same", "add"]
    assert states(session) == {"t1": "reused", "t2": "done", "t3": "reused", "t4": "done"}
    assert facts.output_values(session)["e"] == 4


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
    assert {result.reason for result in facts.states(session).values() if result.state == "stale"} <= {
        "the table or an input changed"
    }
    services.undo(session)
    assert set(states(session).values()) == {"done"}


def test_rows_that_do_the_same_do_not_make_each_other_stale() -> None:
    session = session_of(*[row(0, "double", "a", {}, key) for key in "bcd"])
    services.run_all(session)
    put(session, 2, "note", "why")
    assert states(session) == {"t1": "done", "t2": "done", "t3": "done"}


def test_an_invalid_draft_does_not_run_and_the_old_run_stays_in_view(session: Session, called: list[str]) -> None:
    services.run_all(session)
    run = session.run
    put(session, 2, "funcPath", "no.such")
    assert facts.error_count(session) == 1
    assert states(session) == {"t1": "done", "t2": "stale", "t3": "done", "t4": "done"}
    for move in (services.run_all, services.step, services.back, lambda session: services.look_at(session, 0)):
        session.notice = None
        move(session)
        assert session.run is run
        assert session.notice is not None
        assert session.notice.kind == "error"
        assert "'no.such' is not in the catalog" in session.notice.text
    assert facts.output_values(session) == {"b": 2, "c": 4, "d": 1, "e": 6}
    assert facts.written_values(session, "t4") == {"e": 6}
    assert len(called) == 4


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
    assert "task t2 (order 1)" in session.notice.text
    assert "ValueError: no good: 1" in session.notice.text
    error = facts.states(session)["t2"].error
    assert error
    assert "work.py" in error.traceback_text
    assert facts.output_values(session) == {"b": 2}
    assert facts.written_values(session, "t2") == {}
    assert facts.read_values(session, "t2") == {"a": 1}


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
    assert facts.output_values(session) == {"b": [1], "c": [1, 0]}
    assert session.draft.inputs["a"] == [1]
    assert facts.read_values(session, "t2") == {"b": [1]}


def test_stepping_goes_on_after_a_change_where_it_still_holds(session: Session, called: list[str]) -> None:
    services.step(session)
    services.step(session)
    called.clear()
    services.set_cell(session, "t4", "kwargs", {"offset": 5})
    assert facts.current_order(session) == 1
    services.step(session)
    assert called == ["add"]
    put(session, 2, "funcPath", f"{work.__name__}.same")
    called.clear()
    services.step(session)
    assert called == ["same"]
    assert (facts.current_order(session), list(facts.output_values(session))) == (1, ["b", "c", "d"])


def test_a_run_that_a_listener_interrupts_keeps_what_it_has(session: Session, called: list[str]) -> None:
    def stop(result: TaskResult) -> None:
        if result.task.id == "t2" and result.state == State.DONE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.run_all(session, stop)
    assert called == ["double", "double"]
    services.run_all(session)
    assert called == ["double", "double", "same", "add"]
    assert facts.output_values(session)["e"] == 6


# What is shown


def test_grid_rows_show_cells_as_text_states_and_times(session: Session) -> None:
    services.look_at(session, 1)
    rows = facts.grid_rows(session)
    assert [rows[3][column] for column in ("id", "order", "funcPath", "inputKeys", "kwargs", "outputKeys", "note")] == [
        "t4",
        "2",
        f"{work.__name__}.add",
        "c, d",
        '{"offset": 1}',
        "e",
        "",
    ]
    assert [line["state"] for line in rows] == ["done", "done", "done", "waiting"]
    assert [line["time"].endswith(" ms") for line in rows] == [True, True, True, False]


def test_grid_rows_put_every_problem_at_its_column() -> None:
    session = session_of(
        ["soon", "no.such", "a", {}, "b"],
        row(1, "add", "zzz", {"ofset": 1}, ("c", "c")),
        row(2, "same", "a", "{", "1x"),
    )
    problems = [line["problems"] for line in facts.grid_rows(session)]
    assert [sorted(found) for found in problems] == [
        ["funcPath", "order", "outputKeys"],
        ["inputKeys", "kwargs", "outputKeys"],
        ["kwargs", "outputKeys"],
    ]
    assert problems[1]["kwargs"] == [
        {"severity": "error", "text": "add takes no keyword argument 'ofset'\ndid you mean offset?"}
    ]
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
    assert [(stop.order, stop.state) for stop in facts.stops(session)] == list(enumerate(expected))


def test_stops_of_a_failed_run() -> None:
    session = session_of(*FAILING, row(1, "same", "b", {}, "c"))
    services.run_all(session)
    assert [stop.state for stop in facts.stops(session)] == ["done", "failed", "skipped"]


def test_the_run_stands_nowhere_when_its_order_has_gone(session: Session) -> None:
    services.run_all(session)
    services.edit(session, {"op": "delete", "ids": ["t4"]})
    assert facts.current_order(session) is None


def test_values_by_task_also_where_a_later_one_overwrote_them() -> None:
    session = session_of(row(0, "double", "a", {}, "b"), row(1, "double", "b", {}, "b"))
    services.run_all(session)
    assert facts.written_values(session, "t1") == {"b": 2}
    assert facts.written_values(session, "t2") == {"b": 4}
    assert facts.read_values(session, "t2") == {"b": 2}
    assert facts.output_values(session) == {"b": 4}
    assert (facts.written_values(session, "t9"), facts.read_values(session, "t9")) == ({}, {})


def test_keys_that_are_known_and_those_of_the_last_order(session: Session) -> None:
    assert facts.known_keys(session) == ["a", "b", "c", "d", "e"]
    assert facts.final_keys(session) == ["e"]
    assert facts.final_keys(session_of()) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("crossover", ["crossover"]),
        ("  TECHNICAL.simple ", ["simple_moving_average"]),
        ("no function has this", []),
    ],
)
def test_functions_are_found_by_path_title_and_tag(text: str, names: list[str]) -> None:
    assert [function.name for function in facts.search_functions(text)] == names


def test_functions_are_found_by_title_and_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", work.__name__)
    for text in ("twice as", "ARITHMETIC"):
        assert [function.path for function in facts.search_functions(text)] == [f"{work.__name__}.double"]
    assert len(facts.search_functions("")) == len(facts.catalog())


def test_function_choices_are_what_the_catalog_has() -> None:
    choices = facts.function_choices()
    assert [choice["path"] for choice in choices] == sorted(choice["path"] for choice in choices)
    assert {"path", "title", "signature"} == set(choices[0])
    assert "sample_workflows.technical.crossover" in [choice["path"] for choice in choices]


def test_a_stop_says_how_long_its_order_took() -> None:
    session = Session(facts.load_sample(facts.FIRST_SAMPLE))
    assert {stop.time for stop in facts.stops(session)} == {""}
    services.run_all(session)
    assert all(re.fullmatch(r"\d+ ms|\d+\.\d s", stop.time) for stop in facts.stops(session))
    services.run_all(session)
    assert {(stop.state, stop.time) for stop in facts.stops(session)} == {("reused", "")}
