"""The four analyses: their files, their problems (none), and the numbers of the third."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sample_workflows
from core import Workflow
from sample_workflows.analyses import Analysis1, Analysis2, Analysis3, Analysis4

FOLDER = Path(sample_workflows.__file__).parent
ANALYSES = [(1, Analysis1), (2, Analysis2), (3, Analysis3), (4, Analysis4)]


@pytest.mark.parametrize(("number", "analysis"), ANALYSES)
def test_file_says_what_the_class_says(number: int, analysis: type[Workflow]) -> None:
    assert analysis.create().to_json() == (FOLDER / f"analysis_{number}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("number", "analysis"), ANALYSES)
def test_file_has_no_problem_and_runs_as_the_class_does(number: int, analysis: type[Workflow]) -> None:
    read = Workflow.from_json(FOLDER / f"analysis_{number}.json")
    assert read.problems == ()
    values, expected = read.run(), analysis.create().run()
    assert list(values) == list(expected)
    for key, value in values.items():
        if isinstance(value, pd.Series | pd.DataFrame):
            assert value.equals(expected[key]), key
        else:
            assert value == expected[key], key


@pytest.mark.parametrize(
    "more", [{}, {"longWindow": 60}, {"shortWindow": 5, "ticker": "XOM", "start": "2010-06-01", "end": "2012-06-01"}]
)
def test_numbers_of_analysis_3_agree_with_pandas_alone(more: dict[str, Any]) -> None:
    inputs = {**Analysis3.INPUTS, **more}
    values = Analysis3.create().run(more)
    table = pd.read_csv(FOLDER / "data" / "us_shares_daily.csv.gz", parse_dates=["Date"])
    period = table[(table["Date"] >= inputs["start"]) & (table["Date"] <= inputs["end"])]
    price = period[inputs["ticker"].removeprefix("WIKI/")]
    long = price.rolling(inputs["longWindow"]).mean()
    short = price.rolling(inputs["shortWindow"]).mean()
    for key, expected in {
        "downturnPrice": price,
        "longSma": long,
        "shortSma": short,
        "crossover": np.sign(short - long).shift(1),
    }.items():
        np.testing.assert_allclose(values[key].to_numpy(), expected.to_numpy(), rtol=0, atol=1e-12, err_msg=key)
        assert values[key].index.equals(expected.index)
    assert (values["downturnDates"].to_numpy() == period["Date"].to_numpy()).all()
    assert values["crossover"].isna().sum() == inputs["longWindow"]
    assert set(values["crossover"].dropna()) == {-1.0, 1.0}
    drawn = {trace.name: np.asarray(trace.y, dtype=float) for trace in values["fig"].data}
    np.testing.assert_allclose(drawn["Long SMA"], long.to_numpy(), rtol=0, atol=1e-12)
