"""Runs as the rows of one table: the inputs and arguments that vary, and every number that came out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.artifact import Artifact
from core.compare.run import RunSide, outputs
from core.compare.text import text_of
from core.value.excerpt import short
from core.value.output import as_series, kind_of

if TYPE_CHECKING:
    import pandas as pd

MAX_SCALARS = 200
MAX_SIZE = 100_000
MAX_LEVELS = 8
MAX_VISITS = 5_000
SMALL_KINDS = ("frame", "series", "data")


def scalars(runs: Mapping[str, RunSide], read: Callable[[Artifact], Any] | None = None) -> pd.DataFrame:
    """Return one row for each run, indexed by its name.

    Columns: inputs that vary under their names, kwargs that vary as `task.argument`, and outputs that are numbers under
    their keys; with `read`, also the numbers in small frames, series and nested data, as `key / row / column`. What a
    run has not is missing. A column of inputs that are not all numbers holds their exact texts.
    """
    import pandas as pd

    given = _varying([{**side.inputs, **_kwargs(side)} for side in runs.values()])
    columns = {name: _column(values) for name, values in given.items()}
    found = [dict(_numbers_of(side, read)) for side in runs.values()]
    for name in dict.fromkeys(name for numbers in found for name in numbers):
        label = name if name not in columns else f"{name} (output)"
        columns[label] = [numbers.get(name, math.nan) for numbers in found]
    return pd.DataFrame(columns, index=pd.Index(list(runs), name="run", dtype=object))


def scalars_of(value: Any, name: str) -> dict[str, float]:
    """Return the numbers that a value is or holds, named; at most 200, none of what is large or has none."""
    found: dict[str, float] = {}
    waiting = [(name, value, 0)]
    for _ in range(MAX_VISITS):
        if not waiting or len(found) >= MAX_SCALARS:
            break
        label, part, level = waiting.pop()
        number = number_of(part)
        if number is not None:
            found[label] = number
        elif level < MAX_LEVELS:
            below = [(f"{label} / {_label(inner)}", item, level + 1) for inner, item in _parts(part)]
            waiting.extend(reversed(below))
    return found


def number_of(value: Any) -> float | None:
    """Return a real number as a float of Python; None for anything else, and for what is too large for one."""
    if kind_of(value) != "number" or isinstance(value, complex):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _parts(value: Any) -> list[tuple[Any, Any]]:
    """Return the labelled parts of a value that is small and has any."""
    kind = kind_of(value)
    if kind == "frame" and value.size <= MAX_SCALARS:
        return [(label, value.iloc[place]) for place, label in enumerate(value.index)]
    if kind == "series" and len(value) <= MAX_SCALARS:
        series = as_series(value)
        return [(label, series.iat[place]) for place, label in enumerate(series.index)]
    if isinstance(value, dict) and len(value) <= MAX_SCALARS:
        return list(value.items())
    if isinstance(value, list | tuple) and len(value) <= MAX_SCALARS:
        return list(enumerate(value))
    return []


def _label(label: Any) -> str:
    return " ".join(short(part, 60) for part in (label if isinstance(label, tuple) else (label,)))


def _numbers_of(side: RunSide, read: Callable[[Artifact], Any] | None) -> Iterator[tuple[str, float]]:
    for key, artifact in outputs(side.tasks, side.record).items():
        if artifact.kind == "number" and (number := _told(artifact)) is not None:
            yield key, number
        elif read is not None and artifact.is_stored and _is_small(artifact):
            try:
                yield from scalars_of(read(artifact), key).items()
            except Exception:  # noqa: S112 - a stored value may be gone, and decoding it may raise anything
                continue


def _is_small(artifact: Artifact) -> bool:
    return artifact.kind in (*SMALL_KINDS, "number") and artifact.size <= MAX_SIZE


def _told(artifact: Artifact) -> float | None:
    """Return the number that the summary tells, which it does as a number or as its text."""
    told = artifact.summary.get("number")
    if isinstance(told, str):
        try:
            return float(told)
        except ValueError:
            return {"true": 1.0, "false": 0.0}.get(told.lower())
    return number_of(told)


def _kwargs(side: RunSide) -> dict[str, Any]:
    return {f"{task.id}.{name}": value for task in side.tasks for name, value in task.kwargs.items()}


def _varying(sides: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return name -> its value in each run, None where there is none, for the names whose values are not all equal."""
    names = dict.fromkeys(name for side in sides for name in side)
    found = {}
    for name in names:
        texts = {text_of(side[name]) if name in side else None for side in sides}
        if len(texts) > 1:
            found[name] = [side.get(name) for side in sides]
    return found


def _column(values: list[Any]) -> list[Any]:
    """Return values of which a column can be sorted and drawn: numbers, or texts."""
    is_number = all(value is None or type(value) in (int, float) for value in values)
    if is_number:
        return [math.nan if value is None else value for value in values]
    return [None if value is None else value if type(value) is str else text_of(value) for value in values]
