"""How much of a plan a run would call, and how much it would reuse: entries are read, nothing is loaded or run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.cache import Cache
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.plan import Plan
from core.schedule.lookup import Lookup
from core.schedule.moment import Moment, Outcome


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
    the registry counts as called, and is taken to change nothing for the others. Arguments as for `execute`.
    """
    moment = Moment(plan, inputs)
    lookup = Lookup(moment, catalog, inputs, cache, run, anew, everything_anew)
    calls = reuses = 0
    for position, task in enumerate(plan.tasks):
        if to_order is not None and task.order > to_order:
            break
        entry = None
        if DATA_KEY not in task.input_keys:
            try:
                entry = lookup.find(lookup.ticket(position, moment.reads(position)))
            except LookupError:
                entry = None
        if entry is None or len(entry.outputs) != len(task.output_keys):
            calls += 1
        else:
            reuses += 1
            moment.outcomes[position] = Outcome(entry.result, entry.outputs)
    return calls, reuses
