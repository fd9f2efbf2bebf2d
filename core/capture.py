"""What a task prints, warns and logs while it runs, without a word from other threads."""

from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

MAX_TEXT = 100_000
INTERVAL = 0.2
MASK = "***"
CUT = "\n(the rest was left out)"

_page: ContextVar[Page | None] = ContextVar("page", default=None)
_lock = threading.RLock()
_listeners: list[object] = []


def masked(text: str, secrets: Collection[str]) -> str:
    """Return the text with every secret in it replaced by `***`, also where it is quoted as in an address."""
    for secret in secrets:
        if secret:
            for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]):
                text = text.replace(form, MASK)
    return text


class Page:
    """What one task has written so far: at most `limit` characters; the rest costs next to nothing.

    Args:
        limit: the most characters that are kept; 0 is no limit.
        secrets: texts that are never shown.
        tell: called with what is new, at most every 0.2 s, while the task writes; never with part of a secret.
    """

    def __init__(
        self, limit: int = MAX_TEXT, secrets: Collection[str] = (), tell: Callable[[str], None] | None = None
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

    def write(self, text: str) -> None:
        """Add text."""
        if self._room <= 0:
            self._is_cut = self._is_cut or bool(text)
            return
        self._is_cut = len(text) > self._room
        text = text[: self._room]
        self._room -= len(text)
        self._parts.append(text)
        if self._tell is not None:
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

    def _send(self) -> None:
        """Tell what is new, but for an end that may be the beginning of a secret."""
        keep = max((_overlap(self._waiting, secret) for secret in self._secrets), default=0)
        stop = len(self._waiting) - keep
        text = masked(self._waiting[:stop], self._secrets)[: self._limit - self._told]
        self._waiting = self._waiting[stop:]
        self._told += len(text)
        if text and self._tell is not None:
            self._tell(text)


def _overlap(text: str, secret: str) -> int:
    """How many characters at the end of the text are the beginning of the secret."""
    return next((size for size in range(min(len(secret) - 1, len(text)), 0, -1) if secret.startswith(text[-size:])), 0)


@contextmanager
def captured(page: Page | None = None) -> Iterator[Page]:
    """Collect on a page what this thread prints, warns and logs."""
    page = Page() if page is None else page
    with _listening():
        token = _page.set(page)
        try:
            yield page
        finally:
            _page.reset(token)


@contextmanager
def all_heard() -> Iterator[None]:
    """Let every warning and every log record from INFO on be heard, for a process that runs tasks and nothing else.

    Warnings that Python hides by default stay hidden.
    """
    with _listening(), warnings.catch_warnings():
        warnings.simplefilter("always")
        for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        warnings.showwarning = _show_warning
        root, level = logging.getLogger(), logging.getLogger().level
        root.setLevel(min(level or logging.INFO, logging.INFO))
        try:
            yield
        finally:
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
    page = _page.get()
    if page is None or file is not None:
        _former_show(message, category, filename, lineno, file, line)
    else:
        page.write(warnings.formatwarning(message, category, filename, lineno, line))


_former_show: Callable[..., None] = warnings.showwarning


class _Handler(logging.Handler):
    """Writes log records to the page of the running task; without one, does what Python does without a handler."""

    def emit(self, record: logging.LogRecord) -> None:
        page = _page.get()
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
        page = _page.get()
        if page is None:
            return self._stream.write(text)
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        page.write(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
