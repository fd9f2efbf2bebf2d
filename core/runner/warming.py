"""What most runs need, loaded once in the supervisor, when it has nothing else to do: workers are its copies."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.catalog import Catalog

NEEDED = (
    *("core.cache", "core.capture", "core.workflow_file", "core.workflow", "core.codec", "core.artifact_folder"),
    *("core.schedule.call", "core.schedule", "core.executors.inline", "core.executors.threads"),
    *("core.executors.processes", "core.value.table", "core.value.page", "core.value.answer"),
    *("pandas", "pyarrow.pandas_compat"),
)
NEEDED_TO_DRAW = (
    *("narwhals._pandas_like.series", "narwhals._pandas_like.dataframe", "narwhals._pandas_like.namespace"),
    *("plotly.graph_objs._layout", "plotly.graph_objs._figure", "plotly.io._json"),
)
TEMPLATE = "plotly.graph_objs.layout.template.data"


def warm_at_once() -> None:
    """Do the few large steps, which nobody waits for as long as the modules are being imported anyway."""
    if "plotly" in sys.modules:
        with suppress(Exception):  # it is only a rehearsal
            importlib.import_module("narwhals")
            importlib.import_module("plotly.graph_objects").Scatter(mode="lines")
    gc.freeze()  # what is there already is not searched again and again for what could be let go


def warm(catalog: Catalog) -> Iterator[None]:
    """Import the engine of a run, and go once through what is slow only for the first time.

    Yields after each step; none takes so long that whoever submits a run meanwhile would notice.
    """
    yield from _imported(NEEDED)
    yield from _versions(catalog)
    rehearsals = REHEARSALS
    if "plotly" in sys.modules:
        yield from _imported(NEEDED_TO_DRAW)
        rehearsals += REHEARSALS_TO_DRAW
    for steps in rehearsals:
        with suppress(Exception):  # who runs a task is told what is wrong
            yield from steps()
    gc.collect(1)
    gc.freeze()  # the copies share what is there now for longer


def _imported(names: tuple[str, ...]) -> Iterator[None]:
    for name in names:
        with suppress(ImportError):  # other versions of a library have other parts
            importlib.import_module(name)
        yield


def _versions(catalog: Catalog) -> Iterator[None]:
    """The package that a function belongs to is found among all that are installed, and said by its metadata."""
    for function in catalog.values():
        with suppress(Exception):  # who runs a task is told what is wrong
            _ = function.version
        yield


def _storing() -> Iterator[None]:
    """Values are written and read: pandas and Arrow make much of what this needs when it is first asked for."""
    import pandas as pd

    days = pd.to_datetime(["2020-01-01", "2020-01-02"])
    columns = (pd.Series([1.0, 2.0]), pd.Series(days), pd.Series([True, False]), pd.Series(["a", "b"]))
    for value in (1, *columns, pd.DataFrame({"a": [1.0, 2.0]}, days), days):
        _store(value)
        yield


def _store(value: Any) -> None:
    """Write a value and read it again. The folder is gone before the next step: no copy of this process has it too."""
    from core.artifact_folder import ArtifactFolder

    with TemporaryDirectory(prefix="tasktable-") as folder:
        artifacts = ArtifactFolder(Path(folder))
        artifacts.get(artifacts.put(value))


def _running() -> Iterator[None]:
    """One small task goes all the way that every task goes, and is found again."""
    from core.artifact_folder import ArtifactFolder
    from core.cache import DiskCache
    from core.schedule import execute
    from core.workflow import Workflow

    task = [0, "posixpath.basename", "path", {}, "name"]
    workflow = Workflow([task], {"path": "a/b"}, catalog=Catalog.trusted())
    plan = workflow.plan
    yield
    with TemporaryDirectory(prefix="tasktable-") as folder:
        artifacts = ArtifactFolder(Path(folder) / "artifacts")
        cache = DiskCache(Path(folder), artifacts)
        for run in ("first", "second"):
            execute(
                plan,
                workflow.catalog,
                workflow.inputs,
                cache=cache,
                artifacts=artifacts,
                emit=lambda _event: None,
                run=run,
            )
    yield


def _traces() -> Iterator[None]:
    """Plotly's templates name every kind of trace, each of which is a module that is imported when it is named."""
    traces = importlib.import_module(TEMPLATE)
    for name in traces.__all__:
        getattr(traces, name)
        yield


def _drawing() -> Iterator[None]:
    """Plotly reads its templates and makes its validators when a figure is first drawn."""
    import pandas as pd

    charts = importlib.import_module("plotly.graph_objects")  # by name: the engine itself draws nothing
    line = charts.Scatter(y=[1.0, 2.0], mode="lines", name="one", line={"width": 1})
    yield
    charts.Scatter(x=pd.Series(pd.to_datetime(["2020-01-01", "2020-01-02"])), y=pd.Series([1.0, 2.0]))
    yield
    figure = charts.Figure()
    yield
    figure.add_trace(line)
    yield
    figure.update_layout(title="one", xaxis={"title": "x"}, legend={})
    yield
    figure.update_layout(yaxis2={"overlaying": "y", "side": "right"})
    yield


def _templates() -> Iterator[None]:
    """A figure that is read carries a template, of which each part makes validators of its own."""
    charts = importlib.import_module("plotly.graph_objects")
    template = charts.Figure().to_plotly_json()["layout"]["template"]
    yield
    for kind, styles in template["data"].items():
        charts.layout.template.Data(**{kind: styles})
        yield
    for name, style in template["layout"].items():
        charts.Layout(**{name: style})
        yield
    importlib.import_module("plotly.io").from_json(charts.Figure().to_json())
    yield
    _store(charts.Figure(charts.Scatter(x=[1], y=[1])))
    yield


REHEARSALS: tuple[Callable[[], Iterator[None]], ...] = (_storing, _running)
REHEARSALS_TO_DRAW: tuple[Callable[[], Iterator[None]], ...] = (_traces, _drawing, _templates)
