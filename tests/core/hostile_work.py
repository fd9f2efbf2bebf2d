"""Work that no process should survive, for the tests of managed runs. Files tell what has happened."""

from __future__ import annotations

import ctypes
import io
import json
import locale
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


def speak_past_python(word: str) -> int:
    """Speak as Python, as a program that was started, as C code, and again as Python."""
    sys.stdout.write("begins\n")
    subprocess.run(["/bin/echo", word], check=True)
    os.write(2, b"careful\n")
    sys.stdout.write("goes on\n")
    ctypes.CDLL(None).puts(b"held back by C")
    return len(word)


def leave_talking(pids: str) -> int:
    """Leave a program behind that writes as fast as it can; return when it has begun to."""
    begun = Path(f"{pids}.begun")
    program = subprocess.Popen(["/bin/sh", "-c", f"echo y; echo y; touch '{begun}'; exec yes"], start_new_session=True)
    _tell(pids, program.pid)
    while not begun.exists():
        time.sleep(0.01)
    return 1


def speak_in_a_program(path: str) -> str:
    """Let a program speak, and wait until it may end."""
    script = "import sys; print('heard', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as program:
        while not Path(path).exists():
            time.sleep(0.01)
        program.communicate()
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


def close_all_files() -> int:
    os.closerange(0, 4096)
    return 1


def write_everywhere(first: int = 3, last: int = 20) -> int:
    """Write into whatever is open."""
    for number in range(first, last + 1):
        try:
            os.write(number, b"garbage")
        except OSError:
            continue
    return 1


def keep_the_pipe(pids: str) -> int:
    """Leave a process behind that has all that this one has open."""
    if not os.fork():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _tell(pids)
        time.sleep(120)
        os._exit(0)
    while not Path(pids).exists():
        time.sleep(0.01)
    return 1


def change_surroundings(folder: str) -> int:
    os.chdir(folder)
    os.environ.clear()
    os.environ["HOME"] = "/nowhere"
    locale.setlocale(locale.LC_ALL, "C")
    os.umask(0o777)
    sys.path.clear()
    sys.setrecursionlimit(100)
    return 1


def remove_surroundings(folder: str) -> int:
    """Stand in a folder that is not there any more."""
    os.mkdir(folder)
    os.chdir(folder)
    os.rmdir(folder)
    return 1


def start_threads(count: int = 5) -> int:
    """Start threads that never end."""
    for _ in range(count):
        threading.Thread(target=time.sleep, args=(600,)).start()
    return 1


def replace_streams(kind: str) -> str:
    print("before")  # noqa: T201  # its point
    if kind == "closed":
        sys.stdout.close()
        sys.stderr.close()
    elif kind == "none":
        sys.stdout = sys.stderr = None
    elif kind == "text":
        sys.stdout = sys.stderr = io.StringIO()
    elif kind == "broken":
        sys.stdout = sys.stderr = object()  # type: ignore[assignment]
    return kind


def kill_parent() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
    return 1


def kill_group() -> int:
    os.killpg(0, signal.SIGKILL)
    return 1


def interrupt(kind: str) -> None:
    raise {"keyboard": KeyboardInterrupt, "exit": SystemExit, "generator": GeneratorExit, "base": BaseException}[kind](
        "x"
    )


def take_signals() -> int:
    """Make itself deaf to every signal."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    return 1


def patch_everything() -> int:
    """Break what the engine itself uses."""
    json.dumps = None  # type: ignore[assignment]
    os.write = None  # type: ignore[assignment]
    time.time = None  # type: ignore[assignment]
    return 1


class Liar:
    """A value whose every property raises."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(f"no {name}")


def lie() -> Any:
    return Liar()


class LoudError(Exception):
    """An error that cannot be told."""

    def __str__(self) -> str:
        raise SystemExit("gone")

    __repr__ = __str__


def fail_loudly() -> None:
    raise LoudError


def stop_itself() -> int:
    os.kill(os.getpid(), signal.SIGSTOP)
    return 1


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def flood_everything() -> None:
    """Write without end, and without the end of a line, into whatever is open."""
    while True:
        for number in range(3, 300):
            try:
                os.write(number, b"garbage" * 1000)
            except OSError:
                continue


def orphan(pids: str) -> int:
    """Leave a process behind that belongs to a session of its own, and to no parent."""
    if not (pid := os.fork()):
        os.setsid()
        if not os.fork():
            _tell(pids)
            time.sleep(120)
        os._exit(0)
    os.waitpid(pid, 0)
    while not Path(pids).exists():
        time.sleep(0.01)
    return 1


def leave_a_child(pids: str) -> None:
    """Leave a process behind that was forked from this one, and break this one."""
    if not os.fork():
        _tell(pids)
        time.sleep(120)
    while not Path(pids).exists():
        time.sleep(0.01)
    os._exit(3)


@task(time_limit=0.5)
def overstay(pids: str) -> None:
    """Wait for a program that has a session of its own."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], start_new_session=True)
    _tell(pids, child.pid)
    child.wait()


@task(retries=2)
def fail_twice(path: str) -> int:
    """Fail twice, and wait for a file before the second time."""
    calls = _count(path)
    if calls == 2:
        wait_for_file(0, f"{path}.gate")
    if calls < 3:
        raise ConnectionError("try again")
    return calls


@task(time_limit=0.5, retries=2)
def stumble(path: str, ways: list[str]) -> int:
    """Break in another way at each call, and return in the end how often it was called."""
    calls = _count(path)
    sys.stdout.write(f"call {calls}\n")
    _stumble([*ways, "not"][calls - 1])
    return calls


@task(retries=2)
def stumble_slowly(path: str, ways: list[str]) -> int:
    """The same without a time limit."""
    return stumble(path, ways)


def _stumble(way: str) -> None:
    if way == "hang":
        time.sleep(60)
    elif way == "leave":
        os._exit(1)
    elif way == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif way == "interrupt":
        raise KeyboardInterrupt
    elif way == "raise":
        raise ConnectionError("try again")


def note_and_sleep(path: str, seconds: float) -> int:
    """Return how often it was called, after a while."""
    calls = _count(path)
    time.sleep(seconds)
    return calls


def _count(path: str) -> int:
    with Path(path).open("a") as file:
        file.write("x\n")
    return len(Path(path).read_text().split())
