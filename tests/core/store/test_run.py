"""A run is recorded when it begins, while it goes on, and as it was told."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from core.record import Event, RunRecord, RunState
from core.result import State
from core.settings import Settings
from core.store import Store, StoreError, UnknownRecordError
from tests.core.store.content import BEGAN, ENDED, QUEUED, artifact, begun, content, saved, task, told

TEXT = st.text(st.characters(codec=None), max_size=20)
ARTIFACTS = st.builds(artifact, st.sampled_from(["", "a" * 64, "b" * 64]), st.none() | st.integers() | st.floats())
TASKS = st.builds(
    task,
    st.sampled_from(["t1", "t2", "t\0", "\ud800"]),
    st.floats(1, 100),
    st.sampled_from([str(state) for state in State]),
    seconds=st.floats(0, 100),
    reason=TEXT,
    error=TEXT,
    traceback=TEXT,
    result=TEXT,
    outputs=st.dictionaries(TEXT, ARTIFACTS, max_size=3),
)
LOGS = st.builds(lambda name, text: {"kind": "log", "at": 4.0, "task": name, "text": text}, st.just("t1"), TEXT)
EVENTS = st.lists(TASKS | LOGS | st.sampled_from([QUEUED, BEGAN, ENDED]), max_size=12)


def test_a_run_is_read_as_it_began(store: Store) -> None:
    version = saved(store, 2)[-1]
    assert begun(store, "r1", version, author="Ada", note="why") == 1
    assert begun(store, "r2", content=content("another")) == 2
    run, other = store.run("r1"), store.run("r2")
    assert (run.number, run.workflow_id, run.version, run.content) == (1, version.workflow_id, 2, version.content)
    assert (run.author, run.note, run.functions) == ("Ada", "why", {"sample.f": "abc"})
    assert run.environment == {"python": "3.12.1", "pandas": "3.0.0"}
    assert run.record == RunRecord("r1")
    assert (other.workflow_id, other.version, other.content) == (None, None, content("another"))


def test_beginning_twice_is_beginning_once(store: Store) -> None:
    assert [begun(store, run_id) for run_id in ("r1", "r1", "r2")] == [1, 1, 2]


def test_one_id_is_one_table(store: Store) -> None:
    begun(store, "r1")
    with pytest.raises(StoreError, match="with another table; run it under a new id"):
        begun(store, "r1", content=content("another"))
    assert [run.number for run in store.runs()] == [1]


@pytest.mark.parametrize("run_id", ["", "a/b", "../x", "r\n", "r\0", "é", "r" * 101])
def test_an_id_is_letters_digits_and_dashes(store: Store, run_id: str) -> None:
    with pytest.raises(StoreError, match="is no id of a run"):
        begun(store, run_id)


def test_a_run_of_a_workflow_that_was_deleted_meanwhile_is_recorded(store: Store) -> None:
    version = saved(store, 1)[0]
    store.delete_workflow(version.workflow_id)
    begun(store, "r1", version)
    assert (store.run("r1").workflow_id, store.run("r1").version) == (None, 1)


def test_a_run_is_read_as_it_was_told(store: Store) -> None:
    record = told(
        "r1",
        QUEUED,
        BEGAN,
        task("t2", 3.0, "running"),
        {"kind": "log", "at": 3.5, "task": "t2", "text": "hello\n"},
        task("t2", 4.0, seconds=1.0, reason="kwarg", outputs={"x": artifact("a" * 64, 3)}, result="r"),
        task("t1", 5.0, "failed", error="ValueError: no", traceback="Traceback"),
        {**ENDED, "state": "failed", "reason": "t1 failed"},
    )
    begun(store, "r1")
    assert store.record_run(record)
    assert store.run("r1").record == record
    assert list(store.run("r1").record.tasks) == ["t2", "t1"]
    (listed,) = store.runs()
    assert (listed.state, listed.reason, listed.queued, listed.began, listed.ended, dict(listed.scalars)) == (
        RunState.FAILED,
        "t1 failed",
        1.0,
        2.0,
        9.0,
        {"x": 3},
    )


@given(events=EVENTS, cuts=st.lists(st.integers(0, 12), max_size=4), is_new=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_it_is_told_the_whole_is_stored(
    store: Store, events: list[Event], cuts: list[int], is_new: bool
) -> None:
    run_id = f"run-{store.runs(limit=1)[0].number + 1 if store.runs(limit=1) else 1}"
    begun(store, run_id)
    for cut in [*sorted(cuts), len(events)]:
        if is_new:
            store._recorded.clear()
        store.record_run(told(run_id, *events[:cut]))
    found, expected = store.run(run_id).record, told(run_id, *events)
    expected = replace(
        expected, tasks={name: replace(one, outputs=dict(one.outputs)) for name, one in expected.tasks.items()}
    )
    assert repr(found) == repr(expected)  # equal, also where it is not a number
    store.delete_run(run_id)


def test_recording_the_same_again_asks_the_database_for_nothing(store: Store) -> None:
    begun(store, "r1")
    record = told("r1", QUEUED, BEGAN)
    store.record_run(record)
    statements: list[str] = []
    event.listen(store._database._engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert store.record_run(record)
    assert statements == []


def test_one_more_task_writes_one_task(store: Store) -> None:
    begun(store, "r1")
    record = told("r1", QUEUED, BEGAN, *(task(f"t{number}", 3.0) for number in range(100)))
    store.record_run(record)
    written: list[Any] = []
    event.listen(store._database._engine, "before_cursor_execute", lambda *given: written.append(given[2:4]))
    store.record_run(record.after(task("t100", 4.0)))
    of_tasks = [parameters for statement, parameters in written if "INTO tasks" in statement]
    assert len(of_tasks) == 1
    assert "t100" in str(of_tasks)
    assert "t99" not in str(of_tasks)


def test_a_late_record_changes_nothing(store: Store, settings: Settings) -> None:
    begun(store, "r1")
    early, late = told("r1", QUEUED), told("r1", QUEUED, BEGAN, task("t1", 3.0), ENDED)
    with Store.open(settings) as other:
        assert other.record_run(early)
        assert store.record_run(late)
        assert other.record_run(replace(early, reason="late"))
        assert store.run("r1").record == late


def test_two_processes_that_record_one_run_agree_in_the_end(store: Store, settings: Settings) -> None:
    begun(store, "r1")
    events = [QUEUED, BEGAN, *(task(f"t{number}", 3.0 + number) for number in range(6)), ENDED]
    with Store.open(settings) as other:
        for count in range(len(events) + 1):
            (store if count % 2 else other).record_run(told("r1", *events[:count]))
    assert store.run("r1").record == told("r1", *events)


def test_an_interrupted_run_is_marked_even_if_its_journal_has_lost_its_end(store: Store) -> None:
    begun(store, "r1")
    store.record_run(told("r1", QUEUED, BEGAN, task("t1", 3.0, "running")))
    interrupted = replace(told("r1", QUEUED, BEGAN), state=RunState.INTERRUPTED, reason="the machine stopped")
    store.record_run(interrupted)
    assert store.run("r1").record == interrupted
    assert store.unfinished_runs() == []


def test_a_run_that_was_never_begun_or_is_deleted_is_not_recorded(store: Store) -> None:
    begun(store, "r1")
    store.delete_run("r1")
    assert [store.record_run(told(run_id, QUEUED)) for run_id in ("r1", "r2")] == [False, False]
    assert store.runs() == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (3, 3),
        (2.5, 2.5),
        (True, True),
        (math.inf, math.inf),
        (2**70, 2.0**70),
        ("3", 3),
        ("nan", None),
        ("three", None),
        (None, None),
        ([1], None),
    ],
)
def test_outputs_that_are_numbers_are_listed(store: Store, number: Any, expected: Any) -> None:
    begun(store, "r1")
    summary = {"type": "int", "number": number}
    output = {"digest": "a" * 64, "codec": "json", "size": 1, "kind": "number", "summary": summary}
    frame = {**output, "kind": "frame"}
    store.record_run(told("r1", task("t1", 1.0, outputs={"x": output, "frame": frame})))
    assert dict(store.runs()[0].scalars) == ({} if expected is None else {"x": expected})


def test_runs_are_chosen_newest_first(store: Store) -> None:
    one, two = saved(store, 2)
    for run_id, version in (("r1", one), ("r2", two), ("r3", two), ("r4", None)):
        begun(store, run_id, version, author="Ada" if run_id == "r1" else "Bob")
    store.record_run(told("r1", QUEUED, BEGAN, {**ENDED, "state": "failed", "reason": "out of memory"}))
    store.record_run(told("r2", QUEUED, BEGAN))
    store.star("run", "r3", True)
    store.tag("run", "r3", ["final"])

    def found(**wanted: Any) -> list[str]:
        return [run.id for run in store.runs(**wanted)]

    assert found() == ["r4", "r3", "r2", "r1"]
    assert found(workflow_id=one.workflow_id) == ["r3", "r2", "r1"]
    assert found(workflow_id=one.workflow_id, version=2) == ["r3", "r2"]
    assert found(states=[RunState.FAILED]) == ["r1"]
    assert found(states=["failed", "running"]) == ["r2", "r1"]
    assert found(text="ADA memory") == found(text="#1") == ["r1"]
    assert found(starred=True) == found(tags=["final"]) == ["r3"]
    assert found(limit=2, offset=1) == ["r3", "r2"]
    assert found(workflow_id="\0") == found(version=2**80) == found(states=["\0"]) == []
    assert store.unfinished_runs() == ["r2", "r3", "r4"]


def test_contents_of_many_runs_come_at_once(store: Store) -> None:
    for number in range(5):
        begun(store, f"r{number}", content=content(window=number))
    assert store.run_contents(["r3", "none", "r1"]) == {"r3": content(window=3), "r1": content(window=1)}
    assert len(store.run_contents([f"r{number}" for number in range(40_000)])) == 5


def test_a_deleted_run_is_gone_and_its_number_is_not_given_again(store: Store) -> None:
    for run_id in ("r1", "r2"):
        begun(store, run_id)
        store.record_run(told(run_id, task("t1", 1.0, outputs={"x": artifact(run_id)})))
    store.delete_run("r2")
    assert begun(store, "r3") == 3
    assert store.pinned_artifacts() == {"r1"}
    for ask in (store.run, store.delete_run):
        with pytest.raises(UnknownRecordError, match="there is no run 'r2'"):
            ask("r2")
    assert store.check() == []


def test_artifacts_that_a_run_has_no_more_are_not_pinned(store: Store) -> None:
    begun(store, "r1")
    first = told("r1", task("t1", 1.0, outputs={"x": artifact("a"), "y": artifact("b"), "z": artifact("")}))
    store.record_run(first)
    store.record_run(first.after(task("t1", 2.0, outputs={"x": artifact("b"), "y": artifact("c")})))
    assert store.pinned_artifacts() == {"b", "c"}


def test_the_picture_of_a_value_is_pinned_with_it(store: Store) -> None:
    begun(store, "r1")
    output = {**artifact("a"), "summary": {"preview": "b"}}
    store.record_run(told("r1", task("t1", 1.0, outputs={"x": output})))
    assert store.pinned_artifacts() == {"a", "b"}


def test_old_runs_pin_their_artifacts_only_for_a_reason(store: Store) -> None:
    versions = saved(store, 3)
    marked = {
        "star": ("run", "star"),
        "tag": ("run", "tag"),
        "note": ("run", "note"),
        "version": ("version", versions[1].id),
    }
    of = {"latest": versions[2], "version": versions[1], "running": None, "young": None}
    names = ["star", "tag", "note", "version", "latest", "running", "young", "old", "outdated"]
    for name in names:
        begun(store, name, of.get(name, versions[0]))
        state = [] if name == "running" else [ENDED]
        store.record_run(told(name, BEGAN, task("t1", 1.0, outputs={"x": artifact(name)}), *state))
    with store._database.writing() as connection:
        connection.execute(text("UPDATE runs SET created = created - 31 * 86400 WHERE id <> 'young'"))
    store.star("run", "star", True)
    store.tag("run", "tag", ["x"])
    store.note("run", "note", "why")
    store.star(*marked["version"], True)  # type: ignore[arg-type]
    assert store.pinned_artifacts() == {*names} - {"old", "outdated"}


def test_a_garbled_run_is_noticed(store: Store) -> None:
    begun(store, "r1")
    with store._database.writing() as connection:
        connection.execute(text("UPDATE texts SET content = :other"), {"other": b"{}"})
    with pytest.raises(StoreError, match="the run r1 is garbled"):
        store.run("r1")
    assert [run.id for run in store.runs()] == ["r1"]
    assert sorted(store.check()) == [
        f"the {what} of run 1 is garbled" for what in ("environment", "functions", "table")
    ]


def test_a_run_whose_table_was_saved_afterwards_is_placed_at_its_version(store: Store) -> None:
    first, second = saved(store, 2)
    begun(store, "r1", None)
    store.place_run("r1", second.workflow_id, second.number)
    assert (store.run("r1").workflow_id, store.run("r1").version) == (first.workflow_id, 2)
    assert [run.id for run in store.runs(first.workflow_id)] == ["r1"]


@pytest.mark.parametrize(("run_id", "number"), [("r2", 1), ("r1", 9), ("r1", 0), ("r1", 2**70)])
def test_a_run_is_not_placed_where_nothing_is(store: Store, run_id: str, number: int) -> None:
    version = saved(store, 1)[0]
    begun(store, "r1", None)
    with pytest.raises(UnknownRecordError):
        store.place_run(run_id, version.workflow_id, number)
    assert store.run("r1").workflow_id is None


def test_what_nobody_has_asked_for_keeps_no_values(store: Store) -> None:
    """The note and the tags that a run was begun with, as those of a sweep are, hold on to nothing; a person's do."""
    version = saved(store, 1)[0]
    for name in ("swept", "starred", "tagged", "noted", "undone"):
        begun(store, name, version, note="shortWindow 5", tags=["sweep", "short × long"])
        store.record_run(told(name, task("t1", 1.0, outputs={"x": artifact(name)}), ENDED))
    with store._database.writing() as connection:
        connection.execute(text("UPDATE runs SET created = created - 86400"))
    assert store.run("swept").tags == ("short × long", "sweep")
    assert store.pinned_artifacts() == set()
    store.star("run", "starred", True)
    store.tag("run", "tagged", ["sweep", "short × long", "good"])
    store.note("run", "noted", "shortWindow 5, the best")
    store.star("run", "undone", True)
    store.star("run", "undone", False)
    assert store.pinned_artifacts() == {"starred", "tagged", "noted"}
    assert [run.id for run in store.runs(tags=["sweep"], text="shortwindow")] == [
        "undone",
        "noted",
        "tagged",
        "starred",
        "swept",
    ]
