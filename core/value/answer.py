"""Answers to questions about a value, whatever the value is: the one door between a value and those who look at it."""

from __future__ import annotations

from typing import Any

from core.errors import FormatError, TooLargeError
from core.value import picture, table, words
from core.value.output import to_bytes
from core.value.question import Question, query_of
from core.value.wire import MAX_BYTES, Answer

__all__ = ["MAX_CONTENT", "Answer", "Question", "answer"]

MAX_CONTENT = MAX_BYTES - 100_000  # what comes with it needs room too


def answer(value: Any, question: Question, most: int | None = MAX_CONTENT) -> Answer:
    """Return what a question (see `core.value.question`) asks of a value.

    A figure, a picture or a file takes at most `most` bytes; None is no limit. Where there is no answer, because of
    what the value is or does, the data hold the `reason`, and the type and the words of the value as far as it has any.
    Raises FormatError for a question that nobody asks.
    """
    if question.get("ask") not in ASKED:
        raise FormatError(f"there is no question {question.get('ask')!r} about a value; ask one of {', '.join(ASKED)}")
    try:
        return _answer(value, question, most)
    except KeyboardInterrupt:
        raise
    except TooLargeError as error:
        return Answer({"reason": str(error)})
    except BaseException as error:  # a value's own methods may raise anything, SystemExit too
        return Answer({"reason": _reason(error), **_words(value)})


ASKED = ("head", "rows", "statistics", "line", "figure", "picture", "plain", "words", "file")


def _answer(value: Any, question: Question, most: int | None) -> Answer:
    match question["ask"]:
        case "head":
            return table.head(value, question["name"], most)
        case "rows":
            return table.rows(value, query_of(question), question["first"], question["size"], question["name"])
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
