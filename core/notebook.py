"""A workflow as a Jupyter notebook of plain calls, which needs the functions and nothing of the workbench."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from core.dataflow import DATA_KEY, final_keys
from core.errors import LiteralError
from core.export import IMPORTS, value_text
from core.literal import REQUIRED
from core.table import ordered
from core.task import Task
from core.workflow import Workflow

MAX_LINE = 100
REGISTRY = "values"
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
RESERVED = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "In", "Out", "core", "datetime", "decimal", "math"}
RESERVED |= {"zoneinfo", "REQUIRED", "display", REGISTRY}


def to_notebook(workflow: Workflow) -> str:
    """Return the text of a notebook (nbformat 4.5): imports, inputs, one cell for each order, and the final values.

    An input without a default is set to `...`, with a remark. Raises WorkflowError for a table that cannot run, and
    LiteralError for an input or an argument that Python cannot spell. One thing is different from a run: a function
    that returns a tuple of one for its one key gives the tuple here, and what is in it there.
    """
    tasks = ordered(workflow.plan.tasks)
    names = _Names(workflow, tasks)
    orders = [_order(order, list(rows), names) for order, rows in groupby(tasks, key=lambda task: task.order)]
    given = _inputs(workflow, names)
    code = [_imports(tasks, names, "\n".join([given, *orders])), given, *orders]
    cells = [_cell("markdown", _head(workflow))] + [_cell("code", source) for source in code if source]
    cells += [_cell("code", names.shown(key)) for key in final_keys(tasks)]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    language = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": language}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


class _Names:
    """How keys and modules are spelled: keys as variables, or as items of a dictionary if a task reads the registry."""

    def __init__(self, workflow: Workflow, tasks: list[Task]) -> None:
        keys = [*workflow.inputs, *(key for task in tasks for key in (*task.input_keys, *task.output_keys))]
        self.has_registry = DATA_KEY in keys
        self._taken = set(RESERVED)
        self._keys = {key: self._unused(key) for key in dict.fromkeys(keys) if key != DATA_KEY}
        self.modules: dict[str, str] = {}
        self._calls = {task.function_path: self._call(workflow, task.function_path) for task in tasks}

    def __getitem__(self, key: str) -> str:
        if key == DATA_KEY:
            return f"{{{DATA_KEY!r}: {REGISTRY}}}"
        return f"{REGISTRY}[{key!r}]" if self.has_registry else self._keys[key]

    def shown(self, key: str) -> str:
        """Return how a value is looked at: one that a task has taken out of the registry is not there."""
        return f"{REGISTRY}.get({key!r})" if self.has_registry else self[key]

    def call(self, path: str) -> str:
        """Return how the function is called here."""
        return self._calls[path]

    def _call(self, workflow: Workflow, path: str) -> str:
        module = _module_of(workflow, path)
        if module not in self.modules:
            self.modules[module] = self._unused(module.rpartition(".")[2], "_functions")
        return f"{self.modules[module]}{path.removeprefix(module)}"

    def _unused(self, wish: str, ending: str = "_") -> str:
        name = re.sub(r"\W", "_", wish)
        name = name if name.isidentifier() else f"_{name}"
        number = 1
        found = name
        while found in self._taken:
            found = f"{name}{ending}{number if number > 1 else ''}"
            number += 1
        self._taken.add(found)
        return found


def _module_of(workflow: Workflow, path: str) -> str:
    """Return the part of a path that is a module: what the function says, else what is written in small letters."""
    function = workflow.catalog.find(path)
    named = str(getattr(function.call, "__module__", "")) if function else ""
    if path.startswith(f"{named}."):
        return named
    parts = path.split(".")[:-1]
    is_class = [part[:1].isupper() for part in parts]
    return ".".join(parts[: is_class.index(True) if any(is_class[1:]) else len(parts)])


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": "", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return {**cell, "source": source.splitlines(keepends=True)}


def _head(workflow: Workflow) -> str:
    """Return the title and the description, in which nothing is markup."""
    title = " ".join(workflow.name.split()) or "Workflow"
    parts = [f"# {_plain(title)}", *map(_plain, workflow.description.strip().splitlines())]
    return "\n\n".join(part for part in parts if part.strip())


def _plain(text: str) -> str:
    return PUNCTUATION.sub(r"\\\1", _printable(text).strip())


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _imports(tasks: list[Task], names: _Names, code: str) -> str:
    lines = [line for name, line in IMPORTS.items() if re.search(rf"(?<![\w.]){re.escape(name)}\b", code)]
    modules = [_import(module, alias) for module, alias in sorted(names.modules.items())]
    return "\n".join([*lines, *([""] if lines and modules else []), *modules]) if tasks else "\n".join(lines)


def _import(module: str, alias: str) -> str:
    package, _, last = module.rpartition(".")
    renamed = "" if last == alias else f" as {alias}"
    return f"from {package} import {last}{renamed}" if package else f"import {module}{renamed}"


def _inputs(workflow: Workflow, names: _Names) -> str:
    lines = [f"{REGISTRY} = {{}}"] if names.has_registry else []
    for name, value in workflow.inputs.items():
        if value is REQUIRED:
            lines.append(f"{names[name]} = ...  # this input has no default: give it a value")
        else:
            lines.append(f"{names[name]} = {_text(value, f'the input {name}')}")
    return "\n".join(lines)


def _order(order: int, tasks: list[Task], names: _Names) -> str:
    return "\n".join([f"# order {order}", *(_statement(task, names) for task in tasks)])


def _statement(task: Task, names: _Names) -> str:
    arguments = [*(names[key] for key in task.input_keys), *_keywords(task)]
    call = f"{names.call(task.function_path)}({', '.join(arguments)})"
    targets = ", ".join(names[key] for key in task.output_keys)
    # Without a target the value is dropped, which a semicolon tells the notebook.
    statement = f"{targets} = {call}" if targets else f"{call};"
    if len(statement) <= MAX_LINE or not arguments:
        return f"{_remark(task)}{statement}"
    lines = "".join(f"    {argument},\n" for argument in arguments)
    head = f"{targets} = " if targets else ""
    return f"{_remark(task)}{head}{names.call(task.function_path)}(\n{lines}){'' if targets else ';'}"


def _remark(task: Task) -> str:
    lines = [_printable(line) for line in task.note.splitlines()]
    return "".join(f"# {line}\n" for line in lines if line.strip())


def _keywords(task: Task) -> Iterator[str]:
    odd: dict[str, str] = {}
    for name, value in task.kwargs.items():
        text = _text(value, f"task {task.id}, {name}")
        if name.isidentifier() and not keyword.iskeyword(name):
            yield f"{name}={text}"
        else:
            odd[name] = text
    if odd:
        yield f"**{{{', '.join(f'{name!r}: {text}' for name, text in odd.items())}}}"


def _text(value: Any, where: str) -> str:
    try:
        return value_text(value)
    except LiteralError as error:
        raise LiteralError(f"{where}: {error}") from None
