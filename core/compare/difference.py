"""What every comparison of two values answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ValueDifference:
    """How a new value differs from an old one.

    Attributes:
        kind: what both are (see `core.value.output.kind_of`); "different" if they are of two kinds, "unreadable" if one
            cannot be read or compared.
        is_equal: True if both were looked at wholly, and are of one type and hold the same.
        summary: one sentence.
        details: by kind a `NumberDifference`, `TextDifference`, `DataDifference`, `FrameDifference`,
            `SeriesDifference`, `ArrayDifference`, `FigureDifference` or `ImageDifference`; else None.
        is_exact: False if only a part was looked at.
    """

    kind: str
    is_equal: bool
    summary: str
    details: Any = None
    is_exact: bool = True


EQUAL = "they are equal"
