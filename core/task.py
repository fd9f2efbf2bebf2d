"""The values that everything else speaks of: a task, and one finding about a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that could not be read: kept as it came, with the reason, so that nothing typed is lost."""

    raw: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a table.

    Attributes:
        id: stays with the row when it moves; ASCII letters, digits, `_` and `-`.
        order: when it runs; equal orders have equal priority.
        function_path: dotted name of a plain Python function.
        input_keys: names of the values passed by position.
        kwargs: literal keyword arguments.
        output_keys: names under which the returned values are registered.
        note: free text for people.
        unread: column name -> cell that could not be read; the attribute then holds an empty value.
    """

    id: str
    order: int
    function_path: str
    input_keys: tuple[str, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    output_keys: tuple[str, ...] = ()
    note: str = ""
    unread: Mapping[str, Unread] = field(default_factory=lambda: NOTHING)

    __hash__ = None  # type: ignore[assignment]  # kwargs may hold anything


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a table.

    Attributes:
        kind: what it is, in kebab case, stable for programs ("unknown-function", "cycle", ...).
        message: what is wrong, in one sentence.
        task: id of the task, or None when the whole table or its inputs are meant.
        row: the task's row in the table, counted from 1.
        column: the column as files spell it ("inputKeys"), or None.
        hint: what to try.
        severity: errors block a run; warnings and notes do not.
        subject: the key, path or argument that is meant, as it stands in the table.
        offers: names that could be meant instead, best first.
    """

    kind: str
    message: str
    task: str | None = None
    row: int | None = None
    column: str | None = None
    hint: str = ""
    severity: Severity = "error"
    subject: str = field(default="", compare=False)
    offers: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column or "") if part)
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place + ': ' if place else ''}{self.message}{hint}"
