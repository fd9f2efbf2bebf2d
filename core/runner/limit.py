"""What a process may use: setting the limits, measuring, and saying in words which one was reached."""

from __future__ import annotations

import re
import resource
import signal
from collections.abc import Iterable
from pathlib import Path

from core.process import IS_LINUX, Ended
from core.request import Limits

UNITS = (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))
SECONDS_TO_CLEAN_UP = 2


def set_limits(limits: Limits) -> None:
    """Limit this process and what it starts. What the process has already does not count as memory that it uses."""
    _set(resource.RLIMIT_CORE, 0, 0)
    if limits.memory:
        most = data_in_use() + limits.memory
        _set(resource.RLIMIT_DATA, most, most)
    if limits.cpu:
        most = max(1, round(limits.cpu))
        _set(resource.RLIMIT_CPU, most, most + SECONDS_TO_CLEAN_UP)
    if limits.file_size:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _set(resource.RLIMIT_FSIZE, limits.file_size, limits.file_size)


def data_in_use() -> int:
    """Return the bytes of private memory that this process has reserved, as the system counts them."""
    found = re.search(r"^VmData:\s*(\d+) kB", _read("/proc/self/status"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def private_memory(pid: int) -> int:
    """Return the bytes of memory of a process that no file backs; what it shares with others counts in full."""
    if not IS_LINUX:
        return _resident_elsewhere(pid)
    fields = _read(f"/proc/{pid}/statm").split()
    return (int(fields[1]) - int(fields[2])) * resource.getpagesize() if fields else 0


def own_memory(pids: Iterable[int]) -> int:
    """Return the bytes of memory of several processes that no file backs; shared memory counts by shares. Slower."""
    if not IS_LINUX:
        return sum(map(_resident_elsewhere, pids))
    texts = (_read(f"/proc/{pid}/smaps_rollup") for pid in pids)
    return sum(
        int(number) * 1024 for text in texts for number in re.findall(r"^Pss_(?:Anon|Shmem):\s*(\d+)", text, re.M)
    )


def size_words(size: float) -> str:
    """Return a number of bytes as people say it: `2 GB`, `1.5 MB`."""
    for unit, bytes_ in UNITS:
        if size >= bytes_:
            return f"{round(size / bytes_, 1):.10g} {unit}"
    return f"{size:.0f} bytes"


def seconds_words(seconds: float) -> str:
    """Return a number of seconds as people say it: `5 s`, `0.25 s`."""
    return f"{seconds:.10g} s"


def memory_words(limits: Limits) -> str:
    """Say that the limit of memory was reached."""
    return f"used more than {size_words(limits.memory)}"


def ending_words(ended: Ended, limits: Limits) -> str:
    """Say how a process ended that should not have: `was ended by SIGSEGV (Segmentation fault)`."""
    if limits.cpu and (ended.code == -signal.SIGXCPU or ended.cpu >= limits.cpu > 0 > ended.code):
        return f"used more than {seconds_words(limits.cpu)} of processor time"
    if ended.code >= 0:
        return f"exited by itself with code {ended.code}"
    if ended.code == -signal.SIGKILL:
        return "was killed by SIGKILL, as the system does when memory is short"
    try:
        name = signal.Signals(-ended.code).name
    except ValueError:
        name = f"signal {-ended.code}"
    description = signal.strsignal(-ended.code)
    return f"was ended by {name}" + (f" ({description})" if description else "")


def _set(what: int, soft: int, hard: int) -> None:
    highest = resource.getrlimit(what)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    try:
        resource.setrlimit(what, (soft, hard))
    except (ValueError, OSError):
        return  # some systems know a limit and do not let it be set


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _resident_elsewhere(pid: int) -> int:
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
