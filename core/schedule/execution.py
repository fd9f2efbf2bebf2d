"""One request of a managed run, executed: from its plan to the state in which it leaves the run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.artifact_folder import ArtifactFolder
from core.cache import Cache
from core.capture import all_heard
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.errors import MissingValueError, UnknownTaskError
from core.executors import Executor, opened
from core.function import Function
from core.plan import Plan
from core.record import Event, RunState
from core.request import Limits
from core.retry import Former
from core.schedule.call import Workplace
from core.schedule.lookup import Lookup
from core.schedule.moment import Moment
from core.schedule.order import ancestors, segments
from core.schedule.scheduler import Scheduler
from core.secret import masked_json
from core.settings import ExecutorName
from core.workflow import Workflow


def execute(
    plan: Plan,
    catalog: Catalog,
    inputs: Mapping[str, Any],
    *,
    cache: Cache,
    artifacts: ArtifactFolder,
    emit: Callable[[Event], None],
    run: str,
    executor: ExecutorName = "inline",
    workers: int = 2,
    to_order: int | None = None,
    only: str | None = None,
    anew: Collection[str] = (),
    everything_anew: bool = False,
    pipelined: bool = False,
    previous: Workflow | None = None,
    failed: Mapping[str, str] | None = None,
    former: Mapping[str, Former] | None = None,
    limits: Limits | None = None,
    secrets: Collection[str] = (),
    is_current: Callable[[Function], bool] = lambda _function: True,
) -> RunState:
    """Bring the tasks of a plan up to date: reuse what is kept, call the others, store what they return.

    Args:
        plan: what runs, of functions of the catalog.
        inputs: a value for every input.
        cache, artifacts: where results are kept.
        emit: gets every "task" and "log" event (see `core.record`), also from other threads, one at a time. What a
            task wrote is on the disk before its event.
        run: the run's id. What may not be reused by another run is kept for later requests of the same one.
        executor, workers: how tasks are run, and how many at once.
        to_order: stop after this order.
        only: call this one task, whatever is kept, with the values that are kept.
        anew: ids of tasks to call even if a kept result would do; `everything_anew` for all of them.
        pipelined: a later order may begin as soon as its inputs are there.
        previous: the workflow of the run before, to say why a task is called.
        failed: task id -> reason, for tasks that are reported as failed and not called.
        former: task id -> attempts that ended the process in which they were made.
        limits: how much text is kept of one task, and how much memory it is told to have used up.
        secrets: texts that appear in no log, error or traceback, nor in what is told of values.
        is_current: False for a function of which a file was edited since its digest was made: what it returns is not
            kept, as it may come from a module that was imported only now.

    Returns failed if a task failed, paused if there is more to do, else done. Raises UnknownTaskError for `only`.
    """
    moment = Moment(plan, inputs)
    if only is not None:
        anew, everything_anew = (only,), False
    lookup = Lookup(moment, catalog, inputs, cache, run, anew, everything_anew, previous)
    place = Workplace(lookup, cache, artifacts, run, limits or Limits(), tuple(secrets), {}, is_current)
    scheduler = Scheduler(plan, catalog, moment, place, failed or {}, former or {}, _masking(emit, secrets))
    with all_heard(), opened(executor, workers, scheduler.tell) as pool:
        if only is not None:
            is_whole = _run_one(_position(plan, only), moment, scheduler, pool)
        else:
            stop = len(plan.tasks) if to_order is None else sum(task.order <= to_order for task in plan.tasks)
            for positions in segments(plan, stop, pipelined):
                scheduler.run(pool, positions)
            is_whole = stop == len(plan.tasks)
    if scheduler.has_failed:
        return RunState.FAILED
    return RunState.DONE if is_whole else RunState.PAUSED


def _masking(emit: Callable[[Event], None], secrets: Collection[str]) -> Callable[[Event], None]:
    """Return an `emit` that lets no secret through in what is told of values."""
    if not any(secrets):
        return emit

    def told(event: Event) -> None:
        outputs = event.get("outputs")
        emit({**event, "outputs": masked_json(outputs, secrets)} if outputs else event)

    return told


def _position(plan: Plan, task_id: str) -> int:
    try:
        return plan.positions[task_id]
    except KeyError:
        raise UnknownTaskError(f"there is no task {task_id[:60]!r} in this run") from None


def _run_one(position: int, moment: Moment, scheduler: Scheduler, pool: Executor) -> bool:
    """Call one task with kept values; return True if nothing else is left to do.

    What it needs is called too where it was computed before and could not be stored; nothing else is.
    """
    plan = moment.plan
    again: list[int] = []
    for needed in ancestors(plan, position):
        is_behind = any(source in again for source in plan.sources[needed])
        if not scheduler.find(needed) and (is_behind or scheduler.is_unstored(needed)):
            again.append(needed)
    reads = zip(moment.reads(position), _sources(plan, position), strict=True)
    missing = [key for (key, held), source in reads if held is None and source not in again]
    if missing:
        names = ", ".join(dict.fromkeys(missing))
        text = f"task {plan.tasks[position].id} cannot run yet, these values are missing: {names}"
        scheduler.fail(position, str(MissingValueError(text, missing)))
        return False
    scheduler.run(pool, [*again, position])
    return all(scheduler.find(other) for other in range(len(plan.tasks)) if moment.outcomes[other] is None)


def _sources(plan: Plan, position: int) -> list[int]:
    """The sources of all that a task reads but the registry."""
    keys, sources = plan.tasks[position].input_keys, plan.sources[position]
    return [source for key, source in zip(keys, sources, strict=True) if key != DATA_KEY]
