"""Exact JSON for kwargs and inputs: values that JSON lacks are written as one-key tags such as `{"$tuple": [1, 2]}`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from core.errors import LiteralError

MAX_DEPTH = 64
PLAIN = frozenset({str, int, bool, type(None)})
LONE_SURROGATE = "[\ud800-\udfff]"


class Required:
    """The default of an input that has none: a run must be given a value for it. Use the constant `REQUIRED`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"

    def __copy__(self) -> Required:
        return self

    def __deepcopy__(self, memo: object) -> Required:
        return self


REQUIRED = Required()


def encode(value: Any, where: str = "value", depth: int = 0) -> Any:
    """Return JSON data (dict, list, str, int, float, bool, None) from which `decode` makes an equal value again.

    Raises LiteralError, saying where, for a value that has no exact form: an open file, a function, a data frame.
    """
    kind = type(value)
    if kind in PLAIN:
        return _checked(value, where)
    if kind is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if depth >= MAX_DEPTH:
        raise LiteralError(f"{where} is nested deeper than {MAX_DEPTH} levels")
    if kind is list:
        return [encode(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
    if kind is dict:
        return _encode_dict(value, where, depth)
    from core.tag import writer_of

    writer = writer_of(kind)
    if writer is None:
        raise LiteralError(f"{where} is a {kind.__qualname__}, which has no exact form in a file")
    tag, content = writer(value, where, depth + 1)
    return {tag: content}


def decode(data: Any, where: str = "value", depth: int = 0) -> Any:
    """Return the value that `encode` wrote as `data`. Raises LiteralError, saying where, if no value is written so."""
    kind = type(data)
    if kind in PLAIN or kind is float:
        return data
    if depth >= MAX_DEPTH:
        raise LiteralError(f"{where} is nested deeper than {MAX_DEPTH} levels")
    if kind is list:
        return [decode(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(data)]
    if kind is not dict:
        raise LiteralError(f"{where} is a {kind.__qualname__}, which JSON does not have")
    tag = next(iter(data)) if len(data) == 1 else ""
    if not tag.startswith("$"):
        return {key: decode(item, f"{where}.{key}", depth + 1) for key, item in data.items()}
    from core.tag import READERS

    reader = READERS.get(tag)
    if reader is None:
        raise LiteralError(f"{where} has the unknown tag {tag[:40]!r}; known are {', '.join(READERS)}")
    try:
        return reader(data[tag], where, depth + 1)
    except LiteralError:
        raise
    except (ValueError, TypeError, OverflowError, ArithmeticError, LookupError, AttributeError) as error:
        raise LiteralError(f"{where} is not a valid {tag}: {str(error)[:200]}") from error


def to_text(value: Any, where: str = "value") -> str:
    """Return `encode(value)` as one line of JSON text."""
    return json.dumps(encode(value, where), ensure_ascii=False, allow_nan=False)


def is_immutable(value: Any) -> bool:
    """True if no callee can change the value in place, so that it may be handed out again and again."""
    kind = type(value)
    if kind in PLAIN or kind in IMMUTABLE:
        return True
    return kind in (tuple, frozenset) and all(map(is_immutable, value))


IMMUTABLE = frozenset({float, complex, bytes, datetime, date, time, timedelta, Required})


def _checked(value: str | int | None, where: str) -> str | int | None:
    if isinstance(value, int) and value.bit_length() > 13_000:
        raise LiteralError(f"{where} is a whole number of more than 3,900 digits")
    if isinstance(value, str) and not value.isascii() and re.search(LONE_SURROGATE, value):
        raise LiteralError(f"{where} holds half a character (a lone surrogate)")
    return value


def _encode_dict(value: Mapping[Any, Any], where: str, depth: int) -> Any:
    is_plain = all(type(key) is str for key in value) and not (len(value) == 1 and next(iter(value)).startswith("$"))
    if is_plain:
        return {_checked(key, f"{where} key"): encode(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
    pairs = [
        [encode(key, f"{where} key", depth + 1), encode(item, f"{where}[{key!r}]", depth + 1)]
        for key, item in value.items()
    ]
    return {"$dict": pairs}
