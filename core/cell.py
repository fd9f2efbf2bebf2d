"""One cell: what comes from a file, a grid or a frame, read as what `Task` holds, and written as text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from core.errors import LiteralError
from core.literal import to_text
from core.task import Unread

MAX_ORDER = 1_000_000_000
MAX_KEYS = 1_000
WHOLE_NUMBER = r"[+-]?\d{1,10}(?:\.0{0,20})?"


def is_missing(raw: Any) -> bool:
    """True for an empty cell: None, "", NaN, NaT or NA."""
    kind = type(raw)
    if raw is None or (kind is str and not raw):
        return True
    if isinstance(raw, float):
        return math.isnan(raw)
    return kind.__name__ in ("NaTType", "NAType")


def read_order(raw: Any) -> int | Unread:
    """Return the whole number that a cell holds, however it is written, or why there is none."""
    kind = type(raw)
    if kind is int:
        return raw if abs(raw) <= MAX_ORDER else Unread(raw, f"the order must lie within ±{MAX_ORDER:,}")
    if is_missing(raw):
        return Unread(raw, "the order is empty, expected a whole number")
    if kind is str and re.fullmatch(WHOLE_NUMBER, raw.strip(" "), re.ASCII):
        return read_order(int(float(raw)))
    if kind is not bool and hasattr(raw, "__float__") and kind.__module__ in ("builtins", "numpy", "decimal"):
        try:
            number = float(raw)
        except (TypeError, ValueError):
            number = math.nan
        if number.is_integer():
            return read_order(int(number))
    return Unread(raw, f"the order must be a whole number, not {_short(raw)}")


def read_path(raw: Any) -> str | Unread:
    """Return the text of a function path, "" for an empty cell, or why there is none."""
    if type(raw) is str:
        return raw
    if is_missing(raw):
        return ""
    return Unread(raw, f"the function path must be text, not {_short(raw)}")


def read_keys(raw: Any) -> tuple[str, ...] | Unread:
    """Return the keys that a cell holds, as a sequence or as text, or why there are none."""
    kind = type(raw)
    if kind is str and raw.isidentifier():
        return (raw,)
    if kind is tuple or kind is list:
        if len(raw) > MAX_KEYS:
            return Unread(raw, f"more than {MAX_KEYS:,} keys in one cell")
        for key in raw:
            if type(key) is not str:
                return Unread(raw, f"every key must be text, not {_short(key)}")
        return tuple(raw)
    if kind is str:
        return _read_keys_text(raw)
    if is_missing(raw):
        return ()
    return Unread(raw, f"the keys must be names, not {_short(raw)}")


def _read_keys_text(raw: str) -> tuple[str, ...] | Unread:
    text = raw.strip(" ")
    if text[:1] in ("(", "[", '"', "'", "{"):
        from core.notation import parse

        try:
            keys = parse(text)
        except LiteralError as error:
            return Unread(raw, f"the keys cannot be read: {error}")
        if type(keys) is str:
            return (keys,)
        result = read_keys(keys) if type(keys) in (tuple, list) else Unread(raw, "the keys must be a list of names")
        return Unread(raw, result.reason) if isinstance(result, Unread) else result
    if "," in text:
        return read_keys(tuple(part.strip(" ") for part in text.removesuffix(",").split(",")))
    return (text,) if text else ()


def read_kwargs(raw: Any) -> Mapping[str, Any] | Unread:
    """Return the mapping that a cell holds, as itself or as text, or why there is none."""
    value = raw
    if type(raw) is str:
        if not raw.strip():
            return {}
        from core.notation import parse

        try:
            value = parse(raw)
        except LiteralError as error:
            return Unread(raw, f"the kwargs cannot be read: {error}")
    elif is_missing(raw):
        return {}
    if not isinstance(value, Mapping):
        return Unread(raw, f"the kwargs must be a JSON object such as {{}}, not {_short(value)}")
    if len(value) > MAX_KEYS:
        return Unread(raw, f"more than {MAX_KEYS:,} names in one cell")
    for name in value:
        if type(name) is not str:
            return Unread(raw, f"every name in kwargs must be text, not {_short(name)}")
    return dict(value)


def read_note(raw: Any) -> str | Unread:
    """Return the text of a note, "" for an empty cell, or why there is none."""
    if type(raw) is str:
        return raw
    return "" if is_missing(raw) else Unread(raw, f"the note must be text, not {_short(raw)}")


def _short(value: Any) -> str:
    if type(value) is int and value.bit_length() > 200:
        return "a very long number"
    text = (
        repr(value) if type(value) in (str, int, float, bool, tuple, list, dict, type(None)) else type(value).__name__
    )
    return text if len(text) <= 60 else f"{text[:57]}..."


def keys_text(keys: tuple[str, ...]) -> str:
    """Return the text of a cell with keys, which `read_keys` reads back to the same."""
    text = ", ".join(keys)
    return text if _read_keys_text(text) == keys else to_text(list(keys))


def raw_text(raw: Any) -> str:
    """Return the text of a cell that could not be read."""
    if isinstance(raw, str):
        return raw
    try:
        return to_text(raw)
    except LiteralError:
        return repr(raw)
