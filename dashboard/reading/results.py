"""What is known of a session's run now: states, stops and values at the moment that is looked at. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from core import REQUIRED, State, Task, TasktableError, Workflow
from core.artifact import Artifact
from core.dataflow import DATA_KEY, OUTSIDE, trace
from core.plan import Plan
from core.record import RunRecord, RunState, TaskRecord
from core.reuse import same_work
from core.schedule.call import SAME_WORK
from core.table import ordered
from core.task import NOTHING
from core.value.holder import Holder, InMemory
from dashboard.attempt import Attempt
from dashboard.reading.stored import Stored
from dashboard.server.backend import backend
from dashboard.state import Session

CALLED = (State.DONE, State.FAILED, State.RUNNING, State.STALE)
UNSAID = TaskRecord(State.WAITING)
MOST_READ = 64
_read: dict[str, RunRecord] = {}


def record(session: Session) -> RunRecord | None:
    """Return what the runner knows of the session's run; of one that it does not know, what was recorded."""
    if session.run is None:
        return None
    return backend().runner.record(session.run.id) or _recorded(session.run.id)


def _recorded(run_id: str) -> RunRecord | None:
    """Return what was recorded of a run; one that is over is read once."""
    if run_id not in _read:
        try:
            found = backend().store.run(run_id).record
        except TasktableError:
            return None
        if not found.state.is_over:
            return found
        _read[run_id] = found
        while len(_read) > MOST_READ:
            _read.pop(next(iter(_read)), None)
    return _read.get(run_id)


def is_running(session: Session) -> bool:
    """True while a process works on the session's run, or while it waits for one."""
    known = record(session)
    return known is not None and not known.state.is_over


def is_current(session: Session) -> bool:
    """True if the run is one of the draft as it stands now."""
    return session.run is not None and session.run.draft is session.draft


def goes_on(session: Session) -> bool:
    """True if Run would go on with the session's run; else it begins another one."""
    return session.run is not None and not session.run.is_past and is_current(session)


def states(session: Session) -> dict[str, TaskRecord]:
    """Return task id -> what is known of each of the draft's tasks now; what the table has left behind is stale."""
    attempt, plan = session.run, session.draft.plan_or_none
    if attempt is None:
        return {}
    shown = {task_id: known for task_id, known, order in _outcomes(session) if attempt.shows(task_id, order)}
    if attempt.draft is session.draft:
        return shown
    holds = _holding(session, attempt, plan)
    known = {task.id for task in session.draft.tasks}
    return {
        task_id: found if task_id in holds else _stale(found, "the table or an input changed")
        for task_id, found in shown.items()
        if task_id in known
    }


def kept(session: Session, draft: Workflow) -> dict[str, TaskRecord]:
    """Return task id -> outcome, for the tasks of a draft whose outcome in the session's run holds there too."""
    attempt, plan = session.run, draft.plan_or_none
    if attempt is None or plan is None:
        return {}
    outcomes = {task_id: known for task_id, known, _ in _outcomes(session)}
    old = attempt.draft.plan
    return {
        plan.tasks[new].id: outcomes[old.tasks[position].id]
        for new, position in same_work(plan, draft.inputs, old, attempt.draft.inputs).items()
        if outcomes.get(old.tasks[position].id, UNSAID).is_finished
    }


def _holding(session: Session, attempt: Attempt, plan: Plan | None) -> set[str]:
    if plan is None:
        return _untouched(session.draft, attempt.draft)
    old = attempt.draft.plan
    same = same_work(plan, session.draft.inputs, old, attempt.draft.inputs)
    return {plan.tasks[new].id for new, position in same.items() if plan.tasks[new].id == old.tasks[position].id}


def _untouched(draft: Workflow, ran: Workflow) -> set[str]:
    """Return the ids of the tasks of a draft that cannot run which are as they ran, with all that they read."""
    former = {task.id: (task, reads) for task, reads in _with_reads(ran)}
    found: set[str] = set()
    for task, reads in _with_reads(draft):
        known, path = former.get(task.id), task.function_path
        is_same = known is not None and known[0] is task and known[1] == reads
        is_same = is_same and draft.catalog.find(path) is ran.catalog.find(path)
        if is_same and all(writer is None or writer in found for _, writer, _ in reads):
            found.add(task.id)
    return found


