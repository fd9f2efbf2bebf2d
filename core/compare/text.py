"""The exact text of a value of a table or an input: two values are the same if, and only if, their texts are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import LiteralError
from core.notation import spell
from core.value.output import describe


@dataclass(frozen=True, slots=True)
class Change:
    """A named thing with an old and a new text; None where there is none."""

    name: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.name} added: {self.new}"
        return f"{self.name} removed: {self.old}" if self.new is None else f"{self.name}: {self.old} -> {self.new}"


def text_of(value: Any) -> str:
    """Return the text that a cell or a form shows for a value; of one without an exact form its type and `repr`."""
    try:
        return spell(value)
    except (LiteralError, RecursionError):
        return describe(value).strip()


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what was changed, removed and added: in the order of `old`, then of `new`."""
    names = dict.fromkeys([*old, *new])
    return tuple(Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return name -> exact text."""
    return {name: text_of(value) for name, value in values.items()}


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 cell, 1,200 cells, 2 boxes."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"
