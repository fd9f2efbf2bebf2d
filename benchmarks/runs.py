"""Managed runs: how soon they begin, what keeping results costs, what an edit costs, what parallel tasks save."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks import rerun
from benchmarks.functions import key, loop, loop_rows, table_rows
from core import Catalog, Run, Workflow
from core.record import RunRecord
from core.request import RunRequest
from core.runner import Runner
from core.settings import ExecutorName, Settings
from core.value.answer import Answer
from core.value.page import Query
from core.value.question import rows as page_of

MODULES = ("benchmarks.functions", "benchmarks.work")
LENGTH = 200
AT_ONCE = 8
HEADER = ("what", "measured", "bound", "ok")
WORK = "benchmarks.work"


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
    catalog = Catalog.from_modules(["benchmarks.functions", *rerun.MODULES])
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
            kept, plain = _seconds(lambda folder=folder: rerun.kept_run(workflow, folder)), _seconds(lambda: loop(rows))
            costs.append((kept - plain) / LENGTH * 1000)
    return Figure("a small task with its result kept on disk", median(costs), "ms", "<3")


def _after_an_edit(catalog: Catalog) -> Iterator[Figure]:
    """The engine's own cost: all that takes time but the call of the one task that runs."""
    previous = rerun.edited(catalog, "0").start().finish()
    costs = []
    for number in range(1, 12):
        workflow = rerun.edited(catalog, str(number))
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
    cost, most = rerun.costs("tasktable")["tasktable"]
    yield Figure("the same, results on disk, in a new process", cost, "ms", "<10")
    yield Figure("tasks that ran", most, "", "<1")
    with tempfile.TemporaryDirectory() as folder:
        again = [rerun.kept_run(rerun.edited(catalog, "0"), folder) for _ in range(2)][-1]
        yield Figure("tasks that ran when nothing had changed", again.count("done"), "", "<0")


def _managed(runner: Runner, catalog: Catalog) -> Iterator[Figure]:
    small = Workflow(table_rows(3), {key(0): 0}, catalog=catalog)
    first: list[float] = []
    for _ in range(9):
        begin = time.time()
        first.append((_run(runner, small).began - begin) * 1000)
    yield Figure("submit to the first event of a managed run, warm", median(first), "ms", "<150")
    _run(runner, rerun.edited(catalog, "0"))
    walls = []
    for number in range(1, 8):
        workflow = rerun.edited(catalog, str(number))
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
    print_figures()
