"""A value in a few words and numbers, as plain JSON, for those who may not or need not read the value itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from core.value.excerpt import exact_text, short
from core.value.output import kind_of, whole

MAX_TEXT = 1_000
MAX_BYTES = 2_000
MAX_DIGITS = 100


def summarize(value: Any) -> tuple[str, dict[str, Any]]:
    """Return what kind a value is (see `kind_of`) and its summary (see `core.artifact.Artifact`), under 3 kB.

    Nothing that the value does makes it raise, except KeyboardInterrupt.
    """
    kind = _calm(lambda: kind_of(value), "other")
    name = _calm(lambda: _type_name(value), "unknown")
    text = _calm(lambda: _text(value, kind), "(its repr raises)")
    return kind, {"type": name, "text": _fitting(text), **_calm(lambda: _facts(value, kind), {})}


def _facts(value: Any, kind: str) -> dict[str, Any]:
    if kind == "frame":
        rows, columns = value.shape
        return {"rows": int(rows), "columns": int(columns)}
    if kind == "array":
        return {"shape": [int(size) for size in value.shape], "dtype": str(value.dtype)[:100]}
    if kind == "image" and isinstance(getattr(value, "size", None), tuple):
        return {"shape": [int(size) for size in value.size]}
    if kind == "number":
        digits = exact_text(value)
        return {"number": digits} if len(digits) <= MAX_DIGITS else {}
    if kind in ("series", "text", "data"):
        return {"length": len(value)} | ({"dtype": str(value.dtype)[:100]} if kind == "series" else {})
    return {}


def _text(value: Any, kind: str) -> str:
    """Return a short `repr`; of a table and of a figure what there is of it, because drawing them takes long."""
    if kind == "frame":
        rows, columns = value.shape
        names = ", ".join(short(name, 40) for name in value.columns[:20])
        return f"{rows:,} rows, {columns:,} columns: {names}{', …' if columns > 20 else ''}"
    if kind == "series":
        cells = ", ".join(short(item, 40) for item in value[:8].tolist())
        return f"{len(value):,} values of {value.dtype}: {cells}{', …' if len(value) > 8 else ''}"
    if kind == "array":
        cells = ", ".join(short(item, 40) for item in value.flat[:8])
        shape = " × ".join(f"{size:,}" for size in value.shape)
        return f"{shape or 'one'} of {value.dtype}: {cells}{', …' if value.size > 8 else ''}"
    if kind == "figure":
        return f"{len(value.data):,} traces: {', '.join(trace.type for trace in value.data[:20])}"
    return short(value, MAX_TEXT)


def _type_name(value: Any) -> str:
    return whole(f"{type(value).__module__}.{type(value).__qualname__}"[:200])


def _fitting(text: str) -> str:
    """Return the beginning of a text that takes no more than its share, in a file of ASCII characters, too."""
    text = whole(text[:MAX_TEXT])
    while len(json.dumps(text)) > MAX_BYTES:
        text = text[: len(text) * 3 // 4]
    return text


def _calm(ask: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return ask()
    except KeyboardInterrupt:
        raise
    except BaseException:  # a value's own methods may raise anything
        return otherwise
