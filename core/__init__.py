"""The engine: tables of tasks, checked, planned and run."""

from core.catalog import Catalog
from core.errors import TaskError, TasktableError, WorkflowError
from core.literal import REQUIRED
from core.result import State, TaskResult
from core.run import Run
from core.task import Problem, Task
from core.workflow import Workflow

__all__ = [
    "REQUIRED",
    "Catalog",
    "Problem",
    "Run",
    "State",
    "Task",
    "TaskError",
    "TaskResult",
    "TasktableError",
    "Workflow",
    "WorkflowError",
]
