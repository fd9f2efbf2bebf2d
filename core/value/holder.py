"""Something that holds a value and answers questions about it; a view draws the answers, never the value."""

from __future__ import annotations

from typing import Any, Protocol

from core.value.answer import Answer, answer
from core.value.kind import kind_of
from core.value.question import Question, identity

KEPT = 16
MAX_KEPT_BYTES = 1_000_000


class Holder(Protocol):
    """Holds one value, or knows where it lies."""

    @property
    def kind(self) -> str:
        """What the value is (see `core.value.output.kind_of`)."""

    def ask(self, question: Question) -> Answer:
        """Return the answer to a question (see `core.value.question`). Raises TasktableError if nobody can answer."""


class InMemory:
    """Holds the value itself, and its latest answers."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._answers: dict[str, Answer] = {}
        self.kind = kind_of(value)

    def ask(self, question: Question) -> Answer:
        """Return the answer to a question: the one given before, if it was among the latest."""
        key = identity(question)
        found = self._answers.pop(key, None) or answer(self._value, question, most=None)
        if len(found.content) <= MAX_KEPT_BYTES:
            self._answers[key] = found
        for oldest in list(self._answers)[:-KEPT]:
            self._answers.pop(oldest, None)
        return found
