"""What the command reads and says: a workflow file, a line of text, a complaint, a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.workflow import Workflow

OK, BAD_TABLE, BAD_USAGE, FAILED_TASK = 0, 1, 2, 3


def load(file: str) -> Workflow:
    """Read a workflow file: a table as CSV by its ending, else JSON. Raises FormatError."""
    from core.workflow import Workflow

    return Workflow.from_csv(file) if file.lower().endswith((".csv", ".tsv")) else Workflow.from_json(file)


def say(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def complain(text: str, code: int) -> int:
    """Write a line to standard error and return the exit code."""
    sys.stderr.write(f"tasktable: {text}\n")
    return code


def time_text(seconds: float) -> str:
    """Return a time as short text."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def size_text(count: float) -> str:
    """Return a number of bytes as short text."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
