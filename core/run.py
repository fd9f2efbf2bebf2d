"""One execution of a plan, in memory: step, run to, run one, go back, finish.

Values are shared, not copied, between the tasks of a run: a task that changes its argument in place changes it for
every later reader, unless the run is isolated. The caller's inputs and the table's kwargs are copied first and never
change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from core.caller import Caller, own
from core.dataflow import DATA_KEY, OUTSIDE
from core.errors import MissingValueError, UnknownTaskError
from core.ledger import FINISHED, Ledger, Listener
from core.plan import Plan
from core.reason import KEPT, why_it_runs
from core.registry import FREED, Registry
from core.result import State, TaskResult
from core.reuse import same_work


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
        self.plan = plan
        self._registry = Registry(plan, {key: own(value) for key, value in inputs.items()})
        self._ledger = Ledger(plan, self, on_event)
        self._caller = Caller(
            plan, self._registry, self._ledger, keep_history=keep_history, isolated=isolated, captures=captures
        )
        self._ahead: set[int] = set()
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
        return self.next_order is None and State.STALE not in self._ledger.states

    def step(self) -> tuple[TaskResult, ...]:
        """Run the next order and return its results; () at the end."""
        if self._stage == len(self.plan.stages):
            return ()
        stage = self.plan.stages[self._stage]
        self._advance(self._stage + 1)
        self._ledger.raise_new()
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
        self._ledger.raise_new()

    def back(self) -> None:
        """Go back to the moment before the last order. Its values are kept: stepping on does not call it again."""
        if self._stage:
            self._go_back(self._stage - 1)

    def finish(self) -> Run:
        """Run what is stale, then every order that is left."""
        self._advance(len(self.plan.stages))
        self._ledger.raise_new()
        return self

    def adopt(self, previous: Run) -> None:
        """Take over what another run has computed and what holds here too; such tasks become "reused".

        The moment stays where the other run stood, as far as everything up to it could be taken over. Only for a run
        that has not begun.
        """
        mine, its = self._ledger, previous._ledger
        for position, old in previous.holding(self.plan, self.inputs).items():
            self._registry.outputs[position] = previous._registry.outputs[old]
            mine.seconds[position] = its.seconds[old]
            mine.states[position] = State.REUSED
            mine.why[position] = KEPT
            mine.logs[position] = its.logs.get(old, "")
        mine.why.update(why_it_runs(self.plan, self.inputs, previous.plan, previous.inputs, mine.why))
        for stage in self.plan.stages:
            is_behind = previous.order is not None and stage.order <= previous.order
            if not is_behind or any(
                mine.states[position] is not State.REUSED for position in range(stage.start, stage.stop)
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
            if self._ledger.states[own_position] in FINISHED and self._registry.is_whole(own_position)
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
        self._caller.call(position, self._registry.exact_arguments)
        if position >= self._boundary:
            self._ahead.add(position)
        self._ledger.outdate(position, self.plan.dependants(position))
        self._show_all()
        self._ledger.raise_new()
        states = self._ledger.states
        stale = [
            source for source in self.plan.sources[position] if source != OUTSIDE and states[source] is State.STALE
        ]
        if stale:
            self._ledger.mark_stale(position, f"task {self.plan.tasks[stale[0]].id} is stale")
        return self.result(position)

    def result(self, position: int) -> TaskResult:
        """Return what is known of the task at a position in run order."""
        known = self._ledger.result(position)
        return known if self._is_shown(position) else replace(known, state=State.WAITING)

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
        is_reached = position < self._boundary or position in self._ahead
        return is_reached and self._ledger.states[position] is not State.WAITING

    def _advance(self, target: int) -> None:
        """Run what is stale, then all stages up to `target`.

        Tasks that ran ahead do not show in the registry until they are reached.
        """
        if self._ledger.has_stale:
            self._refresh()
        ahead = self._ahead
        if ahead:
            self._ahead = set()
            self._show_all()
        start, stages = self._boundary, self.plan.stages[self._stage : target]
        stop = stages[-1].stop if stages else start
        if self._caller.may_sprint:
            self._advance_at_once(start, stop, target)
        else:
            for stage in stages:
                for position in range(stage.start, stage.stop):
                    self._caller.take(position, self._registry.arguments)
                self._stage += 1
        if ahead:
            self._ahead = {position for position in ahead if position >= self._boundary}
            self._show_all()

    def _show_all(self) -> None:
        self._registry.rebuild([*range(self._boundary), *sorted(self._ahead)])

    def _refresh(self) -> None:
        states = self._ledger.states
        for position in [position for position in range(self._boundary) if states[position] is State.STALE]:
            self._caller.take(position, self._registry.exact_arguments)
        self._show_all()

    def _advance_at_once(self, start: int, stop: int, target: int) -> None:
        position = start
        try:
            while position < stop:
                if not self._ledger.blocked:
                    position = self._caller.sprint(position, stop)
                if position < stop:
                    self._caller.take(position, self._registry.arguments)
                    position += 1
        except BaseException:
            self._stage += self._count_settled(self._stage, target)
            raise
        self._stage = max(self._stage, target)

    def _count_settled(self, start: int, stop: int) -> int:
        """How many stages in a row have no task that waits, from `start` on."""
        states, stages = self._ledger.states, self.plan.stages[start:stop]
        return sum(1 for _ in takewhile(lambda stage: State.WAITING not in states[stage.start : stage.stop], stages))

    def _go_back(self, target: int) -> None:
        self._stage = target
        self._ahead.clear()
        self._ledger.forget_failures(range(self._boundary, len(self.plan.tasks)))
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
