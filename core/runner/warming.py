"""What most runs need, loaded once in the supervisor, when it has nothing else to do: workers are its copies."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import suppress

NEEDED = (
    *("core.schedule", "core.cache", "core.artifact_folder", "core.codec", "core.workflow", "core.workflow_file"),
    *("core.executors.inline", "core.executors.threads", "core.executors.processes", "core.value.answer"),
    *("pandas", "pyarrow.pandas_compat"),
)


def warm() -> Iterator[None]:
    """Import the engine of a run, and go once through what is slow only for the first time; yields after each step."""
    for name in NEEDED:
        with suppress(ImportError):
            importlib.import_module(name)
        yield
    if "plotly" in sys.modules:
        with suppress(Exception):  # it is only a rehearsal
            _draw()
        yield
    gc.collect()
    gc.freeze()  # the copies share what is there now for longer


def _draw() -> None:
    """Plotly reads its templates and makes its validators when a figure is first drawn."""
    import pandas as pd

    charts = importlib.import_module("plotly.graph_objects")  # by name: the engine itself draws nothing
    dates = pd.Series(pd.to_datetime(["2020-01-01", "2020-01-02"]))
    line = charts.Scatter(x=dates, y=pd.Series([1.0, 2.0]), mode="lines", name="one", line={"width": 1})
    figure = charts.Figure(line)
    figure.update_layout(title="one", xaxis={"title": "x"}, yaxis2={"overlaying": "y", "side": "right"}, legend={})
    figure.add_trace(line)
    importlib.import_module("plotly.io").from_json(figure.to_json())
