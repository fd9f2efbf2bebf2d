"""How much of a plan a run would call, and how much it would reuse: entries are read, nothing is loaded or run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.cache import Cache, Entry
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.plan import Plan
from core.schedule.lookup import Lookup
from core.schedule.moment import Moment, Outcome
from core.task import Task


def forecast(
    plan: Plan,
    catalog: Catalog,
    inputs: Mapping[str, Any],
    cache: Cache,
    *,
    run: str = "",
    to_order: int | None = None,
    anew: Collection[str] = (),
    everything_anew: bool = False,
) -> tuple[int, int]:
    """Return how many tasks would be called, and how many reused.

    A task behind one that would be called counts as called, although an equal result may spare it. A task that reads
    the registry is taken to change nothing for the others. Arguments as for `execute`; `run` is the run that would go
    on, "" for a new one.
    """
    moment = Moment(plan, inputs)
    lookup = Lookup(moment, catalog, inputs, cache, run, anew, everything_anew)
    calls = reuses = 0
    for position, task in enumerate(plan.tasks):
        if to_order is not None and task.order > to_order:
            break
        try:
            entry = lookup.find(lookup.ticket(position, moment.reads(position)))
        except LookupError:
            entry = None
        if entry is None or not _fits(entry, task):
            calls += 1
        else:
            reuses += 1
            moment.outcomes[position] = Outcome(entry.result, entry.outputs[: len(task.output_keys)])
    return calls, reuses


def _fits(entry: Entry, task: Task) -> bool:
    """True if a kept result has the task's outputs; behind them is what it did to the registry, if it reads that."""
    count = len(entry.outputs)
    return count > len(task.output_keys) if DATA_KEY in task.input_keys else count == len(task.output_keys)
