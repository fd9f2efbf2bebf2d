"""A value as people type it in a cell: JSON with tags, or a Python literal as `repr` writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from core.errors import FormatError, LiteralError
from core.json_text import LONE_SURROGATE, loads
from core.literal import decode, to_text

MAX_LENGTH = 100_000
MAX_DEPTH = 64


def parse(text: str) -> Any:
    """Return the value that `text` spells. Nothing is evaluated: only literals and a few constructors are known.

    Raises LiteralError with what is wrong; the text of a plain word such as `Close` is not a value, it lacks quotes.
    """
    if len(text) > MAX_LENGTH:
        raise LiteralError(f"the text is longer than {MAX_LENGTH:,} characters")
    try:
        data = loads(text, "the text")
    except FormatError as error:
        return _parse_python(text, error)
    return decode(data)


def spell(value: Any) -> str:
    """Return the shortest text that `parse` reads back exactly: plain JSON, a Python literal, or JSON with tags.

    Raises LiteralError for a value that has no exact form.
    """
    tagged = to_text(value)
    if "$" not in tagged:
        return tagged
    literal = repr(value)
    try:
        return literal if to_text(parse(literal)) == tagged else tagged
    except LiteralError:
        return tagged


def _parse_python(text: str, json_error: FormatError) -> Any:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LiteralError(f"{json_error}; nor is it a Python literal") from None
    try:
        return _value(tree.body, 0)
    except RecursionError:
        raise LiteralError("the text is nested too deeply") from None


def _value(node: ast.expr, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise LiteralError(f"the text is nested deeper than {MAX_DEPTH} levels")
    match node:
        case ast.Constant(value=value) if value is not ...:
            if isinstance(value, str) and not value.isascii() and re.search(LONE_SURROGATE, value):
                raise LiteralError("the text holds half a character (a lone surrogate)")
            return value
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            return _container(node, depth + 1)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _number(_value(operand, depth + 1))
            return number if isinstance(sign, ast.UAdd) else _negative(number)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=ast.Constant() | ast.Name() as right):
            return _complex(left, _value(right, depth + 1), isinstance(sign, ast.Add), depth)
        case ast.Name() | ast.Attribute():
            return _constant(ast.unparse(node))
        case ast.Call(func=function):
            return _call(ast.unparse(function), node, depth)
    raise LiteralError(f"{ast.unparse(node)[:60]!r} is not a literal; text needs quotes")


def _container(node: ast.List | ast.Tuple | ast.Set | ast.Dict, depth: int) -> Any:
    if isinstance(node, ast.Dict):
        pairs = [
            (_value(key, depth), _value(item, depth)) for key, item in zip(node.keys, node.values, strict=True) if key
        ]
        return _unique(_hashable(dict, pairs), len(node.keys))
    items = [_value(item, depth) for item in node.elts]
    if isinstance(node, ast.Set):
        return _hashable(set, items)
    return items if isinstance(node, ast.List) else tuple(items)


def _negative(number: Any) -> Any:
    """As `repr` means it: -2j has the real part 0, where Python would calculate -0."""
    return complex(number.real or 0.0, -number.imag) if type(number) is complex else -number


def _complex(left: ast.expr, imaginary: Any, is_sum: bool, depth: int) -> complex:
    real = _value(left, depth + 1)
    if type(real) not in (int, float) or type(imaginary) is not complex or imaginary.real:
        raise LiteralError("a sum, which is not a literal")
    has_minus = isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub)
    return complex(-0.0 if has_minus and real == 0 else real, imaginary.imag if is_sum else -imaginary.imag)


def _constant(name: str) -> Any:
    if name in TAGGED:
        return decode(TAGGED[name])
    if name not in NAMES:
        raise LiteralError(f"{name[:60]!r} is not a literal; text needs quotes")
    return NAMES[name]


def _number(value: Any) -> Any:
    if type(value) not in (int, float, complex):
        raise LiteralError(f"a sign before {str(value)[:40]!r}, which is not a number")
    return value


def _hashable(make: Callable[[list[Any]], Any], items: list[Any]) -> Any:
    try:
        return make(items)
    except TypeError as error:
        raise LiteralError(str(error)) from None


def _unique(result: dict[Any, Any], count: int) -> dict[Any, Any]:
    if len(result) != count:
        raise LiteralError("a key stands twice in one dictionary, or it unpacks another")
    return result


def _call(name: str, node: ast.Call, depth: int) -> Any:
    maker = MAKERS.get(name.rpartition(".")[2]) if name in KNOWN_CALLS else None
    if maker is None:
        raise LiteralError(f"{name[:60]!r} may not be called in a cell; known are {', '.join(sorted(MAKERS))}")
    arguments = [_value(argument, depth + 1) for argument in node.args]
    keywords = {keyword.arg: _value(keyword.value, depth + 1) for keyword in node.keywords if keyword.arg}
    try:
        return maker(*arguments, **keywords)
    except Exception as error:
        raise LiteralError(f"{ast.unparse(node)[:60]} cannot be made: {str(error)[:100]}") from None


def _zone_info(key: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(key)


def _timestamp(text: str, tz: str | None = None) -> Any:
    import pandas as pd

    if not text[:1].isdigit():
        raise LiteralError("expected a date")
    return pd.Timestamp(text) if tz is None else pd.Timestamp(text).tz_convert(tz)


def _pandas_timedelta(text: str) -> Any:
    import pandas as pd

    return pd.Timedelta(text)


def _numpy_number(name: str) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        return decode({"$numpy": [name, value]})

    return make


def _numpy_time(name: str) -> Callable[..., Any]:
    def make(value: Any, unit: str | None = None) -> Any:
        import numpy as np

        if isinstance(value, str) and value != "NaT" and not value.lstrip("-")[:1].isdigit():
            raise LiteralError("expected a date")
        return getattr(np, name)(*[value] if unit is None else [value, unit])

    return make


TAGGED: Mapping[str, Any] = {
    "NaT": {"$pandasMissing": "NaT"},
    "np.True_": {"$numpy": ["bool", True]},
    "np.False_": {"$numpy": ["bool", False]},
}
NAMES: Mapping[str, Any] = {
    "nan": float("nan"),
    "inf": float("inf"),
    "nanj": complex(0.0, float("nan")),
    "infj": complex(0.0, float("inf")),
    "null": None,
    "true": True,
    "false": False,
    "datetime.timezone.utc": UTC,
}
NUMBERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64")
MAKERS: Mapping[str, Callable[..., Any]] = {
    "set": set,
    "frozenset": frozenset,
    "Decimal": Decimal,
    "Timestamp": _timestamp,
    "Timedelta": _pandas_timedelta,
    "datetime64": _numpy_time("datetime64"),
    "timedelta64": _numpy_time("timedelta64"),
    "ZoneInfo": _zone_info,
    "datetime": datetime,
    "date": date,
    "time": time,
    "timedelta": timedelta,
    "timezone": timezone,
    **{name: _numpy_number(name) for name in NUMBERS},
}
KNOWN_CALLS = frozenset(
    [*(name for name in MAKERS if name not in ("datetime", "date", "time", "timedelta", "timezone"))]
    + [f"datetime.{name}" for name in ("datetime", "date", "time", "timedelta", "timezone")]
    + ["date", "timedelta", "zoneinfo.ZoneInfo", "decimal.Decimal", "pd.Timestamp", "pd.Timedelta"]
    + [f"np.{name}" for name in (*NUMBERS, "datetime64", "timedelta64")]
)
