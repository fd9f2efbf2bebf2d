"""Texts, bytes and plain data as the files that everyone knows."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path
from typing import Any

from core import literal
from core.errors import LiteralError

CONTAINERS = frozenset({list, dict, tuple, set, frozenset})


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


def read_text(path: Path) -> str:
    """Return the text of a file. Raises UnicodeDecodeError."""
    return path.read_bytes().decode("utf-8")


def write_bytes(value: Any, path: Path) -> bool:
    """Write bytes and return True; False for anything else."""
    if type(value) is not bytes:
        return False
    path.write_bytes(value)
    return True


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file."""
    return path.read_bytes()


def write_json(value: Any, path: Path) -> bool:
    """Write plain data and return True; False for what `core.literal` would not bring back exactly."""
    try:
        if not _is_exact(value):
            return False
        text = literal.to_text(value)
    except (LiteralError, RecursionError):
        return False
    path.write_bytes(text.encode("utf-8"))
    return True


def read_json(path: Path) -> Any:
    """Return the plain data of a file. Raises ValueError, LiteralError."""
    return literal.decode(json.loads(path.read_bytes()))


def _is_exact(value: Any) -> bool:
    """False if one list stands at two places, so that a change would show at both, or if a time zone would change."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind in CONTAINERS:
            if id(item) in seen and item:
                return False
            seen.add(id(item))
            waiting.extend(item.keys() if kind is dict else item)
            if kind is dict:
                waiting.extend(item.values())
        elif issubclass(kind, datetime | time) and item.tzinfo is not None and not _keeps_zone(item):
            return False
    return True


def _keeps_zone(moment: datetime | time) -> bool:
    again = literal.decode(literal.encode(moment)).tzinfo
    return type(again) is type(moment.tzinfo) and repr(again) == repr(moment.tzinfo)
