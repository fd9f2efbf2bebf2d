"""Lists and ranges of values as people type them: "5, 10, 20", "5 to 20 step 5", "30..100", dates, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from core.errors import LiteralError, SweepError
from core.notation import parse

MAX_VALUES = 2_500
MAX_LENGTH = 100_000
EXAMPLES = "for example 5, 10, 20 or 5 to 20 step 5"
NUMBER = r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?"
DAY = r"\d{4}-\d{2}-\d{2}"
UNITS = {"day": 0, "week": 0, "month": 1, "quarter": 3, "year": 12}
RANGE = r"(?P<first>.*?)\s*(?:\bto\b|\.\.\.?|…)\s*(?P<last>.*?)(?:\s*\b(?:step|by)\b\s*(?P<step>.*))?"
BRACKETS = {"(": ")", "[": "]", "{": "}"}


class _Item(NamedTuple):
    """A piece of the text between commas, and at which character, from 1, it begins."""

    text: str
    place: int

    def refusal(self, reason: str) -> SweepError:
        return SweepError(f"{self.text[:60]!r} (at character {self.place}): {reason}")


def parse_values(text: str, is_text: bool = False) -> tuple[Any, ...]:
    """Return the values that `text` lists, in its order.

    Items are separated by commas, semicolons or line ends. An item is a number, a date (2007-01-31), a quoted text, a
    word, any value as it stands in a cell, or a range: "5 to 20", "5..20", with "step 5" or "by 5"; the end belongs to
    it. A range of days may step by days, weeks, months, quarters or years. With `is_text` every value becomes a text.

    Raises SweepError with what is wrong and where, for more than 2,500 values as well.
    """
    if len(text) > MAX_LENGTH:
        raise SweepError(f"the list of values is longer than {MAX_LENGTH:,} characters")
    values: list[Any] = []
    for item in _items(text):
        values.extend(_read(item, is_text))
        if len(values) > MAX_VALUES:
            raise item.refusal(f"these are more than {MAX_VALUES:,} values")
    if not values:
        raise SweepError(f"no values are given; write them down, {EXAMPLES}")
    return tuple(map(_as_text, values)) if is_text else tuple(values)


def _items(text: str) -> Iterator[_Item]:
    """Yield the pieces between commas that stand outside quotes and brackets."""
    start, closing, quote = 0, [], ""
    for place, char in enumerate(f"{text},"):
        is_end = place == len(text)
        if quote and not is_end:
            quote = "" if char == quote and text[place - 1] != "\\" else quote
        elif char in "\"'" and not text[start:place].strip():
            quote = char
        elif char in BRACKETS:
            closing.append(BRACKETS[char])
        elif closing and char == closing[-1]:
            closing.pop()
        elif char in ",;\n" and (not closing or is_end):
            piece = text[start:place]
            if piece.strip():
                yield _Item(piece.strip(), start + len(piece) - len(piece.lstrip()) + 1)
            start = place + 1


def _read(item: _Item, is_text: bool) -> list[Any]:
    found = re.fullmatch(RANGE, item.text, re.DOTALL)
    if found and item.text[0] not in "\"'([{":
        first, last, step = found["first"], found["last"], found["step"] or ""
        if _starts_as_number(first) and _starts_as_number(last):
            return _days(item, first, last, step) if re.fullmatch(DAY, first) else _numbers(item, first, last, step)
        if not is_text and (_starts_as_number(first) or _starts_as_number(last)):
            raise item.refusal("both ends of a range are numbers, or both are dates such as 2007-01-31")
    return [_value(item, is_text)]


def _starts_as_number(text: str) -> bool:
    return re.match(r"[+-]?\.?\d", text) is not None


def _numbers(item: _Item, first: str, last: str, step: str) -> list[Any]:
    start, end = _number(item, first), _number(item, last)
    is_whole = all(number == number.to_integral_value() for number in (start, end))
    if not step and not is_whole:
        raise item.refusal(f"say by how much it steps, for example {first} to {last} step 0.1")
    by = _number(item, step) if step else Decimal(1 if end >= start else -1)
    count = _count(item, start, end, by)
    if is_whole and by == by.to_integral_value() and not re.search("[.eE]", first + last + step):
        return [int(start + by * number) for number in range(count)]
    return [float(start + by * number) for number in range(count)]


def _number(item: _Item, text: str) -> Decimal:
    if not re.fullmatch(NUMBER, text, re.ASCII):
        raise item.refusal(f"{text[:40]!r} is not a number")
    number = Decimal(text)
    if number and not -60 < number.adjusted() < 60:
        raise item.refusal(f"{text[:40]} is too large or too small for a range")
    return number


def _count(item: _Item, start: Decimal, end: Decimal, step: Decimal) -> int:
    if not step:
        raise item.refusal("the step is 0, so that the range has no end")
    if (end - start) * step < 0:
        raise item.refusal(f"from {start} to {end} one cannot step by {step}; turn its sign")
    # Compared before it is divided: a quotient of more than 28 digits is none for Decimal.
    if abs(end - start) > abs(step) * MAX_VALUES:
        raise item.refusal(f"these are more than {MAX_VALUES:,} values; take larger steps")
    return int((end - start) // step) + 1


def _days(item: _Item, first: str, last: str, step: str) -> list[Any]:
    start, end = _day(item, first), _day(item, last)
    found = re.fullmatch(r"(?P<number>[+-]?\d{1,5})?\s*(?P<unit>[a-z]+?)s?", step.strip().lower() or "1 day", re.ASCII)
    if not found or found["unit"] not in UNITS:
        raise item.refusal(f"{step[:40]!r} is no step of dates; write for example 1 month, or 2 weeks")
    number = int(found["number"] or 1)
    if not number:
        raise item.refusal("the step is 0, so that the range has no end")
    if (end < start) != (number < 0) and end != start:
        raise item.refusal(f"from {start} to {end} one cannot step by {step.strip() or '1 day'}; turn its sign")
    days: list[Any] = []
    while len(days) <= MAX_VALUES:
        day = _later(start, number * len(days), found["unit"])
        if day is None or (day > end if number > 0 else day < end):
            return days
        days.append(day)
    raise item.refusal(f"these are more than {MAX_VALUES:,} values; take larger steps")


def _day(item: _Item, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise item.refusal(f"{text[:40]!r} is not a date such as 2007-01-31") from None


def _later(day: date, number: int, unit: str) -> date | None:
    """Return the date so many units later; the last day of a month that is too short. None where dates end."""
    try:
        if not UNITS[unit]:
            return day + timedelta(days=number * (7 if unit == "week" else 1))
        year, month = divmod(day.year * 12 + day.month - 1 + number * UNITS[unit], 12)
        length = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month + 1, min(day.day, length))
    except (ValueError, OverflowError):
        return None


def _value(item: _Item, is_text: bool) -> Any:
    text = item.text
    if is_text and text[0] not in "\"'":
        return text
    if re.fullmatch(rf"{DAY}(?:[T ].*)?", text):
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise item.refusal("this is not a date such as 2007-01-31") from None
    try:
        return parse(text)
    except LiteralError as error:
        if text[0] in "\"'([{" or _starts_as_number(text):
            raise item.refusal(f"this is no value; write a text in quotes ({str(error)[:120]})") from None
        return text


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
