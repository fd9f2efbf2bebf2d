"""What differs between two stored values, as an answer that can be sent: plain JSON and one small frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from core.artifact import Artifact
from core.compare.array import ArrayDifference
from core.compare.difference import ValueDifference
from core.compare.figure import FigureDifference
from core.compare.frame import FrameDifference
from core.compare.image import ImageDifference
from core.compare.lines import TextDifference
from core.compare.nested import DataDifference
from core.compare.number import NumberDifference
from core.compare.series import SeriesDifference
from core.compare.text import Change
from core.compare.value import compare_values
from core.value.answer import Answer
from core.value.excerpt import number_text, short
from core.value.page import page
from core.value.question import Question

ASK = "compare"
MAX_NUMBER = 80


def comparison(other: Artifact) -> Question:
    """How a value differs from a newer one, which lies in the same folder."""
    return {"ask": ASK, "other": other.to_json()}


def answer_comparison(old: Any, new: Any) -> Answer:
    """Return how a new value differs from an old one. Never raises for a value's sake.

    `data` hold `kind`, `is_equal`, `summary` and `is_exact` as `ValueDifference` has them, and `details`: those of its
    attributes that are plain, numbers as texts, changes as `[name, old, new]`. Of frames and series `statistics` are
    rows by heading, and `first` the first changed cells. The frame is `old` and `new` of a series side by side.
    """
    found = compare_values(old, new)
    data = {"kind": found.kind, "is_equal": found.is_equal, "summary": found.summary, "is_exact": found.is_exact}
    return Answer({**data, "details": _details(found)}, _overlay(found))


def _details(found: ValueDifference) -> dict[str, Any]:
    return TOLD[type(found.details)](found.details) if type(found.details) in TOLD else {}


def _overlay(found: ValueDifference) -> Any:
    details = found.details
    if not isinstance(details, SeriesDifference) or details.overlay is None:
        return None
    return page(details.overlay)


def _number(details: NumberDifference) -> dict[str, Any]:
    gap = details.difference
    return {
        "old": _text(details.old),
        "new": _text(details.new),
        "difference": None if gap is None else _signed(gap),
        "percent": None if details.percent is None else f"{details.percent:+,.3g}%",
    }


def _frame(details: FrameDifference) -> dict[str, Any]:
    plain = ("rows", "columns", "rows_added", "rows_removed", "added_labels", "removed_labels", "columns_added")
    names = (*plain, "columns_removed", "is_by_label", "is_reordered", "cells", "changed", "sampled")
    statistics = details.statistics()
    return {
        **{name: _plain(getattr(details, name)) for name in names},
        "types": _changes(details.types),
        "statistics": [
            {str(name): _plain(cell) for name, cell in zip(statistics.columns, row, strict=True)}
            for row in statistics.itertuples(index=False, name=None)
        ],
        "first": [list(row) for row in details.first.itertuples(index=False, name=None)],
    }


def _array(details: ArrayDifference) -> dict[str, Any]:
    numbers = {"largest": _plain(details.largest), "means": _plain(details.means)}
    sizes = {"shapes": _plain(details.shapes), "types": list(details.types)}
    return {**sizes, **numbers, "items": details.items, "changed": details.changed, "first": _changes(details.first)}


def _figure(details: FigureDifference) -> dict[str, Any]:
    return {
        "traces": list(details.traces),
        "changed_traces": list(details.changed_traces),
        "changes": _changes(details.changes),
    }


def _image(details: ImageDifference) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(details).items()}


def _data(details: DataDifference) -> dict[str, Any]:
    counts = {"changed": details.changed, "added": details.added, "removed": details.removed}
    return {**counts, "is_whole": details.is_whole, "changes": _changes(details.changes)}


def _lines(details: TextDifference) -> dict[str, Any]:
    return {**asdict(details), "lines": list(details.lines)}


def _changes(changes: Iterable[Change]) -> list[list[str | None]]:
    return [[change.name, change.old, change.new] for change in changes]


def _text(number: Any) -> str:
    return short(number_text(number), MAX_NUMBER)


def _signed(number: Any) -> str:
    text = _text(number)
    try:
        return f"+{text}" if number > 0 else text
    except TypeError:  # complex numbers have no order
        return text


def _plain(value: Any) -> Any:
    """Return numbers, texts and tuples as JSON has them; what is not finite has no place there."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | str | int):
        return value
    number = float(value)
    return number if math.isfinite(number) else None


TOLD: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    NumberDifference: _number,
    FrameDifference: _frame,
    SeriesDifference: lambda details: _frame(details.frame),
    ArrayDifference: _array,
    FigureDifference: _figure,
    ImageDifference: _image,
    DataDifference: _data,
    TextDifference: _lines,
}
