"""What a task prints, warns and logs while it runs, without a word from other threads."""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, TextIO

from core import tail
from core.secret import held_back, masked
from core.stream import Streams

MAX_TEXT = 100_000
INTERVAL = 0.2
CUT = "\n(the rest was left out)"

_page: ContextVar[Page | None] = ContextVar("page", default=None)
_lock = threading.RLock()
_listeners: list[object] = []
_pages: list[Page] = []
_hears_all = False
_are_streams_free = False
_streams: Streams | None = None


class Page:
    """What one task has written so far: at most `limit` characters; the rest costs next to nothing.

    Args:
        limit: the most characters that are kept; 0 is no limit.
        secrets: texts that are never shown.
        tell: called with what is new, at most every 0.2 s, while the task writes; never with part of a secret.
        name: of the task. If another process watches this one, it is left to it to tell what is new (see `core.tail`).
    """

    def __init__(
        self,
        limit: int = MAX_TEXT,
        secrets: Collection[str] = (),
        tell: Callable[[str], None] | None = None,
        name: str = "",
    ) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._limit = limit or sys.maxsize
        self._parts: list[str] = []
        self._room = self._limit + len(self._secrets[0] if self._secrets else "")
        self._is_cut = False
        self._tell = tell
        self._waiting = ""
        self._told = 0
        self._last = -INTERVAL
        self._turn = threading.RLock()
        self.process = os.getpid()
        watched = tail.current()
        self._tail = watched.take(name) if watched and name else None

    def write(self, text: str) -> None:
        """Add text; from whatever thread."""
        with self._turn:
            self._write(text)

    def _write(self, text: str) -> None:
        if self._room <= 0:
            self._is_cut = self._is_cut or bool(text)
            return
        self._is_cut = len(text) > self._room
        text = text[: self._room]
        self._room -= len(text)
        self._parts.append(text)
        if self._tail is not None:
            self._tail.write(text)
        elif self._tell is not None:
            self._waiting += text
            now = monotonic()
            if now - self._last >= INTERVAL:
                self._last = now
                self._send()

    def getvalue(self) -> str:
        """Return the text so far, without secrets; the last line says so if something was left out."""
        text = masked("".join(self._parts), self._secrets)
        if self._is_cut or len(text) > self._limit:
            return text[: max(0, self._limit - len(CUT))] + CUT[: self._limit]
        return text

    def close(self) -> None:
        """The task writes no more."""
        if self._tail is not None:
            self._tail.close()
            self._tail = None

    def _send(self) -> None:
        """Tell what is new, but for an end that may be the beginning of a secret."""
        stop = len(self._waiting) - held_back(self._waiting, self._secrets)
        text = masked(self._waiting[:stop], self._secrets)[: self._limit - self._told]
        self._waiting = self._waiting[stop:]
        self._told += len(text)
        if text and self._tell is not None:
            self._tell(text)


@contextmanager
def captured(page: Page | None = None) -> Iterator[Page]:
    """Collect on a page what this thread prints, warns and logs."""
    page = Page() if page is None else page
    with _listening():
        token = _page.set(page)
        _pages.append(page)
        try:
            yield page
        finally:
            if _streams is not None and page.process == os.getpid():
                _streams.finish()
            _pages.remove(page)
            _page.reset(token)
            page.close()


def give_streams() -> None:
    """Let `hear_streams` take the standard output and error of this process: nothing but tasks writes there."""
    global _are_streams_free  # noqa: PLW0603  # as there is one process
    _are_streams_free = True


def hear_streams() -> None:
    """Collect from now on also what is written past Python, if the process has given its streams for that.

    It starts a thread, so what forks processes for tasks leaves it to them. What is written while several tasks run
    at once is collected for each of them: nobody can know whose it is.
    """
    global _streams  # noqa: PLW0603  # as there is one process
    if _are_streams_free and _streams is None:
        _streams = Streams(_overhear)


def _overhear(text: str) -> None:
    for page in [page for page in _pages if page.process == os.getpid()]:
        page.write(text)


def _page_here() -> Page | None:
    """Return the page of this thread's task; None in a process that a task has forked.

    A thread that a task has started has none, but where nothing else is run there is no doubt whose it is.
    """
    page = _page.get()
    if page is None and _hears_all and len(_pages) == 1:
        page = _pages[0]
    return page if page is not None and page.process == os.getpid() else None


@contextmanager
def all_heard() -> Iterator[None]:
    """Let every warning and every log record from INFO on be heard, for a process that runs tasks and nothing else.

    Warnings that Python hides by default stay hidden.
    """
    global _hears_all  # noqa: PLW0603  # as there is one process
    with _listening(), warnings.catch_warnings():
        warnings.simplefilter("always")
        for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        warnings.showwarning = _show_warning
        root, level = logging.getLogger(), logging.getLogger().level
        root.setLevel(min(level or logging.INFO, logging.INFO))
        _hears_all = True
        try:
            yield
        finally:
            _hears_all = False
            root.setLevel(level)


@contextmanager
def _listening() -> Iterator[None]:
    """Stand in the way of what is printed, warned and logged, as long as anybody listens."""
    global _former_show  # noqa: PLW0603  # there is one `warnings.showwarning` in a process
    me = object()
    with _lock:
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if not isinstance(stream, _Branch):
                setattr(sys, name, _Branch(stream))
        if warnings.showwarning is not _show_warning:
            _former_show = warnings.showwarning
            warnings.showwarning = _show_warning
        _listeners.append(me)
        logging.getLogger().addHandler(_handler)
    try:
        yield
    finally:
        with _lock:
            _listeners.remove(me)
            if not _listeners:
                logging.getLogger().removeHandler(_handler)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    page = _page_here()
    if page is None or file is not None:
        _former_show(message, category, filename, lineno, file, line)
    else:
        page.write(warnings.formatwarning(message, category, filename, lineno, line))


_former_show: Callable[..., None] = warnings.showwarning


class _Handler(logging.Handler):
    """Writes log records to the page of the running task; without one, does what Python does without a handler."""

    def emit(self, record: logging.LogRecord) -> None:
        page = _page_here()
        if page is not None:
            try:
                page.write(f"{record.levelname} {record.name}: {record.getMessage()}\n")
                if record.exc_info:
                    page.write(f"{logging.Formatter().formatException(record.exc_info)}\n")
            except Exception:
                page.write(f"{record.levelname} {record.name}: {record.msg!r:.1000}\n")
        elif len(logging.getLogger().handlers) == 1:
            last = logging.lastResort
            if last is not None and record.levelno >= last.level:
                last.handle(record)


_handler = _Handler(logging.INFO)


class _Branch(io.TextIOBase):
    """A stream that writes to the page of the running task if there is one, else to where it always wrote."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As of the stream behind it."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        page = _page_here()
        if page is None:
            return self._stream.write(text)
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if _streams is not None:
            _streams.drain()  # what a program wrote that the task has waited for comes first
        page.write(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
