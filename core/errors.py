"""Every error that Tasktable raises on purpose, under one root.

TasktableError
|-- SettingsError        a setting is missing or makes no sense
|-- CatalogError         a module of the catalog cannot be used
|-- FormatError          a file, frame or text cannot be read (also a ValueError)
|-- LiteralError         a value cannot be written or read exactly (also a ValueError)
|-- TooLargeError        a file of a value is larger than may be sent
|-- EditError            an edit of a table makes no sense (also a ValueError)
|-- SweepError           the values of a sweep make no sense (also a ValueError)
|-- WorkflowError        a table cannot run; .problems holds every reason (also a ValueError)
|-- InputError           the inputs do not fit the table (also a ValueError)
|-- UnknownTaskError     no task has this id (also a KeyError)
|-- MissingValueError    a task was asked for before its inputs exist (also a KeyError)
|-- ArtifactError        a stored value cannot be read, or a value cannot be written
|-- UnstorableError      a value that no file can hold, such as a lock or an open file
|-- StoreError           the store cannot do what it was asked; .what, .advice (its kinds: core.store.failure)
|-- RunnerError          a managed run cannot be started, stopped or asked
`-- TaskError            a task failed; .task, .function_path, .argument_names, .traceback_text
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.run import Run
    from core.task import Problem, Task


class TasktableError(Exception):
    """The root: catching it catches everything that Tasktable reports on purpose."""


class SettingsError(TasktableError):
    """A setting is missing or makes no sense."""


class CatalogError(TasktableError):
    """A module of the catalog cannot be imported, or is not a module."""


class FormatError(TasktableError, ValueError):
    """A file, frame or text cannot be read; the message says what is wrong and where."""


class LiteralError(TasktableError, ValueError):
    """A value has no exact form in a file, or a text is no value."""


class TooLargeError(TasktableError):
    """A file of a value is larger than may be sent; the message says how large that is and what to try."""


class EditError(TasktableError, ValueError):
    """An edit of a table makes no sense, for example because the row is gone."""


class SweepError(TasktableError, ValueError):
    """The values that shall be tried one after another make no sense, or are too many."""


class WorkflowError(TasktableError, ValueError):
    """A table cannot run. `problems` holds everything that was found, errors first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [f"  {problem}" for problem in self.problems if problem.severity == "error"]
        count = f"{len(lines)} problems" if len(lines) > 1 else "1 problem"
        super().__init__("\n".join([f"the table cannot run, it has {count}:", *lines]))


class InputError(TasktableError, ValueError):
    """The inputs given to a run do not fit the table; `missing` names those without a value."""

    def __init__(self, message: str, missing: Sequence[str] = ()) -> None:
        self.missing = tuple(missing)
        super().__init__(message)


class UnknownTaskError(TasktableError, KeyError):
    """No task of the run has this id."""

    def __str__(self) -> str:
        return str(self.args[0])


class MissingValueError(TasktableError, KeyError):
    """A task was asked for before the values that it reads exist; `missing` names their keys."""

    def __init__(self, message: str, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.args[0])


class StoreError(TasktableError):
    """The store cannot do what it was asked: `what` happened, and `advice` says what to do about it."""

    def __init__(self, what: str, advice: str = "") -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}" if advice else what)


class RunnerError(TasktableError):
    """A managed run cannot be started, stopped or asked for a value; the message says why."""


class ArtifactError(TasktableError):
    """A stored value is missing, damaged or not to be opened here, or the disk does not take it."""


class UnstorableError(TasktableError):
    """A value that no file can hold, such as a lock, an open file or a generator; the message says why."""


class TaskError(TasktableError):
    """A task failed. `__cause__` is the function's own exception.

    Attributes: `task` (the Task), `function_path`, `argument_names` (what was passed: input keys by position, keyword
    arguments by name), `traceback_text` (the function's own lines of the traceback, without the engine's), and `run`,
    whose `values` and `results` hold everything that did finish.
    """

    run: Run | None = None

    def __init__(self, task: Task, reason: str, argument_names: Sequence[str] = (), traceback_text: str = "") -> None:
        self.task = task
        self.function_path = task.function_path
        self.argument_names = tuple(argument_names)
        self.traceback_text = traceback_text
        self.reason = reason
        arguments = ", ".join(self.argument_names)
        super().__init__(f"task {task.id} (order {task.order}) {task.function_path}({arguments}) failed: {reason}")
