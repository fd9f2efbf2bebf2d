"""Analysis 3 once more after an edit of its last task, its results on the disk, in a new process: here and elsewhere.

`python -m benchmarks.rerun NAME FOLDER TITLE` runs it in one library, with one keyword argument of the last task, and
prints the milliseconds that are not the last task's own call, and how many tasks were called. Everything that can be
imported is imported before the clock starts.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks import work
from benchmarks.report import text_table
from core import Catalog, Workflow
from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.runner.warming import warm, warm_at_once
from core.schedule import execute

MODULES = (work.__name__, *(f"sample_workflows.{name}" for name in ("prices", "technical", "charts")))
SAMPLE = Path(__file__).parents[1] / "sample_workflows" / "analysis_3.json"
EDITS = 9


def edited(catalog: Catalog, title: str) -> Workflow:
    """Return analysis 3 with a slow first task; `title` is a keyword argument of its last one."""
    workflow = Workflow.from_json(SAMPLE, catalog=catalog)
    first, *others, last = workflow.tasks
    slow = replace(first, function_path=f"{work.__name__}.slow_prices")
    drawn = replace(last, function_path=f"{work.__name__}.timed_plot", kwargs={**last.kwargs, "xlabel": title})
    return workflow.replace(tasks=[slow, *others, drawn])


def kept_run(workflow: Workflow, folder: str) -> list[str]:
    """Run it all in this process with the results kept in the folder; return the states of its tasks."""
    artifacts = ArtifactFolder(Path(folder) / "artifacts")
    told: list[Any] = []
    execute(
        workflow.plan,
        workflow.catalog,
        workflow.inputs,
        cache=DiskCache(Path(folder), artifacts),
        artifacts=artifacts,
        emit=told.append,
        run=uuid4().hex,
    )
    return [event["state"] for event in told if event["kind"] == "task" and event["state"] != "running"]


def costs(*names: str) -> dict[str, tuple[float, int]]:
    """Return for each library the median of the milliseconds, and the most tasks that were called.

    The libraries take turns, so that a slow moment of the machine hits all.
    """
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            _in_new_process(name, folder, "0")
        for number in range(1, EDITS + 1):
            for name in names:
                found[name].append(_in_new_process(name, folder, str(number)))
    return {
        name: (median(cost for cost, _ in outcomes), max(count for _, count in outcomes))
        for name, outcomes in found.items()
    }


def _in_new_process(name: str, folder: str, title: str) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.rerun", name, f"{folder}/{name}", title]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(answer[-2]), int(answer[-1])


def _tasktable(folder: str, title: str) -> Callable[[], object]:
    """All that a worker is a copy of is made before the clock starts, as the supervisor makes it."""
    workflow = edited(Catalog.from_modules(MODULES), title)
    workflow.plan  # noqa: B018  # is made once
    warm_at_once()
    deque(warm(workflow.catalog), maxlen=0)
    return lambda: kept_run(workflow, folder)


def _joblib(folder: str, title: str) -> Callable[[], object]:
    """The same calls one after another, each through `Memory.cache`."""
    from joblib import Memory

    memory = Memory(folder, verbose=0)
    workflow = edited(Catalog.from_modules(MODULES), title)
    plan = workflow.plan
    calls = [memory.cache(workflow.catalog[task.function_path].call) for task in plan.tasks]

    def run() -> None:
        values = dict(workflow.inputs)
        for task, call in zip(plan.tasks, calls, strict=True):
            values[task.output_keys[0]] = call(*(values[key] for key in task.input_keys), **task.kwargs)

    return run


def _hamilton(folder: str, title: str) -> Callable[[], object]:
    """A module with one function per value, on a driver with a cache."""
    from hamilton.driver import Builder

    from benchmarks import hamilton_analysis

    driver = Builder().with_modules(hamilton_analysis).with_cache(path=folder).build()
    inputs = edited(Catalog.from_modules(MODULES), title).inputs
    given = {re.sub("(?=[A-Z])", "_", name).lower(): value for name, value in inputs.items()}
    return lambda: driver.execute(["fig"], inputs={**given, "title": title})


LIBRARIES = {"tasktable": _tasktable, "joblib": _joblib, "hamilton": _hamilton}


def print_reruns() -> None:
    """Print what the run costs in each library that is installed, and as a share of the first one's cost."""
    found = costs(*(name for name in LIBRARIES if name == "tasktable" or find_spec(name)))
    own = found["tasktable"][0]
    rows = [[name, f"{cost:.1f} ms", f"{cost / own:.1f}", str(most)] for name, (cost, most) in found.items()]
    print("\nAnalysis 3 after an edit of its last task, in a new process, results on disk\n")
    print(text_table(("library", "its own cost", "ratio", "tasks that ran"), rows))


def print_cost(name: str, folder: str, title: str) -> None:
    """Measure in this process."""
    run = LIBRARIES[name](folder, title)
    begin = time.perf_counter()
    run()
    whole = time.perf_counter() - begin
    print((whole - sum(work.drawn)) * 1000, len(work.drawn) + len(work.loaded))


if __name__ == "__main__":
    print_cost(*sys.argv[1:4])
