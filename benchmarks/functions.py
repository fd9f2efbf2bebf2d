"""The work that is measured: a chain of tasks, each adding one to what the task before it returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

FUNCTION_PATH = "benchmarks.functions.increase"

LoopRow = tuple[Callable[[int], int], str, str]


def increase(x: int) -> int:
    """Return x + 1: so little that what is measured is everything around the call."""
    return x + 1


def key(position: int) -> str:
    """Return the name of the value that task `position` reads; `key(0)` is the input, with the value 0."""
    return f"v{position}"


def table_rows(length: int) -> list[list[Any]]:
    """Return the chain as rows of a table, each with an order of its own. The last value is `length`."""
    return [[position, FUNCTION_PATH, key(position), {}, key(position + 1)] for position in range(length)]


def loop_rows(length: int) -> list[LoopRow]:
    """Return the chain as the plain loop needs it: function, key that it reads, key that it writes."""
    return [(increase, key(position), key(position + 1)) for position in range(length)]


def loop(rows: Iterable[LoopRow]) -> dict[str, int]:
    """Make the same calls with nothing around them but a dictionary. No engine can be faster: this is the limit."""
    values = {key(0): 0}
    for function, read, write in rows:
        values[write] = function(values[read])
    return values
