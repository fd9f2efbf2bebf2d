"""One workflow for each combination of values, and values as people type them."""

from __future__ import annotations

import datetime as dt
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Workflow
from core.errors import SweepError
from core.sweep import Axis, count_tasks, current_value, expand, grid, parse_values, read_axis
from tests.core.tables import row, table

FOURTH = Path(__file__).parents[2] / "sample_workflows" / "analysis_4.json"


def days(*texts: str) -> tuple[dt.date, ...]:
    return tuple(map(dt.date.fromisoformat, texts))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5", (5,)),
        ("5, 10, 20", (5, 10, 20)),
        ("5;10\n20,", (5, 10, 20)),
        ("5 to 20 step 5", (5, 10, 15, 20)),
        ("5 to 22 by 5", (5, 10, 15, 20)),
        ("30..33", (30, 31, 32, 33)),
        ("30...31", (30, 31)),
        ("3 to 1", (3, 2, 1)),
        ("-2..2 step 2", (-2, 0, 2)),
        ("5 to 5", (5,)),
        ("1, 10 to 30 step 10, 100", (1, 10, 20, 30, 100)),
        ("0 to 1 step 0.25", (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("0.1 to 0.5 step 0.1", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("1e-3 to 3e-3 step 1e-3", (0.001, 0.002, 0.003)),
        (".5, 1.5e3", (0.5, 1500.0)),
        ("10 to 0 step -5", (10, 5, 0)),
        ("WIKI/JPM, WIKI/GE", ("WIKI/JPM", "WIKI/GE")),
        ('"a, b", \'it to go\', "5 to 6"', ("a, b", "it to go", "5 to 6")),
        ("true, false, null", (True, False, None)),
        ("(1, 2), [3, 4]", ((1, 2), [3, 4])),
        ("2007-01-01, 2008-01-01", days("2007-01-01", "2008-01-01")),
        ("2007-01-01 to 2007-01-03", days("2007-01-01", "2007-01-02", "2007-01-03")),
        ("2007-01-31 to 2007-04-30 step 1 month", days("2007-01-31", "2007-02-28", "2007-03-31", "2007-04-30")),
        ("2007-01-01..2009-01-01 by year", days("2007-01-01", "2008-01-01", "2009-01-01")),
        ("2007-01-15 to 2007-01-01 step -1 week", days("2007-01-15", "2007-01-08", "2007-01-01")),
        ("9999-12-30 to 9999-12-31", days("9999-12-30", "9999-12-31")),
        ("2007-01-01T09:30", (dt.datetime(2007, 1, 1, 9, 30),)),
        ("up to date", ("up to date",)),
        ("long_only, it's", ("long_only", "it's")),
    ],
)
def test_values_are_read_as_they_are_typed(text: str, values: tuple[Any, ...]) -> None:
    found = parse_values(text)
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5, 10", ("5", "10")),
        ("true, x", ("true", "x")),
        ("2007-01-01 to 2008-01-01 step 1 year", ("2007-01-01", "2008-01-01")),
        ('"a, b"', ("a, b",)),
        ("1 to 3", ("1", "2", "3")),
    ],
)
def test_where_a_text_stands_values_are_texts(text: str, values: tuple[str, ...]) -> None:
    assert parse_values(text, is_text=True) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no values are given"),
        (" , ;", "no values are given"),
        ("5, 6 to x", r"'6 to x' \(at character 4\): both ends of a range are numbers"),
        ("1 to 2x", "'2x' is not a number"),
        ("0.1 to 0.5", "say by how much it steps"),
        ("1 to 5 step 0", "the step is 0"),
        ("1 to 5 step -1", "one cannot step by -1; turn its sign"),
        ("5 to 1 step 1", "one cannot step by 1; turn its sign"),
        ("1 to 1000000000000", "more than 2,500 values"),
        ("1 to 2 step 1e-30", "more than 2,500 values"),
        ("1e999 to 1e999", "too large or too small"),
        ("1 to 2 step x", "'x' is not a number"),
        ("2007-01-01 to 2007-13-01", "'2007-13-01' is not a date"),
        ("2007-02-30", "not a date such as 2007-01-31"),
        ("2007-01-01 to 2100-01-01", "more than 2,500 values"),
        ("2007-01-01 to 2008-01-01 step 1 fortnight", "is no step of dates"),
        ("2007-01-01 to 2008-01-01 step 0 days", "the step is 0"),
        ("2008-01-01 to 2007-01-01 step 1 day", "turn its sign"),
        ("12x", "this is no value; write a text in quotes"),
        ('"open', "this is no value"),
        ("(1, 2", "this is no value"),
        ("x" * 100_001, "longer than 100,000 characters"),
        (",".join(["1"] * 2_501), "more than 2,500 values"),
    ],
)
def test_what_is_wrong_is_said_and_where(text: str, message: str) -> None:
    with pytest.raises(SweepError, match=message):
        parse_values(text)


