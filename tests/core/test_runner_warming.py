"""A supervisor that has nothing to do loads what runs need, one small step after another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.runner.warming import REHEARSALS, REHEARSALS_TO_DRAW

ROOT = Path(__file__).parents[2]
REHEARSED = """
import sys
import plotly.graph_objects as charts
import plotly.io
from core import Catalog
from core.runner.warming import warm, warm_at_once
warm_at_once()
steps = sum(1 for _ in warm(Catalog.from_modules([])))
before = set(sys.modules)
import core.schedule, core.cache, core.executors.processes, core.value.answer
line = charts.Scatter(x=["2020-01-01"], y=[1.0], mode="lines", line={"width": 1})
plotly.io.from_json(charts.Figure(line, layout={"title": "t", "xaxis": {"title": "x"}}).to_json())
print(steps > 50, sorted(set(sys.modules) - before))
"""
WITHOUT_CHARTS = """
import sys
from core import Catalog
from core.runner.warming import warm, warm_at_once
warm_at_once()
for _ in warm(Catalog.from_modules([])):
    pass
print("core.schedule" in sys.modules, "plotly" in sys.modules)
"""
BROKEN = """
import sys, types
sys.modules["plotly"] = types.ModuleType("plotly")
from core import Catalog
from core.runner.warming import warm, warm_at_once
warm_at_once()
for _ in warm(Catalog.from_modules([])):
    pass
print("core.schedule" in sys.modules)
"""


@pytest.mark.parametrize(
    ("script", "told"),
    [(REHEARSED, "True []"), (WITHOUT_CHARTS, "True False"), (BROKEN, "True")],
    ids=["nothing is left to load for a chart", "charts are only loaded where they are used", "a library has changed"],
)
def test_what_runs_need_is_loaded_in_steps(script: str, told: str) -> None:
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == told


@pytest.mark.parametrize("rehearsal", [*REHEARSALS, *REHEARSALS_TO_DRAW])
def test_a_rehearsal_goes_to_its_end(rehearsal: Callable[[], Iterator[None]]) -> None:
    assert len(list(rehearsal())) > 1
