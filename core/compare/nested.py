"""What differs between two nested values of dictionaries, lists, tuples and sets, path by path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.compare.difference import EQUAL, ValueDifference
from core.compare.same import is_missing, is_same
from core.compare.text import Change, count
from core.value.excerpt import short

MAX_CHANGES = 500
MAX_VISITS = 300_000
MAX_LEVELS = 60
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class DataDifference:
    """Two nested values.

    Attributes:
        changes: path (`summary.sharpe`, `rows[3]`) -> old and new in short, None where there is none; at most 500.
        changed, added, removed: how many there are of each.
        is_whole: False if the values are too large or too deep to be compared to the end.
    """

    changes: tuple[Change, ...]
    changed: int
    added: int
    removed: int
    is_whole: bool


def compare_data(old: Any, new: Any, compare_leaf: Callable[[Any, Any], ValueDifference]) -> ValueDifference:
    """Return what differs between two nested values; leaves such as frames are compared with `compare_leaf`."""
    walk = _Walk(compare_leaf)
    walk.compare(old, new, "", 0)
    changed, added, removed = walk.counts
    details = DataDifference(tuple(walk.changes), changed, added, removed, walk.is_whole)
    parts = [(changed, "value", "changed"), (added, "value", "added"), (removed, "value", "removed")]
    text = ", ".join(f"{count(number, noun)} {verb}" for number, noun, verb in parts if number)
    if not walk.is_whole:
        text = f"{text or 'no difference'} in the part that was compared"
    return ValueDifference("data", not text, text or EQUAL, details, walk.is_whole)


class _Walk:
    """Compares two values side by side until its budget is used up."""

    def __init__(self, compare_leaf: Callable[[Any, Any], ValueDifference]) -> None:
        self._compare_leaf = compare_leaf
        self._budget = MAX_VISITS
        self.changes: list[Change] = []
        self.counts = [0, 0, 0]
        self.is_whole = True

    def compare(self, old: Any, new: Any, path: str, level: int) -> None:
        if old is new:
            return
        if level > MAX_LEVELS or self._budget <= 0:
            self.is_whole = False
            return
        self._budget -= 1
        if type(old) is not type(new):
            if not is_same(old, new):
                self._note(0, path, f"{short(old, MAX_TEXT)} ({_name(old)})", f"{short(new, MAX_TEXT)} ({_name(new)})")
        elif isinstance(old, dict):
            self._compare_dicts(old, new, path, level)
        elif isinstance(old, list | tuple):
            self._compare_lists(old, new, path, level)
        elif isinstance(old, set | frozenset):
            self._note_all(2, path, _only_in(old, new))
            self._note_all(1, path, _only_in(new, old))
        else:
            self._compare_leaves(old, new, path)

    def _compare_dicts(self, old: dict[Any, Any], new: dict[Any, Any], path: str, level: int) -> None:
        for key, item in dict.items(old):
            place = _joined(path, key)
            if dict.__contains__(new, key):
                self.compare(item, dict.__getitem__(new, key), place, level + 1)
            else:
                self._note(2, place, short(item, MAX_TEXT), None)
        for key, item in dict.items(new):
            if not dict.__contains__(old, key):
                self._note(1, _joined(path, key), None, short(item, MAX_TEXT))

    def _compare_lists(self, old: Any, new: Any, path: str, level: int) -> None:
        for number, (left, right) in enumerate(zip(old, new, strict=False)):
            if self._budget <= 0:
                self.is_whole = False
                break
            self.compare(left, right, f"{path}[{number}]", level + 1)
        shorter = min(len(old), len(new))
        for kind, longer in ((2, old), (1, new)):
            self.counts[kind] += max(len(longer) - shorter - MAX_CHANGES, 0)
            for number, item in enumerate(longer[shorter : shorter + MAX_CHANGES], shorter):
                text = short(item, MAX_TEXT)
                self._note(kind, f"{path}[{number}]", *((text, None) if kind == 2 else (None, text)))

    def _compare_leaves(self, old: Any, new: Any, path: str) -> None:
        if not hasattr(old, "shape") and is_same(old, new):
            return
        found = None if type(old) in (str, int, float, bool) else self._compare_leaf(old, new)
        if found is None or not found.is_equal:
            left, right = short(old, MAX_TEXT), short(new, MAX_TEXT)
            is_large = found is not None and (left == right or bool(getattr(old, "shape", ())))
            self._note(0, path, left, f"{right} ({found.summary})" if found is not None and is_large else right)

    def _note_all(self, kind: int, path: str, items: Iterable[Any]) -> None:
        for item in items:
            text = short(item, MAX_TEXT)
            self._note(kind, f"{path}{{}}", *((text, None) if kind == 2 else (None, text)))

    def _note(self, kind: int, path: str, old: str | None, new: str | None) -> None:
        self.counts[kind] += 1
        if len(self.changes) < MAX_CHANGES:
            self.changes.append(Change(path or "(the value)", old, new))


def _only_in(items: Any, others: Any) -> list[Any]:
    found = [item for item in items if item not in others]
    return [item for item in found if not (is_missing(item) and any(map(is_missing, others)))]


def _joined(path: str, key: Any) -> str:
    text = short(key, 80)
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{text}" if path else text
    return f"{path}[{text!r}]" if isinstance(key, str) else f"{path}[{text}]"


def _name(value: Any) -> str:
    return type(value).__name__
