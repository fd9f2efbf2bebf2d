"""The workflow file: JSON, format `tasktable.workflow`, version 1. Nothing in it can widen what it may call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import FormatError, LiteralError
from core.json_text import loads as load_json
from core.literal import decode, encode
from core.table import ATTRIBUTES, ID, KWARGS, NOTE, read_rows, to_rows
from core.task import Task

FORMAT = "tasktable.workflow"
VERSION = 1
FIELDS = ("format", "version", "name", "description", "inputs", "tasks", "functions")
MAX_NAME = 200
MAX_DESCRIPTION = 20_000
MAX_INPUTS = 1_000


@dataclass(frozen=True)
class WorkflowFile:
    """What a file says: `inputs` is name -> default value, None if it declares none; `functions` is path -> digest."""

    tasks: tuple[Task, ...] = ()
    inputs: Mapping[str, Any] | None = None
    name: str = ""
    description: str = ""
    functions: Mapping[str, str] = field(default_factory=dict)


def loads(content: str | bytes, what: str = "the file") -> WorkflowFile:
    """Return what the JSON text says. Raises FormatError, with what and where, unless it is a workflow file."""
    data = load_json(content, what)
    if not isinstance(data, dict):
        raise FormatError(f"{what} is not a workflow: expected an object with {', '.join(FIELDS)}")
    if data.get("format") != FORMAT:
        raise FormatError(f'{what} is not a workflow: expected "format": "{FORMAT}"')
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        raise FormatError(f"{what} has the format version {str(version)[:40]}; this Tasktable reads version {VERSION}")
    if unknown := [key for key in data if key not in FIELDS]:
        raise FormatError(f"{what} has the unknown field {unknown[0][:60]!r}; known are {', '.join(FIELDS)}")
    return WorkflowFile(
        tasks=_read_tasks(data.get("tasks"), what),
        inputs=_read_inputs(data.get("inputs"), what),
        name=_read_text(data, "name", MAX_NAME, what),
        description=_read_text(data, "description", MAX_DESCRIPTION, what),
        functions=_read_functions(data.get("functions", {}), what),
    )


def dumps(file: WorkflowFile) -> str:
    """Return the JSON text, one task a line. Raises LiteralError, naming the place, for a value without exact form."""
    head = {"format": FORMAT, "version": VERSION, "name": file.name, "description": file.description}
    if file.inputs is not None:
        head["inputs"] = {name: encode(value, f"the input {name}") for name, value in file.inputs.items()}
    members = [f"  {_json(key)}: {_json(value)}" for key, value in head.items()]
    members.append(_block("tasks", "[", [_json(_write_task(row)) for row in to_rows(file.tasks)], "]"))
    members.append(_block("functions", "{", [f"{_json(k)}: {_json(v)}" for k, v in file.functions.items()], "}"))
    return "{\n" + ",\n".join(members) + "\n}\n"


def _block(name: str, opening: str, lines: list[str], closing: str) -> str:
    if not lines:
        return f"  {_json(name)}: {opening}{closing}"
    return f"  {_json(name)}: {opening}\n    " + ",\n    ".join(lines) + f"\n  {closing}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _write_task(row: dict[str, Any]) -> dict[str, Any]:
    where = f"task {row[ID]}"
    cells = {column: _write_cell(value, f"{where}, {column}") for column, value in row.items()}
    if not row[NOTE]:
        del cells[NOTE]
    return cells


def _write_cell(value: Any, where: str) -> Any:
    return [_write_cell(item, where) for item in value] if type(value) is tuple else encode(value, where)


def _read_tasks(data: Any, what: str) -> tuple[Task, ...]:
    if not isinstance(data, list):
        raise FormatError(f'{what} has no list of tasks: expected "tasks": [...]')
    rows = [_read_task(row, f"{what}: tasks[{index}]") for index, row in enumerate(data)]
    return read_rows(rows, f"{what}: tasks")


def _read_task(row: Any, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise FormatError(f"{where} is not an object")
    if unknown := [key for key in row if key != ID and key not in ATTRIBUTES]:
        raise FormatError(f"{where} has the unknown field {unknown[0][:60]!r}; known are id, {', '.join(ATTRIBUTES)}")
    if isinstance(row.get(KWARGS), dict):
        return {**row, KWARGS: _read_value(row[KWARGS], f"{where}.{KWARGS}")}
    return row


def _read_inputs(data: Any, what: str) -> dict[str, Any] | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        raise FormatError(f"{what}: inputs must be an object of names and default values")
    if len(data) > MAX_INPUTS:
        raise FormatError(f"{what} has more than {MAX_INPUTS:,} inputs")
    return {name: _read_value(value, f"{what}: inputs.{name[:60]}") for name, value in data.items()}


def _read_value(data: Any, where: str) -> Any:
    try:
        return decode(data, where)
    except LiteralError as error:
        raise FormatError(str(error)) from None


def _read_text(data: Mapping[str, Any], key: str, limit: int, what: str) -> str:
    text = data.get(key, "")
    if not isinstance(text, str):
        raise FormatError(f"{what}: {key} must be text")
    if len(text) > limit:
        raise FormatError(f"{what}: {key} is longer than {limit:,} characters")
    return text


def _read_functions(data: Any, what: str) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(digest, str) for digest in data.values()):
        raise FormatError(f"{what}: functions must be an object of function paths and digests")
    return data
