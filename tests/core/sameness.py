"""When two values are exactly the same: type, content, order of keys, sign of zero, zone and fold; NaN is itself."""

from __future__ import annotations

import math
from datetime import datetime, time
from decimal import Decimal
from typing import Any


def is_same(left: Any, right: Any, exact_unit: bool = True) -> bool:
    """True if no program could tell the two apart; without `exact_unit`, units of pandas' times do not count."""
    if type(left) is not type(right):
        return False
    if isinstance(left, set | frozenset):
        return len(left) == len(right) and all(any(is_same(a, b, exact_unit) for b in right) for a in left)
    if isinstance(left, dict):
        left, right = list(left.items()), list(right.items())
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(is_same(a, b, exact_unit) for a, b in zip(left, right, strict=True))
    units = (getattr(left, "unit", None), getattr(right, "unit", None))
    return _essence(left) == _essence(right) and (units[0] == units[1] or not exact_unit)


def _essence(value: Any) -> Any:
    """Something with an ordinary equality that says all there is about a value that holds no others."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else (value, math.copysign(1, value))
    if isinstance(value, complex):
        return _essence(value.real), _essence(value.imag)
    if isinstance(value, Decimal):
        return str(value)
    if type(value).__name__ in ("NaTType", "NAType"):
        return id(value)
    if isinstance(value, datetime | time):
        return value.isoformat(), value.fold, str(getattr(value.tzinfo, "key", value.tzinfo))
    if type(value).__module__ == "numpy":
        return str(value.dtype), value.tobytes()
    return value
