"""What differs between two texts, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from core.compare.difference import EQUAL, ValueDifference
from core.compare.text import count
from core.value.output import whole

MAX_LINES = 1_000
MAX_LINE = 500
BEFORE = 60


@dataclass(frozen=True, slots=True)
class TextDifference:
    """Two texts.

    Attributes:
        lines: a unified diff without its head: lines that begin with " ", "-", "+" or "@@". Long lines are cut around
            the place of the first difference.
        added, removed: numbers of lines, as far as they were compared.
        line, character: place of the first difference in the new text, both counted from 1.
        is_whole: False if the texts differ in more lines than are compared.
    """

    lines: tuple[str, ...]
    added: int
    removed: int
    line: int
    character: int
    is_whole: bool


def compare_texts(old: str, new: str) -> ValueDifference:
    """Return what differs between two texts; of long ones the first thousand lines from the first difference on."""
    if old == new:
        return ValueDifference("text", True, EQUAL, TextDifference((), 0, 0, 0, 0, True))
    left, right = old.split("\n"), new.split("\n")
    start = _common(left, right)
    stop = _common(left[start:][::-1], right[start:][::-1])
    middle_left, middle_right = left[start : len(left) - stop], right[start : len(right) - stop]
    is_whole = max(len(middle_left), len(middle_right)) <= MAX_LINES
    character = _common((middle_left or [""])[0], (middle_right or [""])[0])
    around = slice(max(start - 3, 0), start)
    before, after = left[around], left[len(left) - stop :][:3] if is_whole else []
    ends = [[*before, *middle[:MAX_LINES], *after] for middle in (middle_left, middle_right)]
    lines = _renumbered(list(difflib.unified_diff(ends[0], ends[1], lineterm=""))[2:], around.start)
    added, removed = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    details = TextDifference(
        tuple(_cut(line, character) for line in lines), added, removed, start + 1, character + 1, is_whole
    )
    more = "" if is_whole else f" in the first {MAX_LINES:,} lines that were compared"
    changes = ", ".join(
        f"{count(number, 'line')} {verb}" for number, verb in ((added, "added"), (removed, "removed")) if number
    )
    place = f"the first difference is in line {start + 1:,}, at character {character + 1:,}"
    return ValueDifference("text", False, f"{changes}{more}; {place}", details, is_whole)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many items both begin with."""
    return next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _renumbered(lines: list[str], offset: int) -> list[str]:
    return [_head(line, offset) if line.startswith("@@") else line for line in lines]


def _head(line: str, offset: int) -> str:
    """Return the head of a part of a diff with lines counted from `offset` lines earlier."""
    parts = []
    for part in line.split()[1:3]:
        first, comma, length = part[1:].partition(",")
        parts.append(f"{part[0]}{int(first) + offset}{comma}{length}")
    return f"@@ {' '.join(parts)} @@"


def _cut(line: str, character: int) -> str:
    if len(line) <= MAX_LINE:
        return whole(line)
    start = max(character - BEFORE, 1)
    text = line[start : start + MAX_LINE]
    return whole(f"{line[0]}{'…' if start > 1 else ''}{text}{'…' if start + MAX_LINE < len(line) else ''}")
