"""Managed runs: how soon they begin, what keeping results costs, what an edit costs, what parallel tasks save."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks.functions import key, loop, loop_rows, table_rows
from core import Catalog, Run, Workflow
from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.record import RunRecord
from core.request import RunRequest
from core.runner import Runner
from core.runner.warming import warm, warm_at_once
from core.schedule import execute
from core.settings import ExecutorName, Settings
from core.value.answer import Answer
from core.value.page import Query
from core.value.question import rows as page_of

MODULES = ("benchmarks.functions", "benchmarks.work")
LENGTH = 200
AT_ONCE = 8
HEADER = ("what", "measured", "bound", "ok")
WORK = "benchmarks.work"
SAMPLE = Path(__file__).parents[1] / "sample_workflows" / "analysis_3.json"


@dataclass(frozen=True)
class Figure:
    """One measured figure; a bound that begins with "<" is the most that it may be, one with ">" the least."""

    what: str
    measured: float
    unit: str
    bound: str

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the columns of `HEADER`."""
        limit = float(self.bound[1:])
        holds = self.measured <= limit if self.bound[0] == "<" else self.measured >= limit
        return self.what, f"{self.measured:.2f} {self.unit}", self.bound, "yes" if holds else "NO"


def run_figures() -> Iterator[Figure]:
    """Measure everything, one after another."""
    catalog = Catalog.from_modules(
        [*MODULES, *(f"sample_workflows.{name}" for name in ("prices", "technical", "charts"))]
    )
    yield _cost_per_task(catalog)
    yield from _after_an_edit(catalog)
    with _runner() as runner:
        yield from _managed(runner, catalog)
        yield from _at_once(runner, catalog)
        yield _large_frame(runner, catalog)


@contextmanager
def _runner() -> Iterator[Runner]:
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings(), data=Path(folder), function_modules=MODULES)
        runner = Runner(settings)
        try:
            runner.catalog()
            yield runner
        finally:
            runner.close()


def _cost_per_task(catalog: Catalog) -> Figure:
    workflow = Workflow(table_rows(LENGTH), {key(0): 0}, catalog=catalog)
    rows = loop_rows(LENGTH)
    costs = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            kept, plain = _seconds(lambda folder=folder: _execute(workflow, folder)), _seconds(lambda: loop(rows))
            costs.append((kept - plain) / LENGTH * 1000)
    return Figure("a small task with its result kept on disk", median(costs), "ms", "<3")


def _execute(workflow: Workflow, folder: str) -> list[str]:
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
        run="0" * 32,
    )
    return [event["state"] for event in told if event["kind"] == "task" and event["state"] != "running"]


def _analysis(catalog: Catalog, title: str) -> Workflow:
    """Analysis 3 with a slow first task; `title` is a keyword argument of its last one."""
    workflow = Workflow.from_json(SAMPLE, catalog=catalog)
    first, *others, last = workflow.tasks
    slow = replace(first, function_path=f"{WORK}.slow_prices")
    return workflow.replace(tasks=[slow, *others, replace(last, kwargs={**last.kwargs, "xlabel": title})])


def _after_an_edit(catalog: Catalog) -> Iterator[Figure]:
    """The engine's own cost: all that takes time but the call of the one task that runs."""
    previous = _analysis(catalog, "0").start().finish()
    costs = []
    for number in range(1, 12):
        workflow = _analysis(catalog, str(number))
        plan = workflow.plan
        begin = time.perf_counter()
        run: Run = workflow.start()
        run.adopt(previous)
        run.finish()
        whole = time.perf_counter() - begin
        called = [result for result in run.results.values() if result.state == "done"]
        assert [result.task.id for result in called] == [plan.tasks[-1].id]  # noqa: S101 - else nothing was measured
        costs.append((whole - called[0].seconds) * 1000)
        previous = run
    yield Figure("after an edit of the last task: engine, results in memory", median(costs), "ms", "<1")
    with tempfile.TemporaryDirectory() as folder:
        _execute(_analysis(catalog, "0"), folder)
        outcomes = [_in_new_process(folder, str(number)) for number in range(1, 8)]
        yield Figure("the same, results on disk, in a new process", median(cost for cost, _ in outcomes), "ms", "<10")
        yield Figure("tasks that ran", max(count for _, count in outcomes), "", "<1")
        again = _execute(_analysis(catalog, "7"), folder)
        yield Figure("tasks that ran when nothing had changed", again.count("done"), "", "<0")


def _in_new_process(folder: str, title: str) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.runs", folder, title]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(answer[0]), int(answer[1])


