"""What ends the command from outside: Ctrl+C, and a SIGTERM, which is taken just as that is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM


class Terminated(KeyboardInterrupt):
    """A SIGTERM has come."""


@contextmanager
def heeding_termination() -> Iterator[None]:
    """Meanwhile a SIGTERM raises Terminated; only the main thread can have it so."""
    if current_thread() is not main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def exit_code(interruption: KeyboardInterrupt) -> int:
    """Return the exit code that a shell expects after it."""
    return TERMINATED if isinstance(interruption, Terminated) else INTERRUPTED


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
