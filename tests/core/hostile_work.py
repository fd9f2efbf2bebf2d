"""Work that no process should survive, for the tests of managed runs. Files tell what has happened."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from core.function import task


def number(value: int = 1) -> int:
    return value


def add(left: Any, right: int = 1) -> Any:
    return left + right


def note(value: Any, path: str) -> Any:
    """Return the value, and write a line into a file: how often it was called."""
    with Path(path).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return value


def sleep(value: Any = 0, seconds: float = 60.0) -> Any:
    time.sleep(seconds)
    return value


def wait_for_file(value: Any, path: str) -> Any:
    while not Path(path).exists():
        time.sleep(0.01)
    return value


@task(time_limit=0.3)
def slow(value: Any = 0) -> Any:
    time.sleep(60)
    return value


def never_give_up(pids: str = "") -> None:
    """Swallow whatever would end it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _tell(pids)
    while True:
        try:
            time.sleep(0.05)
        except BaseException:  # noqa: S112 - that is its point
            continue


def leave_behind(pids: str, seconds: float = 0.0) -> str:
    """Start a process in a session of its own, and one whose parent ends at once."""
    _tell(pids)
    for _ in range(2):
        if not (pid := os.fork()):
            os.setsid()
            if not os.fork():
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                _tell(pids)
                time.sleep(120)
            os._exit(0)
        os.waitpid(pid, 0)
    script = "import time; time.sleep(120)"
    child = subprocess.Popen([sys.executable, "-c", script], start_new_session=True, env={})
    _tell(pids, child.pid)
    while len(Path(pids).read_text().split()) < 4:
        time.sleep(0.01)
    time.sleep(seconds)
    return "left"


def take_memory(gigabytes: float = 20.0) -> int:
    return len(bytearray(int(gigabytes * 1024**3)))


def take_memory_with_others(megabytes: int, processes: int) -> int:
    """Use memory in several processes, each of which has little of it."""
    for _ in range(processes):
        if not os.fork():
            kept = bytearray(megabytes * 1024**2)
            kept[::4096] = b"x" * len(kept[::4096])
            time.sleep(60)
            os._exit(len(kept) % 2)
    time.sleep(60)
    return 0


def leave(code: int = 0) -> None:
    os._exit(code)


def close_everything() -> None:
    os.closerange(3, 256)


def crash() -> None:
    ctypes.string_at(0)


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def print_for_ever() -> None:
    while True:
        sys.stdout.write("x" * 10_000)


def write_for_ever() -> None:
    while True:
        os.write(1, b"x" * 65_536)


def compute_for_ever() -> None:
    while True:
        pass


def fork_many(most: int = 200) -> None:
    """A bounded fork bomb: every process forks, up to `most` of them."""
    left = most
    while left > 1:
        left //= 2
        os.fork()
    time.sleep(60)


def write_file(path: str, megabytes: int) -> int:
    with Path(path).open("wb") as file:
        for _ in range(megabytes):
            file.write(b"x" * 1024**2)
    return megabytes


def look_around() -> dict[str, str]:
    return dict(os.environ)


def look_at_descriptors() -> list[str]:
    """Return what the descriptors of the process lead to."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    return found


def large(megabytes: int) -> bytes:
    return os.urandom(megabytes * 1024**2)


def fail(value: Any = 0) -> Any:
    raise ValueError(f"no good: {value}")


def _tell(path: str, pid: int = 0) -> None:
    if path:
        with Path(path).open("a") as file:
            file.write(f"{pid or os.getpid()}\n")


class Trap:
    """A value that can be stored; another process that opens it falls into it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __reduce__(self) -> tuple[Any, ...]:
        return _spring, (self.kind, os.getpid())


def _spring(kind: str, maker: int) -> Trap:
    if os.getpid() != maker:
        if kind == "exit":
            os._exit(0)
        if kind == "crash":
            crash()
        if kind == "raise":
            raise SystemExit("gone")
        if kind == "memory":
            take_memory()
        if kind == "child" and not os.fork():
            os.setsid()
            time.sleep(120)
    return Trap(kind)


def trap(kind: str) -> Trap:
    return Trap(kind)


def speak_and_leave(words: list[str], code: int = 0) -> None:
    """Say all words at once, and end without any farewell."""
    for word in words:
        sys.stdout.write(word)
    os._exit(code)


def speak_and_die(words: list[str]) -> None:
    for word in words:
        sys.stdout.write(word)
    os.kill(os.getpid(), signal.SIGKILL)


def speak_and_wait(words: list[str], path: str) -> None:
    """Say all words at once, from several threads, and go on when a file is there."""
    for word in words:
        thread = threading.Thread(target=print, args=(word,))
        thread.start()
        thread.join()
    Path(f"{path}.said").touch()
    wait_for_file(0, path)
