"""What to offer for a problem where the fix is certain. An offer is a function from workflow to workflow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from core.dataflow import OUTSIDE, trace
from core.literal import REQUIRED
from core.task import Problem, Task
from core.workflow import Workflow


@dataclass(frozen=True)
class Repair:
    """One offer.

    Attributes:
        label: what it does, in a few words.
        apply: how.
        is_for_all: True if it mends all that it can mend at once, whichever problem it is offered for.
    """

    label: str
    apply: Callable[[Workflow], Workflow]
    is_for_all: bool = False


def repairs(problem: Problem, workflow: Workflow) -> list[Repair]:
    """Return the offers for one problem of the workflow; none where only its author can know."""
    offer = OFFERS.get(problem.kind)
    return offer(problem, workflow) if offer else []


def order_by_data(tasks: Sequence[Task]) -> tuple[Task, ...] | None:
    """Return the rows with orders that fit the data, and sorted by them; None if a cycle leaves no such order.

    A row comes after the rows whose values it reads; a row that overwrites a key comes after all readers of the former
    value. Rows that could have the same order keep their sequence.
    """
    flow = trace(tasks)
    before: dict[int, set[int]] = {position: set() for position in range(len(flow.tasks))}
    readers: dict[tuple[int, str], list[int]] = {}
    for position, sources in enumerate(flow.sources):
        for key, source in zip(flow.tasks[position].input_keys, sources, strict=True):
            writer = flow.first_writer.get(key, OUTSIDE) if source == OUTSIDE else source
            if writer != OUTSIDE:
                before[position].add(writer)
                readers.setdefault((writer, key), []).append(position)
    for key, first, second in flow.rewrites:
        before[second].update(position for position in (first, *readers.get((first, key), ())) if position != second)
    orders: dict[int, int] = {}
    try:
        for position in TopologicalSorter(before).static_order():
            orders[position] = 1 + max((orders[other] for other in before[position]), default=-1)
    except CycleError:
        return None
    renumbered = [replace(task, order=orders[position]) for position, task in enumerate(flow.tasks)]
    return tuple(sorted(renumbered, key=lambda task: task.order))


def _with_task(change: Callable[[Task], Task], task_id: str | None) -> Callable[[Workflow], Workflow]:
    def apply(workflow: Workflow) -> Workflow:
        return workflow.replace(tasks=[change(task) if task.id == task_id else task for task in workflow.tasks])

    return apply


def _other_function(problem: Problem, _workflow: Workflow) -> list[Repair]:
    def use(path: str) -> Callable[[Task], Task]:
        return lambda task: replace(task, function_path=path)

    names = [path.rpartition(".")[2] for path in problem.offers]
    shown = names if len(set(names)) == len(names) else problem.offers
    return [
        Repair(f"Use {name}", _with_task(use(path), problem.task))
        for name, path in zip(shown, problem.offers, strict=True)
    ]


def _other_key_or_input(problem: Problem, workflow: Workflow) -> list[Repair]:
    def use(key: str) -> Callable[[Task], Task]:
        def change(task: Task) -> Task:
            return replace(task, input_keys=tuple(key if old == problem.subject else old for old in task.input_keys))

        return change

    found = [Repair(f"Read {key}", _with_task(use(key), problem.task)) for key in problem.offers]
    return [*found, *_declare(problem, workflow)] if problem.subject.isidentifier() else found


def _declare(problem: Problem, _workflow: Workflow) -> list[Repair]:
    def declare(workflow: Workflow) -> Workflow:
        return workflow.replace(inputs={**workflow.inputs, problem.subject: REQUIRED})

    return [Repair(f"Declare {problem.subject} as an input", declare, is_for_all=True)]


def _order(_problem: Problem, workflow: Workflow) -> list[Repair]:
    tasks = order_by_data(workflow.tasks)
    if tasks is None:
        return []
    return [Repair("Order this table by its data", lambda workflow: workflow.replace(tasks=tasks), is_for_all=True)]


def _without_input(problem: Problem, _workflow: Workflow) -> list[Repair]:
    def remove(workflow: Workflow) -> Workflow:
        return workflow.replace(inputs={name: v for name, v in workflow.inputs.items() if name != problem.subject})

    return [Repair(f"Remove the input {problem.subject}", remove)]


def _other_keyword(problem: Problem, workflow: Workflow) -> list[Repair]:
    def rename(new: str) -> Callable[[Task], Task]:
        def change(task: Task) -> Task:
            return replace(
                task, kwargs={new if name == problem.subject else name: v for name, v in task.kwargs.items()}
            )

        return change

    found = [Repair(f"Call it {name}", _with_task(rename(name), problem.task)) for name in problem.offers[:1]]
    return [*found, *_without_keyword(problem, workflow)]


def _without_keyword(problem: Problem, _workflow: Workflow) -> list[Repair]:
    def change(task: Task) -> Task:
        return replace(task, kwargs={name: v for name, v in task.kwargs.items() if name != problem.subject})

    return [Repair(f"Remove {problem.subject} from kwargs", _with_task(change, problem.task))]


OFFERS: dict[str, Callable[[Problem, Workflow], list[Repair]]] = {
    "unknown-function": _other_function,
    "never-produced": _other_key_or_input,
    "read-too-early": _order,
    "unused-input": _without_input,
    "unknown-keyword": _other_keyword,
    "argument-twice": _without_keyword,
}
