"""Questions of the views of a value; a question without an answer ends the drawing."""

from __future__ import annotations

from core.value.answer import Answer
from core.value.holder import Holder
from core.value.question import Question


class UndrawnError(Exception):
    """There is no answer; `answer` says why, and what is known of the value instead."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.reason)


def asked(holder: Holder, question: Question) -> Answer:
    """Return the answer to a question. Raises UndrawnError if there is none."""
    answer = holder.ask(question)
    if answer.reason:
        raise UndrawnError(answer)
    return answer
