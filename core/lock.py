"""Files that lock out other processes and other threads, as long as the process that has them lives.

They are POSIX record locks: they end with the one process that has taken them, whatever others it has forked. As such a
lock holds for a whole process, the threads of one take turns beside it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

OLD = 86_400.0
PAUSE = 0.01


def nothing() -> None:
    """Do nothing."""


class _Turns:
    """Whose turn it is among the threads of this process, for each file; the turn of a handle ends with it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Know of none. A forked process has none of the locks of the one that it was forked from."""
        self._guard = threading.Lock()
        self._known: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self.of: dict[int, threading.Lock] = {}

    def at(self, path: Path) -> threading.Lock:
        """Return what is held by the thread whose turn it is."""
        with self._guard:
            return self._known.setdefault(str(path), threading.Lock())

    def is_known(self, path: Path) -> bool:
        """True if a thread has the file, or waits for it."""
        return str(path) in self._known


_turns = _Turns()
os.register_at_fork(after_in_child=_turns.begin)


def take(path: Path, on_wait: Callable[[], None] = nothing) -> int:
    """Return a handle on a locked file; `on_wait` is called if somebody else has it. Raises OSError."""
    turn = _turns.at(path)
    if not turn.acquire(blocking=False):
        on_wait()
        turn.acquire()
    try:
        handle = _locked(path, on_wait)
    except BaseException:
        turn.release()
        raise
    _turns.of[handle] = turn
    return handle


def _locked(path: Path, on_wait: Callable[[], None]) -> int:
    while True:
        handle = _opened(path)
        try:
            _wait_for(handle, on_wait)
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it has removed the file: the lock of a file without a name locks nobody out


def _wait_for(handle: int, on_wait: Callable[[], None]) -> None:
    """Wait for a lock. Two processes that wait for one another do so in different threads, which the system ignores."""
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the one or the other, by system
        on_wait()
    else:
        return
    while True:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno != errno.EDEADLK:
                raise
            time.sleep(PAUSE)
        else:
            return


def sweep(locks: Path) -> None:
    """Remove the files of those that ended in the middle, more than a day ago."""
    for path in locks.glob("*"):
        with suppress(OSError):
            # To close a file of which this process has the lock would let go of the lock.
            if time.time() - path.stat().st_mtime > OLD and not _turns.is_known(path):
                handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
                try:
                    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if os.fstat(handle).st_ino == path.stat().st_ino:
                        path.unlink()
                finally:
                    os.close(handle)


def _opened(path: Path) -> int:
    flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def release(handle: int, path: Path) -> None:
    """Remove the file and let the next one go on."""
    with suppress(OSError):
        path.unlink()
    turn = _turns.of.pop(handle, None)
    os.close(handle)
    if turn is not None:
        turn.release()
