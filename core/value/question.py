"""What can be asked of a value: plain JSON, so that a question reaches the process which holds the value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.value.page import Condition, Query

Question = Mapping[str, Any]

POINTS = 4_000


def head(name: str = "value") -> Question:
    """What a frame, a series or an array holds: its size, columns and files; `name` is for a series without its own."""
    return {"ask": "head", "name": name}


def rows(query: Query, first: int, size: int, name: str = "value") -> Question:
    """One page of the rows that a query asks for: so many from the position `first`, or the last page before it."""
    return {
        "ask": "rows",
        "conditions": [_condition_data(condition) for condition in query.conditions if not condition.is_empty],
        "column": query.column,
        "descending": query.descending,
        "first": first,
        "size": size,
        "name": name,
    }


def statistics(name: str = "value") -> Question:
    """What the columns of a frame, or a series, hold in numbers."""
    return {"ask": "statistics", "name": name}


def line(points: int = POINTS) -> Question:
    """At most about so many points of a series whose line looks like that of all."""
    return {"ask": "line", "points": points}


def figure() -> Question:
    """A figure of Plotly as JSON."""
    return {"ask": "figure"}


def picture() -> Question:
    """An image, a figure of Matplotlib or an array of colours as PNG."""
    return {"ask": "picture"}


def plain() -> Question:
    """A number, a text, nested data, bytes, nothing, or anything else in its own words."""
    return {"ask": "plain"}


def words() -> Question:
    """The type, the size and the beginning of the `repr` of whatever it is."""
    return {"ask": "words"}


def file(suffix: str) -> Question:
    """The content of the file of one kind, such as "csv"."""
    return {"ask": "file", "suffix": suffix}


def identity(question: Question) -> str:
    """Return one text for equal questions, different for others."""
    return json.dumps(question, sort_keys=True)


def query_of(question: Question) -> Query:
    """Return the query in a question for rows."""
    conditions = tuple(map(_condition, question["conditions"]))
    return Query(conditions, question["column"], bool(question["descending"]))


def _condition_data(condition: Condition) -> dict[str, Any]:
    return {
        "column": condition.column,
        "text": condition.text,
        "lowest": _end_data(condition.lowest),
        "highest": _end_data(condition.highest),
    }


def _condition(data: Mapping[str, Any]) -> Condition:
    return Condition(data["column"], data["text"], _end(data["lowest"]), _end(data["highest"]))


def _end_data(end: float | date | None) -> float | str | None:
    return end.isoformat() if isinstance(end, date) else end


def _end(data: float | str | None) -> float | date | None:
    return date.fromisoformat(data) if isinstance(data, str) else data
