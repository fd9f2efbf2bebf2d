"""A value in short: numbers, cells, bytes and nested data as a person reads them, whatever they are."""

from __future__ import annotations

import math
import reprlib
import sys
from decimal import Decimal
from typing import Any

from core.value.kind import whole

MAX_CELL = 500
MAX_ITEMS = 2_000
MAX_LEVELS = 12
MAX_EXACT = 2**53  # from here on a browser cannot tell a whole number from the next
HEX_LINE = 16


def number_text(value: Any) -> str:
    """Return a number with thousands separators and about six digits: 1,234.57, 0.00123457, 6.02214e+23."""
    kind = type(value)
    if issubclass(kind, bool) or not hasattr(value, "__format__"):
        return str(value)
    if issubclass(kind, int) or _is_numpy(value, "iu"):
        return _whole_number(int(value))
    if issubclass(kind, float) or _is_numpy(value, "f"):
        return _fraction(float(value))
    return f"{value:,}" if issubclass(kind, Decimal) else str(value)


def exact_text(value: Any) -> str:
    """Return a number with all its digits."""
    try:
        return str(value)
    except ValueError:  # Python refuses to spell a whole number of more than 4,300 digits
        return _whole_number(int(value))


def short(value: Any, most: int = MAX_CELL) -> str:
    """Return any value on one line: a text as it stands, else its `repr` in short, whatever that does."""
    if type(value) is str:
        text = value
    else:
        try:
            text = str(value) if _is_plain(value) else _READER.repr(value)
        except Exception as error:  # a value's own methods may raise anything
            text = f"{type(value).__name__} (its repr raises {type(error).__name__})"
    return whole(text if len(text) <= most else f"{text[:most]}…")


def outline(value: Any, most: int = MAX_ITEMS) -> tuple[Any, bool]:
    """Return nested dictionaries, lists, tuples and sets as JSON data, and whether nothing was left out.

    What JSON cannot say exactly (a date, a frame, NaN, a very large number) becomes text, and so do keys.
    """
    drawing = _Outline(most)
    return drawing.of(value, 0), drawing.is_whole


def size_text(size: int) -> str:
    """Return a number of bytes as a person says it: 1.2 MB."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size:,} bytes"


def size_of(value: Any) -> int | None:
    """Return how much memory the object itself takes, in bytes; None if it does not say."""
    try:
        return sys.getsizeof(value)
    except Exception:
        return None


def hex_text(content: bytes) -> str:
    """Return bytes as lines of offset, hexadecimal digits and what of them is ASCII."""
    lines = (content[start : start + HEX_LINE] for start in range(0, len(content), HEX_LINE))
    return "\n".join(
        f"{number * HEX_LINE:06x}  {line.hex(' '):<{HEX_LINE * 3}} "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
        for number, line in enumerate(lines)
    )


class _Outline:
    """Copies nested data until its budget of items is used up."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self.is_whole = True

    def of(self, value: Any, level: int) -> Any:
        kind = type(value)
        if issubclass(kind, dict | list | tuple | set | frozenset) and level >= MAX_LEVELS:
            self.is_whole = False
            return f"{kind.__name__} of {len(value):,}"
        if issubclass(kind, dict):
            return self._of_dict(value, level)
        if issubclass(kind, list | tuple | set | frozenset):
            return [self.of(item, level + 1) for item in self._some(value)]
        if value is None or kind is bool or (kind is int and abs(value) < MAX_EXACT):
            return value
        if kind is float:
            return value if math.isfinite(value) else str(value)
        if kind is str:
            self.is_whole &= len(value) <= MAX_CELL
        return short(value)

    def _of_dict(self, value: dict[Any, Any], level: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in self._some(dict.items(value)):
            text = short(key) if isinstance(key, str) else _READER.repr(key)
            self.is_whole &= len(text) <= MAX_CELL
            result[unused(text, result)] = self.of(item, level + 1)
        return result

    def _some(self, items: Any) -> Any:
        for item in items:
            if self._budget <= 0:
                self.is_whole = False
                return
            self._budget -= 1
            yield item


def unused(text: str, taken: Any) -> str:
    """Return the text, with a number behind it if it is already taken."""
    number, result = 1, text
    while result in taken:
        number += 1
        result = f"{text} ({number})"
    return result


def _whole_number(value: int) -> str:
    try:
        return f"{value:,}"
    except ValueError:
        return f"a whole number of {value.bit_length():,} bits"


def _fraction(value: float) -> str:
    size = abs(value)
    if value == 0 or not 1e-4 <= size < 1e15:
        return f"{value:.6g}"
    digits = max(0, 5 - math.floor(math.log10(size)))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _is_plain(value: Any) -> bool:
    """True for values whose `str` is short and says it all: numbers, dates, periods, enumerations of pandas."""
    module = str(type(value).__module__).partition(".")[0]
    is_scalar = module == "numpy" and getattr(value, "shape", None) == ()
    return is_scalar or module in ("datetime", "decimal", "fractions", "uuid") or type(value).__name__ in PANDAS_SCALARS


PANDAS_SCALARS = frozenset({"Timestamp", "Timedelta", "Period", "Interval", "NaTType", "NAType"})


def _is_numpy(value: Any, kinds: str) -> bool:
    dtype = getattr(value, "dtype", None)
    return getattr(dtype, "kind", "?") in kinds and getattr(value, "shape", None) == ()


def _reader() -> reprlib.Repr:
    reader = reprlib.Repr()
    reader.maxlevel = 4
    reader.maxdict = reader.maxlist = reader.maxtuple = reader.maxset = reader.maxfrozenset = reader.maxdeque = 20
    reader.maxstring = reader.maxother = reader.maxlong = 200
    return reader


_READER = _reader()
