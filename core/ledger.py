"""What is known of each task of a run, by its position in run order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from core.errors import TaskError
from core.plan import Plan
from core.result import State, TaskResult

if TYPE_CHECKING:
    from core.run import Run

FINISHED = (State.DONE, State.REUSED)
NO_VALUE = (State.FAILED, State.SKIPPED)

Listener = Callable[[TaskResult], None]


class Ledger:
    """States, times, errors and reasons; every change of a state is told to the listener.

    Attributes:
        states, seconds: one for each task.
        logs: position -> what the task printed.
        why: position -> why the task was called or reused, in words.
        blocked: the tasks that failed or were skipped, so that they give no values.
        on_event: called with a TaskResult when a task starts and when it ends.
    """

    def __init__(self, plan: Plan, run: Run, on_event: Listener | None = None) -> None:
        self._plan = plan
        self._run = run
        self.on_event = on_event
        self.states = [State.WAITING] * len(plan.tasks)
        self.seconds = [0.0] * len(plan.tasks)
        self.logs: dict[int, str] = {}
        self.why: dict[int, str] = {}
        self.blocked: set[int] = set()
        self._errors: dict[int, TaskError] = {}
        self._reasons: dict[int, str] = {}
        self._new_errors: list[TaskError] = []
        self._may_be_stale = False

    @property
    def has_stale(self) -> bool:
        """True if any task is stale."""
        self._may_be_stale = self._may_be_stale and State.STALE in self.states
        return self._may_be_stale

    def result(self, position: int) -> TaskResult:
        """Return what is known of one task."""
        return TaskResult(
            self._plan.tasks[position],
            self.states[position],
            self.seconds[position],
            self._reasons.get(position) or self.why.get(position, ""),
            self._errors.get(position),
            self.logs.get(position, ""),
        )

    def begin(self, position: int) -> None:
        """Note that a task is called now."""
        self.blocked.discard(position)
        if self.on_event:
            self.on_event(TaskResult(self._plan.tasks[position], State.RUNNING))

    def end(self, position: int, state: State, seconds: float = 0.0, reason: str = "") -> None:
        """Note what became of a task."""
        self.states[position] = state
        self.seconds[position] = seconds
        self._reasons.pop(position, None)
        if reason:
            self._reasons[position] = reason
        if state is not State.FAILED:
            self._errors.pop(position, None)
        if self.on_event:
            self.on_event(TaskResult(self._plan.tasks[position], state, seconds, reason, self._errors.get(position)))

    def tell(self, position: int) -> None:
        """Tell the listener of a task whose kept values are shown again."""
        if self.on_event:
            self.on_event(self.result(position))

    def skip(self, position: int, source: int) -> None:
        """Note that a task cannot be called, because another one has given it no value."""
        self.blocked.add(position)
        self.end(position, State.SKIPPED, reason=f"task {self._plan.tasks[source].id} gave it no value")

    def fail(
        self, position: int, reason: str, seconds: float, cause: BaseException | None = None, traceback: str = ""
    ) -> None:
        """Note that a task has failed; `raise_new` raises its error."""
        task = self._plan.tasks[position]
        error = TaskError(task, reason, [*task.input_keys, *task.kwargs], traceback)
        error.__cause__ = cause
        error.run = self._run
        self._errors[position] = error
        self._new_errors.append(error)
        self.blocked.add(position)
        self.end(position, State.FAILED, seconds)

    def raise_new(self) -> None:
        """Raise the first TaskError since the last time, with a note on the others."""
        errors, self._new_errors = self._new_errors, []
        if errors:
            if len(errors) > 1:
                errors[0].add_note("also failed: " + ", ".join(error.task.id for error in errors[1:]))
            raise errors[0]

    def mark_stale(self, position: int, reason: str) -> None:
        """Note that a task's values do not hold any more."""
        self.states[position] = State.STALE
        self._may_be_stale = True
        self.blocked.discard(position)
        self._reasons[position] = reason

    def outdate(self, position: int, dependants: Collection[int]) -> None:
        """Mark as stale all that used the former output of a task that has just run again."""
        has_failed = position in self.blocked
        for dependant in dependants:
            state = self.states[dependant]
            if state in FINISHED or (state is State.SKIPPED and not has_failed):
                self.mark_stale(dependant, f"task {self._plan.tasks[position].id} ran again")

    def forget_failures(self, positions: Iterable[int]) -> None:
        """Let tasks that failed or were skipped wait again."""
        for position in positions:
            if self.states[position] in NO_VALUE:
                self.states[position] = State.WAITING
                self.blocked.discard(position)
                self._errors.pop(position, None)
                self._reasons.pop(position, None)