def _with_reads(workflow: Workflow) -> Iterator[tuple[Task, list[tuple[str, str | None, int]]]]:
    """Yield each task in run order, and of what it reads the key, the id of the writer, and else which value it is.

    As with tasks, only the very same value is the same: 1, 1.0 and True are equal.
    """
    flow = trace(workflow.tasks)
    for task, sources in zip(flow.tasks, flow.sources, strict=True):
        yield (
            task,
            [
                (key, None, id(workflow.inputs.get(key))) if source == OUTSIDE else (key, flow.tasks[source].id, 0)
                for key, source in zip(task.input_keys, sources, strict=True)
            ],
        )


def _outcomes(session: Session) -> Iterator[tuple[str, TaskRecord, int]]:
    """Yield id, outcome and order of every task of the run, in run order; those that are out of date as stale."""
    attempt, known = session.run, record(session)
    if attempt is None:
        return
    told = known.tasks if known else NOTHING
    plan = attempt.draft.plan
    stale: set[int] = set()
    for position, task in enumerate(plan.tasks):
        found = told.get(task.id) or attempt.base.get(task.id)
        if found is None:
            continue
        for source in plan.sources[position]:
            writer = told.get(plan.tasks[source].id) if source != OUTSIDE else None
            is_later = writer is not None and task.id in told and writer.number > found.number
            if found.is_finished and (source in stale or is_later):
                stale.add(position)
                found = _stale(found, f"task {plan.tasks[source].id} ran again")
        yield task.id, found, task.order


def _stale(found: TaskRecord, reason: str) -> TaskRecord:
    return replace(found, state=State.STALE, reason=reason)


@dataclass(frozen=True)
class Stop:
    """One order of the draft: the state of its tasks as a whole, the keys it has written, the time of its calls."""

    order: int
    state: str
    seconds: float = 0.0
    keys: tuple[str, ...] = ()


def stops(session: Session) -> list[Stop]:
    """Return one stop per order of the draft."""
    results = states(session)
    found: dict[int, list[Task]] = {}
    for task in ordered(session.draft.tasks):
        found.setdefault(task.order, []).append(task)
    return [_stop(order, tasks, results) for order, tasks in found.items()]


PRECEDENCE = ("running", "failed", "stale", "waiting", "skipped", "done", "reused")


def _stop(order: int, tasks: list[Task], results: Mapping[str, TaskRecord]) -> Stop:
    outcomes = [results.get(task.id, UNSAID) for task in tasks]
    found = {str(outcome.state) for outcome in outcomes}
    worst = next(state for state in PRECEDENCE if state in found)
    seconds = sum(outcome.seconds for outcome in outcomes if outcome.state in CALLED)
    return Stop(order, worst, seconds, tuple(key for outcome in outcomes for key in outcome.outputs))


def current_order(session: Session) -> int | None:
    """Return the order after which the run is looked at, if it is one of the draft's."""
    order = session.run.moment if session.run else None
    return order if order in {task.order for task in session.draft.tasks} else None


def reached(session: Session) -> int | None:
    """Return the order from which a run of the draft would go on: all up to it has run, and holds."""
    attempt, plan = session.run, session.draft.plan_or_none
    if attempt is None or plan is None or attempt.draft is session.draft:
        return attempt.moment if attempt else None
    held = kept(session, session.draft)
    last = None
    for stage in plan.stages:
        tasks = plan.tasks[stage.start : stage.stop]
        if attempt.moment is None or stage.order > attempt.moment or any(task.id not in held for task in tasks):
            break
        last = stage.order
    return last


def next_order(session: Session) -> int | None:
    """Return the order that Step would come to; None at the end."""
    last = reached(session)
    return min((task.order for task in session.draft.tasks if last is None or task.order > last), default=None)


def why(session: Session, task: Task) -> str:
    """Return why a task ran, was reused, failed, or has not run."""
    found = states(session).get(task.id)
    texts = {
        State.RUNNING: "It is running now.",
        State.DONE: _sentence(session, "It ran", found) if found and found.reason else "It ran for the first time.",
        State.REUSED: _sentence(session, "Its result was reused", found),
        State.STALE: _sentence(session, "Its result is from before", found),
        State.SKIPPED: _sentence(session, "It was skipped", found),
        State.FAILED: f"It failed: {for_people(session, found.error or found.reason)}" if found else "",
    }
    if found and found.state is State.WAITING and found.reason:
        return _sentence(session, "It has not ended", found)
    return texts.get(found.state, "It has not run yet.") if found else "It has not run yet."


