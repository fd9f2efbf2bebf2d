"""Files that are there as a whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".new-"
OLD = 86_400.0


@contextmanager
def new_file(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Make an empty file of a name of its own, which is removed unless the block moves it away. Raises OSError."""
    path = folder / f"{PREFIX}{os.getpid()}-{os.urandom(8).hex()}{suffix}"
    os.close(_made(path))
    try:
        yield path
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def write(target: Path, content: bytes) -> None:
    """Write a file of which its reader can tell whether it is whole. On the disk when this returns. Raises OSError.

    It gets its name before it is on the disk: with the usual file systems one wait is then enough for both.
    """
    with new_file(target.parent) as path:
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            written = 0
            while written < len(content):
                written += os.write(handle, content[written:])
            path.rename(target)
            _settle(handle, target)
        finally:
            os.close(handle)


def read(place: str) -> tuple[bytes, os.stat_result]:
    """Return a small file's bytes, and what the file system knows of it. Raises OSError."""
    handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        known = os.fstat(handle)
        content = part = os.read(handle, known.st_size + 1)
        while part and len(content) != known.st_size:
            part = os.read(handle, known.st_size + 1)
            content += part
        return content, known
    finally:
        os.close(handle)


def _made(path: Path) -> int:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def place(path: Path, target: Path) -> None:
    """Give a written file its name for good, in place of what had it. On the disk when this returns. Raises OSError.

    Its reader can tell whether it is whole, so it may get its name first; see `write`.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            path.rename(target)
        except FileNotFoundError:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(target)
        _settle(handle, target)
    finally:
        os.close(handle)


def _settle(handle: int, target: Path) -> None:
    """Wait until a file that has its name is on the disk; if the disk does not take it, it is gone. Raises OSError."""
    try:
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what writers have left behind that ended in the middle, more than a day ago."""
    with suppress(OSError):
        for path in folder.glob(f"{PREFIX}*"):
            if time.time() - path.stat().st_mtime > OLD:
                path.unlink()


def tell(error: OSError, what: str) -> str:
    """Return what could not be done with the disk, why, and what to try."""
    import errno

    advice = {
        errno.ENOSPC: "the disk is full: free some space, or remove kept results by `tasktable cache clear`",
        errno.EDQUOT: "the quota of the disk is used up: free some space, or ask for more",
        errno.EFBIG: "it is larger than a run may write: raise TASKTABLE_RUN_FILE_SIZE",
        errno.EROFS: "the disk can only be read: choose another folder by TASKTABLE_DATA",
        errno.EACCES: "the folder may not be written: change its owner, or choose another by TASKTABLE_DATA",
        errno.EMFILE: "too many files are open: raise the limit (ulimit -n)",
    }
    return f"{what}; {advice.get(error.errno or 0, error.strerror or str(error)[:200])}"
