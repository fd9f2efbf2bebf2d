"""One execution of a plan, in memory: step, run to, run one, go back, finish.

Values are shared, not copied, between the tasks of a run: a task that changes its argument in place changes it for
every later reader, unless the run is isolated. The caller's inputs and the table's kwargs are copied first and never
change.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from time import perf_counter
from types import MappingProxyType
from typing import Any

from core.capture import captured
from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import MissingValueError, TaskError, UnknownTaskError
from core.literal import is_immutable
from core.plan import Plan
from core.reason import KEPT, why_it_runs
from core.registry import FREED, Registry
from core.result import State, TaskResult
from core.reuse import same_work

WAITING, DONE, REUSED, STALE = State.WAITING, State.DONE, State.REUSED, State.STALE
FAILED, SKIPPED = State.FAILED, State.SKIPPED
FINISHED = (DONE, REUSED)
FAILURES = (Exception, SystemExit)

Listener = Callable[[TaskResult], None]


class Run:
    """A plan under way. Nothing runs until it is asked to; whatever has finished stays readable.

    A task that fails ends its dependants as skipped, and the others of the same call still run; then the call raises
    the first TaskError. The run can go on after it.

    Args:
        plan: what runs.
        inputs: a value for every input; copied, so that the caller's objects never change.
        on_event: called with a TaskResult when a task starts (state "running") and when it ends.
        keep_history: False lets go of values as soon as another task overwrites them; such a run cannot go back.
        isolated: True copies every argument first, so that no task can change what another one sees.
        captures: True keeps what each task prints and warns as the `log` of its result.
    """

    def __init__(
        self,
        plan: Plan,
        inputs: Mapping[str, Any],
        on_event: Listener | None = None,
        keep_history: bool = True,
        isolated: bool = False,
        captures: bool = False,
    ) -> None:
        count = len(plan.tasks)
        self.plan = plan
        self._registry = Registry(plan, {key: own(value) for key, value in inputs.items()})
        self.on_event = on_event
        self._isolated = isolated
        self._captures = captures
        self._superseded = {} if keep_history else plan.superseded
        self._states = [WAITING] * count
        self._seconds = [0.0] * count
        self._errors: dict[int, TaskError] = {}
        self._reasons: dict[int, str] = {}
        self._why: dict[int, str] = {}
        self._logs: dict[int, str] = {}
        self._blocked: set[int] = set()
        self._ahead: set[int] = set()
        self._has_stale = False
        self._new_errors: list[TaskError] = []
        self._stage = 0

    def __repr__(self) -> str:
        return f"Run(order={self.order}, done={self.done}, values={list(self._registry.values)})"

    @property
    def values(self) -> Mapping[str, Any]:
        """The values there are at this moment: the inputs, and what the tasks that ran have written."""
        return MappingProxyType(self._registry.values)

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The run's own copies of the inputs."""
        return MappingProxyType(self._registry.inputs)

    def all_values(self) -> dict[str, Any]:
        """A copy of `values`, as a dictionary of its own."""
        return self._registry.values.copy()

    @property
    def results(self) -> Mapping[str, TaskResult]:
        """Task id -> outcome, for every task that ran, failed or was skipped, in run order."""
        return _Results(self)

    @property
    def order(self) -> int | None:
        """The order that ran last, or None if none has."""
        return self.plan.stages[self._stage - 1].order if self._stage else None

    @property
    def next_order(self) -> int | None:
        """The order that `step` would run, or None at the end."""
        return self.plan.stages[self._stage].order if self._stage < len(self.plan.stages) else None

    @property
    def done(self) -> bool:
        """True when every order has run, also if tasks failed, and nothing is stale."""
        return self.next_order is None and STALE not in self._states

    def step(self) -> tuple[TaskResult, ...]:
        """Run the next order and return its results; () at the end."""
        if self._stage == len(self.plan.stages):
            return ()
        stage = self.plan.stages[self._stage]
        self._advance(self._stage + 1)
        self._raise_new_errors()
        return tuple(self.result(position) for position in range(stage.start, stage.stop))

    def step_to(self, order: int) -> None:
        """Run, or go back, to the moment after the given order, and no further."""
        if not isinstance(order, int) or isinstance(order, bool):
            raise TypeError(f"the order must be a whole number, not {order!r}")
        target = sum(stage.order <= order for stage in self.plan.stages)
        if target < self._stage:
            self._go_back(target)
        else:
            self._advance(target)
        self._raise_new_errors()

    def back(self) -> None:
        """Go back to the moment before the last order. Its values are kept: stepping on does not call it again."""
        if self._stage:
            self._go_back(self._stage - 1)

    def finish(self) -> Run:
        """Run what is stale, then every order that is left."""
        self._advance(len(self.plan.stages))
        self._raise_new_errors()
        return self

    def adopt(self, previous: Run) -> None:
        """Take over what another run has computed and what holds here too; such tasks become "reused".

        The moment stays where the other run stood, as far as everything up to it could be taken over. Only for a run
        that has not begun.
        """
        for position, old in previous.holding(self.plan, self.inputs).items():
            self._registry.outputs[position] = previous._registry.outputs[old]
            self._seconds[position] = previous._seconds[old]
            self._states[position] = REUSED
            self._why[position] = KEPT
            self._logs[position] = previous._logs.get(old, "")
        self._why.update(why_it_runs(self.plan, self.inputs, previous.plan, previous.inputs, self._why))
        for stage in self.plan.stages:
            is_behind = previous.order is not None and stage.order <= previous.order
            if not is_behind or any(
                self._states[position] is not REUSED for position in range(stage.start, stage.stop)
            ):
                break
            self._stage += 1
        self._show_all()

    def holding(self, plan: Plan, inputs: Mapping[str, Any]) -> dict[int, int]:
        """Return position in `plan` -> own position, for the tasks whose outcome here holds there too."""
        same = same_work(plan, inputs, self.plan, self.inputs)
        return {
            position: own_position
            for position, own_position in same.items()
            if self._states[own_position] in FINISHED and self._registry.is_whole(own_position)
        }

    def run_task(self, task_id: str) -> TaskResult:
        """Run one task with the values there are; tasks that used its former output become stale.

        Raises UnknownTaskError, and MissingValueError naming the keys whose writer has not run.
        """
        position = self._position(task_id)
        reads = self._registry.reads(position)
        missing = [key for key, value in reads if value is FREED and key != DATA_KEY]
        if missing:
            names = ", ".join(dict.fromkeys(missing))
            raise MissingValueError(f"task {task_id} cannot run yet, these values are missing: {names}", missing)
        self._call(position, self._registry.exact_arguments)
        if position >= self._boundary:
            self._ahead.add(position)
        self._outdate(position)
        self._show_all()
        self._raise_new_errors()
        stale = [
            source for source in self.plan.sources[position] if source != OUTSIDE and self._states[source] is STALE
        ]
        if stale:
            self._mark_stale(position, f"task {self.plan.tasks[stale[0]].id} is stale")
        return self.result(position)

    def result(self, position: int) -> TaskResult:
        """Return what is known of the task at a position in run order."""
        return TaskResult(
            self.plan.tasks[position],
            self._states[position] if self._is_shown(position) else WAITING,
            self._seconds[position],
            self._reasons.get(position) or self._why.get(position, ""),
            self._errors.get(position),
            self._logs.get(position, ""),
        )

    def outputs(self, task_id: str) -> Mapping[str, Any]:
        """Return key -> value of what one task wrote, also when a later task has overwritten the key since."""
        position = self._position(task_id)
        return self._registry.kept(position) if self._is_shown(position) else {}

    def reads(self, task_id: str) -> Mapping[str, Any]:
        """Return key -> value of what one task reads, as far as it is there."""
        position = self._position(task_id)
        sources = self.plan.sources[position]
        reads = zip(self._registry.reads(position), sources, strict=True)
        return {
            key: value
            for (key, value), source in reads
            if value is not FREED and (source == OUTSIDE or self._is_shown(source))
        }

    @property
    def _boundary(self) -> int:
        """The position after the last one whose order has run."""
        return self.plan.stages[self._stage - 1].stop if self._stage else 0

    def _position(self, task_id: str) -> int:
        try:
            return self.plan.positions[task_id]
        except (KeyError, TypeError):
            raise UnknownTaskError(f"there is no task {str(task_id)[:60]!r} in this run") from None

    def _is_shown(self, position: int) -> bool:
        return self._states[position] is not WAITING and (position < self._boundary or position in self._ahead)

    def _advance(self, target: int) -> None:
        """Run what is stale, then all stages up to `target`.

        Tasks that ran ahead do not show in the registry until they are reached.
        """
        if self._has_stale:
            self._refresh()
        ahead = self._ahead
        if ahead:
            self._ahead = set()
            self._show_all()
        start, stages = self._boundary, self.plan.stages[self._stage : target]
        stop = stages[-1].stop if stages else start
        if not (self._superseded or self._isolated or self._captures or self.on_event):
            self._advance_at_once(start, stop, target)
        else:
            for stage in stages:
                for position in range(stage.start, stage.stop):
                    self._take(position, self._registry.arguments)
                self._stage += 1
        if ahead:
            self._ahead = {position for position in ahead if position >= self._boundary}
            self._show_all()

    def _show_all(self) -> None:
        self._registry.rebuild([*range(self._boundary), *sorted(self._ahead)])

    def _refresh(self) -> None:
        stale = [position for position in range(self._boundary) if self._states[position] is STALE]
        for position in stale:
            self._take(position, self._registry.exact_arguments)
        self._has_stale = STALE in self._states
        self._show_all()

    def _advance_at_once(self, start: int, stop: int, target: int) -> None:
        position = start
        try:
            while position < stop:
                if not self._blocked:
                    position = self._sprint(position, stop)
                if position < stop:
                    self._take(position, self._registry.arguments)
                    position += 1
        except BaseException:
            self._stage += self._count_settled(self._stage, target)
            raise
        self._stage = max(self._stage, target)

    def _count_settled(self, start: int, stop: int) -> int:
        """How many stages in a row have no task that waits, from `start` on."""
        stages = self.plan.stages[start:stop]
        return sum(1 for _ in takewhile(lambda stage: WAITING not in self._states[stage.start : stage.stop], stages))

    def _sprint(self, start: int, stop: int) -> int:
        """Run plain tasks without a look aside; return the position of the first that needs one."""
        values, outputs, states, seconds = self._registry.values, self._registry.outputs, self._states, self._seconds
        waiting, done, clock = WAITING, DONE, perf_counter
        before = clock()
        for position, (function, only_read, only_write, more) in enumerate(self.plan.calls[start:stop], start):
            if states[position] is not waiting or (more is not None and not more.is_plain):
                return position
            try:
                if more is None:
                    value = function(values[only_read])  # type: ignore[index]
                elif more.gather is None:
                    value = function(values[only_read], **more.kwargs)  # type: ignore[index]
                else:
                    value = function(*more.gather(values), **more.kwargs)
            except FAILURES as error:
                self._call_failed(position, error, clock() - before)
                return position + 1
            if only_write is None or isinstance(value, tuple):
                if misfit := self._registry.write(position, value):
                    self._fail(position, misfit, clock() - before)
                    return position + 1
            else:
                values[only_write] = outputs[position] = value
            states[position] = done
            now = clock()
            seconds[position] = now - before
            before = now
        return stop

    def _take(self, position: int, arguments: Callable[[int], list[Any]]) -> None:
        """Bring one task up to date: show its kept values, skip it, or call it."""
        if self._states[position] in FINISHED:
            self._registry.show(position)
            if self.on_event:
                self.on_event(self.result(position))
            return
        failed = [source for source in self.plan.sources[position] if source in self._blocked]
        if failed:
            self._blocked.add(position)
            self._registry.forget(position)
            self._end(position, SKIPPED, 0.0, reason=f"task {self.plan.tasks[failed[0]].id} gave it no value")
        else:
            self._call(position, arguments)

    def _call(self, position: int, arguments: Callable[[int], list[Any]]) -> None:
        task, function = self.plan.tasks[position], self.plan.calls[position][0]
        if self.on_event:
            self.on_event(TaskResult(task, State.RUNNING))
        values = self._registry.before_edits(position) if DATA_KEY in task.input_keys else None
        self._blocked.discard(position)
        before = perf_counter()
        try:
            passed = arguments(position)
            with self._captured(position):
                value = function(*(map(own, passed) if self._isolated else passed), **own(dict(task.kwargs)))
        except FAILURES as error:
            self._call_failed(position, error, perf_counter() - before)
            return
        seconds = perf_counter() - before
        if misfit := self._registry.write(position, value):
            self._fail(position, misfit, seconds)
            return
        if values is not None:
            self._registry.keep_edits(position, values)
        for earlier, key in self._superseded.get(position, ()):
            self._registry.drop(earlier, key)
        self._end(position, DONE, seconds)

    @contextmanager
    def _captured(self, position: int) -> Iterator[None]:
        if not self._captures:
            yield
            return
        with captured() as page:
            try:
                yield
            finally:
                self._logs[position] = page.getvalue()

    def _call_failed(self, position: int, error: BaseException, seconds: float) -> None:
        gone = [key for key in self.plan.tasks[position].input_keys if key not in self.values and key != DATA_KEY]
        if gone and isinstance(error, KeyError):
            self._fail(position, f"the value of {', '.join(gone)} was removed by a task that reads {DATA_KEY}", seconds)
        else:
            self._fail(position, describe(error), seconds, error)

    def _fail(self, position: int, reason: str, seconds: float, cause: BaseException | None = None) -> None:
        task = self.plan.tasks[position]
        error = TaskError(task, reason, [*task.input_keys, *task.kwargs], own_traceback(cause) if cause else "")
        error.__cause__ = cause
        error.run = self
        self._errors[position] = error
        self._new_errors.append(error)
        self._blocked.add(position)
        self._registry.forget(position)
        self._end(position, FAILED, seconds)

    def _end(self, position: int, state: State, seconds: float, reason: str = "") -> None:
        self._states[position] = state
        self._seconds[position] = seconds
        self._reasons.pop(position, None)
        if reason:
            self._reasons[position] = reason
        if state is not FAILED:
            self._errors.pop(position, None)
        if self.on_event:
            self.on_event(TaskResult(self.plan.tasks[position], state, seconds, reason, self._errors.get(position)))

    def _raise_new_errors(self) -> None:
        errors, self._new_errors = self._new_errors, []
        if errors:
            if len(errors) > 1:
                errors[0].add_note("also failed: " + ", ".join(error.task.id for error in errors[1:]))
            raise errors[0]

    def _outdate(self, position: int) -> None:
        """Mark everything that used the former output of a task that has just run again."""
        has_failed = position in self._blocked
        for dependant in self.plan.dependants(position):
            if self._states[dependant] in FINISHED or (self._states[dependant] is SKIPPED and not has_failed):
                self._mark_stale(dependant, f"task {self.plan.tasks[position].id} ran again")

    def _mark_stale(self, position: int, reason: str) -> None:
        self._states[position] = STALE
        self._has_stale = True
        self._blocked.discard(position)
        self._reasons[position] = reason

    def _go_back(self, target: int) -> None:
        self._stage = target
        self._ahead.clear()
        for position in range(self._boundary, len(self.plan.tasks)):
            if self._states[position] in (FAILED, SKIPPED):
                self._states[position] = WAITING
                self._blocked.discard(position)
                self._errors.pop(position, None)
                self._reasons.pop(position, None)
        self._show_all()


class _Results(Mapping[str, TaskResult]):
    """A view: results are made when they are looked at."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, task_id: str) -> TaskResult:
        position = self._run.plan.positions[task_id]
        if not self._run._is_shown(position):
            raise KeyError(task_id)
        return self._run.result(position)

    def __iter__(self) -> Iterator[str]:
        run = self._run
        return (task.id for position, task in enumerate(run.plan.tasks) if run._is_shown(position))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr({task_id: str(result.state) for task_id, result in self.items()})


def own(value: Any) -> Any:
    """Return a copy that nobody else can change; the value itself if it is immutable or cannot be copied."""
    if is_immutable(value):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def describe(error: BaseException) -> str:
    """Return the exception's type and message as one sentence."""
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be shown)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def own_traceback(error: BaseException) -> str:
    """Return the traceback as text, without the engine's own frame, which is the first."""
    import traceback

    trace = error.__traceback__.tb_next if error.__traceback__ else None
    return "".join(traceback.format_exception(type(error), error, trace))
