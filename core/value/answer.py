"""Answers to questions about a value, whatever the value is: the one door between a value and those who look at it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from core.errors import FormatError, TooLargeError
from core.value import picture, table, words
from core.value.output import to_bytes, to_file
from core.value.page import Choose
from core.value.question import Question, query_of
from core.value.wire import MAX_BYTES, Answer

__all__ = ["MAX_CONTENT", "MAX_FILE", "Answer", "Question", "answer", "save"]

MAX_CONTENT = MAX_BYTES - 100_000  # what comes with it needs room too
MAX_FILE = 256_000_000


def answer(value: Any, question: Question, most: int | None = MAX_CONTENT, choose: Choose | None = None) -> Answer:
    """Return what a question (see `core.value.question`) asks of a value.

    A figure, a picture or a file takes at most `most` bytes; None is no limit. `choose` may know which rows a query
    finds (see `core.value.page.part`). Where there is no answer, because of what the value is or does, the data hold
    the `reason`, and the type and the words of the value as far as it has any. Raises FormatError for a question that
    nobody asks.
    """
    if question.get("ask") not in ASKED:
        raise FormatError(f"there is no question {question.get('ask')!r} about a value; ask one of {', '.join(ASKED)}")
    try:
        return _answer(value, question, most, choose)
    except BaseException as error:  # a value's own methods may raise anything, SystemExit too
        return _failed(value, error)


def save(value: Any, suffix: str, path: Path, most: int = MAX_FILE) -> Answer:
    """Write the file of one kind, such as "csv", of a value to `path`, which ends in the suffix.

    The data hold its `size`, or the `reason` why there is none. Raises OSError if the disk does not take it.
    """
    try:
        to_file(value, suffix, path, most)
        return Answer({"size": path.stat().st_size})
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in DISK:
            raise
        return _failed(value, error)


def _failed(value: Any, error: BaseException) -> Answer:
    if isinstance(error, KeyboardInterrupt):
        raise error
    if isinstance(error, TooLargeError):
        return Answer({"reason": str(error), "is_too_large": True})
    return Answer({"reason": _reason(error), **_words(value)})


DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES)
ASKED = ("head", "rows", "statistics", "line", "figure", "picture", "plain", "words", "file")


def _answer(value: Any, question: Question, most: int | None, choose: Choose | None) -> Answer:
    match question["ask"]:
        case "head":
            return table.head(value, question["name"], most)
        case "rows":
            return table.rows(value, query_of(question), question["first"], question["size"], question["name"], choose)
        case "statistics":
            return table.statistics(value, question["name"])
        case "line":
            return table.line(value, question["points"])
        case "figure":
            return picture.figure(value, most)
        case "picture":
            return picture.picture(value, most)
        case "file":
            return Answer(content=to_bytes(value, question["suffix"], most))
        case "words":
            return Answer(words.words(value))
    return Answer(words.plain(value))


def _reason(error: BaseException) -> str:
    return f"It cannot be drawn ({_name(error)})."


def _words(value: Any) -> dict[str, Any]:
    try:
        return words.words(value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return {
            "kind": "other",
            "type": _name(value),
            "text": f"(it cannot be described: {_name(error)})",
            "size": None,
        }


def _name(value: Any) -> str:
    """Return the name of a value's class, even of one whose own class hides it."""
    return str(type.__dict__["__name__"].__get__(type(value)))
