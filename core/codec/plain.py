"""Texts, bytes and plain data as the files that everyone knows."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path
from typing import Any

from core import literal
from core.codec.source import Source, content_of
from core.errors import LiteralError

MOST_ITEMS = 1_000_000
CONTAINERS = frozenset({list, dict, tuple, set, frozenset})
TEXTS = frozenset({str, bytes})
PLAIN = frozenset({str, bytes, int, float, bool, type(None)})


def write_text(value: Any, path: Path) -> bool:
    """Write a text and return True; False for anything else, and for a text with half a character."""
    if type(value) is not str:
        return False
    try:
        content = value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    path.write_bytes(content)
    return True


def read_text(source: Source) -> str:
    """Return the text of a file. Raises UnicodeDecodeError."""
    return content_of(source).decode("utf-8")


def write_bytes(value: Any, path: Path) -> bool:
    """Write bytes and return True; False for anything else."""
    if type(value) is not bytes:
        return False
    path.write_bytes(value)
    return True


def read_bytes(source: Source) -> bytes:
    """Return the bytes of a file."""
    return content_of(source)


def write_json(value: Any, path: Path) -> bool:
    """Write plain data and return True; False for what `core.literal` would not bring back exactly."""
    try:
        if not is_exact(value):
            return False
        text = literal.to_text(value)
    except (LiteralError, RecursionError):
        return False
    path.write_bytes(text.encode("utf-8"))
    return True


def read_json(source: Source) -> Any:
    """Return the plain data of a file. Raises ValueError, LiteralError."""
    return literal.decode(json.loads(content_of(source)))


def is_exact(value: Any) -> bool:
    """True if JSON brings a value back with its types, and if a pickle would not be far better at it.

    False if one list stands at two places, so that a change of one shows at both; if a time zone would become another;
    if there is very much of it.
    """
    seen: set[int] = set()
    waiting = [value]
    size = 0
    while waiting:
        item = waiting.pop()
        kind = type(item)
        size += len(item) // 32 + 1 if kind in TEXTS else 1
        if size > MOST_ITEMS:
            return False
        if kind in CONTAINERS:
            if id(item) in seen and not (kind is tuple and all(type(part) not in CONTAINERS for part in item)):
                return False
            seen.add(id(item))
            waiting.extend(item.keys() if kind is dict else item)
            if kind is dict:
                waiting.extend(item.values())
        elif kind not in PLAIN and not _is_exact_scalar(item):
            return False
    return True


def _is_exact_scalar(value: Any) -> bool:
    if hasattr(type(value), "__setitem__"):  # an array without dimensions would come back as a number
        return False
    if not isinstance(value, datetime | time) or value.tzinfo is None:
        return True
    again = literal.decode(literal.encode(value)).tzinfo
    return type(again) is type(value.tzinfo) and repr(again) == repr(value.tzinfo)
