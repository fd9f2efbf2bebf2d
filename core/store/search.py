"""What a search looks at, and the conditions that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table

from core.store.schema import RUNS, VERSIONS, WORKFLOWS
from core.store.text import fold, pack, search_words, tag_pattern

SEARCHED = {
    WORKFLOWS: ("name", "description", "note", "tags"),
    VERSIONS: ("author", "message", "note", "tags"),
    RUNS: ("name", "author", "reason", "note", "tags"),
}


def words_of(table: Table, row: Mapping[str, Any]) -> str:
    """Return what a row keeps to be found by; a run is also found by its number, as "#12"."""
    number = [f"#{row['number']}"] if table is RUNS else []
    return fold(*(row.get(column, "") for column in SEARCHED[table]), *number)


def holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Return the condition that a column of folded words holds a word, taken literally."""
    return column.contains(pack(word), autoescape=True)


def found_by(text: str, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that every word of a search is in the column."""
    return [holds(column, word) for word in search_words(text)]


def tagged_with(column: ColumnElement[str], tags: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that a column of tags holds each of these."""
    return [column.contains(tag_pattern(tag), autoescape=True) for tag in tags]
