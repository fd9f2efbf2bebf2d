"""What a task prints and warns while it runs, without a word from other threads."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

MAX_TEXT = 100_000

_page: ContextVar[io.StringIO | None] = ContextVar("page", default=None)


@contextmanager
def captured() -> Iterator[io.StringIO]:
    """Collect what this thread writes to standard output and standard error, at most 100,000 characters of it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, _Branch):
            setattr(sys, name, _Branch(stream))
    page = io.StringIO()
    token = _page.set(page)
    try:
        yield page
    finally:
        _page.reset(token)


class _Branch(io.TextIOBase):
    """A stream that writes to the page of the running task if there is one, else to where it always wrote."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        page = _page.get()
        if page is None:
            return self._stream.write(text)
        page.write(text[: max(0, MAX_TEXT - page.tell())])
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
