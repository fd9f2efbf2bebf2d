"""Files that lock out other processes and other threads, as long as the process that has them lives."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

OLD = 86_400.0


def take(path: Path) -> int:
    """Return a handle on a locked file. Raises OSError."""
    while True:
        handle = _opened(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it has removed the file: the lock of a file without a name locks nobody out


def sweep(locks: Path) -> None:
    """Remove the files of those that ended in the middle, more than a day ago."""
    for path in locks.glob("*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD:
                handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
    """Remove the file and let the next one go on, also if a forked process still has a copy of the handle."""
    with suppress(OSError):
        path.unlink()
    fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)
