"""Work that the tables of the command's and of the reuse's tests name; `calls` notes every call."""

from __future__ import annotations

from typing import Any

from core.function import task

calls: list[str] = []


def constant(number: int = 1) -> int:
    calls.append("constant")
    return number


def add(left: int, right: int, offset: int = 0) -> int:
    calls.append("add")
    return left + 2 * right + offset


def scale(value: int, factor: int = 2) -> int:
    """Return the value, scaled."""
    calls.append("scale")
    return value * factor


def split(value: int) -> tuple[int, int]:
    calls.append("split")
    return value + 1, value - 1


def look(registry: dict[str, Any]) -> int:
    """Return how many values there are."""
    calls.append("look")
    return len(registry["__data__"])


@task(title="Ask the clock", tags=("time",), cache="never")
def ask(value: int) -> int:
    calls.append("ask")
    return value


def items(count: int) -> list[int]:
    calls.append("items")
    return list(range(count))


def sort_in_place(values: list[int]) -> list[int]:
    """Return the values in reverse; careless: it reverses its argument."""
    calls.append("sort_in_place")
    values.reverse()
    return values


def length(values: list[int], more: list[int] | None = None) -> str:
    return f"{values} {more}"


def type_name(value: Any) -> str:
    return f"{type(value).__name__} {value!r}"


def fail(value: Any) -> Any:
    raise ValueError(f"no good: {value}")


def frame(rows: int) -> Any:
    import pandas as pd

    return pd.DataFrame({"number": range(rows)})


def sleep(value: Any) -> Any:
    """Return the value after an hour: whoever calls this means to be interrupted."""
    import time

    time.sleep(3600)
    return value