def _sentence(session: Session, beginning: str, found: TaskRecord | None) -> str:
    return f"{beginning}: {for_people(session, found.reason)}." if found and found.reason else f"{beginning}."


def for_people(session: Session, text: str) -> str:
    """Return what the engine says, with rows and the numbers of runs in place of ids."""
    rows = {task.id: number for number, task in enumerate(session.draft.tasks, 1)}

    def row(found: re.Match[str]) -> str:
        return f"row {rows[found[1]]}" if found[1] in rows else found[0]

    def run(found: re.Match[str]) -> str:
        try:
            return f"run {backend().store.run(found[1]).number}"
        except TasktableError:
            return "an earlier run"

    return re.sub(r"\brun ([0-9a-f]{32})\b", run, re.sub(r"\btask ([\w-]+)", row, text))


def written_values(session: Session, task_id: str) -> dict[str, Holder]:
    """Return key -> value of what a task has written."""
    found = states(session).get(task_id)
    return {key: Stored(artifact) for key, artifact in found.outputs.items()} if found else {}


def new_keys(session: Session, task: Task) -> set[str]:
    """Return the keys that a task is the first to write."""
    earlier = {key for other in session.draft.tasks if other.order < task.order for key in other.output_keys}
    return set(task.output_keys) - earlier - session.draft.inputs.keys()


def read_values(session: Session, task_id: str) -> dict[str, Holder]:
    """Return key -> value of what a task reads, as far as it is there."""
    attempt = session.run
    if attempt is None or task_id not in attempt.draft.plan.positions:
        return {}
    plan, results = attempt.draft.plan, states(session)
    position = plan.positions[task_id]
    found: dict[str, Holder] = {}
    for key, source in zip(plan.tasks[position].input_keys, plan.sources[position], strict=True):
        if source != OUTSIDE:
            artifact = results.get(plan.tasks[source].id, UNSAID).outputs.get(key)
            if artifact is not None:
                found[key] = Stored(artifact)
        elif key != DATA_KEY and attempt.draft.inputs.get(key, REQUIRED) is not REQUIRED:
            found[key] = InMemory(attempt.draft.inputs[key])
    return found


def output_artifacts(session: Session) -> dict[str, tuple[Artifact, str]]:
    """Return key -> its latest value at the moment, and the id of the task that wrote it; in run order."""
    results, attempt = states(session), session.run
    found: dict[str, tuple[Artifact, str]] = {}
    for task in attempt.draft.plan.tasks if attempt else ():
        outputs = results.get(task.id, UNSAID).outputs
        found.update({key: (artifact, task.id) for key, artifact in outputs.items()})
    return found


def progress(session: Session) -> tuple[int, int, float | None]:
    """Return how many tasks of the run under way have ended, of how many, and the seconds that are left, if known.

    What a task took the last time is what it is expected to take now; what was never called is expected to take as long
    as those that were called in this run, on average.
    """
    attempt, known = session.run, record(session)
    if attempt is None or known is None:
        return 0, 0, None
    tasks = [task for task in attempt.draft.plan.tasks if attempt.shows(task.id, task.order)]
    ended = [task for task in tasks if known.tasks.get(task.id, UNSAID).state not in (State.WAITING, State.RUNNING)]
    called = [found.seconds for found in known.tasks.values() if found.state is State.DONE]
    usual = sum(called) / len(called) if called else None
    expected = [session.durations.get(task.id, usual) for task in tasks if task not in ended]
    left = [seconds for seconds in expected if seconds is not None]
    return len(ended), len(tasks), sum(left) if len(left) == len(expected) else None


def is_waiting_for_others(session: Session) -> bool:
    """True if the run under way does nothing but wait for work that another run, or another task, does already."""
    known = record(session)
    tasks = known.tasks.values() if known and not known.state.is_over else ()
    return any(task.reason == SAME_WORK for task in tasks) and not any(task.state is State.RUNNING for task in tasks)


def failures(session: Session) -> list[tuple[Task, TaskRecord]]:
    """Return the tasks of the draft that have failed, in run order."""
    found = states(session)
    return [
        (task, found[task.id])
        for task in ordered(session.draft.tasks)
        if task.id in found and found[task.id].state is State.FAILED
    ]


def has_been_stopped(session: Session) -> bool:
    """True if the session's run ended before its time."""
    known = record(session)
    return known is not None and known.state in (RunState.STOPPED, RunState.INTERRUPTED)
