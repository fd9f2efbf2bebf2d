"""A workflow as the Python class that declares it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from keyword import iskeyword
from typing import Any

from core.errors import LiteralError
from core.literal import REQUIRED, encode
from core.task import Task
from core.workflow import Workflow

IMPORTS = {
    "datetime": "import datetime",
    "zoneinfo": "import zoneinfo",
    "decimal": "import decimal",
    "math": "import math",
    "REQUIRED": "from core import REQUIRED",
    "core.literal": "import core.literal",
}


def to_python(workflow: Workflow) -> str:
    """Return the text of a module with one class, whose `create()` has the same table, inputs, name and description.

    Raises LiteralError for a workflow whose cells cannot be read: Python has no place for what is no value.
    """
    for task in workflow.tasks:
        for column, cell in task.unread.items():
            raise LiteralError(f"task {task.id}, {column}: {cell.reason}")
    body = [f"    NAME = {workflow.name!r}"]
    if workflow.declared_inputs is not None:
        body.append(f"    INPUTS = {_dict(workflow.declared_inputs)}")
    rows = ",\n".join(f"        {_row(task)}" for task in workflow.tasks)
    body.append(f"    TASKS = [\n{rows},\n    ]" if rows else "    TASKS = []")
    name = class_name(workflow.name)
    how = f'"""`{name}.create().run()` returns key -> value; other inputs are given as `run({{"name": value}})`."""'
    class_text = "\n".join([f"class {name}(Workflow):", f"    {_doc(workflow.description)}", "", *body])
    imports = [line for name, line in IMPORTS.items() if re.search(rf"(?<![\w.]){re.escape(name)}\b", "\n".join(body))]
    return "\n".join([how, "", *imports, "from core import Workflow", "", "", class_text]) + "\n"


def class_name(name: str) -> str:
    """Return a name for the class in capitalised words, from the workflow's name."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() and not iskeyword(joined) else f"Workflow{joined}"


def _doc(description: str) -> str:
    return repr(description) if set(description) & set('"\\\n') else f'"""{description}"""'


def _row(task: Task) -> str:
    keys = [_keys(task.input_keys), _dict(task.kwargs), _keys(task.output_keys)]
    return f"[{task.order}, {task.function_path!r}, {', '.join(keys)}]"


def _keys(keys: tuple[str, ...]) -> str:
    return repr(keys[0]) if len(keys) == 1 and keys[0].isidentifier() else repr(keys)


def _dict(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name!r}: {_value(value)}" for name, value in values.items()) + "}"


def value_text(value: Any) -> str:
    """Return a value as Python, for a module that has the `IMPORTS` its text names. Raises LiteralError."""
    return _value(value)


def _value(value: Any) -> str:
    kind = type(value)
    if kind is dict:
        return "{" + ", ".join(f"{_value(key)}: {_value(item)}" for key, item in value.items()) + "}"
    if kind in (list, tuple):
        inner = ", ".join(map(_value, value))
        return f"[{inner}]" if kind is list else f"({inner}{',' if len(value) == 1 else ''})"
    if kind is float and not math.isfinite(value):
        return f"{'-' if value < 0 else ''}math.{'nan' if math.isnan(value) else 'inf'}"
    if kind is Decimal:
        return f"decimal.{value!r}"
    if value is REQUIRED:
        return "REQUIRED"
    plain_types = (str, int, float, bool, type(None), bytes, complex, date, time, datetime, timedelta, timezone)
    if kind in plain_types and "nan" not in repr(value) and "inf" not in repr(value):
        return repr(value)
    return f"core.literal.decode({encode(value)!r})"
