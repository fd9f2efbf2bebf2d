"""The one-key tags of `core.literal`: how each type that JSON lacks is written and read.

A writer gets the value and returns its tag and the tag's JSON content; a reader gets the content and returns the value.
Both are told where they are, for messages, and how deep.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from core.errors import LiteralError
from core.literal import REQUIRED, Required, decode, encode

ZONED = (
    r"(?P<moment>\d[^\[\]]*)(?:\[(?!(?:s|ms|ns)\])(?P<zone>[A-Za-z][A-Za-z0-9_+/-]*)\])?(?P<fold>\[fold=1\])?"
    r"(?:\[(?P<unit>s|ms|ns)\])?"
)
DURATION = r"P(-?\d{1,9})DT(\d{1,5})\.(\d{6})S"

Clock = TypeVar("Clock", datetime, time)
Writer = Callable[[Any, str, int], tuple[str, Any]]
Reader = Callable[[Any, str, int], Any]


def writer_of(kind: type) -> Writer | None:
    """Return how values of exactly this type are written, or None if they have no exact form."""
    writer = WRITERS.get(kind) or WRITERS_BY_NAME.get(f"{kind.__module__}.{kind.__qualname__}")
    return _write_numpy if writer is None and kind.__module__ == "numpy" else writer


def _write_items(tag: str, ordered: bool) -> Writer:
    def write(value: Any, where: str, depth: int) -> tuple[str, Any]:
        items = [encode(item, f"{where}[{index}]", depth) for index, item in enumerate(value)]
        return tag, items if ordered else sorted(items, key=json.dumps)

    return write


def _read_items(make: Callable[[list[Any]], Any]) -> Reader:
    def read(data: Any, where: str, depth: int) -> Any:
        if type(data) is not list:
            raise LiteralError(f"{where} must hold a list")
        return make([decode(item, f"{where}[{index}]", depth) for index, item in enumerate(data)])

    return read


def _read_dict(data: Any, where: str, depth: int) -> dict[Any, Any]:
    if type(data) is not list or not all(type(pair) is list and len(pair) == 2 for pair in data):
        raise LiteralError(f"{where} must hold a list of pairs")
    result = {decode(key, where, depth): decode(value, where, depth) for key, value in data}
    if len(result) != len(data):
        raise LiteralError(f"{where} has the same key twice")
    return result


def _zone_name(zone: tzinfo) -> str:
    """The name of a zone from the time zone database, or "" for a fixed offset."""
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    return name if isinstance(name, str) else ""


def _moment(value: datetime | time) -> str:
    zone = _zone_name(value.tzinfo) if value.tzinfo is not None else ""
    return f"{value.isoformat()}{f'[{zone}]' if zone else ''}{'[fold=1]' if value.fold else ''}"


def _read_datetime(text: Any, where: str, depth: int) -> datetime:
    match = _zoned(text, where, "a date with a time")
    moment = datetime.fromisoformat(match["moment"])
    wall = _on_the_wall(moment, match)
    return wall if moment.utcoffset() in (None, wall.utcoffset()) else moment.astimezone(wall.tzinfo)


def _read_time(text: Any, where: str, depth: int) -> time:
    match = _zoned(text, where, "a time")
    return _on_the_wall(time.fromisoformat(match["moment"]), match)


def _zoned(text: Any, where: str, what: str) -> re.Match[str]:
    match = re.fullmatch(ZONED, text)
    if match is None or match["unit"]:
        raise LiteralError(f"{where} is not {what}: {text[:40]!r}")
    return match


def _on_the_wall(value: Clock, match: re.Match[str]) -> Clock:
    """What a clock on the wall of the zone shows: an hour that summer time skips or repeats stays the hour it is."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(match["zone"]) if match["zone"] else value.tzinfo
    return value.replace(tzinfo=zone, fold=1 if match["fold"] else 0)


def _write_timestamp(value: Any, where: str, depth: int) -> tuple[str, Any]:
    unit = f"[{value.unit}]" if value.unit != "us" else ""
    return "$timestamp", _moment(value) + unit


def _read_timestamp(text: Any, where: str, depth: int) -> Any:
    import pandas as pd

    match = re.fullmatch(ZONED, text)
    if match is None:
        raise LiteralError(f"{where} is not a timestamp: {text[:40]!r}")
    stamp = pd.Timestamp(match["moment"])
    if match["zone"]:
        stamp = stamp.tz_convert(match["zone"])
    unit: Any = match["unit"] or "us"
    return stamp.as_unit(unit)


def _write_pandas_timedelta(value: Any, where: str, depth: int) -> tuple[str, Any]:
    return "$pandasTimedelta", [int(value.to_timedelta64().astype("int64")), value.unit]


def _read_pandas_timedelta(data: Any, where: str, depth: int) -> Any:
    import pandas as pd

    count, unit = data
    if type(count) is not int:
        raise LiteralError(f"{where} must count in whole numbers")
    return pd.Timedelta(count, unit=unit).as_unit(unit)


def _read_pandas_missing(data: Any, where: str, depth: int) -> Any:
    import pandas as pd

    return {"NaT": pd.NaT, "NA": pd.NA}[data]


