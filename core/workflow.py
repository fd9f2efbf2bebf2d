"""`Workflow`: the public face, a named table of tasks with its inputs. Delegates, computes nothing."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from core import table
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.errors import FormatError, InputError, WorkflowError
from core.json_text import MAX_BYTES
from core.literal import REQUIRED
from core.plan import Plan, prepare
from core.run import Run
from core.suggest import closest
from core.task import Problem, Task

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import pandas as pd


class Workflow:
    """A named table of tasks with its default inputs. It never changes: edit the table and make a new one.

    Declare one in Python as a subclass with `TASKS` (rows of order, function path, input keys, kwargs, output keys)
    and, if you like, `INPUTS` (name -> default, `REQUIRED` for none) and `NAME`; then `create()` it. Such a table
    trusts its author: any importable function. A table that was read (`from_json`, `from_csv`, `from_dataframe`) is
    data: it may name only what its catalog allows.
    """

    NAME: ClassVar[str] = ""
    TASKS: ClassVar[Sequence[table.Row]] = ()
    INPUTS: ClassVar[Mapping[str, Any] | None] = None

    def __init__(
        self,
        tasks: Iterable[table.Row] = (),
        inputs: Mapping[str, Any] | None = None,
        name: str = "",
        description: str = "",
        catalog: Catalog | None = None,
        functions: Mapping[str, str] | None = None,
    ) -> None:
        """Hold a table; `problems` tells what is wrong with it.

        Args:
            tasks: the rows as they stand in the table.
            inputs: name -> default value; None declares none, so that every key that no task writes is an input.
            name: what people call it.
            description: what it is for.
            catalog: the functions that it may name; `Catalog.default()` if None.
            functions: function path -> code digest where the table was written, as its file says.
        """
        self.tasks: tuple[Task, ...] = table.read_rows(tasks, most=None)
        self.declared_inputs = dict(inputs) if inputs is not None else None
        self.name = name
        self.description = description
        self.functions: Mapping[str, str] = dict(functions or {})
        self.catalog = Catalog.default() if catalog is None else catalog

    @classmethod
    def create(cls, catalog: Catalog | None = None) -> Self:
        """Return the workflow that the class declares. Raises WorkflowError, with every problem, if it cannot run."""
        trusted = Catalog.trusted() if catalog is None else catalog
        description = inspect.cleandoc(vars(cls).get("__doc__") or "")
        workflow = cls(cls.TASKS, cls.INPUTS, cls.NAME or cls.__name__, description, trusted)
        if workflow.plan_or_none is None:
            raise WorkflowError(workflow.problems)
        return workflow

    @classmethod
    def from_json(cls, source: str | Path | bytes, catalog: Catalog | None = None) -> Self:
        """Read a workflow file: a path, or its text. Raises FormatError if it is none; see `problems` for its table."""
        from core import workflow_file

        content, what = _content(source, "{")
        file = workflow_file.loads(content, what)
        return cls(file.tasks, file.inputs, file.name, file.description, catalog, file.functions)

    @classmethod
    def from_csv(
        cls, source: str | Path | bytes, inputs: Mapping[str, Any] | None = None, catalog: Catalog | None = None
    ) -> Self:
        """Read a table from CSV: a path, or its text; with or without an index column. Raises FormatError."""
        from core import csv_text

        content, what = _content(source, "\n")
        name = what.rpartition(".")[0] if what != "the text" else ""
        return cls(csv_text.loads(content, what), inputs, name, catalog=catalog)

    @classmethod
    def from_dataframe(
        cls,
        frame: pd.DataFrame,
        inputs: Mapping[str, Any] | None = None,
        name: str = "",
        catalog: Catalog | None = None,
    ) -> Self:
        """Read a table from a frame with the five columns. Raises FormatError."""
        return cls(table.from_dataframe(frame), inputs, name, catalog=catalog)

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        """Input name -> default value, `REQUIRED` where there is none."""
        if self.declared_inputs is not None:
            return self.declared_inputs
        written = {key for task in self.tasks for key in task.output_keys}
        read = (key for task in table.ordered(self.tasks) for key in task.input_keys)
        return {key: REQUIRED for key in read if key not in written and key != DATA_KEY}

    @cached_property
    def _prepared(self) -> tuple[tuple[Problem, ...], Plan | None]:
        return prepare(self.tasks, self.declared_inputs, self.catalog)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything there is to say about the table, errors first."""
        return self._prepared[0]

    @property
    def plan_or_none(self) -> Plan | None:
        """The plan, or None if the table has errors."""
        return self._prepared[1]

    @property
    def plan(self) -> Plan:
        """The plan. Raises WorkflowError, with every problem, if the table cannot run."""
        if self.plan_or_none is None:
            raise WorkflowError(self.problems)
        return self.plan_or_none

    def run(self, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run everything in memory and return the values: the inputs and every output under its key.

        Raises WorkflowError, InputError, or TaskError, whose `run` still holds what had finished.
        """
        run = self.start(inputs, keep_history=False)
        run.finish()
        return run.all_values()

    def start(self, inputs: Mapping[str, Any] | None = None, **options: Any) -> Run:
        """Return a run at its start: nothing has run yet. Options as for `Run`. Raises WorkflowError, InputError."""
        return Run(self.plan, self.complete_inputs(inputs or {}), **options)

    def complete_inputs(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return `given` with the defaults filled in. Raises InputError for a name that is unknown or has no value."""
        if self.declared_inputs is not None and (unknown := [name for name in given if name not in self.inputs]):
            near = closest(str(unknown[0]), self.inputs)
            hint = f"did you mean {near[0]}?" if near else f"the inputs are {', '.join(self.inputs) or 'none'}"
            raise InputError(f"there is no input {str(unknown[0])[:60]!r}; {hint}")
        values = {**self.inputs, **given}
        missing = [name for name, value in values.items() if value is REQUIRED]
        if missing:
            names = ", ".join(missing)
            raise InputError(f"{'these inputs have' if missing[1:] else 'this input has'} no value: {names}", missing)
        return values

    def default_kwargs(self) -> dict[str, dict[str, Any]]:
        """Return function path -> argument -> default, for every function of the table that the catalog knows."""
        paths = dict.fromkeys(task.function_path for task in self.tasks)
        return {path: dict(function.defaults) for path in paths if (function := self.catalog.find(path))}

    def digests(self) -> dict[str, str]:
        """Return function path -> digest of the code that it runs here, for every function that the catalog knows."""
        paths = dict.fromkeys(task.function_path for task in self.tasks)
        return {path: function.digest for path in paths if (function := self.catalog.find(path))}

    def replace(self, **changes: Any) -> Workflow:
        """Return a copy with another `tasks`, `inputs`, `name` or `description`."""
        names = ("tasks", "name", "description", "catalog", "functions")
        current = {name: getattr(self, name) for name in names}
        return Workflow(**{**current, "inputs": self.declared_inputs, **changes})

    def to_dataframe(self) -> pd.DataFrame:
        """Return the five columns, in run order."""
        return table.to_dataframe(self.tasks)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the workflow file, and write it if a path is given. Raises LiteralError, naming the cell."""
        from core import workflow_file

        file = workflow_file.WorkflowFile(self.tasks, self.declared_inputs, self.name, self.description, self.digests())
        return _written(workflow_file.dumps(file), path)

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return the table as CSV, and write it if a path is given. The inputs' defaults are not part of it."""
        from core import csv_text

        return _written(csv_text.dumps(self.tasks), path)

    def to_graph(self) -> nx.DiGraph[str]:
        """Return the table as a graph of tasks and keys; see `core.graph`. Works for a broken table too."""
        from core import graph

        return graph.build(self.tasks, self.problems)

    def to_dot(self) -> str:
        """Return the graph in Graphviz's language."""
        from core import diagram

        return diagram.to_dot(self.to_graph())

    def to_mermaid(self) -> str:
        """Return the graph in Mermaid's language."""
        from core import diagram

        return diagram.to_mermaid(self.to_graph())

    def __repr__(self) -> str:
        errors = sum(problem.severity == "error" for problem in self.problems)
        state = f"{errors} errors" if errors else "valid"
        return f"<Workflow {self.name!r}: {len(self.tasks)} tasks, {state}>"

    def _repr_html_(self) -> str:
        from core.html import table_html

        return table_html(self)


def _content(source: str | Path | bytes, mark_of_text: str) -> tuple[str | bytes, str]:
    """Return the content and what to call it in a message. A `str` that holds the mark is the text itself."""
    if isinstance(source, bytes) or (isinstance(source, str) and mark_of_text in source):
        return source, "the text"
    from pathlib import Path

    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1), Path(source).name
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FormatError(f"{str(source)[:200]!r} cannot be read: {reason}") from None


def _written(text: str, path: str | Path | None) -> str:
    if path is not None:
        from pathlib import Path

        Path(path).write_text(text, encoding="utf-8", newline="")
    return text
