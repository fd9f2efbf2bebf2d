"""What was computed of a value, kept as long as the value itself lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Result = TypeVar("Result")

_kept: dict[int, tuple[weakref.ref[Any], dict[str, tuple[Hashable, Any]]]] = {}


def once(value: Any, what: str, question: Hashable, compute: Callable[[], Result]) -> Result:
    """Return the answer to the latest question of this kind about a value, computing it if another was asked before."""
    answers = _answers(value)
    asked, answer = answers.get(what, (None, None))
    if what not in answers or asked != question:
        answer = compute()
        answers[what] = (question, answer)
    result: Result = answer
    return result


def _answers(value: Any) -> dict[str, tuple[Hashable, Any]]:
    number = id(value)
    found = _kept.get(number)
    if found is None or found[0]() is not value:
        found = weakref.ref(value, lambda _: _kept.pop(number, None)), {}
        _kept[number] = found
    return found[1]