def _write_timedelta(value: Any, where: str, depth: int) -> tuple[str, Any]:
    return "$timedelta", f"P{value.days}DT{value.seconds}.{value.microseconds:06}S"


def _read_timedelta(text: Any, where: str, depth: int) -> timedelta:
    match = re.fullmatch(DURATION, text)
    if match is None:
        raise LiteralError(f"{where} is not a duration such as P1DT3600.000000S: {text[:40]!r}")
    return timedelta(days=int(match[1]), seconds=int(match[2]), microseconds=int(match[3]))


def _write_numpy(value: Any, where: str, depth: int) -> tuple[str, Any]:
    dtype = getattr(value, "dtype", None)
    is_scalar = getattr(value, "shape", None) == () and type(value).__name__ != "ndarray"
    if dtype is None or not is_scalar or dtype.kind not in "biufmM" or dtype.itemsize > 8:
        raise LiteralError(f"{where} is a {type(value).__qualname__} of numpy, which has no exact form in a file")
    plain = int(value.astype("int64")) if dtype.kind in "mM" else value.item()
    return "$numpy", [dtype.name, encode(plain, where, depth)]


def _read_numpy(data: Any, where: str, depth: int) -> Any:
    import numpy as np

    name, content = data
    dtype = np.dtype(str(name))
    plain = decode(content, where, depth)
    if dtype.kind not in "biufmM" or type(plain) not in (bool, int, float):
        raise LiteralError(f"{where} is not a number of numpy")
    return np.array(plain, dtype="int64").astype(dtype)[()] if dtype.kind in "mM" else dtype.type(plain)


def _read_float(text: Any, where: str, depth: int) -> float:
    if text not in ("nan", "inf", "-inf"):
        raise LiteralError(f'{where} must be "nan", "inf" or "-inf"')
    return float(text)


def _read_complex(data: Any, where: str, depth: int) -> complex:
    real, imaginary = (decode(part, where, depth) for part in data)
    if type(real) is not float or type(imaginary) is not float:
        raise LiteralError(f"{where} must hold two numbers with a decimal point")
    return complex(real, imaginary)


def _read_decimal(text: Any, where: str, depth: int) -> Decimal:
    try:
        return Decimal(text) if isinstance(text, str) else Decimal("?")
    except InvalidOperation as error:
        raise LiteralError(f"{where} is not a decimal number: {str(text)[:40]!r}") from error


def _read_required(data: Any, where: str, depth: int) -> Required:
    if data is not True:
        raise LiteralError(f'{where} must be {{"$required": true}}')
    return REQUIRED


WRITERS: dict[type, Writer] = {
    tuple: _write_items("$tuple", ordered=True),
    set: _write_items("$set", ordered=False),
    frozenset: _write_items("$frozenset", ordered=False),
    datetime: lambda value, where, depth: ("$datetime", _moment(value)),
    date: lambda value, where, depth: ("$date", value.isoformat()),
    time: lambda value, where, depth: ("$time", _moment(value)),
    timedelta: _write_timedelta,
    Decimal: lambda value, where, depth: ("$decimal", str(value)),
    bytes: lambda value, where, depth: ("$bytes", base64.b64encode(value).decode("ascii")),
    complex: lambda value, where, depth: ("$complex", [encode(value.real, where), encode(value.imag, where)]),
    Required: lambda value, where, depth: ("$required", True),
}
# By name, so that pandas need not be imported to ask whether a value is one of its own.
WRITERS_BY_NAME: dict[str, Writer] = {
    "pandas.Timestamp": _write_timestamp,
    "pandas.Timedelta": _write_pandas_timedelta,
    "pandas._libs.tslibs.timestamps.Timestamp": _write_timestamp,
    "pandas._libs.tslibs.timedeltas.Timedelta": _write_pandas_timedelta,
    "pandas._libs.tslibs.nattype.NaTType": lambda value, where, depth: ("$pandasMissing", "NaT"),
    "pandas.api.typing.NaTType": lambda value, where, depth: ("$pandasMissing", "NaT"),
    "pandas._libs.missing.NAType": lambda value, where, depth: ("$pandasMissing", "NA"),
    "pandas.api.typing.NAType": lambda value, where, depth: ("$pandasMissing", "NA"),
}
READERS: dict[str, Reader] = {
    "$tuple": _read_items(tuple),
    "$set": _read_items(set),
    "$frozenset": _read_items(frozenset),
    "$dict": _read_dict,
    "$datetime": _read_datetime,
    "$date": lambda text, where, depth: date.fromisoformat(text),
    "$time": _read_time,
    "$timedelta": _read_timedelta,
    "$decimal": _read_decimal,
    "$bytes": lambda text, where, depth: base64.b64decode(text, validate=True),
    "$complex": _read_complex,
    "$float": _read_float,
    "$timestamp": _read_timestamp,
    "$pandasTimedelta": _read_pandas_timedelta,
    "$pandasMissing": _read_pandas_missing,
    "$numpy": _read_numpy,
    "$required": _read_required,
}
