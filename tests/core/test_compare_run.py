"""What differs between two runs, and many runs as one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from core.artifact import Artifact
from core.compare.run import OutputState, RunSide, compare_output, compare_runs, final_outputs
from core.compare.scalar import scalars, scalars_of
from core.record import RunRecord, RunState, TaskRecord
from core.result import State
from core.table import read_rows

ROWS = [[0, "m.load", "ticker", {}, "data"], [1, "m.mean", "data", {"window": 5}, "mean"]]


def stored(digest: str, kind: str = "frame", **summary: Any) -> Artifact:
    return Artifact(digest, "arrow", 10, kind, summary)


def side(
    outputs: Mapping[str, Mapping[str, Artifact]], rows: Any = None, inputs: Any = None, **changes: Any
) -> RunSide:
    tasks = read_rows(rows or ROWS)
    records = {name: TaskRecord(State.DONE, 1.5, outputs=dict(found)) for name, found in outputs.items()}
    given = {"ticker": "JPM"} if inputs is None else inputs
    return RunSide(tasks, given, RunRecord("r", RunState.DONE, tasks=records), **changes)


def test_equal_digests_are_equal_values_without_reading() -> None:
    old = side({"t1": {"data": stored("aa")}, "t2": {"mean": stored("bb")}})
    found = compare_runs(old, old)
    assert found.is_reproduced
    assert found.summary == "the same table, inputs and code; every one of 2 outputs is equal"

    def read(_: Artifact) -> Any:
        raise AssertionError("nothing needs to be read")

    assert all(compare_output(output, read).is_equal for output in found.outputs)


def test_what_was_changed_and_what_came_of_it_is_one_sentence() -> None:
    old = side({"t1": {"data": stored("aa")}, "t2": {"mean": stored("bb")}}, functions={"m.mean": "1"})
    rows = [ROWS[0], [1, "m.mean", "data", {"window": 6}, "mean"]]
    new = side(
        {"t1": {"data": stored("aa")}, "t2": {"mean": stored("cc")}}, rows, {"ticker": "GE"}, functions={"m.mean": "2"}
    )
    found = compare_runs(old, new)
    assert found.summary == "1 cell changed, 1 input changed, 1 function edited; 1 of 2 outputs equal, not mean"
    assert [(output.key, output.state, output.is_final) for output in found.outputs] == [
        ("data", OutputState.EQUAL, False),
        ("mean", OutputState.DIFFERENT, True),
    ]
    assert [(time.new_task, time.old, time.new) for time in found.times] == [("t1", 1.5, 1.5), ("t2", 1.5, 1.5)]


def test_outputs_of_only_one_run_and_values_that_were_not_stored_are_told() -> None:
    old = side({"t1": {"data": stored("aa")}, "t2": {"mean": stored("", reason="it is a lock")}})
    new = side({"t2": {"mean": stored("cc")}})
    by_key = {output.key: output for output in compare_runs(old, new).outputs}
    assert by_key["data"].state is OutputState.REMOVED
    assert by_key["mean"].state is OutputState.UNKNOWN
    assert compare_output(by_key["data"], pytest.fail).summary == "only the older run has it"
    found = compare_output(by_key["mean"], pytest.fail)
    assert found.summary == "the value of the older run was not stored: it is a lock"
    assert not compare_runs(old, new).is_reproduced


def test_a_value_that_cannot_be_read_is_told() -> None:
    old, new = (side({"t1": {"data": stored(digest)}}) for digest in ("aa", "bb"))
    (output,) = compare_runs(old, new).outputs

    def read(_: Artifact) -> Any:
        raise OSError("it is gone")

    assert compare_output(output, read).summary == "the value of the older run cannot be read: it is gone"
    values = {"aa": 1, "bb": 2}
    assert compare_output(output, lambda artifact: values[artifact.digest]).summary == "1 -> 2 (+1, +100%)"


def test_a_key_written_twice_counts_as_it_was_written_last() -> None:
    rows = [[0, "m.f", (), {}, "x"], [1, "m.g", "x", {}, "x"]]
    found = side({"t1": {"x": stored("aa")}, "t2": {"x": stored("bb")}}, rows)
    assert final_outputs(found.tasks, found.record)["x"].digest == "bb"


def test_outputs_of_unfinished_tasks_do_not_count() -> None:
    failed = RunRecord("r", RunState.FAILED, tasks={"t1": TaskRecord(State.FAILED, outputs={"data": stored("aa")})})
    assert not final_outputs(read_rows(ROWS), failed)


def test_many_runs_are_a_table_of_what_varies_and_what_came_out() -> None:
    runs = {
        f"run {window}": side(
            {"t2": {"mean": stored("x", "number", number=number), "name": stored("n", "text")}},
            [ROWS[0], [1, "m.mean", "data", {"window": window}, ("mean", "name")]],
            {"ticker": ticker, "same": 1},
        )
        for window, number, ticker in ((5, "1.5", "JPM"), (6, 2, "GE"))
    }
    found = scalars(runs)
    assert found.to_dict("list") == {"ticker": ["JPM", "GE"], "t2.window": [5, 6], "mean": [1.5, 2.0]}
    assert found.index.tolist() == ["run 5", "run 6"]


def test_numbers_in_small_frames_are_columns_if_they_may_be_read() -> None:
    frame = pd.DataFrame({"Strategy": [1.5, 2.0], "note": ["x", "y"]}, index=["Sharpe", "Trades"])
    runs = {"a": side({"t2": {"summary": stored("s")}}), "b": side({})}
    found = scalars(runs, lambda _: frame)
    assert found.columns.tolist() == ["summary / Sharpe / Strategy", "summary / Trades / Strategy"]
    assert found["summary / Trades / Strategy"].tolist()[0] == 2.0
    assert found.loc["b"].isna().all()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, {"v": 3.0}),
        (True, {"v": 1.0}),
        (10**400, {}),
        (1 + 2j, {}),
        ("3", {}),
        ({"a": [1, {"b": 2}], "c": "x"}, {"v / a / 0": 1.0, "v / a / 1 / b": 2.0}),
        (pd.Series([1, 2], index=["x", "y"]), {"v / x": 1.0, "v / y": 2.0}),
        (pd.DataFrame({"a": range(10_000)}), {}),
    ],
)
def test_the_numbers_of_a_value(value: Any, expected: dict[str, float]) -> None:
    assert scalars_of(value, "v") == expected


def test_the_numbers_of_an_endless_value_are_few() -> None:
    endless: list[Any] = [1]
    endless.extend([endless] * 100)
    assert len(scalars_of(endless, "v")) <= 200