@given(st.text(alphabet="0123456789.,-+etosp \"'([{])}", max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, is_text: bool) -> None:
    with suppress(SweepError):
        assert parse_values(text, is_text)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 50))
def test_a_range_is_what_python_counts(first: int, last: int, step: int) -> None:
    by = step if last >= first else -step
    assert parse_values(f"{first} to {last} step {by}") == tuple(range(first, last + (1 if by > 0 else -1), by))


def test_every_combination_is_a_workflow_with_those_values() -> None:
    workflow = Workflow.from_json(FOURTH)
    axes = [Axis("shortWindow", (5, 10)), Axis(("t13", "cost"), (0.0, 0.001, 0.002))]
    variants = expand(workflow, axes)
    assert [variant.place for variant in variants] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert variants[4].label == "shortWindow = 10, t13.cost = 0.001"
    assert variants[4].workflow.inputs["shortWindow"] == 10
    assert variants[4].workflow.inputs["longWindow"] == 50
    assert {task.id: task.kwargs for task in variants[5].workflow.tasks}["t13"] == {"cost": 0.002}
    assert workflow.inputs["shortWindow"] == 15


def test_a_value_that_stands_twice_counts_once() -> None:
    workflow = table(row(0, "increment", "a", {}, "b"), inputs={"a": 1})
    assert len(expand(workflow, [Axis("a", (1, 1, 1.0))])) == 2


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ([], "one or two inputs or arguments, not 0"),
        ([Axis("a", (1,))] * 3, "not 3"),
        ([Axis("a", (1,))] * 2, "a is varied twice"),
        ([Axis("aa", (1,))], "there is no input 'aa'; did you mean a"),
        ([Axis(("t9", "by"), (1,))], "there is no task 't9'"),
        ([Axis("a", ())], "a has no values"),
        ([Axis("a", tuple(range(51))), Axis(("t1", "by"), tuple(range(50)))], "51 × 50 = 2,550 runs; at most 2,500"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused(axes: list[Axis], message: str) -> None:
    workflow = table(row(0, "increment", "a", {}, "b"), inputs={"a": 1})
    with pytest.raises(SweepError, match=message):
        expand(workflow, axes)


def test_an_axis_is_read_for_what_stands_there_now() -> None:
    workflow = Workflow.from_json(FOURTH)
    assert read_axis(workflow, "start", "2007-01-01 to 2008-01-01 step 1 year").values == ("2007-01-01", "2008-01-01")
    assert read_axis(workflow, "longWindow", "30..32").values == (30, 31, 32)
    assert current_value(workflow, ("t13", "cost")) == 0.001
    assert current_value(workflow, ("t19", "periods")) == 252
    assert current_value(workflow, ("t1", "nothing")) is None


def test_work_that_variants_share_is_counted_once() -> None:
    workflow = Workflow.from_json(FOURTH)
    short = expand(workflow, [Axis("shortWindow", (5, 10, 15))])
    # The short average, and what stands on it: crossover, positions, strategy, equity, drawdown, charts, summary.
    assert count_tasks(short) == (3, 57, 19 + 2 * 9)
    both = expand(workflow, [Axis("shortWindow", (5, 10)), Axis("longWindow", (30, 40, 50))])
    assert count_tasks(both) == (6, 114, 9 + 2 + 3 + 6 * 8)
    assert count_tasks([]) == (0, 0, 0)


def test_work_that_is_never_kept_is_counted_each_time() -> None:
    workflow = table(row(0, "increment", "a", {}, "b"), row(1, "registry", "__data__", {}, "n"), inputs={"a": 1})
    assert count_tasks(expand(workflow, [Axis("a", (1, 2))])) == (2, 4, 4)


def test_equal_work_of_two_rows_is_counted_once() -> None:
    workflow = table(row(0, "increment", "a", {}, "b"), row(0, "increment", "a", {}, "c"), inputs={"a": 1})
    assert count_tasks(expand(workflow, [Axis("a", (1, 2))])).distinct == 2


def test_a_chosen_number_of_each_run_is_a_grid() -> None:
    workflow = Workflow.from_json(FOURTH)
    variants = expand(workflow, [Axis("shortWindow", (10, 5)), Axis("longWindow", (30, 40))])
    found = grid(variants, [1.0, 2.0, None, 4])
    assert found.index.tolist() == [10, 5]
    assert found.columns.tolist() == [30, 40]
    assert (found.index.name, found.columns.name) == ("shortWindow", "longWindow")
    assert found.loc[5, 40] == 4.0
    assert math.isnan(found.loc[5, 30])


def test_one_axis_is_a_grid_of_one_column() -> None:
    variants = expand(table(row(0, "increment", "a", {}, "b"), inputs={"a": 1}), [Axis("a", ("x", [1]))])
    found = grid(variants, [1, 2])
    assert found["value"].to_dict() == {"x": 1.0, "[1]": 2.0}
    assert grid([], []).empty
