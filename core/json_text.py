"""Strict, bounded JSON text: refuses in one sentence what the standard reader lets through or chokes on."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from core.errors import FormatError

MAX_BYTES = 10_000_000
MAX_CONTAINERS = 400_000
MAX_DEPTH = 250
# A string is matched to its end, or to the end of the text if it is never closed; nothing is scanned twice.
STRING = r'"(?:[^"\\]++|\\.)*+"?'
UP_TO_BRACKET = rf'(?:[^"\[\]{{}}]++|{STRING})*+(?:[\[\]{{}}]|\Z)'
FIRST_HALF, SECOND_HALF = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
WHOLE_CHARACTERS = rf"(?:[^\\]++|{FIRST_HALF}{SECOND_HALF}|\\(?!u[dD][89a-fA-F]).)*+"
LONE_SURROGATE = "[\ud800-\udfff]"


def as_text(content: str | bytes, what: str) -> str:
    """Return `content` as text: UTF-8 with or without a byte order mark, at most 10 MB, no NUL, no half characters."""
    if len(content) > MAX_BYTES:
        raise FormatError(f"{what} is larger than {MAX_BYTES // 1_000_000} MB")
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FormatError(f"{what} is not UTF-8 text (at byte {error.start})") from None
    content = content.removeprefix("\ufeff")
    if "\0" in content:
        raise FormatError(f"{what} holds a NUL character (at character {content.index(chr(0)) + 1})")
    if not content.isascii() and (match := re.search(LONE_SURROGATE, content)):
        raise FormatError(f"{what} holds half a character (at character {match.start() + 1})")
    return content


def loads(content: str | bytes, what: str = "the file") -> Any:
    """Return the data that `content` holds.

    Raises FormatError, naming `what` and the place, for anything that is not strict JSON (duplicate keys, NaN,
    numbers out of range) and for anything that is too large or nested too deeply to be an honest file.
    """
    text = as_text(content, what)
    _check_size(text, what)
    if "\\u" in text:
        _refuse_half_characters(text, what)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_refuse_constant, strict=True
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FormatError(f"{what} is not JSON: {error.msg} ({place})") from None
    except FormatError as error:
        raise FormatError(f"{what}: {error}") from None
    except ValueError:
        raise FormatError(f"{what} holds a whole number with too many digits") from None


def _check_size(text: str, what: str) -> None:
    depth = count = 0
    for match in re.finditer(UP_TO_BRACKET, text, re.DOTALL):
        if text[match.end() - 1 : match.end()] in ("[", "{"):
            depth += 1
            count += 1
            if depth > MAX_DEPTH:
                raise FormatError(f"{what} is nested deeper than {MAX_DEPTH} levels (at character {match.end()})")
            if count > MAX_CONTAINERS:
                raise FormatError(f"{what} holds more than {MAX_CONTAINERS:,} lists and objects")
        else:
            depth -= 1
            if depth < 0:
                return


def _refuse_half_characters(text: str, what: str) -> None:
    match = re.match(WHOLE_CHARACTERS, text, re.DOTALL)
    end = match.end() if match else 0
    if text.startswith("\\u", end):
        raise FormatError(f"{what} holds half a character (at character {end + 1})")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FormatError(f"the key {twice[:60]!r} stands twice in one object")
    return result


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise FormatError(f"the number {text[:40]} is out of range")
    return number


def _refuse_constant(name: str) -> float:
    raise FormatError(f'{name} is not JSON; write {{"$float": "{name.lower().replace("infinity", "inf")}"}}')
