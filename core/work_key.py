"""The name of a piece of work: equal for the same function, code, arguments and kept results that it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.function import KEYWORD, Function
from core.literal import to_text
from core.task import Task

VERSION = 1


def input_identity(value: Any) -> str:
    """Return what tells a value given from outside from every other. Raises LiteralError if it has no exact form."""
    return hashlib.sha256(f"input\0{to_text(value)}".encode()).hexdigest()


def task_key(function: Function, task: Task, reads: Sequence[tuple[str, int] | str]) -> str:
    """Return the key of the result of a task, 64 hexadecimal digits.

    `reads` says for each positional argument where it comes from: the id of the result and the number of the output,
    or an `input_identity`. The task's id, order, note and the names of its keys do not matter. Raises LiteralError if
    a keyword argument has no exact form.
    """
    work = [
        VERSION,
        function.path,
        function.digest,
        function.version,
        [[name, to_text(value)] for name, value in _ordered(function, task.kwargs)],
        len(task.output_keys),
        [read if isinstance(read, str) else list(read) for read in reads],
    ]
    return hashlib.sha256(json.dumps(work).encode()).hexdigest()


def _ordered(function: Function, kwargs: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return arguments by name; those that the function collects itself (`**rest`) in the order that it sees."""
    named = {name for name, parameter in function.signature.parameters.items() if parameter.kind in KEYWORD}
    own = [(name, kwargs[name]) for name in sorted(kwargs) if name in named]
    return own + [pair for pair in kwargs.items() if pair[0] not in named]
