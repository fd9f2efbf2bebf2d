"""The same chain in Tasktable, Kedro, Hamilton and Dask, each by its fastest documented way inside one process.

A peer is a function: from the number of tasks it builds a chain and returns the function that runs it and returns the
last value. Libraries are imported inside, so that one that is not installed is not missed.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from benchmarks.functions import increase, key, table_rows

Run = Callable[[], Any]


def tasktable(length: int) -> Run:
    """`create()` reads, checks and plans; `run()` returns every value."""
    from core import Workflow

    class Chain(Workflow):
        TASKS = table_rows(length)
        INPUTS = {key(0): 0}

    workflow = Chain.create()
    return lambda: workflow.run()[key(length)]


def kedro(length: int) -> Run:
    """Datasets that hand values on without copying them, no log lines; hooks and projects are left out."""
    from kedro.io import DataCatalog, MemoryDataset
    from kedro.pipeline import Pipeline, node
    from kedro.runner import SequentialRunner

    logging.getLogger("kedro").setLevel(logging.WARNING)
    pipeline = Pipeline([node(increase, key(i), key(i + 1), name=f"t{i}") for i in range(length)])
    datasets = {key(i): MemoryDataset(copy_mode="assign") for i in range(1, length + 1)}
    catalog = DataCatalog({key(0): MemoryDataset(0), **datasets})

    def run() -> Any:
        outputs = SequentialRunner().run(pipeline, catalog)
        return outputs[key(length)].load()

    return run


def hamilton(length: int) -> Run:
    """A module with one function per value, as users write it; making that module does not count as building."""
    from hamilton.base import DefaultAdapter
    from hamilton.driver import Builder

    driver = Builder().with_modules(_hamilton_module(length)).with_adapter(DefaultAdapter()).build()
    return lambda: driver.execute([key(length)], inputs={key(0): 0})[key(length)]


def dask_graph(length: int) -> Run:
    """A plain graph for the synchronous scheduler: the least that Dask can do."""
    from dask.local import get_sync

    graph = {key(0): 0, **{key(i + 1): (increase, key(i)) for i in range(length)}}
    return lambda: get_sync(graph, key(length))


def dask_delayed(length: int) -> Run:
    """`dask.delayed`, as most people write it, on the synchronous scheduler."""
    from dask.delayed import delayed

    step = delayed(increase, pure=False)
    value: Any = 0
    for _ in range(length):
        value = step(value)
    return lambda: value.compute(scheduler="synchronous")


@functools.cache
def _hamilton_module(length: int) -> ModuleType:
    module = ModuleType(f"chain_of_{length}")
    functions = [f"def {key(i + 1)}({key(i)}: int) -> int:\n    return {key(i)} + 1\n" for i in range(length)]
    exec("\n".join(functions), vars(module))  # noqa: S102  # Hamilton takes the graph from the names in source code
    sys.modules[module.__name__] = module
    return module


@dataclass(frozen=True)
class Peer:
    """One way to build and run the chain, and the package that it needs."""

    title: str
    package: str
    build: Callable[[int], Run]


PEERS = {
    "tasktable": Peer("Tasktable", "core", tasktable),
    "kedro": Peer("Kedro, SequentialRunner", "kedro", kedro),
    "hamilton": Peer("Hamilton, Driver.execute", "hamilton", hamilton),
    "dask-graph": Peer("Dask, graph", "dask", dask_graph),
    "dask-delayed": Peer("Dask, delayed", "dask", dask_delayed),
}
