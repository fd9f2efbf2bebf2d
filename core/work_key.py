"""The name of a piece of work: equal for the same function, code, arguments and kept results that it reads."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
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
    module = str(getattr(inspect.unwrap(function.call), "__module__", None) or "")
    work = [
        VERSION,
        function.path,
        function.digest,
        version_of(module),
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


@lru_cache(maxsize=1_000)
def version_of(module: str) -> str:
    """Return the version of Python, and of the installed distribution that a module belongs to."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file:
        return python
    path = Path(file)
    base = path.parents[module.count(".") + (path.name == "__init__.py")]
    return f"{python} {_distribution(base, path.relative_to(base).as_posix(), module.partition('.')[0])}"


def _distribution(base: Path, file: str, top: str) -> str:
    """Return the name and version of what was installed into a folder together with a file, "" if nothing was.

    The list of all packages (`importlib.metadata.packages_distributions`) says the same, and takes half a second.
    """
    for item in _installed(base):
        record = item.read_text("RECORD")
        names = (item.read_text("top_level.txt") or "").split()
        if (f"\n{file}," in f"\n{record}") if record else top in names:
            return _named(item)
    return ""


@lru_cache(maxsize=1_000)
def _named(item: metadata.Distribution) -> str:
    # The head only: the parser of the library reads the whole of a project's description as well.
    head = (item.read_text("METADATA") or item.read_text("PKG-INFO") or "").partition("\n\n")[0]
    said = dict(line.split(": ", 1) for line in head.splitlines() if re.match("(Name|Version): ", line))
    return f"{said.get('Name')} {said.get('Version')}"


def forget_versions() -> None:
    """Look anew at what is installed when a version is asked for the next time."""
    for remembered in (version_of, _installed, _named):
        remembered.cache_clear()


@lru_cache(maxsize=100)
def _installed(base: Path) -> tuple[metadata.Distribution, ...]:
    return tuple(metadata.distributions(path=[str(base)]))
