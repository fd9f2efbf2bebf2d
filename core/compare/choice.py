"""Two edits of a table put together as somebody has chosen: where they collide, mine or theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.compare.merge import Collision, merge, merge_inputs
from core.table import ATTRIBUTES, KWARGS
from core.task import NOTHING, Task
from core.workflow import Workflow

ROW, PLACE, INPUTS = "", "place", "inputs"


@dataclass(frozen=True)
class Union:
    """What two people have made of one workflow, as one.

    Attributes:
        workflow: the merged one.
        collisions: what both had changed, differently, in a fixed order; those that nobody has chosen are as `mine`.
    """

    workflow: Workflow
    collisions: tuple[Collision, ...]


def unite(base: Workflow, mine: Workflow, theirs: Workflow, chosen: Collection[int] = ()) -> Union:
    """Return `mine` with what `theirs` did to `base`; at the collisions whose numbers are `chosen`, theirs holds.

    The name and the description are merged as one cell each. The functions are those of the catalog of `mine`.
    """
    both = merge(base.tasks, mine.tasks, theirs.tasks)
    inputs = [workflow.declared_inputs or {} for workflow in (base, mine, theirs)]
    _, inputs_collisions = merge_inputs(inputs[0], inputs[1], inputs[2])
    collisions = (*both.collisions, *inputs_collisions, *_texts_collisions(base, mine, theirs))
    given = [collisions[number] for number in sorted(set(chosen)) if 0 <= number < len(collisions)]
    renamed = {new: old for old, new in both.renamed}
    tasks = _giving_way(base.tasks, mine.tasks, [replace(c, task=renamed.get(c.task, c.task)) for c in given])
    merged, _ = merge_inputs(inputs[0], _inputs_giving_way(inputs[0], inputs[1], given), inputs[2])
    is_declared = any(workflow.declared_inputs is not None for workflow in (mine, theirs))
    texts = {name: _text(name, base, mine, theirs, given) for name in ("name", "description")}
    found = merge(base.tasks, tasks, theirs.tasks).tasks
    return Union(mine.replace(tasks=found, inputs=merged if is_declared else None, **texts), collisions)


def _texts_collisions(base: Workflow, mine: Workflow, theirs: Workflow) -> list[Collision]:
    found = []
    for name in ("name", "description"):
        before, left, right = (getattr(workflow, name) for workflow in (base, mine, theirs))
        if len({before, left, right}) == 3:
            found.append(Collision("", name, "", before, left, right))
    return found


def _text(name: str, base: Workflow, mine: Workflow, theirs: Workflow, given: Sequence[Collision]) -> str:
    before, left, right = (str(getattr(workflow, name)) for workflow in (base, mine, theirs))
    is_given = any(collision.task == "" and collision.column == name for collision in given)
    return right if is_given or left == before else left


def _inputs_giving_way(base: Mapping[str, Any], mine: Mapping[str, Any], given: Sequence[Collision]) -> dict[str, Any]:
    names = {collision.argument for collision in given if collision.task == "" and collision.column == INPUTS}
    return _as_before(base, mine, names)


def _as_before(base: Mapping[str, Any], mine: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return `mine` with some names as `base` has them, so that what `theirs` has of them is taken."""
    undone = {name: base[name] for name in names if name in base}
    return {**{name: value for name, value in mine.items() if name not in names or name in undone}, **undone}


def _giving_way(base: Sequence[Task], mine: Sequence[Task], given: Sequence[Collision]) -> list[Task]:
    """Return my rows without what I did where they collide, so that what `theirs` did there is taken."""
    before = {task.id: task for task in base}
    rows = {task.id: task for task in mine}
    for collision in given:
        task_id = collision.task
        if collision.column == ROW and task_id in before:
            rows[task_id] = before[task_id]
        elif task_id in rows and task_id in before and collision.column in ATTRIBUTES:
            rows[task_id] = _cell_giving_way(before[task_id], rows[task_id], collision)
    result = _with_rows_back(base, [rows[task.id] for task in mine], rows)
    if any(collision.column == PLACE for collision in given):
        return _in_places_of(base, result)
    return result


def _with_rows_back(base: Sequence[Task], mine: list[Task], rows: Mapping[str, Task]) -> list[Task]:
    """Return my rows and those that are to be there again, each after the row that it stood behind."""
    result, places = mine, [task.id for task in mine]
    former = ""
    for task in base:
        if task.id in rows and task.id not in places:
            place = places.index(former) + 1 if former else 0
            result, places = (
                [*result[:place], rows[task.id], *result[place:]],
                [*places[:place], task.id, *places[place:]],
            )
        former = task.id if task.id in places else former
    return result


def _cell_giving_way(base: Task, mine: Task, collision: Collision) -> Task:
    column, attribute = collision.column, ATTRIBUTES[collision.column]
    if column == KWARGS and collision.argument:
        return replace(mine, kwargs=_as_before(base.kwargs, mine.kwargs, [collision.argument]))
    unread = {name: cell for name, cell in mine.unread.items() if name != column}
    if column in base.unread:
        unread[column] = base.unread[column]
    changes: dict[str, Any] = {attribute: getattr(base, attribute)}
    return replace(mine, unread=unread or NOTHING, **changes)


def _in_places_of(base: Sequence[Task], mine: Sequence[Task]) -> list[Task]:
    """Return my rows, those that the base has among them in its order; the others stay after the row before them."""
    known = {task.id: place for place, task in enumerate(base)}
    by_id = {task.id: task for task in mine}
    ordered = iter(sorted((task.id for task in mine if task.id in known), key=known.__getitem__))
    return [by_id[next(ordered)] if task.id in known else task for task in mine]
