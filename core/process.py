"""Processes of the system: what descends from this one, and how all of it is ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

IS_LINUX = sys.platform == "linux"
LISTS_CHILDREN = Path("/proc/thread-self/children").exists()  # not every Linux does
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0
PAUSE = 0.002

_libc = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Attributes:
        pid: which one.
        code: its exit code, or minus the number of the signal that ended it.
        cpu: seconds of processor time that it used.
    """

    pid: int
    code: int
    cpu: float


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, also of those that left their session."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def hide() -> None:
    """Keep this process's environment and memory from other processes of the same user; tasks are such."""
    if _libc is not None:
        _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with(parent: int) -> None:
    """Be killed when the process that forked this one ends; at once if it has ended already."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def children(pid: int) -> list[int]:
    """Return the children of a process, those that have ended and were not waited for included."""
    if not LISTS_CHILDREN:
        return _children_elsewhere(pid)
    found: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for thread in threads:
        try:
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_bytes().split())
        except OSError:
            continue
    return found


def descendants(pid: int, spare: Collection[int] = ()) -> list[int]:
    """Return the children, their children and so on, without those in `spare` and what descends from them."""
    found: dict[int, None] = {}
    waiting = [pid]
    while waiting:
        new = [child for child in children(waiting.pop()) if child not in found and child not in spare]
        found.update(dict.fromkeys(new))
        waiting.extend(new)
    return list(found)


def is_frozen(pid: int) -> bool:
    """True if the process was stopped, by a signal or by one that traces it."""
    import psutil

    try:
        return psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
    except psutil.Error:
        return False


def signal_all(pids: Collection[int], number: signal.Signals) -> None:
    """Send a signal to each; those that are gone, or that belong to somebody else, are left alone."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to the process group of `leader`, if there is one."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def reap() -> Iterator[Ended]:
    """Wait for every child that has ended, without waiting for one that has not."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield Ended(pid, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)


def end_all(spare: Collection[int] = (), patience: float = PATIENCE) -> list[Ended]:
    """Kill every descendant but `spare` and theirs, and wait until none is left. Returns how the children ended.

    All are stopped before one is killed, again and again, so that none of them can start another one meanwhile.
    """
    me, ended = os.getpid(), list(reap())
    deadline = time.monotonic() + patience
    while children_but(spare) and time.monotonic() < deadline:
        signal_all(_standing_still(me, spare), signal.SIGKILL)
        ended += reap()
        time.sleep(PAUSE)
    return ended + list(reap())


def children_but(spare: Collection[int]) -> list[int]:
    """Return the children of this process that are not in `spare`."""
    return [pid for pid in children(os.getpid()) if pid not in spare]


def _standing_still(root: int, spare: Collection[int]) -> set[int]:
    seen: set[int] = set()
    while new := set(descendants(root, spare)) - seen:
        signal_all(new, signal.SIGSTOP)
        seen |= new
    return seen


def _children_elsewhere(pid: int) -> list[int]:
    import psutil

    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.Error:
        return []
