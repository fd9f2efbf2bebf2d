"""A value as text: a number with its digits, the beginning of a text, nested data, bytes, or its own words."""

from __future__ import annotations

from typing import Any

from core.value.excerpt import exact_text, hex_text, number_text, outline, size_of
from core.value.kind import describe, kind_of, whole

MAX_TEXT = 20_000
MAX_BYTES = 256


def plain(value: Any) -> dict[str, Any]:
    """Return what is shown of a value without rows and pictures; its `kind` says which of them it is."""
    kind = kind_of(value)
    match kind:
        case "number":
            found = _number(value)
        case "text":
            found = _text(value)
        case "data":
            data, is_whole = outline(value)
            found = {"type": type(value).__name__, "length": len(value), "data": data, "is_whole": is_whole}
        case "nothing":
            found = {}
        case _:
            if isinstance(value, bytes | bytearray):
                return {"kind": "bytes", "length": len(value), "text": hex_text(bytes(value[:MAX_BYTES]))}
            return {**words(value), "kind": "other"}
    return {"kind": kind, **found}


def words(value: Any) -> dict[str, Any]:
    """Return the type, the size and the beginning of the `repr` of a value."""
    kind, _, text = describe(value).partition("\n")
    return {"kind": "other", "type": kind, "text": text, "size": size_of(value)}


def _number(value: Any) -> dict[str, Any]:
    shown, exact = number_text(value), exact_text(value)
    return {
        "type": type(value).__name__,
        "shown": whole(shown),
        "exact": "" if shown.replace(",", "") == exact else whole(exact[:MAX_TEXT]),
    }


def _text(value: str) -> dict[str, Any]:
    text = str.__str__(value)  # a subclass may have methods of its own
    return {"length": len(text), "text": whole(text[:MAX_TEXT])}
