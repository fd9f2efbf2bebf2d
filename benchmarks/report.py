"""Measured lines as an aligned plain-text table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.timing import Comparison

HEADER = ("what", "ratio", "fastest", "bound", "ok")


@dataclass(frozen=True)
class Line:
    """One measured thing; `bound` is None for what is told for information, `found` for what could not be measured."""

    what: str
    found: Comparison | None
    bound: float | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the columns of `HEADER`."""
        bound = "" if self.bound is None else f"{self.bound:g}"
        if self.found is None:
            return self.what, "-", "-", bound, ""
        verdict = "" if self.bound is None else "yes" if self.found.ratio <= self.bound else "NO"
        return self.what, f"{self.found.ratio:.2f}", f"{self.found.fastest:.2f}", bound, verdict


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows under their header, the first column to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [text.rjust(width) for text, width in zip(line, widths, strict=True)]
    return "  ".join([line[0].ljust(widths[0]), *cells[1:]]).rstrip()