def _print_own_cost(folder: str, title: str) -> None:
    """In a process of its own: print the engine's own milliseconds, and how many tasks ran.

    All that a worker is a copy of is made before the clock starts, as the supervisor makes it; nothing of the analysis
    itself is warm.
    """
    names = [WORK, *(f"sample_workflows.{name}" for name in ("prices", "technical", "charts"))]
    workflow = _analysis(Catalog.from_modules(names), title)
    plan = workflow.plan
    warm_at_once()
    deque(warm(workflow.catalog), maxlen=0)
    artifacts = ArtifactFolder(Path(folder) / "artifacts")
    told: list[Any] = []
    begin = time.perf_counter()
    execute(
        plan,
        workflow.catalog,
        workflow.inputs,
        cache=DiskCache(Path(folder), artifacts),
        artifacts=artifacts,
        emit=told.append,
        run=uuid4().hex,
    )
    whole = time.perf_counter() - begin
    done = [event for event in told if event["kind"] == "task" and event["state"] == "done"]
    print((whole - sum(event["seconds"] for event in done)) * 1000, len(done))


def _managed(runner: Runner, catalog: Catalog) -> Iterator[Figure]:
    small = Workflow(table_rows(3), {key(0): 0}, catalog=catalog)
    first: list[float] = []
    for _ in range(9):
        begin = time.time()
        first.append((_run(runner, small).began - begin) * 1000)
    yield Figure("submit to the first event of a managed run, warm", median(first), "ms", "<150")
    _run(runner, _analysis(catalog, "0"))
    walls = []
    for number in range(1, 8):
        workflow = _analysis(catalog, str(number))
        walls.append(_seconds(lambda workflow=workflow: _run(runner, workflow)) * 1000)
    yield Figure("the managed run after an edit of the last task", median(walls), "ms", "<150")


def _at_once(runner: Runner, catalog: Catalog) -> Iterator[Figure]:
    for function, executor, workers, bound in (
        ("nap", "threads", AT_ONCE, ">7"),
        ("count", "processes", 2, ">1.7"),
        ("waves", "threads", 2, ">1.5"),
    ):
        rows = [[0, f"{WORK}.{function}", f"n{n}", {}, f"v{n}"] for n in range(AT_ONCE)]
        workflow = Workflow(rows, {f"n{n}": n for n in range(AT_ONCE)}, catalog=catalog)
        ratios = []
        for _ in range(3):
            serial = _seconds(lambda w=workflow: _run(runner, w, "inline", 1))
            ratios.append(serial / _seconds(lambda w=workflow, e=executor, n=workers: _run(runner, w, e, n)))
        what = f"{AT_ONCE} rows of one order, {function}: serial / {executor} ({workers})"
        yield Figure(what, median(ratios), "x", bound)


def _large_frame(runner: Runner, catalog: Catalog) -> Figure:
    """A frame of 5 million rows by 4 floats, written, reused and looked at from this process."""
    import psutil

    rows = [[0, f"{WORK}.wide_frame", "rows", {}, "frame"], [1, f"{WORK}.mean", "frame", {}, "mean"]]
    workflow = Workflow(rows, {"rows": 5_000_000}, catalog=catalog)
    own = psutil.Process()
    before = own.memory_info().rss
    record = _run(runner, workflow, anew=False)
    again = _run(runner, workflow, anew=False)
    frame = next(found.outputs["frame"] for found in again.tasks.values() if "frame" in found.outputs)
    shown = Answer.from_bytes(runner.ask(frame, dict(page_of(Query(), 4_999_900, 100))))
    assert record.state == "done"  # noqa: S101
    assert shown.frame is not None  # noqa: S101
    return Figure(
        "5,000,000 x 4 floats written, reused, looked at: growth", (own.memory_info().rss - before) / 1e6, "MB", "<50"
    )


def _run(
    runner: Runner, workflow: Workflow, executor: ExecutorName = "inline", workers: int = 1, anew: bool = True
) -> RunRecord:
    """Run it; small and slow ones from the beginning."""
    is_anew = anew and len(workflow.tasks) <= AT_ONCE
    request = RunRequest(uuid4().hex, workflow.to_json(), executor=executor, workers=workers, everything_anew=is_anew)
    runner.submit(request)
    record = runner.wait(request.id, 120)
    if record.state != "done":
        raise RuntimeError(f"the run is {record.state}: {record.reason}")
    return record


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def print_figures() -> None:
    """Print the table."""
    from benchmarks.report import text_table

    print("\nManaged runs\n")
    print(text_table(HEADER, [figure.cells() for figure in run_figures()]))


if __name__ == "__main__":
    if sys.argv[1:]:
        _print_own_cost(*sys.argv[1:3])
    else:
        print_figures()
