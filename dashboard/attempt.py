"""A managed run as one session sees it: what it runs, and the moment at which it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core import Workflow
from core.record import TaskRecord
from core.task import NOTHING


@dataclass(frozen=True)
class Attempt:
    """The run of one draft. Running on, stepping and resuming continue the same attempt; another draft is another one.

    Attributes:
        id: the run's id.
        draft: the draft that it runs, with the values of its inputs.
        moment: the order after which it is looked at; None before the first.
        ahead: ids of later tasks that are shown all the same, because they were run alone.
        is_past: whether it was opened as a record of what was; to run its draft again is another run.
        base: what the attempt before has left of the tasks that this one has not come to yet.
    """

    id: str
    draft: Workflow
    moment: int | None = None
    ahead: frozenset[str] = frozenset()
    is_past: bool = False
    base: Mapping[str, TaskRecord] = field(default_factory=lambda: NOTHING)

    def at(self, moment: int | None) -> Attempt:
        """Return the attempt, looked at after another order."""
        return replace(self, moment=moment, ahead=frozenset())

    def shows(self, task_id: str, order: int) -> bool:
        """True if a task of this order is not later than the moment."""
        return (self.moment is not None and order <= self.moment) or task_id in self.ahead
