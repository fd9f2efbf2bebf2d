"""`make bench`: what the engine costs against a plain loop of the same calls, and how long it takes to start.

Prints ratios of one run on one machine; see `benchmarks.timing` for how a ratio is measured. It informs: the exit code
is 0 whether the bounds hold or not.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.functions import key, loop, loop_rows, table_rows
from benchmarks.report import HEADER, Line, text_table
from benchmarks.runs import print_figures
from benchmarks.startup import startup_lines
from benchmarks.timing import Comparison, Work, compare
from core import Catalog, Workflow
from core.plan import prepare
from core.table import read_rows

SHORT, LONG = 1_000, 10_000
RUN_BOUND = 4
PREPARE_BOUND = 20
LINEAR_BOUND = 1.5


class Chain:
    """One chain of tasks and every piece of work on it that is measured."""

    def __init__(self, length: int) -> None:
        self.length = length
        self._rows = table_rows(length)
        self._loop_rows = loop_rows(length)
        self._declared = declare(self._rows)
        self._catalog = Catalog.from_modules(["benchmarks.functions"])
        self._workflow = Workflow(self._rows, {key(0): 0}, catalog=self._catalog)
        if self.run() != self.loop():
            raise AssertionError("the engine and the loop disagree")

    def loop(self) -> dict[str, int]:
        """The limit: the same calls, without an engine."""
        return loop(self._loop_rows)

    def run(self) -> dict[str, int]:
        """Run a workflow that is planned already."""
        return self._workflow.run()

    def prepare(self) -> None:
        """Check and plan tasks that are read already."""
        prepare(self._workflow.tasks, self._workflow.declared_inputs, self._catalog)

    def read(self) -> None:
        """Turn rows into tasks."""
        read_rows(self._rows)

    def create(self) -> None:
        """Read, check and plan, as `Workflow.create` does."""
        self._declared.create()


def main(arguments: list[str]) -> None:
    """Print the table; with `--peers`, then that of the peers."""
    if unknown := [argument for argument in arguments if argument != "--peers"]:
        sys.exit(f"unknown argument {unknown[0]}; there is only --peers")
    print(f"Python {platform.python_version()}, {platform.machine()}. Ratios of this run on this machine.\n")
    short, long = Chain(SHORT), Chain(LONG)
    for chain in (short, long):
        nanoseconds = compare(chain.loop, chain.loop).limit_seconds / chain.length * 1e9
        print(f"the loop of {chain.length:,} calls, for reference: {nanoseconds:.0f} ns per call")
    print()
    lines = [*engine_lines(short, long), *startup_lines()]
    print(text_table(HEADER, [line.cells() for line in lines]))
    print_figures()
    if "--peers" in arguments:
        from benchmarks.rerun import print_reruns
        from benchmarks.trial import print_peers

        print_reruns()
        print_peers()


def declare(rows: list[list[Any]]) -> type[Workflow]:
    """Return the class that an analyst would write for these rows."""

    class Declared(Workflow):
        TASKS = rows
        INPUTS = {key(0): 0}

    return Declared


def engine_lines(short: Chain, long: Chain) -> Iterator[Line]:
    """Measure everything that happens in one process."""
    yield Line(f"run {SHORT:,} tasks / loop", compare(short.run, short.loop), RUN_BOUND)
    yield Line(f"run {LONG:,} tasks / loop", compare(long.run, long.loop), RUN_BOUND)
    yield Line(f"run: a task of {LONG:,} / one of {SHORT:,}", per_task(long, long.run, short, short.run), LINEAR_BOUND)
    yield Line(f"check and plan {SHORT:,} rows / loop", compare(short.prepare, short.loop), PREPARE_BOUND)
    yield Line(f"check and plan {LONG:,} rows / loop", compare(long.prepare, long.loop), PREPARE_BOUND)
    yield Line(
        f"check and plan: a row of {LONG:,} / one of {SHORT:,}",
        per_task(long, long.prepare, short, short.prepare),
        LINEAR_BOUND,
    )
    for chain in (short, long):
        yield Line(f"read {chain.length:,} rows / loop", compare(chain.read, chain.loop))
        yield Line(f"create() of {chain.length:,} rows / loop", compare(chain.create, chain.loop))


def per_task(long: Chain, long_work: Work, short: Chain, short_work: Work) -> Comparison:
    """Compare the cost per task of a long chain with that of a short one, run as often as gives as many tasks."""

    def short_works() -> None:
        for _ in range(long.length // short.length):
            short_work()

    return compare(long_work, short_works)


if __name__ == "__main__":
    main(sys.argv[1:])
