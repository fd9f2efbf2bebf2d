"""What of the draft can be varied, what the typed values say, and how much work that is. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core import REQUIRED, Task, TasktableError, Workflow
from core.errors import LiteralError
from core.function import POSITIONAL
from core.notation import spell
from core.schedule import forecast
from core.sweep import Axis, Count, Target, Variant, count_tasks, current_value, expand, read_axis
from dashboard.server.backend import backend
from dashboard.state import Session

MOST_LOOKED_UP = 300
SHOWN = 4


@dataclass(frozen=True)
class Reading:
    """What one typed list of values says: an axis, or what is wrong with it; neither for an empty one."""

    axis: Axis | None = None
    problem: str = ""


@dataclass(frozen=True)
class Amount:
    """How much a sweep is.

    Attributes:
        count: its runs, all their tasks, and how many of these have to be called if nothing is kept.
        kept: how many runs would call nothing, since all is kept; None if that was not looked up.
        calls: how many tasks have to be called at most, what is kept left out where that was looked up.
    """

    count: Count
    kept: int | None
    calls: int


def targets(workflow: Workflow) -> dict[Target, str]:
    """Return everything that can be varied, with how it is called: the inputs, then the kwargs of each task."""
    found: dict[Target, str] = {name: f"input {name}" for name in workflow.inputs}
    for number, task in enumerate(workflow.tasks, 1):
        short = task.function_path.rpartition(".")[2]
        for name in _kwargs(workflow, task):
            found[task.id, name] = f"task {number} {short}: {name}"
    return found


def _kwargs(workflow: Workflow, task: Task) -> list[str]:
    """Return the names of a task's kwargs, and of the arguments that it leaves at their defaults."""
    function = workflow.catalog.find(task.function_path)
    names = dict.fromkeys(task.kwargs)
    if function:
        given = [p.name for p in function.signature.parameters.values() if p.kind in POSITIONAL]
        filled = set(given[: len(task.input_keys)])
        names.update(dict.fromkeys(name for name in function.defaults if name not in filled))
    return list(names)


def read(session: Session, place: int) -> Reading:
    """Return what is typed for the first (0) or second (1) target."""
    target, text = session.sweep.targets[place], session.sweep.texts[place]
    if target is None or not text.strip():
        return Reading()
    try:
        return Reading(read_axis(session.draft, target, text))
    except TasktableError as error:
        return Reading(problem=str(error))


def axes(session: Session) -> tuple[Axis, ...]:
    """Return what is varied, if all that was chosen has values; else nothing."""
    chosen = [place for place, target in enumerate(session.sweep.targets) if target is not None]
    found = [reading.axis for reading in (read(session, place) for place in chosen) if reading.axis]
    return tuple(found) if len(found) == len(chosen) else ()


def now(workflow: Workflow, target: Target) -> str:
    """Return the value that stands there now, as text; "" if there is none."""
    try:
        return _spelt(current_value(workflow, target))
    except TasktableError:
        return ""


def told(axis: Axis) -> str:
    """Return how many values an axis has, and some of them."""
    texts = [_spelt(value) for value in axis.values]
    some = texts if len(texts) <= SHOWN + 1 else [*texts[: SHOWN - 1], "…", texts[-1]]
    return f"{len(texts):,} value{'s' if len(texts) > 1 else ''}: {', '.join(some)}"


def amount(workflow: Workflow, axes: tuple[Axis, ...]) -> Amount:
    """Return how much a sweep is. Raises SweepError for one that cannot be made."""
    variants, count = _expanded(workflow, _Axes(axes))
    if count.runs > MOST_LOOKED_UP:
        return Amount(count, None, count.distinct)
    left = [variant for variant in variants if not _is_kept(variant)]
    calls = count_tasks(left).distinct if left else 0
    return Amount(count, len(variants) - len(left), calls)


def _is_kept(variant: Variant) -> bool:
    plan = variant.workflow.plan_or_none
    inputs: Mapping[str, Any] = variant.workflow.inputs
    if plan is None or any(value is REQUIRED for value in inputs.values()):
        return False
    return forecast(plan, variant.workflow.catalog, inputs, backend().cache)[0] == 0


class _Axes:
    """Axes as the name of what was worked out: equal if they vary the same by the same values."""

    def __init__(self, axes: tuple[Axis, ...]) -> None:
        self.axes = axes
        self._name = repr([(axis.target, axis.values) for axis in axes])

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Axes) and other._name == self._name


@lru_cache(maxsize=8)
def _expanded(workflow: Workflow, axes: _Axes) -> tuple[list[Variant], Count]:
    variants = expand(workflow, axes.axes)
    return variants, count_tasks(variants)


def _spelt(value: Any) -> str:
    if value is REQUIRED:
        return ""
    try:
        return value if isinstance(value, str) else spell(value)
    except LiteralError:
        return repr(value)[:60]
