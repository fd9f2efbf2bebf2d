"""A run step by step: forward, back, one task alone, and what is stale after it."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from core import State, TaskError
from core.errors import MissingValueError, UnknownTaskError
from tests.core.tables import row, table

ROWS = [
    row(0, "count", "a", {}, "b"),
    row(5, "count", "b", {}, "c"),
    row(5, "increment", "b", {}, "d"),
    row(9, "add", ("c", "d"), {}, "e"),
]


@pytest.fixture
def run() -> Any:
    return table(*ROWS).start({"a": 1})


def states(run: Any) -> list[str]:
    return [str(run.result(position).state) for position in range(len(run.plan.tasks))]


def test_nothing_has_run_at_the_start(run: Any, calls: list[Any]) -> None:
    assert (run.order, run.next_order, run.done) == (None, 0, False)
    assert run.values == run.inputs == {"a": 1}
    assert run.results == {}
    assert run.outputs("t1") == {}
    assert calls == []


def test_step_runs_one_order_and_returns_its_results(run: Any) -> None:
    assert [result.task.id for result in run.step()] == ["t1"]
    assert (run.order, run.next_order, run.done) == (0, 5, False)
    assert run.values == {"a": 1, "b": 1}
    assert [(result.task.id, result.state) for result in run.step()] == [("t2", State.DONE), ("t3", State.DONE)]
    assert [result.task.id for result in run.step()] == ["t4"]
    assert (run.order, run.next_order, run.done) == (9, None, True)
    assert run.step() == ()
    assert run.values == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3}


@pytest.mark.parametrize(
    ("order", "reached", "keys"),
    [(-1, None, "a"), (0, 0, "ab"), (1, 0, "ab"), (5, 5, "abcd"), (8, 5, "abcd"), (9, 9, "abcde"), (99, 9, "abcde")],
)
def test_step_to_stops_after_an_order_from_either_side(run: Any, order: int, reached: Any, keys: str) -> None:
    for _ in range(2):
        run.step_to(order)
        assert run.order == reached
        assert list(run.values) == list(keys)
        assert [run.plan.tasks[0].id] == list(run.results)[:1] or order < 0
        run.finish()


@pytest.mark.parametrize("order", ["5", 5.0, None, True])
def test_step_to_wants_a_whole_number(run: Any, order: Any) -> None:
    with pytest.raises(TypeError, match="whole number"):
        run.step_to(order)


def test_back_shows_the_former_moment_and_nothing_is_called_again(run: Any, calls: list[Any]) -> None:
    run.finish()
    run.back()
    assert run.order == 5
    assert run.values == {"a": 1, "b": 1, "c": 1, "d": 2}
    assert list(run.results) == ["t1", "t2", "t3"]
    assert run.outputs("t4") == {}
    run.back()
    run.back()
    run.back()
    assert (run.order, dict(run.values), dict(run.results)) == (None, {"a": 1}, {})
    run.step()
    run.finish()
    assert run.values["e"] == 3
    assert calls == [1, 1]


def test_values_and_results_are_views_that_cannot_be_changed(run: Any) -> None:
    run.finish()
    with pytest.raises(TypeError):
        run.values["a"] = 2
    with pytest.raises(TypeError):
        run.results["t1"] = None
    with pytest.raises(KeyError):
        run.results["t9"]


def test_outputs_are_there_after_the_key_is_overwritten() -> None:
    rows = [
        row(0, "increment", "x", {}, "x"),
        row(1, "increment", "x", {}, "x"),
        row(2, "as_pair", ("x", "x"), {}, ("x", "y")),
    ]
    run = table(*rows, inputs={"x": 0}).start().finish()
    assert run.outputs("t1") == {"x": 1}
    assert run.outputs("t2") == {"x": 2}
    assert run.outputs("t3") == {"x": 2, "y": 2}
    run.back()
    assert run.values == {"x": 2}


def test_run_task_reads_what_its_own_writer_wrote_wherever_the_run_stands(calls: list[Any]) -> None:
    rows = [
        row(0, "increment", "x", {}, "y"),
        row(1, "count", "y", {}, "early"),
        row(2, "increment", "y", {"by": 10}, "y"),
        row(3, "count", "y", {}, "late"),
    ]
    run = table(*rows, inputs={"x": 0}).start().finish()
    run.run_task("t2")
    assert calls == [1, 11, 1]
    assert run.values == {"x": 0, "y": 11, "early": 1, "late": 11}
    run.step_to(0)
    run.run_task("t4")
    assert calls == [1, 11, 1, 11]
    assert run.values == {"x": 0, "y": 1, "late": 11}


def test_run_task_ahead_uses_the_values_there_are(run: Any, calls: list[Any]) -> None:
    run.step()
    result = run.run_task("t2")
    assert result.state is State.DONE
    assert run.values == {"a": 1, "b": 1, "c": 1}
    assert list(run.results) == ["t1", "t2"]
    assert run.outputs("t2") == {"c": 1}
    assert run.order == 0
    run.step()
    assert run.values == {"a": 1, "b": 1, "c": 1, "d": 2}
    assert calls == [1, 1]


def test_task_that_ran_ahead_does_not_show_in_what_earlier_tasks_read() -> None:
    rows = [
        row(0, "one", (), {}, "x"),
        row(1, "registry", "__data__", {}, "keys"),
        row(2, "increment", "x", {"by": 5}, "x"),
    ]
    run = table(*rows).start()
    run.step()
    run.run_task("t3")
    assert run.values == {"x": 6}
    run.step()
    assert run.values == {"x": 6, "keys": ["x"]}
    assert run.outputs("t1") == {"x": 1}
    run.back()
    assert run.values == {"x": 1}


def test_run_task_names_every_missing_value(run: Any) -> None:
    with pytest.raises(MissingValueError, match="task t4 cannot run yet, these values are missing: c, d") as caught:
        run.run_task("t4")
    assert caught.value.missing == ("c", "d")
    assert run.results == {}


@pytest.mark.parametrize("task_id", ["t9", "", "T1", None, 1, ["t1"]])
@pytest.mark.parametrize("method", ["run_task", "outputs", "reads"])
def test_unknown_task_is_named(run: Any, method: str, task_id: Any) -> None:
    with pytest.raises(UnknownTaskError, match="there is no task"):
        getattr(run, method)(task_id)


def test_dependants_of_a_task_that_ran_again_are_stale_and_finish_runs_just_those(calls: list[Any]) -> None:
    rows = [
        row(0, "count", "a", {"label": "t1"}, "b"),
        row(0, "count", "a", {"label": "t2"}, "c"),
        row(1, "count", "b", {"label": "t3"}, "d"),
        row(1, "count", "c", {"label": "t4"}, "e"),
        row(2, "count", "d", {"label": "t5"}, "f"),
    ]
    run = table(*rows).start({"a": 1}).finish()
    calls.clear()
    assert run.run_task("t1").state is State.DONE
    assert states(run) == ["done", "done", "stale", "done", "stale"]
    assert run.results["t3"].reason == "task t1 ran again"
    assert not run.done
    assert run.values["f"] == 1
    assert run.finish().done
    assert calls == ["t1", "t3", "t5"]
    assert run.results["t3"].reason == ""


def test_step_brings_stale_tasks_up_to_date_before_it_goes_on(calls: list[Any]) -> None:
    rows = [row(0, "count", "a", {}, "b"), row(1, "count", "b", {}, "c"), row(2, "count", "c", {}, "d")]
    run = table(*rows).start({"a": 1})
    run.step_to(1)
    run.run_task("t1")
    run.step()
    assert states(run) == ["done", "done", "done"]
    assert len(calls) == 5


def test_task_run_on_a_stale_value_is_stale_itself() -> None:
    rows = [row(0, "count", "a", {}, "b"), row(1, "count", "b", {}, "c"), row(2, "count", "c", {}, "d")]
    run = table(*rows).start({"a": 1}).finish()
    run.run_task("t1")
    assert run.run_task("t3").state is State.STALE
    assert run.results["t3"].reason == "task t2 is stale"
    run.finish()
    assert states(run) == ["done", "done", "done"]


def test_stale_task_after_back_is_run_when_it_is_reached(calls: list[Any]) -> None:
    rows = [row(0, "count", "a", {"label": "t1"}, "b"), row(1, "count", "b", {"label": "t2"}, "c")]
    run = table(*rows).start({"a": 1}).finish()
    run.run_task("t1")
    run.back()
    assert run.values == {"a": 1, "b": 1}
    run.step()
    assert calls == ["t1", "t2", "t1", "t2"]
    assert run.done


FLAKY = [
    row(0, "increment", "a", {}, "b"),
    row(1, "fail_on_first_call", "b", {}, "c"),
    row(2, "increment", "c", {}, "d"),
]


@pytest.mark.parametrize("watched", [False, True])
def test_failed_task_is_tried_again_after_going_back(watched: bool, calls: list[Any]) -> None:
    run = table(*FLAKY).start({"a": 1}, on_event=(lambda _: None) if watched else None)
    run.step()
    with pytest.raises(TaskError):
        run.step()
    assert run.order == 1
    assert states(run) == ["done", "failed", "waiting"]
    assert run.outputs("t2") == {}
    run.back()
    assert states(run) == ["done", "waiting", "waiting"]
    run.step()
    run.step()
    assert run.values == {"a": 1, "b": 2, "c": 2, "d": 3}
    assert run.done


def test_failed_task_is_not_tried_again_without_being_asked(calls: list[Any]) -> None:
    run = table(*FLAKY).start({"a": 1})
    with pytest.raises(TaskError):
        run.finish()
    run.finish()
    assert states(run) == ["done", "failed", "skipped"]
    assert len(calls) == 1


def test_failed_task_run_again_alone_makes_its_skipped_dependants_stale(calls: list[Any]) -> None:
    run = table(*FLAKY).start({"a": 1})
    with pytest.raises(TaskError):
        run.finish()
    with pytest.raises(MissingValueError, match="c"):
        run.run_task("t3")
    assert run.run_task("t2").state is State.DONE
    assert states(run) == ["done", "done", "stale"]
    assert run.finish().values == {"a": 1, "b": 2, "c": 2, "d": 3}


def test_failure_of_a_task_run_ahead_is_retried_in_its_turn(calls: list[Any]) -> None:
    run = table(*FLAKY).start({"a": 1})
    run.step()
    with pytest.raises(TaskError):
        run.run_task("t2")
    assert run.results["t2"].state is State.FAILED
    assert run.finish().values["d"] == 3


def test_failure_of_a_rerun_makes_dependants_stale_then_skipped(calls: list[Any]) -> None:
    calls.append("not the first call")
    run = table(*FLAKY).start({"a": 1}).finish()
    calls.clear()
    with pytest.raises(TaskError):
        run.run_task("t2")
    assert states(run) == ["done", "failed", "stale"]
    assert run.finish().values == {"a": 1, "b": 2}
    assert states(run) == ["done", "failed", "skipped"]


def test_events_tell_started_and_finished_in_order() -> None:
    events: list[tuple[str, str]] = []
    rows = [row(1, "fail", "b", {}, "c"), row(0, "increment", "a", {}, "b"), row(2, "increment", "c", {}, "d")]
    run = table(*rows).start({"a": 1}, on_event=lambda result: events.append((result.task.id, str(result.state))))
    with pytest.raises(TaskError):
        run.finish()
    assert events == [("t2", "running"), ("t2", "done"), ("t1", "running"), ("t1", "failed"), ("t3", "skipped")]


def test_time_of_a_task_is_measured(run: Any) -> None:
    run.finish()
    assert all(result.seconds > 0 for result in run.results.values())


def test_isolated_run_shows_every_task_what_its_writer_wrote() -> None:
    rows = [
        row(0, "as_list", "a", {}, "x"),
        row(1, "append", "x", {"item": 2}, "y"),
        row(1, "append", "x", {"item": 3}, "z"),
        row(2, "identity", "x", {}, "w"),
    ]
    values = table(*rows).start({"a": 1}, isolated=True).finish().values
    assert (values["x"], values["y"], values["z"], values["w"]) == ([1], [1, 2], [1, 3], [1])


REMOVING = [
    row(0, "make_thing", (), {}, "thing"),
    row(1, "content", "thing", {}, "x"),
    row(2, "forget_and_count", "__data__", {}, "count"),
    row(3, "increment", "x", {}, "y"),
]


def test_removed_value_is_freed_in_a_stepping_run_and_stays_away(calls: list[Any]) -> None:
    run = table(*REMOVING).start()
    run.step_to(1)
    thing = weakref.ref(run.values["thing"])
    run.step()
    gc.collect()
    assert thing() is None
    assert run.values == {"x": 0, "count": 1}
    assert run.outputs("t1") == {}
    for _ in range(2):
        run.step_to(-1)
        assert run.values == {}
        run.step_to(1)
        assert run.values == {"x": 0}
        run.finish()
        assert run.values == {"x": 0, "count": 1, "y": 1}
    assert calls == ["thing"]


def test_removed_value_cannot_be_read_by_a_task_run_alone() -> None:
    run = table(*REMOVING).start().finish()
    with pytest.raises(MissingValueError, match="thing"):
        run.run_task("t2")
    rows = [row(0, "identity", "thing", {}, "x"), row(1, "forget", "__data__")]
    run = table(*rows).start({"thing": [1]}).finish()
    with pytest.raises(MissingValueError, match="thing"):
        run.run_task("t1")


def test_what_a_task_does_to_the_registry_is_there_again_after_back_and_forth() -> None:
    rows = [
        row(0, "increment", "a", {}, "b"),
        row(1, "store", ("__data__", "name", "b"), {}, ()),
        row(2, "registry", "__data__", {}, "keys"),
    ]
    run = table(*rows).start({"a": 1, "name": "stored"}).finish()
    after = dict(run.values)
    assert after["stored"] == 2
    run.step_to(0)
    assert "stored" not in run.values
    run.step()
    assert run.values["stored"] == 2
    assert run.finish().values == after
    run.run_task("t1")
    assert run.finish().values == after


def test_removed_key_may_be_written_again() -> None:
    rows = [*REMOVING[:3], row(3, "make_thing", (), {}, "thing"), row(4, "content", "thing", {}, "z")]
    run = table(*rows).start().finish()
    assert run.values["z"] == 0
    run.step_to(2)
    assert "thing" not in run.values
    assert "thing" in run.finish().values


def test_adopted_run_calculates_again_what_the_other_has_let_go(calls: list[Any]) -> None:
    rows = [
        row(0, "count", "a", {"label": "t1"}, "b"),
        row(1, "as_pair", ("b", "b"), {}, ("thing", "x")),
        row(2, "forget", "__data__"),
    ]
    previous = table(*rows).start({"a": 1}).finish()
    run = table(*rows[:2], row(3, "add", ("thing", "x"), {}, "y")).start({"a": 1})
    run.adopt(previous)
    assert run.finish().values["y"] == 2
    assert [str(result.state) for result in run.results.values()] == ["reused", "done", "done"]
    assert calls == ["t1"]


def test_repr_tells_where_a_run_stands(run: Any) -> None:
    run.step()
    assert repr(run) == "Run(order=0, done=False, values=['a', 'b'])"
    assert repr(run.results) == "{'t1': 'done'}"
