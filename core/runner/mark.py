"""The mark that everything a supervisor starts carries in its environment, and the sweep of what one left behind."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from core.process import IS_LINUX, is_frozen, signal_all

MARK = "TASKTABLE_RUNNER"
PAUSE = 0.02


def folder_mark(data: Path) -> str:
    """Return with what every token of this data folder begins."""
    return hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]


def hold(data: Path, token: str) -> int:
    """Tell that the supervisor of this token is alive, as long as the returned descriptor is open in it."""
    folder = data / "runners"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f".{token}"
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, f"{os.getpid()} {os.getppid()}\n".encode())
    new.rename(folder / token)  # only now, locked, can a sweep see it
    return descriptor


def release(data: Path, token: str) -> None:
    """Tell that the supervisor of this token has ended and has left nothing behind."""
    with contextlib.suppress(OSError):
        (data / "runners" / token).unlink()


def gone(data: Path) -> list[str]:
    """Return the tokens of the supervisors that ended without a word, or are frozen and have lost their client."""
    with contextlib.suppress(OSError):
        return [path.name for path in (data / "runners").iterdir() if path.name[0] != "." and _is_gone(path)]
    return []


def sweep(data: Path, patience: float = 0.5) -> None:
    """Kill the processes that supervisors left behind which are gone, after they had some time to end by themselves."""
    tokens = gone(data)
    deadline = time.monotonic() + patience
    while tokens and (strays := marked(tokens)):
        if time.monotonic() > deadline:
            signal_all(strays, signal.SIGSTOP)
            signal_all(strays, signal.SIGKILL)
        if time.monotonic() > deadline + patience:
            return  # some cannot be killed; the next sweep tries again
        time.sleep(PAUSE)
    for token in tokens:
        release(data, token)


def marked(tokens: Iterable[str]) -> list[int]:
    """Return the processes that carry one of the tokens."""
    import psutil

    wanted = set(tokens)
    return [pid for pid in psutil.pids() if _token(pid) in wanted]


def _token(pid: int) -> str | None:
    if not IS_LINUX:
        return _token_elsewhere(pid)
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    beginning = f"{MARK}=".encode()
    return next(
        (text[len(beginning) :].decode(errors="replace") for text in variables if text.startswith(beginning)), None
    )


def _token_elsewhere(pid: int) -> str | None:
    import psutil

    try:
        return psutil.Process(pid).environ().get(MARK)
    except (psutil.Error, OSError):
        return None


def _is_gone(path: Path) -> bool:
    return _is_free(path) or _is_frozen_for_good(path)


def _is_frozen_for_good(path: Path) -> bool:
    """True if the supervisor was stopped and has lost its client, so that nobody would ever end it."""
    import psutil

    try:
        pid, client = map(int, path.read_text().split())
        return is_frozen(pid) and psutil.Process(pid).ppid() != client and pid in marked([path.name])
    except (OSError, ValueError, OverflowError, psutil.Error):
        return False


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
